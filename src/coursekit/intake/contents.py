"""What an untrusted folder or zip holds: a list of its files, before any of them is read."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from coursekit.core.errors import Refused
from coursekit.intake.opening import opened, opened_below, shown

MAX_DEPTH = 20
MAX_SEEN = 20_000
"""files and folders that are looked at; the highest ones first"""
MAX_ARCHIVE_BYTES = 1 << 30
MAX_NAME_BYTES = 255
IGNORED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".ipynb_checkpoints",
        "__MACOSX",
        "__pycache__",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        ".idea",
        ".vscode",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".ipython",
        ".jupyter",
        ".cache",
    }
)
"""names that systems and editors leave behind: nobody misses them, so there is no note"""
ENVIRONMENTS = frozenset(
    {".venv", ".env", "node_modules", "site-packages", "dist-packages", ".conda", ".tox"}
)
_ENVIRONMENT_NAMES = frozenset({"env", "venv", "virtualenv", "conda"})
_ENVIRONMENT_PARTS = frozenset({"bin", "lib", "Scripts", "Lib", "Include", "include", "share"})
_ENVIRONMENT_FILES = frozenset({"pyvenv.cfg", "conda-meta"})
_CHUNK = 1 << 20
_ENTRY = b"PK\x01\x02"


@dataclass(frozen=True)
class Most:
    """How many files and folders are looked at, and how large a zip may be: by default, of one submission."""

    seen: int = field(default_factory=lambda: MAX_SEEN)
    archive_bytes: int = field(default_factory=lambda: MAX_ARCHIVE_BYTES)


@dataclass(frozen=True)
class Entry:
    """A file, or an empty folder.

    place: its path below the submission, as it will be in the copy. size: in bytes. changed: when, in seconds since
    1970; 0 if that is not known. key: what its source knows it by.
    """

    place: PurePosixPath
    size: int
    changed: float
    key: object
    is_folder: bool = False


@dataclass
class Source(ABC):
    """A place with files in it. left_out: the names that are not in `entries`, with the reason."""

    entries: list[Entry] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @abstractmethod
    def open(self, entry: Entry) -> contextlib.AbstractContextManager[IO[bytes]]:
        """An entry's bytes. Raises Refused, OSError, and whatever a decompressor raises for damaged data."""


class Folder(Source):
    """An open folder. Links and special files in it are left out, never followed."""

    def __init__(self, fd: int, most: Most | None = None) -> None:
        super().__init__()
        self._fd, self._seen, self._most = fd, 0, most or Most()
        self._walk(fd, PurePosixPath())

    def _walk(self, fd: int, place: PurePosixPath) -> None:
        with os.scandir(fd) as found:
            names = sorted(entry.name for entry in found)
        names = [name for name in names if not _is_ignored(name)]
        folders = []
        for name in names:
            self._seen += 1
            if self._seen > self._most.seen:
                self.left_out[str(place)] = f"there are more than {self._most.seen:,} files and folders"
                return
            inner = place / name
            info = os.stat(name, dir_fd=fd, follow_symlinks=False)
            if stat.S_ISDIR(info.st_mode):
                folders.append(inner)
            elif stat.S_ISLNK(info.st_mode):
                self.left_out[str(inner)] = "a link, and links are not followed"
            elif not stat.S_ISREG(info.st_mode):
                self.left_out[str(inner)] = "not a plain file"
            else:
                self.entries.append(Entry(_readable(inner), info.st_size, info.st_mtime, inner))
        for inner in folders:
            if is_environment(inner.name):
                self.left_out[str(inner)] = "an environment"
            elif len(inner.parts) > MAX_DEPTH:
                self.left_out[str(inner)] = f"more than {MAX_DEPTH} levels deep"
            else:
                self._enter(inner, fd)
            if self._seen > self._most.seen:
                return

    def _enter(self, inner: PurePosixPath, fd: int) -> None:
        try:
            with opened(inner.name, fd, shown(str(inner)), os.O_RDONLY | os.O_DIRECTORY) as opened_fd:
                with os.scandir(opened_fd) as found:
                    names = {entry.name for entry in found}
                if is_environment(inner.name, names):
                    self.left_out[str(inner)] = "an environment"
                    return
                if not names:
                    self.entries.append(Entry(_readable(inner), 0, 0, inner, is_folder=True))
                self._walk(opened_fd, inner)
        except Refused as refused:
            self.left_out[str(inner)] = str(refused)
        except (FileNotFoundError, NotADirectoryError):
            self.left_out[str(inner)] = "it was changed while it was read"

    @contextlib.contextmanager
    def open(self, entry: Entry) -> Iterator[IO[bytes]]:
        assert isinstance(entry.key, PurePosixPath)
        with opened_below(entry.key, self._fd) as fd, os.fdopen(fd, "rb", closefd=False) as file:
            yield file


