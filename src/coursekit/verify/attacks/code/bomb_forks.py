"""Forks again and again, at most 2,000 times, each child for at most 20 seconds.

Holds: a limit on the processes of the sandbox's own user; its end ends them all.
Unsealed: no, a fork bomb
"""

import os
import time


def bomb(*arguments, **keywords):
    end = time.monotonic() + 20
    for _ in range(2000):
        try:
            if os.fork() == 0:
                time.sleep(max(0, end - time.monotonic()))
                os._exit(0)
        except BlockingIOError:
            time.sleep(0.01)


bomb() if os.fork() == 0 else None
functions_do(bomb)
