"""Digests of hand-ins: content alone decides, and what is remembered is used only where it is certain."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from coursekit.intake import digest
from coursekit.intake.digest import Digests, digest_of

pytestmark = pytest.mark.quick


@pytest.fixture
def hand_in(tmp_path):
    """A folder with a notebook and a module, in a student's folder."""
    folder = tmp_path / "submitted" / "ada" / "hw"
    (folder / "lib").mkdir(parents=True)
    (folder / "hw.ipynb").write_text('{"cells": []}')
    (folder / "lib" / "helper.py").write_text("x = 1\n")
    return folder


@pytest.fixture
def settled(monkeypatch):
    """Changes count as settled at once, on any file system."""
    monkeypatch.setattr(digest, "SETTLED_NS", 0)
    monkeypatch.setattr(Digests, "_is_local", lambda self, path: True)


def read_again(monkeypatch):
    """The submissions that are read from now on."""
    read, real = [], digest._digest

    def counted(path, tree):
        read.append(path.name)
        return real(path, tree)

    monkeypatch.setattr(digest, "_digest", counted)
    return read


def test_the_digest_of_a_file_is_what_sha256sum_prints(hand_in):
    path = hand_in / "hw.ipynb"
    assert digest_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest_of(path) == digest_of(path.rename(path.with_name("other name.ipynb")))


def test_a_touched_or_copied_hand_in_is_the_same_and_each_change_of_content_another(hand_in, tmp_path):
    before = digest_of(hand_in)
    os.utime(hand_in / "hw.ipynb", (1, 1))
    (hand_in / "hw.ipynb").chmod(0o600)
    assert digest_of(hand_in) == before
    copy = tmp_path / "copied"
    (copy / "lib").mkdir(parents=True)
    for name in ("lib/helper.py", "hw.ipynb"):
        (copy / name).write_bytes((hand_in / name).read_bytes())
    assert digest_of(copy) == before

    digests = {before}
    (hand_in / "lib" / "helper.py").write_text("x = 2\n")
    digests.add(digest_of(hand_in))
    (hand_in / "lib" / "helper.py").rename(hand_in / "lib" / "helped.py")
    digests.add(digest_of(hand_in))
    (hand_in / "empty").mkdir()
    digests.add(digest_of(hand_in))
    (hand_in / "lib" / "helped.py").unlink()
    digests.add(digest_of(hand_in))
    (hand_in / "lib" / "helped.py").symlink_to("../hw.ipynb")
    digests.add(digest_of(hand_in))
    assert len(digests) == 6


