"""Read an untrusted notebook: its valid cells, and notes on the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypedDict

from coursekit.core.errors import Refused
from coursekit.intake.unpack import shown

MAX_NOTEBOOK_BYTES = 32 << 20
MAX_CELLS = 5000


class CheckedCell(TypedDict):
    """A cell of an untrusted notebook, reduced to its valid parts. number: its position in the notebook, from 1."""

    cell_type: str
    source: str
    metadata: dict[str, Any]
    number: int


def read_notebook(path: Path) -> tuple[list[CheckedCell], list[str]]:
    """The valid cells of a notebook of format 4, and notes on the others. Raises Refused."""
    if path.stat().st_size > MAX_NOTEBOOK_BYTES:
        raise Refused(f"{shown(path.name)} is larger than {MAX_NOTEBOOK_BYTES >> 20} MiB: clear its outputs")
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise Refused(f"{shown(path.name)} is not a notebook: {reason}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        version = notebook.get("nbformat") if isinstance(notebook, dict) else None
        hint = f" of format 4 (it says {version!r})"[:40] if isinstance(version, int) else ""
        raise Refused(f"{shown(path.name)} is not a notebook{hint}: it has no cells")
    if notebook.get("nbformat") != 4:
        raise Refused(f"{shown(path.name)} is not a notebook of format 4: save it again in JupyterLab")
    if len(notebook["cells"]) > MAX_CELLS:
        raise Refused(f"{shown(path.name)} has more than {MAX_CELLS:,} cells")
    notes: list[str] = []
    sound: list[CheckedCell] = []
    for number, cell in enumerate(notebook["cells"], start=1):
        source = cell.get("source") if isinstance(cell, dict) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str) or not isinstance(cell.get("cell_type"), str):
            notes.append(f"cell {number} is damaged: left out")
            continue
        metadata = cell.get("metadata")
        sound.append(
            {
                "cell_type": cell["cell_type"],
                "source": source.replace("\r\n", "\n").replace("\r", "\n"),
                "metadata": metadata if isinstance(metadata, dict) else {},
                "number": number,
            }
        )
    return sound, notes
