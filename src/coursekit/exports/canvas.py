"""Canvas: the CSV that its gradebook imports. What it takes is in canvas-lms, lib/gradebook_importer.rb:

- Its first columns are Student, ID, perhaps SIS User ID, SIS Login ID and more, and Section; assignments follow.
  Student may be two columns, LastName and FirstName.
- It finds a student by the ID, and only without one by the others, at last by name. A student that it does not find is
  one to be asked about, so such a row is never written.
- It finds an assignment by the number in "Title (123)", else by the whole title; else it makes a new one.
- An empty cell deletes the score that is there, so a student without points has no row at all.
- It tells the separator, a comma or a semicolon, from the first three lines: all lines have the same number of cells.
  It reads UTF-8. A template that a spreadsheet has saved in another form is brought back to these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from coursekit.core.errors import CourseError
from coursekit.core.files import replace_bytes
from coursekit.core.spreadsheet import Grid, inert, name_cell
from coursekit.core.text import number, one_line
from coursekit.exports.base import (
    Export,
    ids_of,
    option,
    read_template,
    remove,
    scored,
    shown,
    unfound,
    worth,
)
from coursekit.exports.grades import (
    NO_ZEROS,
    Row,
    has_decimal_comma,
    number_of,
    place,
    points_cell,
    without_points,
)
from coursekit.outputs.base import ClassReport

HEADER = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS_POSSIBLE = "Points Possible"
EXCUSED = "EX"
TEST_STUDENT = "Student, Test"
_WITH_ID = re.compile(r"(.*)\s\((\d+)\)")
_NOT_ASSIGNED = frozenset({"N/A"})
_OTHER_ROWS = re.compile(r"\s*(?:Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_IGNORED = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")
"""Canvas passes over a column with such a title."""


@dataclass(frozen=True)
class Canvas(Export):
    """Write the CSV for Canvas's gradebook (Import), with the points of an assignment.

    Students are found by the ids of the collected hand-ins or the roster. Nobody whom Canvas would have to ask about is
    in the file; who is left out is said.
    """

    name: ClassVar[str] = "canvas"
    template: Path | None = option(
        "The gradebook as exported from Canvas: its ids, assignments and form are used."
    )
    changed: bool = option("Write only points that are not those in the template.", False)
    title: str = option(
        "The assignment's exact title in Canvas, if neither course.toml nor the template has its id. If no assignment "
        "has this title, Canvas makes a new one.",
        "",
    )
    zeros: bool = option(
        "Write 0 for those who are in Canvas or in the roster and have neither a hand-in nor points.", False
    )

    def write(self, report: ClassReport) -> list[Path]:
        path = report.assignment.exported / "canvas.csv"
        remove(path)
        known = report.schedule.platform_id(self.name, report.assignment.name)
        if self.template:
            form, rows = self._filled(report, read_template(self.template), known)
        elif self.changed:
            raise CourseError(
                "--changed needs the points that Canvas has: give its gradebook with --template."
            )
        else:
            form, rows = Grid([], ",", "utf-8", "\n"), self._made(report, known)
        if len(rows) < 3:
            report.remarks.append(f"{self.name}: there is nothing to import, so no file was written.")
            return []
        replace_bytes(path, form.written(rows))
        return [path]

    # ---- without a gradebook from Canvas

    def _made(self, report: ClassReport, known: str | None) -> list[Row]:
        title = _header(f"{_title(report)} ({known})" if known else self.title)
        if not title:
            raise CourseError(
                f"Which assignment of Canvas's is {report.assignment.name}? Give the gradebook as exported from Canvas "
                "with --template, or write its id (the number in the assignment's address) into course.toml. With "
                "--title, an exact title will do, but Canvas makes a new assignment if none has it."
            )
        rows = [[*HEADER, title], [f"    {POINTS_POSSIBLE}", "", "", "", "", number(worth(report))]]
        students: dict[str, Row] = {}
        for result, points in scored(report):
            person = report.people.get(result.student)
            row = _student(
                report.name_of(result) or result.student,
                ids_of(report, result),
                person.section if person else "",
            )
            if row:
                students[result.student] = [*row, number(points)]
            else:
                to_do = unfound(
                    result,
                    "It comes with Canvas's own zip ('coursekit collect'), with a roster, or with --template.",
                )
                report.problems.append(
                    f"{shown(result.student)}: no id of Canvas's is known, so no row was written. {to_do}"
                )
        rows += _alone(report, students)
        is_known = all(one.student in report.people for one in report.results) and not report.ungraded
        if self.zeros and not is_known:
            report.problems.append(NO_ZEROS)
        for person in report.missing if self.zeros and is_known else ():
            if row := _student(person.name, person.ids, person.section):
                rows.append([*row, "0"])
        return rows

    # ---- with one

    def _filled(self, report: ClassReport, form: Grid, known: str | None) -> tuple[Grid, list[Row]]:
        """The rows for the file: the template's first columns, and the assignment's."""
        header, *rest = form.rows
        first, id_column = _columns_of_students(header, self.template)
        column = self._column(report, header, first, known)
        title = _header(header[column])
        rows = [row + [""] * (len(header) - len(row)) for row in rest]
        possible = next((row for row in rows if POINTS_POSSIBLE in row[0]), None)
        rows = [row for row in rows if row is not possible and not all(map(_OTHER_ROWS.fullmatch, row))]
        if possible is None:
            possible = [f"    {POINTS_POSSIBLE}"] + [""] * (len(header) - 1)
        self._check(report, possible[column])
        comma = has_decimal_comma(
            (cell for row in [possible, *rows] for cell in row[first:]), form.separator == ";"
        )
        made = [[*header[:first], title], [*possible[:first], possible[column]]]
        for row, points in self._points(report, header, rows, id_column, column):
            old = row[column].strip()
            if old.upper() == EXCUSED or old in _NOT_ASSIGNED:
                why = "excused" if old.upper() == EXCUSED else "not assigned this"
                report.remarks.append(f"{shown(row[0])}: {why} in Canvas, so no row was written.")
                continue
            before = number_of(old)
            if self.changed and before is not None and f"{before:.2f}" == f"{points:.2f}":
                continue
            if cells := _safe(row[:first], id_column):
                made.append([*cells, points_cell(points, comma)])
            else:
                report.problems.append(
                    f"{shown(row[0])}: there is no ID, and another id would be a formula in a spreadsheet: no row was "
                    "written."
                )
        form = Grid(
            [],
            form.separator if form.separator in ",;" else ",",
            "utf-8-sig" if form.encoding == "utf-8-sig" else "utf-8",
            form.line_end,
        )
        return form, made

    def _points(
        self, report: ClassReport, header: Row, rows: list[Row], id_column: int, column: int
    ) -> list[tuple[Row, float]]:
        """The rows that get points, in the template's order."""
        sis, login = _at(header, r"SIS\s+User\s+ID"), _at(header, r"SIS\s+Login\s+ID")
        others = {
            "sis": [sis],
            "login": [login],
            "email": [login],
            "": [sis, login],
        }
        if not report.roster.people:  # which has ids of the course's own
            others[""].append(id_column)
        there = {key: [column for column in columns if column >= 0] for key, columns in others.items()}
        placed = place(report, rows, {"canvas": id_column}, there)
        points = dict(placed.points)
        if self.zeros:
            idle = without_points(report, placed, column)
            points |= {id(row): 0.0 for row in idle if row[0].strip() != TEST_STUDENT}
        return [(row, points[id(row)]) for row in rows if id(row) in points]

    def _column(self, report: ClassReport, header: Row, first: int, known: str | None) -> int:
        """The assignment's column. Raises CourseError."""
        names = {"".join(_title(report).split()).casefold(), report.assignment.name.casefold()}
        columns = range(first, len(header))
        titles = {column: _WITH_ID.fullmatch(header[column].strip()) for column in columns}
        if known:
            found = [column for column, title in titles.items() if title and title[2] == known]
        elif self.title:
            found = [
                column
                for column in columns
                if self.title in (header[column], (titles[column] or [""] * 2)[1])
            ]
        else:
            found = [
                c for c, title in titles.items() if title and "".join(title[1].split()).casefold() in names
            ]
        if len(found) == 1:
            return found[0]
        there = "; ".join(one_line(header[column], 60) for column, title in titles.items() if title)
        wanted = f"the id {known}" if known else f"the title {self.title or _title(report)!r}"
        raise CourseError(
            f"{self.template} has {'no column' if not found else 'several columns'} with {wanted} of "
            f"{report.assignment.name}. It has: {there or 'no assignment'}. Name the right one with --title, or put "
            "its id into course.toml."
        )

    def _check(self, report: ClassReport, possible: str) -> None:
        """Whether Canvas lets the column be changed, and what it is worth there."""
        if re.search(r"read\s+only", possible):
            raise CourseError(
                f"{self.template} says that the column of {report.assignment.name} is read-only."
            )
        there = number_of(possible)
        if there is not None and number(there) != number(worth(report)):
            report.problems.append(
                f"{report.assignment.name} is worth {number(there)} points in Canvas, and {number(worth(report))} "
                "here: make them the same in Canvas before you import the points."
            )


