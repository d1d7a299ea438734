"""The released notebook, looked through once for all submissions that are matched with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from coursekit.core import cells
from coursekit.intake.code import Form, Parsed, parse
from coursekit.intake.notebook import CheckedCell


class Release:
    """A released notebook's cells, and what matching needs to know about them."""

    def __init__(self, released: Sequence[CheckedCell]) -> None:
        self.cells = list(released)
        self.by_id = {found: cell for cell in self.cells if (found := cells.grade_id(cell))}
        self.by_text = {text_of(cell): cell for cell in self.cells}
        self.answers = [cell for cell in self.cells if cells.is_code(cell) and cells.is_solution(cell)]
        self.order = {id(cell): place for place, cell in enumerate(self.cells)}

    @cached_property
    def sources(self) -> frozenset[str]:
        return frozenset(cell["source"] for cell in self.cells)

    @cached_property
    def parsed(self) -> dict[int, Parsed | None]:
        """The statements of each code cell, by its id()."""
        return {id(cell): parse(cell["source"]) for cell in self.cells if cells.is_code(cell)}

    @cached_property
    def stubs(self) -> dict[str, dict[Form, CheckedCell]]:
        """What answer cells define as released: name, form, and the cell."""
        found: dict[str, dict[Form, CheckedCell]] = {}
        for cell in self.answers:
            for name, form in self.defines(cell).items():
                found.setdefault(name, {})[form] = cell
        return found

    def find(self, cell: CheckedCell) -> CheckedCell | None:
        """The cell of the release with a cell's name or, failing that, with its text; none for an empty text."""
        if found := self.by_id.get(cells.grade_id(cell) or ""):
            return found
        return self.by_text.get(text_of(cell)) if cell["source"].strip() else None

    def defines(self, cell: CheckedCell) -> dict[str, Form]:
        """The functions and classes that a cell of the release defines, with their forms."""
        parsed = self.parsed.get(id(cell))
        return parsed.definitions if parsed else {}


def text_of(cell: CheckedCell) -> str:
    """A cell's kind and text, the same for two cells that differ in white space at the ends of lines alone."""
    return f"{cell.get('cell_type')}\n{stripped(cell.get('source', ''))}"


def stripped(source: str) -> str:
    """A text without white space around it and at the ends of its lines."""
    return "\n".join(line.rstrip() for line in source.split("\n")).strip()
