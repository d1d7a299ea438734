"""Points that a person gives: ``by_hand.csv`` beside the results, filled in with a spreadsheet, taken up by reports."""

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
"""a student and a question, as their cells say it: never the same for two"""


def take_up(results: Sequence[Result], path: Path) -> tuple[list[Result], list[str]]:
    """The results with the points and comments that the file at `path` gives, and what a person has to see to.

    The file gets a row for each answer that waits for a person, with the answer's text. Rows that are there keep
    what was written into them, columns of one's own and rows of students who have no result now included. A row is
    its answer's by the exact names, and by its version, which says whose row it was when a spreadsheet has changed
    them. A file that can't be read is left as it is.
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
        problems.append(
            f"{path.name} gives points to nobody who has a result, {len(strangers)} times: {named}. "
            f"Has a spreadsheet changed the names?{_likeliest(strangers, owners, known)}"
        )
    waiting = len(list(_waiting(graded)))
    if waiting:
        problems.append(
            f"Still to be graded by hand: {waiting}. Write their points into {path.name}, then 'coursekit report'."
        )
    _write(rows, path)
    return graded, problems


def _waiting(results: Sequence[Result]) -> Iterator[tuple[Result, QuestionResult]]:
    return ((result, test) for result in results for test in result.questions if test.status == Status.MANUAL)


def _key(result: Result, test: QuestionResult) -> Key:
    return name_cell(result.student), name_cell(test.name)


def _version(result: Result, test: QuestionResult) -> str:
    """What a row was made for: changes with the student, the question and the answer."""
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
    """The test with a person's points, where its row has some; makes the row where there is none."""
    key, version = _key(result, test), _version(result, test)
    where = one_line(f"{result.student}, {test.name}", 150)
    filled = [row for row in rows.get(key, []) if _is_filled(row)]
    others = {owners.get(row["version"], key) for row in filled} - {key}
    if others:
        named = " and ".join(_quoted(other) for other in sorted(others))
        problems.append(
            f"{where}: a line called so was made for {named}. Give it that name again, to be taken."
        )
        return test
    if len(filled) > 1:
        problems.append(
            f"{where}: {len(filled)} lines are called so, and none was taken. Leave the right one."
        )
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
        problems.append(f"{where}: {said!r} are no points from 0 to {number(test.max_score)}.")
        return test
    # A sheet that was begun when the version was the answer's alone goes on.
    if row["version"] not in (version, f"v{_digest(_answer(test))[:8]}"):
        problems.append(
            f"{where}: points were given to an earlier answer. Empty them, and the next report shows the new answer."
        )
    status = Status.PASSED if points == test.max_score else Status.FAILED
    comment = row["comment"].strip()
    parts = (*([Text(Kind.COMMENT, comment)] if comment else []), *test.parts)
    return replace(test, score=points, status=status, parts=parts)


def _is_filled(row: SheetRow) -> bool:
    """Whether a person has written into it."""
    return any(text.strip() for column, text in row.items() if column not in OURS)


def _likeliest(strangers: dict[Key, SheetRow], owners: dict[str, Key], known: list[Key]) -> str:
    """A sentence for the first rows that fit nobody: whose they may be, where only one can be meant."""
    alike: dict[Key, set[Key]] = {}
    for key in known:
        alike.setdefault(_folded(key), set()).add(key)
    said = []
    for key, row in sorted(strangers.items())[:3]:
        meant = {owners[row["version"]]} if row["version"] in owners else alike.get(_folded(key), set())
        said += [f" {_quoted(key)} is likeliest {_quoted(one)}." for one in meant if len(meant) == 1]
    return "".join(said)


def _folded(key: Key) -> Key:
    """What is left of the names without case, spaces, apostrophes, hidden characters and Unicode forms."""
    seen = [harmless(unicodedata.normalize("NFKC", cell)) for cell in key]
    student, question = (re.sub(r"\\x..|\\u....|\\U.{8}|'|\s", "", text).casefold() for text in seen)
    return student, question


def _quoted(key: Key) -> str:
    """A row's names in quotes, so that spaces show; those that Unicode could write otherwise in escapes."""
    text = "'{}, {}'".format(*key)
    return one_line(text if unicodedata.is_normalized("NFKC", text) else ascii(text)[1:-1], 150)


def _read(path: Path) -> dict[Key, list[SheetRow]]:
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