def _title(report: ClassReport) -> str:
    """The assignment's title, unless Canvas would pass over a column with it."""
    title = one_line(report.title)
    return report.assignment.name if _IGNORED.search(title) else title


def _header(title: str) -> str:
    """The header of a column. Raises CourseError if it can't be one."""
    numbered = _WITH_ID.fullmatch(title.strip())
    if numbered:  # Canvas reads the number alone
        title = f"{name_cell(numbered[1])} ({numbered[2]})"
    if _IGNORED.search(title):
        raise CourseError(
            f"Canvas passes over a column called {one_line(title)!r}: rename the assignment in Canvas."
        )
    if title != inert(title):
        raise CourseError(
            f"{one_line(title)!r} is a formula in a spreadsheet: rename the assignment in Canvas."
        )
    return title


def _student(name: str, ids: Mapping[str, str], section: str) -> Row | None:
    """The first cells of a row, or None if Canvas would have to ask who that is."""
    row = [name_cell(name), ids.get("canvas", ""), ids.get("sis", ""), ids.get("login", ""), section]
    return _safe(row, 1) if any(row[1:4]) else None


def _alone(report: ClassReport, students: Mapping[str, Row]) -> list[Row]:
    """The rows of those who are one student each for Canvas, told by the three ids."""
    found: dict[tuple[int, str], list[str]] = {}
    for student, row in students.items():
        for column in range(1, 4):
            if row[column]:
                found.setdefault((column, row[column].casefold()), []).append(student)
    shared = [same for same in found.values() if len(same) > 1]
    report.problems += [
        f"{' and '.join(map(shown, same))} are one student in Canvas, so no row was written: keep one of their "
        "hand-ins."
        for same in dict.fromkeys(map(tuple, shared))
    ]
    left_out = {student for same in shared for student in same}
    return [row for student, row in students.items() if student not in left_out]


