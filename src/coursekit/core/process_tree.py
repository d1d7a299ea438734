"""A process's ancestors and descendants, read from /proc one by one: psutil looks at all processes of the machine."""

from __future__ import annotations

import contextlib
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
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                pending += map(int, path.read_text().split())
        with contextlib.suppress(psutil.Error):
            if one != pid:
                found.append(psutil.Process(one))
    return found
