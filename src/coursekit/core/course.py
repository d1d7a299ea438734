"""Where things are: the course's folders, and one assignment's files in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.core.errors import CourseError


@dataclass(frozen=True)
class Assignment:
    """One assignment's paths. The folder, the notebook and the assignment share one name."""

    course: Course
    name: str

    @property
    def notebook_name(self) -> str:
        return f"{self.name}.ipynb"

    @property
    def source(self) -> Path:
        """The instructor's folder: the only one that people edit."""
        return self.course.root / "source" / self.name

    @property
    def release(self) -> Path:
        return self.course.root / "release" / self.name

    @property
    def solution(self) -> Path:
        return self.course.root / "solutions" / self.name

    @property
    def autograder(self) -> Path:
        return self.course.root / "autograder" / self.name

    def description(self) -> dict[str, Any]:
        """What the build says of it, such as its title and questions; empty if it is not built, or damaged."""
        try:
            found = json.loads((self.autograder / "assignment.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def collected(self) -> Path:
        return self.course.collected / self.name

    @property
    def results(self) -> Path:
        return self.course.root / "results" / self.name

    @property
    def feedback(self) -> Path:
        return self.course.root / "feedback" / self.name

    @property
    def exported(self) -> Path:
        """What goes to learning platforms."""
        return self.course.root / "exported" / self.name


@dataclass(frozen=True)
class Course:
    """A course: the folder that holds ``source/``."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course that contains `start` (by default the working folder).

        Raises CourseError if neither it nor a folder above it holds ``source/``.
        """
        start = (start or Path.cwd()).resolve()
        for folder in [start, *start.parents]:
            if (folder / "source").is_dir():
                return cls(folder)
        raise CourseError(
            f"{start} is not in a course: no folder 'source' here or above. Run this inside a course."
        )

    @property
    def submitted(self) -> Path:
        return self.root / "submitted"

    @property
    def collected(self) -> Path:
        """Every attempt of everybody; what counts of it is in `submitted`."""
        return self.root / "collected"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def assignments(self) -> list[Assignment]:
        """Every assignment with a source notebook, by name."""
        notebooks = sorted((self.root / "source").glob("*/*.ipynb"))
        return [Assignment(self, path.stem) for path in notebooks if path.stem == path.parent.name]

    def assignment(self, name: str) -> Assignment:
        """The assignment called `name`. Raises CourseError, with the known names, if there is none."""
        known = self.assignments()
        for assignment in known:
            if assignment.name == name:
                return assignment
        names = ", ".join(a.name for a in known) or "none yet"
        raise CourseError(f"There is no assignment {name!r} in {self.root / 'source'}: there are {names}.")
