"""Grade students with sealed grading, `otter run` and `nbgrader autograde`, and compare.

otter and nbgrader run the submissions unsealed, as this user. They get only the students that the course's own
``sample.py``, ``mistakes.py`` and ``variants.py`` define.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.build.source import read_source
from coursekit.core import cells
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress
from coursekit.samples.known import read_mistakes, read_variants
from coursekit.samples.students import EVERYTHING, Student, read_class, worked_texts, write_submission
from coursekit.verify.markdown import as_markdown

if TYPE_CHECKING:
    from rich.console import Console

GRADERS = {"sealed": "coursekit grade", "otter": "otter run", "nbgrader": "nbgrader autograde"}
SUBMISSION_SECONDS = {"otter": 360, "nbgrader": 1200}
"""The limit for one submission. otter has none of its own; nbgrader's own is for each cell, which adds up."""
CELL_SECONDS = 120
"""nbgrader's limit for one cell: its default of 30 seconds is too short for the training."""
START = """
import runpy, sys
sys.modules["rfc3987_syntax"] = None
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""`python -m` for a tool, without a package that takes a second to import (see coursekit.cli)."""
STDERR = "nbgrader gives 0 to a test cell that writes to stderr, correct or not"
"""A known fault of nbgrader 0.9.6, utils.determine_grade: a warning costs the question."""
ORDER = (
    "nbgrader runs a test cell at its place in the notebook, where an answer that was moved below it does not exist "
    "yet"
)
"""The others run the tests after the whole notebook."""
ALONE = "otter run takes the notebook alone, without the files beside it"
PICKLED = "otter run pickles the notebook's functions, and one that it cannot pickle arrives as a string"
"""Happens if a function declares a variable `global`: its tests say that a str is not callable."""
BROKEN_FILE = (
    "a line that is not Python, in a Python file, costs everything that the notebook imports from it"
)
"""coursekit's graders carry out the rest of the file."""
RENAMED = "nbgrader takes the notebook under the assignment's name only"
NO_NOTEBOOK = "it takes notebooks, and none was submitted"


@dataclass(frozen=True)
class Graded:
    """One grader's result for one submission.

    points: by question; empty without a result, for the reason `why`. lost: the questions that failed.
    faults: the questions lost to a known fault of the grader itself, each with the fault.
    """

    points: dict[str, float]
    lost: frozenset[str] = frozenset()
    why: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    @property
    def total(self) -> float:
        return sum(self.points.values())

    @property
    def said(self) -> str:
        """The points, or why there are none."""
        return f"no result: {self.why}" if self.why else f"{self.total:g}"


@dataclass(frozen=True)
class Comparison:
    """One student, and each grader's result for their submission."""

    student: Student
    graded: dict[str, Graded]


def compare(
    assignment: Assignment,
    students: Iterable[Student] | None = None,
    graders: Sequence[str] = tuple(GRADERS),
    jobs: int = 1,
    progress: Progress = lambda step: None,
) -> list[Comparison]:
    """Grade `students`, by default the whole sample class, with each of `graders`; a row for each student.

    jobs: how many are graded at a time. Nothing is written to the course.

    Raises CourseError when there is no sample class, when the built folders are missing or out of date, and when
    nbgrader can't make its own release.
    """
    from coursekit.build import stale

    students = read_class(assignment) if students is None else list(students)
    if not students:
        raise CourseError(
            f"{assignment.name} has no sample class: {assignment.source / 'sample.py'} is missing."
        )
    if old := stale(assignment):
        raise CourseError(f"{old[0]} is out of date: run 'coursekit build' first.")
    with ThreadPoolExecutor(jobs) as pool:
        parts = [students[start::jobs] for start in range(jobs)]
        done = list(pool.map(lambda part: _compare(assignment, part, graders, progress), parts))
    rows = {row.student.name: row for part in done for row in part}
    return [rows[student.name] for student in students]


