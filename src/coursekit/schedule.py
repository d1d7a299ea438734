"""A course's ``course.toml``: its title, due dates, what lateness costs, and the platforms' ids of the assignments.

The file is optional, and so is everything in it. What is wrong in it is said, and never passed over.
"""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from coursekit.core.course import Course
from coursekit.core.dates import YEARS, Span, later, moment, placed, span
from coursekit.core.errors import CourseError
from coursekit.core.text import meant

FILE_NAME = "course.toml"
MAX_BYTES = 1 << 20
PLATFORMS = ("canvas", "classroom50", "github", "gradescope", "moodle", "nbgrader", "zylabs")
"""platforms of which an assignment can have an id"""
POLICIES = ("none", "zero", "percent")
SHARES = ("earned", "possible")
_LATE = ("policy", "percent_per_day", "percent_of", "at_most", "grace", "free_days")


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs in an assignment.

    kind: "none" (nothing), "zero" (everything) or "percent" (`percent` for each day begun, `at_most` in all; of the
    points earned, or of all points possible). grace: lateness that is none. free_days: at most so many days of the
    course's budget go to this assignment.
    """

    kind: str = "none"
    percent: float = 0.0
    percent_of: str = "earned"
    at_most: float = 100.0
    grace: Span = Span()
    free_days: int = 0


@dataclass(frozen=True)
class Schedule:
    """What ``course.toml`` says. due, late, platform_ids: by assignment. free_days: each student's budget."""

    title: str = ""
    zone: tzinfo = UTC
    due: Mapping[str, datetime] = field(default_factory=dict)
    late: Mapping[str, LatePolicy] = field(default_factory=dict)
    free_days: int = 0
    platform_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, course: Course) -> Schedule:
        """The course's schedule; without the file, an empty one. Raises CourseError, with the key and a remedy."""
        path = course.root / FILE_NAME
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise CourseError(f"{path} can't be read: {error.strerror}.") from error
        if len(data) > MAX_BYTES:
            raise CourseError(f"{path} is larger than {MAX_BYTES >> 20} MiB: it can't be a course's.")
        try:
            return _schedule(tomllib.loads(data.decode("utf-8-sig")), course)
        except UnicodeDecodeError:
            raise CourseError(f"{path} is not UTF-8: save it in that encoding.") from None
        except tomllib.TOMLDecodeError as error:
            raise CourseError(
                f"{path} is not TOML: {error}. Texts, file names, and dates such as 26.10.2026 go into quotes."
            ) from None
        except RecursionError:
            raise CourseError(f"{path} is nested too deeply.") from None
        except _Mistake as mistake:
            raise CourseError(f"{path}: {mistake}") from None

    def due_for(self, assignment: str, extension: str = "") -> datetime | None:
        """When the assignment is due, for somebody with that extension; None if it has no due date.

        Raises ValueError, with a sentence, for an extension that can't be read or is none.
        """
        due = self.due.get(assignment)
        if due is None or not is_extension(extension):
            return due
        is_date = re.search(r"\d{4}", extension)
        extended = moment(extension, self.zone) if is_date else later(due, span(extension), self.zone)
        if extended < due:
            raise ValueError("is before the due date")
        return extended

    def policy(self, assignment: str) -> LatePolicy:
        return self.late.get(assignment, LatePolicy())

    def platform_id(self, platform: str, assignment: str) -> str | None:
        """The id that an assignment has on a platform."""
        return self.platform_ids.get(assignment, {}).get(platform)


def is_extension(text: str) -> bool:
    """Whether a cell for an extension grants one: it may say that there is none."""
    return text.strip().casefold() not in ("", "-", "–", "0", "no", "none")


class _Mistake(Exception):
    """Something wrong in the file: which key, what, and what to write."""


def _schedule(found: Mapping[str, Any], course: Course) -> Schedule:
    _only(found, ("title", "time_zone", "late", "assignments"), "")
    names = [assignment.name for assignment in course.assignments()]
    tables = _table(found, "assignments", "assignments")
    for name in tables:
        if name not in names:
            raise _Mistake(
                f"assignments.{name} is no assignment of this course{meant(name, names)} There are "
                f"{', '.join(names) or 'none yet'}."
            )
    zone = _zone(found)
    everyones = _table(found, "late", "late")
    policy = _policy(everyones, "late", LatePolicy())
    due, late, ids = {}, {}, {}
    for name in tables:
        where = f"assignments.{name}"
        table = _table(tables, name, where)
        _only(table, ("due", "late", *PLATFORMS), where)
        if "due" in table:
            due[name] = _due(table["due"], f"{where}.due", zone)
        own = _table(table, "late", f"{where}.late")
        late[name] = _policy(own, f"{where}.late", policy)
        if own.get("free_days") and not policy.free_days:
            raise _Mistake(
                f"{where}.late.free_days is a part of the course's free days: write free_days into [late] too."
            )
        ids[name] = {one: _id(table[one], f"{where}.{one}") for one in PLATFORMS if one in table}
    late = {name: late.get(name, policy) for name in names}
    if policy.free_days and all(one.kind == "none" for one in late.values()):
        raise _Mistake(
            'late.free_days has no use where lateness costs nothing: write policy = "percent" or "zero" too.'
        )
    return Schedule(_text(found, "title", "title"), zone or UTC, due, late, policy.free_days, ids)


