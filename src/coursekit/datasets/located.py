"""A dataset that was found on this machine: plain data, which can be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Located:
    """The folder of a dataset, and the texts that describe it."""

    folder: Path

    variable: str
    """the environment variable by which a student's code finds the folder"""

    label: str
    """its name in results, such as "Irises\""""

    note: str = ""
    """a sentence for the student, below their feedback"""

    warning: str = ""
    """for a substitute dataset: continues "3 of 10 were …" in the class's table"""