def _compare(
    assignment: Assignment, students: list[Student], graders: Sequence[str], progress: Progress
) -> list[Comparison]:
    rows = []
    with tempfile.TemporaryDirectory(prefix="coursekit-agreement-", ignore_cleanup_errors=True) as folder:
        scratch = Scratch(assignment, Path(folder))
        if "nbgrader" in graders:
            progress("nbgrader generate_assignment")
            scratch.prepare_nbgrader()
        for student in students:
            write_submission(assignment, student, scratch.submission(student))
        if "nbgrader" in graders and all(student.honest for student in students):
            progress(f"nbgrader autograde, {len(students)} students at once")
            scratch.autograde_together(len(students))
        for student in students:
            graded = {}
            for grader in graders:
                progress(f"{student.name}: {GRADERS[grader]}")
                started = time.monotonic()
                found = getattr(scratch, grader)(student)
                graded[grader] = Graded(*found, seconds=time.monotonic() - started)
            rows.append(Comparison(student, graded))
    return rows


@contextlib.contextmanager
def without_training(assignment: Assignment) -> Iterator[Assignment]:
    """The assignment in a course of its own, built without the questions that ask for more time than usual.

    Raises CourseError.
    """
    import nbformat

    from coursekit.build import build
    from coursekit.grading.autograder import read_autograder, without_slow_questions

    whole = read_autograder(assignment.autograder, assignment.release)
    slow = {q.name for q in whole.questions} - {q.name for q in without_slow_questions(whole).questions}
    with tempfile.TemporaryDirectory(prefix="coursekit-quick-") as folder:
        quick = Assignment(Course(Path(folder)), assignment.name)
        not_needed = shutil.ignore_patterns("mistakes.py", "attacks")
        shutil.copytree(assignment.source, quick.source, ignore=not_needed)
        notebook = nbformat.read(quick.source / quick.notebook_name, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cells.grade_id(cell) not in slow]
        nbformat.write(notebook, quick.source / quick.notebook_name)
        settings = assignment.course.root / "nbgrader_config.py"
        if settings.is_file():
            shutil.copy(settings, quick.course.root)
        if (assignment.course.root / "data").is_dir():
            (quick.course.root / "data").symlink_to(assignment.course.root.resolve() / "data")
        build(quick, verify=False)
        yield quick


def known_students(assignment: Assignment, quick: Assignment) -> list[Student]:
    """A student for each known mistake and each correct variant of the assignment.

    They lose only questions that are in `quick`, see without_training().
    """
    from coursekit.grading.autograder import read_autograder

    kept = {q.name for q in read_autograder(quick.autograder, quick.release).questions}
    worked = worked_texts(assignment)
    wrong = [mistake.as_student(worked) for mistake in read_mistakes(assignment)]
    wrong = [replace(student, loses=frozenset(student.loses) & kept) for student in wrong]
    return wrong + read_variants(assignment)


def problems(rows: Iterable[Comparison]) -> list[str]:
    """A sentence for each broken promise.

    Under sealed grading, students lose exactly the questions in `loses`; an honest student's points are the same
    under every grader, question by question.
    """
    found = []
    for row in rows:
        name, sealed = row.student.name, row.graded.get("sealed")
        if sealed:
            loses = row.student.loses
            expected = frozenset(sealed.points) if loses == EVERYTHING else frozenset(loses)
            if sealed.why:
                found.append(f"{name} has no sealed result: {sealed.why}.")
            for question in sorted(sealed.lost - expected):
                found.append(f"{name} loses {question} under sealed grading but should not.")
            for question in sorted(expected - sealed.lost):
                found.append(f"{name} keeps {question} under sealed grading but should lose it.")
        if row.student.honest:
            found += _differences(row)
    return found


def _differences(row: Comparison) -> list[str]:
    (first, one), *others = row.graded.items()
    found = []
    for grader, other in others:
        if bool(one.why) != bool(other.why) and not {one.why, other.why} & {RENAMED, NO_NOTEBOOK}:
            silent = grader if other.why else first
            found.append(f"{row.student.name} has no result from {GRADERS[silent]}: {one.why or other.why}.")
        for question in one.points if one.points and other.points else ():
            mine, theirs = one.points[question], other.points.get(question)
            if mine != theirs and question not in other.faults:
                found.append(
                    f"{row.student.name} gets {mine:g} for {question} from {GRADERS[first]}, "
                    f"and {theirs} from {GRADERS[grader]}."
                )
    return found


