"""A student's notebook, loaded in a sandbox: its cells run once, and each test case gets a fork of the process."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from coursekit.core.errors import CaseEnded, CourseError, GraderFault
from coursekit.core.limits import Limits
from coursekit.datasets.located import Located
from coursekit.sandbox import backends
from coursekit.sandbox.fork import Fork, alarm
from coursekit.sandbox.inside import wire
from coursekit.sandbox.raised import Raised, read_raised

MAX_CONTROL = 8 << 20  # bytes of a message about loading, which is unpacked in the grader itself
START_SECONDS = 60
FORK_SECONDS = 10
MAX_SKIPPED_CELLS = 3
MAX_STARTS = 3
MAX_RESTARTS = 3
MAX_LOADS = 2 + MAX_SKIPPED_CELLS + MAX_RESTARTS
"""how often a submission's cells are run at most"""
WATCH_SECONDS = 0.5
MOST_HELD = 4  # of a submission's memory limit, one part in so many for what a test holds of its answers
PR_SET_PDEATHSIG = 1  # prctl: the signal to get when the parent ends


@dataclass
class Load:
    """How loading a notebook went."""

    names: frozenset[str] = frozenset()
    raised: dict[int, Raised] = field(default_factory=dict)
    """cell's number: what it raised"""
    skipped: dict[int, str] = field(default_factory=dict)
    """cell's number: why it was left out (it ended the process, or did not end)"""
    threads: tuple[str, ...] = ()
    """the threads that it left running, which the forks for test cases do not have"""


