"""Make text that came from a student's program safe in a spreadsheet: on one line, and never a formula."""

from __future__ import annotations

import re

from coursekit.core.text import exact, one_line

_FORMULA = tuple("=+-@\t\r＝＋－＠")  # how a spreadsheet recognises a formula, wide forms included
# In much of Europe, spreadsheets split cells at semicolons, even in a file that uses commas.
_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)(?=[=+@＝＋－＠-])")

_AFTER_SEMICOLON_IN_NAME = re.compile(r"(;[\s\"]*)(?=['=+@＝＋－＠-])")


def name_cell(name: str) -> str:
    """A student's or a question's name as a cell: on one line, never a formula, and never the same for two names.

    A formula gets an apostrophe in front. A name's own leading apostrophe is doubled, to keep the two apart.
    """
    line = _AFTER_SEMICOLON_IN_NAME.sub(r"\1'", exact(name))
    return f"'{line}" if line.lstrip().startswith((*_FORMULA, "'")) else line


def plain(text: str) -> str:
    """`text` on one line, and never a formula."""
    line = inert(one_line(text))
    return f"'{line}" if text.startswith(_FORMULA) and not line.startswith("'") else line


def inert(line: str) -> str:
    """The line, changed where needed so that a spreadsheet takes it for text, not for a formula."""
    line = _AFTER_SEMICOLON.sub(r"\1'", line)
    return f"'{line}" if line.startswith(_FORMULA) else line