class Scratch:
    """A temporary course in nbgrader's layout, with a method for each grader: points, lost questions, why no result."""

    def __init__(self, assignment: Assignment, root: Path, dataset_of: Course | None = None):
        from coursekit.grading import find_data
        from coursekit.grading.autograder import read_autograder

        self.assignment, self.root = assignment, root
        built = read_autograder(assignment.autograder, assignment.release)
        self.answer_files = tuple(built.answer_files)
        self.beside = (*self.answer_files, *read_source(assignment).writes)
        self.worth = {question.name: question.points for question in built.questions}
        self.data = find_data(dataset_of or assignment.course, built.dataset)
        tools = Path(sys.executable).parent
        (root / "tmp").mkdir()
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(tools), os.environ.get("PATH", "")]),
            "OPENBLAS_NUM_THREADS": "1",
            "TMPDIR": str(root / "tmp"),
        }
        if self.data:
            self.environment[self.data.variable] = str(self.data.folder)

    def submission(self, student: Student) -> Path:
        return self.root / "submitted" / student.name / self.assignment.name

    def _notebook(self, student: Student) -> Path:
        return self.submission(student) / (student.filename or self.assignment.notebook_name)

    def prepare_nbgrader(self) -> None:
        """Give nbgrader the source, snapshots, settings and a time limit, and make it write its release."""
        course, name = self.assignment.course, self.assignment.name
        shutil.copytree(self.assignment.source, self.root / "source" / name)
        shutil.copytree(self.assignment.autograder, self.root / "autograder" / name)
        settings = course.root / "nbgrader_config.py"
        text = settings.read_text() if settings.is_file() else "c = get_config()\n"
        text += f"\nc.Execute.timeout = {CELL_SECONDS}\n"
        (self.root / "nbgrader_config.py").write_text(text)
        if why := self._run("nbgrader", "generate_assignment", name):
            raise CourseError(f"nbgrader made no release of {name}: {why}.")

    def sealed(
        self, student: Student, path: Path | None = None
    ) -> tuple[dict[str, float], frozenset[str], str]:
        from coursekit.grade_class import grade_one

        result = grade_one(self.assignment, path or self.submission(student), student.name)
        if result.error:
            return {}, frozenset(), result.error
        points = {one.name: one.score for one in result.questions if one.name in self.worth}
        return points, result.lost, ""

    def otter(self, student: Student) -> tuple[dict[str, float], frozenset[str], str, dict[str, str]]:
        if not self._notebook(student).exists():
            return {}, frozenset(), NO_NOTEBOOK, {}
        out = self.root / "otter" / student.name
        out.mkdir(parents=True)
        package = self.assignment.autograder.resolve() / "autograder.zip"
        submitted = self._for_otter(student)
        why = self._run("otter", "run", "--no-logo", "-a", str(package), "-o", str(out), str(submitted))
        if why:
            return {}, frozenset(), why, {}
        tests = json.loads((out / "results.json").read_text())["tests"]
        found = self._scores({test["name"]: test.get("score") for test in tests})
        if self._has_broken_file(student):
            return *found, dict.fromkeys(found[1], BROKEN_FILE)
        if student.files.keys() - set(self.answer_files):
            return *found, dict.fromkeys(found[1], ALONE)
        texts = {test["name"]: str(test.get("output")) for test in tests}
        return *found, {q: PICKLED for q in found[1] if "str' object is not callable" in texts.get(q, "")}

    def autograde_together(self, count: int) -> None:
        """Let nbgrader grade everyone in one process. Students that it leaves out are graded alone later."""
        seconds = SUBMISSION_SECONDS["nbgrader"] + CELL_SECONDS * count
        self._run("nbgrader", "autograde", self.assignment.name, seconds=seconds)

    def _for_otter(self, student: Student) -> Path:
        """A submission for otter: the notebook alone, or a zip if answer files or a report go with it."""
        notebook = self._notebook(student)
        if not self.beside:
            return notebook
        submitted = self.root / "otter" / student.name / "submission.zip"
        with zipfile.ZipFile(submitted, "w") as archive:
            for path in filter(Path.is_file, (notebook, *(notebook.with_name(name) for name in self.beside))):
                archive.write(path, path.name)
        return submitted

    def nbgrader(self, student: Student) -> tuple[dict[str, float], frozenset[str], str, dict[str, str]]:
        from nbgrader.api import Gradebook

        name = self.assignment.name
        if student.filename:
            return {}, frozenset(), RENAMED, {}
        if not self._notebook(student).exists():
            return {}, frozenset(), NO_NOTEBOOK, {}
        graded = (self.root / "autograded" / student.name / name).exists()
        why = "" if graded else self._run("nbgrader", "autograde", name, "--student", student.name)
        if why:
            return {}, frozenset(), why, {}
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            [notebook] = gradebook.find_submission(name, student.name).notebooks
            found = self._scores({grade.name: grade.auto_score for grade in notebook.grades})
        if self._has_broken_file(student):
            return *found, dict.fromkeys(found[1], BROKEN_FILE)
        faults = self._nbgraders_faults(student)
        return *found, {question: faults[question] for question in found[1] if question in faults}

    def _has_broken_file(self, student: Student) -> bool:
        """Whether an answer file of theirs can't be imported."""
        for name in self.answer_files:
            path = self._notebook(student).with_name(name)
            try:
                ast.parse(path.read_bytes() if path.is_file() else b"")
            except (SyntaxError, ValueError):
                return True
        return False

    def _nbgraders_faults(self, student: Student) -> dict[str, str]:
        """The cells that may be lost to a known fault of nbgrader, each with the fault."""
        import nbformat

        [path] = (self.root / "autograded" / student.name / self.assignment.name).glob("*.ipynb")
        found = {}
        for cell in nbformat.read(path, as_version=4).cells:
            outputs = cell.get("outputs", [])
            raised = [one.ename for one in outputs if one.output_type == "error"]
            warned = any(one.output_type == "stream" and one.name == "stderr" for one in outputs)
            if raised == ["NameError"] or (warned and not raised):
                found[cells.grade_id(cell)] = ORDER if raised else STDERR
        return found

    def _scores(self, scores: dict[str, float | None]) -> tuple[dict[str, float], frozenset[str], str]:
        if not any(question in scores for question in self.worth):
            return {}, frozenset(), "its results name no question"
        points = {question: float(scores.get(question) or 0) for question in self.worth}
        return points, frozenset(q for q, got in points.items() if got < self.worth[q]), ""

    def _run(self, *command: str, seconds: float | None = None) -> str:
        """Run a tool of this environment; returns the reason if it failed, else ""."""
        seconds = seconds or SUBMISSION_SECONDS[command[0]]
        log = self.root / "log.txt"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", START, *command],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                return f"stopped after {seconds} s"
            finally:
                _end(process)
        return _reason(log.read_text(errors="replace")) if code else ""


