"""Asks for memory, up to 8 GiB, in one process and in eight, and writes to it.

Holds: each process has a limit on its address space; all together are watched, and ended above their limit.
Unsealed: no, a memory bomb
"""

import os
import time

import numpy as np


def fill(gibibytes):
    held = []
    for _ in range(gibibytes * 8):
        try:
            held.append(np.ones((128 << 20) // 8))
        except MemoryError:
            break
        time.sleep(0.01)
    time.sleep(5)


def bomb(*arguments, **keywords):
    for _ in range(8):
        if os.fork() == 0:
            fill(1)
            os._exit(0)
    fill(8)
    return np.ones(1 << 24)


functions_do(bomb)
