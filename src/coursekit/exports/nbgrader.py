"""nbgrader: sealed scores and hand-ins in its gradebook and in ``autograded/``, so that formgrader shows them.

Everything goes through nbgrader's API: its tables belong to it. The points that a person typed in formgrader for
answers in words come back with ``coursekit report`` (coursekit.formgrader), and stay what they are here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from coursekit import formgrader
from coursekit.core import cells
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError, Refused
from coursekit.core.files import replace_text
from coursekit.core.result import Kind, QuestionResult, Result, Status
from coursekit.core.text import number, one_line
from coursekit.exports import autograded
from coursekit.exports.base import Export, scored, shown
from coursekit.grading.autograder import Autograder, read_autograder
from coursekit.intake.submission import Submission
from coursekit.layouts import layouts
from coursekit.manual_rows import key_of, version_of
from coursekit.outputs.base import ClassReport

MARKUP = frozenset('<>"&\\')
"""what formgrader's pages would take for their own in the name of a student's folder"""
MAX_TIMESTAMP = 100


@dataclass(frozen=True)
class Nbgrader(Export):
    """Put scores, comments and hand-ins where formgrader shows them, for grading answers in words.

    That is gradebook.db and autograded/. The points typed in formgrader are taken back by "coursekit report". Lateness
    costs nothing there: its points are the raw ones.
    """

    name: ClassVar[str] = "nbgrader"

    def write(self, report: ClassReport) -> list[Path]:
        assignment = report.assignment
        autograder = read_autograder(assignment.autograder, assignment.release)
        place = formgrader.directory(assignment.course)
        paths = {one.student: one.path for one in layouts()["nbgrader"].find(assignment)}
        answers = formgrader.remembered(assignment)
        with formgrader.opened(assignment.course) as gradebook:
            _add_assignment(gradebook, assignment, place.db_url)
            for result in _exportable(report):
                path = paths.get(result.student)
                if result.student in report.outdated:
                    report.problems.append(
                        f"{shown(result.student)}: the hand-in is not the one that was graded: run 'coursekit grade'."
                    )
                    continue
                _add_student(gradebook, report, result)
                answers |= _add_scores(gradebook, report, result, autograder, answers, path)
                formgrader.remember(assignment, answers)  # at once: it says what has been written
                if path:
                    folder = place.format_path(place.autograded_directory, result.student, assignment.name)
                    replace_text(Path(folder) / assignment.notebook_name, _shown(path, autograder, result))
                else:
                    report.remarks.append(
                        f"{shown(result.student)}: the hand-in is gone, so formgrader won't list it."
                    )
        return [assignment.course.root / "gradebook.db", assignment.course.root / "autograded"]


def _exportable(report: ClassReport) -> Iterator[Result]:
    """The results of students whose names nbgrader can store and show."""
    for result, _ in scored(report, waiting=True):
        try:
            result.student.encode()
        except UnicodeEncodeError:
            usable = False
        else:
            usable = not MARKUP & set(result.student) and result.student.isprintable()
        if usable:
            yield result
        else:
            report.problems.append(
                f"{ascii(result.student)[:100]}: formgrader can't show this name safely. Rename the student's folder."
            )


def _add_assignment(gradebook: Any, assignment: Assignment, db_url: str) -> None:
    """Make the assignment's cells known, as ``nbgrader generate_assignment`` does. Raises CourseError.

    The release's text is stored, and of tests the whole text.
    """
    import nbformat
    from nbgrader.preprocessors import ComputeChecksums, SaveCells

    notebook = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    with contextlib.suppress(OSError):
        source = nbformat.read(assignment.source / assignment.notebook_name, as_version=4)
        tests = {cells.grade_id(cell): cell for cell in source.cells if cells.is_test(cell)}
        for cell in notebook.cells:
            if cells.grade_id(cell) in tests:
                cell.source = tests[cells.grade_id(cell)].source
    names = {"notebook": assignment.name, "assignment": assignment.name, "db_url": db_url}
    gradebook.update_or_create_assignment(assignment.name)
    try:
        for step in (ComputeChecksums, SaveCells):
            notebook, _ = step().preprocess(notebook, {"nbgrader": names, "metadata": {"path": "."}})
    except RuntimeError as error:  # it has submissions, and other cells than before
        raise CourseError(
            f"{assignment.name} has other questions than in nbgrader's gradebook, which keeps those of the submissions "
            f"that it has ({one_line(str(error))}). Move gradebook.db away, and export again."
        ) from error
    gradebook.db.expire_all()


def _add_student(gradebook: Any, report: ClassReport, result: Result) -> None:
    """The student with the name that is known; what a teacher has typed stays where none is."""
    known: dict[str, str] = {}
    if name := report.name_of(result):
        last, comma, first = name.partition(",")
        if not comma:
            first, _, last = name.rpartition(" ")
        names = {"first_name": _plain(first), "last_name": _plain(last)}
        known = {key: part for key, part in names.items() if part}
    person = report.people.get(result.student)
    if person and person.email:
        known["email"] = _plain(person.email)
    gradebook.update_or_create_student(result.student, **known)


def _plain(name: str) -> str:
    """A name without what formgrader's pages would take for markup."""
    return "".join(character for character in one_line(name, 100) if character not in MARKUP).strip()


