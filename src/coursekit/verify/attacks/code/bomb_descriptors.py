"""Opens descriptors until none is left, in 60 processes, and keeps those of arrays that the grader hands over.

Holds: a limit on open files for each process; the grader's are its own.
Unsealed: no, it uses up what the machine shares
"""

import os
import time

kept = []


def hold():
    try:
        while True:
            kept.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        print(len(kept), error, flush=True)


def bomb(*arguments, **keywords):
    for _ in range(60):
        try:
            if os.fork() == 0:
                hold()
                time.sleep(10)
                os._exit(0)
        except OSError:
            break
    hold()
    return arguments


functions_do(bomb)
