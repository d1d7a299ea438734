"""Points that a person gives: ``by_hand.csv`` beside the results, filled in with a spreadsheet, taken up by reports."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coursekit.report.files import replace_text
from coursekit.report.gradebook import inert, plain
from coursekit.report.results import Result, Test
from coursekit.report.text import harmless, number, one_line

FILE_NAME = "by_hand.csv"
COLUMNS = ("student", "question", "points", "of", "comment", "version", "answer")
MAX_BYTES = 64 << 20

Row = dict[str, str]


def take_up(results: Sequence[Result], path: Path) -> tuple[list[Result], list[str]]:
    """The results with the points and comments that the file at `path` gives, and what a person has to see to.

    The file gets a row for each answer that waits for a person, with the answer's text. Rows that are there keep
    what was written into them, columns of one's own and rows of students who have no result now included. A file
    that can't be read is left as it is.
    """
    if not path.exists() and not any(test.status == "manual" for result in results for test in result.tests):
        return list(results), []
    try:
        rows = _read(path)
    except ValueError as error:
        return list(results), [f"{path.name} was not read: {error}."]
    graded, problems = [], []
    for result in results:
        tests = tuple(
            _graded(result, test, rows, problems) if test.status == "manual" else test
            for test in result.tests
        )
        more = sum(new.score - old.score for new, old in zip(tests, result.tests, strict=True))
        graded.append(replace(result, tests=tests, score=result.score + more))
    known = {(plain(result.student), plain(test.name)) for result in results for test in result.tests}
    strangers = [key for key, row in rows.items() if key not in known and row["points"].strip()]
    if strangers:
        named = "; ".join(one_line(", ".join(key), 100) for key in strangers[:3])
        problems.append(
            f"{path.name} gives points to nobody who has a result, {len(strangers)} times: {named}. "
            "Has a spreadsheet changed the names?"
        )
    waiting = sum(test.status == "manual" for result in graded for test in result.tests)
    if waiting:
        problems.append(
            f"Still to be graded by hand: {waiting}. Write their points into {path.name}, then 'coursekit report'."
        )
    _write(rows, path)
    return graded, problems


def _graded(result: Result, test: Test, rows: dict[tuple[str, str], Row], problems: list[str]) -> Test:
    """The test with a person's points, where its row has some; makes the row where there is none."""
    key = plain(result.student), plain(test.name)
    answer = test.output.partition("\n\n")[2]
    version = f"v{hashlib.sha256(answer.encode(errors='surrogatepass')).hexdigest()[:8]}"
    row = rows.setdefault(key, dict.fromkeys(COLUMNS, "") | {"student": key[0], "question": key[1]})
    where = one_line(f"{result.student}, {test.name}", 150)
    if not row["points"].strip():
        shown = "\n".join(inert(line) for line in harmless(answer).split("\n"))
        row |= {"of": number(test.max_score), "version": version, "answer": shown}
        return test
    try:
        points = float(row["points"].strip().replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= test.max_score:
        said = one_line(row["points"], 40)
        problems.append(f"{where}: {said!r} are no points from 0 to {number(test.max_score)}.")
        return test
    if row["version"] != version:
        problems.append(
            f"{where}: points were given to an earlier answer. Empty them, and the next report shows the new answer."
        )
    status = "passed" if points == test.max_score else "failed"
    output = "\n\n".join(part for part in (row["comment"].strip(), test.output) if part)
    return replace(test, score=points, status=status, output=output)


def _read(path: Path) -> dict[tuple[str, str], Row]:
    """The file's rows, by student and question, from any of the forms that spreadsheets save. ValueError if not."""
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is longer than {MAX_BYTES >> 20} MiB")
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise ValueError(str(error.strerror)) from None
    separator = text.lstrip('"')[len("student") :].lstrip('"')[:1]
    if separator not in (";", "\t"):
        separator = ","
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        found = [{name: value or "" for name, value in row.items()} for row in table if any(row.values())]
    except csv.Error as error:
        raise ValueError(f"it is no CSV file ({error})") from None
    whole = set(COLUMNS) <= set(table.fieldnames or ())
    if not whole or any(None in row for row in found):
        raise ValueError(f"each of its lines has to hold {', '.join(COLUMNS)}")
    rows: dict[tuple[str, str], Row] = {}
    for row in found:
        key = row["student"], row["question"]
        if key in rows:
            raise ValueError(f"it has two lines for {one_line(', '.join(key), 150)}")
        rows[key] = row
    return rows


def _decoded(data: bytes) -> str:
    """The text of a file that a spreadsheet saved."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _write(rows: dict[tuple[str, str], Row], path: Path) -> None:
    text = io.StringIO()
    own = dict.fromkeys(column for row in rows.values() for column in row if column not in COLUMNS)
    writer = csv.DictWriter(text, [*COLUMNS, *own], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[key] for key in sorted(rows, key=lambda key: (key[1], key[0].casefold(), key[0])))
    replace_text(path, text.getvalue())
