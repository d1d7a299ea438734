"""A worker as it is seen from here: what it has, and whether an answer is still to be expected."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

SILENT_SECONDS = 60.0
"""without a sign of life, or idle by its own account: then what a worker has is sent to another"""
BUSY = ("executing", "ready", "waiting", "constrained", "fetch", "flight")
"""Dask's words for what a worker is at, or about to do"""


class Unanswered(Exception):
    """No answer comes. The text says why; it is empty if the worker was not at this."""

    def __init__(self, why: str = "", ended: bool = False) -> None:
        super().__init__(why)
        self.ended = ended
        """whether the worker, or its grader, ended while it was at this"""


@dataclass(eq=False)
class _Errand:
    what: str
    limit: float
    """seconds from when the worker can have begun"""
    began: float
    given_up: asyncio.Future[Unanswered]


@dataclass(eq=False)
class Desk:
    """A worker at an address."""

    address: str
    has: set[str] = field(default_factory=set)
    """the digests of what it keeps"""
    supplying: asyncio.Lock = field(default_factory=asyncio.Lock)
    refused: bool = False
    closed: bool = True
    """whether it gets nothing, now that it has not answered, or has not yet been asked what it is"""
    task: asyncio.Task[None] | None = None
    """what gives it work"""
    line: deque[_Errand] = field(default_factory=deque)
    """what it has; it is at the first"""
    _beat: float = 0.0
    _heard: float = field(default_factory=time.monotonic)
    _busy: float = field(default_factory=time.monotonic)
    _idle: bool = True

    @property
    def is_free(self) -> bool:
        """Whether it may be given work, and is not."""
        return (not self.task or self.task.done()) and self._idle and not self.line and not self.refused

    @property
    def at(self) -> str:
        """What it is at, and since when."""
        return f"{self.line[0].what} for {time.monotonic() - self.line[0].began:.0f} s"

    async def do(self, future: Any, what: str, limit: float) -> str:
        """The answer to a call, by its future, which is let go. Raises Unanswered."""
        from distributed import KilledWorker

        now = time.monotonic()
        errand = _Errand(what, limit, now, asyncio.get_running_loop().create_future())
        if not self.line:
            self._busy = now
        self.line.append(errand)
        reply = asyncio.ensure_future(_result(future))
        try:
            either: set[asyncio.Future[Any]] = {reply, errand.given_up}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if reply.done():
                return reply.result()
        except CancelledError:
            raise Unanswered from None
        except KilledWorker:
            raise Unanswered(f"the worker {self.address} ended", ended=True) from None
        except Exception as error:
            raise Unanswered(f"the worker {self.address} failed ({type(error).__name__}: {error})") from None
        finally:
            self._leave(errand)
            reply.cancel()
            future.release()
        raise errand.given_up.result()

    def _leave(self, errand: _Errand) -> None:
        self.line.remove(errand)
        self._busy = time.monotonic()
        if self.line:
            self.line[0].began = max(self.line[0].began, self._busy)

    def look(self, found: Mapping[str, Any]) -> str:
        """Why no answer is to be expected, by what the scheduler knows of it; empty if one is."""
        now = time.monotonic()
        if found["last_seen"] != self._beat:
            self._beat, self._heard = found["last_seen"], now
        counts = found["metrics"].get("task_counts", {})
        self._idle = not any(counts.get(state) for state in BUSY)
        if not self.line or not self._idle:
            self._busy = now
        if not self.line:
            return ""
        if now - self._heard > SILENT_SECONDS:
            return f"the worker {self.address} has given no sign of life for {SILENT_SECONDS:.0f} s"
        if now - self._busy > SILENT_SECONDS:
            return f"the worker {self.address} knows nothing of what it was sent"
        if now - self.line[0].began > self.line[0].limit:
            return f"the worker {self.address} has not answered within {self.line[0].limit:.0f} s"
        return ""

    def end(self, why: Unanswered) -> None:
        """Wait for nothing of this worker's any longer, and give it nothing."""
        self.closed = True
        for place, errand in enumerate(self.line):
            if not errand.given_up.done():
                errand.given_up.set_result(Unanswered() if place else why)


async def _result(future: Any) -> str:
    text: str = await future
    return text
