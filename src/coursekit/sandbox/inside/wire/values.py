"""Values that cannot change, and how each crosses: as itself, or as [tag, *parts].

None, bools, floats, texts and 64-bit integers cross as themselves. For every other type FORMS has an entry.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .arrays import from_bytes, is_known_dtype, known_dtype
from .errors import WireError

MAX_DEPTH = 40  # of tuples in tuples
MAX_INT_DIGITS = 4096
MAX_RANGE = 10_000_000


class Form(NamedTuple):
    """How the values of one type cross.

    The receiver makes the value of parts that may be anything: `make` checks each, and raises ValueError, TypeError,
    KeyError or ArithmeticError where one is malformed.
    """

    tag: str
    type: type
    parts: Callable[[Any], Any]
    """what is sent of a value"""
    make: Callable[..., Any]
    """the value again: make(*parts), or make(items) of a nested form"""
    nested: bool = False
    """the parts are values themselves, in one list: [tag, [items]]"""
    hashed: bool = False
    """the nested items are hashed, so that each has to be a key"""
    is_key: bool = True
    """hash and equality are the same on both sides; a nested value's are when its items' are"""
    subclasses: bool = False
    """values of subclasses cross too, as this type"""
    fits: Callable[[Any], bool] | None = None
    """which of the type's values can cross; None where all can"""


def form_of(value: Any) -> Form | None:
    """The form in which a value crosses, or None."""
    kind = type(value)
    form = BY_TYPE.get(kind)
    if form is None:
        form = next((form for form in WITH_SUBCLASSES if issubclass(kind, form.type)), None)
    return form if form is not None and (form.fits is None or form.fits(value)) else None


def is_key(value: Any, depth: int = 0) -> bool:
    """Whether a key's hash and equality are the same on both sides."""
    kind = type(value)
    if kind in (tuple, frozenset) and depth <= MAX_DEPTH:
        return all(is_key(item, depth + 1) for item in value)
    return kind in KEYS or issubclass(kind, (str, np.generic))


# ---- checks


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError
    return value


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError
    return value


# ---- numbers


def _hex(value: int) -> str:
    digits = hex(value)
    if len(digits) > MAX_INT_DIGITS:
        raise WireError("an integer that is too long to be passed")
    return digits


def _integer(digits: Any) -> int:
    if type(digits) is not str or len(digits) > MAX_INT_DIGITS:
        raise ValueError
    return int(digits, 16)


def _complex(real: Any, imag: Any) -> complex:
    return complex(_exactly(float, real), _exactly(float, imag))


def _decimal(text: Any) -> decimal.Decimal:
    if type(text) is not str or len(text) > MAX_INT_DIGITS or not text.isascii():
        raise ValueError
    return decimal.Decimal(text)


def _fraction(top: Any, bottom: Any) -> fractions.Fraction:
    return fractions.Fraction(_integer(top), _integer(bottom))


def _numpy_scalar(name: Any, data: Any) -> Any:
    dtype = known_dtype(name)
    if type(data) is not bytes or len(data) != dtype.itemsize or not data:
        raise ValueError
    return from_bytes(np.frombuffer(data, np.uint8), dtype, [1])[0]


# ---- slices and ranges


def _ends(value: slice | range) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


def _slice(ends: list[Any]) -> slice:
    start, stop, step = ends
    return slice(start, stop, step)


def _range(ends: list[Any]) -> range:
    # A proxy among them would be asked for its number in the middle of a message.
    start, stop, step = (_exactly(int, end) for end in ends)
    found = range(start, stop, step)
    if len(found) > MAX_RANGE:
        raise ValueError
    return found


# ---- dates and times


def _has_fixed_zone(value: datetime.datetime | datetime.time) -> bool:
    return type(value.tzinfo) in (type(None), datetime.timezone)


def _zone(value: Any) -> int | None:
    """The distance from UTC in seconds, or None."""
    return None if value.tzinfo is None else int(value.utcoffset().total_seconds())


def _timezone(seconds: Any) -> datetime.timezone | None:
    if seconds is None:
        return None
    return datetime.timezone(datetime.timedelta(seconds=_whole(seconds, -86399, 86399)))


def _clock(value: datetime.datetime | datetime.time) -> list[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, value.fold, _zone(value)]


def _clock_arguments(
    hour: Any, minute: Any, second: Any, microsecond: Any, fold: Any, zone: Any
) -> tuple[list[int], dict[str, Any]]:
    numbers = [_whole(number, 0, 999_999) for number in (hour, minute, second, microsecond)]
    return numbers, {"tzinfo": _timezone(zone), "fold": _whole(fold, 0, 1)}


def _date(day: Any) -> datetime.date:
    return datetime.date.fromordinal(_whole(day, 1, datetime.date.max.toordinal()))


def _datetime(day: Any, *clock: Any) -> datetime.datetime:
    numbers, keywords = _clock_arguments(*clock)
    date = _date(day)
    return datetime.datetime(date.year, date.month, date.day, *numbers, **keywords)


def _time(*clock: Any) -> datetime.time:
    numbers, keywords = _clock_arguments(*clock)
    return datetime.time(*numbers, **keywords)


def _timedelta(days: Any, seconds: Any, microseconds: Any) -> datetime.timedelta:
    return datetime.timedelta(
        _whole(days, -999_999_999, 999_999_999), _whole(seconds, 0, 86399), _whole(microseconds, 0, 999_999)
    )


# ---- the table

FORMS = (
    Form("t", tuple, list, tuple, nested=True, is_key=False),
    Form("f", frozenset, list, frozenset, nested=True, hashed=True, is_key=False),
    Form("s", slice, _ends, _slice, nested=True, is_key=False),
    Form("r", range, _ends, _range, nested=True),
    Form("i", int, lambda value: [_hex(value)], _integer),
    Form("c", complex, lambda value: [value.real, value.imag], _complex),
    Form("b", bytearray, lambda value: [bytes(value)], lambda data: _exactly(bytes, data), is_key=False),
    Form("b", bytes, lambda value: [value], lambda data: _exactly(bytes, data)),
    Form("e", type(Ellipsis), lambda value: [], lambda: Ellipsis),
    Form("date", datetime.date, lambda value: [value.toordinal()], _date),
    Form(
        "datetime",
        datetime.datetime,
        lambda value: [value.toordinal(), *_clock(value)],
        _datetime,
        fits=_has_fixed_zone,
    ),
    Form("time", datetime.time, _clock, _time, fits=_has_fixed_zone),
    Form(
        "timedelta",
        datetime.timedelta,
        lambda value: [value.days, value.seconds, value.microseconds],
        _timedelta,
    ),
    Form("decimal", decimal.Decimal, lambda value: [str(value)], _decimal),
    Form(
        "fraction",
        fractions.Fraction,
        lambda value: [_hex(value.numerator), _hex(value.denominator)],
        _fraction,
    ),
    Form(
        "n",
        np.generic,
        lambda value: [value.dtype.str, value.tobytes()],
        _numpy_scalar,
        subclasses=True,
        fits=lambda value: is_known_dtype(value.dtype),
    ),
    Form(
        "y",
        np.dtype,
        lambda value: [value.str],
        known_dtype,
        is_key=False,
        subclasses=True,
        fits=is_known_dtype,
    ),
)
BY_TYPE = {form.type: form for form in FORMS}
BY_TAG = {form.tag: form for form in FORMS}
WITH_SUBCLASSES = [form for form in FORMS if form.subclasses]
KEYS = frozenset(
    {type(None), bool, float, str, *(form.type for form in FORMS if form.is_key and not form.subclasses)}
)
"""the exact types whose every value is a key"""
