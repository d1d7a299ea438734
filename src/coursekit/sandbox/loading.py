"""A student's notebook, loaded in a sandbox: its cells run once, and each test case gets a fork of the process.

There are two steps, with any time between them. `Sandbox.start` makes a process that knows nothing about a submission.
Loading puts the submission's files into its home folder and has it run the cells. A process that ends is replaced by
another, which gets the files again.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from coursekit.core import time_limits
from coursekit.core.errors import CaseEnded, CourseError, GraderFault
from coursekit.core.limits import Limits
from coursekit.datasets.located import Located
from coursekit.sandbox import choose, kept_checks
from coursekit.sandbox.channel import Connection
from coursekit.sandbox.fork import Fork, alarm
from coursekit.sandbox.inside import wire
from coursekit.sandbox.mounts import MAX_INODES
from coursekit.sandbox.process import Process
from coursekit.sandbox.raised import Raised, read_raised
from coursekit.sandbox.senders import sender_of, socket_pair
from coursekit.sandbox.sending import parts_of

MAX_NAMES = 20
MAX_PLACES, HELD_AT_ONCE = 60, 30  # a message has so many sockets at most
MOST_HELD = 4  # a test may hold answers up to a submission's memory limit divided by this


@dataclass(frozen=True)
class Notebook:
    """A notebook to load, and what the assignment says about it."""

    cells: Sequence[tuple[int, str]]
    """(number, source) of the code cells to run, in order"""
    folder: Path | None = None
    """the submission's files, a checked copy; they are beside the notebook when it runs"""
    own_cells: frozenset[int] = frozenset()
    """numbers of the cells that the student added to the release's"""
    tasks: Mapping[int, str] = field(default_factory=dict)
    """numbers of the cells that answer a task, each with the task's name in the release"""
    given_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """a read-only cell's text: the functions and classes that it defines, which students can't replace"""
    own_classes: frozenset[str] = frozenset()
    """the classes that the assignment defines: tests make instances of them"""
    answer_files: frozenset[str] = frozenset()
    """the names of the files that students write in"""
    places: Mapping[str, int] = field(default_factory=dict)
    """tests that are run as the notebook is at their place: how many of the cells come before it"""
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """the names that these tests read"""
    restarts: int = time_limits.MAX_RESTARTS
    """how often the process is started again when it has ended"""
    as_released: frozenset[int] = frozenset()
    """numbers of the cells that are as in the release"""
    load_seconds: float | None = None
    """how long the worked solution takes to load, if that is known"""


@dataclass
class Load:
    """How loading a notebook went."""

    names: frozenset[str] = frozenset()
    raised: dict[int, Raised] = field(default_factory=dict)
    """cell's number: what it raised"""
    kept: dict[int, list[str]] = field(default_factory=dict)
    """cell's number: the names that it defined although it raised"""
    again: list[int] = field(default_factory=list)
    """cells that needed what stands below them, and were run again at the end"""
    reduced: dict[int, str] = field(default_factory=dict)
    """cell's number: why only its definitions were carried out (it ended the process, or did not end)"""
    skipped: dict[int, str] = field(default_factory=dict)
    """cell's number: why it was left out, definitions included"""
    changes: dict[str, dict[str, int]] = field(default_factory=dict)
    """test's name: the names it needs that mean something else at the end than at its place, and the cell's number"""
    stand_ins: tuple[str, ...] = ()
    """what the notebook asked for that is not there, such as a person at the keyboard"""
    threads: tuple[str, ...] = ()
    """the threads that are still running: the forks for test cases do not have them"""


