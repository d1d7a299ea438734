"""Tells the process that forks the test cases a call's arguments: by signals, shared memory, locks, file times.

Holds: the next test case may know what the previous one knew, but no text of a hidden test shows it.
"""

import fcntl
import mmap
import os
import signal
import time

note = open("/dev/shm/coursekit-attack", "w+b")  # noqa: SIM115
note.truncate(1 << 16)
shared = mmap.mmap(note.fileno(), 1 << 16)
heard = []
signal.signal(signal.SIGUSR1, lambda *anything: heard.append(time.monotonic()))


def tell(*arguments, **keywords):
    known = bytes(shared).rstrip(b"\0")
    loot(f"known from others: {known[-1000:]!r} {heard} {os.stat('/dev/shm').st_mtime_ns}")
    text = (known + repr(arguments).encode() + b"\n")[-(1 << 15) :]
    shared[: len(text)] = text
    os.kill(os.getppid(), signal.SIGUSR1)
    fcntl.lockf(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.utime("/dev/shm/coursekit-attack", ns=(len(text), len(text)))
    raise NotImplementedError(f"known: {known[-500:]!r}")


functions_do(tell)
