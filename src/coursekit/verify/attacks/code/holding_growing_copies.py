"""Returns objects whose copies are larger than they are: each copy, slice and deep copy doubles the memory.

Holds: a copy is made inside, under the process's memory limit, and crosses within a message's maximum size.
Unsealed: no, a memory bomb
"""

import copy

import numpy as np


class Grows(list):
    def __deepcopy__(self, memo):
        return Grows([*self, *self, np.zeros(1 << 20)])

    __copy__ = copy = lambda self, *memo: Grows([*self, *self])  # noqa: E731

    def __getitem__(self, key):
        return Grows([*self, *self]) if isinstance(key, slice) else self

    def __iter__(self):
        self.append(np.zeros(1 << 18))
        return list.__iter__(self)

    def __reversed__(self):
        self.extend(list.copy(self))
        return list.__reversed__(self)

    def __add__(self, other):
        return Grows([*self, *self])

    __radd__ = __mul__ = __rmul__ = __iadd__ = __add__


class Array:
    def __init__(self, size=1 << 16):
        self.size = size

    def __array__(self, *arguments, **keywords):
        self.size *= 2
        return np.zeros(self.size)

    def __deepcopy__(self, memo):
        return Array(self.size * 8)

    copy = __copy__ = __call__ = forward = backward = lambda self, *arguments, **keywords: copy.deepcopy(self)
    parameters = params = grads = gradient = caches = property(lambda self: Grows([Array(self.size * 4)]))


functions_do(
    lambda *arguments, **keywords: [Grows([np.zeros(8)]), Array(), (Array(), Grows())][len(arguments) % 3]
)
