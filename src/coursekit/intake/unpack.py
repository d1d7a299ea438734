"""Copy an untrusted submission (a folder, a zip or a single file). What a notebook can need is kept.

What else lies beside it is left out, with a note: environments, links, what is large. The limits bind what is kept.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from coursekit.core.errors import GraderFault, Refused
from coursekit.intake import timestamp
from coursekit.intake.contents import Entry, Folder, Source, Zip
from coursekit.intake.names import is_notebook
from coursekit.intake.opening import folder_of, opened, shown

MAX_BYTES = 64 << 20
"""of all files that are kept, notebooks apart: most of a notebook can be outputs, which are not kept"""
MAX_FILES = 1000
MAX_NOTEBOOK_BYTES = 512 << 20
MAX_NOTEBOOKS = 40
MAX_ZIPS, MAX_ZIPS_WITHIN = 5, 2
"""zips in a folder or zip that are looked into, and how deep"""
NAMES_SHOWN = 5
CHUNK = 1 << 20
OURS = frozenset(
    getattr(errno, name) for name in "EACCES EDQUOT EIO EMFILE ENFILE ENOMEM ENOSPC EPERM".split()
)
"""errors of this machine, not of the submission"""

IsWork = Callable[[str], int]
"""how likely a name is that of a file to grade; 0 for any other file"""


def copy_submission(path: Path, folder: Path, single: str, is_work: IsWork) -> list[str]:
    """Copy the submission at `path` into the empty `folder`; returns notes on what was left out.

    A single file that is not a zip gets the name that it has or, if it is no Python file, the name `single`. Zips
    within are unpacked if they hold a file to grade. Raises Refused, and GraderFault if the failure is this machine's.
    """
    try:
        return _copy(path, folder, single, is_work)
    except Refused:
        raise
    except Exception as error:  # damaged data makes decompressors raise anything
        if isinstance(error, OSError) and error.errno in OURS:
            raise GraderFault(str(error)) from error
        raise Refused(f"{path.name} can't be read: {error}") from None


def _copy(path: Path, folder: Path, single: str, is_work: IsWork) -> list[str]:
    copier = _Copier(folder, is_work)
    with folder_of(path) as parent, opened(path.name, parent, path.name) as fd:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            source = Folder(fd)
            source.entries = [entry for entry in source.entries if not _is_timestamp(source, entry)]
            copier.take(source, PurePosixPath())
            return copier.notes()
        with os.fdopen(fd, "rb", closefd=False) as file:
            if _is_zip(file, path.name):
                copier.take(Zip(file), PurePosixPath())
                return copier.notes()
            name = path.name if path.suffix.lower() == ".py" else single
            info = os.fstat(fd)
            copier.copy(file, Entry(PurePosixPath(name), info.st_size, info.st_mtime, None), path.name)
            if why := copier.left_out.get(path.name):
                raise Refused(f"{shown(path.name)} is {why}")
    return copier.notes()


def _is_timestamp(source: Source, entry: Entry) -> bool:
    """Whether it is nbgrader's file with the time of submission, which is no part of the work."""
    if str(entry.place) != timestamp.NAME or entry.is_folder:
        return False
    with contextlib.suppress(Refused, OSError), source.open(entry) as file:
        return timestamp.is_timestamp(file.read(timestamp.MAX_BYTES + 1))
    return False


