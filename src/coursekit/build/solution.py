"""The worked solution, executed once for each change of its input, with its figures."""

from __future__ import annotations

import copy
import hashlib
import re
from pathlib import Path
from typing import Any

from coursekit.build import release
from coursekit.build.execution import run
from coursekit.build.source import Source, called
from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress
from coursekit.datasets.loading import locate

_ADDRESS = re.compile(r"\b0x[0-9a-f]{8,16}\b")
_SECONDS = re.compile(r"\b\d+(\.\d+)?(?= (s|ms|seconds)\b)")


def solution(source: Source, existing: Path, progress: Progress = lambda cell: None) -> dict[str, bytes]:
    """The executed solution notebook and the files that it wrote, by name.

    They are taken from the folder `existing` if they were made from the same input.

    Raises CourseError when a cell fails, when a test cell prints or leaves a value, or when the dataset is missing.
    """
    worked = release.worked(source.notebook)
    if is_current(source, existing):
        return stored(source, existing)
    executed = copy.deepcopy(worked)
    data = locate(source.assignment.course, source.dataset)
    written = run(executed, source.files, data, progress, source.writes)
    for position, cell in enumerate(executed.cells):
        if cells.is_test(cell) and cell.outputs:
            raise CourseError(
                f"{called(cell, position)} prints when it passes ({_first_words(cell.outputs[0])!r}): "
                "nbgrader takes a number for a grade and anything on stderr for a failure."
            )
    _settle(executed)
    executed.metadata = copy.deepcopy(worked.metadata)  # nbclient adds the machine's Python version
    executed.metadata.setdefault("coursekit", {})["input"] = _digest(worked, source.files)
    return {source.assignment.notebook_name: release.text(executed).encode(), **written}


def stored(source: Source, existing: Path) -> dict[str, bytes]:
    """The notebook in the folder `existing`, and the files that it wrote, by name."""
    return {
        name: (existing / name).read_bytes() for name in (source.assignment.notebook_name, *source.writes)
    }


def is_current(source: Source, existing: Path) -> bool:
    """Whether the folder `existing` contains an execution of exactly this source. Runs nothing."""
    import nbformat

    try:
        text = stored(source, existing)[source.assignment.notebook_name]
        notebook = nbformat.reads(text.decode(), as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return False
    worked = release.worked(source.notebook)
    recorded = notebook.metadata.get("coursekit", {}).pop("input", None)
    if "coursekit" not in worked.metadata and not notebook.metadata.get("coursekit"):
        notebook.metadata.pop("coursekit", None)
    for cell in notebook.cells:
        if cells.is_code(cell):
            cell.outputs, cell.execution_count = [], None
    return recorded == _digest(worked, source.files) and release.text(notebook) == release.text(worked)


def _digest(worked: Any, files: dict[str, bytes]) -> str:
    """sha256 of everything that the execution depends on: the notebook without outputs, the support files."""
    digest = hashlib.sha256(release.text(worked).encode())
    for name, data in files.items():
        digest.update(f"\0{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _settle(notebook: Any) -> None:
    """Remove everything that differs from run to run: addresses, seconds, and warnings, which name temporary files."""
    for cell in notebook.cells:
        if cells.is_code(cell):
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.get("outputs", []):
            if "text" in output:
                output.text = _SECONDS.sub("…", _ADDRESS.sub("0x…", output.text))
            elif "text/plain" in output.get("data", {}):
                output.data["text/plain"] = _ADDRESS.sub("0x…", output.data["text/plain"])


def _first_words(output: Any) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))[:60]
