"""Run attacks through sealed grading, and check after each that it had no effect.

Two slots work side by side, each a process with a scratch copy of the course, its own folder for temporary files, and
canaries where an attack may look for them. A slot grades one attack at a time, like a class; after it, a neighbour's
honest submission, whose result must be the same as before the first attack.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import math
import multiprocessing
import multiprocessing.connection
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat

from coursekit import store
from coursekit.core import time_limits
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import remove_folder
from coursekit.core.kernel import end_with_parent, take_in_orphans
from coursekit.core.progress import Progress
from coursekit.core.reference import Reference
from coursekit.core.result import Result
from coursekit.datasets.located import Located
from coursekit.executors import executor
from coursekit.grade_class import jobs_of
from coursekit.grading import find_data
from coursekit.grading.autograder import (
    Autograder,
    Question,
    Selection,
    read_autograder,
    without_slow_questions,
)
from coursekit.grading.job import Job
from coursekit.layouts.base import Collected
from coursekit.outputs.terminal import show_report
from coursekit.report import report
from coursekit.samples.students import Student, worked_texts, write_submission
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.base import user_of
from coursekit.verify.attacks import leaks, pages
from coursekit.verify.attacks.reading import Attack
from coursekit.verify.attacks.submitting import LOOT, THROUGH, functions, hand_in
from coursekit.verify.attacks.traces import Traces

LIMITS = {"load_seconds": 10, "case_seconds": 3, "memory_mib": 1024, "output_mib": 1, "processes": 64}
"""Smaller than a course's, so that an attack that reaches them ends soon and does not slow the machine down."""
SLOW_CASE_SECONDS = (
    120  # for a question that trains; if an attack asks for one, the course's other limits apply
)
QUESTIONS, WITNESSED = 6, 2
SLACK_SECONDS = 30  # for starting and ending processes, on a busy machine
NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class AttackOutcome:
    """The outcome of an attack. problems: pairs of a short word and a sentence; none if it was held off."""

    attack: Attack
    score: float = 0
    honest: float = 0
    seconds: float = 0
    problems: tuple[tuple[str, str], ...] = ()

    @property
    def verdict(self) -> str:
        return ", ".join(dict.fromkeys(word for word, _ in self.problems)) or "held"


@dataclass(frozen=True)
class Setup:
    """The settings that slots share. root: a folder for them; data: the dataset."""

    assignment: Assignment
    root: Path
    backend: str
    data: Located | None
    canaries: dict[str, str]


def run(
    assignment: Assignment,
    attacks: list[Attack],
    *,
    jobs: int = 2,
    backend: str | None = None,
    progress: Progress = lambda step: None,
) -> list[AttackOutcome]:
    """Run `attacks` through sealed grading, by default in the strongest sandbox; an outcome for each.

    Raises CourseError when no sandbox works, the assignment is not built or its solution fails its own tests.
    """
    backend = backend or sandbox.strongest()
    data = find_data(assignment.course, read_autograder(assignment.autograder, assignment.release).dataset)
    outcomes: dict[str, AttackOutcome] = {}
    with planted() as (root, canaries):
        slots = _Slots(Setup(assignment, root, backend, data, canaries))
        try:
            for outcome in slots.outcomes(attacks, jobs):
                outcomes[outcome.attack.name] = outcome
                progress(f"{len(outcomes)} of {len(attacks)} attacks, last {outcome.attack.name}")
        finally:
            slots.close()
    return [outcomes[attack.name] for attack in attacks]


@contextlib.contextmanager
def planted() -> Iterator[tuple[Path, dict[str, str]]]:
    """A scratch folder, and the canaries; those in the environment and the home folder are already in place."""
    if LOOT.exists():
        raise CourseError(f"{LOOT} already exists, as if an attack had succeeded before: remove it.")
    canaries, name = leaks.canaries(), "COURSEKIT_CANARY"
    at_home = Path.home() / f".coursekit-canary-{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="coursekit-verify-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # sandboxes have users of their own, and only the sandbox may keep them out
        os.environ[name] = canaries["the grader's environment"]
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # clean up then too
        try:
            with contextlib.suppress(OSError):  # there may be no writable home folder
                at_home.write_text(canaries["the home folder"])
            yield Path(folder), canaries
        finally:
            signal.signal(signal.SIGTERM, before)
            del os.environ[name]
            at_home.unlink(missing_ok=True)


def scratch_course(assignment: Assignment, root: Path, canaries: dict[str, str]) -> Assignment:
    """A copy of the assignment's course at `root`, with a neighbour's submission and canaries in it."""
    for name in ("source", "release", "solutions", "autograder"):
        shutil.copytree(assignment.course.root / name / assignment.name, root / name / assignment.name)
    copy = Assignment(Course(root), assignment.name)
    canary = canaries["another submission"]

    def sign(notebook: Any) -> None:
        notebook.cells.append(nbformat.v4.new_code_cell(f"mine = {canary!r}", id="mine"))

    neighbour = Student(NEIGHBOUR, "submits the worked solution", edit=sign)
    write_submission(copy, neighbour, copy.course.submitted / NEIGHBOUR / copy.name)
    (root / "grades.txt").write_text(canaries["the course's folder"])
    return copy


