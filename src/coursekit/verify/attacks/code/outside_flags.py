"""Sets flags of files, as chattr does; that needs only the right to read them.

Holds: the system call filter allows only the few ioctl requests that programs need.
Unsealed: no, it would change files of the machine
"""

import fcntl
import os
import sys

import numpy as np

GETFLAGS, SETFLAGS, NO_ACCESS_TIMES = 0x80086601, 0x40086602, 0x80


def outside():
    above = os.path.expanduser("~")
    for _ in range(4):
        above = os.path.dirname(above)
        yield from (os.path.join(above, name) for name in ("", "grades.txt", "course", "course/grades.txt"))
    yield from (np.__file__, sys.executable, DATA)


def change(*arguments, **keywords):
    for path in filter(os.path.exists, outside()):
        try:
            fd = os.open(path, os.O_RDONLY)
        except OSError as error:
            print(path, error)
            continue
        try:
            flags = int.from_bytes(fcntl.ioctl(fd, GETFLAGS, bytes(8)), "little")
            through(f"{path} has the flags {flags:x}")
            fcntl.ioctl(fd, SETFLAGS, (flags ^ NO_ACCESS_TIMES).to_bytes(8, "little"))
            through("which can be changed")
            fcntl.ioctl(fd, SETFLAGS, flags.to_bytes(8, "little"))
        except OSError as error:
            print(path, error)
        finally:
            os.close(fd)


functions_do(change)
