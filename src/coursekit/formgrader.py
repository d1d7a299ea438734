"""nbgrader's gradebook of a course, and the points that a person typed in formgrader for answers in words.

An export (coursekit.exports.nbgrader) writes the answers into it and remembers for each, in ``.formgrader`` beside the
results, which answer it was and what points and comment it had. So what is typed afterwards is told from what was
there, and from what was typed for an earlier answer. Without that file there is nothing to take back, and nbgrader is
not imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text
from coursekit.core.result import Result
from coursekit.core.spreadsheet import name_cell
from coursekit.core.text import first_of, number, one_line
from coursekit.manual_rows import Key, Typed, key_of, version_of

NAME = "formgrader"


@dataclass(frozen=True)
class Answer:
    """An answer in words, as it was exported. before: the points and the comment that it had then, if any."""

    student: str
    question: str
    version: str
    before: tuple[float, str] | None = None


def remembered(assignment: Assignment) -> dict[tuple[str, str], Answer]:
    """The exported answers, by student and question. A damaged file counts as none."""
    try:
        found = json.loads(_path(assignment).read_text(encoding="utf-8"))
        return {(one["student"], one["question"]): _answer(**one) for one in found["answers"]}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _answer(student: str, question: str, version: str, before: Sequence[Any] | None) -> Answer:
    if before is None:
        return Answer(student, question, version)
    points, comment = before
    return Answer(student, question, version, (float(points), str(comment)))


def remember(assignment: Assignment, answers: Mapping[tuple[str, str], Answer]) -> None:
    """Remember exported answers, in place of those of before. Raises CourseError."""
    listed = [asdict(one) for one in answers.values()]
    replace_text(_path(assignment), json.dumps({"version": 1, "answers": listed}, indent=1) + "\n")


def agree(assignment: Assignment, typed: Mapping[Key, Typed]) -> None:
    """Remember that the points typed in formgrader have been taken."""
    before = remembered(assignment) if typed else {}
    answers = {
        name: replace(answer, before=(found.points, found.comment))
        if (found := typed.get(_key(answer)))
        else answer
        for name, answer in before.items()
    }
    if answers != before:
        remember(assignment, answers)


def _path(assignment: Assignment) -> Path:
    return assignment.results / ".formgrader"


def _key(answer: Answer) -> Key:
    return name_cell(answer.student), name_cell(answer.question)


def typed(assignment: Assignment, results: Sequence[Result]) -> tuple[dict[Key, Typed], list[str]]:
    """The points and comments that are in formgrader, for answers that are still those which it shows.

    With them, a sentence for each thing typed there that has no place in coursekit's results.
    """
    known = remembered(assignment)
    if not known:
        return {}, []
    try:
        with opened(assignment.course) as gradebook:
            return _typed(gradebook, assignment, results, known)
    except CourseError as error:
        return {}, [f"What was typed in formgrader is not taken: {error}"]


def untaken(typed: Mapping[Key, Typed]) -> list[str]:
    """A sentence if something of what was typed has not been taken yet."""
    count = sum(one.before != (one.points, one.comment) for one in typed.values())
    if not count:
        return []
    return [
        f"{count} answer{'s have' if count > 1 else ' has'} other points or comments in formgrader than when they were "
        "last taken: run 'coursekit report' first."
    ]


def _typed(
    gradebook: Any, assignment: Assignment, results: Sequence[Result], known: Mapping[tuple[str, str], Answer]
) -> tuple[dict[Key, Typed], list[str]]:
    found: dict[Key, Typed] = {}
    problems, elsewhere = [], []
    for result in results:
        grades = grades_of(gradebook, assignment, result.student)
        for test in result.questions:
            grade, answer = grades.get(test.name), known.get((result.student, test.name))
            if grade is None or (grade.points is None and not grade.extra):
                continue
            if answer is None or grade.extra:
                elsewhere.append(f"{one_line(result.student, 60)}, {one_line(test.name, 60)}")
            if answer is None or grade.points is None or grade.waits:
                continue
            if answer.version != version_of(key_of(result, test), test):
                problems.append(
                    f"{one_line(f'{result.student}, {test.name}', 150)}: the {number(grade.points)} points in "
                    "formgrader are for an earlier answer: run 'coursekit export nbgrader', then grade the new one."
                )
                continue
            found[key_of(result, test)] = Typed(NAME, grade.points, grade.comment, answer.before)
    if elsewhere:
        named = first_of(elsewhere, 10, "; ")
        problems.append(
            f"formgrader has points by hand for questions that tests grade, or extra credit: {named}. They don't count "
            "here: only the points for answers in words are taken."
        )
    return found, problems


# ---- nbgrader's gradebook


@dataclass(frozen=True)
class Given:
    """What formgrader shows of a question. points: by hand. waits: whether it still asks for a grade."""

    points: float | None
    extra: float
    comment: str
    waits: bool


def grades_of(gradebook: Any, assignment: Assignment, student: str) -> dict[str, Given]:
    """What was typed for a student's submission, by question; nothing if there is no such submission."""
    from nbgrader.api import MissingEntry

    try:
        submission = gradebook.find_submission_notebook(assignment.name, assignment.name, student)
    except MissingEntry:
        return {}
    comments = {one.name: one.manual_comment for one in submission.comments}
    return {
        one.name: Given(
            one.manual_score,
            one.extra_credit or 0.0,
            (comments.get(one.name) or "").strip(),
            bool(one.needs_manual_grade),
        )
        for one in submission.grades
    }


def directory(course: Course) -> Any:
    """nbgrader's CourseDirectory of the course, with the settings of its nbgrader_config.py. Raises CourseError."""
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

    try:
        settings = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    except ConfigFileNotFound:
        settings = Config()
    except Exception as error:  # the teacher's own program
        raise CourseError(
            f"{course.root / 'nbgrader_config.py'} can't be read ({type(error).__name__}: {error})."
        ) from error
    settings.CourseDirectory.root = str(course.root)
    return CourseDirectory(config=settings)


@contextlib.contextmanager
def opened(course: Course) -> Iterator[Any]:
    """nbgrader's Gradebook of the course, which is made if it is missing. Raises CourseError."""
    from nbgrader.api import Gradebook, InvalidEntry
    from sqlalchemy.exc import SAWarning, SQLAlchemyError

    place = directory(course)
    try:
        with (
            tools_on_path(),
            warnings.catch_warnings(),
            Gradebook(place.db_url, place.course_id) as gradebook,
        ):
            warnings.simplefilter(
                "ignore", SAWarning
            )  # nbgrader relies on what SQLAlchemy now advises against
            yield gradebook
    except (SQLAlchemyError, InvalidEntry, OSError) as error:
        what = one_line(str(error), 300)
        raise CourseError(
            f"nbgrader's gradebook {place.db_url} can't be used: {what}. If another version of nbgrader made it, run "
            "'nbgrader db upgrade'."
        ) from error


@contextlib.contextmanager
def tools_on_path() -> Iterator[None]:
    """Let nbgrader find alembic, which it starts by its name, beside the Python that runs."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
