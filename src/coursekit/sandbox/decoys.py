"""Bait that `Sandbox.check` puts out for the probes: files, a process and System V objects of the grader's user.

Anybody may change the files and use the objects, so only the sandbox protects them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
from pathlib import Path
from types import TracebackType

from coursekit.core.scratch import scratch_folder

IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
PAGE = 4096


class Bait:
    """It is there during a `with` block. data: a folder that the sandbox shows as its dataset."""

    def __enter__(self) -> Bait:
        self._folder = scratch_folder()
        root = Path(self._folder.name)
        root.chmod(0o711)
        outside, self.data = root / "outside", root / "dataset"
        for path in (outside, self.data, outside / "folder"):
            path.mkdir()
            path.chmod(0o777)
        self._files = [outside / "file", self.data / "sample"]
        for path in self._files:
            path.write_text("bait")
            path.chmod(0o666)
        self._stamps = self._stamped()
        self._process = subprocess.Popen(
            ["sleep", "60"], stdin=subprocess.PIPE, start_new_session=True, env={}
        )
        libc = self._libc = ctypes.CDLL(None, use_errno=True)
        self._queue = libc.msgget(IPC_PRIVATE, IPC_CREAT | 0o666)
        self._semaphores = libc.semget(IPC_PRIVATE, 1, IPC_CREAT | 0o666)
        self._memory = libc.shmget(IPC_PRIVATE, ctypes.c_size_t(PAGE), IPC_CREAT | 0o666)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._libc.msgctl(self._queue, IPC_RMID, None)
        self._libc.semctl(self._semaphores, 0, IPC_RMID)
        self._libc.shmctl(self._memory, IPC_RMID, None)
        self._folder.cleanup()

    def told(self, dataset: str) -> dict[str, str | int]:
        """The argument of `probes.tried`. dataset: where `data` is in the sandbox."""
        file = self._files[0]
        return {
            "outside": str(file.parent),
            "file": str(file),
            "folder": str(file.parent / "folder"),
            "sample": f"{dataset}/{self._files[1].name}",
            "process": self._process.pid,
            "grader": os.getpid(),
            "queue": self._queue,
            "semaphores": self._semaphores,
            "memory": self._memory,
        }

    def harmed(self) -> list[str]:
        """What was changed or ended, whatever the sandbox reports."""
        changed = "a file outside was changed" if self._stamped() != self._stamps else ""
        ended = "a process outside was ended" if self._process.poll() is not None else ""
        return [what for what in (changed, ended) if what]

    def _stamped(self) -> list[tuple[int, ...] | None]:
        stamps: list[tuple[int, ...] | None] = []
        for path in (*self._files, *{file.parent for file in self._files}):
            stamps.append(None)
            with contextlib.suppress(OSError):
                info = path.stat()
                stamps[-1] = (info.st_mode, info.st_uid, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
        return stamps
