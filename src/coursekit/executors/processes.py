"""Grade on this machine: a process for each submission."""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import multiprocessing.connection
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from coursekit.core import time_limits
from coursekit.core.kernel import end_with_parent
from coursekit.core.result import Result
from coursekit.core.scratch import remove_left
from coursekit.datasets.located import Located
from coursekit.executors.base import Executor, Progress
from coursekit.grading.job import Job, autograder_of, grade, lost
from coursekit.sandbox import choose


class Processes(Executor):
    """Jobs of several assignments are in one queue, so no core waits for the last job of each class.

    A worker that dies or exceeds all limits costs its own submission only.
    """

    name = "processes"

    def run(self, jobs: Sequence[Job], progress: Progress = lambda job, step: None) -> Iterator[Result]:
        self.prepare(jobs)
        yield from self.run_prepared(jobs, progress)

    @staticmethod
    def prepare(jobs: Sequence[Job]) -> None:
        """Do now what takes long and is the same for all jobs of these assignments."""
        remove_left()
        _prepare(jobs)
        gc.collect()
        gc.freeze()  # the workers' collector leaves what they share with this process

    def run_prepared(
        self, jobs: Sequence[Job], progress: Progress = lambda job, step: None
    ) -> Iterator[Result]:
        """As run(), after prepare() of these jobs or of others of their assignments."""
        waiting = deque(jobs)
        running: dict[Any, _Worker] = {}
        try:
            while waiting or running:
                while waiting and len(running) < self.workers:
                    worker = _Worker(waiting.popleft())
                    running[worker.pipe] = worker
                for pipe in multiprocessing.connection.wait(list(running), timeout=1):
                    worker = running[pipe]
                    found = worker.receive()
                    if isinstance(found, Result):
                        del running[pipe]
                        worker.close()
                        yield found
                    else:
                        progress(worker.job, found)
                for pipe, worker in list(running.items()):
                    if worker.seconds > worker.limit:
                        del running[pipe]
                        worker.close()
                        yield worker.lost(f"grading did not end within {worker.limit:.0f} s")
        finally:
            for worker in running.values():
                worker.close()


def _prepare(jobs: Sequence[Job]) -> None:
    """Do now what all workers need, and what they inherit."""
    importlib.import_module("coursekit.grading.submission")
    _warm_up({(job.sandbox, job.data) for job in jobs})
    for job in {(job.autograder, job.digest, job.selection): job for job in jobs}.values():
        autograder_of(job).prepare()


def _warm_up(needed: Iterable[tuple[str, Located | None]]) -> None:
    for sandbox, data in needed:
        with contextlib.suppress(OSError):  # then each worker tries
            choose.named(sandbox).warm_up(data)


class _Worker:
    """A process that grades one submission."""

    def __init__(self, job: Job):
        self.job, self._started = job, time.monotonic()
        _warm_up([(job.sandbox, job.data)])  # if it has been ended meanwhile
        autograder = autograder_of(job)  # in this process already: the fork inherits it unchanged
        self.limit = time_limits.fault_seconds(autograder.limits, autograder.case_seconds)
        self.pipe, theirs = multiprocessing.Pipe(duplex=False)
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(theirs, job), daemon=False)
        self.process.start()
        theirs.close()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def receive(self) -> Result | str:
        """The result, or the step that has begun."""
        try:
            found = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(10)
            return self.lost(f"the grader's process ended ({self.process.exitcode})")
        return found if isinstance(found, Result) else str(found)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.join(5)
            self.process.terminate()  # it cleans up after itself
            self.process.join(10)
            self.process.kill()
        self.process.join()
        self.pipe.close()

    def lost(self, what: str) -> Result:
        """The result of a job whose worker gave none."""
        return lost(self.job, what, self.seconds)


def _work(pipe: Any, job: Job) -> None:
    # A terminal sends Ctrl-C to all processes, and the parent says it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(1))
    end_with_parent(signal.SIGTERM)
    pipe.send(grade(job, pipe.send))
    pipe.close()
