"""Stops its own process, its parent that would fork the next test case, and ignores every signal.

Holds: the grader sets time limits for test cases and forks, and can kill a stopped process.
Unsealed: no, it would stop the grader
"""

import contextlib
import os
import signal


def stop(*arguments, **keywords):
    for number in range(1, 65):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    with open(f"/proc/{os.getppid()}/cmdline") as file:
        if "jail.py" in file.read():
            os.kill(os.getppid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)


functions_do(stop)
