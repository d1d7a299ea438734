"""Sends endless replies, and lengths up to 2**64 - 1, so that the grader reads or allocates forever.

Holds: lengths are checked against a maximum before anything is allocated; reading has a deadline.
"""

import gc
import itertools
import os
import socket
import struct
import time

turn = itertools.count()
SIZES = [
    (2**64 - 1, 0),
    (16, 2**64 - 1),
    (2**63, 2**63),
    ((32 << 20) + 1, 0),
    (16, (512 << 20) + 1),
    (32 << 20, 0),
]


def flood(*arguments, **keywords):
    header, blobs = SIZES[(os.getpid() + next(turn)) % len(SIZES)]
    end = time.monotonic() + 60
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        found.sendall(struct.pack("<QQ", header, blobs))
        while time.monotonic() < end:
            found.sendall(b"\x91" * 65536)


functions_do(flood)
