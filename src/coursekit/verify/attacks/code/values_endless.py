"""Returns iterators, generators and sequences that never end, and containers that contain themselves without end.

Holds: each step of a loop over a proxy is a request within the test case's limit.
"""

import itertools


class Endless:
    def __iter__(self):
        return itertools.repeat(self)

    def __getitem__(self, key):
        return self

    def __len__(self):
        return 2**62

    def keys(self):
        return itertools.count()

    def __array__(self, *arguments, **keywords):
        return [[self]]


turn = itertools.count()
KINDS = [
    lambda: itertools.count(),
    Endless,
    lambda: (0.0 for _ in itertools.count()),
    lambda: map(str, Endless()),
]


def endless(*arguments, **keywords):
    value = KINDS[next(turn) % len(KINDS)]()
    return value if next(turn) % 2 else (value, value, value)


functions_do(endless)