class Zip(Source):
    """An open zip. Raises Refused if it is damaged, and for a name that leaves the folder it is unpacked into."""

    def __init__(self, file: IO[bytes], most: Most | None = None) -> None:
        super().__init__()
        _check_list(file, most or Most())
        try:
            self._archive = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise Refused(f"the zip is damaged ({error}): make a new zip") from None
        environments: set[PurePosixPath] = set()
        by_place: dict[PurePosixPath, Entry] = {}
        for info in self._archive.infolist():
            place = _place_of(info)
            if any(map(_is_ignored, place.parts)) or not place.parts:
                continue
            if parts := _environment_above(place):
                environments.add(parts)
                continue
            self._add(info, place, by_place)
        for marker in [place for place in by_place if place.name in _ENVIRONMENT_FILES]:
            environments.add(marker.parent)
        for place in environments - {PurePosixPath()}:
            self.left_out[str(place)] = "an environment"
        self.entries = [
            entry
            for place, entry in by_place.items()
            if not any(above in environments for above in list(place.parents)[:-1])
        ]

    def _add(self, info: zipfile.ZipInfo, place: PurePosixPath, by_place: dict[PurePosixPath, Entry]) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        is_folder = info.is_dir() or info.filename.endswith("\\") or kind == stat.S_IFDIR
        if len(place.parts) > MAX_DEPTH or any(
            len(os.fsencode(part)) > MAX_NAME_BYTES for part in place.parts
        ):
            self.left_out[str(place)[:200]] = "a name that is too long"
        elif kind == stat.S_IFLNK:
            self.left_out[str(place)] = "a link, and links are not followed"
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            self.left_out[str(place)] = "not a plain file"
        elif info.flag_bits & 1:
            self.left_out[str(place)] = "encrypted: make a zip without a password"
        else:
            if place in by_place and not is_folder:
                self.left_out[f"{place} (the first of two)"] = (
                    "it is in the zip twice, and the later one was used"
                )
            by_place[place] = Entry(place, info.file_size, _time_of(info), info, is_folder)

    @contextlib.contextmanager
    def open(self, entry: Entry) -> Iterator[IO[bytes]]:
        assert isinstance(entry.key, zipfile.ZipInfo)
        with self._archive.open(entry.key) as file:
            yield file


def is_environment(name: str, inside: frozenset[str] | set[str] = frozenset()) -> bool:
    """Whether a folder is a Python or Node environment. inside: the names in it, if they are known."""
    if name in ENVIRONMENTS or inside & _ENVIRONMENT_FILES:
        return True
    return name.lower() in _ENVIRONMENT_NAMES and bool(inside & _ENVIRONMENT_PARTS)


def _environment_above(place: PurePosixPath) -> PurePosixPath | None:
    """The environment that a zip's entry lies in, as far as its own path tells."""
    for count, part in enumerate(place.parts[:-1], start=1):
        if is_environment(part, {place.parts[count]}):
            return PurePosixPath(*place.parts[:count])
    return None


def _is_ignored(name: str) -> bool:
    return name in IGNORED or name.startswith("._")


def _readable(place: PurePosixPath) -> PurePosixPath:
    """The path with names that are not UTF-8 read as Windows' Western encoding: every name can be sent and shown."""
    text = str(place)
    if text.isascii():
        return place
    try:
        text.encode()
        return place
    except UnicodeEncodeError:
        return PurePosixPath(os.fsencode(text).decode("cp1252", errors="replace"))


def _check_list(file: IO[bytes], most: Most) -> None:
    """Refuse a zip whose list of files alone would fill the memory, before anything parses it."""
    size = os.fstat(file.fileno()).st_size
    if size > most.archive_bytes:
        raise Refused(f"the zip is larger than {most.archive_bytes >> 30} GiB: leave out what is not needed")
    # Every entry starts with these bytes, wherever the list is. This also counts ignored files and zips in the zip.
    count, has_end, before = 0, False, b""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        window = before + chunk
        count += window.count(_ENTRY)
        has_end = has_end or b"PK\x05\x06" in window
        before = window[-3:]
    file.seek(0)
    if not has_end:
        raise Refused("the zip is damaged: its list of files is missing; make a new zip")
    if count > most.seen:
        raise Refused(f"there are more than {most.seen:,} files in the zip: leave out what is not needed")


def _place_of(info: zipfile.ZipInfo) -> PurePosixPath:
    """Where a zip's entry belongs, with Windows' separators understood. Raises Refused for a place outside."""
    name = info.orig_filename.partition("\0")[0]
    if not info.flag_bits & 0x800 and not name.isascii():
        with contextlib.suppress(UnicodeError):  # UTF-8 that does not say so
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:/", name):
        raise Refused(f"{shown(info.orig_filename)} in the zip would be written outside its folder")
    return path


def _time_of(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
