"""Run one test case against a loaded notebook."""

from __future__ import annotations

import contextlib
import json
import random
import traceback
import zlib
from dataclasses import dataclass, field, replace

import numpy as np

from coursekit.core import time_limits
from coursekit.core.errors import CaseEnded, GraderFault
from coursekit.core.in_child import ChildKilled
from coursekit.core.result import Kind, Text
from coursekit.grading import messages, strict
from coursekit.grading.autograder import Question
from coursekit.grading.fingerprints import Leaves, Recorder
from coursekit.grading.graded_notebook import GradedNotebook
from coursekit.grading.known_mistakes import case_key
from coursekit.grading.messages import Places
from coursekit.grading.otter_tests import TestCase
from coursekit.sandbox.channel import Connection
from coursekit.sandbox.fork import Fork
from coursekit.sandbox.proxies import GivenFunction

MAX_LOG = 20_000
ENDLESS_VALUE = (
    "the test did not finish in time: your code returned something endless, such as an endless generator"
)
TOO_LARGE = "your code returned a value that cannot be checked: it is too large for the test's memory"


@dataclass(frozen=True)
class CaseOutcome:
    """How a test case ended.

    parts: for the student; empty if it passed. ended: CaseEnded's kind if it was stopped. fingerprints: of the answers
    of the student's code, if it failed. log: for the instructor only, the whole traceback with hidden tests and values.
    values: what the test computed of the values that the assignment names. note: what was done so that it passed.
    """

    passed: bool
    parts: tuple[Text, ...] = ()
    ended: str = ""
    fingerprints: Leaves = field(default_factory=dict)
    log: str = ""
    values: dict[str, float] = field(default_factory=dict)
    note: str = ""

    def dumps(self) -> bytes:
        """As JSON, for another process of the grader."""
        parts = [[str(part.kind), part.text] for part in self.parts]
        return json.dumps([self.passed, parts, self.ended, self.fingerprints, self.log, self.values]).encode()

    @classmethod
    def loads(cls, data: bytes) -> CaseOutcome:
        try:
            passed, parts, *rest = json.loads(data)
        except ValueError:  # killed while it wrote, since the machine ran out of memory
            raise CaseEnded("unusable", "the test ended early: your code filled its memory") from None
        return cls(passed, tuple(Text(Kind(kind), text) for kind, text in parts), *rest)


def run_case(
    student: GradedNotebook, question: Question, case: TestCase, seconds: float | None = None
) -> CaseOutcome:
    """Run one test case, a public or a hidden one, in forks of the student's notebook.

    The notebook is as it was at the test's place: a cell further down may have given the names another meaning. If the
    test fails there, and what it needs is another thing at the end, it is run at the end too: the answer may have been
    moved below its test. seconds: the time limit, if it is not the question's. Raises GraderFault if the grader itself
    fails.
    """
    seconds = question.limits.case_seconds if seconds is None else seconds
    name = question.name
    names = student.names_at(name)
    if names is None:
        return _run_case(student, question, case, seconds)
    changes = student.load.changes.get(name, {})
    first = _run_case(student, question, case, seconds, at=name)
    if first.passed or not changes:
        return replace(first, note=messages.overwritten(name, changes) if changes else "")
    last = _run_case(student, question, case, seconds)
    if last.passed:
        return replace(last, note=messages.moved_below(name))
    return first if changes.keys() <= names else last  # what it needs may be written below it, and be wrong


def _run_case(
    student: GradedNotebook, question: Question, case: TestCase, seconds: float, at: str = ""
) -> CaseOutcome:
    """Run one test case with the notebook as it is at the end, or at the place of the test `at`.

    If somebody kills the tester, another one tries again: only the second time may the student's values be the reason.
    """
    outcome = _try_case(student, question, case, seconds, at)
    return _try_case(student, question, case, seconds, at) if outcome.ended == "killed" else outcome


