"""Changes its arguments while a test goes through its answer: in __iter__, __next__, a generator, reversed.

Holds: each step of a loop is a reading, and one that changes a test's arguments ends the test.
"""

import numpy as np

given = []


def zero():
    for value in given:
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value[...] = 0
        elif isinstance(value, dict):
            value.update({name: np.zeros(np.shape(one)) for name, one in value.items()})
    return np.zeros(np.shape(given[0]) if given else ())


class Loops:
    def __iter__(self):
        zero()
        return self

    def __next__(self):
        return zero()

    def __reversed__(self):
        zero()
        return iter(())

    forward = backward = step = __call__ = lambda self, *arguments: keeps(*arguments)


def steps():
    while True:
        yield zero()


def keeps(*arguments, **keywords):
    given.extend(arguments)
    return [Loops(), steps(), (steps(), Loops()), {"W1": steps(), "A": Loops()}][len(given) % 4]


functions_do(keeps)
