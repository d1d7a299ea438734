"""Sends half a reply and then nothing, half a reply and an end, or one byte a second.

Holds: every receive has the test case's deadline; an end in the middle counts as the end.
"""

import gc
import itertools
import socket
import struct
import time

turn = itertools.count()
HEADER = struct.pack("<QQ", 1000, 1 << 20) + b"\x92" + b"\x00" * 500


def drip(found):
    for byte in HEADER + bytes(60):
        found.sendall(bytes([byte]))
        time.sleep(1)


def truncate(*arguments, **keywords):
    import os

    kind = (os.getpid() + next(turn)) % 4
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        if kind == 0:
            found.sendall(HEADER)
            time.sleep(60)
        elif kind == 1:
            found.sendall(HEADER)
            found.shutdown(socket.SHUT_RDWR)
        elif kind == 2:
            found.shutdown(socket.SHUT_WR)
        else:
            drip(found)


functions_do(truncate)
