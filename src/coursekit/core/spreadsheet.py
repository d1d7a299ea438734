"""Make text that came from a student's program safe in a spreadsheet: on one line, and never a formula."""

from __future__ import annotations

import re

from coursekit.core.text import exact, one_line

_FORMULA = tuple("=+-@\t\r＝＋－＠")  # how a spreadsheet recognises a formula, wide forms included
# In half of Europe's spreadsheets a semicolon ends a cell, also of a file that has commas.
_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)(?=[=+@＝＋－＠-])")

_AFTER_SEMICOLON_IN_NAME = re.compile(r"(;[\s\"]*)(?=['=+@＝＋－＠-])")


def name_cell(name: str) -> str:
    """A student's or a question's name as a cell: on one line, never a formula, and never the same for two names.

    An apostrophe in front of a formula is told from a name's own by doubling that.
    """
    line = _AFTER_SEMICOLON_IN_NAME.sub(r"\1'", exact(name))
    return f"'{line}" if line.lstrip().startswith((*_FORMULA, "'")) else line


def plain(text: str) -> str:
    """`text` on one line, and never a formula."""
    line = inert(one_line(text))
    return f"'{line}" if text.startswith(_FORMULA) and not line.startswith("'") else line


def inert(line: str) -> str:
    """A line that a spreadsheet takes for a text and not for a formula."""
    line = _AFTER_SEMICOLON.sub(r"\1'", line)
    return f"'{line}" if line.startswith(_FORMULA) else line
