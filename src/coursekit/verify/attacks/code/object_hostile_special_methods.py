"""Returns objects whose special methods end the process, never return, or raise what is not an Exception.

Holds: the grader itself never calls an object's methods; a failure inside costs only that test case, within its limit.
"""

import itertools
import os
import time

turn = itertools.count()


def bite(*arguments, **keywords):
    kind = next(turn) % 5
    if kind == 0:
        raise SystemExit(0)
    if kind == 1:
        raise KeyboardInterrupt
    if kind == 2:
        raise GeneratorExit
    if kind == 3:
        time.sleep(60)
    os._exit(0)


NAMES = "repr str hash eq len iter bool float int index getattr getitem array reduce_ex del sizeof".split()
Trap = type(
    "Trap", (), {f"__{name}__": bite for name in NAMES} | {"detach": property(bite), "shape": property(bite)}
)
made = [Trap() for _ in range(len(FUNCTIONS) * 4)]

functions_do(lambda *arguments, **keywords: made[next(turn) % len(made)])
