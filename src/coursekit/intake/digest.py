"""Digests of submissions: whether one has changed is told by its content, and by nothing that a person can set.

The digest of a single file is the SHA-256 of its bytes, as ``sha256sum`` prints it; that of a folder covers the names
and bytes of everything below it. No link is followed, and no special file is opened. The name of the submission itself
is not part of it, and neither is the time of submission in nbgrader's ``timestamp.txt``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text
from coursekit.intake import timestamp

MAX_ENTRIES = 50_000
MAX_BYTES = 1 << 30
MAX_DEPTH = 40
CHUNK = 1 << 20
MAX_KNOWN_BYTES = 64 << 20
SETTLED_NS = 2_000_000_000
"""A file system's clock can be this coarse: of a younger change, a later one may have the same time."""
LOCAL = frozenset("bcachefs btrfs ext2 ext3 ext4 f2fs jfs overlay tmpfs xfs zfs".split())
"""File systems whose ctime is the kernel's own, and can't be set. Others make it up from a time that can."""

Parts = tuple[str, ...]


def digest_of(path: Path) -> str:
    """The digest of the submission at `path`, a hexadecimal number of 64 digits. Raises nothing.

    What can't be read changes it too. Beyond MAX_BYTES, where the smallest files come first, a file's size and times
    stand for its bytes; beyond MAX_ENTRIES, where the highest folders come first, only their folder's times count.
    """
    return _digest(path, _Tree())


class Digests:
    """Digests of many submissions, remembered in the file `path`, so that only what may have changed is read.

    A digest is remembered for the inodes, sizes and times of all that is below the submission. The times include ctime,
    which the kernel sets at every change of content, name or time. They count only where they are reliable: on LOCAL
    file systems, and once the last change is SETTLED_NS ago.
    """

    def __init__(self, path: Path):
        self._path = path
        self._known = _read_known(path)
        self._used: dict[str, tuple[str, str]] = {}
        self._mounts = list(_mounts())

    def of(self, path: Path) -> str:
        """digest_of(path)."""
        key, tree, now = str(path), _Tree(), time.time_ns()
        with _held(path, tree) as parent:
            tree.walk(path.name, parent)
        state = tree.state()
        if (known := self._known.get(key)) and known[0] == state and state:
            self._used[key] = known
            return known[1]
        found = _digest(path, again := _Tree())
        if state and again.state() == state and tree.newest < now - SETTLED_NS and self._is_local(path):
            self._used[key] = state, found
        return found

    def save(self) -> None:
        """Remember the digests that were asked for. It is no error if that is impossible."""
        if self._used != self._known:
            with contextlib.suppress(CourseError):
                replace_text(self._path, json.dumps({"version": 1, "known": self._used}) + "\n")

    def _is_local(self, path: Path) -> bool:
        try:
            place = os.path.realpath(path.parent)
        except (OSError, ValueError):
            return False
        held = [
            (len(point), number, kind)  # of two in one place, the later one is seen
            for number, (point, kind) in enumerate(self._mounts)
            if Path(place).is_relative_to(point)
        ]
        return max(held, default=(0, 0, ""))[2] in LOCAL


@dataclass(frozen=True)
class _Entry:
    """Something below a submission. parts: its place, empty for the submission itself."""

    parts: Parts
    info: os.stat_result

    @property
    def place(self) -> str:
        return ascii("/".join(self.parts))

    @property
    def is_file(self) -> bool:
        return stat.S_ISREG(self.info.st_mode)

    @property
    def state(self) -> str:
        i = self.info
        return f"{i.st_dev} {i.st_ino} {i.st_mode} {i.st_uid} {i.st_size} {i.st_mtime_ns} {i.st_ctime_ns}"


@dataclass
class _Tree:
    """What a submission consists of: entries, and a line for each place that can't be looked into."""

    entries: list[_Entry] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    whole: bool = True

    @property
    def newest(self) -> int:
        """When anything in it was last changed, in nanoseconds."""
        return max((max(e.info.st_ctime_ns, e.info.st_mtime_ns) for e in self.entries), default=0)

    def state(self) -> str:
        """A digest of the inodes, sizes and times; empty if they say too little."""
        devices = {entry.info.st_dev for entry in self.entries}
        if self.errors or not self.whole or len(devices) != 1:
            return ""
        lines = (f"{entry.place} {entry.state}\n" for entry in self.entries)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def walk(self, name: str, parent: int) -> None:
        """Find what is below `name` in the open folder `parent`: folder by folder, the highest first."""
        try:
            self.entries.append(_Entry((), os.stat(name, dir_fd=parent, follow_symlinks=False)))
        except (OSError, ValueError) as error:
            self.fail((), error)
            return
        waiting = deque(self.entries)
        while waiting:
            entry = waiting.popleft()
            if not stat.S_ISDIR(entry.info.st_mode):
                continue
            if len(entry.parts) >= MAX_DEPTH:
                self.whole = False
                continue
            try:
                with _opened((name, *entry.parts), parent, os.O_RDONLY | os.O_DIRECTORY) as fd:
                    waiting += self._list(fd, entry.parts)
            except (OSError, ValueError) as error:
                self.fail(entry.parts, error)

    def _list(self, fd: int, parts: Parts) -> list[_Entry]:
        most = MAX_ENTRIES - len(self.entries)
        with os.scandir(fd) as found:
            names = sorted(one.name for one in islice(found, most + 1))
        self.whole &= len(names) <= most
        listed = []
        for name in names[:most]:
            try:
                if not parts and name == timestamp.NAME and _is_timestamp(fd):
                    continue
                listed.append(_Entry((*parts, name), os.stat(name, dir_fd=fd, follow_symlinks=False)))
            except OSError as error:
                self.fail((*parts, name), error)
        self.entries += listed
        return listed

    def fail(self, parts: Parts, error: Exception) -> None:
        number = error.errno if isinstance(error, OSError) else type(error).__name__
        self.errors.append(f"{ascii('/'.join(parts))} error {number}\n")


