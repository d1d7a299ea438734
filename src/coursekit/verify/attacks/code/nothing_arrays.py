"""Returns empty arrays of every shape, alone, in pairs and in tables: nothing can be found wrong in them.

Holds: an answer must have the expected shape, and an array without entries never counts as a verdict.
"""

import itertools

import numpy as np

SHAPES = [(0,), (0, 0), (1, 0), (0, 1), (0, 2**40), (3, 0, 2), (0, 0, 0, 0)]
turn = itertools.count()


def nothing():
    shape = SHAPES[next(turn) % len(SHAPES)]
    return np.zeros(shape, [float, bool, int, complex][next(turn) % 4])


class Table(dict):
    def __missing__(self, name):
        return nothing()


class Empty:
    def __init__(self, *arguments, **keywords):
        self.parameters, self.grads, self.params, self.gradient = Table(), Table(), Table(), Table()
        self.caches, self.layer_dims, self.mask = Table(), nothing(), nothing()

    def forward(self, *arguments, **keywords):
        return nothing()

    __call__ = backward = derivative = initialize = step = forward


answers_do(lambda value: nothing(), Empty)
