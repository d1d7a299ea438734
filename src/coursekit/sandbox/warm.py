"""The warm process of a kind of sandbox: started once, it forks a sandbox for each student in milliseconds.

inside/warm.py says what it is. One warm process serves this process and those that are forked from it: each request is
one packet, and its answer comes over the new sandbox's own socket. If it has been ended, the next start makes another.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from coursekit.core import time_limits
from coursekit.core.process_tree import ancestors, descendants

MAX_SAID = 1 << 16
ENDED = b"ended"
"""what a watcher says when its sandbox has ended by itself"""
LAST_SECONDS = 2
"""how long what ends together may take to do so"""


class Forked:
    """The first process of a sandbox that was forked from a warm process; used as a Popen is.

    life: our end of the pair of sockets to its watcher, which ends the sandbox when this is closed. watcher: the pid of
    that one, above all processes of the sandbox. Raises OSError if it has ended.
    """

    returncode: int | None = None
    _closed = False

    def __init__(self, pid: int, life: socket.socket) -> None:
        self.pid, self._life = pid, life
        self._pidfd = os.pidfd_open(pid)
        try:
            self.watcher = next(ancestors(pid), 0)
            self._watchers_pidfd = os.pidfd_open(self.watcher)
        except OSError:  # it has ended
            os.close(self._pidfd)
            raise

    def poll(self) -> int | None:
        """-1 if it has ended: nobody here can know how."""
        if self.returncode is None and _readable(self._pidfd, 0):
            self.returncode = -1
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it and all its descendants have ended. Raises subprocess.TimeoutExpired."""
        if self._closed:
            return -1
        if not all(_readable(fd, timeout) for fd in (self._pidfd, self._watchers_pidfd)):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        self.returncode = -1
        return -1

    def below_watcher(self) -> list[psutil.Process]:
        """All processes of the sandbox, also those that have lost their parents; none if it has ended."""
        if self.poll() is not None:
            return []
        found = descendants(self.watcher)
        return [] if _readable(self._watchers_pidfd, 0) else found  # else its pid may be another's by now

    def kill(self) -> None:
        """End it, whereupon its watcher or the kernel ends everything below it: wait() waits for that."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def was_ended(self) -> bool:
        """Whether it was ended from outside, with its watcher: then the student's code is not to blame.

        What is ended with all that is around it does not end all at once, so the watcher's end is waited for a while.
        """
        if not _readable(self._life.fileno(), LAST_SECONDS):
            return False
        with contextlib.suppress(OSError):
            return self._life.recv(len(ENDED), socket.MSG_PEEK) != ENDED
        return True

    def close(self) -> None:
        """Close what is open for it, after wait(). Safe to call twice."""
        if not self._closed:
            self._closed = True
            self._life.close()
            os.close(self._pidfd)
            os.close(self._watchers_pidfd)


class Warm:
    """A running warm process.

    command: what starts it. control: our end of its control socket; theirs: its end. fds: other open files for
    it. home: its home folder, if that is on disk. It ends when the thread that has started it does. It can be used at
    once: it does what it is asked for when everything is imported.
    """

    def __init__(
        self,
        command: Sequence[str],
        control: socket.socket,
        theirs: socket.socket,
        fds: Sequence[int] = (),
        home: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._control, self._home, self._owner = control, home, os.getpid()
        control.settimeout(time_limits.START_SECONDS)  # it reads nothing before it has imported everything
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with this object
        with theirs:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno(), *fds],
                start_new_session=True,
                env={},
            )
            with contextlib.suppress(OSError):
                # If the machine runs out of memory, this is killed before the grader, and sandboxes, which have 1000,
                # before this: one that holds it in many small processes does not end those of others.
                Path(f"/proc/{self._popen.pid}/oom_score_adj").write_text("900")

    def has_ended(self) -> bool:
        """Whether it has ended, as far as the process that started it knows; others find out when they need it."""
        return self._owner == os.getpid() and self._popen.poll() is not None

    def said(self) -> list[str]:
        """The last line of what it has printed, which is why something failed."""
        read = os.pread(self._errors.fileno(), MAX_SAID, 0)  # they share their place in the file
        return read.decode("utf-8", "replace").strip().splitlines()[-1:]

    def fork(self, policy: dict[str, Any], theirs: int, output: int) -> socket.socket:
        """Have it fork a sandbox; returns our end of the pair of sockets to the watcher. Raises OSError.

        theirs: the sandbox's control socket. output: where it prints.
        """
        ours, watchers = socket.socketpair()
        with watchers:
            try:
                socket.send_fds(
                    self._control, [json.dumps(policy).encode()], [theirs, output, watchers.fileno()]
                )
            except BaseException:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """Use it no more. The process that started it ends it, and with it all that it has forked."""
        self._control.close()
        if self._owner == os.getpid():
            self._popen.kill()
            self._popen.wait()
            if self._home:
                self._home.cleanup()


def _readable(fd: int, seconds: float | None) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))
