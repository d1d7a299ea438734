"""Code that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress

at_a_time = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=os.cpu_count() or 1,
    show_default="cores",
    help="Number of submissions to grade at a time.",
)
"""the option of a command that grades"""


def chosen(course: Course, names: tuple[str, ...]) -> list[Assignment]:
    """The assignments with these names, or all of them. Raises CourseError."""
    found = [course.assignment(name) for name in names] or course.assignments()
    if not found:
        raise CourseError(f"{course.root / 'source'} contains no assignment yet.")
    return found


@contextmanager
def status() -> Iterator[Progress]:
    """A line on the terminal that shows what is going on; without a terminal, nothing."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: None
        return
    with console.status("") as line:
        yield line.update
