"""Reads its parents' memory by process_vm_readv and ptrace, called by number.

Holds: the system call filter refuses both; in a process namespace it cannot name the grader.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
PROCESS_VM_READV, PTRACE = 310, 101  # x86-64
ATTACH, PEEK, SEIZE = 16, 2, 0x4206


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def read(pid, address, size):
    buffer = ctypes.create_string_buffer(size)
    here, there = Piece(ctypes.addressof(buffer), size), Piece(address, size)
    count = libc.syscall(PROCESS_VM_READV, pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    return buffer.raw[:count] if count > 0 else os.strerror(ctypes.get_errno())


def look(*arguments, **keywords):
    address = id(FUNCTIONS)  # forked processes share a layout
    for pid in {1, 2, os.getppid(), *range(max(1, os.getpid() - 20), os.getpid())}:
        found = read(pid, address - 4096, 65536)
        (loot if isinstance(found, bytes) else print)(f"{pid}: {found!r}"[:3000])
        for request in (SEIZE, PEEK):
            if libc.syscall(PTRACE, request, pid, ctypes.c_void_p(address), 0) >= 0:
                loot(f"{pid} could be traced by request {request:#x}")


functions_do(look)
