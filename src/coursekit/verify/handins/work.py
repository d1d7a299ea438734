"""What hand-ins are made from: a release, its worked solution, and edits as students and editors make them."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coursekit.core import cells
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.grading.autograder import Autograder, Selection, read_autograder
from coursekit.samples.known import Mistake, read_mistakes

Notebook = dict[str, Any]
"""a notebook's JSON, in which each cell's source is one text"""
Cell = dict[str, Any]
Change = Callable[[str], str]
"""what somebody makes of an answer's text"""

MOST_SECONDS = 60
"""The questions with longer limits train, and are not asked: how work arrives has nothing to do with training."""
LIMITS = {"load_seconds": 60, "case_seconds": 15, "memory_mib": 1536}
"""Smaller than a course's, so that a hand-in that reaches them ends soon."""


@dataclass(frozen=True)
class Work:
    """One assignment's release and worked solution. Every notebook that it gives is a new one."""

    assignment: Assignment

    @property
    def name(self) -> str:
        return self.assignment.name

    @property
    def notebook_name(self) -> str:
        return self.assignment.notebook_name

    # What there is

    @cached_property
    def autograder(self) -> Autograder:
        return read_autograder(self.assignment.autograder, self.assignment.release)

    @cached_property
    def selection(self) -> Selection:
        """The questions that hand-ins are graded on."""
        asked = [q for q in self.autograder.questions if q.limits.case_seconds <= MOST_SECONDS]
        usual = self.autograder.limits.case_seconds
        return Selection(
            tuple(
                (q.name, q.limits.merged(LIMITS) if q.limits.case_seconds <= usual else q.limits)
                for q in asked
            ),
            tuple(self.autograder.manual),
            self.autograder.limits.merged(LIMITS),
        )

    @cached_property
    def questions(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.selection.questions)

    @cached_property
    def _worked(self) -> Notebook:
        return read(self.assignment.solution / self.notebook_name)

    @cached_property
    def _released(self) -> Notebook:
        return read(self.assignment.release / self.notebook_name)

    def worked(self) -> Notebook:
        """The worked notebook, without outputs."""
        return copy.deepcopy(self._worked)

    def released(self) -> Notebook:
        return copy.deepcopy(self._released)

    @cached_property
    def answers(self) -> list[str]:
        """The code answers in the notebook, in order."""
        return [
            cells.grade_id(c) or ""
            for c in self._worked["cells"]
            if cells.is_code(c) and cells.is_solution(c)
        ]

    @cached_property
    def tests(self) -> list[str]:
        return [cells.grade_id(cell) or "" for cell in self._worked["cells"] if cells.is_test(cell)]

    @cached_property
    def discussion(self) -> str:
        """The first answer that a person grades; empty if there is none."""
        return next((cells.grade_id(c) or "" for c in self._worked["cells"] if cells.is_manual(c)), "")

    @cached_property
    def answer_files(self) -> dict[str, str]:
        """The Python files that students write in, worked."""
        return {name: (self.assignment.solution / name).read_text() for name in self.autograder.answer_files}

    @cached_property
    def stub_files(self) -> dict[str, str]:
        return {name: data.decode() for name, data in self.autograder.answer_files.items()}

    @cached_property
    def made_files(self) -> dict[str, bytes]:
        """What the worked notebook makes when it is run, such as a report."""
        given = {path.name for path in (self.assignment.autograder / "files").iterdir()}
        known = given | {self.notebook_name, *self.answer_files}
        return {
            path.name: path.read_bytes()
            for path in sorted(self.assignment.solution.iterdir())
            if path.is_file() and path.name not in known
        }

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The beginning and the end of the worked discussion."""
        text = find(self._worked, self.discussion)["source"].strip() if self.discussion else ""
        return (text[:80], text[-80:]) if text else ()

    @cached_property
    def mistake(self) -> Mistake:
        """A known mistake that costs points, and few questions: in a cell, or in a file if the answers are there."""
        where = self.answers or list(self.answer_files)
        worth = {q.name for q in self.autograder.questions if q.points} & self.questions
        known = [one for one in read_mistakes(self.assignment) if one.cell in where and one.question in worth]
        if not known:
            raise CourseError(f"{self.name} has no known mistake to make wrong hand-ins from.")
        return min(known, key=lambda one: len(one.also))

    @property
    def loses(self) -> frozenset[str]:
        """The questions that `mistake` costs."""
        return frozenset(self.mistake.also | {self.mistake.question}) & self.questions

    def wrong(self) -> str:
        """The text of the mistake's answer, with the mistake."""
        return self.mistaken(self.text_of(self.mistake.cell))

    def text_of(self, answer: str) -> str:
        """A worked answer: a cell's, by its grade_id, or a file's."""
        return (
            self.answer_files[answer] if answer in self.answer_files else find(self._worked, answer)["source"]
        )

    @cached_property
    def leaf(self) -> tuple[str, str, frozenset[str]]:
        """An answer that no other code of the notebook or the files uses: its place, a function or class of it, and the
        questions that call this.
        """
        places = self.answers or list(self.answer_files)
        code = [node for place in places for node in definitions(self.text_of(place))]
        code += [node for cell in locked(self._released) for node in definitions(cell["source"])]
        for place in reversed(places):
            for name in reversed(defined(self.text_of(place))):
                asking = (
                    frozenset(q.name for q in self.autograder.questions if name in q.names) & self.questions
                )
                if asking and not any(name in names_in(node) for node in code if node.name != name):
                    return place, name, asking
        raise CourseError(f"{self.name} has no answer that nothing else uses.")

    @cached_property
    def other(self) -> Work:
        """Another assignment of the course, whose answers are in its notebook."""
        for one in self.assignment.course.assignments():
            work = Work(one)
            if one.name != self.name and work.answers:
                return work
        raise CourseError("The course has no other assignment to take a notebook from.")

    # Handing in

    def fill(
        self, folder: Path, notebook: Notebook | None = None, name: str | None = None, *, files: bool = True
    ) -> Path:
        """Write a notebook, by default the worked one, and with `files` what goes with it. Returns its path."""
        if files:
            self.fill_files(folder)
        return write(folder / (name or self.notebook_name), self.worked() if notebook is None else notebook)

    def fill_files(self, folder: Path) -> None:
        """Write the worked answer files and what the notebook makes."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.answer_files.items():
            (folder / name).write_text(text)
        for name, data in self.made_files.items():
            (folder / name).write_bytes(data)

    def files(self, notebook: Notebook | None = None, name: str | None = None) -> dict[str, bytes]:
        """The same as fill(), for a zip: data by name."""
        found = {name: text.encode() for name, text in self.answer_files.items()} | self.made_files
        return {name or self.notebook_name: dumped(self.worked() if notebook is None else notebook)} | found

    def with_first(self, folder: Path, change: Change) -> str:
        """Hand in the worked solution, its first answer after `change`. Returns the answer's place."""
        place = (self.answers or list(self.answer_files))[0]
        self.with_answer(folder, place, change)
        return place

    def with_answer(self, folder: Path, place: str, change: Change) -> None:
        """Hand in the worked solution, one answer after `change`: the cell or the file of that name."""
        notebook = self.worked()
        if place in self.answer_files:
            self.fill(folder, notebook)
            (folder / place).write_text(changed(self.answer_files[place], change))
        else:
            cell = find(notebook, place)
            cell["source"] = changed(cell["source"], change)
            self.fill(folder, notebook)

    def mistaken(self, source: str) -> str:
        """A change of the mistake's answer: into the mistake."""
        for old, new in self.mistake.replace:
            source = replaced(source, old, new)
        return source


