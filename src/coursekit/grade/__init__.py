"""Grade submissions: sealed, one process each, whatever they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.course import Assignment, Course

if TYPE_CHECKING:
    from coursekit.grade.built import Autograder


def grade_notebook(
    assignment: Assignment, autograder: Path, release: Path, notebook: Path, *, student: str
) -> dict[str, Any]:
    """Grade one notebook against a built autograder folder, as the whole class is graded. Returns its result.

    Raises CourseError when no sandbox works or the autograder is not there.
    """
    from coursekit.grade.batch import Handed, grade_class
    from coursekit.grade.built import read_autograder
    from coursekit.sealed import sandbox

    built = read_autograder(autograder, release)
    digits = find_data(assignment.course, built)
    [(_, result)] = grade_class(built, [Handed(student, notebook)], sandbox.strongest(), digits, jobs=1)
    return result


def find_data(course: Course, autograder: Autograder) -> tuple[Path, str] | None:
    """The folder with the digits and what they are, for an assignment that hands out digits.py; else None.

    Raises CourseError when they are needed and missing: tests that train would give everyone a zero.
    """
    from coursekit import data

    return tuple(data.where(course)) if (autograder.files / "digits.py").exists() else None