def chosen(autograder: Autograder, names: tuple[str, ...] = ()) -> Autograder:
    """The autograder with the questions called `names`, or else with a few quick ones, under LIMITS.

    Manually graded questions are left out: the attacks' class is reported, and nobody has graded their answers.
    Raises CourseError for a name that no question has.
    """
    known = {question.name: question for question in autograder.questions}
    if unknown := set(names) - set(known):
        raise CourseError(f"An attack asks for {sorted(unknown)[0]!r}, but no question has that name.")
    quick = [question for question in without_slow_questions(autograder).questions if question.points]
    picked = [known[name] for name in names] or quick[:: math.ceil(len(quick) / QUESTIONS) or 1]
    slow = [question for question in picked if is_slow(autograder, question)]
    limits = autograder.limits if slow else autograder.limits.merged(LIMITS)
    bounds = {True: replace(limits, case_seconds=SLOW_CASE_SECONDS), False: limits}
    questions = [replace(question, limits=bounds[question in slow]) for question in picked]
    return replace(autograder, questions=questions, manual={}, limits=limits)


def is_slow(autograder: Autograder, question: Question) -> bool:
    """Whether it asks for more time than usual, that is, trains."""
    return question.limits.case_seconds > autograder.limits.case_seconds


def most_seconds(autograder: Autograder) -> float:
    """How long grading one submission may take if it reaches every limit and its sandboxes start immediately."""
    most = time_limits.most_seconds(autograder.limits, autograder.case_seconds, start_seconds=0)
    return most + SLACK_SECONDS


class _Slots:
    """The processes that run attacks."""

    def __init__(self, setup: Setup):
        self._setup = setup
        self._context = multiprocessing.get_context("spawn")  # with an environment that holds the canary
        self._running: dict[Any, tuple[Any, Attack]] = {}
        self._started = 0

    def outcomes(self, attacks: list[Attack], jobs: int) -> Iterator[AttackOutcome]:
        waiting = list(attacks)
        for _ in range(min(jobs, len(waiting))):
            self._start(waiting.pop(0))
        while self._running:
            for pipe in multiprocessing.connection.wait(list(self._running)):
                process, attack = self._running.pop(pipe)
                try:
                    outcome = pipe.recv()
                except EOFError:
                    process.join()
                    died = ("no result", f"the grader's own process ended ({process.exitcode})")
                    outcome = AttackOutcome(attack, problems=(died,))
                    if waiting:
                        self._start(waiting.pop(0))
                else:
                    if isinstance(outcome, CourseError):
                        raise outcome
                    self._go_on(process, pipe, waiting)
                yield outcome

    def _start(self, attack: Attack) -> None:
        pipe, theirs = self._context.Pipe()
        self._started += 1
        folder = self._setup.root / f"slot-{self._started}"
        process = self._context.Process(target=_serve, args=(theirs, self._setup, folder))
        process.start()
        theirs.close()
        self._go_on(process, pipe, [attack])

    def _go_on(self, process: Any, pipe: Any, waiting: list[Attack]) -> None:
        if waiting:
            attack = waiting.pop(0)
            pipe.send(attack)
            self._running[pipe] = process, attack
        else:
            pipe.close()
            process.join()

    def close(self) -> None:
        for process, _ in self._running.values():
            process.terminate()  # it ends its own workers
            process.join(30)
            process.kill()


