"""``hand_in.py`` for one assignment: the same program for all, with what this one asks for.

It is made from the release alone, so it can't hold a hidden test or a solution.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from nbgrader.preprocessors.base import NbGraderPreprocessor

from coursekit.build import hand_in
from coursekit.build.release import released_files, task_of
from coursekit.build.source import Source, read_source
from coursekit.core import cells
from coursekit.core.course import Course
from coursekit.core.scope import parse_cell

NAME = "hand_in.py"

_PLACE = "ASSIGNMENT = {}\n"


def hand_in_file(source: Source, release: Any) -> dict[str, bytes]:
    """The file, by its name. release: the released notebook."""
    facts = {
        "name": source.assignment.name,
        "title": source.title,
        "notebook": source.assignment.notebook_name,
        "heading": _heading(release),
        "answer_files": list(source.answer_files),
        "writes": source.writes,
        "given": sorted({*source.given_files, NAME}),
        "answers": _answers(source, release),
    }
    lines = ["ASSIGNMENT = {", *(line for key, value in facts.items() for line in _entry(key, value)), "}"]
    text = Path(hand_in.__file__).read_text(encoding="utf-8")
    return {NAME: text.replace(_PLACE, "\n".join(lines) + "\n", 1).encode()}


class AddHandIn(NbGraderPreprocessor):
    """Makes nbgrader write the file beside the release, as the build does. The last step: it reads the release."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        folder = Path(resources["metadata"]["path"]).resolve()
        source = read_source(Course.find(folder).assignment(folder.name))
        resources["outputs"] = {**(resources.get("outputs") or {}), **hand_in_file(source, nb)}
        return nb, resources


def _heading(release: Any) -> str:
    """The notebook's first heading, by which it is known under any name; a line that nobody writes if it has none."""
    texts = [cell.source for cell in release.cells if cell.cell_type == "markdown"]
    return next((line for text in texts for line in text.splitlines() if line.startswith("# ")), "\n")


def _answers(source: Source, release: Any) -> list[dict[str, Any]]:
    """The answers in the notebook, then those in answer files, each in order."""
    found: list[dict[str, Any]] = []
    for cell in release.cells:
        if cells.is_solution(cell):
            answer = {"task": task_of(cell), "id": cells.grade_id(cell), "file": ""}
            code = cells.is_code(cell)
            found.append(
                answer
                | (
                    {"names": _stubs(parse_cell(cell.source), task_of(cell))}
                    if code
                    else {"text": cell.source}
                )
            )
    for name, notebook in source.answer_files.items():
        tree = ast.parse(released_files(source)[name])
        for task in dict.fromkeys(task_of(cell) for cell in notebook.cells if cells.is_solution(cell)):
            found.append({"task": task, "file": name, "names": _stubs(tree, task)})
    return found


def _stubs(tree: ast.Module, task: str) -> list[str]:
    """The functions and methods, by dotted name, in which the task's stub stands."""
    return [
        name
        for name, node in hand_in.definitions(tree).items()
        if node and not isinstance(node, ast.ClassDef) and hand_in.is_stub(node, task)
    ]


def _entry(key: str, value: Any) -> list[str]:
    """Lines of Python: JSON of texts, numbers, lists and dicts is Python too."""
    if not (isinstance(value, list) and value):
        return [f"    {_json(key)}: {_json(value)},"]
    return [f"    {_json(key)}: [", *(f"        {_json(item)}," for item in value), "    ],"]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
