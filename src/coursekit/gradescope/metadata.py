"""Gradescope's ``submission_metadata.json``: who handed in, when, when it was due, and what came before.

Nothing in it may keep a submission from being graded, so what is missing or malformed counts as not known.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path
from typing import Any

from coursekit.core.reference import Reference
from coursekit.core.text import one_line

MAX_BYTES = 64 << 20
"""of the file, which holds the results of all earlier submissions"""


@dataclass(frozen=True)
class Earlier:
    """An earlier submission of the same people. counts: it was graded, so that its score stands."""

    submitted: datetime | None
    score: float | None
    counts: bool


@dataclass(frozen=True)
class Metadata:
    """A submission. Names come from students."""

    id: str = ""
    submitted: datetime | None = None
    due: datetime | None = None
    users: tuple[Mapping[str, str], ...] = ()
    earlier: tuple[Earlier, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Metadata:
        """What the file says."""
        try:
            if path.stat().st_size > MAX_BYTES:
                return cls()
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return cls()
        earlier = [_earlier(one) for one in _list(found, "previous_submissions")]
        return cls(
            _text(found, "id"),
            _time(found, "created_at"),
            _time(_get(found, "assignment"), "due_date"),
            tuple({key: _text(one, key) for key in ("id", "name", "email")} for one in _list(found, "users")),
            tuple(sorted(earlier, key=lambda one: one.submitted.timestamp() if one.submitted else -math.inf)),
        )

    @property
    def reference(self) -> Reference:
        """Whose submission it is."""
        first = self.users[0] if self.users else {}
        ids = {"gradescope": self.id, "email": first.get("email", "")}
        if len(self.users) > 1:
            ids["group"] = self.id
        return Reference(
            f"submission-{self.id or 'unknown'}",
            " and ".join(one_line(user["name"], 100) for user in self.users[:20]),
            self.submitted.isoformat() if self.submitted else "",
            len(self.earlier) + 1,
            {key: value for key, value in ids.items() if value},
        )

    @property
    def standing(self) -> float | None:
        """The score of the latest submission that was graded before this one."""
        known = [one.score for one in self.earlier if one.counts and one.score is not None]
        return known[-1] if known else None

    def tries_that_day(self) -> int:
        """How many submissions were graded on this one's day, by the clock where it was handed in."""
        if self.submitted is None:
            return 0
        zone, day = self.submitted.tzinfo, self.submitted.date()
        times = [one.submitted for one in self.earlier if one.counts and one.submitted]
        return sum(1 for time in times if time.astimezone(zone).date() == day and time < self.submitted)

    def said(self) -> list[str]:
        """What a student should know of it: for whom it counts, and whether it is late."""
        sentences = []
        if len(self.users) > 1:
            sentences.append(f"This counts for {len(self.users)} people: {self.reference.display_name}.")
        if self.submitted and self.due and self.submitted > self.due:
            late = _duration((self.submitted - self.due).total_seconds())
            sentences.append(
                f"Handed in {late} after the due date. The points here are without what that may cost: "
                "Gradescope applies the course's rule for late work itself."
            )
        return sentences


def _earlier(found: Any) -> Earlier:
    """An earlier submission; one that says nothing of itself was graded."""
    extra = _get(_get(_get(found, "results"), "extra_data"), "coursekit")
    score = _get(found, "score")
    try:
        known = float(score) if isinstance(score, int | float | str) else math.nan
    except (ValueError, OverflowError):
        known = math.nan
    counts = _get(extra, "counts") is not False
    return Earlier(_time(found, "submission_time"), known if math.isfinite(known) else None, counts)


def _duration(seconds: float) -> str:
    minutes = max(int(seconds) // 60, 1)
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [(days, "d"), (hours, "h"), (0 if days else minutes % 60, "min")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value)


def _get(found: Any, key: str) -> Any:
    return found.get(key) if isinstance(found, dict) else None


def _list(found: Any, key: str) -> list[Any]:
    value = _get(found, key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(found: Any, key: str) -> str:
    value = _get(found, key)
    return one_line(str(value)) if isinstance(value, str | int) else ""


def _time(found: Any, key: str) -> datetime | None:
    """A time with its offset. One without it can't be compared, so it is not known, nor is one at the end of all days,
    which has no date by another clock."""
    value = _get(found, key)
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time and time.tzinfo and MINYEAR < time.year < MAXYEAR else None
