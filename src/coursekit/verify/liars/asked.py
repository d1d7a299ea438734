"""The functions and classes that a question is about: its tests read them, and students write them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from coursekit.core import cells
from coursekit.grading.autograder import Autograder, Question


@dataclass(frozen=True)
class About:
    """The functions and classes of the students that one question's tests read.

    asked: those that this question asks for. every: also those from earlier questions.
    """

    asked: tuple[str, ...]
    every: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """The work of the students. methods: the methods that they write, by class; none for a function.

    about: by question.
    """

    methods: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: dict[str, About] = field(default_factory=dict)

    def asking_for(self, name: str) -> list[str]:
        """The questions that ask for `name`, in notebook order."""
        return [question for question, about in self.about.items() if name in about.asked]


def students_work(autograder: Autograder) -> Work:
    """The work of the students, and the part that each question asks for.

    A question asks for the names that are defined in the answer cells between the previous test and its own. If there
    are none, as in an answer file: all that its tests read, except names that are another question's only one. If none
    is left: the names that all of its test cases read.
    """
    work = Work()
    answers = [cell["source"] for cell in autograder.release.answers]
    for text in (*answers, *(text.decode() for text in autograder.answer_files.values())):
        work.methods.update(_written(text))
    written = {q.name: tuple(sorted(q.names & work.methods.keys())) for q in autograder.questions}
    between = _between_tests(autograder)
    alone = {names[0] for names in written.values() if len(names) == 1}
    for question in autograder.questions:
        every = written[question.name]
        asked = [name for name in every if name in between.get(question.name, ())]
        asked = asked or [name for name in every if name not in alone]
        asked = asked or [name for name in every if _each_case_reads(question, name)] or every
        work.about[question.name] = About(tuple(asked), every)
    return work


def _each_case_reads(question: Question, name: str) -> bool:
    return all(name in case.parameters for case in question.cases)


def _is_answer(cell: dict) -> bool:
    return cells.is_code(cell) and cells.is_solution(cell)


def _between_tests(autograder: Autograder) -> dict[str, set[str]]:
    """For each test cell, the names that answer cells define between it and the previous one."""
    found: dict[str, set[str]] = {}
    names: set[str] = set()
    for cell in autograder.release.cells:
        if _is_answer(cell):
            names |= _written(cell["source"]).keys()
        elif cells.is_test(cell):
            found[cells.grade_id(cell)], names = names, set()
    return found


def _written(text: str) -> dict[str, tuple[str, ...]]:
    """The functions and classes of a released answer that students must complete, with their methods."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and _is_stub(node):
            found[node.name] = ()
        elif isinstance(node, ast.ClassDef):
            methods = [one.name for one in node.body if isinstance(one, ast.FunctionDef) and _is_stub(one)]
            found.update({node.name: tuple(methods)} if methods else {})
    return found


def _is_stub(function: ast.FunctionDef) -> bool:
    """Whether it raises NotImplementedError, as the build's stubs do."""
    return any(
        isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
        for node in ast.walk(function)
    )
