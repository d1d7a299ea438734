"""otter's test files: read them, run their cases, score them by otter's rules. Nothing else in grading uses otter.

Importing otter takes as long as much of grading, so it is done when the first test file is read.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.grading.named_values import NamedValues
from coursekit.grading.prepared import Prepared
from coursekit.grading.strict import strict

if TYPE_CHECKING:
    from otter.test_files.exception_test import ExceptionTestFile


@dataclass(frozen=True)
class TestCase:
    """One test function. parameters: the names that it reads from the notebook."""

    __test__ = False  # not a test for pytest

    name: str
    hidden: bool
    parameters: tuple[str, ...]
    named: NamedValues
    _otter: Any

    def call(self, arguments: Mapping[str, Any]) -> None:
        """Run it with `arguments` for its parameters. Raises what the test raises."""
        self._otter.body.call_func(dict(arguments))


@dataclass(frozen=True)
class Score:
    """The points for a test file's cases together."""

    earned: float
    possible: float
    passed_all: bool


@dataclass(frozen=True)
class TestFile:
    """A question's test file, its test functions made strict (see coursekit.grading.strict)."""

    __test__ = False

    path: str
    source_lines: tuple[str, ...]
    cases: tuple[TestCase, ...]
    prepared: tuple[Prepared, ...]
    """what they prepare once for all students"""
    _otter: ExceptionTestFile

    def score(self, passed: Mapping[str, bool]) -> Score:
        """The score if these cases passed. passed: by name; cases that are missing failed."""
        from otter.test_files import GradingResults
        from otter.test_files.abstract_test import TestCaseResult

        graded = copy(self._otter)
        graded.test_case_results = [
            TestCaseResult(case, "", passed.get(case.name, False)) for case in graded.test_cases
        ]
        total = GradingResults([graded]).total if graded.possible else 0.0
        return Score(float(total), float(graded.possible), graded.passed_all)


def read_test_file(path: Path, files: Path, leaderboard: Mapping[str, str]) -> TestFile:
    """The test file at `path`, which may import the assignment's own modules in the folder `files`.

    leaderboard: names of values, and of the variables of its hidden test that hold them.
    """
    from otter.test_files.exception_test import ExceptionTestFile

    with _importing_from(files):
        found = ExceptionTestFile.from_file(str(path))
    prepared: list[Prepared] = []
    cases: list[TestCase] = []
    for case in found.test_cases:
        named = NamedValues(leaderboard if case.hidden else {})
        case.body.test_func, its = strict(case.body.test_func, found.source, found.path, named)
        prepared += its
        parameters = tuple(case.body._get_func_params())
        cases.append(TestCase(case.name, case.hidden, parameters, named, case))
    return TestFile(found.path, tuple(found.source_lines), tuple(cases), tuple(prepared), found)


@contextlib.contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Let a test file import the assignment's own modules, and not another assignment's of the same name."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(folder)):
                del sys.modules[name]
