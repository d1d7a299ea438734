"""Returns objects whose __class__, type name and metaclass lie: they say float, ndarray, True, or nothing at all.

Holds: type() decides what crosses, and an object cannot change its own.
"""

import numpy as np

LIES = [float, int, bool, np.ndarray, list, dict, type(None), np.float64, tuple]


class Meta(type):
    def __instancecheck__(cls, thing):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(np.ndarray)

    @property
    def __name__(cls):
        return "ndarray" * 1000000

    def mro(cls):
        return [cls, *LIES[0].__mro__] if cls.__bases__[0] is float else [cls, object]


class Claims(metaclass=Meta):
    turn = 0

    @property
    def __class__(self):
        Claims.turn += 1
        return LIES[Claims.turn % len(LIES)]

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    shape, dtype, ndim, size = (4, 60), np.dtype(float), 2, 240


functions_do(lambda *arguments, **keywords: Claims())
