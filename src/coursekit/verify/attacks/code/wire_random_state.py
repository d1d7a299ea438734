"""Sends invalid random states: all zero, too short, not a number, positions beyond the end.

Holds: a state is checked before it is set, and one that would draw zeros forever is refused.
"""

import itertools
import math
import os
import struct

import wire

turn = itertools.count()
GOOD = struct.pack("<625I", 0x80000000, *[1] * 623, 624)
STATES = [
    [bytes(2496), 0, 0, 0.0, bytes(2500), None],
    [GOOD[:2496], 624, 1, math.nan, GOOD, None],
    [GOOD[:2496], -1, 0, 0.0, GOOD, None],
    [GOOD[:2496], 2**63, 0, 0.0, GOOD, None],
    [GOOD[:2496], 0, 2**63, 1e308, GOOD, math.inf],
    [GOOD[:2496], 0, 0, 0.0, GOOD[:4] + bytes(2496), None],
    [GOOD[:100], 0, 0, 0.0, GOOD, None],
    [GOOD[:2496], 0, 0, 0.0, GOOD[:-4] + b"\xff\xff\xff\xff", None],
    [struct.pack("<624I", *[0] * 600, 1, *[0] * 23), 624, 0, 0.0, GOOD, None],
    "state",
    7,
]
wire.random_state = lambda *last: STATES[(os.getpid() + next(turn)) % len(STATES)]
functions_do(lambda *arguments, **keywords: [0.0])
