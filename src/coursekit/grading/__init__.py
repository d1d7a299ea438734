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
    from coursekit.sandbox import backends as sandbox

    built = read_autograder(autograder, release)
    data = find_data(assignment.course, built)
    task = Task(built, Handed(student, submission), data)
    [(_, result, log)] = grade_tasks([task], sandbox.strongest(), jobs=1)
    return result, log


def find_data(course: Course, autograder: Autograder) -> Located | None:
    """The dataset that the assignment names, on this machine; None for an assignment that names none.

    A dataset that is not here yet is prepared: without it, tests that train would give everyone a zero.
    Raises CourseError when it can't be had.
    """
    from rich.console import Console

    from coursekit.datasets import loading

    try:
        return loading.locate(course, autograder.dataset)
    except CourseError:
        return loading.prepare(course, autograder.dataset, progress=Console(stderr=True))
