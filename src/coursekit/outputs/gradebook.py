"""The gradebook: a CSV file with a row for each student and a column for each question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.core.files import replace_text
from coursekit.core.result import QuestionResult, Result, Status
from coursekit.core.spreadsheet import BOM, name_cell, plain
from coursekit.core.text import number
from coursekit.outputs.base import ClassReport, Output, QuestionInfo

BEFORE = ("student", "score", "max_score")
AFTER = ("sealed", "data", "error", "notes")


class Gradebook(Output):
    """``gradebook.csv`` beside the results: see table() for its cells."""

    name = "gradebook"

    def write(self, report: ClassReport) -> Path:
        path = report.assignment.results / "gradebook.csv"
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table(report.questions, report.results))
        replace_text(path, BOM + text.getvalue())
        return path


def table(questions: Sequence[QuestionInfo], results: Sequence[Result]) -> Iterator[list[str]]:
    """A row of column names, then a row for each result, in their order.

    A question's cell is its score, or empty if it was not graded; for a question without points it is the status.
    `sealed` is yes or no, `data` the dataset that was used, `error` the reason why nothing could be graded, `notes`
    the number of notes, and "not renewed" where the grader failed when it graded again. Text that a spreadsheet would
    take for a formula gets an apostrophe in front (OWASP, CSV Injection).
    """
    taken = {*BEFORE, *AFTER}
    names = [f"{q.name} (question)" if q.name in taken else q.name for q in questions]
    yield [*BEFORE, *map(name_cell, names), *AFTER]
    for result in results:
        yield [
            name_cell(result.student),
            number(result.score),
            number(result.max_score),
            *(_cell(result.question(question.name)) for question in questions),
            "yes" if result.sealed else "no",
            plain(result.data.label),
            plain(result.error or ""),
            f"{len(result.notes)}{', not renewed' if result.not_renewed else ''}",
        ]


def _cell(question: QuestionResult | None) -> str:
    if question is None:
        return ""
    if question.status == Status.MANUAL or not question.max_score:
        return str(question.status)
    return number(question.score)
