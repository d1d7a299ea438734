"""Reaches for the warm process and what sandboxes forked from it could share: its sockets, /proc below, mounts, memory.

Holds: nothing of the warm process's is open or has a name inside; every right to undo a mount is given up before.
Unsealed: no, there is no such process
"""

import ctypes
import glob
import json
import os
import socket
import stat

import matplotlib

libc = ctypes.CDLL(None, use_errno=True)
REQUEST = json.dumps(
    {"warm": "full", "uid": 0, "rlimits": {}, "seccomp": None, "landlock": None, "probe": None}
)
DETACH, PR_CAPBSET_READ, PR_CAP_AMBIENT = 2, 23, 47


def reach(*arguments, **keywords):
    for name in os.listdir("/proc/self/fd"):
        try:
            kind = os.fstat(int(name)).st_mode
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
        if stat.S_ISDIR(kind) and not target.startswith(("/proc", "/home/student")):
            through(f"the folder {target} is open")
        if stat.S_ISSOCK(kind):
            with socket.socket(fileno=os.dup(int(name))) as sock:
                if sock.type == socket.SOCK_SEQPACKET:
                    through("the warm process's socket is open")
                    socket.send_fds(sock, [REQUEST.encode()], [0, 1, 2])
    home = os.path.realpath(os.environ.get("HOME", "/"))
    for folder in (matplotlib.get_configdir(), get_ipython().ipython_dir, get_ipython().profile_dir.location):
        if os.path.commonpath([home, os.path.realpath(folder)]) != home:
            try:
                open(os.path.join(folder, "left"), "w").close()
                through(f"a folder of the warm process's can be written: {folder}")
            except OSError as error:
                print(folder, error)
    for path in ("/proc", "/tmp", "/dev/shm", home):
        if libc.umount2(path.encode(), DETACH) == 0:
            through(f"{path} was unmounted: what is below is the warm process's")
    if any(libc.prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1 for number in (5, 8, 21)) and os.getuid() == 0:
        through("a program that root starts could have capabilities")
    for number in (5, 6, 7, 8, 21):
        if libc.prctl(PR_CAP_AMBIENT, 2, number, 0, 0) == 0:
            through(f"capability {number} can be handed on")
    seen = [int(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*/stat")]
    for pid in {*seen, 0, 1, 2, os.getppid()} - {os.getpid()}:
        for name in ("root/masks", "cwd", "fd", "mem"):
            try:
                os.stat(f"/proc/{pid}/{name}")
                print("seen:", pid, name)
            except OSError as error:
                print(pid, name, error)
    for path in ("/masks", "/masks/hidden", "/masks/empty"):
        try:
            os.open(path + "/x" if path != "/masks/hidden" else path, os.O_WRONLY | os.O_CREAT)
            through(f"{path} can be written")
        except OSError as error:
            print(path, error)
    return 0


functions_do(reach)
