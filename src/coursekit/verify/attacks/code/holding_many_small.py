"""Returns millions of small objects, and the grader must keep a twin of each: lists in lists, tables, handles.

Holds: a message has a maximum size, each item held counts as some bytes, and the test's own process pays for the rest.
Unsealed: no, a memory bomb
"""

import itertools

turn = itertools.count()


class Small:
    __slots__ = ("n",)

    def __init__(self, n):
        self.n = n


class Gives:
    def __iter__(self):
        return ([[n] for n in range(1000)] for _ in itertools.count())

    def __getitem__(self, key):
        return {n: [] for n in range(10_000)}

    def keys(self):
        return range(10**6)

    __call__ = forward = backward = step = lambda self, *arguments, **keywords: small()
    parameters = params = grads = gradient = caches = property(lambda self: small())


KINDS = [
    lambda: [[] for _ in range(500_000)],
    lambda: [Small(n) for n in range(200_000)],
    lambda: {n: (n, [n], {n: n}) for n in range(100_000)},
    lambda: (Small(n) for n in itertools.count()),
    Gives,
    lambda: [lambda n=n: n for n in range(100_000)],
]


def small(*arguments, **keywords):
    kind = KINDS[(len(arguments) + next(turn)) % len(KINDS)]
    return kind() if next(turn) % 2 else (kind(), {"A": kind(), "Z": kind()})


functions_do(small)
