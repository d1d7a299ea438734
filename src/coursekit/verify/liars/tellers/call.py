"""A call that a liar answers, and the register of all liars."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import values


@dataclass(frozen=True)
class Liar:
    """One way to lie. name: what it answers. tell: makes an answer of a Call.

    asks: it calls the solution's function, so that it takes as long. classes: it may stand for a class as a whole.
    """

    name: str
    tell: Callable[["Call"], Any]
    asks: bool
    classes: bool


LIARS: dict[str, Liar] = {}


def liar(name: str, *, asks: bool = False, classes: bool = False) -> Callable:
    """Register the decorated function of a Call as the liar `name`."""

    def register(tell: Callable) -> Callable:
        if name in LIARS:
            raise ValueError(f"two liars have the name {name!r}")
        LIARS[name] = Liar(name, tell, asks, classes)
        return tell

    return register


@dataclass
class Memory:
    """A liar's memory from one call of a function to the next.

    seen: the signatures of the calls of the visible test. kept: anything of the liar's own.
    """

    seen: frozenset[str] = frozenset()
    calls: int = 0
    kept: dict = field(default_factory=dict)


class Asking:
    """Whether the solution's own code is running: then nobody lies."""

    now = False

    @classmethod
    @contextlib.contextmanager
    def solution(cls):
        before, cls.now = cls.now, True
        try:
            yield
        finally:
            cls.now = before


class Call:
    """One call of a function that a liar replaces.

    number: 0 for the first of the test case. owner: a method's object, or None.
    """

    def __init__(self, honest: Callable, args: tuple, keywords: dict, method: bool, memory: Memory):
        self._honest, self._args, self._keywords = honest, args, keywords
        self.owner = args[0] if method else None
        self.memory = memory
        self.number = memory.calls
        memory.calls += 1

    @property
    def arguments(self) -> list:
        """The arguments, without a method's object."""
        return [*self._args[self.owner is not None :], *self._keywords.values()]

    @property
    def everything(self) -> list:
        """Everything that the call can change: its arguments, and a method's object."""
        return [*self._args, *self._keywords.values()]

    def right(self) -> Any:
        """The solution's answer, with its changes in place."""
        with Asking.solution():
            return self._honest(*self._args, **self._keywords)

    def falsified(self, falsify: Callable[[Any], Any]) -> Any:
        """The solution's answer, falsified; its changes of arguments or of its object are falsified too."""
        return self.right_and_falsified(falsify)[1]

    def right_and_falsified(self, falsify: Callable[[Any], Any]) -> tuple[Any, Any]:
        """The solution's answer, and its falsified version."""
        before = values.slots(self.everything)
        right = self.right()
        lie = falsify(right)
        for slot in values.changed(before, self.everything):
            slot.put(falsify(slot.value))
        return right, lie

    def is_visible(self, *, values_too: bool = False) -> bool:
        """Whether the visible test makes a call with arguments of these shapes, or with exactly these values."""
        return values.signature(self.everything, values_too) in self.memory.seen
