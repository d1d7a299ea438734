"""Record the snapshots: run the solution's cells, then the hidden tests that compare with a snapshot."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from coursekit import snapshot
from coursekit.build import testfiles
from coursekit.build.execution import run
from coursekit.build.source import Source
from coursekit.build.staging import read_stored
from coursekit.core import cells
from coursekit.datasets.loading import locate


def record(source: Source, stored: dict[str, Any]) -> dict[str, Any]:
    """Every snapshot that a test cell names, from the solution; empty if there are none.

    Arrays that differ from `stored` by rounding only are taken from there. Each hidden part runs twice, the second
    time with another random state of numpy, to detect arrays that depend on it. Raises CourseError.
    """
    comparing = [cell for cell in source.tests if testfiles.snapshot_names(cell)]
    if not comparing:
        return {}
    from nbformat.v4 import new_code_cell, new_notebook

    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        path = Path(folder, snapshot.FILE_NAME)
        given = [
            cell
            for cell in source.notebook.cells
            if cells.is_code(cell) and not (cells.is_test(cell) or cells.is_skipped(cell))
        ]
        hidden = [
            new_code_cell(part.source, metadata=cell.metadata)
            for cell in comparing
            for part in testfiles.parts(cell)
            if part.hidden
        ]
        again = [new_code_cell(cell.source, metadata=cell.metadata) for cell in hidden]
        tool = "import coursekit.snapshot as _coursekit_snapshot\n_coursekit_snapshot."
        first = new_code_cell(f"{tool}start_recording()")
        last = new_code_cell(f"{tool}finish_recording({str(path)!r})")
        notebook = new_notebook(cells=[*copy.deepcopy(given), first, *hidden, *again, last])
        run(notebook, source.files, locate(source.assignment.course, source.dataset))
        return snapshot.keep_close(json.loads(path.read_text(encoding="utf-8")), stored)


def stored_snapshots(path: Path) -> dict[str, Any]:
    """The snapshots in the file at `path`; empty if the file is missing or damaged."""
    return read_stored(path)
