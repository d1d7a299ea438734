"""The student's notebook, made with nbgrader's own preprocessors."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from nbgrader.nbgraderformat import ValidationError
from nbgrader.nbgraderformat.common import SchemaMismatchError
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from nbgrader.preprocessors.base import NbGraderPreprocessor

from coursekit.build.answerfiles import answer_files_of, as_file, as_notebook
from coursekit.build.source import Source, support_files
from coursekit.core import cells
from coursekit.core.errors import CourseError


class NameTheTask(ClearSolutions):
    """ClearSolutions with a stub that names the task.

    The task's name is the cell's ``metadata.coursekit.task``, else its grade_id.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        self.code_stub = {**self.code_stub, "python": stub(cell)}
        return super().preprocess_cell(cell, resources, cell_index)


class EndTests(ClearHiddenTests):
    """ClearHiddenTests that also removes the blank lines before a hidden region."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cells.is_test(cell):
            cell.source = cell.source.rstrip("\n")
        return cell, resources


class StripAnswerFiles(NbGraderPreprocessor):
    """Makes nbgrader write the released answer files over its copies of the source's.

    This is a step of the conversion, not one of nbgrader's hooks: when it fails, nbgrader removes the release again.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        files = support_files(Path(resources["metadata"]["path"]))
        stripped = {name: released_file(name, data) for name, data in answer_files_of(files).items()}
        resources["outputs"] = {**(resources.get("outputs") or {}), **stripped}
        return nb, resources


RELEASE = (
    LockCells,
    NameTheTask,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    EndTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)
WORKED = tuple(step for step in RELEASE if step is not NameTheTask)


def task_of(cell: Any) -> str:
    """What a solution cell's task is called."""
    return str(cell.metadata.get("coursekit", {}).get("task") or cells.grade_id(cell) or "this task")


def stub(cell: Any) -> str:
    """The line that replaces the solution in the release."""
    return f"raise NotImplementedError({json.dumps(task_of(cell), ensure_ascii=False)})"


def released(notebook: Any) -> Any:
    """The release of a source notebook: stubs for solutions, without hidden tests and outputs.

    Equal to the output of ``nbgrader generate_assignment`` with the course's ``nbgrader_config.py``.
    """
    return _processed(notebook, RELEASE)


def worked(notebook: Any) -> Any:
    """The solution notebook before execution: the solutions without their delimiters, no hidden tests."""
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        if cells.is_solution(cell):
            cell.source = _without_marks(cell.source)
    return _processed(result, WORKED)


def released_file(name: str, data: bytes) -> bytes:
    """The release of an answer file, made in the same way."""
    return as_file(_processed(as_notebook(name, data), (NameTheTask,)))


def released_files(source: Source) -> dict[str, bytes]:
    """The support files as students get them."""
    return source.files | {name: released_file(name, source.files[name]) for name in source.answer_files}


def worked_files(source: Source) -> dict[str, bytes]:
    """The support files with their solutions, without the delimiters."""
    return source.files | {
        name: _without_marks(source.files[name].decode()).encode() for name in source.answer_files
    }


def text(notebook: Any) -> str:
    """A notebook as nbgrader writes it to disk."""
    import nbformat

    return nbformat.writes(notebook).rstrip("\n") + "\n"


_SOLUTION_MARKS = ("BEGIN SOLUTION", "END SOLUTION")


def _without_marks(source: str) -> str:
    lines = source.split("\n")
    return "\n".join(line for line in lines if not any(mark in line for mark in _SOLUTION_MARKS))


def _processed(notebook: Any, steps: tuple[type, ...]) -> Any:
    result, resources = copy.deepcopy(notebook), {"metadata": {"path": "."}}
    for step in steps:
        try:
            result, resources = step().preprocess(result, resources)
        except (RuntimeError, ValueError) as error:  # nbgrader's errors about a notebook's content
            raise CourseError(f"nbgrader can't make the release: {error}") from error
        except ValidationError as error:
            raise CourseError(
                f"nbgrader can't make the release: a cell's metadata: {error.message}."
            ) from error
        except SchemaMismatchError as error:
            raise CourseError(
                f"nbgrader can't make the release: {error} Run 'nbgrader update' on the source notebook."
            ) from error
    return result
