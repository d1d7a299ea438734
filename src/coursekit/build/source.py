"""The instructor's folder of one assignment, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coursekit.build.answerfiles import answer_files_of, as_notebook
from coursekit.core import cells
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits

INSTRUCTOR_ONLY = ("attacks", "equivalent.py", "mistakes.py", "sample.py", "variants.py")
"""files and folders of the source that are never released"""


@dataclass(frozen=True)
class Source:
    """An assignment's source notebook and its support files."""

    assignment: Assignment
    text: str
    """the notebook's text on disk"""

    files: dict[str, bytes]
    """support files by relative path, in order: they go with the notebook everywhere"""

    @cached_property
    def answer_files(self) -> dict[str, Any]:
        """The support files that students write in, each as a notebook. Work on copies."""
        return {name: as_notebook(name, data) for name, data in answer_files_of(self.files).items()}

    @property
    def answer_modules(self) -> frozenset[str]:
        """The answer files' module names."""
        return frozenset(Path(name).stem for name in self.answer_files)

    @property
    def given_files(self) -> dict[str, bytes]:
        """The other support files: grading uses the originals, even if a student has changed them."""
        return {name: data for name, data in self.files.items() if name not in self.answer_files}

    @cached_property
    def notebook(self) -> Any:
        """The parsed notebook. To change it, work on a copy."""
        import nbformat

        return nbformat.reads(self.text, as_version=4)

    @property
    def title(self) -> str:
        return self._settings.get("title") or self.assignment.name

    @property
    def writes(self) -> list[str]:
        """The files that the notebook writes when it is run, and that students submit with it."""
        return list(self._settings.get("writes", []))

    @property
    def dataset(self) -> str:
        """The name of the dataset that the assignment needs, or empty."""
        return str(self._settings.get("dataset") or "")

    @property
    def limits(self) -> Limits:
        return Limits().merged(self._settings.get("limits", {}))

    @property
    def _settings(self) -> dict[str, Any]:
        return self.notebook.metadata.get("coursekit", {})

    @property
    def tests(self) -> list[Any]:
        """The test cells, in notebook order."""
        return [cell for cell in self.notebook.cells if cells.is_test(cell)]

    @property
    def questions(self) -> list[Any]:
        """The cells that are worth points: test cells and manually graded answers, in notebook order."""
        return [cell for cell in self.notebook.cells if cells.is_test(cell) or cells.is_manual(cell)]


def read_source(assignment: Assignment) -> Source:
    """Read an assignment's folder. Raises CourseError when the notebook can't be used at all."""
    import nbformat

    path = assignment.source / assignment.notebook_name
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} can't be read as a notebook: {error}") from error
    raw = raw if isinstance(raw, dict) else {}
    version = [raw.get(name) for name in ("nbformat", "nbformat_minor")]
    if not all(isinstance(number, int) for number in version) or not isinstance(raw.get("cells"), list):
        raise CourseError(f"{path} is not a notebook: it has no cells, or does not name its format.")
    if version < [4, 5]:
        raise CourseError(f"{path} is older than notebook format 4.5: save it once in JupyterLab.")
    unnamed = [number for number, cell in enumerate(raw["cells"], 1) if not cell.get("id")]
    if unnamed:
        raise CourseError(f"{path}: cell {unnamed[0]} has no id: save the notebook once in JupyterLab.")
    try:
        nbformat.validate(raw)
    except nbformat.ValidationError as error:
        raise CourseError(f"{path} is not a valid notebook: {str(error).splitlines()[0]}") from error
    for number, holder in enumerate([raw, *raw["cells"]]):
        for key in ("nbgrader", "coursekit"):
            if not isinstance(holder["metadata"].get(key, {}), dict):
                where = f"cell {number}" if number else "the notebook"
                raise CourseError(
                    f'{path}: in the metadata of {where}, "{key}" is not an object ({{"name": value}}).'
                )
    return Source(assignment, text, support_files(assignment.source))


def is_left_out(name: Path) -> bool:
    """Whether a file, by its path in an assignment's folder, is hidden, a cache, or for instructors only."""
    return name.suffix == ".pyc" or any(
        part.startswith(".") or part == "__pycache__" or part in INSTRUCTOR_ONLY for part in name.parts
    )


def support_files(folder: Path) -> dict[str, bytes]:
    """The files that go with the notebook. A link into another assignment's source counts as the file it names."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if is_left_out(name) or name.as_posix() == f"{folder.name}.ipynb" or path.is_dir():
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve().parent):
            raise CourseError(f"{path} is a link out of source/: put the file itself there.")
        if path.suffix == ".ipynb":
            raise CourseError(f"{path} is a second notebook: an assignment may have only one.")
        found[name.as_posix()] = path.read_bytes()
        if path.suffix == ".py":
            _check_text(path, found[name.as_posix()])
    return dict(sorted(found.items()))


def _check_text(path: Path, data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8: {error}.") from None


def called(cell: Any, position: int | None = None) -> str:
    """A cell's name in messages: its grade_id, else its number and first line."""
    name = cells.grade_id(cell)
    if name:
        return f"cell '{name}'"
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "empty")
    number = "" if position is None else f" {position + 1}"
    return f"cell{number} ({first[:50]!r})"
