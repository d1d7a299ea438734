"""Does a question give its points to a function that lies? Universal liars replace the functions that students write.

None is written for one assignment: they answer nan, their arguments, the visible test's values, an object that agrees
with everything, and so on (see `tellers`). No question may give its points to any of them.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.progress import Counted
from coursekit.grading import find_data
from coursekit.grading.autograder import Question, read_autograder, without_slow_questions
from coursekit.grading.cases import seed_case
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.fork import Fork
from coursekit.verify.liars.asked import Work, students_work
from coursekit.verify.liars.tellers import LIARS
from coursekit.verify.loaded_solution import Solution, hurried, loaded, passes

Signatures = dict[str, list[str]]
"""the calls of a visible test, by called function"""

CASE_SECONDS = 10
"""A test case's limit, unless the question asks for more: an endless lie must end at some time."""
SLOW_SECONDS = 60
"""The limit of a question that trains."""
BATCH = 100
FOR_SLOW = frozenset(
    {
        "always nan",
        "always 0",
        "always an empty array",
        "always an empty dict",
        "always raises ValueError",
        "zeros like its first argument",
        "the right form, but nan",
        "the right form, but zeros",
        "right for the visible test's shapes, else zeros",
        "fills its arguments with zeros, and answers zeros",
        "zeros, but right from the second reading on",
        "arrays and numbers of nan that agree with everything",
        "agrees with everything, and calculates 0",
    }
)
"""The liars for questions that train, if the solution trains too, which takes seconds for each."""
TELLERS = Path(__file__).parent / "tellers"
BECOME, SIGNATURES = "_become_liar", "_liars_signatures"
LAST_CELL = f"""\
import tellers as _tellers


def {BECOME}(*settings):
    _tellers.become(globals(), *settings)


{SIGNATURES} = _tellers.signatures
"""


@dataclass(frozen=True)
class Lie:
    """A liar in place of names that a question's tests call.

    places: functions, classes and methods (as "Class.method"). liar: its name in LIARS. asked: the places that the
    question asks for: it need not notice a fault that is only in the others.
    """

    question: str
    places: tuple[str, ...]
    liar: str
    asked: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.question} gives its points to {', '.join(self.places)}: {self.liar}."


@dataclass(frozen=True)
class Found:
    """The outcome for an assignment's lies. earned: those that got a question's points."""

    assignment: str
    questions: int
    lies: int
    earned: list[Lie]

    @property
    def problems(self) -> list[str]:
        return [f"{self.assignment}: {lie}" for lie in self.earned]

    def __str__(self) -> str:
        earned = f"{len(self.earned)} earned a point" + ("." if not self.earned else ":")
        return f"{self.assignment}: {self.questions} questions, {self.lies:,} lies, {earned}"


