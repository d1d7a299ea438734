"""How otter and nbgrader fare with hand-ins to which we give every point: for the comparison of the graders.

They run them unsealed, as this user. Each gets what it can take: otter the notebook that it is pointed to, nbgrader the
folder in ``submitted/``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress
from coursekit.layouts.nbgrader import Nbgrader
from coursekit.samples.students import Student
from coursekit.verify.agreement import GRADERS, Comparison, Graded, Scratch
from coursekit.verify.handins.making import Due, HandIn
from coursekit.verify.handins.work import Work
from coursekit.verify.markdown import as_markdown


def compare(
    assignment: Assignment, chosen: Iterable[HandIn], progress: Progress = lambda step: None
) -> Iterator[Comparison]:
    """A row for each of the hand-ins that must get every point and can be made. Raises CourseError.

    The assignment should be one without training, see verify.agreement.without_training().
    """
    work = Work(assignment)
    with tempfile.TemporaryDirectory(prefix="coursekit-agreement-", ignore_cleanup_errors=True) as folder:
        scratch = Scratch(assignment, Path(folder))
        progress("nbgrader generate_assignment")
        scratch.prepare_nbgrader()
        course = Assignment(Course(Path(folder)), assignment.name)
        for one in chosen:
            student = Student(one.name, one.story)
            try:
                due = one.make(work, scratch.submission(student)) or Due()
            except (CourseError, LookupError, ValueError):
                continue
            found = {given.student: given.path for given in Nbgrader().find(course)}
            path = due.path or found.get(one.name)
            if path and _is_right(due):
                yield _row(scratch, _named(student, scratch, assignment), path, progress)


def _is_right(due: Due) -> bool:
    return not (due.refused or due.may_lose) and due.loses == frozenset()


def _named(student: Student, scratch: Scratch, assignment: Assignment) -> Student:
    """The student, with the name of the notebook that is there if it is another than nbgrader expects."""
    folder = scratch.submission(student)
    if (folder / assignment.notebook_name).exists():
        return student
    others = [path for path in folder.parent.rglob("*.ipynb") if path.is_file()]
    best = max(others, key=lambda path: path.stat().st_size, default=None)
    return Student(student.name, student.story, filename=str(best)) if best else student


def _row(scratch: Scratch, student: Student, path: Path, progress: Progress) -> Comparison:
    graded = {}
    for grader in GRADERS:
        progress(f"{student.name}: {GRADERS[grader]}")
        graded[grader] = Graded(
            *(scratch.sealed(student, path) if grader == "sealed" else getattr(scratch, grader)(student))
        )
    return Comparison(student, graded)


def problems(rows: Sequence[Comparison]) -> list[str]:
    """A sentence for each hand-in that loses something under sealed grading."""
    return [
        f"{row.student.name}: {row.graded['sealed'].why or 'loses ' + ', '.join(row.graded['sealed'].lost)}."
        for row in rows
        if row.graded["sealed"].why or row.graded["sealed"].lost
    ]


def markdown(rows: Sequence[Comparison]) -> str:
    """The hand-ins that lose something under otter or nbgrader, as a table in Markdown."""
    head = ["What arrives", *(GRADERS[grader] for grader in GRADERS)]
    body = [
        [row.student.story.rstrip("."), *(row.graded[grader].said for grader in GRADERS)]
        for row in rows
        if any(row.graded[grader].why or row.graded[grader].lost for grader in GRADERS)
    ]
    return as_markdown([head, *body], left=1)
