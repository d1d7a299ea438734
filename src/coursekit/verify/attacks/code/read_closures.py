"""Follows its arguments: closures, defaults, globals, bases and owners, to the test that made them.

Holds: arguments arrive by value, rebuilt from bytes; a test can pass nothing that refers back to it.
"""

import gc


def neighbours(thing):
    yield from gc.get_referents(thing)
    for name in (
        "__closure__",
        "__globals__",
        "__self__",
        "__func__",
        "__wrapped__",
        "base",
        "__dict__",
        "gi_frame",
    ):
        yield getattr(thing, name, None)


def look(*arguments, **keywords):
    seen, waiting = set(), [*arguments, *keywords.values()]
    while waiting and len(seen) < 20000:
        thing = waiting.pop(0)
        if id(thing) in seen or thing is None:
            continue
        seen.add(id(thing))
        if callable(thing) and getattr(thing, "__name__", "").startswith("test_"):
            loot(f"{thing}: {thing.__code__.co_consts}")
        if isinstance(thing, str) and len(thing) > 30 and "assert" in thing:
            loot(thing)
        waiting.extend(neighbours(thing))


functions_do(look)
