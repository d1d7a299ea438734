"""Grade submissions: sealed, one process each, whatever they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.datasets.located import Located

if TYPE_CHECKING:
    from coursekit.grading.autograder import Autograder


def grade_notebook(
    assignment: Assignment, autograder: Path, release: Path, submission: Path, *, student: str
) -> dict[str, Any]:
    """Grade one submission, a notebook or a folder, against a built autograder folder, as a whole class is graded.

    Returns its result. Raises CourseError when no sandbox works or the autograder is not there.
    """
    return grade_with_log(assignment, autograder, release, submission, student=student)[0]


def grade_with_log(
    assignment: Assignment, autograder: Path, release: Path, submission: Path, *, student: str
) -> tuple[dict[str, Any], str]:
    """As grade_notebook(), with the log for the instructor's eyes only."""
    from coursekit.executors.processes import Handed, Task, grade_tasks
    from coursekit.grading.autograder import read_autograder
    from coursekit.sandbox import choose as sandbox

    built = read_autograder(autograder, release)
    digits = find_data(assignment.course, built)
    task = Task(built, Handed(student, submission), digits)
    [(_, result, log)] = grade_tasks([task], sandbox.strongest(), jobs=1)
    return result, log


def find_data(course: Course, autograder: Autograder) -> Located | None:
    """The folder with the digits and what they are, for an assignment that hands out digits.py; else None.

    Where there are none yet they are fetched or made, since tests that train would give everyone a zero.
    Raises CourseError when the digits are damaged or can't be written.
    """
    from rich.console import Console

    from coursekit.datasets import mnist as data

    if not (autograder.files / "digits.py").exists():
        return None
    try:
        return data.where(course).located()
    except CourseError:
        return data.prepare(course, progress=Console(stderr=True)).located()