def _safe(cells: Row, id_column: int) -> Row | None:
    """The cells without formulas; None if the only id of the student would be changed by that.

    Canvas looks at nothing but the ID where there is one.
    """
    harmless = [name_cell(cell) if inert(cell) != cell or "\n" in cell else cell for cell in cells]
    harmless[id_column] = cells[id_column].strip()
    if re.fullmatch(r"[0-9]+", harmless[id_column]):
        return harmless
    same = not harmless[id_column] and harmless[id_column + 1 :] == cells[id_column + 1 :]
    return harmless if same else None


def _columns_of_students(header: Row, template: Path | None) -> tuple[int, int]:
    """How many columns stand before the assignments, and which of them is the ID. Raises CourseError."""
    names = len(header) > 4 and "LastName" in header[0] and "FirstName" in header[1] and "ID" in header[2]
    if names or (len(header) > 3 and "Student" in header[0] and "ID" in header[1]):
        for column, title in enumerate(header[:9]):
            if "Section" in title:
                return column + 1, 2 if names else 1
    raise CourseError(
        f"{template} is no gradebook of Canvas's: its first columns must be Student, ID … Section. In Canvas: "
        "Grades, Export."
    )


def _at(header: Row, title: str) -> int:
    """The column with that title, or -1."""
    return next((n for n, one in enumerate(header) if re.fullmatch(title, one.strip())), -1)
