"""Grade one submission in a sandbox, whatever it contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.core import quick_start as quick_start
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets.located import Located

if TYPE_CHECKING:
    from coursekit.grading.autograder import Autograder


def find_data(course: Course, autograder: Autograder) -> Located | None:
    """The dataset that the assignment needs, on this machine; None for an assignment without one.

    A dataset that is missing is prepared: without it, tests that train would give everyone zero points.
    Raises CourseError if that fails.
    """
    from rich.console import Console

    from coursekit.datasets import loading

    try:
        return loading.locate(course, autograder.dataset)
    except CourseError:
        return loading.prepare(course, autograder.dataset, progress=Console(stderr=True))
