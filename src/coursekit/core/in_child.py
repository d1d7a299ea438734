"""Run functions on untrusted data in a fork of this process, with a limit on its time and memory."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from coursekit.core.kernel import end_with_parent

Answer = Callable[[bytes, list[int]], bytes]
"""what a Child does with a request and the open files that came with it"""
_SIZE = struct.Struct("=q")
_MAX_REQUEST, _MAX_FILES = 1 << 16, 16

pids: set[int] = set()
"""of the forks of this process that are running"""


def run_in_child(run: Callable[[], bytes], seconds: float, memory: int) -> bytes | None:
    """The result of `run` from a fork of this process; empty if the fork ended without one, None if time was up.

    memory: bytes of address space. The fork is the first to go if the whole machine runs out of memory.
    """
    child = Child(lambda request, fds: run(), memory)
    try:
        return child.ask(b"run", (), seconds)
    except ChildKilled:
        return b""
    finally:
        child.close()


class ChildKilled(Exception):
    """Somebody has killed a Child: the kernel, since no memory is left on this machine, or anybody else."""


class Child:
    """A fork of this process that answers one request after the other, so that not each of them needs a fork.

    It is made when the first request needs it. After one without an answer, or that has left it large, it is ended, and
    the next request gets another. answer: called there. memory: as in run_in_child().
    """

    def __init__(self, answer: Answer, memory: int) -> None:
        self._answer, self._memory = answer, memory
        self._pid = self._at_start = 0
        self._socket: socket.socket | None = None

    def ask(self, request: bytes, fds: Sequence[int], seconds: float) -> bytes | None:
        """The answer; empty if the fork ended without one, None if time was up. Raises ChildKilled."""
        sock = self._socket or self._start()
        found = b""
        try:
            socket.send_fds(sock, [request], fds)
            found = self._receive(sock, time.monotonic() + seconds)
        except TimeoutError:
            return None
        except OSError:
            pass
        finally:
            has_grown = self._size() - self._at_start > self._memory // 4
            killed = self._close() if not found or has_grown else False
        if killed and not found:
            raise ChildKilled
        return found

    def _size(self) -> int:
        """Bytes of its address space."""
        with contextlib.suppress(OSError):
            return int(Path(f"/proc/{self._pid}/statm").read_text().split()[0]) * resource.getpagesize()
        return 0

    def close(self) -> None:
        """End it, whatever it is doing. Safe to call twice."""
        self._close()

    def _close(self) -> bool:
        """close(); returns whether somebody else has killed it."""
        if not self._socket:
            return False
        self._socket.close()
        self._socket = None
        found = os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        _end(self._pid)
        return found is not None and found.si_code == os.CLD_KILLED and found.si_status == signal.SIGKILL

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pid = _fork()
        if self._pid == 0:
            try:
                ours.close()
                _bound(self._memory)
                self._serve(theirs)
            finally:
                os._exit(1)
        theirs.close()
        self._at_start = self._size()  # of this process, which may be large itself
        self._socket = ours
        return ours

    def _serve(self, sock: socket.socket) -> None:
        while True:
            request, fds, _, _ = socket.recv_fds(sock, _MAX_REQUEST, _MAX_FILES)
            if not request:
                return
            answer = self._answer(request, fds)
            sock.send(_SIZE.pack(len(answer)))
            for start in range(0, len(answer), _MAX_REQUEST):
                sock.send(answer[start : start + _MAX_REQUEST])

    def _receive(self, sock: socket.socket, deadline: float) -> bytes:
        """The answer; empty if it ends before. Raises TimeoutError and OSError."""

        def packet() -> bytes:
            sock.settimeout(max(0.001, deadline - time.monotonic()))
            return sock.recv(_MAX_REQUEST)

        size, parts = packet(), []
        missing = _SIZE.unpack(size)[0] if size else 0
        while missing > 0 and (part := packet()):
            parts.append(part)
            missing -= len(part)
        if missing or not size:
            os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)  # it has closed the socket: it is ending
            return b""
        return b"".join(parts)


def _fork() -> int:
    pid = os.fork()
    if pid:
        pids.add(pid)
    else:
        pids.clear()
    return pid


def _bound(memory: int) -> None:
    """Set a fork's limits."""
    end_with_parent(signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900")


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    pids.discard(pid)
