"""Returns objects whose loops, items and attributes make a new large array each time, for a test to keep.

Holds: a test may hold student values up to a part of the memory limit, and ends within its time limit.
Unsealed: no, a memory bomb
"""

import itertools

import numpy as np

SIZE = 4 << 20  # numbers, 32 MB


class Endless:
    def __iter__(self):
        return (np.full(SIZE, float(n)) for n in itertools.count())

    def keys(self):
        return list(range(10**5))

    def __getitem__(self, key):
        return np.full(SIZE, 1.0)

    def __getattr__(self, name):
        return np.full(SIZE, 2.0)

    def __len__(self):
        return 10**5

    def __array__(self, *arguments, **keywords):
        return np.full((1 << 26) - 1, 3.0)

    __call__ = forward = backward = lambda self, *arguments, **keywords: Endless()


class Table(dict):
    def keys(self):
        return [f"W{n}" for n in range(10**4)]

    def __getitem__(self, key):
        return np.full(SIZE, 1.0)

    __iter__ = lambda self: iter(self.keys())  # noqa: E731


functions_do(lambda *arguments, **keywords: [Endless(), Table(W1=0.0)][len(arguments) % 2])
