"""A student's attempts at an assignment: ``collected/<assignment>/<student>/attempts.json``, and a folder for each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text
from coursekit.core.reference import Reference

FILE = "attempts.json"
MAX_BYTES = 4 << 20


@dataclass(frozen=True)
class Attempt:
    """One hand-in, as its platform says it.

    number: from 1, the platform's own if it has one. submitted: the time in ISO 8601 with an offset; empty if the
    platform does not say it. late: whether the platform marks it so. person: what the platform knows the student by.
    upload: the platform's number or name of this hand-in. ids: see Reference. group: the names of all whose work it is,
    if they are several. digest: of its files, by coursekit.intake.digest. files: the folder beside attempts.json.
    """

    number: int
    digest: str
    files: str
    submitted: str = ""
    late: bool = False
    platform: str = ""
    person: str = ""
    upload: str = ""
    display_name: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    group: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attempts:
    """All attempts, by number. chosen: the number of the one that a person wants to count; 0 is the newest. placed: the
    number of the one that was put into ``submitted/``; 0 if something of a person's own was there.
    """

    attempts: tuple[Attempt, ...] = ()
    chosen: int = 0
    placed: int = 0

    @property
    def counts(self) -> Attempt | None:
        """The attempt that is to be graded."""
        return self.numbered(self.chosen) or self.newest

    def numbered(self, number: int) -> Attempt | None:
        """The attempt with that number."""
        return next((one for one in self.attempts if one.number == number), None)

    @property
    def newest(self) -> Attempt | None:
        """By the time of submission, or by the platform's own numbers; where one is unknown, the last collected."""
        found = self.attempts
        if self._are_timed:
            return max(found, key=lambda one: (one.submitted, one.number), default=None)
        if self._are_numbered:
            return max(found, key=lambda one: (int(one.upload), one.number))
        return max(found, key=lambda one: one.number)

    @property
    def is_in_order(self) -> bool:
        """Whether the platform tells which attempt is the newest."""
        return self._are_timed or self._are_numbered

    @property
    def _are_timed(self) -> bool:
        return all(one.submitted for one in self.attempts)

    @property
    def _are_numbered(self) -> bool:
        one_platform = len({one.platform for one in self.attempts}) == 1
        return one_platform and all(_is_number(one.upload) for one in self.attempts)

    @property
    def marked_late(self) -> str:
        """The platform that says that the hand-in to be graded is late, and not when it came; else empty."""
        one = self.numbered(self.placed)
        return one.platform.capitalize() if one and one.late and not one.submitted else ""

    def reference(self, student: str) -> Reference:
        """Whose hand-in is graded, and what its platform says about it; of a person's own, about the student alone."""
        if one := self.numbered(self.placed):
            return Reference(student, one.display_name, one.submitted, one.number, one.ids)
        if one := self.counts:
            return Reference(student, one.display_name, ids=one.ids)
        return Reference(student)


def folder_of(assignment: Assignment, student: str) -> Path:
    """Where a student's attempts are."""
    return assignment.collected / student


def read(assignment: Assignment, student: str) -> Attempts:
    """A student's attempts; none if nothing was collected. Raises CourseError for a file that is not ours."""
    path = folder_of(assignment, student) / FILE
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("it is too large")
        found = json.loads(path.read_text(encoding="utf-8"))
        attempts = tuple(_attempt(one) for one in found["attempts"])
        return Attempts(attempts, int(found["chosen"]), int(found["placed"]))
    except (FileNotFoundError, NotADirectoryError):
        return Attempts()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(
            f"{path} can't be read ({error}): remove its folder, and collect the downloads again."
        ) from None


def write(assignment: Assignment, student: str, attempts: Attempts) -> None:
    """Write a student's attempts, whole or not at all. Raises CourseError."""
    every = [asdict(one) for one in attempts.attempts]
    found = {"version": 1, "chosen": attempts.chosen, "placed": attempts.placed, "attempts": every}
    replace_text(folder_of(assignment, student) / FILE, json.dumps(found, indent=1) + "\n")


def students(assignment: Assignment) -> list[str]:
    """The students of whom something was collected."""
    return sorted(path.parent.name for path in assignment.collected.glob(f"*/{FILE}"))


def _attempt(found: dict[str, Any]) -> Attempt:
    """An attempt as it was written. Raises LookupError, TypeError or ValueError for anything else."""
    made = Attempt(**{one.name: found[one.name] for one in fields(Attempt)})
    made = replace(made, group=tuple(made.group), ids=dict(made.ids))
    if type(made.number) is not int or type(made.late) is not bool:
        raise ValueError("an attempt's number or mark is of another type")
    texts = [value for value in vars(made).values() if type(value) not in (int, bool, dict, tuple)]
    if not all(isinstance(text, str) for text in [*texts, *made.ids, *made.ids.values(), *made.group]):
        raise ValueError("an attempt has something in it that is no text")
    if made.number < 1 or made.files != str(made.number):
        raise ValueError("an attempt's number or folder is wrong")
    return made


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 40
