"""Is every known mistake caught in the right question, and does its student get its own hint?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coursekit import snapshot
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress
from coursekit.core.result import Kind, QuestionResult, Text
from coursekit.samples.known import Mistake, read_mistakes
from coursekit.samples.students import worked_texts
from coursekit.verify.grading import grade_students


@dataclass(frozen=True)
class Caught:
    """A mistake, and the questions that failed with it."""

    mistake: Mistake
    failed: frozenset[str]
    question: QuestionResult | None
    """the result of the question that it must fail"""
    quoted: frozenset[str] = frozenset()
    """numbers from hidden tests that its hint contains"""

    @property
    def output(self) -> str:
        """The text that its student is shown there."""
        return self.question.output if self.question else ""

    @property
    def is_hinted(self) -> bool:
        """Whether its student gets its own hint, before anything else."""
        return self.question is not None and self.question.parts[:1] == (Text(Kind.HINT, self.mistake.hint),)

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence; empty if nothing is."""
        expected = self.mistake.also | {self.mistake.question}
        if self.mistake.question not in self.failed:
            where = f", but in {', '.join(sorted(self.failed))}" if self.failed else ""
            return f"{self.mistake.name} is not caught in {self.mistake.question}{where}."
        if self.failed != expected:
            differ = ", ".join(sorted(self.failed ^ expected))
            return f"{self.mistake.name} is caught, but fails other questions than `also` names: {differ}."
        if not self.is_hinted:
            return f"{self.mistake.name} does not get its own hint first, but: {self.output[:200]!r}."
        if self.quoted:
            return f"{self.mistake.name}'s hint quotes a hidden test: {', '.join(sorted(self.quoted))}."
        return ""


def run(assignment: Assignment, progress: Progress = lambda step: None) -> list[Caught]:
    """Grade every known mistake, sealed, without the questions that train.

    Raises CourseError when the assignment has no mistakes.py, or a mistake does not fit the worked solution.
    """
    mistakes = read_mistakes(assignment)
    if not mistakes:
        raise CourseError(
            f"{assignment.name} has no known mistakes: {assignment.source / 'mistakes.py'} is missing."
        )
    worked = worked_texts(assignment)
    students = [mistake.as_student(worked) for mistake in mistakes]
    results = grade_students(assignment, students, quick=True, progress=progress)
    hidden = numbers(_hidden_text(assignment))
    return [
        Caught(
            mistake,
            results[mistake.name].lost,
            results[mistake.name].question(mistake.question),
            numbers(mistake.hint) & hidden,
        )
        for mistake in mistakes
    ]


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text that are long enough to come from a test: a decimal point and three digits or more."""
    return frozenset(n for n in re.findall(r"\d*\.\d+", text) if len(n.replace(".", "").strip("0")) >= 3)


def _hidden_text(assignment: Assignment) -> str:
    """Everything that students must not see: the test files and the recorded arrays."""
    files = [
        *sorted((assignment.autograder / "tests").glob("*.py")),
        assignment.autograder / snapshot.FILE_NAME,
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
