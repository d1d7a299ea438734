"""The results of before: ``results/<assignment>/history/<student>.<number>.json``, the highest number is the newest.

A result goes there when one that says something else takes its place.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from coursekit.core.course import Assignment
from coursekit.core.files import replace_text
from coursekit.core.reference import Reference
from coursekit.core.result import BadResult, QuestionResult, Result, Status, Text, read_result
from coursekit.core.text import number, one_line

FOLDER = "history"
KEPT = 10
"""results of one student"""
_NAME = re.compile(r"(?s)(.+)\.([0-9]{4,9})\.json")
_OF_THE_RUN = re.compile(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)?")
"""an address or a number: what a student's code prints of times and objects differs in each run"""


def keep(assignment: Assignment, earlier: Result, graded: float) -> None:
    """Put a result that is about to be replaced into the history, unless it is there. Raises CourseError.

    graded: when it was graded, in seconds since the epoch, for the file's time. Of more than KEPT, the oldest go.
    """
    folder = assignment.results / FOLDER
    found = _numbers(folder).get(earlier.student, [])
    if found:
        with contextlib.suppress(BadResult):
            if same(read_result(_path(folder, earlier.student, found[-1]), *earlier.key), earlier):
                return
    path = _path(folder, earlier.student, found[-1] + 1 if found else 1)
    replace_text(path, json.dumps(replace(earlier, not_renewed=None).to_json(), indent=1) + "\n")
    with contextlib.suppress(OSError):
        os.utime(path, (graded, graded))
        for old in found[: max(len(found) + 1 - KEPT, 0)]:
            _path(folder, earlier.student, old).unlink(missing_ok=True)


def same(one: Result, other: Result) -> bool:
    """Whether two results say the same: apart from times, from numbers in texts, which may be times, and from what a
    platform says about the student."""
    return _essence(one) == _essence(other)


def before(assignment: Assignment, students: Iterable[str]) -> dict[str, Result]:
    """The newest result in the history of each student who has one. What can't be read is left out."""
    folder = assignment.results / FOLDER
    numbers, found = _numbers(folder), {}
    for student in students:
        for one in reversed(numbers.get(student, [])):
            with contextlib.suppress(BadResult):
                found[student] = read_result(_path(folder, student, one), assignment.name, student)
                break
    return found


def changes(earlier: Result, now: Result) -> str:
    """In which questions the points differ, and how: ``scale: 5 → 0 of 5``; empty if none do.

    What a person gives by hand is in neither of the two.
    """
    names = dict.fromkeys(one.name for one in (*earlier.questions, *now.questions))
    return "; ".join(filter(None, (_change(earlier.question(name), now.question(name)) for name in names)))


def _change(old: QuestionResult | None, new: QuestionResult | None) -> str:
    if new is None:
        assert old is not None
        return f"{_name(old)}: {_points(old)} of {number(old.max_score)} → withdrawn"
    if old is None:
        return f"{_name(new)}: new, {_points(new)} of {number(new.max_score)}"
    if old.max_score != new.max_score:
        before, after = (f"{_points(one)} of {number(one.max_score)}" for one in (old, new))
        return f"{_name(new)}: {before} → {after}"
    if _points(old) == _points(new):
        return ""
    return f"{_name(new)}: {_points(old)} → {_points(new)} of {number(new.max_score)}"


def _name(question: QuestionResult) -> str:
    return one_line(question.name, 60)


def _points(question: QuestionResult) -> str:
    return "by hand" if question.status == Status.MANUAL else number(question.score)


def _essence(result: Result) -> Result:
    def plain(text: str) -> str:
        return _OF_THE_RUN.sub("#", text)

    questions = tuple(
        replace(
            one,
            parts=tuple(
                replace(part, text=plain(part.text)) if isinstance(part, Text) else part for part in one.parts
            ),
        )
        for one in result.questions
    )
    notes = tuple(
        replace(note, text=plain(note.text), traceback=plain(note.traceback)) for note in result.notes
    )
    return replace(
        result,
        questions=questions,
        notes=notes,
        error=plain(result.error) if result.error else None,
        seconds=0.0,
        stamp="",
        not_renewed=None,
        reference=Reference(result.student),
    )


def _numbers(folder: Path) -> dict[str, list[int]]:
    """The numbers of each student's results in the history, in order."""
    found: dict[str, list[int]] = {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if name := _NAME.fullmatch(entry.name):
                found.setdefault(name[1], []).append(int(name[2]))
    return {student: sorted(numbers) for student, numbers in found.items()}


def _path(folder: Path, student: str, number: int) -> Path:
    return folder / f"{student}.{number:04}.json"
