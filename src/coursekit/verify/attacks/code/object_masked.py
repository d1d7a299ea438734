"""Returns arrays that numpy's assertions skip: all masked, all nan, empty, structured, dates, void, objects.

Holds: only numeric base arrays (and fixed-width text) cross; masks and other kinds do not.
"""

import itertools

import numpy as np

turn = itertools.count()


def odd(*arguments, **keywords):
    shape = next((np.shape(argument) for argument in arguments if np.ndim(argument) == 2), (3, 4))
    zeros = np.zeros(shape)
    kinds = [
        np.ma.masked_all(shape),
        np.full(shape, np.nan),
        np.ma.array(zeros, mask=True),
        np.zeros((0, *shape)),
        np.zeros(shape, "M8[s]"),
        np.zeros(shape, [("A", float), ("__eq__", bool)]),
        np.full(shape, np.ma.masked, dtype=object),
        np.zeros(shape, "V0"),
        np.full(shape, type("Same", (), {"__eq__": lambda *two: True, "__sub__": lambda *two: 0})(), object),
        np.matrix(zeros),
        np.rec.array(zeros),
        np.zeros(shape).astype(np.dtypes.StringDType()) if hasattr(np.dtypes, "StringDType") else zeros,
        np.full(shape, 255, np.uint8).view(bool),
    ]
    chosen = kinds[next(turn) % len(kinds)]
    return chosen, {"A": chosen, "Z": chosen}, chosen


functions_do(odd)
