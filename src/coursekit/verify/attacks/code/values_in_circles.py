"""Returns lists and tables that contain themselves, and thirty lists each holding the next one twice.

Holds: a test uses them in a fork of the grader, which is ended at the limit.
"""

import itertools

turn = itertools.count()


def circle():
    items = [0.0]
    items += [items, {"A": items}]
    return items


def doubled():
    items = [0.0, 0.0]
    for _ in range(28):
        items = [items, items]
    return items


def nested():
    items = ()
    for _ in range(100_000):
        items = (items, [items])
    return items


def table():
    own = {}
    own["A"] = own["W1"] = own["Z"] = own
    return own


def turns(*arguments, **keywords):
    value = [circle, doubled, table, nested][next(turn) % 4]()
    return value if next(turn) % 2 else (value, value, value)


functions_do(turns)
