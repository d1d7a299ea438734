"""Run a function in a fork of this process, which is killed when its time is up."""

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

import psutil

from coursekit.core.errors import CaseEnded
from coursekit.core.kernel import end_with_parent

TEST_MEMORY = min(12 << 30, max(4 << 30, psutil.virtual_memory().total))
"""bytes of address space for a test's own work on a student's values"""


def run_in_child(run: Callable[[], bytes], seconds: float) -> bytes:
    """The result of `run`, never empty, from a fork of this process that is killed after `seconds`.

    A student's value can keep the test itself busy where no signal interrupts it, or fill the memory. Then only this
    fork is killed, even if the whole machine runs out of memory. Raises CaseEnded.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            end_with_parent(signal.SIGKILL)
            resource.setrlimit(resource.RLIMIT_AS, (TEST_MEMORY, TEST_MEMORY))
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
            found = _read_until(source, time.monotonic() + seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if found is None:
        raise CaseEnded(
            "endless",
            "the test did not finish in time: your code returned something endless, such as an endless generator",
        )
    if not found:
        raise CaseEnded(
            "unusable",
            "your code returned a value that cannot be checked: it is too large for the test's memory",
        )
    return found


def _read_until(pipe: BinaryIO, deadline: float) -> bytes | None:
    """Everything written into the pipe, or None if it is not closed by the deadline."""
    parts: list[bytes] = []
    while select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
        part = os.read(pipe.fileno(), 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None
