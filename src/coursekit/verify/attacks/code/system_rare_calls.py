"""Makes rarely used system calls by number: old ones that nobody thinks of, and the newest.

Holds: the system call filter is a list of allowed calls; any other call seems not to exist.
"""

import ctypes
import errno
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
OLD = {
    "modify_ldt": 154,
    "vmsplice": 278,
    "io_setup": 206,
    "splice": 275,
    "remap_file_pages": 216,
    "mbind": 237,
}
NEW = {
    "openat2": 437,
    "process_mrelease": 448,
    "cachestat": 451,
    "fchmodat2": 452,
    "map_shadow_stack": 453,
    "futex_wake": 454,
    "statmount": 457,
    "listmount": 458,
    "lsm_get_self_attr": 459,
    "lsm_list_modules": 461,
    "setxattrat": 463,
    "getxattrat": 464,
    "open_tree_attr": 467,
    "file_getattr": 468,
    "file_setattr": 469,
}


def call(*arguments, **keywords):
    known = NEW | (OLD if platform.machine() == "x86_64" else {})
    for name, number in known.items():
        failed = libc.syscall(number, *[0] * 6) < 0
        if not failed or ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM):
            through(f"{name} reaches the kernel: {os.strerror(ctypes.get_errno()) if failed else 'done'}")


functions_do(call)
