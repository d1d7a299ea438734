"""The gradebook: a CSV file with a row a student and a column a question."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from coursekit.core.files import replace_text
from coursekit.core.result import Question, Result, Test
from coursekit.core.text import exact, number, one_line

BEFORE = ("student", "score", "max_score")
AFTER = ("sealed", "data", "error", "notes")
_FORMULA = tuple("=+-@\t\r＝＋－＠")  # how a spreadsheet recognises a formula, wide forms included
# In half of Europe's spreadsheets a semicolon ends a cell, also of a file that has commas.
_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)(?=[=+@＝＋－＠-])")

_AFTER_SEMICOLON_IN_NAME = re.compile(r"(;[\s\"]*)(?=['=+@＝＋－＠-])")


def write_gradebook(questions: Sequence[Question], results: Sequence[Result], path: Path) -> None:
    """Write `results`, in their order, to `path`.

    A question's cell is its score, empty when it was not graded; of a question without points it is the
    status. `sealed` is yes or no, `data` which digits were trained on, `error` why nothing could be
    graded, `notes` how many there are. Text that a spreadsheet would take for a formula gets an apostrophe in
    front (OWASP, CSV Injection).
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    taken = {*BEFORE, *AFTER}
    names = [f"{q.name} (question)" if q.name in taken else q.name for q in questions]
    rows.writerow([*BEFORE, *map(name_cell, names), *AFTER])
    for result in results:
        tests = {test.name: test for test in result.tests}
        rows.writerow(
            [
                name_cell(result.student),
                number(result.score),
                number(result.max_score),
                *(_cell(tests.get(question.name)) for question in questions),
                "yes" if result.sealed else "no",
                plain(result.data),
                plain(result.error or ""),
                len(result.notes),
            ]
        )
    replace_text(path, text.getvalue())


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


def _cell(test: Test | None) -> str:
    if test is None:
        return ""
    if test.status == "manual" or not test.max_score:
        return test.status
    return number(test.score)
