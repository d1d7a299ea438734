"""Files on their way into a sandbox. They are sent in parts over its control socket: neither side holds a large file.

A sandbox is started before a submission is known, so the submission can't be mounted. The server inside writes what it
receives below its home folder, as the student's user.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.core.errors import GraderFault

PART_BYTES = 4 << 20
MAX_ENTRIES = 1000  # of one message

WORK = "work"
"""the folder, in the home folder, that holds a submission's files and where its code runs"""


@dataclass(frozen=True)
class Part:
    """A piece of a file, or a folder.

    name: its path below the home folder. data: the bytes from `offset` on; None for a folder.
    """

    name: str
    data: bytes | None
    offset: int = 0

    def __post_init__(self) -> None:
        parts = self.name.split("/")
        if {"", ".", ".."} & set(parts) or "\0" in self.name:
            raise ValueError(f"{self.name!r} is not below the home folder")


def parts_of(folder: Path, name: str = WORK) -> Iterator[Part]:
    """The content of `folder`, empty folders included, as it will be in the folder `name`.

    Raises GraderFault for anything but files and folders, and if one can't be read. Links are not followed.
    """
    try:
        yield from _parts_of(folder, name)
    except OSError as error:
        raise GraderFault(f"{ascii(str(folder))} can't be read ({error})") from error


def _parts_of(folder: Path, name: str) -> Iterator[Part]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        inside = f"{name}/{entry.name}"
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            yield Part(inside, None)
            yield from _parts_of(Path(entry.path), inside)
        elif stat.S_ISREG(mode):
            yield from _file_parts(Path(entry.path), inside)
        else:
            raise GraderFault(f"{ascii(entry.path)} is neither a file nor a folder")


def _file_parts(path: Path, name: str) -> Iterator[Part]:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        offset = 0
        while data := file.read(PART_BYTES):
            yield Part(name, data, offset)
            offset += len(data)
        if not offset:
            yield Part(name, b"")


def batches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The parts in groups, each for one message: a group's data is less than 2 * PART_BYTES."""
    batch: list[Part] = []
    size = 0
    for part in parts:
        batch.append(part)
        size += len(part.data or b"")
        if size >= PART_BYTES or len(batch) >= MAX_ENTRIES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@functools.cache
def font_lists() -> tuple[Part, ...]:
    """matplotlib's list of this machine's fonts, which would take a second to make in every sandbox.

    Empty where a course does without matplotlib, or the list can't be read.
    """
    try:
        found = _found_font_lists()
        return tuple(part for path in found for part in _file_parts(path, f".matplotlib/{path.name}"))
    except (ImportError, OSError):
        return ()


def _found_font_lists() -> list[Path]:
    """Its files. matplotlib makes one where there is none, or only one that is older than matplotlib itself."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or not spec.origin:
        return []
    installed = Path(spec.origin).stat().st_mtime
    if found := _newer(_usual_cache(), installed):
        return found  # to import it takes half a second
    import matplotlib

    if not _newer(Path(matplotlib.get_cachedir()), installed):
        importlib.import_module("matplotlib.font_manager")
    return sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


def _usual_cache() -> Path:
    """Where matplotlib keeps its list, unless it can't be written."""
    if folder := os.environ.get("MPLCONFIGDIR"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "matplotlib"  # noqa: PTH111


def _newer(folder: Path, time: float) -> list[Path]:
    """All lists in a folder, if one of them is newer than that."""
    found = sorted(folder.glob("fontlist-*.json"))
    return found if any(path.stat().st_mtime > time for path in found) else []
