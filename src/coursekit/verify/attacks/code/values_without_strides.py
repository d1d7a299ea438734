"""Returns arrays that are small here and huge elsewhere: zero strides, 10**12 entries, views of one number.

Holds: an array crosses as its full bytes, up to a maximum size; a larger one cannot be sent.
"""

import itertools

import numpy as np

turn = itertools.count()
KINDS = [
    lambda: np.broadcast_to(0.0, (10**6, 10**6)),
    lambda: np.lib.stride_tricks.as_strided(np.zeros(2), (2**20, 2**20), (0, 8)),
    lambda: np.broadcast_to(np.float32(0), (1 << 26,)),
    lambda: np.zeros((0, 2**40)),
    lambda: np.zeros((1,) * 60),
    lambda: np.broadcast_to(np.str_("x" * 9999), (10**5,)),
    lambda: np.zeros(10)[::-1],
]


def wide(*arguments, **keywords):
    value = KINDS[next(turn) % len(KINDS)]()
    return value, {"A": value, "Z": value}, value


functions_do(wide)
