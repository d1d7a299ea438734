"""Sets the owners of the grader's files to their present owners, which only those may do.

Holds: the system call filter refuses every kind of chown.
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
        owner = os.stat(path)
        try:
            os.chown(path, owner.st_uid, owner.st_gid)
            through(f"{path} is {owner.st_uid}'s, and can be anyone's")
        except OSError as error:
            print(path, error)


functions_do(change)
