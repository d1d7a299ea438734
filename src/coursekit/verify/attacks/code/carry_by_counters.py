"""Reads the kernel's counters for the whole machine, in /proc and by calls, while it makes them change.

Holds: /proc shows only the sandbox's own processes, and the system call filter refuses the calls.
"""

import ctypes
import os
import shutil
import subprocess

COUNTERS = """
    stat loadavg meminfo vmstat uptime interrupts softirqs diskstats zoneinfo buddyinfo locks pressure/cpu
    sys/kernel/pty/nr sys/fs/file-nr sys/fs/inode-nr sys/fs/dentry-state key-users slabinfo schedstat
""".split()


def read():
    found = {}
    for name in COUNTERS:
        try:
            with open(f"/proc/{name}") as file:
                found[name] = file.read(4096)
        except OSError as error:
            print(name, error)
    return found


def carry(*arguments, **keywords):
    before = read()
    kept = [os.pipe() for _ in range(40)]
    subprocess.run(["true"], check=False)
    for name, text in read().items():
        if text != before.get(name):
            through(f"{name} tells: {text[:60]!r}")
    for fd in sum(kept, ()):
        os.close(fd)
    if ctypes.CDLL(None).sysinfo(ctypes.create_string_buffer(256)) == 0:
        through("sysinfo tells of memory and load")
    try:
        through(f"the disk has room for {shutil.disk_usage('/usr').free}")
    except OSError as error:
        print(error)


functions_do(carry)
