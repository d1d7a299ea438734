"""Cells that are not what they say: tests as text, answers as tests, duplicate names, more points, broken sources.

Holds: the release says which cells are run and what they are worth; only the text of the submission's cells counts.
"""

import copy
import json


def write(folder, notebook, answers):
    cells = []
    for cell in copy.deepcopy(notebook.cells):
        cell = dict(cell)
        meta = dict(cell["metadata"].get("nbgrader", {}))
        if meta.get("grade"):
            cells.append(cell | {"source": "pass", "metadata": {"nbgrader": meta | {"points": 1000}}})
            cells.append({"cell_type": "markdown", "source": cell["source"], "metadata": {"nbgrader": meta}})
            cells.append(
                cell | {"source": "pass", "metadata": {"nbgrader": meta, "tags": ["skip-execution"]}}
            )
        elif meta.get("solution"):
            as_test = meta | {"grade": True, "solution": False, "locked": True, "points": 1000}
            cells += [cell | {"metadata": {"nbgrader": as_test}}, cell, cell]
        elif meta.get("locked"):
            cells.append(cell | {"source": "raise SystemExit(0)"})
        else:
            cells.append(cell)
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells += [
        None, 0, "print()", [], {},
        code, code | {"source": 3}, code | {"source": ["print(", 1]}, code | {"source": {"a": "b"}},
        code | {"source": "x = 1", "metadata": []},
        code | {"source": "x = 1", "metadata": {"nbgrader": ["grade_id"], "tags": 5}},
        code | {"source": "x = 1", "metadata": {"nbgrader": {"grade_id": {"a": 1}, "points": "1e9"}}},
        code | {"source": "x = 1", "metadata": {"nbgrader": {"grade_id": "x" * 10_000, "grade": "true"}}},
        code | {"source": "x = 1", "attachments": {"a.png": {"image/png": "A" * 100_000}}},
        code | {"source": "x = 1", "outputs": [{"output_type": "execute_result", "data": {"text/plain": "100"}}]},
        code | {"source": "x = 1", "cell_type": ["code"]}, code | {"source": "x = 1", "cell_type": "Code"},
        {"cell_type": "raw", "source": "x", "metadata": {}}, {"cell_type": "heading", "source": "x", "level": -1},
    ]  # fmt: skip
    made = dict(notebook) | {"cells": cells, "metadata": {"coursekit": {"limits": {"case_seconds": 1e9}}}}
    (folder / f"{folder.name}.ipynb").write_text(json.dumps(made))
