"""Returns values whose bytes are not what their types allow: letters beyond Unicode, half numbers, booleans of 255.

Holds: a test uses them in a fork of the grader; a crash costs only that test case.
"""

import gc
import itertools
import os
import socket

import wire

turn = itertools.count()
KINDS = [("<U4", 16), ("|S9", 9), ("|b1", 1), ("<f16", 16), ("<c32", 32), ("<f2", 2), ("<U9999", 39996)]


def strange(*arguments, **keywords):
    dtype, size = KINDS[(os.getpid() + next(turn)) % len(KINDS)]
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        array = ["a", dtype, [6], True, ["blob", 0]]
        reply = {"value": ["o", 99], "objects": {99: array}, "error": None, "random": None}
        wire.send(found, reply, [memoryview(b"\xff\xff\xff\x7f" * (size * 6 // 4 + 1))[: size * 6]])


functions_do(strange)
