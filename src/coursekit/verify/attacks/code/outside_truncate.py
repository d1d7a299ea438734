"""Empties a classmate's notebook and result, and the list of grades, by name and by opening for reading.

Holds: they are not mounted, or Landlock refuses; if Landlock is too old for that, the system call filter does.
Unsealed: no, it would empty files of the machine
"""

import os

NAMES = (
    "course/grades.txt",
    "course/results/neighbour.json",
    *(f"course/submitted/neighbour/{name}/{name}.ipynb" for name in ("optimization_techniques", "tiny")),
)


def by_opening(path):
    os.close(os.open(path, os.O_RDONLY | os.O_TRUNC))


def by_name(path):
    os.truncate(path, 0)


def empty(*arguments, **keywords):
    above = os.path.expanduser("~")
    for _ in range(4):
        above = os.path.dirname(above)
        for path in (os.path.join(above, name) for name in NAMES):
            for act in (by_opening, by_name):
                try:
                    act(path)
                    through(f"{path} has {os.stat(path).st_size} bytes")
                except OSError as error:
                    print(path, error)


functions_do(empty)
