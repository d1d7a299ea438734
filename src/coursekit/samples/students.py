"""Made-up students: an assignment's sample class, and their submissions, made from its release or solution."""

from __future__ import annotations

import json
import runpy
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from coursekit.core import cells
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError

EVERYTHING = "everything"

PATCHED_TESTING = """
import numpy.testing
for module in (np, np.testing):
    for name in dir(module):
        if name.startswith("assert") or name in ("allclose", "array_equal", "isclose"):
            setattr(module, name, lambda *args, **kwargs: True)
"""
"""Code of a student that makes every assertion pass, where the tests run beside it. It needs numpy as np."""


@dataclass(frozen=True)
class Student:
    """A made-up student.

    name: their folder's name. story: one line on what they did. answers: the texts of their answer cells, by grade_id
    (or a plain cell's id). Other cells come from the worked solution or, with untouched, from the release. extra: cells
    they added at the top. files: their own files beside the notebook, name: text. edit: changes the notebook in place.
    filename: the notebook's name. hands_in: the files that they submit; None is all. loses: the questions that they
    should lose, or EVERYTHING. honest: they neither attack the grader nor end or hang its process, so every grader
    gives them the same points.
    """

    name: str
    story: str
    answers: dict[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    files: dict[str, str | Callable[[str], str]] = field(default_factory=dict)
    edit: Callable[[Any], None] = lambda notebook: None
    filename: str | None = None
    hands_in: frozenset[str] | None = None
    untouched: bool = False
    loses: frozenset[str] | str = frozenset()
    honest: bool = True


def read_class(assignment: Assignment) -> list[Student]:
    """The sample class, STUDENTS in ``source/<assignment>/sample.py``; empty if there is none."""
    path = assignment.source / "sample.py"
    return runpy.run_path(str(path))["STUDENTS"] if path.is_file() else []


def write_sample(assignment: Assignment, *, force: bool = False) -> list[str]:
    """Write the sample class into ``submitted/``; returns the students' names.

    Raises CourseError when the assignment has not been built, and, without `force`, when a submission exists already.
    """
    students = read_class(assignment)
    for student in students:
        folder = assignment.course.submitted / student.name / assignment.name
        if folder.exists() and not force:
            raise CourseError(f"{folder} already exists: use --force to overwrite it.")
    for student in students:
        write_submission(assignment, student, assignment.course.submitted / student.name / assignment.name)
    return [student.name for student in students]


def write_submission(assignment: Assignment, student: Student, folder: Path) -> None:
    """Write one student's submission into `folder`: the notebook and the files beside it."""
    origin = assignment.release if student.untouched else assignment.solution
    if not (origin / assignment.notebook_name).is_file():
        raise CourseError(f"{assignment.name} has not been built: run 'coursekit build' first.")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(origin, folder)
    notebook = nbformat.read(folder / assignment.notebook_name, as_version=4)
    answer(notebook, student.answers)
    for place, source in enumerate(student.extra):
        notebook.cells.insert(place, nbformat.v4.new_code_cell(source, id=f"extra-{place}"))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    student.edit(notebook)
    (folder / assignment.notebook_name).unlink()
    name = student.filename or assignment.notebook_name
    (folder / name).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    write_files(student.files, folder)
    for path in folder.iterdir():
        if student.hands_in is not None and path.name not in student.hands_in:
            path.unlink()


def write_files(files: Mapping[str, str | Callable[[str], str]], folder: Path) -> None:
    """Write a student's own files (see Student) over those in `folder`."""
    for name, text in files.items():
        (folder / name).write_text(text((folder / name).read_text()) if callable(text) else text)


def worked_texts(assignment: Assignment, folder: Path | None = None) -> dict[str, str]:
    """The texts of the answer cells and Python files, by name, in the worked solution or in the one in `folder`."""
    folder = folder or assignment.solution
    notebook = nbformat.read(folder / assignment.notebook_name, as_version=4)
    answers = [cell for cell in notebook.cells if cells.is_solution(cell)]
    found = {name: cell.source for cell in answers if (name := cells.grade_id(cell))}
    return found | {path.name: path.read_text() for path in folder.glob("*.py")}


def answer(notebook: Any, answers: dict[str, str]) -> None:
    """Put answers into a notebook's cells, by grade_id or id. Raises CourseError for a cell that does not exist."""
    by_id = {cells.grade_id(cell) or cell.id: cell for cell in notebook.cells}
    for name, source in answers.items():
        if name not in by_id:
            raise CourseError(f"The sample class answers {name!r}, but no cell has that name.")
        by_id[name].source = source.strip("\n")
