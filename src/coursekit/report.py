"""Write every output of an assignment from its results and the manual grades."""

from __future__ import annotations

import json
from typing import Any

from coursekit import history, manual_grades, store
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.reference import lookalikes
from coursekit.core.result import Result
from coursekit.core.text import number, one_line
from coursekit.grading.autograder import digest_of
from coursekit.grading.job import build_in
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
    changes = _changes(assignment, results)
    title, questions = _described(assignment, results)
    problems += _older_builds(assignment, questions, results)
    graded = manual_grades.take_up(results, assignment.results / manual_grades.FILE_NAME)
    remarks = [*lookalikes(store.students(assignment)), *_same_hand_ins(graded.results), *graded.remarks]
    made = ClassReport(
        assignment, title, questions, graded.results, problems + graded.problems, remarks, changes
    )
    failed: CourseError | None = None
    for name, output in outputs().items():
        try:
            made.written[name] = output.write(made)
        except CourseError as error:  # the others are written all the same
            failed = failed or error
    if failed:
        raise failed
    return made


def _changes(assignment: Assignment, results: list[Result]) -> list[str]:
    """Whose points differ from the result before, and in which questions."""
    before = history.before(assignment, [result.student for result in results])
    said = {
        result.student: history.changes(before[result.student], result)
        for result in results
        if result.student in before
    }
    return [f"{one_line(student, 100)}: {what}" for student, what in said.items() if what]


def _older_builds(assignment: Assignment, questions: list[QuestionInfo], results: list[Result]) -> list[str]:
    """A sentence if some results were graded with another build than the one that is there."""
    current = digest_of(assignment.autograder, assignment.release)
    points = {question.name: question.points for question in questions}

    def is_older(result: Result) -> bool:
        if current and (build := build_in(result.stamp)):
            return not current.startswith(build)
        return points != {question.name: question.max_score for question in result.questions}

    older = [result for result in results if is_older(result)]
    if not older:
        return []
    names = _listed([one_line(result.student, 100) for result in older])
    worth = {number(result.max_score) for result in older} - {number(sum(points.values()))}
    other = (
        f", and of {' or '.join(sorted(worth))} points instead of {number(sum(points.values()))}"
        if worth
        else ""
    )
    are = "is" if len(older) == 1 else "are"
    return [
        f"{len(older)} of {len(results)} results {are} of another build of the assignment{other}: {names}. "
        "Run 'coursekit grade'. It can't renew those whose hand-in is gone."
    ]


def _same_hand_ins(results: list[Result]) -> list[str]:
    """A sentence for each group of students who earned points with the same bytes."""
    found: dict[str, list[str]] = {}
    for result in results:
        if result.digest and result.score > 0:
            found.setdefault(result.digest, []).append(one_line(result.student, 100))
    return [
        f"The hand-ins of {_listed(students)} are the same, byte for byte: look at them. No points were changed."
        for students in found.values()
        if len(students) > 1
    ]


def _listed(names: list[str], most: int = 10) -> str:
    """Names as a list in a sentence; of very many, only the first."""
    shown = names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


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
