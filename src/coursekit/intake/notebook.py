"""Read an untrusted notebook: its valid cells, and notes on the others. Outputs play no part."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from coursekit.core.errors import Refused
from coursekit.core.in_child import run_in_child
from coursekit.intake.opening import shown
from coursekit.intake.script import is_script, split_script

MAX_CELLS = 5000
MAX_TEXT = 16 << 20
"""characters of all cells' sources together"""
READ_HERE = 4 << 20
"""bytes of a notebook that is parsed in this process; a larger one, full of outputs, is parsed in another"""
PARSE_SECONDS, PARSE_MEMORY = 60, 6 << 30
KEPT_METADATA = ("nbgrader", "coursekit", "tags")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|={7})(?: .*)?$", re.M)
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip or a document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
)


class CheckedCell(TypedDict):
    """A cell of an untrusted notebook, reduced to its valid parts. number: its position in the notebook, from 1."""

    cell_type: str
    source: str
    metadata: dict[str, Any]
    number: int


@dataclass
class Notebook:
    """A notebook's cells. notes: what had to be left out or read in another way."""

    cells: list[CheckedCell]
    notes: list[str] = field(default_factory=list)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of any format and encoding, or its export as a script.

    A large file is replaced by one without outputs. Raises Refused.
    """
    name = shown(path.name)
    if path.stat().st_size <= READ_HERE:
        return _parsed(path.read_bytes(), name)
    data = run_in_child(lambda: _reduced(path, name), PARSE_SECONDS, PARSE_MEMORY)
    if not data:
        raise Refused(f"{name} is too large to be read: clear its outputs, and submit it again")
    found = json.loads(data)
    if "refused" in found:
        raise Refused(found["refused"])
    notebook = Notebook(**found)
    write(path, notebook)
    return notebook


def write(path: Path, notebook: Notebook) -> None:
    """Replace a notebook's file by one that has nothing but the cells."""
    cells: list[dict[str, Any]] = []
    for cell in notebook.cells:
        kept = {"cell_type": cell["cell_type"], "metadata": cell["metadata"], "source": cell["source"]}
        cells.append(kept | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}))
    info = path.stat()
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))
    os.utime(path, (info.st_mtime, info.st_mtime))


def _reduced(path: Path, name: str) -> bytes:
    try:
        found = _parsed(path.read_bytes(), name)
    except Refused as refused:
        return json.dumps({"refused": str(refused)}).encode()
    return json.dumps({"cells": found.cells, "notes": found.notes}).encode()


def _parsed(data: bytes, name: str) -> Notebook:
    notes: list[str] = []
    text = _decoded(data, name, notes)
    found = _object(text, name)
    if found is None:
        notes.insert(0, f"{name} is an export of the notebook as a script: graded as such")
        return Notebook(_checked(split_script(text), name, notes), notes)
    if not isinstance(found.get("cells"), list) and isinstance(found.get("worksheets"), list):
        version = found.get("nbformat")
        notes.append(
            f"{name} is a notebook of format {version if version in (1, 2) else 3}: it was converted"
        )
        found = _upgraded(found, name)
    if not isinstance(found.get("cells"), list):
        raise Refused(f"{name} is not a notebook: it has no cells")
    return Notebook(_checked(found["cells"], name, notes), notes)


def _decoded(data: bytes, name: str, notes: list[str]) -> str:
    for start, what in _OTHERS:
        if data.startswith(start):
            raise Refused(f"{name} is {what}, not a notebook: submit the .ipynb file itself")
    if not data.strip(b"\0 \t\r\n"):
        raise Refused(f"{name} is empty, so it is not a notebook: save it again, and submit that file")
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        notes.append(f"{name} is not in UTF-8: read as Windows-1252")
        return data.decode("cp1252", errors="replace")


def _object(text: str, name: str) -> dict[str, Any] | None:
    """The notebook's JSON object, or None for a script."""
    try:
        found, end = json.JSONDecoder().raw_decode(text, len(text) - len(text.lstrip()))
        if rest := text[end:].strip("\0 \t\r\n"):
            at = json.JSONDecodeError("there is more behind its end", text, text.index(rest[:20], end))
            raise at
    except (ValueError, RecursionError) as error:
        if is_script(text):
            return None
        raise Refused(_why_not(text, name, error)) from None
    if not isinstance(found, dict):
        raise Refused(f"{name} is not a notebook: it has no cells")
    return found


def _why_not(text: str, name: str, error: Exception) -> str:
    start = text[:2000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<?xml")):
        return (
            f"{name} is a web page of the notebook, not a notebook: submit the .ipynb file itself "
            "(in Colab: File, Download, Download .ipynb)"
        )
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        return (
            f"{name} is not a notebook: line {line} is the mark of a merge conflict ({mark[0][:20]}). "
            "Choose one of the two versions with git, open it in JupyterLab, save it, and submit that"
        )
    if isinstance(error, RecursionError):
        return f"{name} is not a notebook: nested too deeply"
    where = (
        f"line {error.lineno}, column {error.colno}: {error.msg}"
        if isinstance(error, json.JSONDecodeError)
        else ""
    )
    return (
        f"{name} is not a notebook, or damaged: {where or str(error)[:200]}. If JupyterLab can't open it either, take "
        "the last version that it can, for example from the folder .ipynb_checkpoints"
    )


def _upgraded(found: dict[str, Any], name: str) -> dict[str, Any]:
    """A notebook of format 1 to 3 in format 4, by nbformat. Raises Refused."""
    import nbformat

    try:
        return dict(nbformat.convert(nbformat.from_dict(found), 4))
    except Exception as error:  # its converters expect a valid notebook, and raise anything
        raise Refused(
            f"{name} is a damaged notebook of an old format ({type(error).__name__}): "
            "open it in JupyterLab, save it, and submit that"
        ) from None


def _checked(found: list[Any], name: str, notes: list[str]) -> list[CheckedCell]:
    if len(found) > MAX_CELLS:
        raise Refused(f"{name} has more than {MAX_CELLS:,} cells")
    sound: list[CheckedCell] = []
    length = 0
    for number, cell in enumerate(found, start=1):
        source = cell.get("source") if isinstance(cell, Mapping) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str) or not isinstance(cell.get("cell_type"), str):
            notes.append(f"cell {number} is damaged: left out")
            continue
        length += len(source)
        if length > MAX_TEXT:
            raise Refused(
                f"{name} has more than {MAX_TEXT >> 20} MiB of text in its cells, outputs not counted"
            )
        metadata = cell.get("metadata")
        kept = (
            {key: metadata[key] for key in KEPT_METADATA if key in metadata}
            if isinstance(metadata, Mapping)
            else {}
        )
        sound.append(
            {
                "cell_type": cell["cell_type"],
                "source": source.replace("\r\n", "\n").replace("\r", "\n"),
                "metadata": kept,
                "number": number,
            }
        )
    return sound
