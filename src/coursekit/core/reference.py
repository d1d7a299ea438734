"""Whose submission it is: more than a folder's name, where a platform knows more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reference:
    """A submission's student, and what a learning platform says of it.

    student: the name that files are called by, unique in the class. submitted: the time of submission in ISO 8601.
    attempt: from 1; 0 when unknown. ids: the platform's own, such as {"canvas_user": "1234"}.
    """

    student: str
    display_name: str = ""
    submitted: str = ""
    attempt: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What is known, without what is not."""
        known = {
            "display_name": self.display_name,
            "submitted": self.submitted,
            "attempt": self.attempt,
            "ids": dict(self.ids),
        }
        return {"student": self.student, **{key: value for key, value in known.items() if value}}
