"""A download, a zip or a folder, opened as something that an enemy has made: a list of files, none of them read yet.

What is in a student's own zip is no business of this: it is a file like others, which grading opens.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from coursekit.core.errors import CourseError, Refused
from coursekit.core.text import one_line
from coursekit.intake.contents import Entry, Folder, Most, Source, Zip

MOST = Most(seen=200_000, archive_bytes=32 << 30)
"""of a whole class"""
MAX_INNER_BYTES = 4 << 30
"""of a zip in a zip that is unpacked for being the download itself"""
CHUNK = 1 << 20


@dataclass(frozen=True)
class File:
    """A file in a download. place: where it is, from the download's top. size: in bytes, as the download says."""

    place: PurePosixPath
    size: int
    entry: Entry

    @property
    def top(self) -> str:
        """The folder at the download's top that it is in; its own name if it is in none."""
        return self.place.parts[0]

    @property
    def below(self) -> PurePosixPath:
        """Its place in that folder."""
        return PurePosixPath(*self.place.parts[1:]) if len(self.place.parts) > 1 else self.place


@dataclass(frozen=True)
class Download:
    """What a teacher has downloaded, or a folder in it.

    name: the file's or the folder's. path: the folder on this machine; None in a zip. left_out:
    what is not in `files`, with the reason.
    """

    name: str
    source: Source
    files: tuple[File, ...]
    path: Path | None
    left_out: dict[str, str]

    @contextlib.contextmanager
    def open(self, file: File) -> Iterator[IO[bytes]]:
        """A file's bytes. Raises Refused, OSError, and whatever a decompressor raises for damaged data."""
        with self.source.open(file.entry) as opened:
            yield opened

    def read(self, file: File, most: int) -> bytes:
        """A file's bytes. Raises Refused if there are more than `most`, or if it can't be read."""
        try:
            with self.open(file) as opened:
                data = opened.read(most + 1)
        except Refused:
            raise
        except Exception as error:  # damaged data makes decompressors raise anything
            raise Refused(f"it can't be read ({one_line(str(error))})") from None
        if len(data) > most:
            raise Refused(f"it is larger than {most >> 10:,} KiB")
        return data

    def find(self, place: str) -> File | None:
        """The file at that place."""
        return next((file for file in self.files if str(file.place) == place), None)

    def folders(self) -> dict[str, list[File]]:
        """The files of each folder at the top, by its name."""
        found: dict[str, list[File]] = {}
        for file in self.files:
            if len(file.place.parts) > 1:
                found.setdefault(file.top, []).append(file)
        return found

    def within(self) -> Download | None:
        """The only folder of this one, if there is nothing else in it."""
        if len({file.top for file in self.files}) != 1 or len(self.files[0].place.parts) == 1:
            return None
        top = self.files[0].top
        files = tuple(replace(file, place=file.below) for file in self.files)
        return replace(self, name=top, files=files, path=self.path / top if self.path else None)


def shown(place: object) -> str:
    """A name in a download, safe to print."""
    return one_line(str(place), 120)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Download]:
    """Open the zip or folder at `path`. Raises CourseError if it is neither, or if it is damaged or hostile."""
    with contextlib.ExitStack() as stack:
        try:
            place = path.resolve(strict=True)
            if place.is_dir():
                fd = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                stack.callback(os.close, fd)
                found = _download(place.name, Folder(fd, MOST), place)
            else:
                file = stack.enter_context(place.open("rb"))
                if file.read(2) != b"PK":
                    raise Refused(_no_zip(path.name))
                found = _download(path.name, Zip(file, MOST), None)
        except Refused as refused:
            raise CourseError(f"{path} can't be collected: {refused}.") from None
        except FileNotFoundError:
            raise CourseError(f"{path} does not exist.") from None
        except Exception as error:  # as in Download.read()
            raise CourseError(f"{path} can't be read: {one_line(str(error))}.") from None
        yield found


def _no_zip(name: str) -> str:
    """What to do about a file that is no zip."""
    said = "it is neither a zip nor a folder"
    if name.lower().endswith(".zip"):  # a page to log in on, or the beginning of a download
        return f"{said}, though it is called .zip: download it again, and look whether you are signed in"
    return f"{said}; another archive has to be unpacked, and a single file goes into a folder"


@contextlib.contextmanager
def inner(download: Download) -> Iterator[Download | None]:
    """The zip that is the only file in a download, opened; None if there is none, or if it can't be."""
    with contextlib.ExitStack() as stack:
        [file] = download.files if len(download.files) == 1 else [None]
        if file is None or file.place.suffix.lower() != ".zip" or file.size > MAX_INNER_BYTES:
            yield None
            return
        apart = stack.enter_context(tempfile.TemporaryFile())
        try:
            with download.open(file) as packed:
                left = MAX_INNER_BYTES
                while chunk := packed.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise Refused("it is too large")
                    apart.write(chunk)
            apart.flush()
            found = _download(file.place.name, Zip(apart, MOST), None)
        except Exception:  # a student's damaged zip, which grading will say
            yield None
            return
        yield found


def _download(name: str, source: Source, path: Path | None) -> Download:
    files = [File(entry.place, entry.size, entry) for entry in source.entries if not entry.is_folder]
    filled = {above for file in files for above in file.place.parents}
    empty = [one.place for one in source.entries if one.is_folder and one.place not in filled]
    left_out = source.left_out | {f"{place}/": "an empty folder" for place in empty if len(place.parts) < 3}
    return Download(name, source, tuple(sorted(files, key=lambda file: file.place)), path, left_out)


def total(files: Sequence[File]) -> int:
    """The size of all of them, in bytes."""
    return sum(file.size for file in files)
