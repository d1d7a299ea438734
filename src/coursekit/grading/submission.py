"""Grade one submission: take it in, load it, run the public cases, run the hidden ones, add up."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

from otter.test_files import GradingResults
from otter.test_files.abstract_test import TestCaseResult

from coursekit.core import cells
from coursekit.core.errors import CourseError, GraderFault
from coursekit.datasets.located import Located
from coursekit.grading.autograder import Autograder, Question
from coursekit.grading.cases import Outcome, describe, run_case
from coursekit.grading.known_mistakes import Hints, case_key
from coursekit.intake.files import Refused, Submission
from coursekit.intake.matching import added, answers, plan
from coursekit.sandbox import choose

Progress = Callable[[str], None]
Outcomes = dict[tuple[str, str], Outcome]
MAX_NOTES, MAX_NOTE = 200, 2000
MAX_ANSWER = 10_000
NOT_RUN = Outcome(False, "Not run, since the test before it did not end.")


def grade_submission(
    autograder: Autograder,
    path: Path,
    student: str,
    backend: str,
    data: Located | None,
    progress: Progress = lambda step: None,
) -> tuple[dict[str, Any], str]:
    """The result of one submission, in Gradescope's form, and a log for the instructor's eyes only.

    Whatever the submission does, there is a result. backend: the sandbox (see coursekit.sandbox); data: the
    the assignment's dataset, or None; progress is told each step's name.
    """
    started, log = time.monotonic(), ""
    extra = facts(autograder, student, backend, data)
    try:
        with autograder.take_in(path) as submission:
            extra["notes"] = submission.notes
            outcomes = _run(autograder, submission, backend, data, progress)
            tests = [_test(question, outcomes, autograder.hints) for question in autograder.questions]
            for name, points in autograder.by_hand.items():
                tests.append(_by_hand(name, points, submission.notebook["cells"]))
            tests.sort(key=lambda test: autograder.order.index(test["name"]))
            log = "".join(f"== {name}: {case}\n{o.log}\n" for (name, case), o in outcomes.items() if o.log)
    except (Refused, CourseError) as error:
        extra["error"], extra["fault"] = str(error), isinstance(error, GraderFault)
        tests = ungraded(autograder, str(error))
    extra["seconds"] = round(time.monotonic() - started, 2)
    extra["notes"] = [note[:MAX_NOTE] for note in extra["notes"][:MAX_NOTES]]
    result = {"score": sum(test["score"] for test in tests), "tests": tests, "extra_data": extra}
    return result, log


def facts(autograder: Autograder, student: str, backend: str, data: Located | None) -> dict[str, Any]:
    """A result's ``extra_data`` before anything of the submission is known."""
    return {
        "student": student,
        "assignment": autograder.assignment,
        "max_score": float(autograder.points),
        "sealed": choose.named(backend).sealed,
        "sandbox": backend,
        "data": data.label if data else "none",
        "error": None,
        "fault": False,
        "notes": [],
    }


def _run(
    autograder: Autograder, submission: Submission, backend: str, data: Located | None, progress: Progress
) -> Outcomes:
    """Every test case's outcome.

    All public cases run before the first hidden one: what a student's code learns from hidden arguments, and
    hides in a file or a process of its own, can then reach no text that the student is shown.
    """
    to_run, notes = plan(autograder.release, submission.notebook["cells"])
    submission.notes += notes
    outcomes: Outcomes = {}
    progress("load")
    own = added(autograder.release, submission.notebook["cells"])
    tasks = answers(autograder.release, submission.notebook["cells"])
    with autograder.process(backend, to_run, submission.folder, data, own, tasks) as student:
        for number, reason in student.load.skipped.items():
            submission.notes.append(f"cell {number} was left out: {reason}")
        for number, raised in student.load.raised.items():
            submission.notes.append(f"cell {number} did not run to its end. {describe(raised, tasks)}")
        for hidden in (False, True):
            for question in autograder.questions:
                progress(question.name)
                for case in question.test_file.test_cases:
                    if case.hidden == hidden:
                        endless = any(
                            o.ended == "endless" for (name, _), o in outcomes.items() if name == question.name
                        )
                        outcomes[question.name, case.name] = (
                            NOT_RUN if endless else run_case(student, question, case)
                        )
    return outcomes


def _test(question: Question, outcomes: Outcomes, hints: Hints) -> dict[str, Any]:
    """One question's entry in the result, scored by otter's own rules."""
    graded = copy(question.test_file)
    graded.test_case_results = [
        TestCaseResult(
            case, outcomes[question.name, case.name].text, outcomes[question.name, case.name].passed
        )
        for case in graded.test_cases
    ]
    results = GradingResults([graded])
    score = results.total if graded.possible else 0
    lines = _hint(question, outcomes, hints)
    for result in graded.test_case_results:
        kind = "Hidden test" if result.test_case.hidden else "Visible test"
        lines.append(f"{kind}: passed." if result.passed else f"{kind}: failed.\n{result.message}")
    status = "passed" if graded.passed_all else "failed"
    return _entry(question.name, score, graded.possible, status, "\n\n".join(lines))


def _hint(question: Question, outcomes: Outcomes, hints: Hints) -> list[str]:
    """What a teacher would say to the known mistake with the same answers, where there is one."""
    failed = {
        case_key(name, case): outcome.answers
        for (name, case), outcome in outcomes.items()
        if name == question.name and not outcome.passed
    }
    return [f"Hint: {known.hint}" for known in hints.find(question.name, failed)[:1]]


def _by_hand(name: str, points: float, submitted: list[dict[str, Any]]) -> dict[str, Any]:
    """The entry of an answer that a person reads, with the answer itself after an empty line."""
    found = "\n\n".join(cell["source"] for cell in submitted if cells.grade_id(cell) == name)[:MAX_ANSWER]
    said = "A person reads this answer and gives its points:"
    return _entry(
        name, 0.0, points, "manual", f"{said}\n\n{found or 'No cell of this name is in the notebook.'}"
    )


def ungraded(autograder: Autograder, why: str) -> list[dict[str, Any]]:
    """Every question's entry in the result of a submission of which nothing could be graded."""
    worth = {question.name: question.points for question in autograder.questions} | autograder.by_hand
    return [
        _entry(name, 0.0, worth[name], "failed", f"Not graded: {why}")
        for name in autograder.order
        if name in worth
    ]


def _entry(name: str, score: float, max_score: float, status: str, output: str) -> dict[str, Any]:
    return {
        "name": name,
        "score": float(score),
        "max_score": float(max_score),
        "status": status,
        "output": output,
        "visibility": "visible",
    }
