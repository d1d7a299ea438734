"""Executors: they run the grading jobs. Each file defines one."""

from __future__ import annotations

import sys
from pathlib import Path

from coursekit.core import plugins
from coursekit.executors.base import Executor

DEFAULT = "processes"


def executors() -> dict[str, Executor]:
    """All executors in this folder."""
    return plugins.find(sys.modules[__name__], Executor)


def cluster(on: str, tls: Path | None = None, insecure: bool = False) -> Executor:
    """The executor for a Dask cluster at that address; see dask.connecting.connect()."""
    from coursekit.executors.dask import Dask

    found = Dask()
    found.on, found.tls, found.insecure = on, tls, insecure
    return found


def executor(name: str = DEFAULT, workers: int = 1) -> Executor:
    """The executor with that name and number of workers."""
    found = executors()[name]
    found.workers = workers
    return found