def _serve(pipe: Any, setup: Setup, folder: Path) -> None:
    """A slot's process: run attacks as they come until the pipe is closed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this one
    end_with_parent(signal.SIGTERM)
    take_in_orphans()
    try:
        for number in itertools.count():  # a new slot after each attack that came through
            slot = Slot(setup, folder / str(number))
            while not (outcome := slot.run(pipe.recv())).problems:
                pipe.send(outcome)
            pipe.send(outcome)
    except EOFError:
        pass
    except CourseError as error:
        pipe.send(error)


OF_HAND_INS = "The hand-in of "
"""how a report tells of hand-ins without a result: here they are graded by their paths, and the witness apart"""


@dataclass
class Slot:
    """Grades one attack at a time, and then the neighbour as a witness. Must have a process of its own."""

    setup: Setup
    folder: Path
    users: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.assignment = scratch_course(self.setup.assignment, self.folder / "course", self.setup.canaries)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(self.temporary)
        os.chdir(self.assignment.course.root)
        self.autograder = read_autograder(self.assignment.autograder, self.assignment.release)
        self.names = functions(self.autograder)
        self.secrets = leaks.collect(self.assignment, self.setup.canaries)
        quick = without_slow_questions(self.autograder)
        self.witnessed = replace(quick, questions=[q for q in quick.questions if q.points][:WITNESSED])
        self.reference = self._witness()
        for question in self.reference["tests"]:
            if question["status"] == "failed":
                raise CourseError(
                    f"The worked solution does not pass {question['name']}: {question['output']}"
                )

    def run(self, attack: Attack) -> AttackOutcome:
        """Grade an attack, then the witness; returns the outcome."""
        autograder = chosen(self.autograder, attack.questions)
        honest = sum(q.points for q in autograder.questions) if attack.solved else 0
        submitted, before = self.assignment.course.submitted, set(self.assignment.course.submitted.iterdir())
        self.users.clear()
        try:
            submissions = hand_in(self.assignment, attack, self.names, self.setup.data)
            traces = Traces([self.assignment.course.root, self.temporary], self.users)
            started = time.monotonic()
            results = list(self._grade(autograder, submissions))
            seconds = time.monotonic() - started
            problems = [("left behind", text) for text in traces.left()]
            score = max(result.score for result in results)
            if not score <= honest:
                problems.append(
                    (f"scored {score:g} of {honest:g}", f"it earned {score:g} points, not {honest:g}")
                )
            problems += _lost(results, seconds / len(submissions), most_seconds(autograder))
            problems += [("got through", text) for text in _through(results)]
            problems += [("did not run", text) for text in _unable(results)]
            problems += self._shown(results, own_text(self.assignment, attack))
            if self._witness() != self.reference:
                problems.append(("harmed", "the next submission's result is not the same as before"))
            return AttackOutcome(attack, score, honest, seconds, tuple(problems))
        finally:
            for folder in {*submitted.iterdir()} - before:
                remove_folder(folder)
            for folder in (self.assignment.results, self.assignment.feedback):
                shutil.rmtree(folder, ignore_errors=True)

    def _grade(self, autograder: Autograder, submissions: list[Collected]) -> Iterator[Result]:
        def note_user(job: Job, step: str) -> None:
            self.users.update(user_of(one.pid) for one in multiprocessing.active_children())

        selection = Selection.of(autograder)
        whole = self.setup.assignment.course  # the scratch course has no dataset
        jobs = jobs_of(
            self.assignment, submissions, self.setup.backend, selection=selection, dataset_of=whole
        )
        yield from executor().run(jobs, note_user)

    def _witness(self) -> dict[str, Any]:
        """The part of the neighbour's result that must never change."""
        path = self.assignment.course.submitted / NEIGHBOUR / self.assignment.name
        [result] = self._grade(self.witnessed, [Collected(Reference(NEIGHBOUR), path)])
        found = result.to_json()
        return {key: found[key] for key in ("score", "tests", "notes")} | {"error": result.error}

    def _shown(self, results: list[Result], own: str) -> Iterator[tuple[str, str]]:
        """Problems in the texts that students and instructors see."""
        try:
            for result in results:
                store.write(self.assignment, result)
            made = report(self.assignment)
            screen = io.StringIO()
            show_report(made, _console(screen))
            shown = {
                one.student: (made.written["feedback"] / f"{one.student}.html").read_text()
                for one in made.results
            }
            gradebook = made.written["gradebook"].read_text(encoding="utf-8-sig")
        except (CourseError, OSError, ValueError) as error:
            yield "harmed", f"the class can't be reported: {ascii(str(error)[:200])}"
            return
        for problem in made.problems:
            if not problem.startswith(OF_HAND_INS):
                yield "no result", problem
        texts = [gradebook, *shown.values()]
        for result in results:
            texts += leaks.texts_of(result.to_json())
        for what in self.secrets.found_in("\n".join(texts), own):
            yield "leaked", f"the student's result contains {what}"
        for result in made.results:
            for what in (
                *pages.in_feedback(shown[result.student]),
                *pages.forged(shown[result.student], result),
            ):
                yield "harmed", what
        for what in (*pages.in_gradebook(gradebook), *pages.in_text(screen.getvalue(), "the terminal")):
            yield "harmed", what


def _through(results: list[Result]) -> list[str]:
    """The acts that got through, as printed by the attacks."""
    texts = [text for result in results for text in (*leaks.texts_of(result.to_json()), result.log)]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return sorted({ascii(line[:200]) for line in lines if line.startswith(THROUGH)})[:5]


def _unable(results: list[Result]) -> list[str]:
    """Why an attack could not begin: a module that it needs is not there. Then it proves nothing."""
    notes = [note.text for result in results for note in result.notes]
    return sorted({note[:300] for note in notes if "ModuleNotFoundError" in note})


def _lost(results: list[Result], seconds: float, most: float) -> Iterator[tuple[str, str]]:
    for result in results:
        if result.fault:
            yield "no result", result.error or ""
    if seconds > most:
        yield "no result", f"grading took {seconds:.0f} s, but its limits add up to {most:.0f} s"


def own_text(assignment: Assignment, attack: Attack) -> str:
    """Everything that the attacker wrote or was given: in their feedback it is not a leak."""
    release = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    texts = [attack.path.read_text(), *(cell.source for cell in release.cells)]
    texts += [path.read_text() for path in assignment.release.glob("*.py")]
    if attack.solved or attack.files:
        texts += worked_texts(assignment).values()
    return "\n".join(texts)


def _console(file: io.StringIO) -> Any:
    from rich.console import Console

    return Console(file=file, width=200)
