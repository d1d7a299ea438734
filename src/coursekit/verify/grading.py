"""Grade made-up students as a class is graded, in a temporary folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from coursekit.core.course import Assignment
from coursekit.executors.processes import Handed, Task, grade_tasks
from coursekit.grading import find_data
from coursekit.grading.autograder import read_autograder, without_slow_questions
from coursekit.samples.writing import Student, write_submission
from coursekit.sandbox import choose as sandbox

Progress = Callable[[int, str], None]
"""Told how many students have a result, and who got the last one."""


def grade_students(
    assignment: Assignment,
    students: Iterable[Student],
    *,
    quick: bool = False,
    progress: Progress = lambda done, name: None,
) -> dict[str, dict[str, Any]]:
    """Every student's result by name, sealed; with `quick` without the questions that ask for more time.

    Raises CourseError where no sandbox works, or the assignment has not been built.
    """
    autograder = read_autograder(assignment.autograder, assignment.release)
    digits = find_data(assignment.course, autograder)
    if quick:
        autograder = without_slow_questions(autograder)
    found = {}
    with tempfile.TemporaryDirectory(prefix="coursekit-class-") as folder:
        tasks = []
        for student in students:
            path = Path(folder) / student.name / assignment.name
            write_submission(assignment, student, path)
            tasks.append(Task(autograder, Handed(student.name, path), digits))
        for task, result, _ in grade_tasks(tasks, sandbox.strongest(), os.cpu_count() or 1):
            found[task.handed.student] = result
            progress(len(found), task.handed.student)
    return {task.handed.student: found[task.handed.student] for task in tasks}


def lost(result: dict[str, Any]) -> frozenset[str]:
    """The questions that a result shows as failed."""
    return frozenset(test["name"] for test in result["tests"] if test["status"] == "failed")
