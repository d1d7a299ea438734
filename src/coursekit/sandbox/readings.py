"""Everything a test has read from a student's objects since the last call: the same question gets the same answer.

An object that stays in the student's process could answer each reading differently: show an assertion the right random
numbers, and zeros to the line that computes with them; have four names for `in`, and none for a loop. So answers are
kept until the next call of a function or method, which may change the object. Answers that contradict each other (a
length and a loop, `in` and a loop) end the test case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.core.errors import CaseEnded
from coursekit.sandbox.inside import wire
from coursekit.sandbox.inside.operations import OPERATIONS
from coursekit.sandbox.proxies import MAPPINGS, PROXIES, Proxy, target_of
from coursekit.sandbox.raised import Raised

MAX_KEY_BYTES = 1 << 16  # of an array in a request

Key = tuple[Any, ...] | None


def key_of(op: str, args: tuple[Any, ...]) -> Key:
    """The key under which a reading is remembered; None for one that is carried out each time."""
    if OPERATIONS[op].each_time:
        return None
    try:
        return op, *map(_identity, args)
    except LookupError:
        return None


def _identity(value: Any) -> tuple[Any, ...]:
    """Equal for the same proxy and for equal plain values of one type. Raises LookupError for other values."""
    kind = type(value)
    if kind in PROXIES:
        return "proxy", target_of(value).number
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
    """A loop over an object: its iterator in the student's process, and the items so far."""

    iterator: Any
    items: list[Any] = field(default_factory=list)
    complete: bool = False


@dataclass
class Facts:
    """The answers of an object about its content. Each method raises CaseEnded on a contradiction.

    name: of the object's type. Only items and keys that are strings, integers, booleans or None are compared.
    """

    name: str
    items: list[Any] | None = None
    length: int | None = None
    contains: dict[Any, bool] = field(default_factory=dict)
    values: dict[Any, Any] = field(default_factory=dict)

    def list_items(self, items: list[Any]) -> None:
        if self.items is not None and _plain(self.items) and _plain(items) and set(self.items) != set(items):
            raise self._contradiction("lists different items each time")
        self.items = items
        self._check()

    def has_listed(self, method: str, items: list[Any]) -> None:
        """Note the result of its keys(), values() or items()."""
        if method == "keys":
            self.list_items(items)
        if method == "items":
            for pair in items:
                if type(pair) is tuple and len(pair) == 2:
                    self.has_item(*pair)

    def has_length(self, length: int) -> None:
        self.length = length
        self._check()

    def holds(self, key: Any, answer: bool) -> None:
        if _plain([key]):
            self.contains[key] = answer
            self._check()

    def has_item(self, key: Any, value: Any) -> None:
        if not _plain([key]):
            return
        if key in self.values and not _same(self.values[key], value):
            raise self._contradiction(f"gives a different value for {str(key)[:50]!r} each time")
        self.values[key] = value

    def _check(self) -> None:
        if self.items is None:
            return
        if self.length is not None and self.length != len(self.items):
            raise self._contradiction(
                f"has the length {self.length}, but a loop over it gives {len(self.items)} items"
            )
        if not self.contains or not _plain(self.items):
            return
        listed = set(self.items)
        for key, answer in self.contains.items():
            quoted = repr(str(key)[:50])
            if answer and key not in listed:
                raise self._contradiction(
                    f"says that it contains {quoted}, but a loop over it does not give that"
                )
            if not answer and key in listed:
                raise self._contradiction(
                    f"says that it does not contain {quoted}, but a loop over it gives that"
                )

    def _contradiction(self, what: str) -> CaseEnded:
        return CaseEnded(
            "contradiction", f"the {self.name} that your code returned contradicts itself: it {what}"
        )


def _same(one: Any, other: Any) -> bool:
    """Whether two answers are the same object, or plain values of the same bytes."""
    if one is other or type(one) in PROXIES or type(other) in PROXIES:
        return one is other
    try:
        return _identity(one) == _identity(other)
    except LookupError:  # too large, or with parts that can't be compared
        return bool(np.array_equal(one, other, equal_nan=True)) if isinstance(one, np.ndarray) else True


def _plain(items: list[Any]) -> bool:
    return all(type(item) in (str, int, bool, type(None)) for item in items)


class Readings:
    """Everything that was read since the last call."""

    def __init__(self) -> None:
        self._answers: dict[Key, tuple[Any, Raised | None]] = {}
        self._loops: dict[int, Loop] = {}
        self._facts: dict[int, Facts] = {}
        self._views: dict[
            int, tuple[Facts, str]
        ] = {}  # by a view's number: the facts of its object, and the method
        self._gone_through: dict[int, list[Any]] = {}  # never forgotten: an iterator does not start again

    def forget(self) -> None:
        self._answers.clear()
        self._loops.clear()
        self._facts.clear()
        self._views.clear()

    def recall(self, key: Key) -> tuple[Any, Raised | None] | None:
        """The value and the exception, or None if it has not been read."""
        return self._answers.get(key) if key else None

    def keep(self, key: Key, value: Any, raised: Raised | None) -> None:
        if key:
            self._answers[key] = value, raised

    def facts(self, proxy: Proxy) -> Facts:
        target = target_of(proxy)
        return self._facts.setdefault(target.number, Facts(target.name))

    def check(self, op: str, args: tuple[Any, ...], value: Any) -> None:
        """Raise CaseEnded if a reading's value contradicts another."""
        if op not in ("len", "contains", "getitem") or type(args[0]) not in PROXIES:
            return
        kind = target_of(args[0]).kind
        if op == "getitem":
            self.facts(args[0]).has_item(args[1], value)
        if op == "len" and type(value) is int and kind != "array":
            self.facts(args[0]).has_length(value)
        if op == "contains" and kind in MAPPINGS and type(value) is bool:
            self.facts(args[0]).holds(args[1], value)

    def note_view(self, view: Proxy, proxy: Proxy, method: str) -> None:
        """Note that `view` came from an object's keys(), values() or items(): a loop over it has to agree too.

        Except for an iterator: a test may have taken items from it before the loop.
        """
        self._views[target_of(view).number] = self.facts(proxy), method

    def loop(self, number: int, start: Callable[[], Any]) -> Loop:
        """The loop over the object with that number; `start` gives its iterator."""
        if number not in self._loops:
            self._loops[number] = Loop(start())
        return self._loops[number]

    def complete(self, proxy: Proxy, loop: Loop) -> None:
        """Note that a loop over an object has ended. Raises CaseEnded if that contradicts another reading."""
        loop.complete = True
        target = target_of(proxy)
        if self._loops.get(target.number) is not loop:
            return  # there was a call in the meantime
        if target.kind != "array":
            self.facts(proxy).list_items(loop.items)
        if target.number in self._views:
            facts, method = self._views[target.number]
            facts.has_listed(method, loop.items)

    def gone_through(self, number: int, following: Callable[[], Any]) -> Iterator[Any]:
        """The rest of an iterator or, once a loop has used it up, the items of that loop."""
        if number in self._gone_through:
            yield from self._gone_through[number]
            return
        items: list[Any] = []
        while True:
            try:
                item = following()
            except StopIteration:
                self._gone_through[number] = items
                return
            items.append(item)
            yield item
