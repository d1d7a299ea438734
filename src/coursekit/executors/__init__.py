"""Executors: they run the grading jobs. Each file defines one."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.executors.base import Executor

DEFAULT = "processes"


def executors() -> dict[str, Executor]:
    """All executors in this folder."""
    return plugins.find(sys.modules[__name__], Executor)


def executor(name: str = DEFAULT, workers: int = 1) -> Executor:
    """The executor with that name and number of workers."""
    found = executors()[name]
    found.workers = workers
    return found
