"""Run one test case against a student's process, and put what happened into words for the student."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import random
import resource
import select
import signal
import time
import traceback
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO

import numpy as np
import psutil

from coursekit.core.errors import CaseEnded, GraderFault
from coursekit.grading import strict
from coursekit.grading.autograder import Question
from coursekit.grading.fingerprints import Leaves, Recorder
from coursekit.grading.known_mistakes import case_key
from coursekit.sandbox.channel import CHANGED_BY_READING
from coursekit.sandbox.fork import Fork
from coursekit.sandbox.loading import PR_SET_PDEATHSIG, LoadedNotebook
from coursekit.sandbox.proxies import GivenFunction
from coursekit.sandbox.raised import Raised

PRINTED = 1500
MESSAGE = 3000
FRAMES = 6
STATEMENT = 200
MAX_LOG = 20_000
GRACE_SECONDS = 5
TEST_MEMORY = min(12 << 30, max(4 << 30, psutil.virtual_memory().total))
"""bytes of address space for one test's own work on a student's values"""
COMMON = frozenset(
    """AssertionError AttributeError FloatingPointError ImportError IndexError KeyError MemoryError NameError
    OverflowError RecursionError RuntimeError SyntaxError TypeError UnboundLocalError ValueError ZeroDivisionError
    """.split()
)
"""The exceptions that a hidden test's failure names. Others are mostly raised on purpose, to spell something."""


@dataclass(frozen=True)
class Outcome:
    passed: bool
    text: str = ""
    """for the student; empty for a pass"""
    ended: str = ""
    """CaseEnded's kind where it was stopped"""
    answers: Leaves = field(default_factory=dict)
    """what the student's code answered, in short"""
    log: str = ""
    """for the instructor alone: the whole traceback, hidden tests and values included"""


ENDED = {
    "endless": "your code did not end within its time limit",
    "gone": "your code ended the process (os._exit, a crash, or out of memory)",
    "unusable": "your code returned what cannot be checked",
    "form": "your code returned an object of its own where the test needs a plain value",
    "changing": CHANGED_BY_READING,
    "contradiction": "an object that your code returned contradicts itself from one reading to the next",
}
"""What a student is told of a hidden test that was stopped: fixed words, that no value can be read from."""


THREADS = (
    "Your notebook starts a thread while it is loaded, and a test has none of the threads that were started before it: "
    "what waits for one waits for ever. Start it in the function that needs it (pools of concurrent.futures and "
    "multiprocessing are begun again for each test)."
)


def run_case(student: LoadedNotebook, question: Question, case: Any) -> Outcome:
    """Run one of otter's test cases (a public or a hidden one) in a fork of the student's notebook.

    Raises GraderFault when the grader itself fails at it.
    """
    missing = [name for name in _names(case) if name not in student.load.names]
    if missing:
        return Outcome(False, _missing(missing, student))
    mark, seconds = student.printed(), question.limits.case_seconds
    given = student.clean.names(_names(case)) if student.clean else []
    try:
        with (
            student.case(seconds) as fork,
            student.clean.case(seconds) if given else contextlib.nullcontext() as clean,
        ):
            outcome = apart(
                lambda: _run(fork, clean, given, student, question, case), seconds + GRACE_SECONDS
            )
    except CaseEnded as ended:
        outcome = _ended(ended, question, case)
    if outcome.ended == "fault":
        raise GraderFault(f"{question.name}: {outcome.log}")
    if outcome.ended == "endless" and student.load.threads:
        outcome = replace(outcome, text=f"{outcome.text} {THREADS}")
    if outcome.passed or case.hidden:
        return outcome
    return replace(outcome, text=outcome.text + _printed(student.printed_since(mark)))


def _run(
    fork: Fork, clean: Fork | None, given: list[str], student: LoadedNotebook, question: Question, case: Any
) -> Outcome:
    """Run it here; `given` are the functions that are called in `clean`."""
    strict.begin(fork.came_from_student)
    recorder = Recorder()
    fork.witness = recorder.note
    if clean:
        clean.witness = recorder.note
    outcome = _outcome(fork, clean, given, student, question, case)
    if outcome.ended:
        recorder.ended(outcome.ended)
    return replace(outcome, answers=recorder.leaves)


def _outcome(
    fork: Fork, clean: Fork | None, given: list[str], student: LoadedNotebook, question: Question, case: Any
) -> Outcome:
    try:
        arguments = {name: fork.request("get", name) for name in _names(case)}
        for name in given:
            arguments[name] = GivenFunction(arguments[name], clean.request("get", name))
        # Nothing that the student's code did before is an input of this test, and grading again gives the same.
        seed = zlib.crc32(case_key(question.name, case.name).encode())
        np.random.seed(seed)
        random.seed(seed)
        case.body.call_func(arguments)
        return Outcome(True)
    except CaseEnded as ended:
        return _ended(ended, question, case)
    except Exception as error:
        log = "".join(traceback.format_exception(error))[-MAX_LOG:]
        if case.hidden:
            return Outcome(False, _hidden_failure(error, question, student), log=log)
        return Outcome(False, _visible_failure(error, question, student), log=log)