def _zone(found: Mapping[str, Any]) -> tzinfo | None:
    name = _text(found, "time_zone", "time_zone")
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
    if not known:
        raise _Mistake("time_zone can't be looked up, since this machine has no time zones: install tzdata.")
    raise _Mistake(
        f"time_zone is {name!r}, which is no time zone{meant(name, known)} Write a name such as "
        "'Europe/Zurich' or 'America/New_York'."
    )


def _due(value: Any, where: str, zone: tzinfo | None) -> datetime:
    if isinstance(value, (str, date)) and zone is None:
        raise _Mistake(
            f'{where} needs a time zone: add a line time_zone = "Europe/Zurich", or yours, at the file\'s top.'
        )
    if isinstance(value, date) and zone:
        if value.year not in YEARS:
            raise _Mistake(f"{where} is in the year {value.year}.")
        return placed(value, zone)
    if isinstance(value, str) and zone:
        try:
            return moment(value, zone)
        except ValueError as error:
            raise _Mistake(f"{where}: {value!r} {error}.") from None
    hint = " A time needs its day." if isinstance(value, time) else ""
    raise _Mistake(
        f'{where} is {_said(value)}: write a date, such as 2026-10-05 or "2026-10-05 18:00".{hint}'
    )


def _policy(found: Mapping[str, Any], where: str, other: LatePolicy) -> LatePolicy:
    """The policy in a table; what it does not say is as in the other one."""
    _only(found, _LATE, where)
    kind = _one_of(found, "policy", where, POLICIES, other.kind)
    if kind != "percent" and (extra := [key for key in _LATE[1:4] if key in found]):
        raise _Mistake(f'{where}.{extra[0]} is for policy = "percent", and the policy is {kind!r}.')
    percent = _percent(found, "percent_per_day", where, other.percent)
    if kind == "percent" and not percent:
        raise _Mistake(f"{where}.percent_per_day is missing: write what a day costs, such as 10.")
    free_days = found.get("free_days", other.free_days)
    if isinstance(free_days, bool) or not isinstance(free_days, int) or not 0 <= free_days <= 366:
        raise _Mistake(f"{where}.free_days is {_said(free_days)}: write a number of days, such as 5.")
    grace = other.grace
    if "grace" in found:
        try:
            grace = span(str(found["grace"]) if isinstance(found["grace"], str) else "")
        except ValueError:
            raise _Mistake(
                f'{where}.grace is {_said(found["grace"])}: write a length of time, such as "15 minutes".'
            ) from None
    return LatePolicy(
        kind,
        percent,
        _one_of(found, "percent_of", where, SHARES, other.percent_of),
        _percent(found, "at_most", where, other.at_most),
        grace,
        free_days,
    )


# ---- values, checked


def _only(found: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    known = list(known)
    for key in found:
        if key not in known:
            named = f"{where}.{key}" if where else key
            place = f"in [{where}]" if where else "at the top of the file"
            raise _Mistake(f"{named} is unknown{meant(key, known)} The keys {place} are {', '.join(known)}.")


def _table(found: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = found.get(key, {})
    if not isinstance(value, dict):
        raise _Mistake(f"{where} is {_said(value)}, not a table: write [{where}] and its keys below.")
    return value


def _text(found: Mapping[str, Any], key: str, where: str) -> str:
    value = found.get(key, "")
    if not isinstance(value, str):
        raise _Mistake(f"{where} is {_said(value)}: write a text in quotes.")
    return value.strip()


def _one_of(found: Mapping[str, Any], key: str, where: str, known: tuple[str, ...], default: str) -> str:
    value = found.get(key, default)
    if not isinstance(value, str) or value not in known:
        choice = ", ".join(f'"{one}"' for one in known)
        close = meant(value, known) if isinstance(value, str) else "."
        raise _Mistake(f"{where}.{key} is {_said(value)}{close} Write one of {choice}.")
    return value


def _percent(found: Mapping[str, Any], key: str, where: str, default: float) -> float:
    value = found.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise _Mistake(f"{where}.{key} is {_said(value)}: write a number from 0 to 100, the percent.")
    return float(value)


def _id(value: Any, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
        raise _Mistake(
            f'{where} is {_said(value)}: write the platform\'s id of the assignment, such as "4711".'
        )
    return str(value).strip()


def _said(value: Any) -> str:
    text = ascii(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
