"""Which worker gets which submission, how long its answer is waited for, and what becomes of what is lost.

Each submission goes to one worker that is named, so that it is known here which one a worker is at: the first of those
that it has. Dask's scheduler carries tasks and answers, and says which workers there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from typing import Any

from coursekit.core import time_limits
from coursekit.core.errors import EndsItsGrader
from coursekit.core.result import BadResult, Result
from coursekit.executors.base import Progress
from coursekit.executors.dask import packing, worker
from coursekit.executors.dask.connecting import Cluster, Lost, unfit
from coursekit.executors.dask.desk import Desk, Unanswered
from coursekit.executors.dask.parcels import Parcel, Shared, parcel, result_in
from coursekit.executors.dask.protocol import Carried
from coursekit.grading.job import Job, autograder_of, lost

AHEAD = 2
"""submissions that each worker has, so that it need not wait for the next one; towards the end only one"""
MAX_BYTES_AWAY = 256 << 20
"""of submissions that are at workers or on the way; a larger one goes alone"""
MAX_LOSSES = 3
"""how often a submission may be left without an answer before it is not sent again"""
LOOK_SECONDS = 2.0
"""between two looks at the workers"""
MARGIN_SECONDS = 60.0
"""beyond the time after which the worker itself ends the grading of a submission"""
KEEP_SECONDS = 600.0
"""for a worker to receive what a class shares"""
PAUSE_SECONDS = 5.0
"""for a worker that has failed, so that others get its submission"""
QUIET_SECONDS = 120.0
"""without a result: then it is said what is waited for"""


class Work:
    """What is left to do, whichever connection it is done on.

    done: results to be handed on. here: what can't be sent. say: tells a person what is waited for.
    """

    def __init__(self, jobs: Iterable[Job], progress: Progress, say: Callable[[str], None]) -> None:
        self.waiting = deque(jobs)
        self.more = asyncio.Event()
        """set when one waits again, or nobody is to wait for one any longer"""
        self.sandbox = self.waiting[0].sandbox if self.waiting else ""
        self.left = len(self.waiting)
        """how many have no result yet, and are not to be graded here"""
        self.progress, self.say = progress, say
        self.done: deque[Result] = deque()
        self.here: list[Job] = []
        self.shared = Shared()
        self.news = asyncio.Event()
        self._losses: dict[tuple[str, str], list[Unanswered]] = {}

    def finish(self, result: Result) -> None:
        self.done.append(result)
        self._settle(result.key)

    def grade_here(self, job: Job) -> None:
        self.here.append(job)
        self._settle(job.key)

    def put_back(self, job: Job) -> None:
        self.waiting.append(job)
        self.more.set()

    def give_back(self, job: Job, why: Unanswered) -> None:
        """Have it sent again, but not for ever."""
        if not str(why):
            self.put_back(job)
            return
        losses = self._losses.setdefault(job.key, [])
        losses.append(why)
        if len(losses) < MAX_LOSSES:
            self.put_back(job)
        elif all(one.ended for one in losses):
            self.finish(lost(job, EndsItsGrader("; ".join(map(str, losses))), 0))
        else:
            self.finish(lost(job, f"it was sent {MAX_LOSSES} times, and at last {why}", 0))

    def _settle(self, key: tuple[str, str]) -> None:
        self.left -= 1
        self._losses.pop(key, None)
        self.news.set()


class Placing:
    """The work on one connection. able: is called when there is a worker that can grade."""

    def __init__(self, cluster: Cluster, work: Work, able: Callable[[], None]) -> None:
        self._cluster, self._work, self._able = cluster, work, able
        self._fit: set[str] = set()
        """the addresses of the workers that are known to grade like this machine"""
        self._desks: dict[str, Desk] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._packing, self._freed = asyncio.Lock(), asyncio.Condition()
        self._away = 0
        self._news_at = time.monotonic()

    async def has_more(self) -> bool:
        """Wait until a result is there, in work.done; False when there is none left. Raises Lost, and CourseError.

        It returns no result itself, since asyncio's Runner would print what it returns, twice, for nobody.
        """
        if not self._tasks:
            self._start(self._watch())
        while not self._work.done:
            if self._failure:
                raise self._failure
            if not self._work.left:
                return False
            self._work.news.clear()
            await self._work.news.wait()
        self._news_at = time.monotonic()
        return True

    async def close(self) -> None:
        """End everything; what has no result waits again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, what: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._failure = self._failure or error
            self._work.news.set()

    async def _watch(self) -> None:
        """Notice workers that come, go, or don't answer. Raises Lost."""
        said = able = time.monotonic()
        while True:
            found = await self._cluster.workers()
            now = time.monotonic()
            for address in self._desks.keys() - found.keys():
                self._end(self._desks.pop(address), Unanswered(f"the worker {address} ended", ended=True))
            for address, state in found.items():
                desk = self._desks.setdefault(address, Desk(address))
                if why := desk.look(state):
                    self._work.say(f"{why}: what it has is sent again.")
                    self._end(desk, Unanswered(why))
                elif desk.is_free:
                    desk.task = self._start(self._serve(desk))
            if any(desk.task and not desk.task.done() for desk in self._desks.values()):
                able = now
            elif now - able > QUIET_SECONDS:
                raise Lost("no worker is there that can grade")
            if now - max(said, self._news_at) > QUIET_SECONDS:
                said = now
                self._say_what_is_waited_for()
            await asyncio.sleep(max(LOOK_SECONDS, len(found) / 100))

    def _say_what_is_waited_for(self) -> None:
        at = [f"{desk.address}: {desk.at}" for desk in self._desks.values() if desk.line]
        self._work.say(
            f"Waiting for {self._work.left} submissions; {'; '.join(at[:5]) or 'no worker has one'}."
        )

    async def _serve(self, desk: Desk) -> None:
        """Give a worker one submission after the other, until it does not answer."""
        if desk.address not in self._fit:
            found = (await self._cluster.described([desk.address])).get(desk.address)
            if not found:
                return  # the next look tries again
            if why := unfit(found, self._work.sandbox):
                self._refuse(desk, f"{desk.address} {why}")
                return
            self._fit.add(desk.address)
        if self._desks.get(desk.address) is not desk:
            return  # it has gone meanwhile
        desk.closed = False
        self._able()
        await asyncio.wait([self._start(self._serve_in_turn(desk)) for _ in range(AHEAD)])

    def _refuse(self, desk: Desk, why: str) -> None:
        if not desk.refused:
            self._work.say(f"{why.rstrip('.')}. It gets nothing.")
        desk.refused = True

    async def _serve_in_turn(self, desk: Desk) -> None:
        while job := await self._take(desk):
            try:
                await self._have_graded(job, desk)
            except Unanswered as error:
                self._work.give_back(job, error)
                self._end(desk, Unanswered())
            except BaseException:
                self._work.put_back(job)
                raise

    async def _take(self, desk: Desk) -> Job | None:
        """The next submission for a worker; None if it gets none any longer."""
        while not desk.closed and not self._may_take(desk):
            self._work.more.clear()
            await self._work.more.wait()
        return None if desk.closed else self._work.waiting.popleft()

    def _may_take(self, desk: Desk) -> bool:
        """Whether one waits, and, when few do, no other worker would begin it sooner."""
        waiting = len(self._work.waiting)
        return waiting > 0 and (not desk.line or waiting >= len(self._desks))

    def _end(self, desk: Desk, why: Unanswered) -> None:
        desk.end(why)
        self._work.more.set()

    async def _have_graded(self, job: Job, desk: Desk) -> None:
        """Raises Unanswered."""
        async with self._packed(job) as one:
            if one is None:
                self._work.grade_here(job)
                return
            try:
                reply = await self._reply(one, desk)
                if why := reply.get("refused"):
                    self._refuse(desk, f"{desk.address}: {why}")
                    raise Unanswered
                if reply.get("ended"):
                    self._work.give_back(job, Unanswered(f"the grader of {desk.address} ended", ended=True))
                    return
                if why := reply.get("fault"):
                    raise BadResult(str(why))
                result = result_in(reply, job, one.expected)
            except BadResult as error:
                self._work.give_back(
                    job, Unanswered(f"the answer of the worker {desk.address} is no result ({error})")
                )
                await asyncio.sleep(PAUSE_SECONDS)
                return
        self._work.finish(result)

    async def _reply(self, one: Parcel, desk: Desk) -> dict[str, Any]:
        autograder = autograder_of(one.job)
        limit = time_limits.fault_seconds(autograder.limits, autograder.case_seconds) + MARGIN_SECONDS
        for _ in range(MAX_LOSSES):
            await self._supply(desk, one.shared)
            self._work.progress(one.job, "sent")
            student = ascii(one.job.reference.student)
            reply = await self._answer(desk, student, limit, worker.grade, one.task, Carried(one.submission))
            if not reply.get("missing"):
                return reply
            desk.has.clear()  # its grader is another one
        raise BadResult("it keeps nothing")

    async def _supply(self, desk: Desk, digests: Sequence[str]) -> None:
        """Send a worker what it lacks of what tasks share."""
        async with desk.supplying:
            for digest in digests:
                if digest in desk.has:
                    continue
                shared = Carried(self._work.shared.packed[digest])
                try:
                    reply = await self._answer(
                        desk, "what the class shares", KEEP_SECONDS, worker.keep, digest, shared
                    )
                except Unanswered:
                    raise Unanswered from None  # no submission is to blame
                if reply.get("ended"):
                    raise Unanswered
                if reply:
                    raise BadResult(f"it can't keep what the class shares: {reply}")
                desk.has.add(digest)

    async def _answer(
        self, desk: Desk, what: str, limit: float, function: Callable[..., str], *arguments: Any
    ) -> dict[str, Any]:
        """What a worker answers. Raises Unanswered, BadResult and Lost."""
        if desk.closed:
            raise Unanswered
        text = await desk.do(self._cluster.submit(desk.address, function, *arguments), what, limit)
        try:
            found = json.loads(text)
        except (ValueError, TypeError) as error:
            raise BadResult(str(error)) from error
        if not isinstance(found, dict):
            raise BadResult("it is not JSON's object")
        return found

    @contextlib.asynccontextmanager
    async def _packed(self, job: Job) -> AsyncIterator[Parcel | None]:
        """The job to be sent, once there is room for it; None if it can't be."""
        async with self._packing:
            try:
                one = parcel(job, self._work.shared)
            except (packing.TooLarge, OSError):  # it may be gone meanwhile, too: grading here says so
                yield None
                return
            async with self._freed:
                await self._freed.wait_for(
                    lambda: not self._away or self._away + len(one.submission) <= MAX_BYTES_AWAY
                )
            self._away += len(one.submission)
        try:
            yield one
        finally:
            self._away -= len(one.submission)
            async with self._freed:
                self._freed.notify_all()
