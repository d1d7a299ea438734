"""Record the answers that each known mistake gives in the tests that it fails, so that grading recognises it.

Every mistake is loaded and tested in the sandbox, as a student's submission is. For all mistakes that takes a minute
or two, so each record is kept under a key of everything it depends on, and only those that changed are made again.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from coursekit.build.source import Source
from coursekit.build.staging import read_stored
from coursekit.core import cells
from coursekit.core.progress import Progress
from coursekit.grading.fingerprints import close, is_direct
from coursekit.grading.known_mistakes import FILE_NAME, Cases, case_key
from coursekit.samples.known import Mistake, read_mistakes
from coursekit.samples.students import worked_texts, write_files

Built = dict[str, bytes]
"""an autograder's files by name"""
_Task = tuple[dict[str, str], dict[str, str], frozenset[str]]
"""answers that replace the solution's, by cell; files that do, by name; the questions to test"""
_Found = tuple[list[str], Cases]
"""the failed cases; the answers in all of them"""


def record(
    source: Source, folders: dict[str, Path], stored: dict[str, Any], progress: Progress = lambda step: None
) -> str | None:
    """The text of ``hints.json`` for the built `folders`; None if the assignment has no known mistakes.

    A record in `stored` (see stored_hints) with the same key is used again. Raises CourseError.
    """
    mistakes = read_mistakes(source.assignment)
    if not mistakes:
        return None
    tests = tests_of(folders["autograder"])
    keys = _keys(source, mistakes, tests)
    known = {one["key"]: one for one in stored.get("mistakes", [])}
    missing = [mistake for mistake in mistakes if keys[mistake.name] not in known]
    right = stored.get("solution", {})
    if missing or stored.get("key") != solution_key(source, tests):
        progress("recording the known mistakes' answers")
        recorder = _Recorder(source, folders)
        right = recorder.solution()
        for mistake, wrong in zip(missing, recorder.wrong(missing, right), strict=True):
            progress(f"recording the known mistakes' answers, last {mistake.name}")
            known[keys[mistake.name]] = {"wrong": wrong}
        right = {case: {k: v for k, v in leaves.items() if is_direct(k)} for case, leaves in right.items()}
    entries = [
        {
            "name": mistake.name,
            "question": mistake.question,
            "hint": mistake.hint,
            "key": keys[mistake.name],
            "wrong": known[keys[mistake.name]]["wrong"],
        }
        for mistake in mistakes
    ]
    return _text(solution_key(source, tests), right, entries)


def is_current(source: Source, autograder: Built, stored: dict[str, Any]) -> bool:
    """Whether the stored hints fit the current mistakes, solution and tests. Runs nothing."""
    mistakes = read_mistakes(source.assignment)
    if not mistakes:
        return not stored
    tests = tests_among(autograder)
    keys = _keys(source, mistakes, tests)
    wanted = [(m.name, m.question, m.hint, keys[m.name]) for m in mistakes]
    present = [(m["name"], m["question"], m["hint"], m["key"]) for m in stored.get("mistakes", [])]
    return wanted == present and stored.get("key") == solution_key(source, tests)


def tests_among(autograder: Built) -> Built:
    """The same from the files of an autograder that has not been written."""
    return {
        name.removeprefix("tests/").removesuffix(".py"): data
        for name, data in autograder.items()
        if name.startswith("tests/")
    }


def stored_hints(autograder: Path) -> dict[str, Any]:
    """The hints of a built autograder; empty if the file is missing or damaged."""
    return read_stored(autograder / FILE_NAME)


def _text(key: str, solution: Cases, entries: list[dict[str, Any]]) -> str:
    """JSON with a line for each mistake, so that a diff shows which ones changed."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f'{{"key": "{key}",\n"solution": {json.dumps(solution)},\n"mistakes": [\n{lines}\n]}}\n'


def tests_of(autograder: Path) -> Built:
    """The texts of a built autograder's tests, by the names of their questions."""
    return {path.stem: path.read_bytes() for path in sorted((autograder / "tests").glob("*.py"))}


def solution_key(source: Source, tests: Built) -> str:
    """Changes with the solution, the given code and the tests (by the names of their questions)."""
    return _digest([*_given(source), *(tests[name] for name in sorted(tests))])


