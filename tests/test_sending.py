"""A sandbox is started before a submission is known; the submission's files cross its control socket."""

from __future__ import annotations

import contextlib
import os
import time

import pytest

from coursekit.core.clock import START_SECONDS
from coursekit.core.errors import GraderFault
from coursekit.core.limits import Limits
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox import sending
from coursekit.sandbox.inside import wire
from coursekit.sandbox.loading import LoadedNotebook, Notebook
from coursekit.sandbox.sending import Part, batches, parts_of

LOOK = """
import hashlib, os
found = {}
for folder, folders, files in os.walk(b"."):
    for name in folders + files:
        path = os.path.join(folder, name)
        data = open(path, "rb").read() if name in files else b""
        mode = oct(os.stat(path).st_mode & 0o777)
        found[path[2:]] = (name in folders, mode, len(data), hashlib.sha256(data).hexdigest())
names = sorted(os.fsdecode(path) for path in found)
large = found.get(b"large")
"""
ODD = ["-rf", "a b", "a\nb", "...", ".hidden", "ü", "\udcff", "~", "a\\b", "x" * 255]


@pytest.fixture(params=["bubblewrap", "landlock", "none"])
def kind(request):
    name = request.param
    if name in sandbox.sealed() and not sandbox.check(name).works:
        pytest.skip(f"{name} does not work here: {sandbox.check(name).missing}")
    return name


def deadline():
    return time.monotonic() + START_SECONDS


def look(kind, folder, *names, process=None):
    notebook = Notebook([(1, LOOK)], folder)
    with LoadedNotebook(kind, Limits(), notebook, None, process) as student, student.case(30) as case:
        assert student.load.raised == {}
        return [case.request("get", name) for name in names]


def test_a_sandbox_waits_for_a_submission(kind, tmp_path):
    process = sandbox.named(kind).start(Limits(), None)
    process.wait_until_ready(deadline())
    time.sleep(0.1)  # its folder has a date by then, which a module's finder would remember
    (tmp_path / "mine.py").write_text("x = 5")
    notebook = Notebook([(1, "from mine import x")], tmp_path)
    with LoadedNotebook(kind, Limits(), notebook, None, process) as student, student.case(20) as case:
        assert case.request("get", "x") == 5
    assert process.popen.poll() is not None


def test_one_that_ended_while_it_waited_is_replaced(kind, tmp_path):
    process = sandbox.named(kind).start(Limits(), None)
    process.wait_until_ready(deadline())
    process.popen.kill()
    with contextlib.suppress(ConnectionResetError):
        assert process.control.recv(1) == b""  # all of it has ended
    (tmp_path / "file").write_text("x")
    assert look(kind, tmp_path, "names", process=process) == [["file"]]


def test_one_that_was_started_in_advance_ends_with_the_notebook_that_never_used_it(kind):
    process = sandbox.named(kind).start(Limits(), None)
    LoadedNotebook(kind, Limits(), Notebook([]), None, process).__exit__(None, None, None)
    assert process.popen.poll() is not None


def test_ending_one_sandbox_leaves_another_alone(kind):
    first, second = (sandbox.named(kind).start(Limits(), None) for _ in range(2))
    for process in (first, second):
        process.wait_until_ready(deadline())
    first.kill()
    assert second.popen.poll() is None
    with LoadedNotebook(kind, Limits(), Notebook([(1, "a = 1")]), None, second) as student:
        assert "a" in student.load.names


def test_files_arrive_as_they_are_and_anyone_may_change_them(kind, tmp_path):
    for name in ODD:
        (tmp_path / name).write_text(name, errors="surrogateescape")
    (tmp_path / "empty" / "deep").mkdir(parents=True)
    (tmp_path / "nothing").touch()
    (tmp_path / "read-only").write_text("x")
    (tmp_path / "read-only").chmod(0o400)
    [names, found] = look(kind, tmp_path, "names", "found")
    assert names == sorted([*ODD, "empty", "empty/deep", "nothing", "read-only"])
    assert {mode for _, mode, _, _ in found.values()} == {"0o777"}
    assert {os.fsdecode(path) for path, (is_folder, *_) in found.items() if is_folder} == {
        "empty",
        "empty/deep",
    }
    assert all(found[os.fsencode(name)][2] == len(os.fsencode(name)) for name in ODD)


def test_a_file_of_60_mib_crosses_in_parts(kind, tmp_path):
    import hashlib

    data = os.urandom(60 << 20)
    (tmp_path / "large").write_bytes(data)
    [found] = look(kind, tmp_path, "large")
    assert found[2:] == (len(data), hashlib.sha256(data).hexdigest())


def test_a_restarted_notebook_has_its_files_again(kind, tmp_path):
    (tmp_path / "mine.py").write_text("x = 5")
    cell = "import os, threading\nfrom mine import x\nos.remove('mine.py')\nthreading.Timer(0.5, os._exit, [0]).start()"
    with LoadedNotebook(kind, Limits(), Notebook([(1, cell)], tmp_path), None) as student:
        time.sleep(1)
        with student.case(20) as case:
            assert case.request("get", "x") == 5
        assert student.load.raised == {}


OUTSIDE = ["../x", "/x", "work/../../x", "", ".", "work//x", "work/./x", "work/..", "work/x\0"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_names_outside_the_home_folder_are_refused(name):
    with pytest.raises(ValueError, match="is not below the home folder"):
        Part(name, b"")


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_sandbox_refuses_them_too(name):
    process = sandbox.named("none").start(Limits(), None)
    try:
        process.wait_until_ready(deadline())
        message = {"op": "files", "entries": [[name, 0, 1]]}
        wire.send(process.control, message, [memoryview(b"x")], deadline=deadline())
        with pytest.raises((EOFError, OSError)):
            process.receive(deadline(), "ready")
        process.output.close()
        assert "is not below the home folder" in process.output.since(0)
    finally:
        process.kill()


def test_what_is_neither_a_file_nor_a_folder_is_not_sent(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "link").symlink_to(secret)
    with pytest.raises(GraderFault, match="link' is neither a file nor a folder"):
        list(parts_of(folder))
    (folder / "link").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(GraderFault, match="pipe' is neither"):
        list(parts_of(folder))
    with pytest.raises(GraderFault, match="can't be read"):
        list(parts_of(tmp_path / "gone"))


def test_messages_are_small(monkeypatch, tmp_path):
    monkeypatch.setattr(sending, "PART_BYTES", 100)
    for number in range(50):
        (tmp_path / str(number)).write_bytes(bytes(number * 10))
    groups = list(batches(parts_of(tmp_path)))
    assert all(sum(len(part.data) for part in group) < 200 for group in groups)
    assert sum(len(part.data) for group in groups for part in group) == sum(
        number * 10 for number in range(50)
    )
