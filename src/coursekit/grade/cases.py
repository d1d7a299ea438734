"""Run one test case against a student's process, and put what happened into words for the student."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from coursekit.grade.built import Question
from coursekit.sealed.session import CaseEnded, Raised, Student

PRINTED = 1500
MESSAGE = 3000
FRAMES = 6
STATEMENT = 200


@dataclass(frozen=True)
class Outcome:
    passed: bool
    text: str = ""
    """for the student; empty for a pass"""
    endless: bool = False
    """it was stopped at its time limit"""
    log: str = ""
    """for the instructor alone: the whole traceback, hidden tests and values included"""


def run_case(student: Student, question: Question, case: Any) -> Outcome:
    """Run one of otter's test cases (a public or a hidden one) in a fork of the student's notebook."""
    missing = [name for name in _names(case) if name not in student.load.names]
    if missing:
        return Outcome(False, _missing(missing, student))
    mark = student.printed()
    np.random.seed()  # what one case left behind is no input of the next
    try:
        with student.case(question.limits.case_seconds) as fork:
            case.body.call_func({name: fork.request("get", name) for name in _names(case)})
        return Outcome(True)
    except CaseEnded as ended:
        return Outcome(False, f"Stopped: {ended}.", endless=ended.endless)
    except Exception as error:
        log = "".join(traceback.format_exception(error))
        if case.hidden:
            return Outcome(False, _hidden_failure(error, question), log=log)
        return Outcome(
            False, _visible_failure(error, question) + _printed(student.printed_since(mark)), log=log
        )


def _names(case: Any) -> list[str]:
    return case.body._get_func_params()


def _missing(missing: list[str], student: Student) -> str:
    names = ", ".join(f"`{name}`" for name in missing)
    text = f"{names} {'is' if len(missing) == 1 else 'are'} not defined in your notebook."
    if student.load.raised or student.load.skipped:
        text += " A cell that did not run to its end may be why: see the notes."
    return text


def _visible_failure(error: Exception, question: Question) -> str:
    raised = getattr(error, "raised", None)
    if isinstance(raised, Raised):
        return describe(raised)
    message = str(error).strip("\n")[:MESSAGE]
    name = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    line = _test_line(error, question)
    return "\n".join(part for part in (line and f"At: {line}", f"{name}{message}") if part)


def _test_line(error: Exception, question: Question) -> str:
    """The statement of the test that failed, on one line."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == question.test_file.path]
    if not frames:
        return ""
    lines = question.test_file.source_lines[frames[-1].lineno - 1 : frames[-1].end_lineno]
    statement = " ".join(" ".join(lines).split())
    return statement if len(statement) <= STATEMENT else f"{statement[:STATEMENT]}…"


def _hidden_failure(error: Exception, question: Question) -> str:
    """The instructor's message, or where the student's code failed: nothing of the test or of its values."""
    raised = getattr(error, "raised", None)
    if isinstance(raised, Raised):
        if raised.type == "NotImplementedError":
            return f"A function that `{question.name}` needs is not written yet."
        # The message may hold the hidden arguments, and a long traceback could spell them.
        where = [f for f in raised.frames if f[0].startswith("cell ")][-1:]
        place = f" ({where[0][0][:20]}, line {where[0][1]})" if where else ""
        return f"Your code raised {raised.type}{place}. Its message is not shown, since it may tell the hidden values."
    if isinstance(error, AssertionError):
        return (
            _instructors_message(error, question)
            or f"`{question.name}` gives a wrong result for other values."
        )
    return f"`{question.name}` returned something of another form than asked for ({type(error).__name__})."


def _instructors_message(error: AssertionError, question: Question) -> str:
    """The message that the test's author gave the assertion that failed."""
    here: TracebackType | None = error.__traceback__
    frames = []
    while here is not None:
        frames.append(here.tb_frame)
        here = here.tb_next
    if frames[-1].f_code.co_filename == question.test_file.path and error.args:
        return str(error.args[0])[:MESSAGE]
    for frame in frames:
        if frame.f_code.co_filename != question.test_file.path and isinstance(
            frame.f_locals.get("err_msg"), str
        ):
            return frame.f_locals["err_msg"][:MESSAGE]
    return ""


def describe(raised: Raised) -> str:
    """A student's exception with their own traceback, as Python would show it."""
    if raised.type == "NotImplementedError":
        lines = [f"Not written yet: {raised.message}"]
    else:
        lines = [f"Your code raised {raised.type}: {raised.message}"]
    for file, line, function, text in raised.frames[-FRAMES:]:
        place = f"  {file[-80:]}, line {line}" + (
            f", in {function}" if function not in ("", "<module>") else ""
        )
        lines += [place, f"    {text}"] if text else [place]
    return "\n".join(lines)


def _printed(text: str) -> str:
    text = text.strip()
    return f"\nYour code printed:\n{text[-PRINTED:]}" if text else ""
