"""Whether what students and instructors open holds anything that acts: markup, formulas, terminal controls."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from html.parser import HTMLParser

TAGS = frozenset(
    "html head meta title style body main header footer section article div span p h1 h2 h3 strong ul li a wbr pre "
    "table thead tbody tr th td svg g circle rect path".split()
)
"""All that a page of feedback is made of."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def in_feedback(page: str) -> list[str]:
    """What in a page of feedback could load or run something."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    found = reader.found
    if not reader.policy.startswith("default-src 'none'"):
        found.append("feedback without its content security policy")
    return sorted({*found, *in_text(page, "feedback")})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
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
    """What in a gradebook a spreadsheet would run, or a terminal obey."""
    rows = csv.reader(io.StringIO(text))
    formulas = {cell for row in rows for cell in row if cell.startswith(FORMULA)}
    found = [f"the formula {ascii(cell[:60])} in the gradebook" for cell in formulas]
    return [*found, *in_text(text, "the gradebook")]


def in_text(text: str, where: str) -> Iterable[str]:
    """Control characters, and those that turn the direction of text."""
    controls = {
        c for c in text if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" or c in "\u202e\u2066"
    }
    return [f"the control character {ascii(c)} in {where}" for c in sorted(controls)]
