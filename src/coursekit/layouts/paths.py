"""Submissions named on the command line."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Container
from pathlib import Path

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.layouts.base import Collected, Layout, student_name


class Paths(Layout):
    """Each path is a submission: a folder, a zip, a notebook, or a Python file that students write in."""

    def __init__(self, paths: list[Path]):
        self._paths = paths

    def find(self, assignment: Assignment) -> list[Collected]:
        """The submissions at the paths. Raises CourseError when two belong to one student."""
        everyones = {file.name for file in assignment.release.glob("*.py")}
        found = [of_path(path, assignment.name, everyones) for path in self._paths]
        for student, count in Counter(one.student for one in found).items():
            if count > 1:
                raise CourseError(
                    f"{count} of the paths belong to one student, {student!r}: grade them one at a time, "
                    "or, if they are one submission, name their folder."
                )
        return found


def of_path(path: Path, assignment: str, everyones: Container[str] = ()) -> Collected:
    """The submission at `path`: ``…/<student>/<assignment>`` is that student's; a file's student is its stem.

    If the file is named after the assignment, or like one in `everyones`, its student is its folder. Folders above the
    student's are trusted, and may be links. The student's own may not, even if it was named on the command line: in
    ``submitted/*/<assignment>`` the shell named it. Then the link itself is the submission, and is refused.
    """
    path = Path(os.path.normpath(path.absolute()))  # resolve() would give a link's target
    owner = path
    if owner.is_file() and (owner.name in everyones or owner.stem == assignment):
        owner = owner.parent
    if owner.name == assignment:
        owner = owner.parent
    name = owner.stem if owner.is_file() else owner.name
    inside = Path() if owner.is_symlink() else path.relative_to(owner)
    return Collected(Reference(student_name(name)), owner.parent.resolve() / owner.name / inside)
