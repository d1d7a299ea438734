"""The built autograder of an assignment: questions, tests, limits, the release's cells."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from coursekit.core.errors import CourseError, Refused
from coursekit.core.limits import Limits
from coursekit.core.time_limits import MAX_RESTARTS
from coursekit.datasets.located import Located
from coursekit.grading.given import CleanProcess, Given, read_given
from coursekit.grading.graded_notebook import GradedNotebook
from coursekit.grading.known_mistakes import FILE_NAME, Hints, read_hints
from coursekit.grading.otter_tests import TestCase, TestFile, read_test_file
from coursekit.grading.steady import look_at, places_to_hold
from coursekit.grading.times import Times, read_times
from coursekit.intake.matching import Matched
from coursekit.intake.notebook import read_notebook
from coursekit.intake.release import Release
from coursekit.intake.submission import Expected, Submission, add_files, take_in
from coursekit.sandbox.loading import Notebook

MANIFEST = "assignment.json"
_Kind = TypeVar("_Kind", bound=GradedNotebook)


@dataclass(frozen=True)
class Question:
    """One test cell: its otter test file, points, and limits."""

    name: str
    points: float
    limits: Limits
    test_file: TestFile

    @property
    def cases(self) -> tuple[TestCase, ...]:
        return self.test_file.cases

    @property
    def names(self) -> set[str]:
        """The names that its tests read from the notebook."""
        return {name for case in self.cases for name in case.parameters}


@dataclass(frozen=True)
class Autograder:
    """Everything that grading an assignment needs, read once for all submissions."""

    assignment: str
    notebook: str
    limits: Limits
    questions: list[Question]
    manual: dict[str, float]
    """the questions that a person grades, and their points"""
    order: list[str]
    """the names of all questions, in the order of the notebook"""
    release: Release
    """the released notebook"""
    releases: Path
    """the folder of all the course's releases"""
    files: Path
    """the folder of the given files, which are put beside the notebook"""
    answer_files: dict[str, bytes]
    """the Python files beside the notebook that students write in, as released"""
    writes: tuple[str, ...]
    """the files that the notebook writes and students submit with it"""
    dataset: str
    """the name of the dataset that the assignment needs, or empty"""
    given: Given
    hints: Hints
    times: Times
    """how long the worked solution takes; not in the digest, since they differ between machines"""
    digest: str
    """changes whenever a test, a limit, a hint, a given file or a released cell does"""

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions) + sum(self.manual.values())

    def process(
        self,
        kind: type[_Kind],
        sandbox: str,
        matched: Matched,
        folder: Path,
        data: Located | None,
    ) -> _Kind:
        """A student's process for the matched cells, which knows the given code.

        kind: GradedNotebook, or a subclass. sandbox: its name. folder: the submission's files.
        """
        reads = {question.name: frozenset(question.names) for question in self.questions}
        as_released = frozenset(n for n, source in matched.to_run if source in self.release.sources)
        files = {name: _text_of(folder / name) for name in self.answer_files}
        notebook = Notebook(
            matched.to_run,
            folder,
            own_cells=matched.own,
            tasks=matched.tasks,
            given_names=self.given.by_cell,
            own_classes=self.given.classes,
            answer_files=frozenset(self.answer_files),
            places=places_to_hold(
                matched.to_run, as_released, matched.places, reads, files, self._given_files
            ),
            reads=reads,
            restarts=max(MAX_RESTARTS, len(self.questions)),
            as_released=as_released,
            load_seconds=self.times.load,
        )
        clean = CleanProcess(self.given, sandbox, self.limits, folder, self.files, data)
        return kind(sandbox, self.limits, notebook, data, clean, self.questions)

    @property
    def case_seconds(self) -> list[float]:
        """Each test case's time limit."""
        return [question.limits.case_seconds for question in self.questions for _ in question.cases]

    @contextlib.contextmanager
    def take_in(self, path: Path) -> Iterator[Submission]:
        """A checked copy of the submission at `path`, with the given files in it. Raises Refused."""
        with take_in(path, self._expected) as submission:
            add_files(submission, self.files)
            yield submission

    def look_through(self) -> None:
        """Find now what is otherwise found with the first submission that needs it."""
        _ = self.release.parsed, self.release.stubs, self._expected.answer_code
        for cell in self.release.cells:
            look_at(cell["source"], released=True)
        for text in self._given_files.values():
            look_at(text)

    def prepare(self) -> None:
        """Prepare now what tests prepare once for all students. What fails here fails in its test."""
        for question in self.questions:
            for one in question.test_file.prepared:
                with contextlib.suppress(Exception):
                    one.make()

    @cached_property
    def _given_files(self) -> dict[str, str]:
        """The assignment's own Python files, with their texts."""
        return {path.name: _text_of(path) for path in self.files.glob("*.py")}

    @cached_property
    def _expected(self) -> Expected:
        given = frozenset(file.name for file in self.files.glob("*"))
        return Expected(self.notebook, self.release, self.answer_files, given, self.writes, self._others)

    def _others(self) -> dict[str, Release]:
        """The releases of the course's other assignments, as far as they can be read."""
        found = {}
        for path in sorted(self.releases.glob("*/*.ipynb")):
            if path.stem == path.parent.name and path.name != self.notebook:
                with contextlib.suppress(Refused, OSError):
                    found[path.stem] = Release(read_notebook(path).cells)
        return found


