"""Grade on a cluster: Dask carries each submission to a worker, and its result's text back.

The unit of work is one submission. Its bytes go out as they are; what the class shares (the built folders, the dataset)
goes to each worker once. A worker seals with its own sandbox, and answers with text, which is checked here as a result:
nothing that a student's code has made is unpickled anywhere. Every result is handed on as it comes, and let go. What
was lost on the way, with a worker, the scheduler or the network, is sent again.

Dask is imported only when this is used.
"""

from __future__ import annotations

import json
import queue
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coursekit.core.errors import CourseError
from coursekit.core.result import BadResult, Result
from coursekit.executors.base import Executor, Progress
from coursekit.executors.dask import packing, worker
from coursekit.executors.dask.connecting import Cluster, Lost, connect
from coursekit.executors.dask.protocol import versions
from coursekit.executors.processes import Processes
from coursekit.grading.autograder import Autograder
from coursekit.grading.job import Job, autograder_of, lost, stamp
from coursekit.intake.digest import digest_of
from coursekit.sandbox import choose

MAX_LOSSES = 3
"""how often a submission's worker may end before it is not sent again"""
PATIENCE_SECONDS = 300.0
"""how long a scheduler that has gone is waited for"""
AHEAD = 2
"""submissions that are sent for each worker, so that it need not wait"""


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
        try:
            with connect(self.on, self.tls, self.insecure) as cluster:
                return cluster.sandbox
        except Lost as error:
            raise CourseError(f"{self.on} does not answer: {error}.") from None

    def run(self, jobs: Sequence[Job], progress: Progress = lambda job, step: None) -> Iterator[Result]:
        work = _Work(deque(jobs), {})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while work.waiting or work.alone:
            try:
                with connect(self.on, self.tls, self.insecure) as cluster:
                    for result in work.on(cluster, progress):
                        deadline = time.monotonic() + PATIENCE_SECONDS
                        yield result
            except Lost as error:
                if time.monotonic() > deadline:
                    raise CourseError(
                        f"{self.on} does not answer ({error}). Every result so far is kept: run the command again."
                    ) from None
                time.sleep(1)
        yield from Processes().run(work.here)


@dataclass
class _Work:
    """What is left to do. here: what is too large to be sent. alone: what may have ended its worker, to be tried when
    nothing else runs there."""

    waiting: deque[Job]
    running: dict[Any, _Sent]
    here: list[Job] = field(default_factory=list)
    alone: deque[Job] = field(default_factory=deque)
    losses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def on(self, cluster: Cluster, progress: Progress) -> Iterator[Result]:
        """Do it on a cluster. Raises Lost, with everything that has no result yet waiting again."""
        ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        shared = _Shared(cluster)
        try:
            while self.waiting or self.running or self.alone:
                cluster.check()
                self._send_more(cluster, shared, ended, progress)
                try:
                    future = ended.get(timeout=1)
                except queue.Empty:
                    continue
                sent = self.running.pop(future.key, None)
                if sent is not None and sent.future is future:
                    yield from self._outcome(sent)
        finally:
            for sent in self.running.values():
                self.waiting.append(sent.job)
            self.running.clear()

    def _send_more(
        self, cluster: Cluster, shared: _Shared, ended: queue.SimpleQueue[Any], progress: Progress
    ) -> None:
        most = max(AHEAD * cluster.workers, 1)
        while len(self.running) < most and self.waiting:
            self._send(self.waiting.popleft(), cluster, shared, ended, progress)
        if not self.running and self.alone:
            self._send(self.alone.popleft(), cluster, shared, ended, progress)

    def _send(
        self,
        job: Job,
        cluster: Cluster,
        shared: _Shared,
        ended: queue.SimpleQueue[Any],
        progress: Progress,
    ) -> None:
        try:
            task, expected = _task(job, cluster.sandbox, shared)
        except (packing.TooLarge, OSError):  # it may be gone meanwhile, too: grading here says so
            self.here.append(job)
            return
        progress(job, "sent")
        future = cluster.submit(worker.grade, task, shared.of(job))
        self.running[future.key] = _Sent(job, future, expected)
        future.add_done_callback(ended.put)

    def _outcome(self, sent: _Sent) -> Iterator[Result]:
        """The result of what has ended, if it has one; otherwise it waits again."""
        from distributed import KilledWorker

        job, future = sent.job, sent.future
        try:
            text = future.result(timeout=60)
        except KilledWorker:
            self.losses[job.key] += 1
            if self.losses[job.key] > 1:
                yield lost(job, f"the worker that graded it ended, {MAX_LOSSES} times and more", 0)
            else:  # another submission may have been the reason
                self.alone.append(job)
            return
        except Exception as error:
            if future.status in ("cancelled", "lost"):
                self.waiting.append(job)
                return
            yield lost(job, f"the cluster gave no result ({type(error).__name__}: {error})", 0)
            return
        finally:
            future.release()
        yield _checked(sent, text)


