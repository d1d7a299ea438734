"""A running sandbox, seen from outside: send messages and files, end its processes, measure what it uses."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from coursekit.core import in_child
from coursekit.core.files import remove_folder
from coursekit.core.process_tree import ancestors, descendants
from coursekit.sandbox.inside import wire
from coursekit.sandbox.mounts import MEMORY
from coursekit.sandbox.printed import Printed
from coursekit.sandbox.sending import Part, batches
from coursekit.sandbox.warm import Forked

MAX_CONTROL = 8 << 20
"""bytes of a message on the control socket, which is unpacked in the grader itself"""
_first_processes: set[int] = set()
"""of the sandboxes whose processes are seen among those of this machine"""
STOPPING_ROUNDS = 200
REAPING_ROUNDS, REAPING_SECONDS = 500, 0.01


@dataclass
class Process:
    """A student's process and all that it starts.

    home: its home folder, if that is on this machine's disk. Then its processes are seen among those of this machine.
    Without one it has its own namespaces.
    others: the descendants of this process that existed before. first: files for its home folder, sent at once.
    """

    popen: subprocess.Popen[bytes] | Forked
    control: socket.socket
    output: Printed
    home: tempfile.TemporaryDirectory[str] | None
    others: frozenset[int] = frozenset()
    first: tuple[Part, ...] = ()
    _ready: bool = False
    _own: set[int] = field(default_factory=set, init=False)
    """its processes that belong to it: those before the first cell, and those that hold it at a place"""
    _inside: int = field(default=0, init=False)
    """one of them that sees the sandbox's own /proc; 0 if there is none"""
    _outside: int = field(default=0, init=False)
    """how many of them are not in that"""

    def __post_init__(self) -> None:
        if self.home and not isinstance(self.popen, Forked):
            _first_processes.add(self.popen.pid)

    # -- messages

    def wait_until_ready(self, deadline: float) -> None:
        """Wait until it can take a submission. Safe to call twice.

        `deadline` is on time.monotonic's clock. Raises TimeoutError after it, EOFError or OSError if the process has
        ended, and WireError if it sends something else.
        """
        if not self._ready:
            self.receive(deadline, "ready")
            self._ready = True
            self.put(self.first, deadline)

    def send(self, message: dict[str, Any], deadline: float, fds: Iterable[int] = ()) -> None:
        """Send a message, and open files with it. Raises as wait_until_ready()."""
        wire.send(self.control, message, fds=list(fds), deadline=deadline)

    def receive(self, deadline: float, *kinds: str) -> dict[str, Any]:
        """The next message, which must be one of these kinds. Raises as wait_until_ready()."""
        message, _, _ = wire.receive(self.control, deadline, MAX_CONTROL, 0)
        return expect(message, *kinds)

    def put(self, parts: Iterable[Part], deadline: float) -> None:
        """Have it write files and folders below its home folder, before it runs any student's code.

        There is no answer: a sandbox that can't write them ends. Raises as wait_until_ready().
        """
        for batch in batches(parts):
            entries = [
                [part.name, part.offset, None if part.data is None else len(part.data)] for part in batch
            ]
            data = memoryview(b"".join(part.data or b"" for part in batch))
            wire.send(self.control, {"op": "files", "entries": entries}, [data], deadline=deadline)

    # -- ending it

    def kill(self) -> None:
        """Kill every process in the sandbox. Safe to call twice."""
        stopped = self._kill_all()
        if isinstance(self.popen, Forked):
            self.popen.kill()  # its watcher ends what has slipped away from this
        self.popen.wait()
        if self.home:
            _reap(stopped)
            _first_processes.discard(self.popen.pid)
        self.control.close()
        self.output.close()
        if isinstance(self.popen, Forked):
            self.popen.close()
        if self.home:
            remove_folder(Path(self.home.name))

    def was_ended(self) -> bool:
        """Whether somebody else than the student's code or this grader is known to have ended it."""
        return isinstance(self.popen, Forked) and self.popen.was_ended()

    def note_own(self, pid: int | None = None) -> None:
        """Note that a process belongs to the sandbox: this one or, without a pid, all that there are now."""
        self._own.update([process.pid for process in self.processes()] if pid is None else [pid])
        if pid is None and not self.home:
            forked = self.popen.pid if isinstance(self.popen, Forked) else 0
            self._inside = max(self._own - {self.popen.pid}, default=forked)
            with contextlib.suppress(OSError):
                self._outside = len(self._own) - self._listed()

    def end_leftovers(self, *, one_too: bool = False) -> None:
        """Kill what a notebook's cells, or a test case, have left running; a fork in use is one of them.

        one_too: also if it is a single process. That is otherwise the fork that was killed last, which is there until
        its parent makes the next one.
        """
        if self._count() <= len(self._own) + (not one_too):
            return
        stopped = self._kill_all(but=self._own)
        if self.home:
            _reap(stopped)
        else:
            psutil.wait_procs(stopped, timeout=REAPING_ROUNDS * REAPING_SECONDS)

    def _kill_all(self, but: Set[int] = frozenset()) -> set[psutil.Process]:
        """Kill its processes, all but those with these pids; returns them.

        They are all stopped first: without a pid namespace, processes that keep forking could be faster than the
        killing.
        """
        stopped: set[psutil.Process] = set()
        for _ in range(STOPPING_ROUNDS):
            running = {one for one in self.processes() if one.pid not in but} - stopped
            if not running:
                break
            for process in running:
                _signal(process, signal.SIGSTOP)
            stopped |= running
        for process in stopped:
            _signal(process, signal.SIGKILL)
        return stopped

    def _count(self) -> int:
        """How many processes there are, those that have ended and were not waited for included."""
        with contextlib.suppress(OSError):
            if self._inside:
                return self._outside + self._listed()
        return len(self.processes())

    def _listed(self) -> int:
        """The number of processes in the sandbox's own /proc: faster than to look at all of this machine's.

        Raises OSError if it can't be read.
        """
        try:
            return sum(map(str.isdigit, os.listdir(f"/proc/{self._inside}/root/proc")))  # noqa: PTH208 -- names do
        except PermissionError:
            self._inside = 0
            raise

    def adopt(self, pid: int) -> int:
        """A pidfd of one of the sandbox's processes, for killing it. Raises OSError if it is not one of them."""
        pidfd = os.pidfd_open(pid)
        if self.popen.pid in ancestors(pid):
            return pidfd
        os.close(pidfd)
        raise ProcessLookupError(pid, "not one of the sandbox's processes")

    # -- what it uses

    def processes(self) -> list[psutil.Process]:
        """The sandbox's processes, seen from outside.

        Without namespaces, processes whose parent has ended can't be told from another sandbox's: they count for both.
        """
        with contextlib.suppress(psutil.NoSuchProcess):
            if self.home and isinstance(self.popen, Forked):
                return self.popen.below_watcher()
            if self.home:
                others = self.others | in_child.pids | _below(_first_processes - {self.popen.pid})
                mine = descendants(os.getpid())
                return [process for process in mine if process.pid not in others]
            root = psutil.Process(self.popen.pid)
            return [*descendants(self.popen.pid), root] if self.popen.poll() is None else []
        return []

    def memory(self, limit: int) -> int:
        """Bytes of memory that the sandbox's processes use. Above `limit`, pages that they share are counted once."""
        processes = self.processes()
        total = sum(_bytes_of(process, "rss") for process in processes)
        return total if total <= limit else sum(_bytes_of(process, "pss") for process in processes)

    def files(self) -> int:
        """The number of files in the fullest of the sandbox's folders in memory; 0 if its folders are on disk."""
        most = 0
        for process in self.processes()[:1] if not self.home else ():
            root = Path(f"/proc/{process.pid}/root")
            for mount in MEMORY:
                folder = root / mount.path.lstrip("/")
                with contextlib.suppress(OSError):
                    if folder.stat().st_dev not in (root.stat().st_dev, Path("/tmp").stat().st_dev):
                        found = os.statvfs(folder)
                        most = max(most, found.f_files - found.f_ffree)
        return most


def expect(message: object, *kinds: str) -> dict[str, Any]:
    """The message, if it is of one of these kinds. Raises WireError otherwise."""
    if not isinstance(message, dict) or message.get("op") not in kinds:
        raise wire.WireError("an unexpected message")
    return message


def _below(pids: set[int]) -> set[int]:
    """These processes and all below them."""
    found = set(pids)
    for pid in pids:
        found.update(child.pid for child in descendants(pid))
    return found


def _bytes_of(process: psutil.Process, kind: str) -> int:
    try:
        info = process.memory_info() if kind == "rss" else process.memory_full_info()
        return int(getattr(info, kind))
    except (psutil.Error, OSError):
        return 0


def _reap(processes: set[psutil.Process]) -> None:
    """Wait for killed processes, which become children of this one as their parents end."""
    for _ in range(REAPING_ROUNDS):
        for process in list(processes):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)
            if not process.is_running():
                processes.remove(process)
        if not processes:
            return
        time.sleep(REAPING_SECONDS)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        process.send_signal(number)
