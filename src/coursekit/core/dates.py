"""Moments and spans of time as people and spreadsheets write them, in a course's time zone.

All moments are in UTC: Python compares two moments of one time zone by what the clocks show, in the hour that comes
twice too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

YEARS = range(2000, 2200)
MAX_SPAN = timedelta(days=366)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LAST = time(23, 59, 59, 999999)
_DAY = r"""
    (?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+)?
    (?: (?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})
      | (?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.\s?(?P<y2>\d{4})
      | (?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y3>\d{4})
      | (?P<d4>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?P<n4>[^\W\d_]{3,9})[.,]?[\s-]+(?P<y4>\d{4})
      | (?P<n5>[^\W\d_]{3,9})\.?\s+(?P<d5>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y5>\d{4}) )
"""
_TIME = r"""
    (?P<hour>\d{1,2}) (?:[:.h](?P<minute>\d{2}))? (?::(?P<second>\d{2})(?:[.,]\d+)?)?
    \s*(?P<half>[ap]\.?m\.?)? \s*(?:h|uhr|o'clock)?
    \s*(?P<offset>z|utc|gmt|[+-]\d{2}:?\d{2})?
"""
_MOMENT = re.compile(rf"{_DAY}(?:(?:\s*t\s*|\s*,?\s+(?:at\s+)?){_TIME})?", re.VERBOSE)
_NUMBER = r"\d{1,6}(?:[.,]\d{1,4})?"
_DAYS = re.compile(r"\d{1,6}(?:[.,]0{1,4})?")
_UNIT = r"w(?:ee)?ks?|w|days?|d|h(?:ou)?rs?|h|min(?:ute)?s?|m"
_PART = re.compile(rf"({_NUMBER}) ?({_UNIT})(?:,? and |, ?| |$)")
_SHORT = {"day": "d", "hour": "h", "minute": "min"}
_SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60}


@dataclass(frozen=True)
class Span:
    """Days on the calendar, and seconds on the clock: a day in which clocks are changed has 23 or 25 hours."""

    days: int = 0
    seconds: float = 0.0

    @property
    def length(self) -> float:
        """In seconds, of days that have 24 hours."""
        return self.days * 86400 + self.seconds


def placed(wall: date | datetime, zone: tzinfo) -> datetime:
    """A date, or what a clock on the wall shows, as a moment; of an hour that comes twice, the later one.

    A date without a time is the end of that day, and so is 23:59, as on the learning platforms.
    """
    if not isinstance(wall, datetime):
        wall = datetime.combine(wall, _LAST)
    elif (wall.hour, wall.minute, wall.second) == (23, 59, 0):
        wall = wall.replace(second=59, microsecond=999999)
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def moment(text: str, zone: tzinfo) -> datetime:
    """The moment that is written in `text`; of a date without a time, the end of that day.

    ``2026-10-05``, ``2026-10-05 18:00``, ``5.10.2026``, ``5 Oct 2026, 6 pm``, and ISO 8601. Raises ValueError, with a
    sentence, for anything else, and for 5/10/2026, which may be in May or in October.
    """
    words = " ".join(text.casefold().split())
    found = _MOMENT.fullmatch(words)
    if not found:
        raise ValueError("is no date: write it as 2026-10-05 or 2026-10-05 18:00")
    day = _day(found)
    if found["hour"] is None:
        return placed(day, zone)
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("has a time that does not exist")
        hour = hour % 12 + 12 * found["half"].startswith("p")
    try:
        at = _LAST if (hour, minute, second) == (24, 0, 0) else time(hour, minute, second)
    except ValueError:
        raise ValueError("has a time that does not exist") from None
    return placed(datetime.combine(day, at, _offset(found["offset"])), zone)


def _day(found: re.Match[str]) -> date:
    year, month, number = (
        next(filter(None, (found[part + n] for n in numbers if part + n in found.re.groupindex)), "")
        for part, numbers in (("y", "12345"), ("m", "12"), ("d", "1245"))
    )
    if found["a"]:
        first, second = int(found["a"]), int(found["b"])
        if first <= 12 and second <= 12 and first != second:
            raise ValueError(f"may be in month {first} or in month {second}: write it as 2026-10-05")
        month, number = (found["a"], found["b"]) if second > 12 else (found["b"], found["a"])
    if name := found["n4"] or found["n5"]:
        if name[:3] not in _MONTHS:
            raise ValueError(f"has no month that is known here ({name}): write it as 2026-10-05")
        month = str(_MONTHS.index(name[:3]) + 1)
    if int(year) not in YEARS:
        raise ValueError(f"is in the year {year}")
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise ValueError("is a day that does not exist") from None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("z", "utc", "gmt"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError("has an offset from UTC that does not exist")
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def span(text: str) -> Span:
    """The length of time in `text`: ``3 days``, ``+3d``, ``1 week``, ``1 day 12 hours``; a bare number means days.

    A spreadsheet makes 3 of a typed +3. Raises ValueError, with a sentence, for anything else, and for 5.10, which may
    be a day in October.
    """
    words = " ".join(text.casefold().split()).removeprefix("+").strip()
    if _DAYS.fullmatch(words):
        words += " days"
    days, seconds, at = 0.0, 0.0, 0
    while found := _PART.match(words, at):
        amount = float(found[1].replace(",", ".")) * _SECONDS[found[2][0]]
        if found[2][0] in "wd" and amount % 86400 == 0:
            days += amount // 86400
        else:
            seconds += amount
        at = found.end()
    if not words or at < len(words):
        raise ValueError("is no length of time: write it as '3 days', '12 hours' or '15 minutes'")
    if days * 86400 + seconds > MAX_SPAN.total_seconds():
        raise ValueError("is longer than a year")
    return Span(int(days), seconds)


def later(start: datetime, by: Span, zone: tzinfo) -> datetime:
    """`start` and a span: days keep the time that the clock on the wall shows."""
    at = start
    if by.days:
        at = placed(start.astimezone(zone).replace(tzinfo=None) + timedelta(days=by.days), zone)
    return at + timedelta(seconds=by.seconds)


def days_begun(due: datetime, moment: datetime, zone: tzinfo) -> int:
    """How many days after `due` have begun at `moment`; a day ends when the clock shows the time of `due` again."""
    if moment <= due:
        return 0
    days = int((moment - due).total_seconds() // 86400)  # or one more, or two: clocks are changed by an hour
    return next(days + more for more in range(-1, 3) if later(due, Span(days + more), zone) >= moment)


def in_words(seconds: float, *, short: bool = False) -> str:
    """A length of time as people say it, in its two largest units: 1 day 3 hours, or 1 d 3 h."""
    minutes = max(round(seconds / 60), 1) if seconds > 0 else 0
    amounts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    first = next((n for n, (amount, _) in enumerate(amounts) if amount), 2)
    words = [
        f"{amount} {_SHORT[unit] if short else unit + 's' * (amount != 1)}"
        for amount, unit in amounts[first : first + 2]
        if amount
    ]
    return " ".join(words) or "0 minutes"


def shown(moment: datetime, zone: tzinfo) -> str:
    """A moment as the class sees it: 2026-10-05 23:59 CEST."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