class _Copier:
    """Copies entries until the limits are reached; remembers what was left out, and why."""

    def __init__(self, folder: Path, is_work: IsWork) -> None:
        self._folder, self._is_work = folder, is_work
        self._files, self._bytes = MAX_FILES, MAX_BYTES
        self._notebooks, self._notebook_bytes = MAX_NOTEBOOKS, 2 * MAX_NOTEBOOK_BYTES
        self._zips = MAX_ZIPS
        self.left_out: dict[str, str] = {}
        self.unpacked: list[str] = []

    def take(self, source: Source, below: PurePosixPath, depth: int = 0) -> None:
        """Copy what is kept of a source to `below`: first what may be graded, then the highest and smallest files."""
        self.left_out |= {str(below / name): why for name, why in source.left_out.items()}
        for entry in sorted(source.entries, key=self._rank):
            place = below / entry.place
            if entry.is_folder:
                with contextlib.suppress(FileExistsError, NotADirectoryError):
                    (self._folder / place).mkdir(parents=True, exist_ok=True)
                continue
            try:
                with source.open(entry) as file:
                    inner = place.suffix.lower() == ".zip" and depth < MAX_ZIPS_WITHIN
                    if not (inner and self._unpack(file, place, depth)):
                        self.copy(file, Entry(place, entry.size, entry.changed, None), str(place))
            except Refused as refused:
                self.left_out[str(place)] = str(refused)
            except Exception as error:  # see copy_submission()
                if isinstance(error, OSError) and error.errno in OURS:
                    raise
                self.left_out[str(place)] = f"it can't be read ({str(error)[:200]})"

    def _rank(self, entry: Entry) -> tuple[int, bool, int, int, str]:
        """What is graded first, the largest notebook of several; then zips, which may hold it; then the small files."""
        name = entry.place.name
        likely = self._is_work(name)
        size = -entry.size if is_notebook(name) else entry.size
        return -likely, not name.lower().endswith(".zip"), len(entry.place.parts), size, str(entry.place)

    def copy(self, source: IO[bytes], entry: Entry, name: str) -> None:
        """Copy an entry, if that keeps to the limits. name: for the note if it does not."""
        notebook = is_notebook(entry.place.name)
        left = min(MAX_NOTEBOOK_BYTES, self._notebook_bytes) if notebook else self._bytes
        too_large = (
            f"larger than the {(MAX_NOTEBOOK_BYTES if notebook else MAX_BYTES) >> 20} MiB that are kept"
        )
        if entry.size > left:
            self.left_out[name] = too_large
            return
        if (self._notebooks if notebook else self._files) <= 0:
            kind, most = ("notebooks", MAX_NOTEBOOKS) if notebook else ("files", MAX_FILES)
            self.left_out[name] = f"beyond the limit of {most:,} {kind}"
            return
        target = self._folder / entry.place
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            file = target.open("xb")
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            self.left_out[name] = "there is another file or folder of that name"
            return
        copied = 0
        try:
            with file:
                while copied <= left and (chunk := source.read(CHUNK)):
                    copied += len(chunk)
                    file.write(chunk)
        except BaseException:
            target.unlink()
            raise
        if copied > left:
            target.unlink()
            self.left_out[name] = too_large
            return
        if notebook:
            self._notebooks, self._notebook_bytes = self._notebooks - 1, self._notebook_bytes - copied
        else:
            self._files, self._bytes = self._files - 1, self._bytes - copied
        with contextlib.suppress(OSError, OverflowError, ValueError):
            os.utime(target, (entry.changed, entry.changed))

    def _unpack(self, file: IO[bytes], place: PurePosixPath, depth: int) -> bool:
        """Unpack a zip within the submission, if there is a file to grade in it; else it is a file like others."""
        if self._zips <= 0:
            return False
        self._zips -= 1
        with tempfile.TemporaryFile() as apart:
            for chunk in _chunks(file, MAX_NOTEBOOK_BYTES):
                apart.write(chunk)
            apart.flush()
            try:
                inner = Zip(apart)
            except Refused as refused:
                if is_notebook(place.name) or self._is_work(place.name):
                    self.left_out[str(place)] = str(refused)
                file.seek(0)
                return False
            if not any(
                self._is_work(e.place.name) or e.place.suffix.lower() == ".zip" for e in inner.entries
            ):
                file.seek(0)
                return False
            self.unpacked.append(str(place))
            self.take(inner, place.with_name(place.name[: -len(".zip")] or "zip"), depth + 1)
            return True

    def notes(self) -> list[str]:
        """What was unpacked, and a sentence for each reason why something was left out."""
        by_reason: dict[str, list[str]] = {}
        for name, why in self.left_out.items():
            by_reason.setdefault(why, []).append(name)
        unpacked = [f"{_listed(self.unpacked)}, a zip within, was unpacked"] if self.unpacked else []
        return unpacked + [f"left out: {_listed(names)}: {why}" for why, names in by_reason.items()]


def _listed(names: list[str]) -> str:
    named = ", ".join(shown(name) for name in names[:NAMES_SHOWN])
    return f"{named} and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else named


def _chunks(file: IO[bytes], most: int) -> Iterator[bytes]:
    """The file's bytes. Raises Refused if there are more than `most`."""
    while chunk := file.read(CHUNK):
        most -= len(chunk)
        if most < 0:
            raise Refused("a zip that is too large to be unpacked")
        yield chunk


def _is_zip(file: IO[bytes], name: str) -> bool:
    """Whether a single file is a zip by what it holds, whatever its name; or says that it is one."""
    start = file.read(4)
    file.seek(0)
    return start in (b"PK\x03\x04", b"PK\x05\x06") or name.lower().endswith(".zip")
