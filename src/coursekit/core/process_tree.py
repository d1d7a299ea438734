"""A process's ancestors and descendants, read from /proc one by one: psutil looks at all processes of the machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psutil

MAX_DEPTH = 100
PARENT, STARTED = 1, 19
"""places in /proc/<pid>/stat, counted from the state"""


def ancestors(pid: int) -> Iterator[int]:
    """The pid of its parent, that one's parent and so on; ends where one has ended."""
    for _ in range(MAX_DEPTH):
        pid = _of_stat(pid, PARENT)
        if pid <= 0:
            return
        yield pid


def started(pid: int) -> int:
    """When a process started, in ticks since the machine did; 0 if there is none."""
    return _of_stat(pid, STARTED)


def _of_stat(pid: int, field: int) -> int:
    """A number of /proc/<pid>/stat, by its place behind the name, which is in brackets and may be anything; 0 if there
    is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[field])
    except (OSError, ValueError, IndexError):
        return 0


def descendants(pid: int) -> list[psutil.Process]:
    """The processes below it that are running or have not been waited for."""
    if not Path(f"/proc/{pid}/task/{pid}/children").exists():  # not in every kernel
        with contextlib.suppress(psutil.Error):
            return list(psutil.Process(pid).children(recursive=True))
        return []
    found: list[psutil.Process] = []
    pending = [pid]
    while pending:
        one = pending.pop()
        pending += _children(one)
        with contextlib.suppress(psutil.Error):
            if one != pid:
                found.append(psutil.Process(one))
    return found


def _children(pid: int) -> list[int]:
    """The pids of all its threads' children; none if it has ended."""
    found: list[int] = []
    tasks = Path(f"/proc/{pid}/task")
    with contextlib.suppress(OSError):
        for thread in os.listdir(tasks):  # noqa: PTH208 -- names are enough
            with contextlib.suppress(OSError):
                found += map(int, (tasks / thread / "children").read_text().split())
    return found
