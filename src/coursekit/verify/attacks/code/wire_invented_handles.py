"""Returns handles that it invented: of no object, of another test's, negative, huge, with names of a megabyte.

Holds: a handle is a number that only the sender's own test case resolves; its name is cut short.
"""

import gc
import itertools
import os
import socket

import wire

turn = itertools.count()
try:
    with open("/tmp/coursekit-handles") as file:
        kept = int(file.read())
except (OSError, ValueError):
    kept = 0


def invent(*arguments, **keywords):
    with open("/tmp/coursekit-handles", "w") as file:
        file.write(str(os.getpid()))
    fields = [
        [kept, True, "ndarray"],
        [-1, True, "float"],
        [2**63, False, "x" * 1_000_000],
        [0, True, "<script>alert(1)</script>\x1b[2J"],
        [0.0, True, "int"],
        [True, True, "bool"],
        [0, 1, "dict"],
        [0, True],
        [0, True, None],
        "0",
    ]
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        handle = fields[(os.getpid() + next(turn)) % len(fields)]
        wire.send(found, {"value": ["h", handle], "objects": {}, "error": None, "random": None})


functions_do(invent)
