"""Sends headers of the maximum size: 32 million empty lists, empty dicts, zero sizes, or one nested 30 million deep.

Holds: headers have a maximum size and are decoded in a process with a memory limit.
"""

import gc
import itertools
import os
import socket
import struct

turn = itertools.count()
MANY = (32 << 20) - 64


def array(count, item):
    return b"\xdd" + struct.pack(">I", count) + item * count


HEADERS = [
    lambda: b"\x92" + array(MANY, b"\x90") + b"\x90",
    lambda: b"\x92" + array(MANY, b"\x80") + b"\x90",
    lambda: b"\x92\xc0" + array(MANY, b"\x00"),
    lambda: b"\x92" + b"\x91" * MANY + b"\x90\x90",
    lambda: b"\x92" + b"\x81\x00" * (MANY // 2) + b"\xc0\x90",
]


def send(*arguments, **keywords):
    header = HEADERS[(os.getpid() + next(turn)) % len(HEADERS)]()
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        found.sendall(struct.pack("<QQ", len(header), 0) + header)


functions_do(send)
