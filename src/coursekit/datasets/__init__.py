"""Datasets that assignments train on: found on this machine, or put there first.

coursekit has no dataset of its own. A course defines each in a Python file, ``data/<name>.py``, and an assignment names
it in its notebook's metadata.
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
    """its name in results, such as "Irises\""""

    variable: str
    """the environment variable by which a student's code finds the folder, such as "IRISES_DIR\""""

    note: str = ""
    """a sentence for the student, below their feedback"""

    @abstractmethod
    def locate(self, data: Path) -> Located:
        """Find the dataset on this machine, without the network. `data` is the course's folder ``data/``.

        When it is missing or damaged, raises a CourseError that says what to do.
        """

    def prepare(self, data: Path, *, offline: bool = False, progress: Console | None = None) -> Located:
        """Make sure that the dataset is on this machine, and find it. By default it must be there already.

        With `offline`, the network is not used. Progress is shown on `progress`, by default nowhere. Raises
        CourseError when the dataset is not available.
        """
        return self.locate(data)

    def at(self, folder: Path) -> Located:
        """The dataset as it is in `folder`."""
        return Located(folder, self.variable, self.label, self.note)