def _keys(source: Source, mistakes: Iterable[Mistake], tests: Built) -> dict[str, str]:
    """A key for each mistake, from the solution, its changes and the tests that it fails."""
    given = _given(source)
    keys = {}
    for mistake in mistakes:
        failing = [tests.get(name, b"") for name in sorted({mistake.question, *mistake.also})]
        keys[mistake.name] = _digest(
            [*given, mistake.cell.encode(), repr(mistake.replace).encode(), *failing]
        )
    return keys


def _given(source: Source) -> list[bytes]:
    """Everything that a student's process loads."""
    code = [c.source for c in source.notebook.cells if cells.is_code(c) and not cells.is_test(c)]
    return ["\0".join(code).encode(), *(name.encode() + data for name, data in source.files.items())]


def _digest(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:16]


class _Recorder:
    """Runs tests against the built folders of one assignment and keeps the answers."""

    def __init__(self, source: Source, folders: dict[str, Path]):
        import nbformat

        from coursekit.grading import find_data
        from coursekit.grading.autograder import read_autograder, without_slow_questions
        from coursekit.sandbox import choose as sandbox

        assignment = source.assignment
        self.autograder = without_slow_questions(read_autograder(folders["autograder"], folders["release"]))
        self.folder = folders["solutions"]
        self.worked = worked_texts(assignment, self.folder)
        self.notebook = nbformat.read(self.folder / assignment.notebook_name, as_version=4)
        self.backend = sandbox.strongest()
        self.data = find_data(assignment.course, self.autograder.dataset)

    def solution(self) -> Cases:
        """The solution's answers in every test case, without those that differ from run to run."""
        everything = frozenset(question.name for question in self.autograder.questions)
        first, again = (answers for _, answers in self._run([({}, {}, everything)] * 2))
        return {
            case: {place: sketch for place, sketch in leaves.items() if again[case].get(place) == sketch}
            for case, leaves in first.items()
        }

    def wrong(self, mistakes: list[Mistake], right: Cases) -> Iterator[Cases]:
        """For each mistake and each case that it fails, the answers that differ from the `right` ones."""
        students = [mistake.as_student(self.worked) for mistake in mistakes]
        tasks = [(student.answers, student.files, student.loses) for student in students]
        for failed, answers in self._run(tasks):
            yield {
                case: {
                    place: sketch
                    for place, sketch in answers[case].items()
                    if place not in right.get(case, {}) or not close(right[case][place], sketch)
                }
                for case in failed
            }

    def _run(self, tasks: list[_Task]) -> Iterator[_Found]:
        """Each task's failed cases, and the answers of all its cases; a process for each core."""
        global _recorder  # forked processes read it: tests and libraries can't be pickled
        _recorder = self
        with ProcessPoolExecutor(os.cpu_count() or 1, multiprocessing.get_context("fork")) as pool:
            yield from pool.map(_run_task, tasks)

    def run(self, answers: dict[str, str], files: dict[str, str], questions: frozenset[str]) -> _Found:
        """Test the worked solution, with these `answers` and `files` replaced, on some questions."""
        from coursekit.grading.cases import run_case
        from coursekit.grading.graded_notebook import Compared
        from coursekit.intake.matching import match

        notebook = json.loads(json.dumps(self.notebook))
        for number, cell in enumerate(notebook["cells"], 1):
            cell["number"], cell["source"] = number, answers.get(cells.grade_id(cell), cell["source"])
        matched = match(self.autograder.release, notebook["cells"])
        failed, found = [], {}
        with tempfile.TemporaryDirectory(prefix="coursekit-") as scratch:
            folder = Path(scratch, "submission")
            shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*.ipynb"))
            write_files(files, folder)
            with self.autograder.process(Compared, self.backend, matched, folder, self.data) as student:
                for question in self.autograder.questions:
                    for case in question.cases if question.name in questions else ():
                        outcome = run_case(student, question, case)
                        key = case_key(question.name, case.name)
                        found[key] = outcome.fingerprints
                        failed += [] if outcome.passed else [key]
        return failed, found


_recorder: _Recorder | None = None


def _run_task(task: _Task) -> _Found:
    sys.path.insert(0, str(_recorder.autograder.files))
    return _recorder.run(*task)
