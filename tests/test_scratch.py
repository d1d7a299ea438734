"""Scratch folders: what a killed process has left is removed, and nothing else."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest

from coursekit.core import scratch

pytestmark = pytest.mark.quick


@pytest.fixture(autouse=True)
def _own_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_what_a_killed_process_has_left_is_removed(tmp_path):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            made = scratch.scratch_folder()
            folder = Path(made.name)
            (folder / "deep").mkdir()
            (folder / "deep" / "file").write_text("x")
            os.write(writing, b"x")
            signal.pause()
        finally:
            os._exit(1)
    os.close(writing)
    assert os.read(reading, 1) == b"x"
    assert scratch.remove_left() == 0, "it is still running"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert len(list(tmp_path.iterdir())) == 1
    assert scratch.remove_left() == 1
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_in_use_is_removed_when_it_is_closed(tmp_path):
    with scratch.scratch_folder() as folder:
        assert scratch.remove_left() == 0
        assert Path(folder).is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_pid_that_another_process_has_by_now_does_not_keep_it(tmp_path):
    name = Path(scratch.scratch_folder().name).name
    used_before = name.replace(f"-{scratch.started(os.getpid())}-", "-12-")
    (tmp_path / used_before).mkdir()
    assert scratch.remove_left() == 1


def test_nothing_else_is_touched(tmp_path):
    inode = scratch._namespace()
    kept = [
        "coursekit-abc",
        f"coursekit-{inode + 1}-999999-5-abc",
        f"other-{inode}-999999-5-abc",
        "coursekit-1-2-3-",
    ]
    for name in kept:
        (tmp_path / name).mkdir()
    (tmp_path / f"coursekit-{inode}-999999-5-file").write_text("a file")
    (tmp_path / f"coursekit-{inode}-999999-5-link").symlink_to(tmp_path / kept[0])
    assert scratch.remove_left() == 0
    assert len(list(tmp_path.iterdir())) == len(kept) + 2