def _reason(log: str) -> str:
    """The exception that a tool's log ends with, or its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it failed without a message"]
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception): .", line)]
    return re.sub(r"^[\w.]+\.", "", (errors or lines)[-1])[:120]


def _end(process: subprocess.Popen) -> None:
    """End a tool and its kernels, which run in sessions of their own."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def markdown(rows: Sequence[Comparison]) -> str:
    """The comparison as a table in Markdown."""
    return as_markdown(_table(rows), left=3)


def show(rows: Sequence[Comparison], console: Console) -> None:
    """Print the comparison as a table."""
    from rich.table import Table
    from rich.text import Text

    head, *body = _table(rows)
    table = Table()
    for place, title in enumerate(head):
        table.add_column(title, justify="left" if place < 3 else "right")
    for line in body:
        table.add_row(*map(Text, line))
    console.print(table)


def faults(rows: Sequence[Comparison]) -> list[str]:
    """A sentence for each known fault of a grader that cost an honest student points."""
    found = []
    for row in rows:
        sealed, *others = row.graded.values()
        for graded in others if row.student.honest else ():
            for fault in sorted(set(graded.faults.values())):
                lost = sum(sealed.points.get(q, 0) for q, its in graded.faults.items() if its == fault)
                if lost:
                    found.append(f"{row.student.name} loses {lost:g} points: {fault}.")
    return found


def _starred(row: Comparison, graded: Graded) -> str:
    sealed = next(iter(row.graded.values()))
    return "*" if any(sealed.points.get(question) for question in graded.faults) else ""


def _table(rows: Sequence[Comparison]) -> list[list[str]]:
    graders = list(rows[0].graded) if rows else []
    table = [["Student", "What they did", "Should lose", *(GRADERS[grader] for grader in graders)]]
    for row in rows:
        loses = row.student.loses
        should = loses if loses == EVERYTHING else ", ".join(sorted(loses)) or "nothing"
        got = [f"{graded.said}{_starred(row, graded)}" for graded in row.graded.values()]
        table.append([row.student.name, row.student.story, should, *got])
    return table
