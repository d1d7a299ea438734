"""Grade one submission: take it in, load it, run the public test cases, then the hidden ones, and add up the points."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from coursekit.core.errors import CourseError, GraderFault, Refused
from coursekit.core.progress import Progress
from coursekit.core.reference import Reference
from coursekit.core.result import DataUsed, Kind, Note, Part, QuestionResult, Result, Status, Text, Verdict
from coursekit.core.time_limits import shortened
from coursekit.datasets.located import Located
from coursekit.grading import older_numpy
from coursekit.grading.autograder import Autograder, Question
from coursekit.grading.cases import CaseOutcome, run_case
from coursekit.grading.graded_notebook import GradedNotebook
from coursekit.grading.known_mistakes import Hints, case_key
from coursekit.grading.messages import STAND_INS, Places, cell_stopped, message, time_limits_reached
from coursekit.grading.times import LOAD
from coursekit.intake.matching import Matched
from coursekit.intake.submission import Submission
from coursekit.sandbox import choose

Outcomes = dict[tuple[str, str], CaseOutcome]
"""by question and case"""
MAX_NOTES, MAX_NOTE = 200, 2000
MAX_ANSWER = 10_000
NOT_RUN = CaseOutcome(False, (message("Not run, because the test before it did not finish."),))


def grade_submission(
    autograder: Autograder,
    path: Path,
    reference: Reference,
    sandbox: str,
    data: Located | None,
    progress: Progress = lambda step: None,
) -> Result:
    """The result of one submission, with the log for the instructor; there is one whatever the submission does.

    sandbox: its name (see coursekit.sandbox). data: the assignment's dataset. progress: called with each step's name.
    """
    started = time.monotonic()
    notes: list[Note] = []
    try:
        with autograder.take_in(path) as submission:
            notes += map(Note, submission.notes)
            outcomes, took = _run(autograder, submission, sandbox, data, notes, progress)
        result = replace(
            _blank(autograder, reference, sandbox, data),
            questions=_questions(autograder, outcomes, submission.matched.answers),
            log="".join(f"== {name}: {case}\n{o.log}\n" for (name, case), o in outcomes.items() if o.log),
            values={title: value for o in outcomes.values() for title, value in o.values.items()},
            took=took,
        )
    except (Refused, CourseError) as error:
        result = ungraded(autograder, reference, sandbox, data, error)
    short = tuple(Note(note.text[:MAX_NOTE], note.traceback[:MAX_NOTE]) for note in notes[:MAX_NOTES])
    return replace(result, notes=short, seconds=round(time.monotonic() - started, 2))


def ungraded(
    autograder: Autograder,
    reference: Reference,
    sandbox: str,
    data: Located | None,
    why: Exception,
) -> Result:
    """The result of a submission that could not be graded."""
    worth = {question.name: question.points for question in autograder.questions} | autograder.manual
    questions = tuple(
        QuestionResult(name, 0.0, float(worth[name]), Status.FAILED, (message(f"Not graded: {why}"),))
        for name in autograder.order
        if name in worth
    )
    blank = _blank(autograder, reference, sandbox, data)
    return replace(blank, questions=questions, error=str(why), fault=isinstance(why, GraderFault))


def _blank(autograder: Autograder, reference: Reference, sandbox: str, data: Located | None) -> Result:
    """A result without anything from the submission."""
    return Result(
        reference=reference,
        assignment=autograder.assignment,
        max_score=float(autograder.points),
        questions=(),
        sealed=choose.named(sandbox).sealed,
        sandbox=sandbox,
        data=DataUsed(data.label, data.note, data.warning) if data else DataUsed(),
    )


def _run(
    autograder: Autograder,
    submission: Submission,
    sandbox: str,
    data: Located | None,
    notes: list[Note],
    progress: Progress,
) -> tuple[Outcomes, dict[str, float]]:
    """Every test case's outcome, and how long each took. Adds to `notes` what a person would want to know.

    All public cases run before the first hidden one. So if a student's code learns hidden arguments, and keeps them in
    a file or another process, they can't get into a text that the student sees.
    """
    outcomes: Outcomes = {}
    matched, started = submission.matched, time.monotonic()
    progress("load")
    places = Places(matched.tasks, autograder.answer_files)
    with autograder.process(GradedNotebook, sandbox, matched, submission.folder, data) as student:
        took = {LOAD: round(time.monotonic() - started, 3)}
        for number, reason in student.load.skipped.items():
            notes.append(Note(f"cell {number} was left out: {reason}"))
        for number, reason in student.load.reduced.items():
            if number not in student.load.skipped:
                notes.append(Note(f"of cell {number}, only the definitions were carried out: {reason}"))
        for number in student.load.again:
            notes.append(
                Note(f"cell {number} needs what stands below it: it was run again after all other cells")
            )
        for number, raised in student.load.raised.items():
            notes.append(cell_stopped(number, raised, student.load.kept.get(number, []), places))
        notes += [Note(STAND_INS[used]) for used in student.load.stand_ins if used in STAND_INS]
        notes += map(Note, older_numpy.notes(_written(matched, submission.folder, autograder)))
        stopped: dict[str, float] = {}  # the limits of the questions that ran into one
        for hidden in (False, True):
            for question in autograder.questions:
                progress(question.name)
                for case in (case for case in question.cases if case.hidden == hidden):
                    key, started = case_key(question.name, case.name), time.monotonic()
                    hits = student.timeouts + len(stopped)
                    seconds = shortened(question.limits.case_seconds, autograder.times.cases.get(key), hits)
                    outcome = (
                        NOT_RUN if question.name in stopped else run_case(student, question, case, seconds)
                    )
                    if outcome.ended == "endless":
                        stopped[question.name] = seconds
                    outcomes[question.name, case.name] = outcome
                    took[key] = round(time.monotonic() - started, 3)
    if stopped:
        notes.append(Note(time_limits_reached(stopped)))
    notes += [Note(text) for text in dict.fromkeys(outcome.note for outcome in outcomes.values()) if text]
    return outcomes, took


def _written(matched: Matched, folder: Path, autograder: Autograder) -> list[str]:
    """The code of a submission: that of its notebook and of the answer files."""
    files = [folder / name for name in autograder.answer_files]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()]
    return [text for _, text in matched.to_run] + texts


def _questions(
    autograder: Autograder, outcomes: Outcomes, answers: dict[str, str]
) -> tuple[QuestionResult, ...]:
    """The questions' results, in the order of the notebook."""
    found = [_scored(question, outcomes, autograder.hints) for question in autograder.questions]
    found += [_manual(name, points, answers.get(name, "")) for name, points in autograder.manual.items()]
    return tuple(sorted(found, key=lambda one: autograder.order.index(one.name)))


