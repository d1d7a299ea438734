"""A summary of the answers of a student's code in a test case: enough to recognise a mistake by its answers.

An answer is taken apart into leaves (arrays, numbers, texts); each leaf is kept as a *sketch*, a few numbers that
two arrays share only when they are equal up to rounding. Everything here comes from a student's process.
"""

from __future__ import annotations

import functools
import math
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

Sketch = list[Any]
"""["a", shape, samples, sums] of numbers; ["s", text]; ["n", items of a container]; ["r", exception's type, message];
["e", how it ended]"""
Leaves = dict[str, Sketch]
"""by place: the call's number, then the path into its answer, as in ``3/0`` or ``3/1/W1``; and CALLS"""

CALLS = "calls"
"""the number of operations in the test, as a place of its own: it says where the test stopped"""
MAX_LEAVES = 60  # of the first calls
MAX_LAST = 60  # of the last calls, where a test stops
MAX_ITEMS = 30  # of one container
MAX_DEPTH = 4
MAX_LIST = 10_000  # numbers of a list that is treated as an array
MAX_INT = 1 << 1000
MAX_TEXT = 80
MAX_SCANNED = 1 << 16  # numbers of an array that are summed
MAX_KEPT = 1 << 12
SAMPLES = 8
DIGITS = 8
RTOL = 1e-5
ATOL = 1e-6  # times the mean size of an array's numbers


class Recorder:
    """Keeps one test case's answers, and makes sketches of them if somebody asks for `leaves`."""

    def __init__(self) -> None:
        self._first: dict[str, Sketch | np.ndarray] = {}
        self._last: deque[tuple[str, Sketch | np.ndarray]] = deque(maxlen=MAX_LAST)
        self._calls = 0
        self._left = MAX_LEAVES  # of one operation

    @property
    def leaves(self) -> Leaves:
        kept = self._first | dict(self._last)
        found = {
            place: _sketch_of(one) if isinstance(one, np.ndarray) else one for place, one in kept.items()
        }
        return found | {CALLS: ["n", self._calls]}

    def note(self, value: Any, raised: Any, changed: list[Any], random_state: Any) -> None:
        """One operation's outcome: its value or the Raised, what it changed in place, the random state if it drew."""
        call, self._calls, self._left = str(self._calls), self._calls + 1, MAX_LEAVES
        if raised is not None:
            self._keep(call, ["r", raised.type, _first_line(raised.message)])
        else:
            self._walk(call, value, 0)
        for number, twin in enumerate(changed[:MAX_ITEMS]):
            self._walk(f"{call}/changed/{number}", twin, 1)
        if random_state is not None:
            self._keep(f"{call}/random/state", ["s", "drawn from"])

    def ended(self, kind: str) -> None:
        """The process was stopped in the next operation."""
        self._keep(str(self._calls), ["e", kind])

    def _keep(self, place: str, leaf: Sketch | np.ndarray) -> None:
        self._left -= 1
        if len(self._first) < MAX_LEAVES:
            self._first[place] = leaf
        else:
            self._last.append((place, leaf))

    def _walk(self, place: str, value: Any, depth: int) -> None:
        if self._left <= 0:
            return
        leaf = _leaf(value)
        if leaf is not None:
            self._keep(place, leaf)
        elif depth < MAX_DEPTH and type(value) in (list, tuple, dict):
            self._keep(place, ["n", len(value)])
            for step, item in _items(value):
                self._walk(f"{place}/{step}", item, depth + 1)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    kind = type(value)
    if kind in (list, tuple):
        for number, item in enumerate(value[:MAX_ITEMS]):
            yield str(number), item
    elif kind is dict:
        for number, (key, item) in zip(range(MAX_ITEMS), value.items(), strict=False):
            short = type(key) is str or type(key) is int and abs(key) < 1 << 63
            yield (str(key)[:MAX_TEXT].replace("/", "|") if short else f"key {number}"), item


def _leaf(value: Any) -> Sketch | np.ndarray | None:
    """The sketch of a leaf, or for fewer than MAX_KEPT numbers a copy of them; None for a value to take apart, or one
    that can't be compared."""
    if type(value) is str:
        return ["s", value[:MAX_TEXT]]
    if value is None:
        return ["s", "None"]
    array = _as_numbers(value)
    if array is None:
        return None
    return array.copy() if array.size < MAX_KEPT else _sketch_of(array)


def _sketch_of(array: np.ndarray) -> Sketch:
    scanned = array.reshape(-1)
    with np.errstate(all="ignore"):
        scanned = scanned[:: scanned.size // MAX_SCANNED + 1].astype(float)
        waves, places = _weights(scanned.size)
        sums = [scanned.sum(), np.abs(scanned).sum(), scanned @ waves]
    samples = scanned[places]
    return ["a", list(array.shape), [_short(x) for x in samples], [_short(x) for x in sums]]


@functools.lru_cache(maxsize=64)
def _weights(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Fixed weights for that many numbers, so that order counts; and which of them are samples."""
    places = np.linspace(0, size - 1, min(SAMPLES, size)).astype(int)
    return np.cos(np.arange(size)), places


def _as_numbers(value: Any) -> np.ndarray | None:
    if issubclass(type(value), np.ndarray | np.generic):  # a proxy refuses isinstance()
        array = np.asarray(value)
        return array.real if array.dtype.kind in "biufc" else None
    if type(value) in (bool, int, float):
        return np.asarray(float(value)) if type(value) is float or abs(value) < MAX_INT else None
    if type(value) is list and _count(value, MAX_LIST, 0) is not None:
        try:
            return np.array(value, float)
        except (ValueError, OverflowError):
            return None
    return None


def _count(value: Any, left: int, depth: int) -> int | None:
    """How many of `left` numbers remain after those of a list of lists; None if it contains anything else."""
    if type(value) in (bool, int, float):
        return left - 1 if left > 0 else None
    if type(value) is not list or not value or depth > MAX_DEPTH or len(value) > left:
        return None
    for item in value:
        remaining = _count(item, left, depth + 1)
        if remaining is None:
            return None
        left = remaining
    return left


def _short(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:MAX_TEXT]


def is_direct(place: str) -> bool:
    """Whether a leaf is an answer or an item of it, not something deeper such as a part of a cache."""
    return place.count("/") <= 1


def close(one: Sketch, other: Sketch) -> bool:
    """Whether two sketches are of the same answer, except for rounding."""
    if one[0] != "a" or other[0] != "a":
        return one == other
    if one[1] != other[1]:
        return False
    size = abs(one[3][1]) / max(1, math.prod(one[1]))
    count = min(math.prod(one[1]), MAX_SCANNED)
    return _near(one[2], other[2], ATOL * size) and _near(one[3], other[3], ATOL * size * count)


def _near(one: list[float], other: list[float], atol: float) -> bool:
    return bool(np.allclose(one, other, rtol=RTOL, atol=atol if math.isfinite(atol) else 0, equal_nan=True))
