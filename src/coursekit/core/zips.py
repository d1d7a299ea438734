"""Zips that have the same bytes whenever they hold the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container, Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""the earliest time that a zip can hold"""


def packed(files: Mapping[str, bytes], executable: Container[str] = ()) -> bytes:
    """A zip of files, by path: sorted, with fixed times and permissions, and not compressed.

    Two versions of zlib may write different bytes.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, so that the permissions count
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            new.writestr(entry, files[name])
    return out.getvalue()
