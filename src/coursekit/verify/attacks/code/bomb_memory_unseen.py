"""Holds up to 3 GiB of memory that does not show in its processes' sizes: shared pages of /dev/zero, released and kept.

Holds: every kind of memory that a sandbox can hold is limited or counted; none outlives it.
Unsealed: no, a memory bomb
"""

import ctypes
import mmap
import os
import time

PIECE, DONTNEED = 16 << 20, 4
libc = ctypes.CDLL(None, use_errno=True)
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def hold(mebibytes):
    """Fill shared pages and take them out of this process's account at once; the mapping keeps them."""
    fd = os.open("/dev/zero", os.O_RDWR)
    shared = mmap.mmap(fd, mebibytes << 20, flags=mmap.MAP_SHARED)
    start = ctypes.addressof(ctypes.c_char.from_buffer(shared))
    for offset in range(0, mebibytes << 20, PIECE):
        ctypes.memset(start + offset, 1, PIECE)
        libc.madvise(start + offset, PIECE, DONTNEED)
    return shared


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) >> 8


kept = []
for _ in range(12):
    if os.fork() == 0:
        kept.append(hold(256))
        print(f"holds 256 MiB, shows {resident()} MiB", flush=True)
        time.sleep(20)
        os._exit(0)
time.sleep(6)


def tell(*arguments, **keywords):
    with open("/proc/meminfo") as file:
        print([line for line in file if line.startswith(("Shmem:", "MemAvailable"))])
    return 0


functions_do(tell)
