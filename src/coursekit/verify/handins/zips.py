"""Zips as other programs than ours make them."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

Names = Mapping[str, bytes | str]


def zipped(
    path: Path, entries: Names, *, folders: tuple[str, ...] = (), links: Mapping[str, str] | None = None
) -> Path:
    """Write a zip with exactly these names, whatever they are. folders: entries for folders; links: symbolic ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in folders:
            archive.writestr(_entry(name, stat.S_IFDIR | 0o755), b"")
        for name, data in entries.items():
            archive.writestr(_entry(name, stat.S_IFREG | 0o644), data)
        for name, target in (links or {}).items():
            archive.writestr(_entry(name, stat.S_IFLNK | 0o777), target)
    return path


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("replaced below, since ZipInfo() cleans names")
    entry.filename, entry.external_attr = name, mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def with_raw_names(path: Path, names: Mapping[str, bytes]) -> Path:
    """Put raw bytes, in any encoding, in place of plain names of the same length in a zip."""
    data = path.read_bytes()
    for plain, raw in names.items():
        if len(plain) != len(raw) or plain.encode() not in data:
            raise ValueError(f"{plain!r} can't be replaced by {raw!r} in the zip")
        data = data.replace(plain.encode(), raw)
    path.write_bytes(data)
    return path
