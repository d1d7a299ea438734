"""The result of one submission: typed, and checked when it is read from a file.

The feedback for a student is kept as *parts* (verdicts, messages, what their code printed), and text is never parsed:
each output makes its text from the parts. So nothing that a student's code prints can pass for a verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from coursekit.core.reference import Reference
from coursekit.core.text import seen

SCHEMA = 2
"""the version of the stored form; version 1 had text instead of parts"""
MAX_BYTES = 32 << 20
"""of a stored form"""


class BadResult(ValueError):
    """Not a valid result: the message names the key that is missing or wrong."""


class Status(StrEnum):
    """How a question ended. A manual question waits for a grader."""

    PASSED = "passed"
    FAILED = "failed"
    MANUAL = "manual"


class Kind(StrEnum):
    """What a piece of text is, which decides how outputs format it."""

    HINT = "hint"
    """what a teacher would say about a known mistake"""
    STATEMENT = "statement"
    """the line of the visible test that failed"""
    MESSAGE = "message"
    """a sentence for the student, perhaps with values below it"""
    TRACEBACK = "traceback"
    PRINTED = "printed"
    """what the student's code printed during a visible test"""
    ANSWER = "answer"
    """the student's answer in words"""
    COMMENT = "comment"
    """the comment of the person who graded the answer"""


@dataclass(frozen=True)
class Verdict:
    """How one test case ended."""

    hidden: bool
    passed: bool


@dataclass(frozen=True)
class Text:
    """A piece of text for the student. Most of it may have been written by their code."""

    kind: Kind
    text: str


Part = Verdict | Text


@dataclass(frozen=True)
class Note:
    """A remark on the notebook that costs no points in itself."""

    text: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"{self.text}\n{self.traceback}" if self.traceback else self.text


@dataclass(frozen=True)
class QuestionResult:
    """One question's points, and the feedback for its student, in order."""

    name: str
    score: float
    max_score: float
    status: Status
    parts: tuple[Part, ...] = ()

    @property
    def outcome(self) -> str:
        """passed, partial (some of the points), failed or manual (waits for a grader)."""
        return "partial" if self.status == Status.FAILED and self.score > 0 else str(self.status)

    @property
    def output(self) -> str:
        """The parts as one plain text."""
        return as_text(self.parts)

    def texts(self, kind: Kind) -> list[str]:
        """The texts of that kind."""
        return [part.text for part in self.parts if isinstance(part, Text) and part.kind == kind]


