"""An assignment's known mistakes, each with a hint, and its variants: correct solutions in other styles.

They are beside the source notebook, in ``mistakes.py`` (MISTAKES) and ``variants.py`` (VARIANTS), and are never
released. A variant is a Student of `coursekit.samples` who loses nothing.
"""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.samples.students import Student

WHOLE_CELL = ("", "")


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make.

    name: short and unique. cell: the answer cell's grade_id, or the answer file's name. replace: (old, new) texts,
    applied to the worked solution's cell or file. question: the one that must fail. hint: what a good teacher would
    say, without any value that a test expects. also: other questions that must fail with it.
    """

    name: str
    cell: str
    replace: tuple[tuple[str, str], ...]
    question: str
    hint: str
    also: frozenset[str] = frozenset()

    def as_student(self, worked: Mapping[str, str]) -> Student:
        """A student who makes the mistake in the `worked` texts. Raises CourseError if it does not fit them."""
        source = worked.get(self.cell)
        if source is None:
            raise CourseError(
                f"The mistake {self.name} changes {self.cell!r}, but no cell or file has that name."
            )
        for old, new in self.replace:
            if old not in source:
                raise CourseError(f"The mistake {self.name} replaces {old!r}, which is not in {self.cell!r}.")
            source = source.replace(old, new)
        loses = self.also | {self.question}
        if self.cell.endswith(".py"):
            return Student(self.name, self.hint, files={self.cell: source}, loses=loses)
        return Student(self.name, self.hint, answers={self.cell: source}, loses=loses)


@dataclass(frozen=True)
class Equivalent:
    """Why no test needs to catch some mutants: they make no difference, or they are correct too.

    cell: the answer cell's grade_id. changes: (old, new) lines, as the command prints them; by default all mutants of
    the cell, which no test reads. reason: one for all of them.
    """

    cell: str
    reason: str
    changes: tuple[tuple[str, str], ...] = (WHOLE_CELL,)


def read_mistakes(assignment: Assignment) -> list[Mistake]:
    """The assignment's known mistakes; empty if it has no mistakes.py."""
    return _read(assignment, "mistakes.py", "MISTAKES")


def read_variants(assignment: Assignment) -> list[Student]:
    """The assignment's correct variants; empty if it has no variants.py."""
    return _read(assignment, "variants.py", "VARIANTS")


def _read(assignment: Assignment, file: str, name: str) -> list[Any]:
    path = assignment.source / file
    if not path.is_file():
        return []
    found = runpy.run_path(str(path)).get(name)
    if not isinstance(found, list):
        raise CourseError(f"{path} defines no list {name}.")
    doubled = {one.name for one in found if sum(other.name == one.name for other in found) > 1}
    if doubled:
        raise CourseError(f"{path} uses the name {sorted(doubled)[0]!r} twice.")
    return found
