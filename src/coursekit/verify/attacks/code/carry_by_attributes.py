"""Writes a call's arguments into extended attributes of the grader's files, where the next student reads them.

Holds: the system call filter does not allow extended attributes.
Unsealed: no, it would change files of the machine
"""

import os
import sys

import numpy as np

NAME = "user.coursekit-attack"


def outside():
    above = os.path.expanduser("~")
    for _ in range(4):
        above = os.path.dirname(above)
        yield from (os.path.join(above, name) for name in ("", "grades.txt", "course", "course/grades.txt"))
    yield from (np.__file__, sys.executable, DATA)


def carry(*arguments, **keywords):
    for path in filter(os.path.exists, outside()):
        try:
            through(f"{path} has {os.listxattr(path)}")
            os.setxattr(path, NAME, repr(arguments).encode()[:1000])
            through(f"{path} says {os.getxattr(path, NAME)!r}")
            os.removexattr(path, NAME)
        except OSError as error:
            print(path, error)


functions_do(carry)
