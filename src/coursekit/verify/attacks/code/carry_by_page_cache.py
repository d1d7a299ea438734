"""Asks which pages of the system's files are in memory, and fills and empties it, for a friend who asks the same.

Holds: the system call filter refuses calls that query or control the page cache.
"""

import ctypes
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
PATH, NOWAIT, WILLNEED, DONTNEED, CACHESTAT = "/usr/bin/env", 8, 3, 4, 451
COLD, PAGEOUT, POPULATE = 20, 21, 22


def mapped(fd):
    return libc.mmap(
        None, ctypes.c_size_t(mmap.PAGESIZE), mmap.PROT_READ, mmap.MAP_SHARED, fd, ctypes.c_long(0)
    )


def in_core(fd):
    there = ctypes.create_string_buffer(1)
    if libc.mincore(ctypes.c_void_p(mapped(fd)), ctypes.c_size_t(mmap.PAGESIZE), there) == 0:
        through(f"mincore says {there.raw!r}")


def advise_memory(fd):
    for advice in (WILLNEED, COLD, PAGEOUT, POPULATE):
        if libc.madvise(ctypes.c_void_p(mapped(fd)), ctypes.c_size_t(mmap.PAGESIZE), advice) == 0:
            through(f"madvise does {advice}")


def count(fd):
    if libc.syscall(CACHESTAT, fd, (ctypes.c_uint64 * 2)(0, 4096), (ctypes.c_uint64 * 5)(), 0) == 0:
        through("cachestat counts")


def carry(*arguments, **keywords):
    acts = {
        "read if there": lambda fd: os.preadv(fd, [bytearray(1)], 0, NOWAIT),
        "fill": lambda fd: os.posix_fadvise(fd, 0, 0, WILLNEED),
        "empty": lambda fd: os.posix_fadvise(fd, 0, 0, DONTNEED),
    }
    fd = os.open(PATH, os.O_RDONLY)
    for name, act in acts.items():
        try:
            through(f"{name}: {act(fd)}")
        except OSError as error:
            print(name, error)
    for act in (in_core, advise_memory, count):
        act(fd)
    if libc.readahead(fd, ctypes.c_long(0), ctypes.c_size_t(1)) == 0:
        through("read ahead")
    os.close(fd)


functions_do(carry)
