"""Whose submission it is: a folder's name, and what a learning platform may know besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursekit.core.text import seen


@dataclass(frozen=True)
class Reference:
    """A submission's student, and what a learning platform says about it.

    student: the name used for files, unique in the class. submitted: the time of submission in ISO 8601.
    attempt: from 1; 0 if unknown. ids: the platform's own, such as {"canvas_user": "1234"}.
    """

    student: str
    display_name: str = ""
    submitted: str = ""
    attempt: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The fields that are known."""
        known = {
            "display_name": self.display_name,
            "submitted": self.submitted,
            "attempt": self.attempt,
            "ids": dict(self.ids),
        }
        return {"student": self.student, **{key: value for key, value in known.items() if value}}


def lookalikes(students: Iterable[str]) -> list[str]:
    """A sentence for each group of students whose names a reader can't tell apart.

    Such names differ in case, in their Unicode form, in spaces or in what is invisible.
    """
    groups: dict[str, list[str]] = {}
    for student in sorted(set(students)):
        groups.setdefault(seen(student).casefold(), []).append(ascii(student[:100]))
    return [
        f"{len(names)} students have names that look the same: {', '.join(names)}. Each has a result of their own; "
        "check that each hand-in has the right name."
        for names in groups.values()
        if len(names) > 1
    ]
