"""Traces that an attack leaves behind: processes and files.

Other people work on the same machine, so a trace must be the attack's own. Every process that it starts stays a
descendant of its slot, which takes in orphans. A file in a shared folder is the attack's own if it belongs to a user
that a sandbox of this slot ran as, or has one of MARKS in its name. Folders that only the slot uses must not change.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MARKS = ("coursekit-loot", "coursekit-attack")
"""The beginnings of the names of files that attacks try to leave."""
PATIENCE = 3  # seconds for killed processes to be gone


def shared_folders() -> list[Path]:
    """The folders where anyone's code may leave something."""
    folders = map(Path, ("/tmp", "/var/tmp", "/dev/shm", Path.home(), tempfile.gettempdir()))
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


@dataclass
class Traces:
    """The state before an attack. own: folders that nobody else changes. users: those of the attack's sandboxes."""

    own: list[Path]
    users: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._running = set(_running())
        self._own = self._entries()
        self._shared = _names()

    def left(self) -> list[str]:
        """Everything that is new, changed or gone since then, a phrase each; ends the new processes."""
        return [*self._processes(), *self._changed(), *self._strangers()]

    def _processes(self) -> Iterable[str]:
        deadline = time.monotonic() + PATIENCE
        while (left := set(_running()) - self._running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in left:
            with contextlib.suppress(psutil.Error):
                yield f"the process {' '.join(process.cmdline())[:60] or process.name()} is left running"
                process.kill()

    def _entries(self) -> dict[Path, tuple[int, ...]]:
        return {path: stamp for folder in self.own for path, stamp in _tree(folder)}

    def _changed(self) -> Iterable[str]:
        now = self._entries()
        for path in sorted(now.keys() | self._own.keys()):
            if now.get(path) != self._own.get(path):
                what = "is gone" if path not in now else "was changed" if path in self._own else "is left"
                yield f"{ascii(str(path))} {what}"

    def _strangers(self) -> Iterable[str]:
        for path in _names() - self._shared:
            with contextlib.suppress(OSError):
                if path.lstat().st_uid in self.users or path.name.startswith(MARKS):
                    yield f"{ascii(str(path))} is left"


def _running() -> list[psutil.Process]:
    """This process's running descendants; reaps those that have ended."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
            elif process.ppid() == os.getpid():
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process.pid, os.WNOHANG)
    return found


def _tree(folder: Path) -> Iterable[tuple[Path, tuple[int, ...]]]:
    """Everything below `folder`, with a stamp that no user can reset."""
    pending = [folder]
    while pending:
        here = pending.pop()
        with os.scandir(here) as entries:
            for entry in entries:
                info = entry.stat(follow_symlinks=False)
                changed = 0 if entry.is_dir(follow_symlinks=False) else info.st_ctime_ns
                yield Path(entry.path), (info.st_ino, info.st_mode, info.st_uid, info.st_size, changed)
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))


def _names() -> set[Path]:
    return {path for folder in shared_folders() for path in folder.iterdir()}
