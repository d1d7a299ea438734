"""Attaches to the sandbox's first process and to its own parent by ptrace, to run code there.

Holds: the system call filter refuses ptrace, which would also hang bubblewrap.
Unsealed: no, it would stop the grader
"""

import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
TRACEME, ATTACH, CONT, DETACH, SEIZE = 0, 16, 7, 17, 0x4206


def attach(*arguments, **keywords):
    for pid in (1, os.getppid(), 2, 3):
        for request in (SEIZE, ATTACH):
            if libc.ptrace(request, pid, None, None) == 0:
                loot(f"attached to {pid}")
                time.sleep(0.1)
                libc.ptrace(DETACH, pid, None, None)
            else:
                print(pid, os.strerror(ctypes.get_errno()))
    if libc.ptrace(TRACEME, 0, None, None) == 0:
        loot("its parent traces it")


functions_do(attach)