def read_autograder(autograder: Path, release: Path) -> Autograder:
    """Read a built autograder folder and the release that goes with it.

    Raises CourseError if they have not been built, or are damaged.
    """
    manifest_path = autograder / MANIFEST
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


@dataclass(frozen=True)
class Summary:
    """What can be said of a built autograder before it is read: the same as in Autograder."""

    assignment: str
    dataset: str
    digest: str


def summary_of(autograder: Path, release: Path) -> Summary | None:
    """The summary of a built autograder folder and the release that goes with it. None if they are damaged."""
    try:
        manifest = json.loads((autograder / MANIFEST).read_text())
        digest = _digest(manifest, autograder, release, read_hints(autograder))
        return Summary(_text(manifest["assignment"]), _text(manifest["dataset"]), digest)
    except (CourseError, OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def digest_of(autograder: Path, release: Path) -> str:
    """The digest of a built autograder folder and its release. Empty if they are damaged."""
    found = summary_of(autograder, release)
    return found.digest if found else ""


def _digest(manifest: Any, autograder: Path, release: Path, hints: Hints) -> str:
    import hashlib

    counted = [autograder / MANIFEST]
    counted += [autograder / fields["test"] for fields in manifest["questions"] if "manual" not in fields]
    counted += [autograder / FILE_NAME] if hints.mistakes else []
    given = (path for path in (autograder / "files").rglob("*") if path.is_file())
    counted += sorted(path for path in given if path.parent.name != "__pycache__")
    counted += [release / name for name in (manifest["notebook"], *manifest.get("answer_files", []))]
    digest = hashlib.sha256()
    for path in counted:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(manifest_path: Path, autograder: Path, release: Path) -> Autograder:
    manifest = json.loads(manifest_path.read_text())
    questions = []
    manual = {fields["name"]: fields["points"] for fields in manifest["questions"] if "manual" in fields}
    for fields in manifest["questions"]:
        if "manual" in fields:
            continue
        limits = Limits().merged(fields["limits"])
        leaderboard = {_text(title): _text(name) for title, name in fields.get("leaderboard", {}).items()}
        test_file = read_test_file(autograder / fields["test"], autograder / "files", leaderboard)
        questions.append(Question(fields["name"], fields["points"], limits, test_file))
    released = read_notebook(release / manifest["notebook"])
    answer_files = {name: (release / name).read_bytes() for name in manifest.get("answer_files", [])}
    limits = Limits().merged(manifest["limits"])
    hints = read_hints(autograder)
    return Autograder(
        manifest["assignment"],
        manifest["notebook"],
        limits,
        questions,
        manual,
        [fields["name"] for fields in manifest["questions"]],
        Release(released.cells),
        release.parent,
        autograder / "files",
        answer_files,
        tuple(map(_text, manifest.get("writes", []))),
        _text(manifest["dataset"]),
        read_given(released.cells, answer_files).needed_by(
            name for question in questions for name in question.names
        ),
        hints,
        read_times(manifest_path.parent),
        _digest(manifest, autograder, release, hints),
    )


def _text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return value


@dataclass(frozen=True)
class Selection:
    """Some of an autograder's questions, perhaps with other limits: plain data that can be sent with a job."""

    questions: tuple[tuple[str, Limits], ...]
    manual: tuple[str, ...]
    limits: Limits

    @classmethod
    def of(cls, autograder: Autograder) -> Selection:
        """The questions that are left in an autograder."""
        questions = tuple((question.name, question.limits) for question in autograder.questions)
        return cls(questions, tuple(autograder.manual), autograder.limits)

    def from_all(self, autograder: Autograder) -> Autograder:
        """The same selection from a complete autograder."""
        known = {question.name: question for question in autograder.questions}
        return replace(
            autograder,
            questions=[replace(known[name], limits=limits) for name, limits in self.questions],
            manual={name: autograder.manual[name] for name in self.manual},
            limits=self.limits,
        )


def without_slow_questions(autograder: Autograder) -> Autograder:
    """The autograder without the questions whose time limit is above the assignment's: those that train."""
    usual = autograder.limits.case_seconds
    return replace(autograder, questions=[q for q in autograder.questions if q.limits.case_seconds <= usual])
