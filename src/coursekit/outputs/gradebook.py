"""The gradebook: a CSV file with a row for each student and a column for each question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from coursekit.core.dates import in_words
from coursekit.core.files import replace_text
from coursekit.core.result import QuestionResult, Result, Status
from coursekit.core.spreadsheet import BOM, name_cell, plain
from coursekit.core.text import number
from coursekit.outputs.base import ClassReport, Output
from coursekit.roster import Person
from coursekit.standings import Standing

BEFORE = ("student", "score", "max_score")
WHOSE = ("name", "email", "section", "group")
COUNTS = ("counts", "late", "submitted", "due", "why")
AFTER = ("sealed", "data", "error", "notes")


class Gradebook(Output):
    """``gradebook.csv`` beside the results: see table() for its cells."""

    name = "gradebook"

    def write(self, report: ClassReport) -> Path:
        path = report.assignment.results / "gradebook.csv"
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table(report))
        replace_text(path, BOM + text.getvalue())
        return path


def table(report: ClassReport) -> Iterator[list[str]]:
    """A row of column names, then a row for each result and for each person without one, in order of students.

    A question's cell is its score, or empty if it was not graded; for a question without points it is the status.
    `sealed` is yes or no, `data` the dataset that was used, `error` the reason why nothing could be graded, `notes`
    the number of notes, and "not renewed" where the grader failed when it graded again. With a roster there are names,
    emails, sections and groups, and with a due date what counts of the score, the lateness in words, and why. Text that
    a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV Injection).
    """
    whose = WHOSE if report.roster.people else ()
    counts = COUNTS if report.has_due_date else ()
    taken = {*BEFORE, *whose, *counts, *AFTER}
    names = [f"{q.name} (question)" if q.name in taken else q.name for q in report.questions]
    yield [BEFORE[0], *whose, *BEFORE[1:], *counts, *map(name_cell, names), *AFTER]
    rows: list[tuple[str, Result | Person]] = [(one.student, one) for one in report.results]
    rows += [(person.id, person) for person in report.missing]
    for student, one in sorted(rows, key=lambda row: (row[0].casefold(), row[0])):
        if isinstance(one, Person):
            yield [
                name_cell(student),
                *_whose(one, one.name),
                *[""] * len((*BEFORE[1:], *counts, *names, *AFTER[:2])),
                "no hand-in",
                "",
            ]
            continue
        yield [
            name_cell(student),
            *(_whose(report.people.get(student), report.name_of(one)) if whose else ()),
            number(one.score),
            number(one.max_score),
            *(_counts(report.standing(one)) if counts else ()),
            *(_cell(one.question(question.name)) for question in report.questions),
            "yes" if one.sealed else "no",
            plain(one.data.label),
            plain(one.error or ""),
            f"{len(one.notes)}{', not renewed' if one.not_renewed else ''}",
        ]


def _whose(person: Person | None, name: str) -> list[str]:
    known = (person.email, person.section, person.group) if person else ("", "", "")
    return [plain(name), *map(plain, known)]


def _counts(standing: Standing) -> list[str]:
    late = in_words(standing.late) if standing.late else ""
    return [number(standing.counts), late, standing.submitted, standing.due, plain(standing.why)]


def _cell(question: QuestionResult | None) -> str:
    if question is None:
        return ""
    if question.status == Status.MANUAL or not question.max_score:
        return str(question.status)
    return number(question.score)
