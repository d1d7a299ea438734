"""Returns a string of 10**8 letters, tables of a million keys, lists of ten million numbers and arrays of 900 MB.

Holds: a message has a maximum size, for its numbers and for its arrays; anything larger fails the test.
"""

import itertools

import numpy as np

turn = itertools.count()
KINDS = [
    lambda: "x" * 10**8,
    lambda: dict.fromkeys(range(10**6), 0.0),
    lambda: [0.0] * 10**7,
    lambda: np.zeros(900 << 17),
    lambda: {str(number): np.zeros(1) for number in range(200_000)},
    lambda: [[] for _ in range(10**6)],
    lambda: bytes(30 << 20),
]


def huge(*arguments, **keywords):
    value = KINDS[next(turn) % len(KINDS)]()
    return value, {"A": value, "Z": value}, value


functions_do(huge)
