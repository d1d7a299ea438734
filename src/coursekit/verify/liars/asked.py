"""Which functions and classes a question is about: those that its tests read and that students write."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from coursekit.core import cells
from coursekit.grading.autograder import Autograder, Question


@dataclass(frozen=True)
class About:
    """What one question's tests read of the students' work.

    asked: the functions and classes that this question asks for. every: with those of the questions before it that
    its tests read too.
    """

    asked: tuple[str, ...]
    every: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """What students write. methods: a class's, of those that they write; none for a function.

    about: what each question is about, by its name.
    """

    methods: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: dict[str, About] = field(default_factory=dict)

    def asking_for(self, name: str) -> list[str]:
        """The questions that ask for it, in notebook order."""
        return [question for question, about in self.about.items() if name in about.asked]


def students_work(autograder: Autograder) -> Work:
    """What students write, and which of it each question asks for.

    Those are the names that the answer cells between the test before and the question's own test define. Where there
    are none, as in an answer file, they are all that the tests read, without what another question reads alone; where
    none are left, what each of its test cases reads.
    """
    work = Work()
    answers = [cell["source"] for cell in autograder.release if _is_answer(cell)]
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
    """For each test cell the names that answer cells define between it and the one before."""
    found: dict[str, set[str]] = {}
    names: set[str] = set()
    for cell in autograder.release:
        if _is_answer(cell):
            names |= _written(cell["source"]).keys()
        elif cells.is_test(cell):
            found[cells.grade_id(cell)], names = names, set()
    return found


def _written(text: str) -> dict[str, tuple[str, ...]]:
    """The functions and classes of a released answer in which students have to write, with the methods."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and _is_stub(node):
            found[node.name] = ()
        elif isinstance(node, ast.ClassDef):
            methods = [one.name for one in node.body if isinstance(one, ast.FunctionDef) and _is_stub(one)]
            found.update({node.name: tuple(methods)} if methods else {})
    return found


def _is_stub(function: ast.FunctionDef) -> bool:
    """Whether it raises NotImplementedError, as the build makes it."""
    return any(
        isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
        for node in ast.walk(function)
    )