@dataclass(frozen=True)
class _Sent:
    job: Job
    future: Any
    expected: str
    """the stamp that its result must have"""


class _Shared:
    """What tasks share, as tasks of Dask's: it moves them to each worker once, and makes again what is lost."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._digests: dict[tuple[Path, Path | None], tuple[list[str], Any]] = {}

    def of(self, job: Job) -> Any:
        return self._kept(job)[1]

    def digests(self, job: Job) -> list[str]:
        return self._kept(job)[0]

    def _kept(self, job: Job) -> tuple[list[str], Any]:
        key = job.autograder, job.data.folder if job.data else None
        if key not in self._digests:
            packed = [packing.pack(_built(job))]
            if job.data:
                packed.append(packing.pack([("data", job.data.folder)]))
            digests = [packing.digest_of(one) for one in packed]
            pairs = list(zip(digests, packed, strict=True))
            self._digests[key] = digests, self._cluster.submit(dict, pairs)
        return self._digests[key]


def _built(job: Job) -> Iterator[tuple[str, Path]]:
    """The built folders of a job's assignment, and the other releases, by which another assignment is told."""
    yield f"autograder/{job.assignment}", job.autograder
    yield f"release/{job.assignment}", job.release
    for path in sorted(job.release.parent.glob("*/*.ipynb")):
        if path.parent != job.release:
            yield f"release/{path.parent.name}/{path.name}", path


def _task(job: Job, sandbox: str, shared: _Shared) -> tuple[dict[str, Any], str]:
    """What a worker needs of a job, as plain data, and the stamp that its result will have."""
    data = job.data
    expected = stamp(replace(job, sandbox=sandbox), digest_of(job.path))
    task = {
        "assignment": job.assignment,
        "reference": job.reference.to_json(),
        "name": job.path.name,
        "submission": packing.pack([(job.path.name, job.path)]),
        "digest": job.digest,
        "sandbox": sandbox,
        "data": [data.variable, data.label, data.note, data.warning] if data else None,
        "notes": list(job.notes),
        "versions": versions(),
        "shared": shared.digests(job),
    }
    return task, expected


def _checked(sent: _Sent, text: Any) -> Result:
    """The result in a worker's answer, if it is one of this job."""
    try:
        reply = json.loads(text)
        if why := reply.get("refused"):
            raise CourseError(f"A worker refuses to grade: {why}.")
        if why := reply.get("fault"):
            return lost(sent.job, f"a worker failed: {why}", 0)
        result = Result.loads(reply["result"])
        autograder = autograder_of(sent.job)
        if result.key != sent.job.key or (not result.fault and not _fits(result, sent.expected, autograder)):
            raise BadResult("it is not of this submission")
        took = {str(name): float(seconds) for name, seconds in json.loads(reply["took"]).items()}
        return replace(result, log=str(reply["log"]), took=took)
    except (BadResult, ValueError, LookupError, TypeError, AttributeError) as error:
        return lost(sent.job, f"a worker's answer is not a result ({error})", 0)


def _fits(result: Result, expected: str, autograder: Autograder) -> bool:
    """Whether a result is of the expected submission and tests, and its points are possible."""
    worth = {question.name: float(question.points) for question in autograder.questions}
    worth |= {name: float(points) for name, points in autograder.manual.items()}
    found = {question.name: question.max_score for question in result.questions}
    return (
        result.stamp == expected
        and found == worth
        and all(question.score <= question.max_score for question in result.questions)
    )
