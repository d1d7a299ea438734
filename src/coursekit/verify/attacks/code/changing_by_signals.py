"""Changes its arguments in a timer's signal handler, which runs in the middle of the next request.

Holds: it runs in the process of the reading that it interrupts, so the answer shows the change, which ends the test.
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
