"""What Dask runs on a worker: it hands a task to the worker's grader, and returns text."""

from __future__ import annotations

import atexit
import json
import socket
import subprocess
import sys
import threading
from typing import Any

from coursekit.executors.dask.protocol import Carried, versions
from coursekit.sandbox.inside import wire

_lock = threading.Lock()
_grader: _Grader | None = None


class _Grader:
    """The process that grades here, started with the first task. A worker grades one submission at a time."""

    def __init__(self) -> None:
        self.sock, theirs = socket.socketpair()
        with theirs:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "coursekit.executors.dask.grader", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        atexit.register(self.close)

    def close(self) -> None:
        atexit.unregister(self.close)
        self.sock.close()
        self.popen.kill()
        self.popen.wait()


def grade(task: bytes, submission: Carried) -> str:
    """The answer to a task as JSON text: a result, or why there is none."""
    return _ask({"task": task}, submission)


def keep(digest: str, shared: Carried) -> str:
    """Keep what tasks share."""
    return _ask({"keep": digest}, shared)


def _ask(request: dict[str, Any], carried: Carried) -> str:
    global _grader
    with _lock:
        if _grader is None or _grader.popen.poll() is not None:
            _grader = _Grader()
        try:
            wire.send(_grader.sock, request, [memoryview(carried.data)])
            reply, _, _ = wire.receive(_grader.sock)
        except (EOFError, OSError):
            _grader.close()
            reply = {"ended": True}
            _grader = None
    return json.dumps(reply)


def stop() -> None:
    """End the grader: whoever waits for it gets an answer that says so."""
    if (grader := _grader) is not None:
        grader.popen.kill()


def describe() -> str:
    """This worker's versions and sandbox, as JSON text."""
    from coursekit.core.errors import CourseError
    from coursekit.sandbox import choose

    try:
        sandbox, missing = choose.strongest(), ""
    except CourseError as error:
        sandbox, missing = "", str(error)
    return json.dumps({"versions": versions(), "sandbox": sandbox, "missing": missing})
