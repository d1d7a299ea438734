"""Points in a teacher's table: which row is whose, and how its numbers are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coursekit.core.result import Result
from coursekit.core.text import number
from coursekit.exports.base import ids_of, scored, shown, unfound
from coursekit.outputs.base import ClassReport

Row = list[str]
NO_ZEROS = (
    "No zeros were written: somebody with a hand-in was not found, or has no result yet, and might get one."
)
_NUMBER = re.compile(r"-?[0-9][0-9.,]*")
_DECIMAL = re.compile(r"-?[0-9]+([.,])[0-9]+")


@dataclass(frozen=True)
class Placed:
    """The rows of the table that get points, by their id().

    free: the rows of those who have no result. None if it is not known, since a result has no row.
    """

    points: Mapping[int, float]
    results: Mapping[int, Result]
    free: list[Row] | None


def place(
    report: ClassReport, rows: Sequence[Row], sure: Mapping[str, int], others: Mapping[str, Iterable[int]]
) -> Placed:
    """Whose row is which. Who has none, or one that may be somebody else's, is named in the report's problems.

    sure: the column of each id that is the platform's own, by its key: a student with such an id has that row or none.
    others: the columns in which a further id, or the student's name here (""), may stand. Names of people are no ids:
    two students can share one.
    """
    points = {result.student: given for result, given in scored(report)}
    claims: dict[int, list[Result]] = {}
    unsure: set[str] = set()
    is_known = True
    for result in report.results:
        ids = ids_of(report, result)
        found = _rows_of({**ids, "": result.student}, rows, sure, others)
        for row in found:
            claims.setdefault(id(row), []).append(result)
        if len(found) > 1:
            report.problems.append(
                f"{shown(result.student)}: {len(found)} rows may be this student's, so none was filled in."
            )
            unsure.add(result.student)
        elif not found:
            is_known = False
            to_do = unfound(result, "After 'coursekit roster FILE' with this file, it may be found.")
            report.problems.append(f"{shown(result.student)}: no row has an id of this student. {to_do}")
    for same in claims.values():
        if len(same) > 1:
            names = " and ".join(shown(result.student) for result in same)
            report.problems.append(
                f"{names} have the same row, so it was not filled in: keep one of their hand-ins."
            )
    alone = {row: same[0] for row, same in claims.items() if len(same) == 1}
    own = {row: one for row, one in alone.items() if one.student in points.keys() - unsure}
    return Placed(
        {row: points[result.student] for row, result in own.items()},
        own,
        [row for row in rows if id(row) not in claims] if is_known else None,
    )


def without_points(report: ClassReport, placed: Placed, column: int) -> list[Row]:
    """The rows of those who have neither a hand-in nor points in that column.

    None, and a problem, if these are not known.
    """
    if placed.free is None or report.ungraded:
        report.problems.append(NO_ZEROS)
        return []
    return [row for row in placed.free if _cell(row, column) in ("", "-")]


def _rows_of(
    ids: Mapping[str, str], rows: Sequence[Row], sure: Mapping[str, int], others: Mapping[str, Iterable[int]]
) -> list[Row]:
    for key, column in sure.items():
        if key in ids:
            return [row for row in rows if _cell(row, column) == ids[key]]
    wanted = {
        (column, _folded(ids[key])) for key, columns in others.items() if key in ids for column in columns
    }
    return [row for row in rows if any(_folded(_cell(row, column)) == value for column, value in wanted)]


def _folded(id: str) -> str:
    return unicodedata.normalize("NFC", id).casefold()


def _cell(row: Row, column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def number_of(cell: str) -> float | None:
    """The number in a cell: its last point or comma is the decimal one, as Canvas reads it. A percentage is none."""
    cell = cell.strip()
    if not _NUMBER.fullmatch(cell):
        return None
    *whole, last = re.split(r"[.,]", cell)
    try:
        return float(f"{''.join(whole)}.{last}" if whole else last)
    except ValueError:
        return None


def has_decimal_comma(cells: Iterable[str], otherwise: bool) -> bool:
    """Whether a table's numbers have a decimal comma. otherwise: if none of them tells."""
    marks = [found[1] for cell in cells if (found := _DECIMAL.fullmatch(cell.strip()))]
    return marks.count(",") > marks.count(".") if marks else otherwise


def points_cell(points: float, decimal_comma: bool) -> str:
    """Points as a cell: 7.5 or 7,5."""
    return number(points).replace(".", ",") if decimal_comma else number(points)
