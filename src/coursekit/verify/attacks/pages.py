"""Do the files that students and instructors open contain anything active: markup, formulas, terminal controls?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import TypeGuard

from coursekit.core.result import Kind, Part, Result, Text, Verdict, verdict_text
from coursekit.core.text import seen

TAGS = frozenset(
    "html head meta title style body main header footer section article div span p h1 h2 h3 strong ul li a wbr pre "
    "table thead tbody tr th td svg g circle rect path".split()
)
"""All tags that a feedback page may contain."""
VERDICTS = frozenset(seen(verdict_text(Verdict(hidden, passed))) for hidden in (0, 1) for passed in (0, 1))
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def in_feedback(page: str) -> list[str]:
    """Everything in a feedback page that could load or run something."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    found = reader.found
    if not reader.policy.startswith("default-src 'none'"):
        found.append("feedback without its content security policy")
    return sorted({*found, *in_text(page, "feedback")})


def forged(page: str, result: Result) -> list[str]:
    """Verdicts or hints in the page or the plain text that are not in the result."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    shown = [q.parts for q in result.questions if q.outcome != "passed" or any(map(_is_text, q.parts))]
    parts = [part for parts in shown for part in parts]
    found = []
    verdicts = sum(isinstance(part, Verdict) for part in parts)
    hints = sum(_is_text(part) and part.kind == Kind.HINT for part in parts)
    for what, most in (("verdict", verdicts), ("hint", hints)):
        if reader.classes.count(what) > most:
            found.append(f"feedback shows more {what}s than the result's {most}")
    lines = [seen(line) for question in result.questions for line in question.output.splitlines()]
    every = [part for question in result.questions for part in question.parts]
    if sum(line in VERDICTS for line in lines) > sum(isinstance(part, Verdict) for part in every):
        found.append("the plain text contains a verdict that is not in the result")
    if sum(line.startswith("hint:") for line in lines) > sum(
        _is_text(part) and part.kind == Kind.HINT for part in every
    ):
        found.append("the plain text contains a hint that is not in the result")
    return found


def _is_text(part: Part) -> TypeGuard[Text]:
    return isinstance(part, Text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.classes: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.classes += values.get("class", "").split() if tag == "p" else []
        if values.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = values.get("content", "")
        if tag not in TAGS:
            self.found.append(f"<{tag}> in feedback")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "srcdoc") or "javascript:" in value.lower():
                self.found.append(f"{name}= in feedback")
            if name in ("href", "src", "action", "xlink:href") and not value.startswith("#"):
                self.found.append(f"a link out of feedback: {ascii(value[:60])}")


def in_gradebook(text: str) -> list[str]:
    """Everything in a gradebook that a spreadsheet would run or a terminal obey."""
    rows = csv.reader(io.StringIO(text))
    formulas = {cell for row in rows for cell in row if cell.startswith(FORMULA)}
    found = [f"the formula {ascii(cell[:60])} in the gradebook" for cell in formulas]
    return [*found, *in_text(text, "the gradebook")]


def in_text(text: str, where: str) -> Iterable[str]:
    """Control characters, and those that change the direction of text."""
    controls = {
        c for c in text if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" or c in "\u202e\u2066"
    }
    return [f"the control character {ascii(c)} in {where}" for c in sorted(controls)]
