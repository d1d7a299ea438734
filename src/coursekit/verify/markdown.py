"""Tables in Markdown, for the documentation."""

from __future__ import annotations

from collections.abc import Sequence


def as_markdown(rows: Sequence[Sequence[str]], left: int | None = None) -> str:
    """The rows, of which the first is the head, as a table; the columns after the first `left` are set to the right."""
    head, *body = rows
    left = len(head) if left is None else left
    lines = [head, ["---"] * left + ["---:"] * (len(head) - left), *body]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
