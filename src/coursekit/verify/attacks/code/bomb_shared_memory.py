"""Makes shared memory of every kind, at most 1 GiB each: /dev/shm, memfd, System V, message queues, locked pages.

Holds: kinds that no limit counts are refused by the system call filter; /dev/shm has a size.
Unsealed: no, it would outlive its process
"""

import ctypes
import mmap
import os
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)
MEMFD_CREATE, MEMFD_SECRET, SHMGET, SHMAT, MSGGET, MQ_OPEN = 319, 447, 29, 30, 68, 240  # x86-64
ONE = 1 << 30


def tried(what, action):
    try:
        result = action()
        print(what, result if isinstance(result, int) and result >= 0 else os.strerror(ctypes.get_errno()))
    except (OSError, ValueError) as error:
        print(what, error)


def in_shm():
    block = shared_memory.SharedMemory("coursekit-attack", create=True, size=ONE)
    for start in range(0, ONE, 4096):
        block.buf[start] = 1
    return block.size


def bomb(*arguments, **keywords):
    tried("memfd", lambda: libc.syscall(MEMFD_CREATE, b"coursekit-attack", 0))
    tried("secret", lambda: libc.syscall(MEMFD_SECRET, 0))
    tried("shmget", lambda: libc.syscall(SHMGET, 0x5EA1ED, ctypes.c_size_t(ONE), 0o1666))
    tried("shmat", lambda: libc.syscall(SHMAT, 0, 0, 0))
    tried("msgget", lambda: libc.syscall(MSGGET, 0x5EA1ED, 0o1666))
    tried("mq_open", lambda: libc.syscall(MQ_OPEN, b"coursekit-attack", os.O_CREAT | os.O_RDWR, 0o600, 0))
    tried("anonymous", lambda: len(mmap.mmap(-1, ONE)))
    tried("locked", lambda: libc.mlockall(3))
    tried("shm", in_shm)


functions_do(bomb)
