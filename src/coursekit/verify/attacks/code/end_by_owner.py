"""Makes the grader the owner of a socket by fcntl, with SIGKILL as the signal, and hides the command in 64 bits.

Holds: the system call filter refuses owners and signals of files, and compares all 64 bits with the allowed values.
Unsealed: no, it would end the grader
"""

import ctypes
import fcntl
import os
import platform
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
SETOWN_EX, O_ASYNC, HIGH = 15, 0o20000, 1 << 32
FCNTL = {"x86_64": 72, "aarch64": 25}.get(platform.machine(), -1)
GRADER = os.getppid()  # asked by the process that forks the test cases


def end(*arguments, **keywords):
    ways = {
        "set": lambda fd: fcntl.fcntl(fd, fcntl.F_SETOWN, GRADER),
        "extended": lambda fd: fcntl.fcntl(fd, SETOWN_EX, struct.pack("ii", 1, GRADER)),
        "hidden": lambda fd: libc.syscall(
            FCNTL, fd, ctypes.c_long(HIGH | fcntl.F_SETOWN), ctypes.c_long(GRADER)
        ),
    }
    for name, way in ways.items():
        here, there = socket.socketpair()
        try:
            fcntl.fcntl(here, fcntl.F_SETSIG, signal.SIGKILL)
            through("a file can have a signal of its own")
        except OSError as error:
            print(error)
        try:
            if way(here.fileno()) >= 0 and fcntl.fcntl(here, fcntl.F_GETOWN) == GRADER:
                through(f"{name}: {GRADER} owns a socket")
        except OSError as error:
            print(name, error)
        fcntl.fcntl(here, fcntl.F_SETFL, O_ASYNC)
        there.send(b"x")


functions_do(end)
