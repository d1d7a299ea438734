"""Leaves daemons behind that survive their parents: forked twice, in sessions of their own, deaf to signals.

Holds: the sandbox's end ends every process in it, whoever its parent is.
Unsealed: no, it leaves processes running for 60 seconds
"""

import os
import signal
import time


def daemon():
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    os.chdir("/")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with open("/tmp/coursekit-loot", "a") as file:
                file.write(f"a daemon lives {time.time()}\n")
        except OSError:
            pass
        time.sleep(1)
    os._exit(0)


def leave(*arguments, **keywords):
    daemon()
    return 0


daemon()
functions_do(leave)
