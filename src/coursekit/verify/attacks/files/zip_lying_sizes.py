"""Zips that lie: a notebook with a stated size of 10 bytes, one of 4 GB, a damaged body, and a file that is not a zip.

Holds: any error of a decompressor on damaged bytes is an error of the submission.
Unsealed: no, otter and nbgrader take a notebook.
"""

import io
import struct
import zipfile

import nbformat


def write(folder, notebook, answers):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder.name}.ipynb", nbformat.writes(notebook))
    good = made.getvalue()
    local, listed = 0, good.find(b"PK\1\2")
    for name, data in {
        "small": _with(good, {local + 22: 10, listed + 24: 10}),
        "huge": _with(good, {local + 22: 0xFFFFFFF0, listed + 24: 0xFFFFFFF0}),
        "damaged": good[:200] + bytes(100) + good[300:],
        "elsewhere": _with(good, {listed + 42: 0xFFFFFF}),
        "none": b"PK\5\6" + bytes(18),
        "text": b"this is not a zip" * 100,
    }.items():
        other = folder.parents[1] / f"zip-lying-{name}" / folder.name
        other.mkdir(parents=True)
        (other / f"{name}.zip").write_bytes(data)
    (folder / "empty.zip").write_bytes(b"")


def _with(data, changes):
    data = bytearray(data)
    for place, value in changes.items():
        struct.pack_into("<L", data, place, value)
    return bytes(data)
