"""Shows other parameters than those it computes with: a property, a dict and a copy that differ, and each looks right.

Holds: an answer is compared with a value that the test computes from the parameters that it read and asserted.
"""

import numpy as np


class Shows(dict):
    """What was put in, shown as something else."""

    def __getitem__(self, name):
        value = np.array(dict.__getitem__(self, name), float)
        self.turn = getattr(self, "turn", 0) + 1
        return value if self.turn % 2 else np.zeros_like(value)

    def copy(self):
        return Shows(self)

    def items(self):
        return dict(self).items()

    def __iter__(self):
        return iter(sorted(self.keys(), reverse=True))


class Network:
    def __init__(self, *arguments, **keywords):
        self.used = {
            "W1": np.zeros((1, 1)),
            "b1": np.zeros((1, 1)),
            "W": np.zeros((1, 1)),
            "b": np.zeros((1, 1)),
        }
        self.turn = 0

    def shown(self):
        self.turn += 1
        return Shows(self.used) if self.turn % 2 else dict(self.used)

    parameters = params = property(shown)
    grads = gradient = property(lambda self: Shows({"d" + name: value for name, value in self.used.items()}))

    def forward(self, X=(), *rest):
        return np.zeros(np.shape(X))

    __call__ = backward = derivative = step = initialize = forward


def answers(*arguments, **keywords):
    table = next((Shows(one) for one in arguments if isinstance(one, dict)), Shows(A=0.0, Z=0.0))
    return table if len(arguments) > 2 else (np.zeros(np.shape(arguments[0]) if arguments else ()), table)


for name in FUNCTIONS:
    globals()[name] = Network if isinstance(globals().get(name), type) else answers
