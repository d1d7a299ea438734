"""Manual grading: a person fills in points in ``by_hand.csv`` with a spreadsheet, and reports include them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursekit.core.files import locked
from coursekit.core.result import Kind, QuestionResult, Result, Status, Text
from coursekit.core.spreadsheet import MAX_CELL, inert, number_in
from coursekit.core.text import harmless, number, one_line
from coursekit.manual_rows import (
    COLUMNS,
    Key,
    Row,
    Sheet,
    Typed,
    answer_of,
    key_of,
    old_version_of,
    quoted,
    version_of,
    waiting,
)

FILE_NAME = "by_hand.csv"


@dataclass
class Graded:
    """The results with a person's points. problems: what a person must solve. remarks: what was done with the sheet.

    other_worth: how many points were given when their question was worth something else, by its name and both maxima.
    agreed: the answers for which the file now says what was typed elsewhere. taken: how many of them are new in it.
    """

    results: list[Result]
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    other_worth: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    agreed: list[Key] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)


def take_up(
    results: Sequence[Result], path: Path, typed: Mapping[Key, Typed] | None = None, *, write: bool = True
) -> Graded:
    """The results with the points and comments from the file at `path`.

    typed: what a person typed elsewhere. It is written into the file, unless that says something else by now.

    The file gets a row for each answer that waits for a grade, with the answer's text. Existing rows keep everything
    that was written into them, even extra columns and rows of students who have no result now. A row belongs to an
    answer by the exact names. Where a spreadsheet has changed them, its version says whose row it was, and where a
    question has another name in the course now, its rows get that too. A file that can't be read is not changed.
    write: whether the file is brought up to date.
    """
    if not path.exists() and not any(waiting(results)):
        return Graded(list(results))
    if not write:
        return _take_up(results, path, typed or {}, write)
    with locked(path.parent):
        return _take_up(results, path, typed or {}, write)


def _take_up(results: Sequence[Result], path: Path, typed: Mapping[Key, Typed], write: bool) -> Graded:
    try:
        sheet = Sheet(path, results)
    except ValueError as error:
        return Graded(list(results), [f"{path.name} was not read: {error}."])
    made = Graded([], remarks=[*sheet.restore_names(), *sheet.rename_questions()])
    for result in results:
        tests = tuple(
            _graded(result, test, sheet, made, typed) if test.status == Status.MANUAL else test
            for test in result.questions
        )
        made.results.append(replace(result, questions=tests))
    made.problems += [
        f"{path.name}: {count} answer{'s' * (count > 1)} to {question} got points when it was worth {before}, and now "
        f"it is worth {now}. Check the points, then write {now} into the column 'of'."
        for (question, before, now), count in made.other_worth.items()
    ]
    made.problems += [*sheet.strangers(), *sheet.unused()]
    left = len(list(waiting(made.results)))
    if left:
        made.problems.append(
            f"Still to be graded by hand: {left}. Write the points into {'/'.join(path.parts[-3:])}, then run "
            "'coursekit report'."
        )
    sheet.remove_empty()
    if write:
        unwritten = sheet.write()
        made.problems += unwritten
        made.agreed = [] if unwritten else made.agreed
    made.remarks += [
        f"{path.name}: took the points for {count} answer{'s' * (count > 1)} from {where}."
        for where, count in made.taken.items()
    ]
    return made


def _graded(
    result: Result, test: QuestionResult, sheet: Sheet, made: Graded, typed: Mapping[Key, Typed]
) -> QuestionResult:
    """The test with a person's points, if its row has any; makes the row if it is missing."""
    key = key_of(result, test)
    where = one_line(f"{result.student}, {test.name}", 150)
    filled = sheet.filled(key)
    others = {sheet.owners.get(row["version"], key) for row in filled} - {key}
    if others:
        named = " and ".join(quoted(other) for other in sorted(others))
        made.problems.append(
            f"{where}: this row was made for {named}, so it was not used. Restore that name."
        )
        return test
    if len(filled) > 1:
        made.problems.append(
            f"{where}: {len(filled)} rows have this name, so none was used. Keep the right one."
        )
        return test
    [row] = filled or sheet.rows.get(key, [])[:1] or [dict.fromkeys(COLUMNS, "")]
    sheet.rows[key] = [row]
    if key in typed:
        _take_typed(typed[key], row, key, test, where, made)
    if not row["points"].strip():
        row |= {"student": key[0], "question": key[1], "of": number(test.max_score)}
        row |= {"version": version_of(key, test), "answer": _shown(test)}
        return test
    points = _points(row, test, where, made)
    if points is None:
        return test
    if not row["version"]:  # a person has said that the points are for this answer
        row["version"] = version_of(key, test)
    if row["version"] not in (version_of(key, test), old_version_of(test)):
        made.problems.append(
            f"{where}: the points are for an earlier answer. Delete them, and the next report shows the new answer."
        )
    status = Status.PASSED if points == test.max_score else Status.FAILED
    comment = row["comment"].strip()
    parts = (*([Text(Kind.COMMENT, comment)] if comment else []), *test.parts)
    return replace(test, score=points, status=status, parts=parts)


def _take_typed(typed: Typed, row: Row, key: Key, test: QuestionResult, where: str, made: Graded) -> None:
    """Put what was typed elsewhere into the row, unless a person has written something else there since."""
    now, there = (typed.points, typed.comment), (number_in(row["points"]), row["comment"].strip())
    if now != there:
        if typed.before == now:  # the file is newer: the next export takes it there
            return
        if row["points"].strip() and there != typed.before:
            made.problems.append(
                f"{where}: {typed.where} says {number(typed.points)} points, and {FILE_NAME} "
                f"{one_line(row['points'], 40)}. {FILE_NAME} counts: make the two the same."
            )
            return
        row |= {"student": key[0], "question": key[1], "of": number(test.max_score)}
        row |= {"points": number(typed.points), "comment": typed.comment, "version": version_of(key, test)}
        row["answer"] = row["answer"] or _shown(test)
        made.taken[typed.where] += 1
    made.agreed.append(key)


def _shown(test: QuestionResult) -> str:
    """The answer as the file shows it."""
    return "\n".join(inert(line) for line in harmless(answer_of(test)).split("\n"))[:MAX_CELL]


def _points(row: Row, test: QuestionResult, where: str, made: Graded) -> float | None:
    """The points in a row, if they are a number from 0 to the question's maximum."""
    points, worth = number_in(row["points"]), number_in(row["of"])
    now, before = number(test.max_score), number(worth) if worth is not None else ""
    if points is not None and 0 <= points <= test.max_score:
        if before and before != now:
            made.other_worth[one_line(test.name, 60), before, now] += 1
        return points
    given = f" They were given when it was worth {before}: give new ones." if before not in ("", now) else ""
    made.problems.append(
        f"{where}: {one_line(row['points'], 40)!r} is not a number of points from 0 to {now}.{given}"
    )
    return None
