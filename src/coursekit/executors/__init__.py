"""Executors: where jobs are worked through. Each file is one way."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.executors.base import Executor

DEFAULT = "processes"


def executors() -> dict[str, Executor]:
    """All executors of this folder."""
    return plugins.find(sys.modules[__name__], Executor)


def executor(name: str = DEFAULT, workers: int = 1) -> Executor:
    """The executor of that name, with so many workers."""
    found = executors()[name]
    found.workers = workers
    return found
