"""Changes what it was given in the handler of a timer's signal, which runs in the midst of whatever is asked next.

Holds: it is in the same process as the reading it interrupts, whose answer shows the change and ends the test.
"""

import contextlib
import signal

import numpy as np

given = []


def harm(*arguments):
    with contextlib.suppress(Exception):
        for value in given:
            if isinstance(value, np.ndarray) and value.flags.writeable:
                value[...] = 0


class Slow:
    def __array__(self, *arguments, **keywords):
        return np.zeros(np.shape(given[0]) if given else ())

    def __getitem__(self, name):
        return np.zeros(np.shape(given[0]) if given else ())

    parameters = params = grads = gradient = caches = property(lambda self: self)
    forward = backward = step = __call__ = lambda self, *arguments: keeps(*arguments)


def keeps(*arguments, **keywords):
    given.extend(arguments)
    for kind, number in ((signal.ITIMER_REAL, signal.SIGALRM), (signal.ITIMER_PROF, signal.SIGPROF)):
        signal.signal(number, harm)
        signal.setitimer(kind, 0.0005, 0.0005)
    return (Slow(), Slow()) if len(given) % 2 else Slow()


functions_do(keeps)
