"""Becomes another user: root, the sandbox's owner, everyone; asks for capabilities, and for set-uid programs.

Holds: no capability is left, no new privileges can be gained, and calls that change the user are refused.
Unsealed: no, the user is what a container says
"""

import ctypes
import glob
import os
import stat
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
CAPSET, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_SET_SECUREBITS = 126, 8, 47, 28


def become(*arguments, **keywords):
    for uid in (0, 1000, 65534, os.getuid() - 1):
        for name in ("setuid", "seteuid", "setgid", "setfsuid"):
            if getattr(libc, name)(uid) == 0 and os.geteuid() != os.getuid():
                loot(f"{name}({uid}) worked")
        if libc.setresuid(uid, uid, uid) == 0 or libc.setgroups(1, (ctypes.c_uint * 1)(0)) == 0:
            loot(f"is {os.getresuid()} now")
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    if libc.syscall(CAPSET, header, data) == 0 or libc.prctl(PR_CAP_AMBIENT, 2, 21, 0, 0) == 0:
        loot("has capabilities")
    with open("/proc/self/status") as file:
        found = [line.split() for line in file if line.startswith(("CapEff", "CapPrm", "CapInh", "CapAmb"))]
    print(found)
    if any(int(value, 16) for name, value in found if name != "CapInh:"):
        loot(f"keeps capabilities: {found}")
    for path in glob.glob("/usr/bin/*"):
        if os.path.exists(path) and os.stat(path).st_mode & stat.S_ISUID:
            subprocess.run([path, "--version"], timeout=2, check=False, stdin=subprocess.DEVNULL)
            print(path)


functions_do(become)