def test_the_time_of_submission_is_no_part_of_the_work(hand_in, tmp_path):
    before = digest_of(hand_in)
    file = hand_in / "timestamp.txt"
    for text in ("2026-11-20 10:00:00 UTC", "2026-11-21 10:00:00.5 Europe/Berlin\n"):
        file.write_text(text)
        assert digest_of(hand_in) == before
        assert Digests(tmp_path / "memory").of(hand_in) == before
    for text in ("my data", "2026-11-20 10:00:00 UTC; import os", "2026-11-20 10:00:00 UTC" + " " * 200, ""):
        file.write_text(text)
        assert digest_of(hand_in) != before, text
    file.unlink()
    (hand_in / "lib" / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    assert digest_of(hand_in) != before, "it is nbgrader's at the top only"
    (hand_in / "lib" / "timestamp.txt").unlink()
    file.symlink_to("/etc/hostname")
    assert digest_of(hand_in) != before
    file.unlink()
    os.mkfifo(file)
    assert digest_of(hand_in) != before


def test_content_of_the_same_size_and_time_is_told_apart(hand_in):
    path = hand_in / "hw.ipynb"
    before, info = digest_of(hand_in), path.stat()
    path.write_text('{"cells": {}}')
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (info.st_size, info.st_mtime_ns)
    assert digest_of(hand_in) != before


def test_no_name_can_be_mistaken_for_another_arrangement(tmp_path):
    """A line end in a name does not make two entries of one."""
    inner = hashlib.sha256(b"x").hexdigest()
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    (one / "a").write_text("x")
    (one / "b").write_text("x")
    (two / f"a' {inner}\n'b").write_text("x")
    assert digest_of(one) != digest_of(two)


def test_links_are_not_followed_and_special_files_not_opened(hand_in, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a")
    (hand_in / "link").symlink_to(secret)
    os.mkfifo(hand_in / "pipe")
    before = digest_of(hand_in)
    secret.write_text("b")
    assert digest_of(hand_in) == before


def test_what_is_missing_has_a_digest_too(tmp_path):
    missing = tmp_path / "ada" / "hw"
    before = digest_of(missing)
    missing.mkdir(parents=True)
    assert len(before) == 64 and digest_of(missing) != before


def test_beyond_the_limits_sizes_and_times_stand_for_the_bytes(hand_in, monkeypatch):
    monkeypatch.setattr(digest, "MAX_BYTES", 100)
    (hand_in / "big").write_bytes(b"x" * 1000)
    before = digest_of(hand_in)
    assert digest_of(hand_in) == before
    (hand_in / "lib" / "helper.py").write_text("x = 2\n")
    small = digest_of(hand_in)
    assert small != before, "small files are still read"
    (hand_in / "big").write_bytes(b"x" * 1001)
    assert digest_of(hand_in) != small
    monkeypatch.setattr(digest, "MAX_ENTRIES", 5)
    for number in range(20):
        (hand_in / "lib" / str(number)).touch()
    many = digest_of(hand_in)
    (hand_in / "lib" / "one more").touch()
    assert digest_of(hand_in) != many


def test_only_what_may_have_changed_is_read_again(hand_in, tmp_path, settled, monkeypatch):
    known = Digests(tmp_path / ".digests")
    before = known.of(hand_in)
    known.save()
    read = read_again(monkeypatch)
    known = Digests(tmp_path / ".digests")
    assert (known.of(hand_in), read) == (before, [])
    info = (hand_in / "hw.ipynb").stat()
    (hand_in / "hw.ipynb").write_text('{"cells": {}}')
    os.utime(hand_in / "hw.ipynb", ns=(info.st_atime_ns, info.st_mtime_ns))
    assert known.of(hand_in) == digest_of(hand_in) != before


def test_what_has_just_been_changed_is_not_remembered(hand_in, tmp_path, monkeypatch):
    """On a file system with a coarse clock, a later change may have the same time."""
    monkeypatch.setattr(Digests, "_is_local", lambda self, path: True)
    monkeypatch.setattr(digest, "SETTLED_NS", 3_600_000_000_000)
    for _ in range(2):
        known = Digests(tmp_path / ".digests")
        read = read_again(monkeypatch)
        known.of(hand_in)
        assert read == ["hw"]
        known.save()


def test_what_cannot_be_looked_into_is_not_remembered(hand_in, tmp_path, settled, monkeypatch):
    for _ in range(60):
        hand_in /= "d"
    hand_in.mkdir(parents=True)
    top = tmp_path / "submitted" / "ada" / "hw"
    for _ in range(2):
        known = Digests(tmp_path / ".digests")
        read = read_again(monkeypatch)
        known.of(top)
        assert read[-1:] == ["hw"]
        known.save()


def test_a_file_system_that_makes_up_its_times_is_not_relied_on(tmp_path, monkeypatch):
    def on(kind, place):
        monkeypatch.setattr(digest, "_mounts", lambda: iter([("/", "ext4"), (str(place), kind)]))
        return Digests(tmp_path / ".digests")._is_local(tmp_path / "ada" / "hw")

    (tmp_path / "ada").mkdir()
    assert on("ext4", tmp_path) and on("nfs4", tmp_path / "elsewhere")
    assert not on("nfs4", tmp_path) and not on("vfat", tmp_path) and not on("fuse.sshfs", tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"version": 2, "known": {}}', '{"version": 1, "known": {"a": 3}}', "[" * 99_999],
)
def test_a_damaged_memory_is_forgotten(hand_in, tmp_path, settled, text):
    path = tmp_path / ".digests"
    path.write_text(text)
    known = Digests(path)
    assert known.of(hand_in) == digest_of(hand_in)
    known.save()
    assert list(json.loads(path.read_text())["known"]) == [str(hand_in)]


def test_a_memory_that_cannot_be_written_is_no_error(hand_in, tmp_path, settled):
    (tmp_path / ".digests").mkdir()
    known = Digests(tmp_path / ".digests")
    assert known.of(hand_in) == digest_of(hand_in)
    known.save()


def test_a_class_is_looked_through_in_no_time(tmp_path, settled, monkeypatch):
    folders = [tmp_path / f"s{number}" / "hw" for number in range(300)]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "hw.ipynb").write_bytes(os.urandom(1000))
    known = Digests(tmp_path / ".digests")
    assert len({known.of(folder) for folder in folders}) == 300
    known.save()
    read = read_again(monkeypatch)
    known, started = Digests(tmp_path / ".digests"), time.perf_counter()
    for folder in folders:
        known.of(folder)
    assert read == []
    assert time.perf_counter() - started < 3, "10 ms each, on a busy machine"


def test_nothing_is_left_open(hand_in):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        digest_of(hand_in)
        digest_of(hand_in / "missing" / "deep")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_second_name_of_somebody_elses_file_tells_nothing_of_it(hand_in, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a")
    (hand_in / "mine").hardlink_to(secret)
    os.chown(hand_in, 65534, 65534)
    assert digest_of(hand_in / "mine") != hashlib.sha256(b"a").hexdigest()
