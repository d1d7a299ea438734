"""Returns dicts and sets whose keys are objects: they have the hash of every name, and equal every name, or none.

Holds: a container with such keys stays inside; a key crosses only when its hash and equality are the same outside.
"""

import itertools

import numpy as np

turn = itertools.count()


class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        return True

    def __str__(self):
        return self.name


class Name(str):
    def __hash__(self):
        return next(turn)

    def __eq__(self, other):
        return next(turn) % 2 == 0


class Number(float):
    def __hash__(self):
        return 0

    def __eq__(self, other):
        return True


NAMES = [kind + layer for layer in "123" for kind in ("W", "b", "dW", "db", "A", "Z")]
MADE = [
    lambda zeros: {Key(name): zeros for name in NAMES},
    lambda zeros: {Name(name): zeros for name in NAMES},
    lambda zeros: {Number(place): zeros for place in range(4)},
    lambda zeros: set(map(Key, NAMES)),
    lambda zeros: frozenset(map(Name, NAMES)),
    lambda zeros: {(Key("W1"),): zeros, (Name("b1"), 1): zeros, float("nan"): zeros, float("nan"): zeros},
    lambda zeros: (zeros, {Key("Z"): zeros, Name("A"): zeros}),
    lambda zeros: {True: zeros, "W1": zeros, np.str_("b1"): zeros},
]


def keyed(*arguments, **keywords):
    shape = next((np.shape(one) for one in arguments if np.ndim(one) == 2), (1, 1))
    return MADE[next(turn) % len(MADE)](np.zeros(shape))


functions_do(keyed)
