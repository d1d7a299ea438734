"""A zip of 200 kB whose 900 files share one body of 60 MB zeros: 54 GB when unpacked.

Holds: bytes are counted as they are unpacked, and unpacking stops at the limit.
Unsealed: no, otter and nbgrader take a notebook.
"""

import io
import struct
import zipfile

import nbformat

COPIES, SIZE = 900, 60 << 20


def write(folder, notebook, answers):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder.name}.ipynb", nbformat.writes(notebook))
        archive.writestr("zeros-000", bytes(SIZE))
    data = made.getvalue()
    listed = archive.start_dir
    end = data.rfind(b"PK\5\6")
    zeros = data[data.rfind(b"PK\1\2", 0, end) : end]
    copies = b"".join(zeros.replace(b"zeros-000", b"zeros-%03d" % number) for number in range(1, COPIES))
    size = end - listed + len(copies)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, COPIES + 1, COPIES + 1, size, listed, 0)
    (folder / "bomb.zip").write_bytes(data[:end] + copies + last)
