"""Moodle: the grading worksheet that a teacher has downloaded, filled in, and the feedback as a zip.

What Moodle takes is in its mod/assign: gradingtable.php (the worksheet's columns), feedback/offline (reading it) and
feedback/file/importziplib.php (the zip).

- The columns have the names of the teacher's language, and stand always in the same order: Identifier first; Grade,
  Maximum grade, perhaps the workflow's state, Grade can be changed; perhaps a time and answers; a time (of the grade);
  the feedback's texts.
- A row is told by the number at the end of its Identifier. A comment is HTML.
- Rows that Moodle would not take (locked, out of range) get nothing: it would take their comments.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from coursekit.collect.assignments import Known
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_bytes
from coursekit.core.result import Kind, Result, Status
from coursekit.core.spreadsheet import MAX_CELL, Grid
from coursekit.core.text import harmless, number, one_line
from coursekit.exports.base import Export, option, read_template, remove, shown, worth
from coursekit.exports.grades import Row, has_decimal_comma, number_of, place, points_cell, without_points
from coursekit.outputs import feedback as pages
from coursekit.outputs.base import ClassReport
from coursekit.standings import Standing

OURS = '<div class="coursekit">'
"""how a comment begins that was written here"""
MAX_TEXT = 1500
"""characters of a text in a comment"""
YES = frozenset(
    """yes ja jo sí sì si sim oui tak da да так áno ano igen kyllä jah taip jā ναι evet có ya oo bəli bai po ie sea já
    נעם כן نعم بله بلی हाँ हां はい 是 是的 예 네 ใช่ այո დიახ კი иә тийм ہاں
    """.split()
)
"""Moodle's word for a grade that can be changed, in the languages of its sites. Any other word is taken for No."""
_IDENTIFIER = re.compile(r".*?([0-9]+)", re.S)
_TIME = re.compile(r"(?=.*\d{4})(?=.*\d{1,2}[:.]\d\d)[^<\n]{1,90}|-")
_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)([=+@＝＋－＠-])")


@dataclass(frozen=True)
class Columns:
    """Where the worksheet has what. comments: -1 if it has none."""

    grade: int
    most: int
    changeable: int
    comments: int


@dataclass(frozen=True)
class Moodle(Export):
    """Fill in Moodle's grading worksheet: the points of an assignment, and comments for its students.

    In Moodle: View all submissions, Download grading worksheet; afterwards Upload grading worksheet. Separator,
    encoding, language and decimal comma stay as they are in it, and so do all other cells.
    """

    name: ClassVar[str] = "moodle"
    template: Path | None = option("The grading worksheet as downloaded from Moodle. It is needed.")
    feedback: bool = option(
        "Write the feedback pages as a zip too (Upload multiple feedback files in a zip).", False
    )
    zeros: bool = option("Write 0 for those who have neither a hand-in nor points.", False)

    def write(self, report: ClassReport) -> list[Path]:
        sheet, zipped = (report.assignment.exported / name for name in ("moodle.csv", "moodle-feedback.zip"))
        remove(sheet)
        remove(zipped)
        if self.template is None:
            raise CourseError(
                "Moodle needs the grading worksheet that it made itself: download it (View all submissions, Download "
                "grading worksheet), and give it with --template."
            )
        named = Known(report.assignment.course).named(self.template.stem)
        if named not in ("", report.assignment.name):
            raise CourseError(
                f"{self.template} is named after {named}, and these are the points of {report.assignment.name}. If it "
                "is the right worksheet all the same, rename it."
            )
        form = read_template(self.template)
        header, *rows = form.rows
        rows = [row + [""] * (len(header) - len(row)) for row in rows]
        at = _columns(rows, header, self.template)
        numbers = [_IDENTIFIER.fullmatch(row[0].strip()) for row in rows]
        told = [[found[1] if found else ""] + row[1:] for found, row in zip(numbers, rows, strict=True)]
        filled, places = self._fill(report, told, rows, at, form)
        if at.comments < 0:
            report.remarks.append(
                f"{self.template} has no column for comments: switch on 'Feedback comments' in Moodle, or use "
                "--feedback."
            )
        try:
            data = form.written([header, *rows])
        except UnicodeError as error:
            raise CourseError(
                f"{self.template} can't be written in its encoding ({form.encoding}): {error}."
            ) from error
        if not filled:
            report.remarks.append(f"{self.name}: there is nothing to fill in, so no file was written.")
            return []
        replace_bytes(sheet, data)
        if not self.feedback:
            return [sheet]
        replace_bytes(zipped, _zip(report, places))
        return [sheet, zipped]

    def _fill(
        self, report: ClassReport, told: list[Row], rows: list[Row], at: Columns, form: Grid
    ) -> tuple[int, dict[str, Result]]:
        """Write into the rows; returns how many were written into, and whose results have which participant's number.

        told: the rows with the participant's number alone in the first cell.
        """
        comma = has_decimal_comma(
            (row[n] for row in rows for n in (at.most, at.grade)), form.separator == ";"
        )
        most = number_of(rows[0][at.most]) or 0.0
        if number(most) != number(worth(report)):
            report.problems.append(
                f"{report.assignment.name} is worth {number(most)} points in Moodle, and {number(worth(report))} here: "
                "make them the same in Moodle, and download the worksheet again."
            )
        further = range(2, at.grade)  # the name is in the second column: it may be another's too
        others = dict.fromkeys(("email", "sis", "login", ""), further)
        placed = place(report, told, {"moodle": 0}, others)
        idle = {id(row) for row in without_points(report, placed, at.grade)} if self.zeros else set()
        filled, found = 0, {}
        for mark, row in zip(told, rows, strict=True):
            result, points = placed.results.get(id(mark)), placed.points.get(id(mark))
            if id(mark) in idle:
                points = 0.0
            if points is None:
                continue
            who = shown(result.student if result else row[1])
            if row[at.changeable].strip().casefold() not in YES:
                word = one_line(row[at.changeable], 20)
                report.problems.append(
                    f"{who}: locked in Moodle (can be changed: {word!r}), so nothing was written."
                )
            elif round(points, 2) > most:  # a sum of parts of a point has a tail
                report.problems.append(
                    f"{who}: {number(points)} points are more than Moodle's {number(most)}, so nothing was written."
                )
            else:
                filled += 1
                row[at.grade] = points_cell(points, comma)
                if result:
                    found[mark[0]] = result
                    self._comment(report, row, at, result, form)
        return filled, found

    def _comment(self, report: ClassReport, row: Row, at: Columns, result: Result, form: Grid) -> None:
        if at.comments < 0:
            return
        if row[at.comments].strip() and not row[at.comments].startswith(OURS):
            report.remarks.append(f"{shown(result.student)}: has a comment of yours in Moodle, which stays.")
            return
        said = comment(result, report.standing(result))
        letters = "cp1252" if form.encoding == "cp1252" else "utf-8"
        row[at.comments] = said.encode(letters, errors="xmlcharrefreplace").decode(letters)


