"""Spells a call's arguments in the values of System V semaphores, its own and others' by number.

Holds: an IPC namespace of its own, and a system call filter that allows none of these calls.
Unsealed: no, it would disturb other programs
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
CREATE, REMOVE, GETVAL, SETVAL, KEY = 0o1600, 0, 12, 16, 0x5EA1ED


def carry(*arguments, **keywords):
    made = libc.semget(KEY, 1, CREATE)
    if made >= 0:
        libc.semctl(made, 0, SETVAL, len(repr(arguments)) % 30000)
    for number in (*range(64), made):
        value = libc.semctl(number, 0, GETVAL)
        if value >= 0:
            through(f"the semaphore {number} is {value}")
    libc.semctl(made, 0, REMOVE)


functions_do(carry)
