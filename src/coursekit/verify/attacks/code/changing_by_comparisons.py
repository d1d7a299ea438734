"""Changes its arguments when its answers are compared, hashed or copied: in __eq__, __lt__, __hash__, __deepcopy__.

Holds: these are readings too, and one that changes a test's arguments ends the test.
"""

import numpy as np

given = []


class Compares:
    def harm(self, *arguments):
        for value in given:
            if isinstance(value, np.ndarray) and value.flags.writeable:
                value[...] = 0
            elif isinstance(value, dict | list):
                value.clear()
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __instancecheck__ = __subclasscheck__ = harm

    def __hash__(self):
        return int(self.harm())

    def __copy__(self, *memo):
        self.harm()
        return Compares()

    __deepcopy__ = __neg__ = __invert__ = __copy__

    def __array__(self, *arguments, **keywords):
        return np.zeros(np.shape(given[0]) if given else ())

    forward = backward = step = __call__ = lambda self, *arguments: keeps(*arguments)


def keeps(*arguments, **keywords):
    given.extend(arguments)
    one = Compares()
    return [(one, one), {one: one, Compares(): one}, [one, Compares()], one][len(given) % 4]


functions_do(keeps)
