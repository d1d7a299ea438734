"""Changes its arguments from threads and timers, at all times after its call has returned.

Holds: a change by another thread is seen at the next message; a reading with such a change ends the test.
"""

import threading
import time

import numpy as np

given = []


def harm():
    for _ in range(20_000):
        for value in given:
            if isinstance(value, np.ndarray) and value.flags.writeable:
                value[...] = 0
            elif isinstance(value, dict):
                for name in list(value):
                    value[name] = 0.0
        time.sleep(0.0001)


class Later:
    def __init__(self, *arguments, **keywords):
        keeps(*arguments)

    def __array__(self, *arguments, **keywords):
        time.sleep(0.02)
        return np.zeros(np.shape(given[0]) if given else ())

    def __getitem__(self, key):
        return time.sleep(0.02) or Later()

    parameters = params = grads = gradient = caches = property(lambda self: time.sleep(0.02) or Later())
    forward = backward = step = __call__ = lambda self, *arguments: keeps(*arguments)


def keeps(*arguments, **keywords):
    if not given:
        threading.Thread(target=harm, daemon=True).start()
        threading.Timer(0.001, harm).start()
    given.extend(arguments)
    return (
        (np.zeros(np.shape(given[0])), {"A": 0.0, "Z": 0.0})
        if given and len(given) % 2
        else Later.__new__(Later)
    )


functions_do(keeps)
