"""Keeps a process of its own that collects all arguments through a pipe and prints them for as long as it lives.

Holds: output after the last visible test reaches no text that the student sees.
"""

import contextlib
import os
import time

reading, writing = os.pipe()

if os.fork() == 0:
    os.setsid()
    os.set_blocking(reading, False)
    kept = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(BlockingIOError):
            kept += os.read(reading, 1 << 16)
        os.write(1, b"collected: " + kept[-2000:] + b"\n")
        time.sleep(0.01)
    os._exit(0)


def send(*arguments, **keywords):
    os.write(writing, repr(arguments).encode()[:4000])
    time.sleep(0.1)
    return 0


functions_do(send)
