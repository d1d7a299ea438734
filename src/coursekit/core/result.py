"""Read results/<assignment>/<student>.json, and take nothing in it on trust."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.core.course import Assignment

STATUSES = ("passed", "failed", "manual")
MAX_BYTES = 32 << 20


class BadResult(ValueError):
    """A file that is not a result of this assignment: the message says why."""


@dataclass(frozen=True)
class Question:
    """What students solve for points: the name of its test cell, and its worth."""

    name: str
    points: float


@dataclass(frozen=True)
class Test:
    """One question's outcome. `output` is for the student, and empty when it is not to be shown."""

    name: str
    score: float
    max_score: float
    status: str
    output: str

    @property
    def outcome(self) -> str:
        """passed, partial (some of the points), failed or manual (to be graded by hand)."""
        return "partial" if self.status == "failed" and self.score > 0 else self.status


@dataclass(frozen=True)
class Result:
    """One submission's result. Every string may have come from the student's program.

    sandbox: bubblewrap, landlock or none; data: MNIST, stand-in, or none where nothing is trained; error: why
    nothing could be graded.
    """

    student: str
    assignment: str
    score: float
    max_score: float
    tests: tuple[Test, ...]
    sealed: bool
    sandbox: str
    data: str
    seconds: float
    error: str | None
    notes: tuple[str, ...]


def read_result(path: Path, assignment: str) -> Result:
    """The result in `path`, which is called after the student. Raises BadResult."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadResult(f"it is longer than {MAX_BYTES >> 20} MiB")
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except OSError as error:
        raise BadResult(f"it can't be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise BadResult(f"it is not JSON ({error})") from error
    result = parse_result(found)
    for what, is_, should in (
        ("student", result.student, path.stem),
        ("assignment", result.assignment, assignment),
    ):
        if is_ != should:
            raise BadResult(f"its {what} is {is_!r}, not {should!r}")
    return result


def parse_result(found: Any) -> Result:
    """A result from its JSON object. Raises BadResult, which names the key that is missing or wrong."""
    extra = _get(found, "extra_data", dict)
    tests = tuple(_parse_test(test) for test in _get(found, "tests", list))
    if len({test.name for test in tests}) < len(tests):
        raise BadResult("two of its tests have one name")
    return Result(
        student=_get(extra, "student", str),
        assignment=_get(extra, "assignment", str),
        score=_number(found, "score"),
        max_score=_number(extra, "max_score"),
        tests=tests,
        sealed=_get(extra, "sealed", bool),
        sandbox=_get(extra, "sandbox", str, "none"),
        data=_get(extra, "data", str, ""),
        seconds=_number(extra, "seconds", 0.0),
        error=_get(extra, "error", str, "") or None,
        notes=tuple(note for note in _get(extra, "notes", list, []) if isinstance(note, str)),
    )


def _parse_test(found: Any) -> Test:
    status = _get(found, "status", str)
    if status not in STATUSES:
        raise BadResult(f"a test's status is {status!r}, not one of {', '.join(STATUSES)}")
    shown = _get(found, "visibility", str, "visible") == "visible"
    return Test(
        name=_get(found, "name", str),
        score=_number(found, "score"),
        max_score=_number(found, "max_score"),
        status=status,
        output=_get(found, "output", str, "") if shown else "",
    )


def read_title(assignment: Assignment) -> str:
    """The assignment's title; its name when it is not built."""
    title = _built(assignment).get("title")
    return title if isinstance(title, str) and title else assignment.name


def read_questions(assignment: Assignment, results: list[Result]) -> list[Question]:
    """The assignment's questions in notebook order; when it is not built, those that results know."""
    try:
        return [
            Question(_get(question, "name", str), _number(question, "points"))
            for question in _get(_built(assignment), "questions", list)
        ]
    except BadResult:
        found = {test.name: Question(test.name, test.max_score) for r in results for test in r.tests}
        return list(found.values())


def _built(assignment: Assignment) -> dict[str, Any]:
    try:
        found = json.loads((assignment.autograder / "assignment.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _get(found: Any, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    """found[key], of that type; `default` (when there is one) for a key that is missing or null."""
    if not isinstance(found, dict):
        raise BadResult(f"it is no result: there is no place for {key!r}")
    value = found.get(key)
    if value is None and default is not None:
        return default
    if key not in found:
        raise BadResult(f"{key!r} is missing")
    if not isinstance(value, kind):
        raise BadResult(f"{key!r} is of type {type(value).__name__}")
    return value


def _number(found: Any, key: str, default: float | None = None) -> float:
    value = _get(found, key, (int, float), default)
    if isinstance(value, bool) or not math.isfinite(value) or not 0 <= value <= 1e9:
        raise BadResult(f"{key!r} is not a number from 0 up")
    return float(value)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