# What a hand-in can need


def answers_in_cells(work: Work) -> bool:
    return len(work.answers) > 1


def answers_in_files(work: Work) -> bool:
    return bool(work.answer_files)


def answers_in_words(work: Work) -> bool:
    return bool(work.discussion)


def alone(work: Work) -> bool:
    """Nothing goes with the notebook."""
    return not work.answer_files and not work.made_files


def makes_files(work: Work) -> bool:
    return bool(work.made_files)


# Notebooks and cells


def read(path: Path) -> Notebook:
    """A notebook of format 4; each source as one text, without outputs."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cells.is_code(cell):
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def dumped(notebook: Notebook) -> bytes:
    """As Jupyter writes it: one list entry for each line of a source."""
    lines = [{**c, "source": c["source"].splitlines(keepends=True)} for c in notebook["cells"]]
    return (json.dumps({**notebook, "cells": lines}, indent=1, ensure_ascii=False) + "\n").encode()


def write(path: Path, notebook: Notebook) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dumped(notebook))
    return path


def find(notebook: Notebook, grade_id: str) -> Cell:
    """The cell of that name. Raises CourseError."""
    for cell in notebook["cells"]:
        if cells.grade_id(cell) == grade_id:
            return cell
    raise CourseError(f"There is no cell {grade_id!r} to edit.")


def place_of(notebook: Notebook, grade_id: str) -> int:
    return notebook["cells"].index(find(notebook, grade_id))


def locked(notebook: Notebook) -> Iterator[Cell]:
    """The read-only code cells that run: no tests."""
    for cell in notebook["cells"]:
        if (
            cells.is_code(cell)
            and cells.is_locked(cell)
            and not cells.is_test(cell)
            and not cells.is_skipped(cell)
        ):
            yield cell


def own(source: str, *, markdown: bool = False) -> Cell:
    """A cell that the student added."""
    cell: Cell = {"cell_type": "markdown" if markdown else "code", "metadata": {}, "source": source}
    cell["id"] = f"own-{abs(hash(source)) % 10**8:08d}"
    return cell if markdown else cell | {"outputs": [], "execution_count": None}


def to(kind: str, cell: Cell) -> None:
    """Make a cell Markdown, raw or code, as the notebook's menu does."""
    if cell["cell_type"] == kind:
        raise CourseError(f"The cell is {kind} already.")
    cell["cell_type"] = kind
    if kind == "code":
        cell.update(outputs=[], execution_count=None)
    else:
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)


