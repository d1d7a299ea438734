"""Returns dicts whose item methods lie: __missing__ and __getitem__ give what agrees, get and items anything.

Holds: such a dict stays inside and is read by its own [], each key once; get, items and values are made from that.
"""

import collections

import numpy as np


class Agrees(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    def __sub__(self, other):
        return np.zeros(np.shape(other))

    __rsub__ = __sub__
    __hash__ = None


class Missing(dict):
    def __missing__(self, name):
        return np.zeros(self.get("shape", (1, 1))).view(Agrees)

    def __contains__(self, name):
        return True


class Items(collections.OrderedDict):
    def __getitem__(self, name):
        self.turn = getattr(self, "turn", 0) + 1
        return np.full((1, 1), float(self.turn)).view(Agrees)

    def keys(self):
        return ["W1", "b1"] if getattr(self, "turn", 0) % 2 else ["W1"]

    def items(self):
        return iter([("W1", self["W1"])])

    def get(self, name, default=None):
        return default


class Default(collections.defaultdict):
    def __iter__(self):
        return iter(())

    def __len__(self):
        return 4


class Chain(collections.ChainMap):
    def __getitem__(self, name):
        return self if len(name) > 2 else 0.0


turns = iter(range(10**9))
MADE = [Missing, Items, lambda: Default(lambda: np.zeros((1, 1)).view(Agrees)), lambda: Chain({"W1": 0.0})]
functions_do(lambda *arguments, **keywords: MADE[next(turns) % 4]())
