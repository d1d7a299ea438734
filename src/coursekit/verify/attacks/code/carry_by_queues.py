"""Goes through System V message queues and shared memory by number: reads, writes, makes, removes.

Holds: an IPC namespace of its own, and a system call filter that allows none of these calls.
Unsealed: no, it would take other programs' messages
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
CREATE, NOWAIT, STAT, REMOVE, KEY = 0o1600, 0o4000, 2, 0, 0x5EA1ED
KNOWN = range(64)


def carry(*arguments, **keywords):
    text = ctypes.create_string_buffer(b"\1\0\0\0\0\0\0\0" + repr(arguments).encode()[:64], 1024)
    made = libc.msgget(KEY, CREATE)
    if made >= 0:
        through(f"made the queue {made}")
        libc.msgsnd(made, text, ctypes.c_size_t(64), NOWAIT)
    for number in (*KNOWN, made):
        if libc.msgrcv(number, text, ctypes.c_size_t(1000), ctypes.c_long(0), NOWAIT) >= 0:
            through(f"the queue {number} held {text.raw[8:72]!r}")
        if libc.msgctl(number, STAT, text) >= 0:
            through(f"there is a queue {number}")
        if libc.shmctl(number, STAT, text) >= 0:
            through(f"there is shared memory {number}")
    libc.msgctl(made, REMOVE, None)


functions_do(carry)
