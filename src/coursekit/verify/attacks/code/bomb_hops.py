"""Leaves processes behind that do nothing but fork and end: whoever looks for one finds that it has just gone.

Holds: the watcher keeps those that have ended until all have, so they run out of processes.
Unsealed: no, it leaves processes running for 60 seconds
"""

import subprocess
import sys

HOP = "import os, time\nend = time.time() + 60\nwhile time.time() < end:\n if os.fork() > 0: os._exit(0)"


def leave(*arguments, **keywords):
    for _ in range(8):
        try:
            subprocess.Popen([sys.executable, "-ISc", HOP], start_new_session=True)
        except OSError as error:
            print(error)
            break
    return 0


functions_do(leave)
