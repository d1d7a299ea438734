"""nbgrader's ``timestamp.txt``: when a submission was handed in. It lies in its folder, but is no part of the work."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

NAME = "timestamp.txt"
MAX_BYTES = 100
_FORM = re.compile(
    r"(?a)\s*(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)"
    r"\s?(?:(?P<offset>[+-]\d\d:?\d\d)|(?P<zone>[A-Za-z][\w/+-]{0,40}))?\s*"
)


def parsed(text: str) -> datetime | None:
    """A time as nbgrader and Ruby write it, with an offset or a zone; without one it is UTC. None for anything else.

    nbgrader takes a zone that it does not know for UTC. Here, such a time is unknown.
    """
    found = _FORM.fullmatch(text)
    if not found:
        return None
    second, _, fraction = found["time"].partition(".")
    if len(second) == 5:
        second += ":00"
    try:
        zone = _zone(found["offset"], found["zone"])
        when = datetime.fromisoformat(f"{found['day']}T{second}.{fraction[:6]:0<6}")
        return when.replace(tzinfo=zone).astimezone(UTC) if zone else None
    except (ValueError, OverflowError):
        return None


def is_timestamp(data: bytes) -> bool:
    """Whether the bytes of a file of that NAME are a time, and so nbgrader's and not the student's."""
    return len(data) <= MAX_BYTES and parsed(data.decode(errors="replace")) is not None


def written(when: datetime) -> str:
    """The text of the file, in nbgrader's own form."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _zone(offset: str | None, name: str | None) -> tzinfo | None:
    if offset:
        minutes = int(offset[1:3]) * 60 + int(offset[-2:])
        return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    if not name or name in ("Z", "UTC", "GMT"):
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, LookupError, ValueError):
        return None
