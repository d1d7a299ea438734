"""Results on disk: ``results/<assignment>/<student>.json``, and the instructor's logs beside them."""

from __future__ import annotations

import json
from pathlib import Path

from coursekit.core.course import Assignment
from coursekit.core.files import replace_text
from coursekit.core.result import BadResult, Result
from coursekit.core.text import one_line
from coursekit.grading.job import Job, stamp

MAX_BYTES = 32 << 20


def path_of(assignment: Assignment, student: str) -> Path:
    """The path of a student's result."""
    return assignment.results / f"{student}.json"


def write(assignment: Assignment, result: Result) -> None:
    """Write a result, and the instructor's log in a folder beside it, each atomically. Raises CourseError."""
    path = path_of(assignment, result.student)
    readable = result.log.encode(errors="backslashreplace").decode()
    replace_text(path.parent / "log" / f"{path.stem}.txt", readable)
    replace_text(path, json.dumps(result.to_json(), indent=1, ensure_ascii=True) + "\n")


def read(assignment: Assignment, student: str) -> Result:
    """A student's result. Raises BadResult."""
    path = path_of(assignment, student)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadResult(f"it is larger than {MAX_BYTES >> 20} MiB")
        result = Result.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadResult(f"it can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadResult(f"it is not JSON ({error})") from error
    for what, found, expected in (
        ("student", result.student, student),
        ("assignment", result.assignment, assignment.name),
    ):
        if found != expected:
            raise BadResult(f"its {what} is {found!r}, not {expected!r}")
    return result


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


def is_current(assignment: Assignment, job: Job) -> bool:
    """Whether the result on disk is for exactly this student, submission, tests, data and kind of sandbox.

    A result that says that the grader itself failed is never current.
    """
    try:
        result = read(assignment, job.reference.student)
    except BadResult:
        return False
    return result.stamp == stamp(job) and not result.fault
