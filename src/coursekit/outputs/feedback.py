"""A student's feedback: one HTML page that needs nothing else, runs nothing, and can be printed."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coursekit.core.course import Assignment
from coursekit.core.files import replace_text
from coursekit.core.result import Result, Test, read_title
from coursekit.core.text import harmless, number, one_line
from coursekit.outputs.blocks import VERDICT, Block, blocks

MAX_NOTES = 50
MAX_NOTE = 1500  # characters of one note
MAX_OUTPUT = 12_000  # characters of one question's output

_WORDS = {
    "passed": "passed",
    "partial": "partly right",
    "failed": "not yet",
    "manual": "to be graded by hand",
}


@dataclass(frozen=True)
class Row:
    """One question, ready to be shown. `status` is its outcome, `word` how a student reads it."""

    name: str
    status: str
    word: str
    points: str
    blocks: list[Block]


def write_feedback(assignment: Assignment, result: Result, path: Path) -> None:
    """Write the page for `result` to `path`. Raises CourseError when it can't be written."""
    replace_text(path, render(result, read_title(assignment)))


def render(result: Result, title: str) -> str:
    """The page's HTML. No text of the result can become markup, and no markup can load or run anything."""
    template, style = _template()
    rows = [] if result.error else [_row(test) for test in result.tests]
    by_hand = sum(test.max_score for test in result.tests if test.status == "manual")
    return template.render(
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        title=one_line(title),
        student=one_line(result.student),
        score=number(result.score),
        max_score=number(result.max_score),
        percent=round(100 * min(result.score / result.max_score, 1)) if result.max_score else 0,
        by_hand=number(by_hand) if by_hand else "",
        passed=sum(row.status == "passed" for row in rows),
        rows=rows,
        error=harmless(result.error, MAX_NOTE) if result.error else "",
        notes=[blocks(harmless(note, MAX_NOTE)) for note in result.notes[:MAX_NOTES]],
        more_notes=max(len(result.notes) - MAX_NOTES, 0),
        sealed=result.sealed,
        sandbox=one_line(result.sandbox, 40),
        data=one_line(result.data, 40),
    )


@cache
def _template() -> tuple[Any, str]:
    """The template, and the style as the browser will hash it."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    here = Path(__file__).parent
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (here / "feedback.css").read_text(encoding="utf-8")
    return environment.from_string((here / "feedback.html.j2").read_text(encoding="utf-8")), Markup(style)


def _row(test: Test) -> Row:
    said = blocks(harmless(test.output, MAX_OUTPUT))
    if test.status == "passed" and all(block.kind == VERDICT for block in said):
        said = []
    score = "–" if test.status == "manual" else number(test.score)
    return Row(
        name=one_line(test.name, 100),
        status=test.outcome,
        word=_WORDS[test.outcome],
        points=f"{score} / {number(test.max_score)}" if test.max_score else "no points",
        blocks=said,
    )
