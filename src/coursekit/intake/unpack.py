"""Copy an untrusted submission (a notebook, a Python file, a folder or a zip) and check every part of it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from coursekit.core.errors import GraderFault, Refused

MAX_BYTES = 64 << 20
MAX_FILES = 1000
MAX_DEPTH = 20
IGNORED = frozenset(
    {".git", ".ipynb_checkpoints", "__MACOSX", "__pycache__", ".DS_Store", ".venv", "Thumbs.db"}
)
CHUNK = 1 << 20
OURS = frozenset(
    getattr(errno, name) for name in "EACCES EDQUOT EIO EMFILE ENFILE ENOMEM ENOSPC EPERM".split()
)
"""errors of this machine, not of the submission"""
LINK = "a link: submit the file or folder itself"


def copy_submission(
    path: Path, folder: Path, notebook: str, python_files: Callable[[str], str] | None
) -> None:
    """Copy the submission at `path` into the empty `folder`.

    A single notebook is named `notebook` there. For a single Python file, `python_files` gives the new name for its own
    name; None refuses Python files. Raises Refused, and GraderFault if the failure is this machine's.
    """
    try:
        _copy(path, folder, notebook, python_files)
    except Refused:
        raise
    except Exception as error:  # damaged data makes decompressors raise anything
        if isinstance(error, OSError) and error.errno in OURS:
            raise GraderFault(str(error)) from error
        raise Refused(f"{path.name} can't be read: {error}") from None


def _copy(path: Path, folder: Path, notebook: str, python_files: Callable[[str], str] | None) -> None:
    with _folder_of(path) as parent, _opened(path.name, parent, path.name) as fd:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            _copy_folder(fd, folder, PurePosixPath(), _Budget())
            return
        kind = path.suffix.lower()
        with os.fdopen(fd, "rb", closefd=False) as file:
            if kind == ".zip":
                _unpack(file, folder)
            elif kind == ".ipynb":
                _Budget().copy(file, folder / notebook, path.name)
            elif kind == ".py" and python_files:
                _Budget().copy(file, folder / python_files(path.name), path.name)
            else:
                python = ", a Python file (.py)" if python_files else ""
                raise Refused(f"{path.name} is not a notebook (.ipynb){python}, a folder or a zip")


@contextlib.contextmanager
def _folder_of(path: Path) -> Iterator[int]:
    """The folder that contains `path`, held open.

    The last two names of `path` are a student's folder and the submission: if one of them is a link, it is not
    followed. The folders above are the instructor's choice, and may be links to another disk.
    """
    parent = path.absolute().parent
    above = os.open(parent.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with _opened(parent.name or ".", above, shown(parent.name), os.O_PATH | os.O_DIRECTORY) as fd:
            yield fd
    finally:
        os.close(above)


@contextlib.contextmanager
def _opened(name: str, folder: int, shown: str, how: int = os.O_RDONLY | os.O_NONBLOCK) -> Iterator[int]:
    """The plain file or folder of that name in the open `folder`, opened so that it can't be swapped for another.

    Raises Refused for a link and for anything else. `shown` is its name in messages.

    A file with several names (hard links) is refused if its owner is not the folder's owner: the student may want
    the grader to read a file that they can't read themselves. Otherwise it is as harmless as a copy, and backups and
    storage without duplicates turn honest work into such files.
    """
    _check_kind(
        os.stat(name, dir_fd=folder, follow_symlinks=False), shown
    )  # before opening: opening a device can have effects
    try:
        fd = os.open(name, how | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refused(f"{shown} is {LINK}") from None
        raise
    try:
        info = os.fstat(fd)
        _check_kind(info, shown)
        if stat.S_ISREG(info.st_mode) and info.st_nlink > 1 and info.st_uid != os.fstat(folder).st_uid:
            raise Refused(f"{shown} is a link to a file of somebody else's: submit a copy")
        yield fd
    finally:
        os.close(fd)


def _check_kind(info: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(info.st_mode) and not stat.S_ISDIR(info.st_mode):
        what = LINK if stat.S_ISLNK(info.st_mode) else "not a plain file or folder"
        raise Refused(f"{shown} is {what}")


class _Budget:
    """How many files and bytes are left of the limits."""

    def __init__(self) -> None:
        self.files, self.bytes = MAX_FILES, MAX_BYTES

    def copy(self, source: IO[bytes], target: Path, name: str) -> None:
        self.files -= 1
        if self.files < 0:
            raise Refused(f"there are more than {MAX_FILES:,} files")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            while chunk := source.read(CHUNK):
                self.bytes -= len(chunk)
                if self.bytes < 0:
                    raise Refused(f"it is larger than {MAX_BYTES >> 20} MiB (at {shown(name)})")
                file.write(chunk)


def _copy_folder(fd: int, folder: Path, relative: PurePosixPath, budget: _Budget) -> None:
    """Copy the content of the open folder `fd` to `relative` in `folder`."""
    if len(relative.parts) > MAX_DEPTH:
        raise Refused(f"folders are nested more than {MAX_DEPTH} levels deep")
    with os.scandir(fd) as entries:
        names = sorted(entry.name for entry in entries)
    for count, name in enumerate(names):
        if name in IGNORED:
            continue
        if count > MAX_FILES:
            raise Refused(f"there are more than {MAX_FILES:,} files")
        place = relative / name
        with _opened(name, fd, shown(str(place))) as inner:
            if stat.S_ISDIR(os.fstat(inner).st_mode):
                _copy_folder(inner, folder, place, budget)
            else:
                with os.fdopen(inner, "rb", closefd=False) as file:
                    budget.copy(file, folder / place, str(place))


def _unpack(raw: IO[bytes], folder: Path) -> None:
    if os.fstat(raw.fileno()).st_size > MAX_BYTES:
        raise Refused(f"the zip is larger than {MAX_BYTES >> 20} MiB")
    _check_directory_size(raw)
    with zipfile.ZipFile(raw) as archive:
        entries = [
            entry for entry in archive.infolist() if not IGNORED & set(PurePosixPath(entry.filename).parts)
        ]
        for entry in entries:
            _check_entry(entry)
        if len(entries) > MAX_FILES:
            raise Refused(f"there are more than {MAX_FILES:,} files in the zip")
        names = [PurePosixPath(entry.filename) for entry in entries]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise Refused(f"{shown(str(twice))} is in the zip twice: make a new zip")
        budget = _Budget()
        for entry, name in zip(entries, names, strict=True):
            if not entry.is_dir():
                with archive.open(entry) as file:
                    budget.copy(file, folder / name, entry.filename)


def _check_directory_size(raw: IO[bytes]) -> None:
    """Refuse a zip whose list of files alone would fill the memory, before anything parses it."""
    data = raw.read()
    raw.seek(0)
    if b"PK\x05\x06" not in data:
        raise Refused("the zip is damaged: its list of files is missing; make a new zip")
    # Every entry starts with these bytes, wherever the list is. This also counts ignored files and zips in the zip.
    if data.count(b"PK\x01\x02") > 20 * MAX_FILES:
        raise Refused(f"there are more than {MAX_FILES:,} files in the zip")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = shown(entry.filename)
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
        raise Refused(f"{name} in the zip would be written outside its folder")
    if not path.parts or len(path.parts) > MAX_DEPTH or len(entry.filename) > 1000:
        raise Refused(f"{name} in the zip has a name that can't be used: rename it")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(f"{name} in the zip is {LINK if kind == stat.S_IFLNK else 'not a plain file'}")
    if entry.flag_bits & 1:
        raise Refused(f"{name} in the zip is encrypted: make a zip without a password")
    if entry.file_size > MAX_BYTES:
        raise Refused(f"{name} in the zip is larger than {MAX_BYTES >> 20} MiB")


def shown(name: str) -> str:
    """A name that a student chose, safe to show in a message."""
    return ascii(name[:120])
