"""The worked solution in a sandbox, loaded once for many trials: each changes it in a test case's fork only."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from coursekit.datasets.located import Located
from coursekit.grading.autograder import Autograder, Question
from coursekit.grading.cases import run_case
from coursekit.grading.graded_notebook import GradedNotebook
from coursekit.sandbox.fork import Fork


class Solution(GradedNotebook):
    """The worked solution's process. `prepare`, if set, is called with each test case's fork before the case."""

    _prepare: Callable[[Fork], None] | None = None

    @property
    def prepare(self) -> Callable[[Fork], None] | None:
        return self._prepare

    @prepare.setter
    def prepare(self, prepare: Callable[[Fork], None] | None) -> None:
        self._prepare = prepare
        self.tester.close()  # it has another one

    def begin(self, fork: Fork) -> None:
        if self._prepare:
            self._prepare(fork)


@contextlib.contextmanager
def loaded(
    autograder: Autograder,
    path: Path,
    backend: str,
    data: Located | None,
    last_cell: str,
    package: Path | None = None,
) -> Iterator[Solution]:
    """The worked solution at `path`, with a `last_cell` whose functions prepare() can call.

    package: a folder of Python files that this cell imports; it is copied beside the notebook.
    """
    with autograder.take_in(path) as submission:
        matched = replace(submission.matched, places={})  # prepare() needs what the last cell defines
        matched.to_run.append((1 + max(number for number, _ in matched.to_run), last_cell))
        if package:
            no_bytecode = shutil.ignore_patterns("__pycache__")
            shutil.copytree(package, submission.folder / package.name, ignore=no_bytecode)
        with autograder.process(Solution, backend, matched, submission.folder, data) as solution:
            yield solution


def hurried(autograder: Autograder, seconds: float) -> Autograder:
    """The autograder with limits of at most `seconds` for its test cases."""
    questions = [
        replace(q, limits=q.limits.merged({"case_seconds": min(seconds, q.limits.case_seconds)}))
        for q in autograder.questions
    ]
    return replace(autograder, questions=questions)


def passes(solution: Solution, question: Question) -> bool:
    """Whether the question earns its points, that is, all its cases pass. Stops at the first that fails."""
    return all(run_case(solution, question, case).passed for case in question.cases)
