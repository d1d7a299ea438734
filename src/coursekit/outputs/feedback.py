"""A student's feedback: one HTML page that needs nothing else, runs nothing, and can be printed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from coursekit.core.files import replace_text, unusable
from coursekit.core.result import (
    Kind,
    Note,
    Part,
    QuestionResult,
    Result,
    Status,
    Text,
    Verdict,
    verdict_text,
)
from coursekit.core.text import harmless, number, one_line
from coursekit.outputs.base import ClassReport, Output
from coursekit.standings import Standing

WRITTEN = ".pages"
"""beside the results: what each page was made of"""
MAX_NOTES = 50
MAX_NOTE = 1500  # characters of one note
MAX_OUTPUT = 12_000  # characters of one question's output
MAX_PROSE = 1500  # characters of a line; a longer one goes into a box that scrolls

_WORDS = {
    "passed": "passed",
    "partial": "partly right",
    "failed": "not yet",
    "manual": "to be graded by hand",
}


class Feedback(Output):
    """A page for each student in ``feedback/<assignment>/``."""

    name = "feedback"

    def write(self, report: ClassReport) -> Path:
        folder = report.assignment.feedback
        pages = {f"{result.student}.html": result for result in report.results}
        confused = unusable(pages, folder)
        report.problems += [
            f"{one_line(page)} {why}: not written. Rename the student's folder."
            for page, why in confused.items()
        ]
        written = Written(report.assignment.results / WRITTEN)
        for page, result in pages.items():
            if page in confused:
                continue
            standing, name = report.standing(result), report.name_of(result)
            digest = _digest((result, report.title, standing, name, report.schedule.title))
            if not written.is_still(folder / page, digest):
                made = render(result, report.title, standing, name=name, course=report.schedule.title)
                replace_text(folder / page, made)
                written.note(folder / page, digest)
        written.save()
        return folder


class Written:
    """What each page was made of when it was written, as a digest: one that would be the same is left as it is.

    path: the file in which that is remembered. Where it is damaged, all pages are written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._known: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._known = {}
        self._now: dict[str, Any] = {}

    def is_still(self, page: Path, digest: str) -> bool:
        """Whether the page is there, as it was written, and was made of the same."""
        try:
            self.note(page, digest)
        except OSError:
            return False
        return bool(self._now[page.name] == self._known.get(page.name))

    def note(self, page: Path, digest: str) -> None:
        """Note what the page that is there was made of. Raises OSError if there is none."""
        status = page.lstat()
        self._now[page.name] = [digest, status.st_mtime_ns, status.st_size]

    def save(self) -> None:
        """Remember it, if something has changed. Raises CourseError."""
        if self._now != self._known:
            replace_text(self._path, json.dumps(self._now))


def _digest(made_of: object) -> str:
    return hashlib.sha256(repr(made_of).encode("utf-8", "surrogatepass") + _code()).hexdigest()


@cache
def _code() -> bytes:
    """A digest of what makes a page of that."""
    here = Path(__file__).parent
    files = [Path(__file__), here / "feedback.css", here / "feedback.html.j2"]
    files += [here.parent / "core" / name for name in ("text.py", "result.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


class Block(NamedTuple):
    """A piece of the page. kind: "verdict", "hint", "prose", or "code", whose breaks and spaces matter."""

    kind: str
    text: str


@dataclass(frozen=True)
class QuestionRow:
    """One question, ready to be shown. `status` is its outcome, `word` is its outcome as students see it."""

    name: str
    status: str
    word: str
    points: str
    blocks: list[Block]


def render(
    result: Result, title: str, standing: Standing | None = None, *, name: str = "", course: str = ""
) -> str:
    """The page's HTML. Text of the result can't become markup, and markup can't load or run anything.

    standing: what counts of it. name: the student's real name. course: the course's title.
    """
    template, style = _template()
    counts = standing or Standing(result.score, result.score)
    rows = [] if result.error else [_row(question) for question in result.questions]
    by_hand = sum(q.max_score for q in result.questions if q.status == Status.MANUAL)
    page: str = template.render(
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        title=one_line(title),
        course=one_line(course),
        student=one_line(name or result.reference.display_name or result.student),
        score=number(counts.counts),
        raw=number(counts.raw) if counts.counts != counts.raw else "",
        why=one_line(counts.why, 400),
        due=one_line(counts.due),
        submitted=one_line(counts.submitted),
        max_score=number(result.max_score),
        percent=round(100 * min(counts.counts / result.max_score, 1)) if result.max_score else 0,
        by_hand=number(by_hand) if by_hand else "",
        passed=sum(row.status == "passed" for row in rows),
        rows=rows,
        error=harmless(result.error, MAX_NOTE) if result.error else "",
        notes=[list(note_blocks(note)) for note in result.notes[:MAX_NOTES]],
        more_notes=max(len(result.notes) - MAX_NOTES, 0),
        not_renewed=bool(result.not_renewed),
        digest=one_line(result.digest, 64),
        sealed=result.sealed,
        sandbox=one_line(result.sandbox, 40),
        data_note=one_line(result.data.note, 300),
    )
    return page


@cache
def _template() -> tuple[Any, str]:
    """The template, and the style exactly as the browser hashes it."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    here = Path(__file__).parent
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (here / "feedback.css").read_text(encoding="utf-8")
    return environment.from_string((here / "feedback.html.j2").read_text(encoding="utf-8")), Markup(style)


def _row(question: QuestionResult) -> QuestionRow:
    said = list(blocks(question.parts))
    if question.status == Status.PASSED and all(block.kind == "verdict" for block in said):
        said = []
    score = "–" if question.status == Status.MANUAL else number(question.score)
    return QuestionRow(
        name=one_line(question.name, 100),
        status=question.outcome,
        word=_WORDS[question.outcome],
        points=f"{score} / {number(question.max_score)}" if question.max_score else "no points",
        blocks=said,
    )


def blocks(parts: Iterable[Part]) -> Iterator[Block]:
    """A question's parts as blocks. Only a Verdict becomes a verdict, and only a HINT becomes a hint."""
    left = MAX_OUTPUT
    for part in parts:
        if isinstance(part, Verdict):
            yield Block("verdict", verdict_text(part))
            continue
        text = harmless(part.text, max(left, 200))
        left -= len(text)
        if part.kind == Kind.PRINTED:
            yield Block("prose", "Your code printed:")
        yield from _set(Text(part.kind, text))


def _set(part: Text) -> Iterator[Block]:
    if part.kind == Kind.HINT:
        yield Block("hint", f"Hint: {part.text}")
    elif part.kind == Kind.STATEMENT:
        yield Block("code", f"At: {part.text}")
    elif part.kind in (Kind.TRACEBACK, Kind.PRINTED):
        yield Block("code", part.text)
    else:
        yield from _prose_and_code(part.text)


def _prose_and_code(text: str) -> Iterator[Block]:
    """A message: prose up to its first indented or very long line, where arrays and tracebacks begin, then code."""
    lines = text.split("\n")
    starts = (" ", "\t", "Traceback ")
    first = next(
        (n for n, line in enumerate(lines) if line.startswith(starts) or len(line) > MAX_PROSE), len(lines)
    )
    for kind, part in (("prose", lines[:first]), ("code", lines[first:])):
        joined = "\n".join(part).strip("\n")
        if joined.strip():
            yield Block(kind, joined)


def note_blocks(note: Note) -> Iterator[Block]:
    """A note as blocks."""
    yield from _prose_and_code(harmless(note.text, MAX_NOTE))
    if note.traceback:
        yield Block("code", harmless(note.traceback, MAX_NOTE))
