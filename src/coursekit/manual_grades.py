"""Manual grading: a person fills in points in ``by_hand.csv`` with a spreadsheet, and reports include them."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from coursekit.core.files import replace_text
from coursekit.core.result import Kind, QuestionResult, Result, Status, Text
from coursekit.core.spreadsheet import inert, name_cell
from coursekit.core.text import harmless, number, one_line

FILE_NAME = "by_hand.csv"
COLUMNS = ("student", "question", "points", "of", "comment", "version", "answer")
OURS = ("student", "question", "of", "version", "answer")
MAX_BYTES = 64 << 20

SheetRow = dict[str, str]
Key = tuple[str, str]
"""a student and a question, as written in the cells: unique"""


def take_up(results: Sequence[Result], path: Path) -> tuple[list[Result], list[str]]:
    """The results with the points and comments from the file at `path`, and the problems that a person must solve.

    The file gets a row for each answer that waits for a grade, with the answer's text. Existing rows keep everything
    that was written into them, even extra columns and rows of students who have no result now. A row belongs to an
    answer by the exact names. Its version says whose row it was if a spreadsheet has changed them. A file that can't
    be read is not changed.
    """
    owners = {_version(result, test): _key(result, test) for result, test in _waiting(results)}
    if not path.exists() and not owners:
        return list(results), []
    try:
        rows = _read(path)
    except ValueError as error:
        return list(results), [f"{path.name} was not read: {error}."]
    graded: list[Result] = []
    problems: list[str] = []
    for result in results:
        tests = tuple(
            _graded(result, test, rows, owners, problems) if test.status == Status.MANUAL else test
            for test in result.questions
        )
        graded.append(replace(result, questions=tests))
    known = [_key(result, test) for result in results for test in result.questions]
    strangers = {key: row for key in rows.keys() - set(known) for row in rows[key] if row["points"].strip()}
    if strangers:
        named = "; ".join(one_line(", ".join(key), 100) for key in sorted(strangers)[:3])
        rows_name = "1 row names" if len(strangers) == 1 else f"{len(strangers)} rows name"
        problems.append(
            f"{path.name}: {rows_name} a student or question with no result: {named}. "
            f"Has a spreadsheet changed the names?{_guesses(strangers, owners, known)}"
        )
    waiting = len(list(_waiting(graded)))
    if waiting:
        problems.append(
            f"Still to be graded by hand: {waiting}. Write the points into {path.name}, then run 'coursekit report'."
        )
    _write(rows, path)
    return graded, problems


def _waiting(results: Sequence[Result]) -> Iterator[tuple[Result, QuestionResult]]:
    return ((result, test) for result in results for test in result.questions if test.status == Status.MANUAL)


def _key(result: Result, test: QuestionResult) -> Key:
    return name_cell(result.student), name_cell(test.name)


def _version(result: Result, test: QuestionResult) -> str:
    """Identifies the answer that a row was made for: changes with the student, the question and the answer."""
    return f"v{_digest(repr((*_key(result, test), _answer(test))))[:12]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _answer(test: QuestionResult) -> str:
    return "\n\n".join(test.texts(Kind.ANSWER))


def _graded(
    result: Result,
    test: QuestionResult,
    rows: dict[Key, list[SheetRow]],
    owners: dict[str, Key],
    problems: list[str],
) -> QuestionResult:
    """The test with a person's points, if its row has any; makes the row if it is missing."""
    key, version = _key(result, test), _version(result, test)
    where = one_line(f"{result.student}, {test.name}", 150)
    filled = [row for row in rows.get(key, []) if _is_filled(row)]
    others = {owners.get(row["version"], key) for row in filled} - {key}
    if others:
        named = " and ".join(_quoted(other) for other in sorted(others))
        problems.append(f"{where}: this row was made for {named}, so it was not used. Restore that name.")
        return test
    if len(filled) > 1:
        problems.append(f"{where}: {len(filled)} rows have this name, so none was used. Keep the right one.")
        return test
    [row] = filled or rows.get(key, [])[:1] or [dict.fromkeys(COLUMNS, "")]
    rows[key] = [row]
    if not row["points"].strip():
        shown = "\n".join(inert(line) for line in harmless(_answer(test)).split("\n"))
        row |= {"student": key[0], "question": key[1], "of": number(test.max_score)}
        row |= {"version": version, "answer": shown}
        return test
    try:
        points = float(row["points"].strip().replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= test.max_score:
        said = one_line(row["points"], 40)
        problems.append(f"{where}: {said!r} is not a number of points from 0 to {number(test.max_score)}.")
        return test
    # In older sheets the version depended on the answer alone: they stay valid.
    if row["version"] not in (version, f"v{_digest(_answer(test))[:8]}"):
        problems.append(
            f"{where}: the points are for an earlier answer. Delete them, and the next report shows the new answer."
        )
    status = Status.PASSED if points == test.max_score else Status.FAILED
    comment = row["comment"].strip()
    parts = (*([Text(Kind.COMMENT, comment)] if comment else []), *test.parts)
    return replace(test, score=points, status=status, parts=parts)


def _is_filled(row: SheetRow) -> bool:
    """Whether a person has written into the row."""
    return any(text.strip() for column, text in row.items() if column not in OURS)


def _guesses(strangers: dict[Key, SheetRow], owners: dict[str, Key], known: list[Key]) -> str:
    """For the first rows without a result: whose they probably are, where only one student is possible."""
    alike: dict[Key, set[Key]] = {}
    for key in known:
        alike.setdefault(_folded(key), set()).add(key)
    said = []
    for key, row in sorted(strangers.items())[:3]:
        meant = {owners[row["version"]]} if row["version"] in owners else alike.get(_folded(key), set())
        said += [f" {_quoted(key)} is probably {_quoted(one)}." for one in meant if len(meant) == 1]
    return "".join(said)


def _folded(key: Key) -> Key:
    """The names without case, spaces, apostrophes, hidden characters and Unicode forms."""
    seen = [harmless(unicodedata.normalize("NFKC", cell)) for cell in key]
    student, question = (re.sub(r"\\x..|\\u....|\\U.{8}|'|\s", "", text).casefold() for text in seen)
    return student, question


def _quoted(key: Key) -> str:
    """A row's names in quotes, so that spaces show, and with escapes if Unicode has another form of them."""
    text = "'{}, {}'".format(*key)
    return one_line(text if unicodedata.is_normalized("NFKC", text) else ascii(text)[1:-1], 150)


def _read(path: Path) -> dict[Key, list[SheetRow]]:
    """The file's rows, by student and question, in any form that spreadsheets save. Raises ValueError."""
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES >> 20} MiB")
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
        raise ValueError(f"it is not a CSV file ({error})") from None
    whole = set(COLUMNS) <= set(table.fieldnames or ())
    if not whole or any(None in row for row in found):
        raise ValueError(f"each row must have the columns {', '.join(COLUMNS)}")
    rows: dict[Key, list[SheetRow]] = {}
    for row in found:
        rows.setdefault((row["student"], row["question"]), []).append(row)
    return rows


def _decoded(data: bytes) -> str:
    """The text of a file that a spreadsheet saved."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _write(rows: dict[Key, list[SheetRow]], path: Path) -> None:
    text = io.StringIO()
    lines = [
        row for key in sorted(rows, key=lambda key: (key[1], key[0].casefold(), key[0])) for row in rows[key]
    ]
    own = dict.fromkeys(column for row in lines for column in row if column not in COLUMNS)
    writer = csv.DictWriter(text, [*COLUMNS, *own], restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(lines)
    replace_text(path, text.getvalue())