def _ended(ended: CaseEnded, question: Question, case: Any) -> Outcome:
    why = ENDED.get(ended.kind) if case.hidden else str(ended)
    line = _test_line(ended, question)
    return Outcome(
        False, f"Stopped: {why}.", ended=ended.kind, log=f"At: {line}\n{ended}" if line else str(ended)
    )


def apart(run: Callable[[], Outcome], seconds: float) -> Outcome:
    """What `run` returns, from a fork of this process that is killed after `seconds`.

    A value that a student's code returned can keep the test itself busy in places that no signal reaches, or fill
    the memory: then this fork pays for it, also when it is the machine that runs out of memory.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (TEST_MEMORY, TEST_MEMORY))
            with contextlib.suppress(OSError):
                Path("/proc/self/oom_score_adj").write_text("900")
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(asdict(run())).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            text = _read_until(pipe, time.monotonic() + seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if text is None:
        raise CaseEnded(
            "endless", "the test could not be ended in time: your code returned something endless"
        )
    if not text:
        raise CaseEnded("unusable", "your code returned what cannot be checked: it filled the test's memory")
    return Outcome(**json.loads(text))


def _read_until(pipe: BinaryIO, deadline: float) -> bytes | None:
    """All that is written into the pipe, or None when it is not closed by then."""
    parts = []
    while select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
        part = os.read(pipe.fileno(), 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _names(case: Any) -> list[str]:
    return case.body._get_func_params()


def _missing(missing: list[str], student: LoadedNotebook) -> str:
    names = ", ".join(f"`{name}`" for name in missing)
    text = f"{names} {'is' if len(missing) == 1 else 'are'} not defined in your notebook."
    if student.load.raised or student.load.skipped:
        text += " A cell that did not run to its end may be why: see the notes."
    return text


def _visible_failure(error: Exception, question: Question, student: LoadedNotebook) -> str:
    raised = getattr(error, "raised", None)
    if isinstance(raised, Raised):
        return describe(raised, student.tasks)
    message = str(error).strip("\n")[:MESSAGE]
    name = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    line = _test_line(error, question)
    return "\n".join(part for part in (line and f"At: {line}", f"{name}{message}") if part)


def _test_line(error: BaseException, question: Question) -> str:
    """The statement of the test that failed, on one line."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == question.test_file.path]
    if not frames:
        return ""
    lines = question.test_file.source_lines[frames[-1].lineno - 1 : frames[-1].end_lineno]
    statement = " ".join(" ".join(lines).split())
    return statement if len(statement) <= STATEMENT else f"{statement[:STATEMENT]}…"


def _hidden_failure(error: Exception, question: Question, student: LoadedNotebook) -> str:
    """The instructor's message, or where the student's code failed: nothing of the test or of its values."""
    raised = getattr(error, "raised", None)
    if isinstance(raised, Raised):
        if raised.type == "NotImplementedError":
            return f"A function that `{question.name}` needs is not written yet."
        name = raised.type if raised.type in COMMON else "an exception"
        place = _place(raised, student)
        return (
            f"Your code raised {name}{place}. Its message is not shown, since it may tell the hidden values."
        )
    if isinstance(error, AssertionError):
        return (
            _instructors_message(error, question)
            or f"`{question.name}` gives a wrong result for other values."
        )
    return f"`{question.name}` returned something of another form than asked for ({type(error).__name__})."


def _place(raised: Raised, student: LoadedNotebook) -> str:
    """The answer cell or file where it happened. No line: hidden values could be spelt by which one it is."""
    for file, _, _, _ in reversed(raised.frames):
        if (name := file.rpartition("/")[2]) in student.answer_files:
            return f" in {name}"
        for number, task in student.tasks.items():
            if file == f"cell {number}":
                return f" in {task}"
    return ""


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


def describe(raised: Raised, answers: Mapping[int, str] = MappingProxyType({})) -> str:
    """A student's exception with their own traceback, as Python would show it; `answers` names their cells."""
    if raised.type == "NotImplementedError":
        lines = [f"Not written yet: {raised.message}"]
    else:
        lines = [f"Your code raised {raised.name}: {raised.message}"]
    named = {f"cell {number}": f"cell {number} ({task})" for number, task in answers.items()}
    for file, line, function, text in raised.frames[-FRAMES:]:
        place = f"  {named.get(file, file[-80:])}, line {line}"
        place += f", in {function}" if function not in ("", "<module>") else ""
        lines += [place, f"    {text}"] if text else [place]
    return "\n".join(lines)


def _printed(text: str) -> str:
    text = text.strip()
    return f"\nYour code printed:\n{text[-PRINTED:]}" if text else ""
