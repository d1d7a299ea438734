"""Raises what is not an Exception: SystemExit, KeyboardInterrupt, GeneratorExit, and StopIteration to end a loop.

Holds: only built-in Exceptions are raised in the grader, and StopIteration only where a loop asked for the next item.
"""

import itertools
import os

turn = itertools.count()
KINDS = [
    SystemExit(0),
    KeyboardInterrupt(),
    GeneratorExit(),
    StopIteration(0),
    StopAsyncIteration(),
    BaseException(),
]


class Exit(SystemExit):
    code = 0


def leave(*arguments, **keywords):
    raise [*KINDS, Exit("passed")][(os.getpid() + next(turn)) % 7]


class Leaver:
    __call__ = __iter__ = __next__ = __len__ = __array__ = __getitem__ = __getattr__ = leave


def lure(*arguments, **keywords):
    return Leaver() if next(turn) % 2 else leave()


functions_do(lure)
