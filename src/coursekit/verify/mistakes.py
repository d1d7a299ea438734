"""Is every known mistake caught, in the question where a student would look for it?"""

from __future__ import annotations

from dataclasses import dataclass

import nbformat

from coursekit.bank import Mistake, read_mistakes
from coursekit.course import Assignment
from coursekit.errors import CourseError
from coursekit.verify.classroom import Progress, grade_students, lost


@dataclass(frozen=True)
class Caught:
    """A mistake, and the questions that failed with it."""

    mistake: Mistake
    failed: frozenset[str]

    @property
    def problem(self) -> str:
        """What is wrong, or nothing."""
        expected = self.mistake.also | {self.mistake.question}
        if self.mistake.question not in self.failed:
            where = f", but in {', '.join(sorted(self.failed))}" if self.failed else ""
            return f"{self.mistake.name} is not caught in {self.mistake.question}{where}."
        if self.failed != expected:
            differ = ", ".join(sorted(self.failed ^ expected))
            return (
                f"{self.mistake.name} is caught, but its other questions are not the ones it names: {differ}."
            )
        return ""


def run(assignment: Assignment, progress: Progress = lambda done, name: None) -> list[Caught]:
    """Grade every known mistake, sealed, without the questions that train.

    Raises CourseError when the assignment has no bank, or a mistake does not fit the worked solution.
    """
    mistakes = read_mistakes(assignment)
    if not mistakes:
        raise CourseError(
            f"{assignment.name} has no bank of mistakes: {assignment.source / 'mistakes.py'} is missing."
        )
    notebook = nbformat.read(assignment.solution / assignment.notebook_name, as_version=4)
    students = [mistake.as_student(notebook) for mistake in mistakes]
    results = grade_students(assignment, students, quick=True, progress=progress)
    return [Caught(mistake, lost(results[mistake.name])) for mistake in mistakes]
