"""Grade made-up students like a class, in a temporary folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from coursekit.core.course import Assignment
from coursekit.core.progress import Progress
from coursekit.core.reference import Reference
from coursekit.core.result import Result
from coursekit.executors import executor
from coursekit.grade_class import jobs_of
from coursekit.grading.autograder import Selection, read_autograder, without_slow_questions
from coursekit.layouts.base import Collected
from coursekit.samples.students import Student, write_submission
from coursekit.sandbox import choose as sandbox


def grade_students(
    assignment: Assignment,
    students: Iterable[Student],
    *,
    quick: bool = False,
    progress: Progress = lambda step: None,
) -> dict[str, Result]:
    """Every student's sealed result, by name; with `quick`, without the questions that ask for more time.

    Raises CourseError when no sandbox works, or the assignment has not been built.
    """
    autograder = read_autograder(assignment.autograder, assignment.release)
    selection = Selection.of(without_slow_questions(autograder)) if quick else None
    found = {}
    with tempfile.TemporaryDirectory(prefix="coursekit-class-") as folder:
        submissions = []
        for student in students:
            path = Path(folder) / student.name / assignment.name
            write_submission(assignment, student, path)
            submissions.append(Collected(Reference(student.name), path))
        jobs = jobs_of(assignment, submissions, sandbox.strongest(), selection=selection)
        for result in executor(workers=os.cpu_count() or 1).run(jobs):
            found[result.student] = result
            progress(f"{len(found)} graded, last {result.student}")
    return {one.student: found[one.student] for one in submissions}
