"""Make the submission that an attack is."""

from __future__ import annotations

import ast
import json
import runpy
from pathlib import Path
from typing import Any

import nbformat

from coursekit import cells
from coursekit.course import Assignment
from coursekit.grade.batch import Handed, student_name
from coursekit.grade.built import Autograder
from coursekit.sample import Student, worked_texts, write_submission
from coursekit.verify.attacks.reading import Attack

LOOT = Path("/tmp/coursekit-loot")
"""Where an attack's code writes what it found: gone with the sandbox, and there to be read where there is none."""

THROUGH = "what must be refused was not:"
"""What an attack prints before the act that got through: of one that earns nothing and leaves nothing by itself."""

PREAMBLE = '''\
FUNCTIONS = {functions}


def loot(text):
    """Report what was found: to whoever reads the test's output, and in a file."""
    print(text)
    try:
        with open("{loot}", "a", errors="backslashreplace") as file:
            print(text, file=file)
    except OSError:
        pass


def through(text):
    """Say of an act that must be refused that it was not."""
    print("{through}", text)


def functions_do(function):
    """Put `function` in the place of all that the tests call."""
    globals().update(dict.fromkeys(FUNCTIONS, function))
'''


def functions(autograder: Autograder) -> list[str]:
    """The names that tests read and that students are asked to define, as functions or classes."""
    code = [c["source"] for c in autograder.release if cells.is_code(c) and cells.is_solution(c)]
    code += [text.decode() for text in autograder.answer_files.values()]
    asked = {
        node.name
        for text in code
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    cases = [case for question in autograder.questions for case in question.test_file.test_cases]
    return sorted({name for case in cases for name in case.body._get_func_params()} & asked)


def student(attack: Attack, names: list[str], *, between: bool = False) -> Student:
    """The student who hands in an attack's code, with `names` as its FUNCTIONS.

    between: for a grader that runs each test where it stands in the notebook, before what comes after it: the attack
    stands before the first test, and what it made of FUNCTIONS is put in place again before each other.
    """
    preamble = _cell("preamble", PREAMBLE.format(functions=json.dumps(names), loot=LOOT, through=THROUGH))
    new = [preamble, _cell("attack", attack.path.read_text(encoding="utf-8"))]

    def add(notebook: Any) -> None:
        if attack.place == "top":
            notebook.cells[:0] = new
        elif not between:
            notebook.cells += new
        else:
            tests = [place for place, cell in enumerate(notebook.cells) if cells.is_test(cell)]
            for place in reversed(tests[1:]):
                notebook.cells.insert(place, _cell(f"again-{place}", "globals().update(made)"))
            keep = _cell("keep", "made = {name: globals()[name] for name in FUNCTIONS if name in globals()}")
            notebook.cells[tests[0] : tests[0]] = [*new, keep]

    return Student(attack.name, attack.tries, untouched=not attack.solved, edit=add, honest=False)


def _cell(name: str, source: str) -> Any:
    return nbformat.v4.new_code_cell(source, id=name)


def hand_in(
    assignment: Assignment, attack: Attack, names: list[str], *, between: bool = False
) -> list[Handed]:
    """Write the attack's submission below ``submitted/``; returns what there is to grade, one a student."""
    submitted = assignment.course.submitted
    folder = submitted / attack.name / assignment.name
    if not attack.files:
        write_submission(assignment, student(attack, names, between=between), folder)
        return [Handed(attack.name, folder)]
    before = set(submitted.iterdir())
    folder.mkdir(parents=True)
    notebook = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    runpy.run_path(str(attack.path))["write"](folder, notebook, worked_texts(assignment))
    students = sorted(set(submitted.iterdir()) - before)
    return [Handed(student_name(one.name), _handed(one / assignment.name)) for one in students]


def _handed(folder: Path) -> Path:
    alone = list(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
    return alone[0] if len(alone) == 1 and alone[0].suffix == ".zip" else folder
