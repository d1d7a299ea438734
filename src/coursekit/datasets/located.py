"""A dataset that was found on this machine: plain data, which can be sent to whoever grades with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Located:
    """The folder of a dataset, and what to say of it."""

    folder: Path

    variable: str
    """the environment variable by which a student's code finds the folder"""

    label: str
    """what results call it, such as "Irises\""""

    note: str = ""
    """a sentence for the student, below their feedback"""

    warning: str = ""
    """of a substitute: how "3 of 10 were …" goes on in the table of the class"""
