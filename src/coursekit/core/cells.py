"""The role of a notebook cell, from nbgrader's metadata (schema 3) and from tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

BEGIN_HIDDEN = "### BEGIN HIDDEN TESTS"
END_HIDDEN = "### END HIDDEN TESTS"
BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"
NOT_GRADED_TAGS = frozenset({"skip-execution", "otter_ignore"})

Cell = Mapping[str, Any]
"""a notebook cell as its file has it: a dict, or one of nbformat's nodes"""

_HIDDEN_REGION = re.compile(
    rf"^[^\n]*{BEGIN_HIDDEN}[^\n]*\n(.*?)^[^\n]*{END_HIDDEN}[^\n]*(?:\n|\Z)", re.M | re.S
)


def _nbgrader(cell: Cell) -> dict[str, Any]:
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def grade_id(cell: Cell) -> str | None:
    """The cell's name in nbgrader's terms, or None for a cell without one."""
    name = _nbgrader(cell).get("grade_id")
    return name if isinstance(name, str) and name else None


def checksum(cell: Cell) -> str | None:
    """nbgrader's digest of the cell as it was released, or None for a cell without one."""
    found = _nbgrader(cell).get("checksum")
    return found if isinstance(found, str) else None


def is_code(cell: Cell) -> bool:
    return bool(cell.get("cell_type") == "code")


def is_test(cell: Cell) -> bool:
    """A test cell: graded by running it (nbgrader's grade without solution)."""
    meta = _nbgrader(cell)
    return is_code(cell) and meta.get("grade") is True and meta.get("solution") is not True


def is_manual(cell: Cell) -> bool:
    """An answer that a person grades (nbgrader's grade and solution in one cell)."""
    meta = _nbgrader(cell)
    return meta.get("grade") is True and meta.get("solution") is True


def is_solution(cell: Cell) -> bool:
    return _nbgrader(cell).get("solution") is True


def is_locked(cell: Cell) -> bool:
    return _nbgrader(cell).get("locked") is True


def points(cell: Cell) -> float:
    """The cell's points; 0 if it has none."""
    value = _nbgrader(cell).get("points", 0)
    return value if isinstance(value, (int, float)) else 0


def is_skipped(cell: Cell) -> bool:
    """A cell that only explores: it is never run during grading."""
    tags = cell.get("metadata", {}).get("tags", [])
    return isinstance(tags, list) and any(tag in NOT_GRADED_TAGS for tag in tags if isinstance(tag, str))


def split_test(source: str) -> tuple[str, str]:
    """A test cell's visible text and the text of its hidden regions, without the delimiters."""
    hidden = "\n".join(match.rstrip("\n") for match in _HIDDEN_REGION.findall(source))
    return _HIDDEN_REGION.sub("", source).strip("\n"), hidden
