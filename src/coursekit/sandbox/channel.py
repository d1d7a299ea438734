"""The connection to a fork of the student's process: it sends requests and checks answers, within one deadline."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.core.errors import CaseEnded
from coursekit.sandbox.inside import wire
from coursekit.sandbox.inside.operations import OPERATIONS
from coursekit.sandbox.proxies import Nothing
from coursekit.sandbox.raised import Raised, read_raised

MAX_HEADER = 32 << 20  # bytes of a message without its arrays: about three million numbers in lists
MAX_BLOBS = 512 << 20  # bytes of a message's arrays
CHANGED_BY_READING = (
    "reading an attribute, an item or the length of what your code returned changed an argument of the test: "
    "change arguments only in a function or method that the test calls"
)


@dataclass(frozen=True)
class Connection:
    """A fork's socket, and its pidfd for ending it."""

    sock: socket.socket
    pidfd: int

    @classmethod
    def of(cls, fds: Sequence[int]) -> Connection:
        """From the two descriptors, which another process of the grader has sent."""
        return cls(socket.socket(fileno=fds[0]), fds[1])

    @property
    def fds(self) -> list[int]:
        return [self.sock.fileno(), self.pidfd]

    def close(self) -> None:
        """End the fork, whatever it is doing."""
        self.sock.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        os.close(self.pidfd)


@dataclass(frozen=True)
class Answer:
    """The outcome of an operation in the student's process."""

    value: Any
    raised: Raised | None
    changed: list[Any]
    """the shared objects that it changed in place"""
    random_state: Any
    """the random state that it left behind, if it drew"""


class Channel:
    """Carries out operations in one fork, one after the other.

    `to_handle` and `from_handle` are as in wire.Shared. most_bytes: the limit for all the student's lists and arrays
    that the test holds.
    """

    def __init__(
        self,
        connection: Connection,
        to_handle: Callable[[Any], int],
        from_handle: Callable[[Any], Any],
        most_bytes: int,
    ) -> None:
        self.shared = wire.Shared(0, to_handle, from_handle, Nothing)
        self._connection, self._most_bytes = connection, most_bytes
        self._seconds, self._deadline = 0.0, time.monotonic()
        self._random_state: Any = None  # the fork's; None: unknown

    def limit(self, seconds: float) -> None:
        """End all operations that many seconds from now."""
        self._seconds, self._deadline = seconds, time.monotonic() + seconds

    def close(self) -> None:
        """End the fork, whatever it is doing."""
        self._connection.close()

    def carry_out(self, op: str, args: tuple[Any, ...]) -> Answer:
        """Have the student's process do `op` with `args`.

        Raises CaseEnded when the process has gone, takes too long or breaks the protocol, and when this side fails.
        """
        try:
            self._send(op, args)
            reply, blobs, _ = wire.receive(self._connection.sock, self._deadline, MAX_HEADER, MAX_BLOBS)
            answer = self._read(op, reply, blobs)
        except TimeoutError:
            raise CaseEnded(
                "endless",
                f"your code did not finish within {self._seconds:g} s: look for an endless or slow loop",
            ) from None
        except (EOFError, ConnectionError):
            raise CaseEnded(
                "gone", "your code ended the process (os._exit, a crash, or out of memory)"
            ) from None
        except wire.WireError as error:
            raise CaseEnded(
                "unusable", f"your code returned a value that cannot be checked: {error}"
            ) from None
        except OSError as error:  # from memory files, descriptors or buffers of this process
            raise CaseEnded("fault", f"{error} in {op!r}") from error
        if self.shared.held > self._most_bytes:
            most = f"{self._most_bytes >> 20:,} MiB"
            raise CaseEnded(
                "unusable", f"what your code returned takes more than {most} in the test: return less data"
            )
        return answer

    def _send(self, op: str, args: tuple[Any, ...]) -> None:
        encoded, objects, blobs, fds = self.shared.export(args)
        forgotten = self.shared.prune()
        state = wire.random_state(self._random_state)
        request = {
            "op": op,
            "args": encoded,
            "objects": objects,
            "forget": forgotten,
            "random": None if state is self._random_state else state,
            "reading": not OPERATIONS[op].is_call,
        }
        self._random_state = state
        try:
            wire.send(self._connection.sock, request, blobs, fds, self._deadline)
        finally:
            for fd in fds:
                os.close(fd)

    def _read(self, op: str, reply: Any, blobs: list[bytearray]) -> Answer:
        operation = OPERATIONS[op]
        if not isinstance(reply, dict):
            raise wire.WireError("an unexpected message")
        if reply.get("changed") is True:
            raise CaseEnded("changing", CHANGED_BY_READING)
        value, changed = self.shared.accept(
            reply.get("value"), reply.get("objects", {}), blobs, reading=not operation.is_call
        )
        state = reply.get("random")
        if state is not None:
            if operation.may_draw:
                wire.set_random_state(state)
            self._random_state = state if operation.may_draw else None  # what a reading drew is undone
        raised = read_raised(reply["error"]) if reply.get("error") is not None else None
        return Answer(value, raised, changed, state)
