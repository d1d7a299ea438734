"""The memory of this container: how much it may use, and how many of its processes were ended for using more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psutil

CGROUPS, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")


def limit() -> int:
    """The bytes that this container, or at least this machine, has."""
    return min(
        [int(psutil.virtual_memory().total), *_numbers("memory.max"), *_numbers("memory.limit_in_bytes")]
    )


def killed() -> int:
    """How many processes the kernel has ended so far because the container's memory was full; 0 if it does not tell."""
    return max([0, *_numbers("memory.events", "oom_kill "), *_numbers("memory.oom_control", "oom_kill ")])


def _numbers(name: str, key: str = "") -> Iterator[int]:
    """The number in each of the files of this name that may be this container's, in either version of cgroups."""
    for folder in _folders():
        try:
            text = (folder / name).read_text()
        except OSError:
            continue
        if found := re.search(rf"^{key}(\d+)$", text, re.MULTILINE):
            yield int(found[1])


def _folders() -> Iterator[Path]:
    """Where a container sees its own cgroup: at the top, or below it at the path that the kernel names."""
    try:
        lines = OWN.read_text().splitlines()
    except OSError:
        lines = []
    paths = [line.split(":", 2)[2].strip("/") for line in lines if re.match(r"0::|\d+:[^:]*\bmemory\b", line)]
    for top in (CGROUPS, CGROUPS / "memory"):
        yield top
        yield from (top / path for path in paths if path)
