"""Changes the modes of the grader's files: its folders, the class's grades, Python's own, the dataset's.

Holds: mounts are read-only; where Landlock can't restrict the call, it does nothing.
Unsealed: no, it would change files of the machine
"""

import os
import sys

import numpy as np


def outside():
    above = os.path.expanduser("~")
    for _ in range(4):
        above = os.path.dirname(above)
        yield from (os.path.join(above, name) for name in ("", "grades.txt", "course", "course/grades.txt"))
    yield from (np.__file__, sys.executable, DATA)


def change(*arguments, **keywords):
    for path in filter(os.path.exists, outside()):
        mode = os.stat(path).st_mode & 0o7777
        for name in (path, f"{path}/." if os.path.isdir(path) else path):
            try:
                os.chmod(name, mode ^ 0o010)
            except OSError as error:
                print(path, error)
        if os.stat(path).st_mode & 0o7777 != mode:
            through(f"the mode of {path} was {mode:o}")
            os.chmod(path, mode)


functions_do(change)