def without_metadata(notebook: Notebook) -> Notebook:
    """All cells without metadata and ids."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    notebook["nbformat_minor"] = 4
    return notebook


# Code


def changed(source: str, change: Change) -> str:
    """`source` after `change`. Raises CourseError if it is the same."""
    result = change(source)
    if result == source:
        raise CourseError("The edit changes nothing.")
    return result


def replaced(source: str, old: str, new: str) -> str:
    """Raises CourseError if `old` is not there."""
    if old not in source:
        raise CourseError(f"{old!r} is not in the answer.")
    return source.replace(old, new)


def above(*lines: str) -> Change:
    """A change: these lines above everything else."""
    return lambda source: "\n".join([*lines, source])


def below(*lines: str) -> Change:
    return lambda source: "\n".join([source.rstrip("\n"), *lines, ""])


def needing(statement: str, name: str | None = None) -> Change:
    """A change: each function, or the one of that name, first carries out `statement`, so it is right only if that is.

    Raises CourseError, when it is applied, for code without such a function.
    """

    def change(source: str) -> str:
        lines = source.split("\n")
        first = [
            body[1] if isinstance(body[0], ast.Expr) and len(body) > 1 else body[0]
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef) and name in (None, node.name) and (body := node.body)
        ]
        if not first:
            raise CourseError(f"There is no function {name or ''} to put {statement!r} into.")
        for node in sorted(first, key=lambda one: -one.lineno):
            spaces = " " * node.col_offset
            lines[node.lineno - 1 : node.lineno - 1] = [spaces + line for line in statement.split("\n")]
        return "\n".join(lines)

    return change


def definitions(source: str) -> list[Any]:
    """The functions and classes at the top level of code; none in code with IPython's own syntax."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    return [node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def defined(source: str) -> list[str]:
    """Their names."""
    return [node.name for node in definitions(source)]


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def course_of(assignment: Assignment, root: Path) -> Assignment:
    """The assignment in a scratch course, which has its own ``submitted/``."""
    (root / "source").mkdir(parents=True, exist_ok=True)
    return Assignment(Course(root), assignment.name)