def _add_scores(
    gradebook: Any,
    report: ClassReport,
    result: Result,
    autograder: Autograder,
    answers: dict[tuple[str, str], formgrader.Answer],
    path: Path | None,
) -> dict[tuple[str, str], formgrader.Answer]:
    """Write a submission's scores and comments; returns its answers in words as they are now."""
    assignment = report.assignment
    when = _timestamp(path)
    gradebook.update_or_create_submission(assignment.name, result.student, timestamp=when)
    submission = gradebook.find_submission_notebook(assignment.name, assignment.name, result.student)
    grades = {one.name: one for one in submission.grades}
    comments = {one.name: one for one in submission.comments}
    given = formgrader.grades_of(gradebook, assignment, result.student)
    hints = autograded.hints(result, autograder)
    exported = {}
    for question in result.questions:
        grade = grades.get(question.name)
        if grade is None:
            report.problems.append(
                f"{shown(question.name)} is not in nbgrader's gradebook: build the assignment."
            )
        elif question.name not in autograder.manual:
            grade.auto_score, grade.needs_manual_grade = question.score, False
        else:
            key = (result.student, question.name)
            before = answers.get(key)
            exported[key] = _add_answer(
                report, result, question, grade, comments[question.name], given[question.name], before
            )
    for name, comment in comments.items():
        if name not in autograder.manual:
            comment.auto_comment = hints.get(name)
    gradebook.db.commit()
    return exported


def _add_answer(
    report: ClassReport,
    result: Result,
    question: QuestionResult,
    grade: Any,
    comment: Any,
    given: formgrader.Given,
    before: formgrader.Answer | None,
) -> formgrader.Answer:
    """Write the points of an answer in words, unless formgrader has other ones that were typed since.

    An answer that is not the one for which points were typed waits again, as in nbgrader.
    """
    where = one_line(f"{result.student}, {question.name}", 150)
    version = version_of(key_of(result, question), question)
    there = None if given.points is None or given.waits else (given.points, given.comment)
    same = before is not None and before.version == version
    known = before.before if before and same else None
    if question.status == Status.MANUAL:
        if not same:
            grade.needs_manual_grade = True
        return formgrader.Answer(result.student, question.name, version, known)
    points = question.score, "\n".join(question.texts(Kind.COMMENT))
    if same and there is not None and there not in (known, points):
        report.problems.append(
            f"{where}: formgrader says {number(there[0])} points, and by_hand.csv {number(points[0])}: run "
            "'coursekit report' first. Nothing was changed in formgrader."
        )
        return formgrader.Answer(result.student, question.name, version, known)
    grade.manual_score, grade.needs_manual_grade = points[0], False
    comment.manual_comment = points[1] or None
    return formgrader.Answer(result.student, question.name, version, points)


def _timestamp(path: Path | None) -> Any:
    """The time of submission as formgrader reads it: it shows nothing as graded that has another one."""
    from nbgrader.utils import parse_utc

    file = path / "timestamp.txt" if path else None
    with contextlib.suppress(OSError, ValueError, OverflowError):
        if file and file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_TIMESTAMP:
            return parse_utc(file.read_text(encoding="utf-8").strip())
    return None


def _shown(path: Path, autograder: Autograder, result: Result) -> str:
    """The hand-in as a notebook for formgrader."""
    import nbformat

    def written(submission: Submission | None) -> str:
        return str(nbformat.writes(autograded.notebook(submission, autograder, result))) + "\n"

    try:
        with autograder.take_in(path) as submission:
            return written(submission)
    except Refused:
        return written(None)
