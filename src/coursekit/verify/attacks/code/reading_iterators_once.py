"""Returns iterators that work only once, so that a second look at the answer finds nothing: map, zip, filter.

Holds: an iterator that a loop has emptied gives the same items again; a loop with nothing to do fails its test.
"""

import itertools

import numpy as np

turn = itertools.count()


def once(*arguments, **keywords):
    shape = next((np.shape(one) for one in arguments if np.ndim(one) == 2), (2, 2))
    rows = np.zeros(shape)
    kinds = [
        lambda: map(np.copy, rows),
        lambda: zip(rows, rows, strict=True),
        lambda: filter(None, [0.0] * len(rows)),
        lambda: (iter(rows), iter(rows)),
        lambda: {"W1": iter(rows), "b1": iter(()), "dW1": iter(rows), "db1": iter(())},
        lambda: iter([iter(rows), {"A": iter(rows), "Z": iter(rows)}]),
        lambda: reversed([0.0, 0.0]),
        lambda: enumerate([]),
        lambda: itertools.chain([rows], iter(())),
    ]
    return kinds[next(turn) % len(kinds)]()


functions_do(once)
