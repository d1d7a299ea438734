"""Returns tables that name the parameters to the first loop and none to the next, or the other way round.

Holds: until the next call, each loop lists the same names as the first; an empty table is not an answer.
"""

import collections.abc

import numpy as np

NAMES = [kind + str(layer) for layer in range(1, 4) for kind in ("W", "b", "dW", "db", "A", "Z")]


class Once(collections.abc.Mapping):
    def __init__(self, values, later):
        self.values_of, self.now, self.later = values, sorted(values), later

    def __iter__(self):
        names, self.now = self.now, self.later
        return iter(names)

    def __len__(self):
        return len(self.now)

    def __getitem__(self, name):
        return self.values_of.get(name, 0.0)

    def __contains__(self, name):
        return True


def once(*arguments, **keywords):
    values = next((dict(one) for one in arguments if isinstance(one, dict)), {})
    dims = next((one for one in arguments if isinstance(one, list) and len(one) > 1), [2, 2])
    for layer in range(1, len(dims)):
        values[f"W{layer}"], values[f"b{layer}"] = (
            np.zeros((dims[layer], dims[layer - 1])),
            np.zeros((dims[layer], 1)),
        )
    values = values or dict.fromkeys(NAMES, 0.0)
    return Once(values, []) if len(values) % 2 == 0 else (Once(values, []), Once({}, list(values)))


functions_do(once)
