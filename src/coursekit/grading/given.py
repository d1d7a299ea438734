"""The code that an assignment gives to students: functions of read-only cells, and which need no student's code.

A test that calls a given function means the release's function. If that uses only given code, such as a function that
parses a report, it runs in a process where no student's code has run. If it calls a student's functions, or gets a
student's objects as arguments, it runs in the student's process; there, a later definition of the same name is undone
before each test.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.machinery
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.core import cells, syntax
from coursekit.core.limits import Limits
from coursekit.core.scope import Names, names, parse_cell
from coursekit.core.scratch import scratch_folder
from coursekit.datasets.located import Located
from coursekit.intake.notebook import CheckedCell
from coursekit.sandbox.channel import Connection
from coursekit.sandbox.loading import LoadedNotebook, Notebook


@dataclass(frozen=True)
class Given:
    """The given functions and classes of a release."""

    by_cell: dict[str, tuple[str, ...]]
    """a read-only cell's text: the functions and classes that only this cell may define"""

    alone: dict[str, tuple[str, ...]]
    """the functions that need no student's code: name, the texts of the cells to run for it"""

    classes: frozenset[str]
    """the classes that the assignment defines, in any cell or file"""

    def needed_by(self, names: Iterable[str]) -> Given:
        """The same, but in `alone` only the functions with these names: those that tests call."""
        wanted = set(names)
        return replace(self, alone={name: texts for name, texts in self.alone.items() if name in wanted})


def read_given(release: list[CheckedCell], answer_files: dict[str, bytes]) -> Given:
    """The given code of a release and of the Python files that students write in."""
    code = [
        cell
        for cell in release
        if cells.is_code(cell) and not cells.is_test(cell) and not cells.is_skipped(cell)
    ]
    trees = {id(cell): tree for cell in code if (tree := _parsed(cell["source"])) is not None}
    locked = [cell for cell in code if cells.is_locked(cell) and id(cell) in trees]
    students = set().union(
        *(names(trees[id(c)]).defines for c in code if id(c) in trees and not cells.is_locked(c)), set()
    )
    by_cell = {
        cell["source"]: tuple(
            node.name
            for node in trees[id(cell)].body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in students
        )
        for cell in locked
    }
    files = [
        tree
        for text in answer_files.values()
        if (tree := _parsed(text.decode("utf-8", "replace"))) is not None
    ]
    classes = {
        n.name for tree in (*trees.values(), *files) for n in syntax.walk(tree) if isinstance(n, ast.ClassDef)
    }
    modules = {name.removesuffix(".py") for name in answer_files}
    found = {cell["source"]: names(trees[id(cell)]) for cell in code if id(cell) in trees}
    alone = _alone([cell["source"] for cell in locked], found, students, modules)
    functions = {
        node.name for cell in locked for node in trees[id(cell)].body if isinstance(node, ast.FunctionDef)
    }
    return Given(
        by_cell, {name: texts for name, texts in alone.items() if name in functions}, frozenset(classes)
    )


def _parsed(source: str) -> ast.Module | None:
    try:
        return parse_cell(source)
    except SyntaxError:
        return None


def _alone(
    locked: list[str], found: dict[str, Names], students: set[str], modules: set[str]
) -> dict[str, tuple[str, ...]]:
    """The names in read-only cells that need none of the student's names: for each, the texts to run, in order."""
    imports = {name: lines for one in found.values() for name, lines in one.imports.items()}
    theirs = students | {
        name
        for name, lines in imports.items()
        if {line.split()[1].partition(".")[0] for line in lines} & modules
    }
    owner = {name: text for text in locked for name in found[text].defines}
    result = {}
    for name in owner:
        needed, pending, clean = set(), [name], True
        lines: list[str] = []
        seen: set[str] = set()
        while pending and clean:
            one = pending.pop()
            if one in seen:
                continue
            seen.add(one)
            clean = one not in theirs
            if one in owner:
                needed.add(owner[one])
                pending += found[owner[one]].reads
            elif one in imports:
                lines += imports[one]
        if clean:
            texts = tuple(text for text in found if text in needed)
            result[name] = ("\n".join(sorted(set(lines))), *texts)
    return result


class CleanProcess:
    """A process in which given functions run without any student's code, started when it is first needed.

    It has the submission's files, but none of its Python files: `files` is the folder with the given files.
    """

    def __init__(
        self, given: Given, backend: str, limits: Limits, submission: Path, files: Path, data: Located | None
    ):
        self._given, self._backend, self._limits = given, backend, limits
        self._submission, self._files, self._data = submission, files, data
        self._stack = contextlib.ExitStack()
        self._student: LoadedNotebook | None = None

    def close(self) -> None:
        self._stack.close()

    def was_ended(self) -> bool:
        """The same as LoadedNotebook.was_ended."""
        return self._student is not None and self._student.was_ended()

    def names(self, wanted: Iterable[str]) -> list[str]:
        """Those of the names that are given functions which can run here."""
        return [name for name in wanted if name in self._given.alone]

    @contextlib.contextmanager
    def connected(self, seconds: float) -> Iterator[Connection]:
        """The same as LoadedNotebook.connected."""
        if self._student is None:
            self._student = self._stack.enter_context(self._start())
        with self._student.connected(seconds) as connection:
            yield connection

    def _start(self) -> LoadedNotebook:
        folder = Path(self._stack.enter_context(scratch_folder())) / "work"
        shutil.copytree(self._submission, folder, ignore=_python)
        shutil.copytree(self._files, folder, dirs_exist_ok=True)
        texts = dict.fromkeys(text for texts in self._given.alone.values() for text in texts)
        notebook = Notebook(list(enumerate(texts, 1)), folder)
        return LoadedNotebook(self._backend, self._limits, notebook, self._data)


def _python(folder: str, names: list[str]) -> set[str]:
    """The names that can be imported, and notebooks."""
    endings = (*importlib.machinery.all_suffixes(), ".ipynb")
    return {name for name in names if name == "__pycache__" or name.endswith(endings)}
