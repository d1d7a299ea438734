"""Liars who answer every call with the same constant, and those who raise."""

import numpy as np

from .call import liar

CONSTANTS = {
    "nan": lambda: float("nan"),
    "0": lambda: 0,
    "1": lambda: 1,
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "True": lambda: True,
    "None": lambda: None,
    "an empty text": lambda: "",
    "an empty list": lambda: [],
    "an empty dict": lambda: {},
    "an empty tuple": lambda: (),
    "an empty array": lambda: np.array([]),
    "a 0-d array of 0": lambda: np.array(0.0),
    "a 0-d array of nan": lambda: np.array(np.nan),
    "an array of one nan": lambda: np.array([np.nan]),
    "an empty matrix": lambda: np.empty((0, 0)),
    "NotImplemented": lambda: NotImplemented,
    "an exception, not raised": lambda: ValueError("never raised"),
    "a generator of nothing": lambda: iter(()),
}
IN_TUPLES = ("nan", "0", "None", "an empty array", "an empty dict")
EXCEPTIONS = (
    ValueError,
    TypeError,
    NotImplementedError,
    StopIteration,
    KeyError,
    IndexError,
    AttributeError,
    ZeroDivisionError,
    AssertionError,
    SystemExit,
)


def _answering(make):
    return lambda call: make()


def _answering_tuples(make, length):
    return lambda call: tuple(make() for _ in range(length))


def _raising(kind):
    def tell(call):
        raise kind("a lie")

    return tell


for _name, _make in CONSTANTS.items():
    liar(f"always {_name}", classes=True)(_answering(_make))
for _name in IN_TUPLES:
    for _length in (2, 3, 4):
        liar(f"always a tuple of {_length}: {_name}")(_answering_tuples(CONSTANTS[_name], _length))
for _kind in EXCEPTIONS:
    liar(f"always raises {_kind.__name__}", classes=True)(_raising(_kind))
