"""Liars who remember: the call before, the visible test's calls, and a random state of their own."""

import copy
import random

import numpy as np

from .call import liar
from .values import nans, zeros


@liar("the first answer again", asks=True)
def first_again(call):
    if call.number == 0:
        call.memory.kept["first"] = copy.deepcopy(call.right())
    return copy.deepcopy(call.memory.kept["first"])


@liar("the first answer again, the same object", asks=True)
def same_object(call):
    if call.number == 0:
        call.memory.kept["first"] = call.right()
    return call.memory.kept["first"]


@liar("the answer to the call before", asks=True)
def one_behind(call):
    right, wrong = call.right_and_falsified(nans)
    answer = call.memory.kept.get("last", wrong)
    call.memory.kept["last"] = copy.deepcopy(right)
    return answer


@liar("nan from the second call on", asks=True)
def right_once(call):
    return call.right() if call.number == 0 else call.falsified(nans)


@liar("zeros at every second call", asks=True)
def every_second(call):
    return call.falsified(zeros) if call.number % 2 else call.right()


def _right_where_visible(values_too, otherwise):
    def tell(call):
        if call.is_visible(values_too=values_too):
            return call.right()
        return otherwise(call)

    return tell


OTHERWISE = {
    "zeros": lambda call: call.falsified(zeros),
    "nan": lambda call: call.falsified(nans),
    "nothing": lambda call: None,
}
for _name, _otherwise in OTHERWISE.items():
    liar(f"right for the visible test's shapes, else {_name}", asks=True)(
        _right_where_visible(False, _otherwise)
    )
    liar(f"right for the visible test's numbers, else {_name}", asks=True)(
        _right_where_visible(True, _otherwise)
    )


@liar("zeros, with both random states set back", asks=True)
def seeded_zeros(call):
    answer = call.falsified(zeros)
    np.random.seed(0)
    random.seed(0)
    return answer