def _scored(question: Question, outcomes: Outcomes, hints: Hints) -> QuestionResult:
    """One question's result, scored by otter's own rules."""
    ended = {case.name: outcomes[question.name, case.name] for case in question.cases}
    score = question.test_file.score({name: outcome.passed for name, outcome in ended.items()})
    parts: list[Part] = [*_hint(question, ended, hints)]
    for case in question.cases:
        parts += [Verdict(case.hidden, ended[case.name].passed), *ended[case.name].parts]
    status = Status.PASSED if score.passed_all else Status.FAILED
    return QuestionResult(question.name, score.earned, score.possible, status, tuple(parts))


def _hint(question: Question, ended: dict[str, CaseOutcome], hints: Hints) -> list[Text]:
    """The hint for the known mistake with the same answers, if there is one."""
    failed = {
        case_key(question.name, name): outcome.fingerprints
        for name, outcome in ended.items()
        if not outcome.passed
    }
    return [Text(Kind.HINT, known.hint) for known in hints.find(question.name, failed)[:1]]


def _manual(name: str, points: float, answer: str) -> QuestionResult:
    """The result of an answer in words, which waits for a grader."""
    said = message("This answer is graded manually:")
    text = Text(Kind.ANSWER, answer[:MAX_ANSWER] or "No cell of this name is in the notebook.")
    return QuestionResult(name, 0.0, float(points), Status.MANUAL, (said, text))
