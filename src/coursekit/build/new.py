"""Start an assignment: a small complete one from the template, for the author to change piece by piece."""

from __future__ import annotations

import re
from pathlib import Path

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError

TEMPLATE = Path(__file__).parent / "template"
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def create(course: Course, name: str) -> Assignment:
    """Write ``source/<name>/``: a notebook with one question, two known mistakes, a variant and a sample class.

    Raises CourseError when the name is not valid, or already taken.
    """
    if not NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} can't be an assignment's name: use lower-case letters, digits and underscores, a letter first."
        )
    assignment = Assignment(course, name)
    if assignment.source.exists():
        raise CourseError(f"{assignment.source} already exists.")
    title = name.replace("_", " ").capitalize()
    assignment.source.mkdir(parents=True)
    for path in sorted(TEMPLATE.iterdir()):
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace("TITLE", title).replace("NAME", name)
            target = assignment.notebook_name if path.suffix == ".ipynb" else path.name
            (assignment.source / target).write_text(text, encoding="utf-8")
    return assignment
