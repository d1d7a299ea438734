"""A process's ancestors and descendants, read from /proc one by one: psutil looks at all processes of the machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psutil

MAX_DEPTH = 100


def ancestors(pid: int) -> Iterator[int]:
    """The pid of its parent, that one's parent and so on; ends where one has ended."""
    for _ in range(MAX_DEPTH):
        try:
            # The name, in brackets, may be anything; behind it come the state and the parent.
            pid = int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            return
        if pid <= 0:
            return
        yield pid


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
