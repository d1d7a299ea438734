"""Sets all its arguments to zero while its answer is asked for an item, a name or a length.

Holds: a reading that changes a test's arguments ends the test; only a call may change them.
"""

import numpy as np

given = []


def zero(values):
    for value in values.values() if isinstance(values, dict) else values:
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value[...] = 0
        elif isinstance(value, dict | list | tuple):
            zero(value)


class Zeroes:
    def harm(self, *arguments):
        zero(given)
        return 2

    def __getitem__(self, name):
        self.harm()
        return np.zeros(np.shape(given[0][0]) if given and given[0] else ())

    def keys(self):
        self.harm()
        return ["W1", "b1"]

    def __contains__(self, name):
        return bool(self.harm())

    __len__ = harm

    def items(self):
        return [(name, self[name]) for name in self.keys()]

    parameters = params = grads = gradient = caches = property(lambda self: self.harm() and self)
    forward = backward = step = __call__ = lambda self, *arguments: keeps(*arguments)


def keeps(*arguments, **keywords):
    given.append([*arguments, *keywords.values()])
    return Zeroes()


functions_do(keeps)
