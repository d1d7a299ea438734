"""A zip whose entries are marked as encrypted: nobody can be asked for the password.

Holds: an encrypted entry is refused.
Unsealed: no, otter and nbgrader take a notebook.
"""

import io
import zipfile

import nbformat


def write(folder, notebook, answers):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{folder.name}.ipynb", nbformat.writes(notebook))
    data = bytearray(made.getvalue())
    for sign, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(sign) + flags] |= 1
    (folder / "encrypted.zip").write_bytes(data)
