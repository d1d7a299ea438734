"""Results on disk: ``results/<assignment>/<student>.json``, and the instructor's logs beside them.

What was graded is not lost: a result that another one takes the place of goes into the history, and one that the grader
itself failed to renew stays.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

from coursekit import history
from coursekit.core.course import Assignment
from coursekit.core.files import locked, replace_text
from coursekit.core.reference import Reference
from coursekit.core.result import BadResult, Result, read_result
from coursekit.core.text import one_line
from coursekit.grading.job import Job, stamp
from coursekit.intake.digest import Digests


def path_of(assignment: Assignment, student: str) -> Path:
    """The path of a student's result."""
    return assignment.results / f"{student}.json"


def write(assignment: Assignment, result: Result) -> Result:
    """Write a result, and the instructor's log in a folder beside it, each atomically; returns what is there now.

    If the grader itself failed, that is the earlier result, marked as not renewed. Two graders at the same time lose
    none of their results: the later one's counts, and the other is in the history. Raises CourseError.
    """
    with locked(assignment.results):
        return _write(assignment, result)


def _write(assignment: Assignment, result: Result) -> Result:
    path = path_of(assignment, result.student)
    earlier = _graded(assignment, result.student)
    if earlier and result.fault:
        result = replace(earlier, not_renewed=result.error or "the grader failed")
    else:
        if earlier and not history.same(earlier, result):
            history.keep(assignment, earlier, path.stat().st_mtime)
        readable = result.log.encode(errors="backslashreplace").decode()
        replace_text(path.parent / "log" / f"{path.stem}.txt", readable)
    replace_text(path, _stored(result))
    return result


def _stored(result: Result) -> str:
    return json.dumps(result.to_json(), indent=1, ensure_ascii=True) + "\n"


def _graded(assignment: Assignment, student: str) -> Result | None:
    """A student's result, if there is one that the submission earned."""
    try:
        found = read(assignment, student)
    except BadResult:
        return None
    return None if found.fault else found


def read(assignment: Assignment, student: str) -> Result:
    """A student's result. Raises BadResult."""
    return read_result(path_of(assignment, student), assignment.name, student)


def students(assignment: Assignment) -> list[str]:
    """The names of the students who have a result."""
    paths = sorted(assignment.results.glob("*.json"), key=lambda path: (path.stem.casefold(), path.stem))
    return [path.stem for path in paths]


def read_all(assignment: Assignment) -> tuple[list[Result], list[str]]:
    """All results of the assignment, in order of names, and a sentence for each file that is not a result."""
    results, problems = [], []
    for student in students(assignment):
        try:
            results.append(read(assignment, student))
        except BadResult as error:
            problems.append(one_line(f"{student}.json was left out: {error}.", 500))
    return results, problems


def digests(assignment: Assignment) -> Digests:
    """The digests of the assignment's submissions, remembered beside its results."""
    return Digests(assignment.results / ".digests")


def current(assignment: Assignment, job: Job, known: Digests) -> Result | None:
    """The result on disk, if it is for exactly this student, submission, tests, data and kind of sandbox.

    A result that says that the grader itself failed is never current. known: remembers digests of submissions.
    """
    try:
        result = read(assignment, job.reference.student)
    except BadResult:
        return None
    if result.fault or result.not_renewed:
        return None
    return result if result.stamp == stamp(job, known.of(job.path)) else None


def refer(assignment: Assignment, reference: Reference) -> None:
    """Put what a platform says about a student by now, such as a time, into their result. Raises CourseError."""
    with contextlib.suppress(BadResult), locked(assignment.results):
        result = replace(read(assignment, reference.student), reference=reference)
        replace_text(path_of(assignment, result.student), _stored(result))
