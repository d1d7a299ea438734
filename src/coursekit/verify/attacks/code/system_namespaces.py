"""Makes namespaces of its own and mounts there: unshare, clone, setns, mount, pivot_root, chroot, fsopen.

Holds: the system call filter refuses all of them, and the process has no right to any.
Unsealed: no, as root it would change mounts
"""

import ctypes
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
PIVOT_ROOT, CLONE3, OPEN_TREE, FSOPEN, MOVE_MOUNT = 155, 435, 428, 430, 429  # x86-64
FLAGS = {"user": 0x10000000, "mounts": 0x20000, "processes": 0x20000000, "network": 0x40000000, "time": 0x80}


def tried(what, result):
    if result >= 0:
        loot(f"{what} worked")
    else:
        print(what, os.strerror(ctypes.get_errno()))
    return result


def unshare(*arguments, **keywords):
    if os.fork() == 0:
        for name, flag in FLAGS.items():
            tried(f"unshare {name}", libc.unshare(flag))
            stack = ctypes.create_string_buffer(1 << 16)
            child = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(lambda nothing: 0)
            top = ctypes.addressof(stack) + (1 << 16) - 16
            tried(f"clone {name}", libc.clone(child, ctypes.c_void_p(top), flag | 17, None))
        for name in os.listdir("/proc/1/ns") if os.access("/proc/1/ns", os.R_OK) else []:
            tried(f"setns {name}", libc.setns(os.open(f"/proc/1/ns/{name}", os.O_RDONLY), 0))
        tried("mount", libc.mount(b"proc", b"/tmp", b"proc", 0, None))
        tried("remount", libc.mount(None, b"/", None, 32 | 4096, None))
        tried("umount", libc.umount2(b"/stage", 2))
        tried("chroot", libc.chroot(b"/tmp"))
        tried("pivot_root", libc.syscall(PIVOT_ROOT, b"/tmp", b"/tmp"))
        tried("fsopen", libc.syscall(FSOPEN, b"tmpfs", 0))
        tried("open_tree", libc.syscall(OPEN_TREE, -100, b"/", 1))
        arguments = (ctypes.c_uint64 * 8)(FLAGS["user"], 0, 0, 0, 17)
        if tried("clone3", libc.syscall(CLONE3, arguments, 64)) == 0:
            os._exit(0)
        subprocess.run(["unshare", "-Ur", "id"], check=False)
        os._exit(0)
    os.wait()


functions_do(unshare)
