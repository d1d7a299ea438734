"""Grade on a cluster: Dask carries each submission to a worker, and its result's text back.

The unit of work is one submission. Its bytes go out as they are; what the class shares (the built folders, the dataset)
goes to each worker once. A worker seals with its own sandbox, and answers with text, which is checked here as a result:
nothing that a student's code has made is unpickled anywhere. Every result is handed on as it comes, and let go. What
was lost on the way, with a worker, the scheduler or the network, is sent again.

Dask is imported only when this is used, and runs in the caller's thread, in the steps in which results are asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.core.errors import CourseError
from coursekit.core.result import Result
from coursekit.executors.base import Executor, Progress
from coursekit.executors.dask.connecting import Lost, agreed, connected
from coursekit.executors.dask.placing import Placing, Work
from coursekit.executors.processes import Processes
from coursekit.grading.job import Job
from coursekit.sandbox import choose

FIRST_SECONDS = 60.0
"""how long a scheduler is waited for that has not answered yet"""
PATIENCE_SECONDS = 300.0
"""how long one is waited for that has gone"""
AGAIN_SECONDS = 1.0
"""between two tries to reach it"""


class Dask(Executor):
    """A Dask cluster, or a local one to try it."""

    name = "dask"

    def __init__(self) -> None:
        self.on = ""
        """as in ``coursekit grade --on``"""
        self.tls: Path | None = None
        self.insecure = False

    def sandbox(self, unsafe: bool) -> str:
        if self.on.startswith("local:"):
            return choose.strongest()

        async def ask() -> str:
            async with connected(self.on, self.tls, self.insecure) as cluster:
                return agreed(await cluster.described(await cluster.first_workers()))

        patience = _Patience(self.on, FIRST_SECONDS)
        while True:
            try:
                return asyncio.run(ask())
            except Lost as error:
                patience.wait(error)

    def run(self, jobs: Sequence[Job], progress: Progress = lambda job, step: None) -> Iterator[Result]:
        work = Work(jobs, progress, _say)
        patience = _Patience(self.on, PATIENCE_SECONDS)
        with asyncio.Runner() as runner:
            while work.left or work.done:
                try:
                    yield from self._on_one_connection(work, runner, patience)
                except Lost as error:
                    patience.wait(error)
        yield from Processes().run(work.here)

    def _on_one_connection(self, work: Work, runner: asyncio.Runner, patience: _Patience) -> Iterator[Result]:
        """Raises Lost."""
        stack = contextlib.AsyncExitStack()
        try:
            cluster = runner.run(stack.enter_async_context(connected(self.on, self.tls, self.insecure)))
            placing = Placing(cluster, work, patience.end)
            stack.push_async_callback(placing.close)
            while runner.run(placing.has_more()):
                yield work.done.popleft()
        finally:
            runner.run(stack.aclose())


class _Patience:
    """Waits for a cluster that does not answer, up to so many seconds. since: when it was lost."""

    def __init__(self, on: str, seconds: float) -> None:
        self._on, self._seconds = on, seconds
        self.since: float | None = None

    def end(self) -> None:
        """It answers."""
        self.since = None

    def wait(self, error: Lost) -> None:
        """Wait a little before the next try. Raises CourseError if that has been long enough."""
        now = time.monotonic()
        if self.since is None:
            self.since = now
            _say(f"{self._on} does not answer ({error}): waiting for it, up to {self._seconds:.0f} s.")
        if now - self.since > self._seconds:
            raise CourseError(
                f"{self._on} does not answer: {error}. Every result so far is kept: run the command again."
            ) from None
        time.sleep(AGAIN_SECONDS)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
