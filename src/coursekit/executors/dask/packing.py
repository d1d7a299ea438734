"""Hand-ins and built folders as bytes, for another machine: exactly as they are, so that it grades what is here.

What is packed is trusted only as far as a hand-in is: links and special files are made again as such, and the worker's
intake treats them as it does here. Names can't lead out of the folder that they are unpacked in.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgpack

MAX_BYTES = 512 << 20
MAX_ENTRIES = 50_000
FILE, FOLDER, LINK, OTHER = "file", "folder", "link", "other"


class TooLarge(Exception):
    """More than can be sent."""


def pack(paths: Iterable[tuple[str, Path]]) -> bytes:
    """Files and folders, each under a name; what is below a folder goes with it. Raises TooLarge and OSError."""
    entries: list[Any] = []
    left = MAX_BYTES
    for name, path in paths:
        for relative, found, info in _below(os.fsencode(name), path):
            kind, data = _contents(found, info, left)
            left -= len(data)
            if left < 0 or len(entries) >= MAX_ENTRIES:
                raise TooLarge
            entries.append([relative, kind, info.st_mtime_ns, data])
    packed: bytes = msgpack.packb(entries)
    return packed


def _below(name: bytes, path: Path) -> Iterator[tuple[bytes, Path, os.stat_result]]:
    info = path.lstat()
    yield name, path, info
    if stat.S_ISDIR(info.st_mode):
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            yield from _below(name + b"/" + os.fsencode(entry.name), Path(entry.path))


def _contents(path: Path, info: os.stat_result, left: int) -> tuple[str, bytes]:
    if stat.S_ISLNK(info.st_mode):
        return LINK, os.fsencode(path.readlink())
    if stat.S_ISDIR(info.st_mode):
        return FOLDER, b""
    if not stat.S_ISREG(info.st_mode):
        return OTHER, b""
    if info.st_size > left:
        raise TooLarge
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return FILE, file.read(left + 1)


def unpack(data: bytes | bytearray, folder: Path) -> None:
    """Make again below `folder` what was packed. Raises ValueError for what pack() does not make, and OSError."""
    folders: list[tuple[Path, int]] = []
    for name, kind, mtime, content in msgpack.unpackb(data):
        parts = name.split(b"/")
        if {b"", b".", b".."} & set(parts) or b"\0" in name:
            raise ValueError(f"{name!r} is not below the folder")
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.resolve() != folder.resolve() / Path(os.fsdecode(name)).parent:
            raise ValueError(f"{name!r} is below a link")
        if kind == LINK:
            path.symlink_to(os.fsdecode(content))
        elif kind == FOLDER:
            path.mkdir(exist_ok=True)
            folders.append((path, mtime))
        elif kind == FILE:
            with path.open("xb") as file:
                file.write(content)
            os.utime(path, ns=(mtime, mtime))
        else:
            os.mkfifo(path)
    for path, mtime in reversed(folders):
        os.utime(path, ns=(mtime, mtime))


def digest_of(data: bytes | bytearray) -> str:
    return hashlib.sha256(data).hexdigest()
