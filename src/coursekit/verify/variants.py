"""Does every correct solution get full marks, however it is written?"""

from __future__ import annotations

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress
from coursekit.core.result import Result
from coursekit.samples.known import read_variants
from coursekit.samples.students import Student
from coursekit.verify.grading import grade_students


def run(
    assignment: Assignment, *, quick: bool = False, progress: Progress = lambda step: None
) -> list[tuple[Student, Result]]:
    """Grade every correct variant, sealed; with `quick`, without the questions that train.

    Raises CourseError when the assignment has no variants.py.
    """
    variants = read_variants(assignment)
    if not variants:
        raise CourseError(
            f"{assignment.name} has no variants: {assignment.source / 'variants.py'} is missing."
        )
    results = grade_students(assignment, variants, quick=quick, progress=progress)
    return [(variant, results[variant.name]) for variant in variants]


def problem(variant: Student, result: Result) -> str:
    """What is wrong, in a sentence; empty if nothing is."""
    if not result.lost:
        return ""
    said = "; ".join(f"{one.name}: {one.output}" for one in result.questions if one.name in result.lost)
    return f"{variant.name} is correct but loses points. {said}"
