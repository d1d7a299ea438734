"""Sends arrays whose sizes are negative, not a number, fractions, booleans, too few or too many; and object dtypes.

Holds: sizes, shapes and dtypes are checked one by one; only listed numeric dtypes are allowed, and object dtypes never.
"""

import gc
import itertools
import math
import os
import socket
import struct

import msgpack
import wire

turn = itertools.count()
SIZES = [[-8, 16], [math.nan], [8.0], [True] * 8, [2**63], ["8"], [[8]], {"0": 8}, [], [8], None]
ARRAYS = [
    ["a", "|O", [1], True, ["blob", 0]],
    ["a", "<M8[s]", [1], True, ["blob", 0]],
    ["a", "|V8", [1], True, ["blob", 0]],
    ["a", "<U4294967295", [1], True, ["blob", 0]],
    ["a", "<f8", [-1], True, ["blob", 0]],
    ["a", "<f8", [2**62, 2**62], True, ["blob", 0]],
    ["a", "<f8", [0, 2**63], True, ["blob", 0]],
    ["a", "<f8", [math.nan], True, ["blob", 0]],
    ["a", "<f8", [1] * 65, True, ["blob", 0]],
    ["a", "<f8", [1], 1, ["blob", -1]],
    ["a", "<f8", [1], True, ["fd", 0]],
    ["a", "numpy.float64", [1], True, ["blob", 0]],
    ["a", "f8,O", [1], True, ["blob", 0]],
]


def send(*arguments, **keywords):
    number = os.getpid() + next(turn)
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        if number % 2:
            body = msgpack.packb([{"value": ["o", 1]}, SIZES[number // 2 % len(SIZES)]])
            found.sendall(struct.pack("<QQ", len(body), 8) + body + bytes(8))
        else:
            array = ARRAYS[number // 2 % len(ARRAYS)]
            reply = {"value": ["o", 9999], "objects": {9999: array}, "error": None, "random": None}
            wire.send(found, reply, [memoryview(bytes(8))])


functions_do(send)
