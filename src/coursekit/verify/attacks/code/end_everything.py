"""Sends SIGKILL to every process that it may send to, kill(-1), from a child that waits for the grader to be busy.

Holds: its own process namespace or Landlock's scope: the signal stays inside, and there is a result.
Unsealed: no, it would kill every process of the user
"""

import os
import signal
import time

# Only in a sandbox: there the first process is its init, or there is none to be seen.
with open("/proc/self/mountinfo") as file:
    sandboxed = not os.path.exists("/etc/passwd") and "/home/student" in file.read()


def kill(*arguments, **keywords):
    if sandboxed and os.fork() == 0:
        time.sleep(0.2)
        os.kill(-1, signal.SIGTERM)
        os.kill(-1, signal.SIGKILL)
    time.sleep(1)


functions_do(kill)
