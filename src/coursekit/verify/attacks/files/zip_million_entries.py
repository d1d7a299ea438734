"""Zips whose list of files has a million entries, one with the number hidden in zip64 fields.

Holds: the list's size is read from the end of the zip before anything parses the list.
Unsealed: no, otter and nbgrader take a notebook.
"""

import struct

ENTRY = (
    struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
)
COUNT = 1_000_000


def write(folder, notebook, answers):
    listed = ENTRY * COUNT
    plain = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(listed), 0, 0)
    (folder / "million.zip").write_bytes(listed + plain)

    other = folder.parents[1] / "zip-million-entries-zip64" / folder.name
    other.mkdir(parents=True)
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, COUNT, COUNT, len(listed), 0)
    place = struct.pack("<4sLQL", b"PK\6\7", 0, len(listed), 1)
    modest = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(ENTRY), 0, 0)
    (other / "million.zip").write_bytes(listed + end + place + modest)
