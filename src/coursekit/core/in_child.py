"""Run a function on untrusted data in a fork of this process, with a limit on its time and memory."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from coursekit.core.kernel import end_with_parent


def run_in_child(run: Callable[[], bytes], seconds: float, memory: int) -> bytes | None:
    """The result of `run` from a fork of this process; empty if the fork ended without one, None if time was up.

    memory: bytes of address space. The fork is the first to go if the whole machine runs out of memory.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            end_with_parent(signal.SIGKILL)
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            with contextlib.suppress(OSError):
                Path("/proc/self/oom_score_adj").write_text("900")
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(run())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as source:
            return _read_until(source, time.monotonic() + seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _read_until(pipe: BinaryIO, deadline: float) -> bytes | None:
    """Everything written into the pipe, or None if it is not closed by the deadline."""
    parts: list[bytes] = []
    while select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
        part = os.read(pipe.fileno(), 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None