def run(
    assignment: Assignment,
    *,
    quick: bool = False,
    sample: int = 1,
    jobs: int | None = None,
    progress: Counted = lambda done, total: None,
) -> Found:
    """Test every lie, or one in `sample` at random, sealed; with `quick`, without the questions that train.

    Raises CourseError when the assignment has not been built, or when the solution itself fails.
    """
    autograder = read_autograder(assignment.autograder, assignment.release)
    data = find_data(assignment.course, autograder.dataset)
    usual = without_slow_questions(autograder)
    fast = {question.name for question in usual.questions}
    slow = [] if quick else hurried(autograder, SLOW_SECONDS).questions
    questions = hurried(usual, CASE_SECONDS).questions + [q for q in slow if q.name not in fast]
    autograder = replace(autograder, questions=questions)
    work = students_work(autograder)
    lies = list(every_lie(work, questions))
    chosen = set(random.Random(0).sample(lies, -(-len(lies) // sample)))
    lies = [lie for lie in lies if lie in chosen]
    needs = (autograder, assignment.solution, sandbox.strongest(), data)
    # As the grader does: tests may import the assignment's own files.
    sys.path.insert(0, str(autograder.files))
    try:
        with _loaded(*needs) as solution:
            seen = {question.name: _visible_calls(solution, question, work) for question in questions}
        earned, true = _test(lies, (needs, seen), jobs or os.cpu_count() or 1, progress)
    finally:
        sys.path.remove(str(autograder.files))
    told = [lie for lie in lies if lie not in true]
    return Found(
        assignment.name, len({lie.question for lie in lies}), len(told), [x for x in told if x in earned]
    )


def every_lie(work: Work, questions: list[Question]) -> Iterator[Lie]:
    """Every lie about every question."""
    for question in questions:
        slow = question.limits.case_seconds > CASE_SECONDS
        names = work.about[question.name].asked
        for places in _places(work, question.name):
            asked = tuple(place for place in places if _name(place) in names)
            is_class = any(work.methods.get(place) for place in places)
            trains = slow and set(map(_name, asked)) != set(names)
            for liar in LIARS.values():
                possible = liar.classes or not is_class
                if possible and (liar.name in FOR_SLOW or not (trains or (slow and liar.asks))):
                    yield Lie(question.name, places, liar.name, asked)


def _name(place: str) -> str:
    """The name of the function or class."""
    return place.partition(".")[0]


def _places(work: Work, question: str) -> Iterator[tuple[str, ...]]:
    """The places of liars: each function and class that the question asks for, then all that its tests read.

    A class is replaced as a whole, and in all methods that students write. If several questions ask for it, the first
    must check its __init__. If only one does, it must check each method alone.
    """
    about = work.about[question]
    for name in about.asked:
        yield (name,)
        questions, methods = work.asking_for(name), _inside(work, name)
        if question != questions[0]:
            methods = tuple(method for method in methods if not method.endswith(".__init__"))
        if methods != (name,):
            yield methods
            if len(methods) > 1 and len(questions) == 1:
                yield from ((method,) for method in methods)
    if len(about.every) > 1:
        yield tuple(place for name in about.every for place in _inside(work, name))


def _inside(work: Work, name: str) -> tuple[str, ...]:
    """A function's own name; a class's methods."""
    return tuple(f"{name}.{method}" for method in work.methods[name]) or (name,)


_loaded = partial(loaded, last_cell=LAST_CELL, package=TELLERS)


def _visible_calls(solution: Solution, question: Question, work: Work) -> Signatures:
    """The calls that the question's visible test makes to the solution.

    Raises CourseError when the solution itself fails the question.
    """
    solution.prepare = None
    if not passes(solution, question):
        limit = question.limits.case_seconds
        raise CourseError(
            f"The solution itself fails {question.name} within {limit:g} s: run 'coursekit build'."
        )
    places = [place for name in work.about[question.name].every for place in _inside(work, name)]
    found: Signatures = {}
    for case in question.cases:
        if not case.hidden:
            with solution.case(question.limits.case_seconds) as fork:
                fork.request("get", BECOME)(places, "recorder")
                # As run_case does, but in this process, since the calls are read when the test has ended.
                seed_case(question.name, case.name)
                case.call({name: fork.request("get", name) for name in case.parameters})
                for place, calls in fork.request("get", SIGNATURES)().items():
                    found[place] = [*found.get(place, []), *calls]
    return found


def _test(lies: list[Lie], needs: tuple[Any, ...], jobs: int, progress: Counted) -> tuple[set[Lie], set[Lie]]:
    """The lies that earn a question's points, and those that turned out to be true."""
    batches = [lies[k : k + BATCH] for k in range(0, len(lies), BATCH)]
    earned, true, done = set(), set(), 0
    # fork: the tests and libraries are loaded once
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begin, needs) as pool:
        for finished in as_completed([pool.submit(_earning, batch) for batch in batches]):
            its, count = finished.result()
            for lie, lied in its:
                (earned if lied else true).add(lie)
            done += count
            progress(done, len(lies))
    return earned, true


_needs: tuple[tuple[Any, ...], dict[str, Signatures]]
"""in a worker: the arguments for loading the solution; each question's visible calls"""


def _begin(*needs: Any) -> None:
    global _needs
    _needs = needs
    warnings.simplefilter("ignore")  # numpy warns when a test takes the mean of a lie that is empty


def _earning(batch: list[Lie]) -> tuple[list[tuple[Lie, bool]], int]:
    """The lies in the batch that get their question's points, each with whether it was false; and the batch's length.

    A lie made from the solution's answer is sometimes true: zeros with their sign flipped.
    """
    to_load, seen = _needs
    questions = {question.name: question for question in to_load[0].questions}
    earning = []
    with _loaded(*to_load) as solution:
        for lie in batch:
            question, calls = questions[lie.question], seen[lie.question]
            solution.prepare = partial(_becomes, lie, calls, ())
            if passes(solution, question):
                solution.prepare = partial(_becomes, lie, calls, lie.asked)
                earning.append((lie, not LIARS[lie.liar].asks or not passes(solution, question)))
    return earning, len(batch)


def _becomes(lie: Lie, calls: Signatures, watched: tuple[str, ...], fork: Fork) -> None:
    """Put the liar in its places in a fork. watched: places that raise if the answer differs from the solution's."""
    fork.request("get", BECOME)(list(lie.places), lie.liar, calls, list(watched))
