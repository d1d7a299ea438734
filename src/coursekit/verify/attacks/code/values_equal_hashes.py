"""Returns sets and tables of a hundred thousand keys with one hash, which take hours to put together.

Holds: a test's values are put together in a fork of the grader, which is ended at the limit.
"""

import itertools
import sys

turn = itertools.count()
MODULUS = sys.hash_info.modulus


def slow(*arguments, **keywords):
    # Made as lists first: even the student's process would not end making the set itself.
    numbers = [1 + MODULUS * number for number in range(20_000)]
    if next(turn) % 2:
        return dict.fromkeys(numbers, 0.0)
    return set(numbers), {"A": frozenset(numbers)}, 0


functions_do(slow)
