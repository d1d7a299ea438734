"""Liars whose answer has the form of the right one: its contents, or one of its containers, are replaced."""

import numpy as np

from .call import liar
from .values import is_number, with_leaves, with_parts


def _keeping_first(x):
    return np.where(np.arange(x.size).reshape(x.shape) == 0, x, 0 * x)


def _losing_last(x):
    return np.where(np.arange(x.size).reshape(x.shape) == x.size - 1, np.where(x == 0, 1, 0), x)


def _noise(x):
    """Numbers that have only the mean and the spread of the right ones."""
    return np.random.RandomState(7).normal(np.mean(x), np.std(x), x.shape) if x.size else x


def _empty(x):
    """No numbers, in as many dimensions, but at least one."""
    return np.empty((0, *x.shape[1:]))


def _arrays_only(change, ndim=1):
    """Leave single numbers as they are, and arrays of fewer dimensions."""
    return lambda x: change(x) if x.ndim >= ndim else x


LEAVES = {
    "nan": lambda x: np.full(x.shape, np.nan),
    "zeros": lambda x: np.zeros(x.shape),
    "ones": lambda x: np.ones(x.shape),
    "inf": lambda x: np.full(x.shape, np.inf),
    "-inf": lambda x: np.full(x.shape, -np.inf),
    "huge numbers": lambda x: np.full(x.shape, 1e12),
    "empty arrays": _empty,
    "a single 0 for each array": lambda x: 0.0,
    "a single nan for each array": lambda x: np.nan,
    "only the first number of each array": lambda x: x.flat[0].item() if x.size else 0.0,
    "only the first row of each array": _arrays_only(lambda x: x[:1]),
    "each array transposed": _arrays_only(np.transpose, 2),
    "each array with an axis more": _arrays_only(lambda x: x[np.newaxis]),
    "each array flat": _arrays_only(np.ravel, 2),
    "each array with a row more": _arrays_only(lambda x: np.concatenate([x, x[-1:]])),
    "the sign flipped": np.negative,
    "no signs": np.abs,
    "twice as much": lambda x: 2 * np.asarray(x, float),
    "the mean everywhere": lambda x: np.full(x.shape, np.mean(x) if x.size else 0.0),
    "the first number right, the others 0": _keeping_first,
    "the last number wrong": _losing_last,
    "each array backwards": _arrays_only(np.flip),
    "each array turned by one place": _arrays_only(lambda x: np.roll(x, 1)),
    "noise with the right mean and spread": _noise,
    "an imaginary part added": lambda x: x + 1000j,
    "whether it is 0": lambda x: x == 0,
    "masked zeros": lambda x: np.ma.array(np.zeros(x.shape), mask=True),
    "objects of nothing": lambda x: np.full(x.shape, None, object),
}


def _signed(x):
    return np.asarray(x, float) if x.dtype == bool else x


def _falsifying(change):
    return lambda call: call.falsified(change)


for _name, _leaf in LEAVES.items():
    liar(f"the right form, but {_name}", asks=True)(
        _falsifying(lambda right, leaf=_leaf: with_leaves(right, lambda x: leaf(_signed(x))))
    )


def _nothing(value):
    return None if is_number(value) or isinstance(value, np.ndarray) else with_parts(value, _nothing)


def _containers(kinds, change):
    """Change all containers of these kinds, the innermost first."""

    def falsify(value):
        value = with_parts(value, falsify)
        return change(value) if type(value) in kinds else value

    return falsify


def _renamed(value):
    return {f"_{key}" if isinstance(key, str) else key: part for key, part in value.items()}


CONTAINERS = {
    "dicts without entries": _containers({dict}, lambda value: {}),
    "dicts with other keys": _containers({dict}, _renamed),
    "lists without items": _containers({list}, lambda value: []),
    "tuples backwards": _containers({tuple}, lambda value: value[::-1]),
    "None for each array": _nothing,
}
for _name, _change in CONTAINERS.items():
    liar(f"the right form, but {_name}", asks=True)(_falsifying(_change))


@liar("the right answer, not yet made", asks=True)
def a_function(call):
    right = call.right()
    return lambda: right