class LoadedNotebook:
    """A student's process with a notebook loaded. Use it as a context manager: leaving it ends everything.

    sandbox: the name of a kind of sandbox. data: a dataset that can be read, or None. process: a process of this kind,
    started with these limits and this data, to use first; it ends when this does.
    """

    def __init__(
        self,
        sandbox: str,
        limits: Limits,
        notebook: Notebook,
        data: Located | None,
        process: Process | None = None,
    ):
        self.load = Load()
        self.notebook = notebook
        self._sandbox, self._limits, self._data = choose.named(sandbox), limits, data
        self._started = process
        self._process: Process | None = None
        self._held: dict[str, Held] = {}
        """by test: the process as it was at its place"""
        self._restarts, self._restart_seconds = 0, 0.0
        self._ended = 0
        self.timeouts = 0
        """how often loading did not end in time"""

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _start(self) -> None:
        """Load the notebook; a cell that ends the process or never ends is left out on the next try.

        After too many of them, only the definitions of all the student's cells from there on are carried out: the tests
        may not need more. A process that ends before the first cell is not the student's fault, and is started again.
        """
        starts = 0
        while True:
            starts += 1
            process = self._process = self._take_process()
            threading.Thread(target=self._watch_memory, args=(process,), daemon=True).start()
            try:
                self._load(process)
                return
            except _LoadEnded as ended:
                self._stop()
                if ended.cell is None:
                    if starts < time_limits.MAX_STARTS:
                        continue
                    raise GraderFault(str(ended)) from None
                self._leave_out(ended.cell, str(ended))
            except BaseException:
                self._stop()
                raise

    def _take_process(self) -> Process:
        """The process that was started in advance, once; then a new one each time."""
        process, self._started = self._started, None
        try:
            return process or self._sandbox.start(self._limits, self._data)
        except (OSError, EOFError, ImportError, RuntimeError, wire.WireError) as error:
            kept_checks.forget(self._sandbox)  # the next command tries whether it works at all
            raise GraderFault(f"a sandbox can't be started: {error}") from error

    def _leave_out(self, cell: int, reason: str) -> None:
        """Choose what the next try leaves out: of a cell what defines nothing, then all of it.

        Raises CourseError if this was the last try.
        """
        skipped, reduced = self.load.skipped, self.load.reduced
        self._ended += 1
        if self._ended >= time_limits.MAX_ENDED_LOADS:
            before = ", ".join(map(str, sorted(skipped.keys() | reduced.keys())))
            raise CourseError(
                f"The notebook could not be loaded: cell {cell}: {reason}. It was also tried without the cells "
                f"{before}. Give cells that only explore the tag skip-execution: then they are not run."
            ) from None
        (skipped if cell in reduced else reduced)[cell] = reason
        if self._ended > time_limits.MAX_SKIPPED_CELLS:
            mine = self.notebook.own_cells | self.notebook.tasks.keys()
            later = [n for n, _ in self.notebook.cells if n > cell and n in mine and n not in reduced]
            reduced.update(dict.fromkeys(later, f"{self._ended} cells before it had to be left out"))

    def _load(self, process: Process) -> None:
        """Put the files in and run the cells. Raises _LoadEnded."""
        cell: int | None = None
        started = time.monotonic()
        skipped, names = self.load.skipped, self.notebook.given_names
        cells = [(n, source, n in self.load.reduced) for n, source in self.notebook.cells if n not in skipped]
        known = dict(self.notebook.cells)
        given = {number: list(names[source]) for number, source, _ in cells if source in names}
        try:
            deadline = time.monotonic() + time_limits.START_SECONDS
            process.wait_until_ready(deadline)
            if self.notebook.folder:
                process.put(parts_of(self.notebook.folder), deadline)
            process.note_own()
            deadline = until = time.monotonic() + self._limits.load_seconds
            self._hold_places(process, deadline)
            process.send({"op": "load", "cells": cells, "given": given}, deadline)
            self.load.raised.clear()
            self.load.kept.clear()
            self.load.again.clear()
            while True:
                message = process.receive(until, "cell", "raised", "again", "loaded")
                if message["op"] == "loaded":
                    self.load.names = frozenset(_texts(message.get("names")))
                    self.load.threads = tuple(_texts(message.get("threads"))[:10])
                    self.load.stand_ins = tuple(_texts(message.get("stand_ins")))
                    self.load.changes = _changes(message.get("changes"), known)
                    for held in set(self._held.values()):
                        held.meet(process, deadline)
                    process.end_leftovers(one_too=True)
                    return
                cell = _number(message.get("cell"), known)
                if message["op"] == "cell":
                    started = time.monotonic()
                    until = min(deadline, started + self._cell_seconds(cell))
                if message["op"] == "again" and self.load.raised.pop(cell, None):
                    self.load.again.append(cell)
                if message["op"] == "raised":
                    self.load.raised[cell] = read_raised(message.get("error"))
                    self.load.kept[cell] = _texts(message.get("kept"))[:MAX_NAMES]
        except TimeoutError:
            self.timeouts += cell is not None
            limit = f"did not end within {time.monotonic() - started:.0f} s"
            raise _LoadEnded(
                cell, limit if cell is not None else "the sandbox did not start in time"
            ) from None
        except (EOFError, OSError):
            if process.was_ended():
                raise _LoadEnded(None, "the sandbox was ended from outside") from None
            reason = "it ended the process" if cell is not None else _why_it_did_not_start(process)
            raise _LoadEnded(cell, reason) from None
        except wire.WireError as error:
            raise _LoadEnded(cell, f"it sent {error}") from None

    def _cell_seconds(self, cell: int) -> float:
        """How long a cell may run: less where it is the release's, of which is known how long it takes."""
        worked = self.notebook.load_seconds if cell in self.notebook.as_released else None
        return time_limits.shortened(self._limits.load_seconds, worked, self.timeouts, time_limits.LOAD_STEPS)

    def _hold_places(self, process: Process, deadline: float) -> None:
        """Have the process held at the places of tests. None at the end: that is the process itself."""
        skipped = self.load.skipped
        order = [n for n, _ in self.notebook.cells]
        by_place: dict[int, dict[str, list[str]]] = {}
        for test, count in self.notebook.places.items():
            left = sum(n not in skipped for n in order[:count])
            if left < len(order) - len(skipped):
                by_place.setdefault(left, {})[test] = sorted(self.notebook.reads.get(test, ()))
        places = sorted(by_place.items())[:MAX_PLACES]
        for start in range(0, len(places), HELD_AT_ONCE):
            some = places[start : start + HELD_AT_ONCE]
            pairs = [socket_pair() for _ in some]
            try:
                message = {"op": "hold", "places": [{"before": n, "tests": tests} for n, tests in some]}
                process.send(message, deadline, [theirs.fileno() for _, theirs in pairs])
            finally:
                for (_, tests), (ours, theirs) in zip(some, pairs, strict=True):
                    theirs.close()
                    held = Held(ours)
                    self._held.update(dict.fromkeys(tests, held))

    def _stop(self) -> None:
        for held in set(self._held.values()):
            held.sock.close()
        self._held.clear()
        for process in (self._process, self._started):
            if process:
                process.kill()
        self._process = self._started = None

    def _watch_memory(self, process: Process) -> None:
        """Kill a sandbox whose processes together use too much memory: the kernel limits only each of them."""
        most = (self._limits.memory_mib << 20) * 3 // 2
        while process.popen.poll() is None:
            with contextlib.suppress(psutil.Error, OSError):
                if process.memory(most) > most or process.files() > MAX_INODES:
                    # The case that runs is one of them; the notebook itself may be innocent.
                    process.end_leftovers(one_too=True)
                    if process.memory(most) > most or process.files() > MAX_INODES:
                        for one in process.processes():
                            one.kill()
            time.sleep(time_limits.WATCH_SECONDS)

    def printed_since(self, mark: int) -> str:
        return self._process.output.since(mark) if self._process else ""

    def printed(self) -> int:
        """A mark for printed_since()."""
        return self._process.output.mark() if self._process else 0

    def was_ended(self) -> bool:
        """Whether somebody else than the student's code is known to have ended the process.

        Asked when a fork has ended: while the process can make another, only that one has.
        """
        if self._process is None:
            return False
        try:
            self._try_fork("").close()
        except (OSError, EOFError, TimeoutError, wire.WireError):
            return self._process.was_ended()
        return False

    def names_at(self, test: str) -> frozenset[str] | None:
        """The names that are defined at the place of that test; None if the notebook is not held there."""
        return self._held[test].names if test in self._held else None

    @contextlib.contextmanager
    def connected(self, seconds: float, at: str = "") -> Iterator[Connection]:
        """The connection to a fork of the loaded notebook for one test case, ended after `seconds` at the latest.

        at: the test at whose place the notebook is to be; where it is not held there, and by default, it is the whole
        notebook.

        Raises CaseEnded, also inside the block, when time is up or the student's process has ended, and
        GraderFault if it has ended and no sandbox can be started.
        """
        connection = self._fork(at)
        try:
            with alarm(seconds):
                yield connection
        finally:
            connection.close()
            if self._process:
                self._process.end_leftovers()

    @contextlib.contextmanager
    def case(self, seconds: float, at: str = "") -> Iterator[Fork]:
        """As connected(), for the calls of a test in this process."""
        with self.connected(seconds, at) as connection:
            case = self.fork_at(connection)
            case.limit(seconds)
            yield case

    def fork_at(self, connection: Connection) -> Fork:
        """The fork at the other end of a connection, for one test's calls."""
        return Fork(connection, self.notebook.own_classes, (self._limits.memory_mib << 20) // MOST_HELD)

    def _fork(self, at: str) -> Connection:
        while True:
            try:
                return self._try_fork(at)
            except (OSError, EOFError, TimeoutError, wire.WireError):
                blameless = self._process is not None and self._process.was_ended()
                self._stop()
                most = time_limits.RESTART_LOADS * (self._limits.load_seconds + time_limits.START_SECONDS)
                if self._restarts >= self.notebook.restarts or self._restart_seconds > most:
                    raise CaseEnded(
                        "gone",
                        "your notebook's process ended too often: look for exit() or a crash",
                    ) from None
                self._restarts += not blameless
                started = time.monotonic()
                try:
                    self._start()
                except GraderFault:
                    raise
                except CourseError as error:
                    raise CaseEnded("gone", str(error)) from None
                finally:
                    self._restart_seconds += time.monotonic() - started

    def _try_fork(self, at: str) -> Connection:
        if self._process is None:
            raise EOFError("it could not be restarted")
        held = self._held.get(at)
        control = self._process.control if held is None or held.names is None else held.sock
        deadline = time.monotonic() + time_limits.FORK_SECONDS
        ours, theirs = socket_pair()
        try:
            wire.send(control, {"op": "fork"}, fds=[theirs.fileno()], deadline=deadline)
            theirs.close()
            pid, _ = sender_of(ours, "hello", deadline)
            return Connection(ours, self._process.adopt(pid))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()


@dataclass(eq=False)
class Held:
    """A process that is as the notebook was at one place. names: those defined there; None until it has said so."""

    sock: socket.socket
    names: frozenset[str] | None = None

    def meet(self, process: Process, deadline: float) -> None:
        """Hear from it that it is there: where no process could be made, it hears that or nothing."""
        with contextlib.suppress(OSError, EOFError, wire.WireError):
            pid, message = sender_of(self.sock, "held", deadline)
            process.note_own(pid)
            self.names = frozenset(_texts(message.get("names")))


def _why_it_did_not_start(process: Process) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.popen.wait(1)
    process.output.close()  # now everything has been read
    said = process.output.since(0).strip().splitlines()[-1:]
    return f"the sandbox did not start {said} (exit code {process.popen.returncode})"


def _texts(value: object) -> list[str]:
    return [one[:200] for one in value if type(one) is str] if isinstance(value, list) else []


def _changes(value: object, cells: Mapping[int, str]) -> dict[str, dict[str, int]]:
    """The `changes` of a loaded notebook, as far as they are well formed."""
    found: dict[str, dict[str, int]] = {}
    for test, pairs in value.items() if isinstance(value, dict) else ():
        if type(test) is str and isinstance(pairs, list):
            good = [
                pair
                for pair in pairs[:MAX_NAMES]
                if isinstance(pair, list) and list(map(type, pair)) == [str, int]
            ]
            found[test] = {name[:200]: number for name, number in good if number in cells or not number}
    return found


def _number(value: object, cells: Mapping[int, str]) -> int:
    if type(value) is not int or value not in cells:
        raise wire.WireError("an unknown cell number")
    return value


class _LoadEnded(Exception):
    def __init__(self, cell: int | None, reason: str):
        super().__init__(reason)
        self.cell = cell
