"""A student's notebook, loaded in a sandbox: its cells run once, and each test case gets a fork of the process.

There are two steps, with any time between them. `Sandbox.start` makes a process that knows nothing about a submission.
Loading puts the submission's files into its home folder and has it run the cells. A process that ends is replaced by
another, which gets the files again.
"""

from __future__ import annotations

import contextlib
import socket
import struct
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
from coursekit.sandbox import choose
from coursekit.sandbox.fork import Fork, alarm
from coursekit.sandbox.inside import wire
from coursekit.sandbox.mounts import MAX_INODES
from coursekit.sandbox.process import MAX_CONTROL, Process, expect
from coursekit.sandbox.raised import Raised, read_raised
from coursekit.sandbox.sending import parts_of

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


@dataclass
class Load:
    """How loading a notebook went."""

    names: frozenset[str] = frozenset()
    raised: dict[int, Raised] = field(default_factory=dict)
    """cell's number: what it raised"""
    skipped: dict[int, str] = field(default_factory=dict)
    """cell's number: why it was left out (it ended the process, or did not end)"""
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
        self._restarts = 0

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _start(self) -> None:
        """Load the notebook; a cell that ends the process or never ends is left out on the next try.

        After too many of them, the last try leaves out all of the student's own cells from there on: the tests may not
        need them. A process that ends before the first cell is not the student's fault, and is started again.
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
        return process or self._sandbox.start(self._limits, self._data)

    def _leave_out(self, cell: int, reason: str) -> None:
        """Choose the cells that the next try leaves out. Raises CourseError if this was the last try."""
        skipped, count = self.load.skipped, len(self.load.skipped)
        if count > time_limits.MAX_SKIPPED_CELLS:
            before = ", ".join(map(str, sorted(skipped)))
            raise CourseError(
                f"The notebook could not be loaded: cell {cell}: {reason}. It was also tried without the cells "
                f"{before}. Give cells that only explore the tag skip-execution: then they are not run."
            ) from None
        skipped[cell] = reason
        if count == time_limits.MAX_SKIPPED_CELLS:
            own = self.notebook.own_cells - skipped.keys()
            later = [n for n, _ in self.notebook.cells if n > cell and n in own]
            skipped.update(dict.fromkeys(later, f"{count + 1} cells before it had to be left out"))

    def _load(self, process: Process) -> None:
        """Put the files in and run the cells. Raises _LoadEnded."""
        cell: int | None = None
        cells = [(n, source) for n, source in self.notebook.cells if n not in self.load.skipped]
        known, names = dict(self.notebook.cells), self.notebook.given_names
        given = {number: list(names[source]) for number, source in cells if source in names}
        try:
            deadline = time.monotonic() + time_limits.START_SECONDS
            process.wait_until_ready(deadline)
            if self.notebook.folder:
                process.put(parts_of(self.notebook.folder), deadline)
            deadline = time.monotonic() + self._limits.load_seconds
            process.send({"op": "load", "cells": cells, "given": given}, deadline)
            self.load.raised.clear()
            while True:
                message = process.receive(deadline, "cell", "raised", "loaded")
                if message["op"] == "loaded":
                    self.load.names = frozenset(_texts(message.get("names")))
                    self.load.threads = tuple(_texts(message.get("threads"))[:10])
                    return
                cell = _number(message.get("cell"), known)
                if message["op"] == "raised":
                    self.load.raised[cell] = read_raised(message.get("error"))
        except TimeoutError:
            limit = f"did not end within {self._limits.load_seconds:g} s"
            raise _LoadEnded(
                cell, limit if cell is not None else "the sandbox did not start in time"
            ) from None
        except (EOFError, OSError):
            reason = "it ended the process" if cell is not None else _why_it_did_not_start(process)
            raise _LoadEnded(cell, reason) from None
        except wire.WireError as error:
            raise _LoadEnded(cell, f"it sent {error}") from None

    def _stop(self) -> None:
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
                    for one in process.processes():
                        one.kill()
            time.sleep(time_limits.WATCH_SECONDS)

    def printed_since(self, mark: int) -> str:
        return self._process.output.since(mark) if self._process else ""

    def printed(self) -> int:
        """A mark for printed_since()."""
        return self._process.output.mark() if self._process else 0

    @contextlib.contextmanager
    def case(self, seconds: float) -> Iterator[Fork]:
        """A fork of the loaded notebook for one test case, ended after `seconds` at the latest.

        Raises CaseEnded, also inside the block, when time is up or the student's process has ended, and
        GraderFault if it has ended and no sandbox can be started.
        """
        case = self._fork()
        try:
            with alarm(seconds):
                case.limit(seconds)
                yield case
        finally:
            case.close()

    def _fork(self) -> Fork:
        while True:
            try:
                return self._try_fork()
            except (OSError, EOFError, TimeoutError, wire.WireError):
                self._stop()
                if self._restarts >= time_limits.MAX_RESTARTS:
                    raise CaseEnded(
                        "gone",
                        "your notebook's process ended too often: look for exit() or a crash",
                    ) from None
                self._restarts += 1
                try:
                    self._start()
                except GraderFault:
                    raise
                except CourseError as error:
                    raise CaseEnded("gone", str(error)) from None

    def _try_fork(self) -> Fork:
        if self._process is None:
            raise EOFError("it could not be restarted")
        deadline = time.monotonic() + time_limits.FORK_SECONDS
        ours, theirs = socket.socketpair()
        try:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            self._process.send({"op": "fork"}, deadline, [theirs.fileno()])
            theirs.close()
            ours.settimeout(time_limits.FORK_SECONDS)
            # The kernel gives the sender's pid as seen from here: the process to kill when time is up.
            space = socket.CMSG_SPACE(struct.calcsize("3i"))
            first, ancillary, _, _ = ours.recvmsg(1, space, socket.MSG_PEEK)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
            if not first:
                raise EOFError("the fork ended at once")
            pid = next(
                struct.unpack("3i", data[:12])[0]
                for _, kind, data in ancillary
                if kind == socket.SCM_CREDENTIALS
            )
            message, _, _ = wire.receive(ours, deadline, MAX_CONTROL, 0)
            expect(message, "hello")
            most = (self._limits.memory_mib << 20) // MOST_HELD
            return Fork(ours, self._process.adopt(pid), self.notebook.own_classes, most)
        except StopIteration:
            ours.close()
            raise wire.WireError("a message without a sender") from None
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()


def _why_it_did_not_start(process: Process) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.popen.wait(1)
    process.output.close()  # now everything has been read
    said = process.output.since(0).strip().splitlines()[-1:]
    return f"the sandbox did not start {said} (exit code {process.popen.returncode})"


def _texts(value: object) -> list[str]:
    return [one[:200] for one in value if type(one) is str] if isinstance(value, list) else []


def _number(value: object, cells: Mapping[int, str]) -> int:
    if type(value) is not int or value not in cells:
        raise wire.WireError("an unknown cell number")
    return value


class _LoadEnded(Exception):
    def __init__(self, cell: int | None, reason: str):
        super().__init__(reason)
        self.cell = cell
