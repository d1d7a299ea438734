"""Tell apart what a test's output is made of, so that each part can be set as it should be read."""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

VERDICT, HINT, PROSE, CODE = "verdict", "hint", "prose", "code"
MAX_PROSE = 1500  # characters of a line; a longer one goes into a box that scrolls

_VERDICT = re.compile(r"(Visible|Hidden) test: (passed|failed)\.")
_HINT = "Hint: "
_PRINTED = "Your code printed:"


class Block(NamedTuple):
    """A run of lines of one kind.

    VERDICT: which test it was, and how it ended. HINT: what a teacher says to a known mistake. PROSE: a sentence
    to the student. CODE: lines whose breaks and spaces matter (a line of a test, a traceback, arrays, what the
    student's code printed).
    """

    kind: str
    text: str


def blocks(output: str) -> list[Block]:
    """`output` in blocks. A message goes on as code from its first indented line, and after _PRINTED."""
    kinds = []
    rest_is_code = False
    for line in output.split("\n"):
        if _VERDICT.fullmatch(line):
            kind, rest_is_code = VERDICT, False
        elif line.startswith(_HINT) and not kinds:
            kind = HINT
        elif line == _PRINTED:
            kind, rest_is_code = PROSE, True
        else:
            rest_is_code = rest_is_code or line.startswith((" ", "\t", "Traceback "))
            one_is_code = line.startswith("At: ") or len(line) > MAX_PROSE
            kind = CODE if rest_is_code or one_is_code else PROSE
        kinds.append((kind, line))
    runs = (
        (kind, "\n".join(line for _, line in run).strip("\n"))
        for kind, run in groupby(kinds, key=lambda pair: pair[0])
    )
    return [Block(kind, text) for kind, text in runs if text.strip()]
