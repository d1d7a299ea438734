"""A fork of the loaded notebook for one test case, and the calls that a test makes to it."""

from __future__ import annotations

import contextlib
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from coursekit.core import time_limits
from coursekit.core.errors import CaseEnded
from coursekit.sandbox.channel import Channel, Connection
from coursekit.sandbox.inside import wire
from coursekit.sandbox.inside.operations import OPERATIONS
from coursekit.sandbox.ownership import Ownership
from coursekit.sandbox.proxies import ITERATOR, PROXIES, Proxy, make_proxy, target_of
from coursekit.sandbox.raised import Raised, to_exception
from coursekit.sandbox.readings import Readings, key_of

Witness = Callable[[Any, Raised | None, list[Any], Any], None]
"""(value, the exception or None, the shared objects that it changed in place, the new random state or None)"""


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise CaseEnded in the main thread when time is up, whatever the test is doing with a student's values."""

    def ring(signum: int, frame: object) -> None:
        raise CaseEnded(
            "endless", f"the test did not finish within {seconds:g} s: look for an endless or slow loop"
        )

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, time_limits.alarm_seconds(seconds), time_limits.ALARM_AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Fork:
    """One test case's calls to a fork of the student's process.

    Between two calls everything is read once: see coursekit.sandbox.readings. own: the names of the classes that the
    assignment defines. most_bytes: the limit for all the student's lists and arrays that the test holds.
    """

    def __init__(
        self, connection: Connection, own: frozenset[str] = frozenset(), most_bytes: int = 1 << 30
    ) -> None:
        self.channel = Channel(connection, self._to_handle, self._from_handle, most_bytes)
        self.ownership = Ownership(own)
        self.witness: Witness | None = None
        """called with the outcome of each operation that the student's code carried out"""
        self._proxies: weakref.WeakValueDictionary[int, Proxy] = weakref.WeakValueDictionary()
        self._readings = Readings()

    def limit(self, seconds: float) -> None:
        """Let the case's calls run for this many seconds from now."""
        self.channel.limit(seconds)

    def close(self) -> None:
        """End the fork, whatever it is doing."""
        self.channel.close()

    def request(self, op: str, *args: Any) -> Any:
        """Have the student's process do `op` with `args`; returns its value, or raises its exception.

        A reading is carried out once, and its answer is remembered until the next call. Raises CaseEnded as
        Channel.carry_out does, and when a reading contradicts an earlier one.
        """
        if OPERATIONS[op].is_call:
            self._readings.forget()
            value, raised = self._carry_out(op, args)
        else:
            key = key_of(op, args)
            found = self._readings.recall(key)
            value, raised = found or self._carry_out(op, args)
            if found is None:
                self._readings.keep(key, value, raised)
        if raised:
            # From any other operation, StopIteration would silently end a loop of the test's own.
            raise StopIteration if raised.type == "StopIteration" and op == "next" else to_exception(raised)
        self.ownership.note(op, args, value)
        self._readings.check(op, args, value)
        return value

    def _carry_out(self, op: str, args: tuple[Any, ...]) -> tuple[Any, Raised | None]:
        answer = self.channel.carry_out(op, args)
        if self.witness and not OPERATIONS[op].restates:
            self.witness(answer.value, answer.raised, answer.changed, answer.random_state)
        return answer.value, answer.raised

    def came_from_student(self, value: Any) -> bool:
        """Whether this very list, dict, set or array is one that the student's process made."""
        return self.channel.shared.is_peers(value)

    def iterate(self, proxy: Proxy) -> Iterator[Any]:
        """The items of a student's object, the same ones in each loop until the next call.

        An iterator, which can only be used once, gives the same items again when a loop has reached its end.
        """
        target = target_of(proxy)
        if target.kind == ITERATOR:
            yield from self._readings.gone_through(target.number, lambda: self.request("next", proxy))
            return
        loop = self._readings.loop(target.number, lambda: self.request("iter", proxy))
        place = 0
        while True:
            if place == len(loop.items):
                if loop.complete:
                    return
                try:
                    item = self.request("next", loop.iterator)
                except StopIteration:
                    self._readings.complete(proxy, loop)
                    return
                loop.items.append(item)
            yield loop.items[place]
            place += 1

    def note_listing(self, proxy: Proxy, mine: Any) -> None:
        """Note that a test loops over a mapping's keys, taken from its plain value."""
        if type(mine) is dict:
            self._readings.facts(proxy).list_items(list(mine))

    def listing(self, proxy: Proxy, method: str) -> Any:
        """The result of an object's keys(), values() or items(): a reading, checked against its other readings."""
        listed = self.request("read", proxy, method)
        if type(listed) is list:
            self._readings.facts(proxy).has_listed(method, listed)
        elif type(listed) in PROXIES:
            self._readings.note_view(listed, proxy, method)
        return listed

    def _to_handle(self, value: Any) -> int:
        if type(value) in PROXIES and target_of(value).case is self:
            return target_of(value).number
        raise TypeError(f"a test cannot pass a {type(value).__name__} to a student's code")

    def _from_handle(self, fields: Any) -> Proxy:
        try:
            number, can_be_called, name, kind, is_class = fields
        except (ValueError, TypeError):
            raise wire.WireError("a malformed handle") from None
        if [type(one) for one in (number, can_be_called, name, kind, is_class)] != [
            int,
            bool,
            str,
            str,
            bool,
        ]:
            raise wire.WireError("a malformed handle")
        proxy = self._proxies.get(number)
        if proxy is None:
            proxy = self._proxies[number] = make_proxy(
                self, number, can_be_called, name[:100], kind, is_class
            )
        return proxy
