"""nbgrader's layout: ``submitted/<student>/<assignment>``, or a zip or notebook with that name."""

from __future__ import annotations

import os
from pathlib import Path

from coursekit.collect.base import Collected, Layout, student_name
from coursekit.core.course import Assignment, Course
from coursekit.core.reference import Reference


class Nbgrader(Layout):
    """A student's folder that is a link is skipped: its target belongs to someone else, or to nobody.

    ``submitted/`` itself may be a link.
    """

    name = "nbgrader"

    def find(self, assignment: Assignment) -> list[Collected]:
        found = []
        for folder in _in_submitted(assignment.course):
            if not folder.is_symlink() and (paths := _submissions(folder, assignment.name)):
                found.append(Collected(Reference(student_name(folder.name)), paths[0]))
        return found

    def where(self, assignment: Assignment) -> str:
        return f"{assignment.course.submitted}/<student>/{assignment.name}"

    def passed_over(self, course: Course) -> dict[str, str]:
        names = [assignment.name for assignment in course.assignments()]
        found = {}
        for folder in _in_submitted(course):
            if folder.is_symlink():
                found[folder.name] = "is a link, which is not followed: put the folder itself there"
                continue
            if folder.name.startswith("."):
                continue
            submissions = [paths for name in names if (paths := _submissions(folder, name))]
            if not folder.is_dir():
                found[folder.name] = "is not a student's folder"
            elif not os.access(folder, os.R_OK | os.X_OK):
                found[folder.name] = "can't be read"
            elif not submissions:
                found[folder.name] = f"contains nothing called {' or '.join(names)}"
            for first, *others in submissions:
                for path in others:
                    found[f"{folder.name}/{path.name}"] = f"is not graded: {first.name} beside it is used"
        return found


def _in_submitted(course: Course) -> list[Path]:
    return sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []


def _submissions(folder: Path, assignment: str) -> list[Path]:
    """A student's submissions of the assignment; the first is the one that counts."""
    paths = [folder / f"{assignment}{ending}" for ending in ("", ".zip", ".ipynb")]
    return [path for path in paths if os.path.lexists(path)]