def _columns(rows: Sequence[Row], header: Row, template: Path) -> Columns:
    """Where everything is, told by what is in the cells: the headers are in any language. Raises CourseError."""
    wide = range(1, len(header) - 1)
    most = [
        column
        for column in wide
        if column > 1
        and all(_is_grade(row[column - 1], row[column]) for row in rows)
        and len({row[column] for row in rows}) == 1
    ]
    times = [column for column in wide if all(_TIME.fullmatch(row[column].strip()) for row in rows)]
    times += [len(header) - 1] if all(_TIME.fullmatch(row[-1].strip()) for row in rows) else []
    later = [column for column in times if most and column > most[-1] + 1]
    if not all(_IDENTIFIER.fullmatch(row[0].strip()) for row in rows) or not most or not later:
        raise CourseError(
            f"{template} is no grading worksheet of Moodle's with points: it must have a column of participants, of "
            "grades, of the maximum grade and of the time of grading. A scale instead of points can't be filled in."
        )
    comments = later[-1] + 1
    return Columns(most[-1] - 1, most[-1], later[0] - 1, comments if comments < len(header) else -1)


def _is_grade(grade: str, most: str) -> bool:
    given, limit = number_of(grade), number_of(most)
    return limit is not None and limit > 0 and (not grade.strip() or (given is not None and given <= limit))


def comment(result: Result, standing: Standing | None = None) -> str:
    """A comment's HTML: the points, and of each question that lost some, the hints, messages and a grader's words.

    It has one line, and nothing of a student's in it is markup, or a formula.
    """
    counts = standing.counts if standing else result.score
    lines = [f"<p><b>{number(counts)} of {number(result.max_score)} points.</b>{_late(standing)}</p>"]
    lines += [f"<p>{_text(result.error)}</p>"] if result.error else []
    lines += ["<ul>", *(() if result.error else _questions(result)), "</ul>"]
    made = OURS
    for line in lines:
        if len(made) + len(line) > MAX_CELL - 100:
            made += "<li>…</li></ul>"
            break
        made += line
    return f"{made}</div>"


def _late(standing: Standing | None) -> str:
    return f" {_text(standing.why)}" if standing and standing.why else ""


def _questions(result: Result) -> Iterator[str]:
    for question in result.questions:
        waits = question.status == Status.MANUAL
        points = (
            "to be graded by hand" if waits else f"{number(question.score)} / {number(question.max_score)}"
        )
        said = (
            []
            if question.status == Status.PASSED
            else question.texts(Kind.HINT) + question.texts(Kind.MESSAGE)
        )
        said = question.texts(Kind.COMMENT) + ([] if waits else said)
        text = "".join(f"<br>{_text(one)}" for one in said)
        yield f"<li>{_text(one_line(question.name))}: {points}{text}</li>"


def _text(text: str) -> str:
    """A text as HTML on one line."""
    escaped = html.escape(harmless(text, MAX_TEXT)).replace("\n", "<br>").replace("\t", " ")
    return _AFTER_SEMICOLON.sub(lambda found: f"{found[1]}&#{ord(found[2])};", escaped)


def _zip(report: ClassReport, results: dict[str, Result]) -> bytes:
    """The feedback pages under the names by which Moodle knows whose they are.

    That is anything without "_", the participant's number, and the plugin; the rest is the file's name.
    """
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for identifier, result in results.items():
            name = f"Participant_{identifier}_assignfeedback_file_{report.assignment.name}.html"
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, pages.render(result, report.title))
    return data.getvalue()
