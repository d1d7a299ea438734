"""Gradescope's results.json: one object for one submission, with the keys of its specification and no others.

Every test is visible: a hidden one would hide the total from its student, and messages tell nothing of hidden tests
anyway. All text of a student's is escaped, so that none of it becomes markup. What the assignment names for a
leaderboard, such as an accuracy, a test has computed outside the sandbox (grading/named_values.py).
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from coursekit.core.files import replace_text, unusable
from coursekit.core.result import QuestionResult, Result, Status
from coursekit.core.text import harmless, number, one_line
from coursekit.exports.base import Export, remove, scored
from coursekit.outputs.base import ClassReport
from coursekit.outputs.feedback import MAX_NOTE, MAX_NOTES, Block, blocks, note_blocks

UNSEALED = (
    "NOT SEALED: no sandbox works where this was graded. Your code ran beside the tests, and nothing kept it from "
    "them and from the scores. This score may be checked again."
)


@dataclass(frozen=True)
class Gradescope(Export):
    """Write a results.json for each student, for those who run the grader in an image of their own.

    `coursekit gradescope` makes the zip that grades on Gradescope itself.
    """

    name: ClassVar[str] = "gradescope"

    def write(self, report: ClassReport) -> list[Path]:
        folder = report.assignment.exported / self.name
        found = {
            f"{result.student}.json": (result, counts) for result, counts in scored(report, waiting=True)
        }
        confused = unusable(found, folder)
        report.problems += [
            f"{one_line(name)} {why}: not written. Rename the student's folder."
            for name, why in confused.items()
        ]
        for earlier in folder.glob("*.json"):
            remove(earlier)
        written = []
        for name in found.keys() - confused.keys():
            result, counts = found[name]
            replace_text(folder / name, dumps(results_json(result, counts=counts)))
            written.append(folder / name)
        return sorted(written)


def results_json(result: Result, said: Sequence[str] = (), *, counts: float | None = None) -> dict[str, Any]:
    """The object for a result. said: sentences for the top of the page, which may hold a student's text.

    counts: the points that count, if a late hand-in may have cost some. Gradescope's own rule then has to be off.
    """
    fewer = None if counts is None or counts == result.score else counts
    if fewer is not None:
        said = [*said, f"Of {number(result.score)} points, {number(fewer)} count."]
    questions = [] if result.error else list(result.questions)
    tests = [_test(number_of, question) for number_of, question in enumerate(questions, 1)]
    found = {
        "execution_time": result.seconds,
        "output": _html([*_first(result, said), *_notes(result), *_last(result)]),
        "extra_data": {
            "coursekit": {
                "counts": not result.fault,
                "sealed": result.sealed,
                "sandbox": one_line(result.sandbox, 40),
                "data": one_line(result.data.label, 100),
                "digest": one_line(result.digest, 64),
            }
        },
    }
    if result.values:
        found["leaderboard"] = [
            {"name": one_line(title, 40), "value": value} for title, value in result.values.items()
        ]
    return _whole(found, tests, fewer if fewer is not None or tests else result.score)


def message_json(said: Sequence[str], score: float) -> dict[str, Any]:
    """The object for a submission that was not graded: sentences that say why, and the score that stands."""
    found = {
        "output": _html([Block("prose", text) for text in said]),
        "extra_data": {"coursekit": {"counts": False}},
    }
    return _whole(found, [], score)


def dumps(found: dict[str, Any]) -> str:
    """The text of results.json."""
    return json.dumps(found, indent=1, allow_nan=False) + "\n"


def _whole(found: dict[str, Any], tests: list[dict[str, Any]], score: float | None) -> dict[str, Any]:
    """The object with what all of them have. score: if it is not the sum of the tests'."""
    formats = {"output_format": "html", "test_output_format": "html", "test_name_format": "text"}
    seen = {"visibility": "visible", "stdout_visibility": "hidden"}
    return {**({} if score is None else {"score": score}), **found, **formats, **seen, "tests": tests}


def _test(place: int, question: QuestionResult) -> dict[str, Any]:
    """A question. Gradescope knows `passed` and `failed` alone: what a person is to grade is said in the output."""
    said = list(blocks(question.parts))
    if question.status == Status.PASSED and all(block.kind == "verdict" for block in said):
        said = []
    if question.status == Status.MANUAL:
        points = number(question.max_score)
        said.insert(0, Block("verdict", f"Not graded yet: a person gives these {points} points."))
    return {
        "score": question.score,
        "max_score": question.max_score,
        "status": "passed" if question.status == Status.PASSED else "failed",
        "name": one_line(question.name, 100),
        "name_format": "text",
        "number": str(place),
        "output": _html(said),
        "output_format": "html",
        "tags": ["by hand"] if question.status == Status.MANUAL else [],
        "visibility": "visible",
    }


def _first(result: Result, said: Sequence[str]) -> Iterable[Block]:
    """What stands above everything else."""
    if not result.sealed:
        yield Block("verdict", UNSEALED)
    if result.not_renewed:
        yield Block("verdict", "Not renewed: the grader itself failed. These are your points of before.")
    if result.error:
        yield Block("verdict", "This submission could not be graded.")
        yield Block("prose", harmless(result.error, MAX_NOTE))
    yield from (Block("prose", text) for text in said)


def _notes(result: Result) -> Iterable[Block]:
    if result.notes:
        yield Block("prose", "Notes on your notebook. They cost no points in themselves:")
    for note in result.notes[:MAX_NOTES]:
        yield from note_blocks(note)
    if len(result.notes) > MAX_NOTES:
        yield Block("prose", f"and {len(result.notes) - MAX_NOTES} more")


def _last(result: Result) -> Iterable[Block]:
    """How it was graded."""
    if result.sealed and not result.error:
        where = one_line(result.sandbox, 40)
        yield Block(
            "prose",
            f"Graded sealed: your code ran on its own in a sandbox ({where}), and the tests called it from outside.",
        )
    if result.data.note:
        yield Block("prose", one_line(result.data.note, 300))
    if result.digest:
        yield Block(
            "prose", f"This is about the hand-in with the SHA-256 digest {one_line(result.digest, 64)}."
        )


def _html(said: Iterable[Block]) -> str:
    """Blocks as HTML: the only tags are those that are written here."""
    tags = {
        "code": "<pre>{}</pre>",
        "verdict": "<p><strong>{}</strong></p>",
        "hint": "<p><em>{}</em></p>",
        "prose": "<p>{}</p>",
    }
    written = []
    for kind, text in said:
        escaped = html.escape(harmless(text, 2 * len(text) + 1))
        written.append(tags[kind].format(escaped if kind == "code" else escaped.replace("\n", "<br>")))
    return "\n".join(written)
