"""Makes the grader the owner of a socket by ioctl, so that the kernel sends it the signal that ends it.

Holds: the system call filter allows only the few ioctl requests that programs need.
Unsealed: no, it would end the grader
"""

import fcntl
import os
import socket

FIOSETOWN, SIOCSPGRP, O_ASYNC = 0x8901, 0x8902, 0o20000
GRADER = os.getppid()  # asked by the process that forks the test cases


def end(*arguments, **keywords):
    for request in (FIOSETOWN, SIOCSPGRP):
        here, there = socket.socketpair()
        try:
            fcntl.ioctl(here, request, GRADER.to_bytes(4, "little"))
            through(f"{GRADER} owns a socket")
            if GRADER != 1:  # in a process namespace it would end this sandbox alone
                fcntl.fcntl(here, fcntl.F_SETFL, O_ASYNC)
                there.send(b"x")
        except OSError as error:
            print(request, error)


functions_do(end)
