"""Grade one submission in a sandbox, whatever it contains."""

from __future__ import annotations

from coursekit.core import quick_start as quick_start
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets.located import Located


def find_data(course: Course, dataset: str) -> Located | None:
    """The dataset of this name, as an assignment needs it, on this machine; None for an empty name.

    A dataset that is missing is prepared: without it, tests that train would give everyone zero points.
    Raises CourseError if that fails.
    """
    from rich.console import Console

    from coursekit.datasets import loading

    try:
        return loading.locate(course, dataset)
    except CourseError:
        return loading.prepare(course, dataset, progress=Console(stderr=True))
