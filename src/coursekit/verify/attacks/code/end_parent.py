"""Kills, stops and resumes its parents and the first processes of the sandbox, by number and by name.

Holds: processes outside the sandbox cannot be named there; its own parent's end costs a restart, three times.
Unsealed: no, it would kill the grader
"""

import glob
import os
import signal


def name(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read()


def attack(*arguments, **keywords):
    pids = [int(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*/cmdline")]
    for pid in [os.getppid(), *pids]:
        try:
            if pid != os.getpid() and ("coursekit" in name(pid) or "jail.py" in name(pid)):
                for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
                    os.kill(pid, number)
        except OSError as error:
            print(pid, error)


functions_do(attack)
