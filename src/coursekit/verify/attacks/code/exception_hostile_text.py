"""Raises exceptions whose __str__ raises, never ends, prints, exits, or returns something that is not a string.

Holds: the message is made inside, within the test case's limit, and crosses as text or not at all.
"""

import itertools
import os
import time

turn = itertools.count()


class Hostile(Exception):
    def __str__(self):
        kind = (os.getpid() + next(turn)) % 6
        if kind == 0:
            time.sleep(60)
        if kind == 1:
            raise SystemExit("passed")
        if kind == 2:
            raise self
        if kind == 3:
            os._exit(0)
        if kind == 4:
            return type("Text", (str,), {"__getitem__": lambda *two: self, "__len__": lambda one: -1})("text")
        return 7

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise GeneratorExit

    args = property(__str__)
    __cause__ = property(__str__)


def hostile(*arguments, **keywords):
    raise Hostile(Hostile())


functions_do(hostile)
