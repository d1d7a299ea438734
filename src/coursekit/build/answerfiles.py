"""Answer files: Python files beside the notebook that students write in.

jupytext's percent format turns such a file into a notebook and back. ``# %% Task 4: relu.forward`` begins a cell, in a
class too, so that each method can be a cell whose stub names its task.
"""

from __future__ import annotations

import copy
from typing import Any

from coursekit.core import cells

FORMAT = "py:percent"
_OURS = ("nbgrader", "coursekit")


def answer_files_of(files: dict[str, bytes]) -> dict[str, bytes]:
    """The support files that have solution regions."""
    begin = cells.BEGIN_SOLUTION.encode()
    return {name: data for name, data in files.items() if name.endswith(".py") and begin in data}


def as_notebook(name: str, data: bytes) -> Any:
    """The file as a notebook. Cells with a solution region become solution cells, named after file and title."""
    import jupytext

    notebook = jupytext.reads(data.decode(), fmt=FORMAT)
    for cell in notebook.cells:
        if "BEGIN SOLUTION" in cell.source or "END SOLUTION" in cell.source:
            title = cell.metadata.get("title", name)
            roles = {"grade": False, "solution": True, "locked": False, "task": False}
            grade_id = name if title == name else f"{name}, {title}"
            cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id, **roles}
            cell.metadata["coursekit"] = {"task": title}
    return notebook


def as_file(notebook: Any) -> bytes:
    """The inverse of as_notebook(): the file, with the changes made to `notebook`."""
    import jupytext

    plain = copy.deepcopy(notebook)
    for cell in plain.cells:
        for key in _OURS:
            cell.metadata.pop(key, None)
    return jupytext.writes(plain, fmt=FORMAT).encode()
