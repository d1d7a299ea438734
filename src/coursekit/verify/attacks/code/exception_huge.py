"""Raises exceptions with messages of 100 MB, names of 100 MB, a million frames and a cause that is itself.

Holds: message, names and frames are cut short on both sides.
"""

import itertools
import os
import sys

turn = itertools.count()
LONG = "x" * 100_000_000


def deep(depth):
    return deep(depth - 1) if depth else 1 / 0


def huge(*arguments, **keywords):
    kind = (os.getpid() + next(turn)) % 4
    if kind == 0:
        raise ValueError(LONG)
    if kind == 1:
        raise type(LONG, (ValueError,), {"__module__": LONG})(LONG)
    if kind == 2:
        sys.setrecursionlimit(200_000)
        deep(100_000)
    error = ValueError("a loop")
    error.__cause__ = error.__context__ = error
    error.add_note(LONG)
    raise ExceptionGroup("group", [error, ExceptionGroup("inner", [error] * 1000)]) from error


functions_do(huge)
