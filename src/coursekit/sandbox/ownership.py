"""Which of a student's objects a test has made itself: only their operators may see a value of the test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coursekit.sandbox.inside.operations import OPERATIONS
from coursekit.sandbox.proxies import PROXIES, Proxy, target_of


class Ownership:
    """The *own* objects of one test case: made by calling one of the assignment's classes, or from such an object.

    classes: the names of the classes that the assignment defines.
    """

    def __init__(self, classes: Iterable[str]) -> None:
        self._classes = frozenset(classes)
        # All by number.
        self._makers: set[int] = set()  # the assignment's classes, and their attributes
        self._own: set[int] = set()
        self._seen: set[int] = set()

    def note(self, op: str, args: tuple[Any, ...], value: Any) -> None:
        """Note the object that `op` with `args` has made."""
        if type(value) not in PROXIES:
            return
        number = target_of(value).number
        numbers = [target_of(one).number for one in args if type(one) in PROXIES]
        of_class = op in ("getattr", "call") and not self._makers.isdisjoint(numbers[:1])
        if (op == "get" and args[0] in self._classes) or (of_class and op == "getattr"):
            self._makers.add(number)
        if of_class or (OPERATIONS[op].makes_own and not self._own.isdisjoint(numbers)):
            self._own.add(number)

    def is_own(self, proxy: Proxy) -> bool:
        return target_of(proxy).number in self._own

    def note_seen(self, proxy: Proxy) -> None:
        """Note that an operator has made the object with one of the test's own values."""
        self._seen.add(target_of(proxy).number)

    def has_seen(self, proxy: Proxy) -> bool:
        """Whether the object was made with one of the test's own values, so that it may know what the test expects."""
        return target_of(proxy).number in self._seen
