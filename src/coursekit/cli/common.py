"""What several commands share."""

from __future__ import annotations

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError


def chosen(course: Course, names: tuple[str, ...]) -> list[Assignment]:
    """The assignments of these names, or all. Raises CourseError."""
    found = [course.assignment(name) for name in names] or course.assignments()
    if not found:
        raise CourseError(f"{course.root / 'source'} holds no assignment yet.")
    return found
