"""Returns an ndarray subclass that overrides every numpy function and ufunc applied to it.

Holds: arrays are rebuilt in the grader as base arrays, from bytes, dtype and shape.
"""

import numpy as np


class Liar(np.ndarray):
    __array_priority__ = 1e9

    def __array_function__(self, function, types, arguments, keywords):
        return True if function.__name__ not in ("shape", "sum", "mean") else (4, 60)

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return np.True_

    def __array_wrap__(self, array, *rest):
        return self

    def __array_finalize__(self, other):
        pass

    def __eq__(self, other):
        return np.True_

    def __sub__(self, other):
        return np.zeros(())

    def all(self, *arguments, **keywords):
        return True

    any = __bool__ = __contains__ = all


def lie(*arguments, **keywords):
    shape = next((np.shape(argument) for argument in arguments if np.shape(argument)), (1, 1))
    array = np.zeros(shape).view(Liar)
    return array, {"Z": array, "A": array}


functions_do(lie)
