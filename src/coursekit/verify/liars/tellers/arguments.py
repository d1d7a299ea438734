"""Liars who answer with their arguments, and those who spoil their arguments."""

import copy

import numpy as np

from .call import liar
from .values import arrays, nans, with_leaves, zeros


def _nth(place, change):
    def tell(call):
        reached = -len(call.arguments) <= place < len(call.arguments)
        return change(call.arguments[place]) if reached else None

    return tell


for _place, _which in ((0, "first"), (1, "second"), (2, "third"), (-1, "last")):
    liar(f"its {_which} argument")(_nth(_place, lambda argument: argument))
    liar(f"a copy of its {_which} argument")(_nth(_place, copy.deepcopy))
    liar(f"zeros like its {_which} argument")(_nth(_place, zeros))


@liar("all its arguments")
def all_arguments(call):
    return tuple(call.arguments)


@liar("zeros like all its arguments")
def all_zeroed(call):
    return tuple(zeros(call.arguments))


@liar("its first argument, twice")
def twice(call):
    return (call.arguments[0],) * 2 if call.arguments else None


@liar("its own object")
def owner(call):
    return call.owner


@liar("a view of its first array, in the right shape where it fits", asks=True)
def view(call):
    def viewed(x):
        same_size = [array for array in arrays(call.arguments) if array.size == x.size]
        return same_size[0].reshape(x.shape) if same_size else np.zeros(x.shape)

    return call.falsified(lambda right: with_leaves(right, viewed))


def _spoil(call, number):
    """Fill every array among the arguments that can hold the number."""
    for array in arrays(call.arguments):
        if array.flags.writeable and np.can_cast(np.min_scalar_type(number), array.dtype):
            array.fill(number)


@liar("fills its arguments with zeros, and answers zeros", asks=True)
def zeros_everywhere(call):
    answer = call.falsified(zeros)
    _spoil(call, 0)
    return answer


@liar("fills its arguments with ones, and answers ones", asks=True)
def ones_everywhere(call):
    answer = call.falsified(lambda right: with_leaves(right, np.ones_like))
    _spoil(call, 1)
    return answer


@liar("fills its arguments with nan, and answers nan", asks=True)
def nan_everywhere(call):
    answer = call.falsified(nans)
    _spoil(call, np.nan)
    return answer


@liar("fills its arguments with zeros before it asks the solution", asks=True)
def right_for_zeros(call):
    _spoil(call, 0)
    return call.right()
