"""Datasets that assignments train on: found on this machine, or put there first.

The tool has none of its own. A course brings each in a Python file of its own, ``data/<name>.py``, and an assignment
names it in its notebook's metadata.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.datasets.located import Located

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Dataset", "Located"]


class Dataset(ABC):
    """One dataset of a course. The file ``data/<name>.py`` defines an instance called DATASET."""

    label: str
    """what results call it, such as "Irises\""""

    variable: str
    """the environment variable by which a student's code finds the folder, such as "IRISES_DIR\""""

    note: str = ""
    """a sentence for the student, below their feedback"""

    @abstractmethod
    def locate(self, data: Path) -> Located:
        """Find the dataset on this machine, without the network. `data` is the course's folder ``data/``.

        Raises CourseError, which says what to do, when it is missing or damaged.
        """

    def prepare(self, data: Path, *, offline: bool = False, progress: Console | None = None) -> Located:
        """Make sure that the dataset is on this machine, and find it. By default it has to be there already.

        `offline` leaves the network alone. `progress` is where to say what happens (nothing by default).
        Raises CourseError when the dataset can't be had.
        """
        return self.locate(data)

    def at(self, folder: Path) -> Located:
        """The dataset as it is in `folder`."""
        return Located(folder, self.variable, self.label, self.note)