@dataclass(frozen=True)
class DataUsed:
    """The dataset that a submission was graded with; see coursekit.datasets.located for the fields."""

    label: str = "none"
    note: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Result:
    """One submission's result. Every text in it may have come from the student's program.

    sandbox: the sandbox's name. error: why nothing could be graded. fault: the grader failed, not the submission.
    stamp: a digest of what the result depends on, see coursekit.store. digest: of the submission's content, see
    coursekit.intake.digest. not_renewed: why the last attempt to grade it again gave nothing, through the grader's own
    fault; then the rest is the result of before. values: what the assignment names for a leaderboard, by title. log:
    for the instructor, in no output. took: the seconds of each test case (known_mistakes.case_key), and of loading
    (grading.times.LOAD); in no output.
    """

    reference: Reference
    assignment: str
    max_score: float
    questions: tuple[QuestionResult, ...]
    sealed: bool
    sandbox: str = "none"
    data: DataUsed = DataUsed()
    seconds: float = 0.0
    error: str | None = None
    fault: bool = False
    notes: tuple[Note, ...] = ()
    stamp: str = ""
    digest: str = ""
    not_renewed: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    log: str = field(default="", repr=False, compare=False)
    took: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def student(self) -> str:
        return self.reference.student

    @property
    def key(self) -> tuple[str, str]:
        """The assignment and the student: no two results of a class share them."""
        return self.assignment, self.student

    @property
    def score(self) -> float:
        """The sum of the questions' points."""
        return sum((question.score for question in self.questions), 0.0)

    @property
    def lost(self) -> frozenset[str]:
        """The questions that failed."""
        return frozenset(q.name for q in self.questions if q.status == Status.FAILED)

    def question(self, name: str) -> QuestionResult | None:
        return next((question for question in self.questions if question.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """The stored form, which from_json() reads back."""
        tests = [
            {
                "name": question.name,
                "score": question.score,
                "max_score": question.max_score,
                "status": str(question.status),
                "output": question.output,
                "visibility": "visible",
                "parts": [_part_to_json(part) for part in question.parts],
            }
            for question in self.questions
        ]
        extra = {
            "student": self.student,
            "assignment": self.assignment,
            "max_score": self.max_score,
            "sealed": self.sealed,
            "sandbox": self.sandbox,
            "data": self.data.label,
            "error": self.error,
            "fault": self.fault,
            "notes": [str(note) for note in self.notes],
            "seconds": self.seconds,
            "graded": self.stamp,
            "digest": self.digest,
            "not_renewed": self.not_renewed,
        }
        return {
            "schema": SCHEMA,
            "score": self.score,
            "tests": tests,
            "extra_data": extra,
            "reference": self.reference.to_json(),
            "data": {"note": self.data.note, "warning": self.data.warning},
            "notes": [{"text": note.text, "traceback": note.traceback} for note in self.notes],
            "values": dict(self.values),
        }

    @classmethod
    def from_json(cls, found: Any) -> Result:
        """Read a stored form, of this version or the first. Raises BadResult."""
        schema = _get(found, "schema", int, 1)
        if schema not in (1, SCHEMA):
            raise BadResult(f"it has the schema {schema}, and this coursekit reads 1 and {SCHEMA}")
        extra = _get(found, "extra_data", dict)
        questions = tuple(_question(test, schema) for test in _get(found, "tests", list))
        if len({question.name for question in questions}) < len(questions):
            raise BadResult("two of its tests have the same name")
        _number(found, "score")
        return cls(
            reference=_reference(_get(found, "reference", dict, {}), _get(extra, "student", str)),
            assignment=_get(extra, "assignment", str),
            max_score=_number(extra, "max_score"),
            questions=questions,
            sealed=_get(extra, "sealed", bool),
            sandbox=_get(extra, "sandbox", str, "none"),
            data=_data(_get(found, "data", dict, {}), _get(extra, "data", str, ""), schema),
            seconds=_number(extra, "seconds", 0.0),
            error=_get(extra, "error", str, "") or None,
            fault=_get(extra, "fault", bool, False),
            notes=tuple(_notes(found, extra, schema)),
            stamp=_get(extra, "graded", str, ""),
            digest=_get(extra, "digest", str, ""),
            not_renewed=_get(extra, "not_renewed", str, "") or None,
            values=_values(_get(found, "values", dict, {})),
        )

    @classmethod
    def loads(cls, text: str) -> Result:
        """Read a stored form as JSON text. Raises BadResult."""
        try:
            found = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise BadResult(f"it is not JSON ({error})") from error
        return cls.from_json(found)


def read_result(path: Path, assignment: str, student: str) -> Result:
    """The result in a file, which has to be of this assignment and student. Raises BadResult."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadResult(f"it is larger than {MAX_BYTES >> 20} MiB")
        result = Result.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadResult(f"it can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadResult(f"it is not JSON ({error})") from error
    for what, found, expected in (
        ("student", result.student, student),
        ("assignment", result.assignment, assignment),
    ):
        if found != expected:
            raise BadResult(f"its {what} is {found!r}, not {expected!r}")
    return result


# ---- parts as a plain text

_OURS = re.compile(r"\W*(?:visible test|hidden test|hint|your code printed) ?:")
"""a line, as it is seen, that could pass for one of as_text()'s own"""
_VERDICTS = re.compile(r"^(?:Visible|Hidden) test: passed\.$", re.M)


def as_text(parts: Iterable[Part]) -> str:
    """Parts as one plain text.

    A line of a message or of printed text that looks like one of the lines made here gets "> " in front.
    """
    text, before = "", None
    for part in parts:
        paragraph = isinstance(part, Verdict) or before == Kind.COMMENT or part.kind == Kind.ANSWER
        text += ("\n\n" if paragraph else "\n") if text else ""
        text += verdict_text(part) if isinstance(part, Verdict) else _line(part)
        before = None if isinstance(part, Verdict) else part.kind
    return text


def verdict_text(verdict: Verdict) -> str:
    return f"{'Hidden' if verdict.hidden else 'Visible'} test: {'passed' if verdict.passed else 'failed'}."


def _line(part: Text) -> str:
    if part.kind == Kind.HINT:
        return f"Hint: {part.text}"
    lines = part.text.splitlines(keepends=True)
    text = "".join(f"> {line}" if _OURS.match(seen(line)) else line for line in lines)
    if part.kind == Kind.STATEMENT:
        return f"At: {text}"
    return f"Your code printed:\n{text}" if part.kind == Kind.PRINTED else text


def _part_to_json(part: Part) -> dict[str, Any]:
    if isinstance(part, Verdict):
        return {"kind": "verdict", "hidden": part.hidden, "passed": part.passed}
    return {"kind": str(part.kind), "text": part.text}


# ---- checks of what is read

_STATUSES = {str(status): status for status in Status}
_KINDS = {str(kind): kind for kind in Kind}


def _question(found: Any, schema: int) -> QuestionResult:
    status = _get(found, "status", str)
    if status not in _STATUSES:
        raise BadResult(f"a test's status is {status!r}, not one of {', '.join(Status)}")
    name, visible = _get(found, "name", str), _get(found, "visibility", str, "visible") == "visible"
    parts: tuple[Part, ...] = ()
    if visible and schema == 1:
        parts = tuple(_old_parts(_get(found, "output", str, ""), _STATUSES[status]))
    elif visible:
        parts = tuple(_part(part) for part in _get(found, "parts", list))
    return QuestionResult(
        name, _number(found, "score"), _number(found, "max_score"), _STATUSES[status], parts
    )


def _old_parts(output: str, status: Status) -> list[Part]:
    """The single text of version 1 as a message; for a manual question, the answer follows an empty line."""
    if status == Status.MANUAL:
        said, _, answer = output.partition("\n\n")
        return [Text(Kind.MESSAGE, said), Text(Kind.ANSWER, answer)]
    if status == Status.PASSED and not _VERDICTS.sub("", output).strip():
        return []
    return [Text(Kind.MESSAGE, output)] if output else []


def _part(found: Any) -> Part:
    kind = _get(found, "kind", str)
    if kind == "verdict":
        return Verdict(_get(found, "hidden", bool), _get(found, "passed", bool))
    if kind not in _KINDS:
        raise BadResult(f"a part's kind is {kind!r}, not one of verdict, {', '.join(Kind)}")
    return Text(_KINDS[kind], _get(found, "text", str))


def _notes(found: Any, extra: Any, schema: int) -> list[Note]:
    if schema == 1:
        return [Note(note) for note in _get(extra, "notes", list, []) if isinstance(note, str)]
    notes = _get(found, "notes", list, [])
    return [Note(_get(note, "text", str), _get(note, "traceback", str, "")) for note in notes]


def _values(found: Mapping[str, Any]) -> dict[str, float]:
    if not all(type(value) in (int, float) and abs(value) <= 1e300 for value in found.values()):
        raise BadResult("'values' are not all numbers")
    return {title: float(value) for title, value in found.items()}


def _data(found: Mapping[str, Any], label: str, schema: int) -> DataUsed:
    """The dataset; of the first version only its name is known."""
    note = f"The dataset was: {label}." if schema == 1 and label not in ("", "none") else ""
    return DataUsed(label, _get(found, "note", str, note), _get(found, "warning", str, ""))


def _reference(found: Mapping[str, Any], student: str) -> Reference:
    attempt, ids = _get(found, "attempt", int, 0), _get(found, "ids", dict, {})
    if isinstance(attempt, bool) or attempt < 0:
        raise BadResult("'attempt' is not a number from 0 up")
    if not all(isinstance(value, str) for value in ids.values()):
        raise BadResult("'ids' are not all strings")
    return Reference(
        student, _get(found, "display_name", str, ""), _get(found, "submitted", str, ""), attempt, ids
    )


def _get(found: Any, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    """found[key], of that type; `default` (if there is one) for a key that is missing or null."""
    if type(found) is not dict and not isinstance(found, Mapping):
        raise BadResult(f"there is no place for {key!r}")
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
    if isinstance(value, bool) or not 0 <= value <= 1e9:  # nor is NaN; a long integer has no float
        raise BadResult(f"{key!r} is not a number from 0 up")
    return float(value)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