def _digest(path: Path, tree: _Tree) -> str:
    with _held(path, tree) as parent:
        tree.walk(path.name, parent)
        contents = _contents(path.name, parent, tree)
    if not tree.errors and len(tree.entries) == 1 and tree.entries[0].is_file and len(contents[()]) == 64:
        return contents[()]
    total = hashlib.sha256(b"coursekit submission\n")
    for entry in tree.entries:
        total.update(f"{entry.place} {contents.get(entry.parts, '')}\n".encode())
    if not tree.whole:
        folders = (entry for entry in tree.entries if stat.S_ISDIR(entry.info.st_mode))
        total.update("".join(f"{entry.place} {entry.state}\n" for entry in folders).encode())
    total.update("".join(tree.errors).encode())
    return total.hexdigest()


def _contents(name: str, parent: int, tree: _Tree) -> dict[Parts, str]:
    """What each entry holds: a file's digest, a link's target, or what else it is."""
    found, left = {}, MAX_BYTES
    for entry in sorted(tree.entries, key=lambda entry: (entry.info.st_size, entry.parts)):
        mode, parts = entry.info.st_mode, (name, *entry.parts)
        try:
            if stat.S_ISREG(mode):
                found[entry.parts] = _of_file(entry, parts, parent, left) or entry.state
                left -= entry.info.st_size
            elif stat.S_ISLNK(mode):
                with _opened(parts[:-1], parent, os.O_PATH | os.O_DIRECTORY) as fd:
                    found[entry.parts] = f"link {ascii(os.readlink(parts[-1], dir_fd=fd))}"
            else:
                found[entry.parts] = f"kind {stat.S_IFMT(mode):o}"
        except (OSError, ValueError) as error:
            tree.fail(entry.parts, error)
    return found


def _of_file(entry: _Entry, parts: Parts, parent: int, most: int) -> str:
    """The digest of a file's bytes; empty if there are more than `most`, or if they are none of the student's business.

    A second name (a hard link) for another user's file would tell its digest to somebody who may not read it.
    """
    if entry.info.st_size > most:
        return ""
    total = hashlib.sha256()
    with (
        _opened(parts[:-1], parent, os.O_PATH | os.O_DIRECTORY) as folder,
        _opened(parts[-1:], folder, os.O_RDONLY | os.O_NONBLOCK) as fd,
    ):
        info = os.fstat(fd)
        foreign = info.st_nlink > 1 and info.st_uid != os.fstat(folder).st_uid
        if foreign or not stat.S_ISREG(info.st_mode):
            return ""
        while chunk := os.read(fd, CHUNK):
            most -= len(chunk)
            if most < 0:  # it grows meanwhile
                return ""
            total.update(chunk)
    return total.hexdigest()


def _is_timestamp(folder: int) -> bool:
    if not stat.S_ISREG(os.stat(timestamp.NAME, dir_fd=folder, follow_symlinks=False).st_mode):
        return False
    with _opened((timestamp.NAME,), folder, os.O_RDONLY | os.O_NONBLOCK) as fd:
        return timestamp.is_timestamp(os.read(fd, timestamp.MAX_BYTES + 1))


@contextlib.contextmanager
def _held(path: Path, tree: _Tree) -> Iterator[int]:
    """The folder that contains `path`, open; -1 if it can't be, noted in `tree`.

    A link in one of the last two names, the student's folder and the submission, is not followed. The folders above are
    the instructor's choice.
    """
    fd = -1
    try:
        folder = path.absolute().parent
        above = os.open(folder.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            how = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            fd = os.open(folder.name or ".", how, dir_fd=above)
        finally:
            os.close(above)
    except (OSError, ValueError) as error:
        tree.fail((), error)
    try:
        yield fd
    finally:
        if fd >= 0:
            os.close(fd)


@contextlib.contextmanager
def _opened(parts: Parts, folder: int, how: int) -> Iterator[int]:
    """The file or folder at `parts` below the open `folder`, opened without following a link anywhere on the way."""
    fd = os.dup(folder)
    try:
        for number, name in enumerate(parts, 1):
            flags = how if number == len(parts) else os.O_PATH | os.O_DIRECTORY
            inner = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=fd)
            os.close(fd)
            fd = inner
        yield fd
    finally:
        os.close(fd)


def _read_known(path: Path) -> dict[str, tuple[str, str]]:
    """The digests that an earlier run has remembered; none if the file is missing or not one of ours."""
    try:
        if path.stat().st_size > MAX_KNOWN_BYTES:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["version"] != 1:
            return {}
        return {key: (str(state), str(digest)) for key, (state, digest) in found["known"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _mounts() -> Iterator[tuple[str, str]]:
    """Each mounted file system's place and kind."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        before, _, after = line.partition(" - ")
        place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), before.split(" ")[4])
        yield place, after.split(" ")[0]
