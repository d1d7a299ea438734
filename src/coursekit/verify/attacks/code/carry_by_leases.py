"""Takes leases on the system's files, the dataset's and its own, which break when somebody else opens them.

Holds: the system call filter refuses leases.
"""

import fcntl
import glob
import os

import numpy as np

FILES = [*glob.glob("/usr/bin/*")[:20], np.__file__, *glob.glob(os.path.abspath("*"))]
FILES += glob.glob(f"{DATA}/*")


def carry(*arguments, **keywords):
    for path in filter(os.path.isfile, FILES):
        try:
            fd = os.open(path, os.O_RDONLY)
        except OSError as error:
            print(path, error)
            continue
        try:
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            through(f"has a lease on {path}")
        except OSError as error:
            print(path, error)
        finally:
            os.close(fd)


functions_do(carry)
