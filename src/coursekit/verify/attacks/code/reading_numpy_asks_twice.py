"""Returns objects that tell np.shape one thing, np.asarray another, and a third to the next np.asarray.

Holds: numpy's functions get one plain array, made inside once; shape and dtype come from it.
"""

import numpy as np


class Twice:
    def __init__(self, one):
        self.one, self.turn = one, 0

    shape = property(lambda self: self.one.shape)
    ndim = property(lambda self: self.one.ndim)
    size = property(lambda self: self.one.size)
    dtype = property(lambda self: self.one.dtype)
    T = flat = real = property(lambda self: Twice(self.one))

    def __array__(self, *arguments, **keywords):
        self.turn += 1
        return [self.one, np.zeros(()), np.zeros((0,)), np.full(self.one.shape, np.nan)][self.turn % 4]

    def __len__(self):
        return len(self.one)

    def __getitem__(self, key):
        return Twice(np.zeros(np.shape(self.one[key]) if isinstance(key, int | slice) else self.one.shape))

    def __iter__(self):
        return iter([Twice(self.one), Twice(self.one)])

    def sum(self, *arguments, **keywords):
        return 1.0

    mean = std = var = max = min = all = any = sum

    def astype(self, *arguments, **keywords):
        return self

    copy = ravel = flatten = tolist = reshape = transpose = __call__ = forward = astype


def twice(*arguments, **keywords):
    return Twice(next((np.array(one, float) for one in arguments if np.ndim(one) == 2), np.ones((1, 1))))


functions_do(twice)
