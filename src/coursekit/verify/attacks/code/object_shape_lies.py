"""Returns objects whose shape, dtype, len and array interface disagree with their contents.

Holds: a test compares the array that __array__ gave; its bytes must fit its shape and dtype, checked outside.
"""

import numpy as np


class Array:
    def __init__(self, shape):
        self.shape, self.ndim, self.size = shape, len(shape), int(np.prod(shape))
        self.dtype, self.T, self.flat = np.dtype(float), self, [0.0] * 3
        self.turn = 0

    def __array__(self, *arguments, **keywords):
        self.turn += 1
        return np.zeros(self.shape if self.turn % 2 else ())

    @property
    def __array_interface__(self):
        return {"shape": (2**40,), "typestr": "<f8", "data": (id(self), False), "version": 3}

    @property
    def __array_struct__(self):
        raise AttributeError

    def __len__(self):
        return 2**62

    def __iter__(self):
        return self

    def __next__(self):
        return np.broadcast_to(0.0, self.shape)


def lie(*arguments, **keywords):
    shapes = [np.shape(argument) for argument in arguments if np.ndim(argument) == 2] or [(1, 6000)]
    return Array(shapes[0])


functions_do(lie)
