"""Ends its process in every call: os._exit, abort, a bad pointer, a full stack, an illegal instruction, exec.

Holds: each test case runs in a fork; its end costs that case only, and the next one starts from the loaded notebook.
"""

import ctypes
import faulthandler
import itertools
import os
import signal

turn = itertools.count()


def deep():
    class Deep:
        def __getattr__(self, name):
            return object.__getattribute__(self, "next").anything

    return Deep().anything


def illegal():
    page = ctypes.pythonapi
    os.kill(os.getpid(), signal.SIGILL)
    return page


ENDS = [
    lambda: os._exit(0),
    os.abort,
    lambda: ctypes.string_at(0),
    lambda: ctypes.memset(id(int), 0, 400),
    deep,
    illegal,
    lambda: os.execv("/bin/true", ["true"]),
    lambda: faulthandler._stack_overflow(),
    lambda: os.kill(os.getpid(), signal.SIGKILL),
    lambda: os.closerange(0, 256),
]


def end(*arguments, **keywords):
    ENDS[(os.getpid() + next(turn)) % len(ENDS)]()


functions_do(end)
