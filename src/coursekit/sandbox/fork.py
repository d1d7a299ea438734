"""A fork of the loaded notebook for one test case, and the calls that a test makes to it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from coursekit.core import clock
from coursekit.core.errors import CaseEnded
from coursekit.sandbox.inside import wire
from coursekit.sandbox.proxies import HANDLES, ITERATOR, MAPPINGS, Handle, Nothing, behind, make_handle
from coursekit.sandbox.raised import Raised, read_raised, to_exception
from coursekit.sandbox.readings import CALLS, Memory, key_of

MAX_HEADER = 32 << 20  # bytes of a message without its arrays: some three million numbers in lists
MAX_BLOBS = 512 << 20  # bytes of a message's arrays
CHANGED_BY_READING = (
    "reading what your code returned (an attribute, an item, a length) changed what the test had passed in: "
    "only a call of a function or method may do that"
)
DRAWS = CALLS | {"next"}
"""The operations after which the random state may be another one."""
FROM_VALUES = frozenset({"get", "array", "plain", "float", "int", "index", "complex", "type"})
"""The operations of which no witness is told: they give in another form what was answered before."""
OPERATORS = frozenset(
    """add sub mul matmul truediv floordiv mod pow and_ or_ xor lshift rshift neg pos abs invert round iadd isub imul
    imatmul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift copy deepcopy""".split()
)


Witness = Callable[[Any, Raised | None, list[Any], Any], None]
"""(value, what was raised, the shared objects that it changed in place, the random state that it left or None)"""


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise CaseEnded in the main thread when time is up, whatever the test is doing with a student's values."""

    def ring(signum: int, frame: object) -> None:
        raise CaseEnded("endless", f"it did not end within {seconds:g} s")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, clock.alarm_seconds(seconds), clock.ALARM_AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Fork:
    """One test case's calls to a fork of the student's process.

    Between two calls everything is read once: see coursekit.sandbox.readings.
    """

    def __init__(
        self, sock: socket.socket, pidfd: int, own: frozenset[str] = frozenset(), most_bytes: int = 1 << 30
    ):
        self._pidfd = pidfd
        self._seconds, self._deadline = 0.0, time.monotonic()
        self._socket = sock
        self._shared = wire.Shared(0, self._handle_fields, self._make_handle, Nothing)
        self._random_state = None
        self._most_bytes = most_bytes
        self.witness: Witness | None = None
        """told what each operation that was carried out by the student's code came to"""
        self._handles: weakref.WeakValueDictionary[int, Handle] = weakref.WeakValueDictionary()
        self._own_names = own
        self._makers: set[int] = set()  # the assignment's classes, by number, and what belongs to them
        self._own: set[int] = set()
        self._seen: set[int] = set()
        self._memory = Memory()

    def limit(self, seconds: float) -> None:
        """End the case's calls that many seconds from now."""
        self._seconds, self._deadline = seconds, time.monotonic() + seconds

    def close(self) -> None:
        """End the fork, whatever it is doing."""
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)

    def request(self, op: str, *args: Any) -> Any:
        """Have the student's process do `op` with `args`; returns its value, or raises what it raised there.

        A reading is carried out once, and its answer remembered until the next call. Raises CaseEnded when the
        process is gone, takes too long or sends what it must not, and when this side fails.
        """
        if op in CALLS:
            self._memory.forget()
            value, raised = self._carry_out(op, args)
        else:
            key = key_of(op, args)
            found = self._memory.recall(key)
            value, raised = found or self._carry_out(op, args)
            if found is None:
                self._memory.keep(key, value, raised)
        if raised:
            # From any other operation it would end a loop of the test's own as if all was done.
            raise StopIteration if raised.type == "StopIteration" and op == "next" else to_exception(raised)
        self._note_own(op, args, value)
        return self._checked(op, args, value)

    def is_own(self, handle: Handle) -> bool:
        """Whether it is an instance made by calling a class that the assignment defines, or made of such."""
        return behind(handle).number in self._own

    def came_from_student(self, value: Any) -> bool:
        """Whether this very list, dict, set or array is one that the student's process made."""
        return self._shared.is_peers(value)

    def iterate(self, handle: Handle) -> Iterator[Any]:
        """The items of a student's object, the same ones in each loop until the next call.

        One that can be gone through only once gives the same items again when a loop has come to its end.
        """
        found = behind(handle)
        if found.kind == ITERATOR:
            yield from self._memory.gone_through(found.number, lambda: self.request("next", handle))
            return
        loop = self._memory.loop(found.number, lambda: self.request("iter", handle))
        place = 0
        while True:
            if place == len(loop.items):
                if loop.complete:
                    return
                try:
                    item = self.request("next", loop.iterator)
                except StopIteration:
                    loop.complete = True
                    if found.kind != "array" and self._memory.loop(found.number, lambda: None) is loop:
                        self._memory.facts(found.number).list_items(loop.items, found.name)
                    return
                loop.items.append(item)
            yield loop.items[place]
            place += 1

    def note_listing(self, handle: Handle, mine: Any) -> None:
        """A test goes through a mapping's keys, as its plain value has them."""
        if type(mine) is dict:
            found = behind(handle)
            self._memory.facts(found.number).list_items(list(mine), found.name)

    def listing(self, handle: Handle, method: str) -> Any:
        """What an object's keys(), values() or items() gives: a reading, which agrees with its items."""
        listed = self.request("read", handle, method)
        found = behind(handle)
        if method == "keys" and type(listed) is list:
            self._memory.facts(found.number).list_items(listed, found.name)
        for pair in listed if method == "items" and type(listed) is list else ():
            if type(pair) is tuple and len(pair) == 2:
                self._memory.facts(found.number).has_item(*pair, found.name)
        return listed

    def has_seen(self, handle: Handle) -> bool:
        """Whether the object was made with a value of the test's own, by an operator."""
        return behind(handle).number in self._seen

    def note_seen(self, handle: Handle) -> None:
        self._seen.add(behind(handle).number)

    def _checked(self, op: str, args: tuple[Any, ...], value: Any) -> Any:
        """The value of a reading, when it contradicts none of the others. Raises CaseEnded."""
        if op in ("len", "contains", "getitem") and type(args[0]) in HANDLES:
            found = behind(args[0])
            if op == "getitem":
                self._memory.facts(found.number).has_item(args[1], value, found.name)
            if op == "len" and type(value) is int and found.kind != "array":
                self._memory.facts(found.number).has_length(value, found.name)
            if op == "contains" and found.kind in MAPPINGS and type(value) is bool:
                self._memory.facts(found.number).holds(args[1], value, found.name)
        return value

    def _note_own(self, op: str, args: tuple[Any, ...], value: Any) -> None:
        if type(value) not in HANDLES:
            return
        number = behind(value).number
        handles = [behind(one).number for one in args if type(one) in HANDLES]
        of_class = op in ("getattr", "call") and not self._makers.isdisjoint(handles[:1])
        if (op == "get" and args[0] in self._own_names) or (of_class and op == "getattr"):
            self._makers.add(number)
        if of_class or (op in OPERATORS and not self._own.isdisjoint(handles)):
            self._own.add(number)

    def _carry_out(self, op: str, args: tuple[Any, ...]) -> tuple[Any, Raised | None]:
        reading = op not in CALLS
        try:
            encoded, objects, blobs, fds = self._shared.export(args)
            forgotten = self._shared.prune()
            state = wire.random_state()
            request = {
                "op": op,
                "args": encoded,
                "objects": objects,
                "forget": forgotten,
                "random": None,
                "reading": reading,
            }
            if state != self._random_state:
                request["random"] = self._random_state = state
            try:
                wire.send(self._socket, request, blobs, fds, self._deadline)
            finally:
                for fd in fds:
                    os.close(fd)
            reply, blobs, _ = wire.receive(self._socket, self._deadline, MAX_HEADER, MAX_BLOBS)
            if not isinstance(reply, dict):
                raise wire.WireError("an unexpected message")
            if reply.get("changed") is True:
                raise CaseEnded("changing", CHANGED_BY_READING)
            value, changed = self._shared.accept(
                reply.get("value"), reply.get("objects", {}), blobs, reading=reading
            )
            if reply.get("random") is not None:
                if op in DRAWS:
                    wire.set_random_state(reply["random"])
                self._random_state = reply["random"] if op in DRAWS else None  # what a reading drew is undone
            raised = read_raised(reply["error"]) if reply.get("error") is not None else None
        except TimeoutError:
            raise CaseEnded("endless", f"your code did not end within {self._seconds:g} s") from None
        except (EOFError, ConnectionError):
            raise CaseEnded(
                "gone", "your code ended the process (os._exit, a crash, or out of memory)"
            ) from None
        except wire.WireError as error:
            raise CaseEnded("unusable", f"your code returned what cannot be checked: {error}") from None
        except OSError as error:  # of memory files, descriptors or buffers, all of them this side's
            raise CaseEnded("fault", f"{error} in {op!r}") from error
        if self._shared.held > self._most_bytes:
            most = f"{self._most_bytes >> 20:,} MiB"
            raise CaseEnded("unusable", f"what your code returned takes more than {most} in the test")
        if self.witness and op not in FROM_VALUES:
            self.witness(value, raised, changed, reply.get("random"))
        return value, raised

    def _handle_fields(self, value: Any) -> int:
        if type(value) in HANDLES and behind(value).case is self:
            return behind(value).number
        raise TypeError(f"a test cannot pass a {type(value).__name__} to a student's code")

    def _make_handle(self, fields: Any) -> Handle:
        try:
            number, can_be_called, name, kind, is_class = fields
        except (ValueError, TypeError):
            raise wire.WireError("a handle that is not one") from None
        kinds = [type(one) for one in (number, can_be_called, name, kind, is_class)]
        if kinds != [int, bool, str, str, bool]:
            raise wire.WireError("a handle that is not one")
        handle = self._handles.get(number)
        if handle is None:
            handle = make_handle(self, number, can_be_called, name[:100], kind, is_class)
            self._handles[number] = handle
        return handle
