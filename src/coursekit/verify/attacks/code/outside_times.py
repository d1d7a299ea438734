"""Sets the times of the grader's files, to tell the next student something or to make files look out of date.

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
        before = os.stat(path)
        for times in ((1e9, before.st_mtime - 1), None):
            try:
                os.utime(path, times)
            except OSError as error:
                print(path, error)
        if os.stat(path).st_mtime_ns != before.st_mtime_ns:
            through(f"{path} was changed at {before.st_mtime}")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


functions_do(change)
