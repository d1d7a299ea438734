"""Describes objects that the grader made: gives its arguments other contents, kinds and shapes, and makes loops.

Holds: a twin changes in place as in the notebook, but never in kind, shape or type; new ids are the sender's own.
"""

import gc
import itertools
import socket

import wire

turn = itertools.count()
CLAIMS = [
    {0: ["l", [["o", 0]]], 2: ["l", [["o", 0], ["o", 2]]]},
    {0: ["a", "<f8", [1], True, ["blob", 0]]},
    {4: ["d", [["o", 4], ["o", 4]]]},
    {1000: ["l", []]},
    {-1: ["l", []]},
    {"0": ["l", []], None: ["d", []]},
    {1: ["T", [["o", 3]]], 3: ["T", [["o", 1]]]},
    {1: ["l", [["o", 77777777]]]},
    {2**63: ["S", [["o", 2**63]]]},
    {1: ["d", [1, 2, 3]], 3: ["x", []], 5: [], 7: None},
]


def claim(*arguments, **keywords):
    for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
        objects = CLAIMS[next(turn) % len(CLAIMS)]
        reply = {"value": ["o", 1], "objects": objects, "error": None, "random": None}
        wire.send(found, reply, [memoryview(bytes(8))])


functions_do(claim)
