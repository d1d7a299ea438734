"""A platform for which assignments are handed out, and what is in every zip."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from coursekit.build import stale
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_bytes
from coursekit.core.zips import packed
from coursekit.grading import find_data
from coursekit.grading.autograder import MANIFEST

README = "README.txt"


@dataclass(frozen=True)
class Released:
    """An assignment's release. title: as students know it. files: the notebook and all that goes with it, by name.

    others: the names without the notebook. url: the address of a folder with the files, or empty.
    """

    assignment: Assignment
    title: str
    files: dict[str, bytes]
    dataset: str
    url: str = ""

    @classmethod
    def read(cls, assignment: Assignment, url: str = "") -> Released:
        """The release, if it is what the build makes of the source today. Raises CourseError."""
        kinds = (f"release/{assignment.name}/", f"autograder/{assignment.name}/{MANIFEST}")
        outdated = [name for name in stale(assignment) if name.startswith(kinds)]
        if outdated:
            raise CourseError(
                f"{', '.join(outdated[:3])} is not what the source gives: run 'coursekit build {assignment.name}', "
                "and remove what does not belong there."
            )
        manifest = json.loads((assignment.autograder / MANIFEST).read_text(encoding="utf-8"))
        names = [assignment.notebook_name, *manifest["answer_files"], *manifest["files"]]
        files = {name: (assignment.release / name).read_bytes() for name in names}
        return cls(assignment, manifest["title"], files, manifest["dataset"], url)

    @property
    def others(self) -> list[str]:
        return sorted(set(self.files) - {self.assignment.notebook_name})


class Platform(ABC):
    """A platform. To add one, put a module with a subclass into this folder."""

    name: ClassVar[str]
    """as in ``coursekit handout --for NAME``"""

    needs_url: ClassVar[bool] = False
    """whether the address of a folder with the files has to be known"""

    @abstractmethod
    def steps(self, released: Released) -> list[str]:
        """Where the teacher clicks: a step in each string."""

    def files(self, released: Released) -> dict[str, bytes]:
        """The zip's files, without the page for the teacher. Raises CourseError."""
        return dict(released.files)

    def write(self, released: Released, path: Path) -> None:
        """Write the zip. Raises CourseError."""
        if self.needs_url and not released.url:
            raise CourseError(
                f"For {self.name}, students' notebooks fetch the given files: say from where, with --url "
                "https://… (the address of a folder in which you put them)."
            )
        files = self.files(released)
        if README in files:
            raise CourseError(
                f"A given file can't be called {README}, as the page for the teacher is: rename it."
            )
        replace_bytes(path, packed({README: self._page(released).encode(), **files}))

    def _page(self, released: Released) -> str:
        """The page for the teacher."""
        steps = "".join(f"{number}. {step}\n" for number, step in enumerate(self.steps(released), 1))
        return (
            f"{released.title}, for {self.name}. This page is for the teacher; the rest is what students get.\n\n"
            f"{steps}\nThe zip has no tests but the visible ones in the notebook, and no solution.\n"
        )


def dataset_files(released: Released) -> dict[str, bytes]:
    """The files of the assignment's dataset, by name; none if it has none. Raises CourseError."""
    data = find_data(released.assignment.course, released.dataset)
    if data is None:
        return {}
    if data.warning:
        raise CourseError(
            f"There is only a substitute for the dataset here ({data.label}): run 'coursekit data'."
        )
    found = {path.name: path.read_bytes() for path in sorted(data.folder.iterdir()) if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(".")}
