"""What a test has read of a student's objects since the last call: the same question gets the same answer.

An object that stays in the student's process could answer each reading as suits it: the right draws to the assertion,
zeros to the line that computes with them; four names to `in`, none to the loop. So an answer is kept until the next
call of a function or method, which may rightly change the object, and answers that contradict each other (a length and
a loop, `in` and a loop) end the test case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.core.errors import CaseEnded
from coursekit.sandbox.inside import wire
from coursekit.sandbox.proxies import HANDLES, behind

CALLS = frozenset(
    """call setattr delattr setitem delitem enter exit iadd isub imul imatmul itruediv ifloordiv imod ipow iand ior ixor
    ilshift irshift""".split()
)
"""The operations that may change a student's object, and what was passed to it. All others are readings."""
EACH_TIME_ANOTHER = frozenset({"next", "copy", "deepcopy", "reversed"})
MAX_KEY_BYTES = 1 << 16

Key = tuple[Any, ...] | None


def key_of(op: str, args: tuple[Any, ...]) -> Key:
    """What a reading is remembered under; None for one that is made each time, since no two are of the same."""
    if op in EACH_TIME_ANOTHER:
        return None
    try:
        return op, *map(_identity, args)
    except LookupError:
        return None


def _identity(value: Any) -> tuple[Any, ...]:
    """Equal for the same handle and for equal plain values of one type. LookupError where there is none such."""
    kind = type(value)
    if kind in HANDLES:
        return "handle", behind(value).number
    if kind in (float, complex):
        return kind, repr(value)
    if kind in wire.KEYS:
        return kind, value
    if kind in (tuple, list):
        return kind, *map(_identity, value)
    if kind is slice:
        return kind, *map(_identity, (value.start, value.stop, value.step))
    if isinstance(value, np.generic | np.ndarray) and value.dtype != object and value.nbytes <= MAX_KEY_BYTES:
        return kind, value.dtype.str, value.shape, value.tobytes()
    raise LookupError


@dataclass
class Loop:
    """A loop over an object: its iterator in the student's process, and the items that have come so far."""

    iterator: Any
    items: list[Any] = field(default_factory=list)
    complete: bool = False


@dataclass
class Facts:
    """What an object has said of what it holds. Each method raises CaseEnded on a contradiction."""

    items: list[Any] | None = None
    length: int | None = None
    contains: dict[Any, bool] = field(default_factory=dict)
    values: dict[Any, Any] = field(default_factory=dict)

    def list_items(self, items: list[Any], name: str) -> None:
        if self.items is not None and _plain(self.items) and _plain(items) and set(self.items) != set(items):
            raise _contradiction(name, "lists other things each time")
        self.items = items
        self._check(name)

    def has_length(self, length: int, name: str) -> None:
        self.length = length
        self._check(name)

    def holds(self, key: Any, answer: bool, name: str) -> None:
        if _plain([key]):
            self.contains[key] = answer
            self._check(name)

    def has_item(self, key: Any, value: Any, name: str) -> None:
        if not _plain([key]):
            return
        if key in self.values and not _same(self.values[key], value):
            raise _contradiction(name, f"gives another value for {str(key)[:50]!r} each time")
        self.values[key] = value

    def _check(self, name: str) -> None:
        if self.items is None:
            return
        if self.length is not None and self.length != len(self.items):
            raise _contradiction(name, f"has the length {self.length}, but lists {len(self.items)}")
        if self.contains and _plain(self.items):
            listed = set(self.items)
            for key, answer in self.contains.items():
                if answer != (key in listed):
                    says = (
                        ("says that it holds", "does not list")
                        if answer
                        else ("lists", "says that it does not")
                    )
                    raise _contradiction(name, f"{says[0]} {str(key)[:50]!r}, but {says[1]} it")


def _same(one: Any, other: Any) -> bool:
    """Whether two answers are the same object, or plain values of the same bytes."""
    if one is other or type(one) in HANDLES or type(other) in HANDLES:
        return one is other
    try:
        return _identity(one) == _identity(other)
    except LookupError:  # too large, or of parts that can't be told apart
        return bool(np.array_equal(one, other, equal_nan=True)) if isinstance(one, np.ndarray) else True


def _plain(items: list[Any]) -> bool:
    return all(type(item) in (str, int, bool, type(None)) for item in items)


def _contradiction(name: str, what: str) -> CaseEnded:
    return CaseEnded("contradiction", f"the {name} that your code returned contradicts itself: it {what}")


class Memory:
    """What has been read since the last call."""

    def __init__(self) -> None:
        self._answers: dict[Key, tuple[Any, Any]] = {}
        self._loops: dict[int, Loop] = {}
        self._facts: dict[int, Facts] = {}
        self._gone_through: dict[int, list[Any]] = {}  # kept for good: such a one never begins again

    def forget(self) -> None:
        self._answers.clear()
        self._loops.clear()
        self._facts.clear()

    def recall(self, key: Key) -> tuple[Any, Any] | None:
        """The value and what was raised, or None when it has not been read."""
        return self._answers.get(key) if key else None

    def keep(self, key: Key, value: Any, raised: Any) -> None:
        if key:
            self._answers[key] = value, raised

    def facts(self, number: int) -> Facts:
        return self._facts.setdefault(number, Facts())

    def loop(self, number: int, start: Callable[[], Any]) -> Loop:
        """The loop over the object of that number; `start` gives its iterator."""
        if number not in self._loops:
            self._loops[number] = Loop(start())
        return self._loops[number]

    def gone_through(self, number: int, following: Callable[[], Any]) -> Iterator[Any]:
        """What is left of an iterator, or all that came in the loop that emptied it."""
        if number in self._gone_through:
            yield from self._gone_through[number]
            return
        items = []
        while True:
            try:
                item = following()
            except StopIteration:
                self._gone_through[number] = items
                return
            items.append(item)
            yield item
