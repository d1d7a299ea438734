"""Makes system calls that exploits begin with: keyctl, bpf, io_uring, perf, userfaultfd, modules, handles, by number.

Holds: the system call filter refuses each of them.
Unsealed: no, as root it would reach the kernel
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {  # x86-64
    "keyctl": (250, 0, -3, 0),
    "add_key": (248, b"user", b"coursekit-attack", b"x", 1, -3),
    "request_key": (249, b"user", b"coursekit-attack", None, -3),
    "bpf": (321, 0, ctypes.create_string_buffer(128), 128),
    "perf_event_open": (298, ctypes.create_string_buffer(b"\1\0\0\0\x80" + bytes(123)), 0, -1, -1, 0),
    "userfaultfd": (323, 1),
    "io_uring_setup": (425, 8, ctypes.create_string_buffer(120)),
    "name_to_handle_at": (303, -100, b"/", ctypes.create_string_buffer(b"\x80" + bytes(200)), bytes(8), 0),
    "open_by_handle_at": (304, 3, ctypes.create_string_buffer(b"\x08\0\0\0\1\0\0\0" + bytes(8)), 0),
    "fanotify_init": (300, 0, 0),
    "finit_module": (313, 0, b"", 0),
    "kexec_load": (246, 0, 0, None, 0),
    "pidfd_open": (434, 1, 0),
    "pidfd_getfd": (438, 3, 1, 0),
    "process_madvise": (440, 3, None, 0, 4, 0),
    "kcmp": (312, 1, 2, 0, 0, 0),
    "acct": (163, b"/tmp/coursekit-attack"),
    "swapon": (167, b"/tmp/coursekit-attack", 0),
    "syslog": (103, 10, None, 0),
    "quotactl": (179, 0x80000700, None, 0, None),
    "mknod": (133, b"/tmp/coursekit-attack-disk", 0o60666, 0x800),
    "settimeofday": (164, 1, None),
    "personality": (135, 0x0040000),
}


def call(*arguments, **keywords):
    for name, numbers in CALLS.items():
        if libc.syscall(*numbers) >= 0:
            loot(f"{name} is allowed")
        else:
            print(name, os.strerror(ctypes.get_errno()))


functions_do(call)
