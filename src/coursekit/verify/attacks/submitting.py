"""Make an attack's submission."""

from __future__ import annotations

import ast
import contextlib
import json
import runpy
from pathlib import Path
from typing import Any

import nbformat

from coursekit.core import cells, syntax
from coursekit.core.course import Assignment
from coursekit.core.reference import Reference
from coursekit.datasets.located import Located
from coursekit.grading.autograder import Autograder
from coursekit.layouts.base import Collected, student_name
from coursekit.samples.students import Student, worked_texts, write_submission
from coursekit.verify.attacks.reading import Attack

LOOT = Path("/tmp/coursekit-loot")
"""Where an attack's code writes its finds: the file vanishes with the sandbox, and can be read if there is none."""

THROUGH = "not refused, as it must be:"
"""Printed by an attack before an act that got through, if that act by itself earns and leaves nothing."""

PREAMBLE = '''\
FUNCTIONS = {functions}
RESULTS = {results}
GIVEN = {given}
DATA = __import__("os").environ.get({variable}, "/data")


def bring_back():
    """Let attacks import the modules that run the notebook: they are in memory, and no longer among the known ones."""
    import gc
    import sys
    import types

    gc.unfreeze()  # what a warm process has frozen is found too
    modules = [one for one in gc.get_objects() if type(one) is types.ModuleType]
    folders = [one.__file__.rpartition("/")[0] + "/" for one in modules if hasattr(one, "CallServer")]
    for one in modules:
        if folders and (getattr(one, "__file__", None) or "").startswith(folders[0]):
            sys.modules.setdefault(one.__name__, one)


class BroughtBack:
    """A class, so that it is done also where only what cells define is carried out."""

    bring_back()


def loot(text):
    """Report a find: in the test's output, and in a file."""
    print(text)
    try:
        with open("{loot}", "a", errors="backslashreplace") as file:
            print(text, file=file)
    except OSError:
        pass


def through(text):
    """Report an act that was not refused, as it must be."""
    print("{through}", text)


def functions_do(function):
    """Put `function` in place of everything that the tests call."""
    globals().update(dict.fromkeys(FUNCTIONS, function))


def in_form(name, arguments, change):
    """The arguments after `change`, in the form in which the function called `name` must answer."""
    arrays = [change(one) for one in arguments if hasattr(one, "shape")] or [change(0.0)]
    tables = [one for one in arguments if isinstance(one, dict)]
    cache = dict.fromkeys(("A", "W", "b", "Z", "A0", "A1", "Z1"), arrays[0])
    count = RESULTS.get(name, 1)
    if count > 1:
        return (arrays[0], cache) if count == 2 else tuple((arrays * 3)[:count])
    prefix = "d" if "back" in name else ""
    made = {{prefix + key: change(one) for key, one in tables[0].items()}} if tables else arrays[0]
    return made if count or not tables else tables[0].update(made)


def answers_do(change, network):
    """Replace functions by ones that answer their arguments after `change`, and each class by `network`."""

    def function(name):
        return lambda *arguments, **keywords: in_form(name, arguments, change)

    for name in FUNCTIONS:
        globals()[name] = network if isinstance(globals().get(name), type) else function(name)
'''


def functions(autograder: Autograder) -> list[str]:
    """The names that tests read and that students are asked to define, as functions or classes."""
    code = [cell["source"] for cell in autograder.release.answers]
    code += [text.decode() for text in autograder.answer_files.values()]
    asked = {
        node.name
        for text in code
        for node in ast.walk(syntax.parse(text))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    return sorted({name for question in autograder.questions for name in question.names} & asked)


def results(answers: dict[str, str]) -> dict[str, int]:
    """How many values each function in these answers returns."""
    found = {}
    for text in answers.values():
        with contextlib.suppress(SyntaxError):  # a written answer
            for function in ast.walk(syntax.parse(text)):
                if isinstance(function, ast.FunctionDef):
                    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
                    counts = [len(one.elts) if isinstance(one, ast.Tuple) else 1 for one in returned if one]
                    found[function.name] = max(counts, default=0)
    return found


def given_modules(assignment: Assignment) -> list[str]:
    """The names of the Python files that the assignment gives."""
    return sorted(path.stem for path in (assignment.autograder / "files").glob("*.py"))


def student(attack: Attack, settings: dict[str, Any], *, between: bool = False) -> Student:
    """The student who submits an attack's code, after the preamble with these settings.

    between: for a grader that runs each test at its place in the notebook, before the cells below it. Then the attack
    comes before the first test, and its versions of FUNCTIONS are put in place again before each other test.
    """
    literals = {name: json.dumps(value) for name, value in settings.items()}
    preamble = _cell("preamble", PREAMBLE.format(**literals, loot=LOOT, through=THROUGH))
    new = [preamble, _cell("attack", attack.path.read_text(encoding="utf-8"))]

    def add(notebook: Any) -> None:
        if attack.place == "top":
            notebook.cells[:0] = new
        elif not between:
            # The sealed grader runs each test at its place first: the tests are put behind the attack.
            tests = [cell for cell in notebook.cells if cells.is_test(cell)]
            notebook.cells = [*(cell for cell in notebook.cells if cell not in tests), *new, *tests]
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
    assignment: Assignment, attack: Attack, names: list[str], data: Located | None, *, between: bool = False
) -> list[Collected]:
    """Write the attack's submission into ``submitted/``; returns the submissions to grade, one for each student.

    names: the functions and classes that it attacks. data: the dataset that it will find.
    """
    submitted = assignment.course.submitted
    folder = submitted / attack.name / assignment.name
    if not attack.files:
        counts = results(worked_texts(assignment))
        settings = {
            "functions": names,
            "results": {name: counts[name] for name in names if name in counts},
            "given": given_modules(assignment),
            "variable": data.variable if data else "",
        }
        write_submission(assignment, student(attack, settings, between=between), folder)
        return [Collected(Reference(attack.name), folder)]
    before = set(submitted.iterdir())
    folder.mkdir(parents=True)
    notebook = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    names_in_it = runpy.run_path(str(attack.path), {"GIVEN": given_modules(assignment)})
    names_in_it["write"](folder, notebook, worked_texts(assignment))
    students = sorted(set(submitted.iterdir()) - before)
    return [
        Collected(Reference(student_name(one.name)), _submission(one / assignment.name)) for one in students
    ]


def _submission(folder: Path) -> Path:
    alone = list(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
    return alone[0] if len(alone) == 1 and alone[0].suffix == ".zip" else folder
