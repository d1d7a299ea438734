"""Answers infinities and numbers so large that sums, squares and differences of them are infinite or not a number.

Holds: an infinite expected value equals an infinite answer only if a test computed one; NaN equals nothing.
"""

import itertools

import numpy as np

turn = itertools.count()
LARGE = [np.inf, -np.inf, 1e308, -1e308, 1e200, np.finfo(float).max, 5e-324, complex("inf"), 2**63 - 1]


def large(shape):
    number = LARGE[next(turn) % len(LARGE)]
    array = np.full(shape, number, dtype=type(number))
    array.flat[::2] = -array.flat[::2]
    return array


class Module:
    def __init__(self, *sizes, **keywords):
        n, d = ([one for one in sizes if isinstance(one, int)] + [1, 1])[:2]
        self.params = self.gradient = {"W": large((n, d)), "b": large((1, d))}
        self.parameters, self.grads = {"W1": large((d, n)), "b1": large((d, 1))}, {"dW1": large((d, n))}
        self.caches, self.layer_dims, self.mask = {"A0": large((1, 1))}, [n, d], large((n, d))

    def forward(self, *arguments):
        return large(np.shape(arguments[0]) if arguments else (1, 1))

    __call__ = backward = derivative = initialize = step = forward


answers_do(lambda value: large(np.shape(value)), Module)