def _try_case(
    student: GradedNotebook, question: Question, case: TestCase, seconds: float, at: str
) -> CaseOutcome:
    names = student.names_at(at)
    missing = [
        name for name in case.parameters if name not in (student.load.names if names is None else names)
    ]
    if missing:
        errors = bool(student.load.raised or student.load.skipped or student.load.reduced)
        return CaseOutcome(False, (messages.missing(missing, errors),))
    mark = student.printed()
    given = student.clean.names(case.parameters)
    run = _Run(question, case, Places(student.notebook.tasks, student.notebook.answer_files), given)
    try:
        with (
            student.connected(seconds, at) as own,
            student.clean.connected(seconds) if given else contextlib.nullcontext() as clean,
        ):
            outcome = run.in_tester(student, own, clean, seconds)
    except CaseEnded as ended:
        outcome = run.stopped(ended)
    if outcome.ended == "fault":
        raise GraderFault(f"{question.name}: {outcome.log}")
    if outcome.ended == "gone" and student.was_ended():
        raise GraderFault(f"{question.name}: the sandbox was ended from outside")
    more: list[Text] = []
    if outcome.ended == "endless" and student.load.threads:
        more.append(messages.message(messages.THREADS))
    if not outcome.passed and not case.hidden:
        more += messages.printed(student.printed_since(mark))
    return replace(outcome, parts=(*outcome.parts, *more))


def run_in_tester(student: GradedNotebook, request: bytes, fds: list[int]) -> bytes:
    """Run the test case of a request in this process, a tester: its calls go to the other processes."""
    name, case_name, given, seconds = json.loads(request)
    question = next(one for one in student.questions if one.name == name)
    case = next(one for one in question.cases if one.name == case_name)
    run = _Run(question, case, Places(student.notebook.tasks, student.notebook.answer_files), given)
    forks = [student.fork_at(Connection.of(pair)) for pair in (fds[:2], fds[2:]) if pair]
    for fork in forks:
        fork.limit(seconds)
    try:
        return run.outcome(student, *forks).dumps()
    finally:
        for fork in forks:
            fork.close()


@dataclass(frozen=True)
class _Run:
    """One run of a test case. given: the functions to call in the process without the student's code."""

    question: Question
    case: TestCase
    places: Places
    given: list[str]

    def in_tester(
        self, student: GradedNotebook, own: Connection, clean: Connection | None, seconds: float
    ) -> CaseOutcome:
        """Have the case run in the tester. Raises CaseEnded."""
        request = json.dumps([self.question.name, self.case.name, self.given, seconds]).encode()
        fds = [fd for connection in (own, clean) if connection for fd in connection.fds]
        try:
            found = student.tester.ask(request, fds, time_limits.killed_after(seconds))
        except ChildKilled:
            raise CaseEnded("killed", TOO_LARGE) from None
        if found is None:
            raise CaseEnded("endless", ENDLESS_VALUE)
        if not found:
            raise CaseEnded("unusable", TOO_LARGE)
        outcome = CaseOutcome.loads(found)
        if outcome.ended:
            student.tester.close()  # what is left of its values may be large, or be waiting
        return outcome

    def outcome(self, student: GradedNotebook, fork: Fork, clean: Fork | None = None) -> CaseOutcome:
        """Run the case in this process."""
        strict.begin(fork.came_from_student)
        recorder = Recorder()
        try:
            student.begin(fork)
        except CaseEnded as ended:
            return self.stopped(ended)
        for one in filter(None, (fork, clean)):
            one.witness = recorder.note
        outcome = replace(self._called(fork, clean), values=self.case.named.values)
        if outcome.ended:
            recorder.ended(outcome.ended)
        if outcome.passed and not student.compares_all:
            return outcome
        return replace(outcome, fingerprints=recorder.leaves)

    def _called(self, fork: Fork, clean: Fork | None) -> CaseOutcome:
        try:
            arguments = {name: fork.request("get", name) for name in self.case.parameters}
            if clean:
                for name in self.given:
                    arguments[name] = GivenFunction(arguments[name], clean.request("get", name))
            seed_case(self.question.name, self.case.name)
            self.case.call(arguments)
            return CaseOutcome(True)
        except CaseEnded as ended:
            return self.stopped(ended)
        except Exception as error:
            log = "".join(traceback.format_exception(error))[-MAX_LOG:]
            return CaseOutcome(False, tuple(self._told(error)), log=log)

    def _told(self, error: Exception) -> list[Text]:
        test = self.question.test_file
        if self.case.hidden:
            return messages.hidden_failure(error, self.question.name, test, self.places)
        return messages.visible_failure(error, test, self.places)

    def stopped(self, ended: CaseEnded) -> CaseOutcome:
        line = messages.statement(ended, self.question.test_file)
        log = f"At: {line}\n{ended}" if line else str(ended)
        return CaseOutcome(False, (messages.stopped(ended, self.case.hidden),), ended=ended.kind, log=log)


def seed_case(question: str, case: str) -> None:
    """Seed the global generators, so that grading again gives the same result."""
    seed = zlib.crc32(case_key(question, case).encode())
    np.random.seed(seed)
    random.seed(seed)
