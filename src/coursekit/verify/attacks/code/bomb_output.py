"""Prints without end to descriptors 1 and 2, from Python, from below it and from its children, for 20 seconds.

Holds: output above the cap is dropped and read slowly, so it costs the grader neither memory nor time.
Unsealed: no, endless output
"""

import os
import sys
import time


def flood(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        os.write(1, b"\x00\xff" * 32768)
        os.write(2, b"passed\n" * 10000)
        print("x" * 100_000, flush=True)
        sys.__stderr__.write("y" * 100_000)


def bomb(*arguments, **keywords):
    if os.fork() == 0:
        flood(20)
        os._exit(0)
    flood(20)


functions_do(bomb)
bomb() if os.fork() == 0 else None