class LoadedNotebook:
    """A student's process with a notebook loaded. Use it as a context manager: leaving it ends everything.

    cells: (number, source) of the code cells to run, in order. data: a dataset to be read, or None.
    """

    def __init__(
        self,
        backend: str,
        limits: Limits,
        cells: list[tuple[int, str]],
        submission: Path | None,
        data: Located | None,
        added: frozenset[int] = frozenset(),
    ):
        self.load = Load()
        self._backend, self._limits, self.cells = backend, limits, cells
        self.tasks: dict[int, str] = {}
        """of the cells, those that answer a task: number, what the release calls it"""
        self.given_names: Mapping[str, tuple[str, ...]] = {}
        """a read-only cell's text: the functions and classes that it defines, and that stay what they are"""
        self.own_classes: frozenset[str] = frozenset()
        """the classes that the assignment defines, which tests make instances of"""
        self.answer_files: frozenset[str] = frozenset()
        """the names of the files that students write in"""
        self.clean: Any = None
        """coursekit.grading.given.CleanProcess: where given functions run without this student's code; ends with it"""
        self._submission, self._data, self._added = submission, data, added
        self._process: backends.Process | None = None
        self._restarts = 0

    def __enter__(self) -> LoadedNotebook:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self.clean:
            self.clean.close()

    def _start(self) -> None:
        """Load the notebook; a cell that ends the process or never ends is left out on the next try.

        After too many of them the last try is without any of the student's own cells from there on, which the tests
        may not need. What ends before the first cell has nothing to do with the student, and is tried again.
        """
        starts = 0
        while True:
            starts += 1
            self._process = backends.start(self._backend, self._limits, self._submission, self._data)
            watch = threading.Thread(target=self._watch_memory, args=(self._process,), daemon=True)
            watch.start()
            try:
                self._load()
                return
            except _LoadEnded as ended:
                self._stop()
                if ended.cell is None:
                    if starts < MAX_STARTS:
                        continue
                    raise GraderFault(str(ended)) from None
                self._leave_out(ended)
            except BaseException:
                self._stop()
                raise

    def _leave_out(self, ended: _LoadEnded) -> None:
        """Choose what the next try does without. Raises CourseError when there was a last one."""
        skipped, count = self.load.skipped, len(self.load.skipped)
        if count > MAX_SKIPPED_CELLS:
            before = ", ".join(map(str, sorted(skipped)))
            raise CourseError(
                f"The notebook could not be loaded: cell {ended.cell}: {ended}. It was tried without the cells "
                f"{before} already. Give cells that only explore the tag skip-execution: they are not run."
            ) from None
        skipped[ended.cell] = str(ended)
        if count == MAX_SKIPPED_CELLS:
            later = [n for n, _ in self.cells if n > ended.cell and n in self._added and n not in skipped]
            skipped.update(dict.fromkeys(later, f"{count + 1} cells before it had to be left out"))

    def _load(self) -> None:
        control, cell = self._process.control, None
        deadline = time.monotonic() + START_SECONDS
        try:
            self._expect(wire.receive(control, deadline, MAX_CONTROL, 0)[0], "ready")
            cells = [[number, source] for number, source in self.cells if number not in self.load.skipped]
            deadline = time.monotonic() + self._limits.load_seconds
            given = {
                number: self.given_names[source] for number, source in cells if source in self.given_names
            }
            wire.send(control, {"op": "load", "cells": cells, "given": given}, deadline=deadline)
            self.load.raised.clear()
            while True:
                message = wire.receive(control, deadline, MAX_CONTROL, 0)[0]
                kind = self._expect(message, "cell", "raised", "loaded")
                if kind == "loaded":
                    self.load.names = frozenset(_texts(message.get("names")))
                    self.load.threads = tuple(_texts(message.get("threads"))[:10])
                    return
                if type(message.get("cell")) is not int or message["cell"] not in dict(self.cells):
                    raise wire.WireError("an unknown cell number")
                cell = message["cell"]
                if kind == "raised":
                    self.load.raised[cell] = read_raised(message.get("error"))
        except TimeoutError:
            limit = f"did not end within {self._limits.load_seconds:g} s"
            raise _LoadEnded(
                cell, limit if cell is not None else "the sandbox did not start in time"
            ) from None
        except (EOFError, OSError):
            reason = "it ended the process" if cell is not None else self._why_it_did_not_start()
            raise _LoadEnded(cell, reason) from None
        except wire.WireError as error:
            raise _LoadEnded(cell, f"it sent {error}") from None

    def _why_it_did_not_start(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.popen.wait(1)
        self._process.output.close()  # has all of it been read
        said = self._process.output.since(0).strip().splitlines()[-1:]
        return f"the sandbox did not start {said} (exit code {self._process.popen.returncode})"

    @staticmethod
    def _expect(message: Any, *kinds: str) -> str:
        if not isinstance(message, dict) or message.get("op") not in kinds:
            raise wire.WireError("an unexpected message")
        return message["op"]

    def _stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process = None

    def _watch_memory(self, process: backends.Process) -> None:
        """End a sandbox whose processes together hold more than the limit, which binds each alone."""
        most = (self._limits.memory_mib << 20) * 3 // 2
        while process.popen.poll() is None:
            with contextlib.suppress(psutil.Error, OSError):
                if process.memory(most) > most or process.files() > backends.MAX_INODES:
                    for one in process.processes():
                        one.kill()
            time.sleep(WATCH_SECONDS)

    def printed_since(self, mark: int) -> str:
        return self._process.output.since(mark) if self._process else ""

    def printed(self) -> int:
        """A mark for printed_since()."""
        return self._process.output.mark() if self._process else 0

    @contextlib.contextmanager
    def case(self, seconds: float) -> Iterator[Fork]:
        """A fork of the loaded notebook for one test case, ended after `seconds` at the latest.

        Raises CaseEnded, also inside the block, when time is up or the student's process has gone, and
        GraderFault when it has gone and no sandbox starts any more.
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
            except (OSError, EOFError, TimeoutError, wire.WireError, AttributeError):
                self._stop()
                if self._restarts >= MAX_RESTARTS:
                    raise CaseEnded(
                        "gone", "the notebook's process ended and was restarted too often"
                    ) from None
                self._restarts += 1
                try:
                    self._start()
                except GraderFault:
                    raise
                except CourseError as error:
                    raise CaseEnded("gone", str(error)) from None

    def _try_fork(self) -> Fork:
        deadline = time.monotonic() + FORK_SECONDS
        ours, theirs = socket.socketpair()
        try:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            wire.send(self._process.control, {"op": "fork"}, fds=[theirs.fileno()], deadline=deadline)
            theirs.close()
            ours.settimeout(FORK_SECONDS)
            # The kernel names the sender, in this process's numbers: the process to kill when time is up.
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
            self._expect(wire.receive(ours, deadline, MAX_CONTROL, 0)[0], "hello")
            most = (self._limits.memory_mib << 20) // MOST_HELD
            return Fork(ours, self._process.adopt(pid), self.own_classes, most)
        except StopIteration:
            raise wire.WireError("a message without a sender") from None
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()


def _texts(value: Any) -> list[str]:
    return [one[:200] for one in value if type(one) is str] if isinstance(value, list) else []


class _LoadEnded(Exception):
    def __init__(self, cell: int | None, reason: str):
        super().__init__(reason)
        self.cell = cell
