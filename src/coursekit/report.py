"""Write every output of an assignment from its results and the manual grades."""

from __future__ import annotations

import json
from typing import Any

from coursekit import manual_grades, store
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.result import Result
from coursekit.outputs import outputs
from coursekit.outputs.base import ClassReport, QuestionInfo


def report(assignment: Assignment) -> ClassReport:
    """Write all outputs, and return the report that they were made from.

    A damaged or foreign JSON file is left out, and named in `problems`. Raises CourseError when there are no
    results, and when the outputs can't be written.
    """
    results, problems = store.read_all(assignment)
    if not results and not problems:
        raise CourseError(f"There are no results in {assignment.results}: run 'coursekit grade' first.")
    results, found = manual_grades.take_up(results, assignment.results / manual_grades.FILE_NAME)
    title, questions = _described(assignment, results)
    made = ClassReport(assignment, title, questions, results, problems + found)
    failed: CourseError | None = None
    for name, output in outputs().items():
        try:
            made.written[name] = output.write(made)
        except CourseError as error:  # the others are written all the same
            failed = failed or error
    if failed:
        raise failed
    return made


def _described(assignment: Assignment, results: list[Result]) -> tuple[str, list[QuestionInfo]]:
    """The assignment's title, and its questions in notebook order; if it is not built, from the results."""
    built = _built(assignment)
    title = built.get("title")
    try:
        questions = [QuestionInfo(str(one["name"]), float(one["points"])) for one in built["questions"]]
    except (KeyError, TypeError, ValueError):
        known = {one.name: QuestionInfo(one.name, one.max_score) for r in results for one in r.questions}
        questions = list(known.values())
    return (title if isinstance(title, str) and title else assignment.name), questions


def _built(assignment: Assignment) -> dict[str, Any]:
    try:
        found = json.loads((assignment.autograder / "assignment.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
