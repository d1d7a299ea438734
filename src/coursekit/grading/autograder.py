"""The built autograder of an assignment, as the grader uses it: questions, tests, limits, the release's cells."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits
from coursekit.datasets.located import Located
from coursekit.grading.given import CleanProcess, Given, read_given
from coursekit.grading.known_mistakes import FILE_NAME, Hints, read_hints
from coursekit.grading.notebook import GradedNotebook
from coursekit.grading.strict import strict
from coursekit.intake.files import Expected, Refused, Submission, add_files, read_notebook, take_in
from coursekit.sandbox.loading import Notebook

_Kind = TypeVar("_Kind", bound=GradedNotebook)


@dataclass(frozen=True)
class Question:
    """One test cell: its otter test file, points, and limits."""

    name: str
    points: float
    limits: Limits
    test_file: Any
    """otter.test_files.ExceptionTestFile, loaded by otter, its test functions made strict"""

    @property
    def names(self) -> set[str]:
        """What its tests read from the notebook."""
        return {name for case in self.test_file.test_cases for name in case.body._get_func_params()}


@dataclass(frozen=True)
class Autograder:
    """Everything that grading an assignment needs, read once and then shared by every submission."""

    assignment: str
    notebook: str
    limits: Limits
    questions: list[Question]
    by_hand: dict[str, float]
    """the answers that a person grades, and their points"""
    order: list[str]
    """the names of both, as they come in the notebook"""
    release: list[dict[str, Any]]
    """the released notebook's cells"""
    files: Path
    """the assignment's given files, which lie beside the notebook"""
    answer_files: dict[str, bytes]
    """the Python files beside the notebook that students write in, as released"""
    given: Given
    hints: Hints
    digest: str
    """changes whenever a test, a limit or a hint does"""

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions) + sum(self.by_hand.values())

    def process(
        self,
        backend: str,
        to_run: list[tuple[int, str]],
        folder: Path,
        data: Located | None,
        added: frozenset[int] = frozenset(),
        tasks: Mapping[int, str] = MappingProxyType({}),
        kind: type[_Kind] = GradedNotebook,  # type: ignore[assignment]
    ) -> _Kind:
        """A student's process for these cells, told what the assignment gives.

        folder: the submission's files. added, tasks: own_cells and tasks of coursekit.sandbox.loading.Notebook.
        """
        notebook = Notebook(
            to_run,
            folder,
            own_cells=added,
            tasks=tasks,
            given_names=self.given.by_cell,
            own_classes=self.given.classes,
            answer_files=frozenset(self.answer_files),
        )
        clean = CleanProcess(self.given, backend, self.limits, folder, self.files, data)
        return kind(backend, self.limits, notebook, data, clean)

    @property
    def case_seconds(self) -> list[float]:
        """Each test case's time limit."""
        return [q.limits.case_seconds for q in self.questions for _ in q.test_file.test_cases]

    @contextlib.contextmanager
    def take_in(self, path: Path) -> Iterator[Submission]:
        """A checked copy of the submission at `path`, with the given files in it. Raises Refused."""
        known_ids = frozenset(name for name in map(cells.grade_id, self.release) if name)
        given = frozenset(file.name for file in self.files.glob("*"))
        expected = Expected(self.notebook, known_ids, self.release, self.answer_files, given)
        with take_in(path, expected) as submission:
            add_files(submission, self.files)
            yield submission


def read_autograder(autograder: Path, release: Path) -> Autograder:
    """Read a built autograder folder and the release that goes with it.

    Raises CourseError when they have not been built, or are damaged.
    """
    manifest_path = autograder / "assignment.json"
    if not manifest_path.is_file():
        raise CourseError(
            f"{autograder} holds no built autograder: run 'coursekit build {autograder.name}' first."
        )
    try:
        return _read(manifest_path, autograder, release)
    except (Refused, OSError, ValueError, LookupError, TypeError, AttributeError, SyntaxError) as error:
        raise CourseError(
            f"{autograder} or {release} is damaged ({type(error).__name__}: {error}): "
            f"run 'coursekit build {autograder.name}'."
        ) from error


def _read(manifest_path: Path, autograder: Path, release: Path) -> Autograder:
    import hashlib

    from otter.test_files.exception_test import ExceptionTestFile

    manifest = json.loads(manifest_path.read_text())
    digest = hashlib.sha256(manifest_path.read_bytes())
    questions = []
    by_hand = {fields["name"]: fields["points"] for fields in manifest["questions"] if "manual" in fields}
    for fields in manifest["questions"]:
        if "manual" in fields:
            continue
        path = autograder / fields["test"]
        digest.update(path.read_bytes())
        limits = Limits().merged(fields["limits"])
        with _importing_from(autograder / "files"):
            test_file = ExceptionTestFile.from_file(str(path))
        for case in test_file.test_cases:
            case.body.test_func = strict(case.body.test_func, test_file.source, test_file.path)
        questions.append(Question(fields["name"], fields["points"], limits, test_file))
    notebook, _ = read_notebook(release / manifest["notebook"])
    answer_files = {name: (release / name).read_bytes() for name in manifest.get("answer_files", [])}
    limits = Limits().merged(manifest["limits"])
    hints = read_hints(autograder)
    if hints.mistakes:
        digest.update((autograder / FILE_NAME).read_bytes())
    return Autograder(
        manifest["assignment"],
        manifest["notebook"],
        limits,
        questions,
        by_hand,
        [fields["name"] for fields in manifest["questions"]],
        notebook["cells"],
        autograder / "files",
        answer_files,
        read_given(notebook["cells"], answer_files).needed_by(
            name
            for question in questions
            for case in question.test_file.test_cases
            for name in case.body._get_func_params()
        ),
        hints,
        digest.hexdigest(),
    )


def without_slow_questions(autograder: Autograder) -> Autograder:
    """The autograder without the questions whose time limit is above the assignment's own: those that train."""
    usual = autograder.limits.case_seconds
    return replace(autograder, questions=[q for q in autograder.questions if q.limits.case_seconds <= usual])


@contextlib.contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Let a test file import the assignment's own modules, and no other assignment's of the same name."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(folder)):
                del sys.modules[name]
