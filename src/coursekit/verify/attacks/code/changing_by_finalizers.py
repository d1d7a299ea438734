"""Changes its arguments when its answer is released: by __del__, weakref.finalize and weak references.

Holds: an answer that a test still holds is not released, and a change during a reading ends the test.
"""

import weakref

import numpy as np

given, kept = [], []


def harm(*arguments):
    for value in given:
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value[...] = 0
        elif isinstance(value, dict):
            value.clear()


class Rows(list):
    def __del__(self):
        harm()


class Array(np.ndarray):
    def __del__(self):
        harm()


class Table(dict):
    pass


def keeps(*arguments, **keywords):
    given.extend(arguments)
    shape = np.shape(given[0]) if given else ()
    answer = [np.zeros(shape).view(Array), Rows([0.0]), Table(A=np.zeros(shape), Z=np.zeros(shape))][
        len(given) % 3
    ]
    weakref.finalize(answer, harm)
    kept.append(weakref.ref(answer, harm))
    return answer, {"A": np.zeros(shape).view(Array), "Z": Rows()}


functions_do(keeps)
