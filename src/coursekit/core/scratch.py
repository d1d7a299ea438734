"""Scratch folders among the machine's temporary files. One that a killed process has left is removed by the next start.

A folder's name tells whose it is: the namespace of processes, the pid, and when that process started.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from pathlib import Path

from coursekit.core.files import remove_folder
from coursekit.core.process_tree import started

PREFIX = "coursekit-"
_NAME = re.compile(rf"{PREFIX}(\d+)-(\d+)-(\d+)-[a-z0-9_]+")


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is removed when this is closed, whatever is in it, or by remove_left() if that never happens."""
    pid = os.getpid()
    return tempfile.TemporaryDirectory(
        prefix=f"{PREFIX}{_namespace()}-{pid}-{started(pid)}-", ignore_cleanup_errors=True
    )


def remove_left() -> int:
    """Remove the scratch folders of processes of this machine that have ended; returns how many there were."""
    removed = 0
    for path in Path(tempfile.gettempdir()).iterdir():
        found = _NAME.fullmatch(path.name)
        if found and _may_remove(path):
            namespace, pid, began = map(int, found.groups())
            if namespace == _namespace() and started(pid) != began:
                remove_folder(path)
                removed += not path.exists()
    return removed


def _may_remove(path: Path) -> bool:
    with contextlib.suppress(OSError):
        status = path.lstat()
        return stat.S_ISDIR(status.st_mode) and os.geteuid() in (0, status.st_uid)
    return False


def _namespace() -> int:
    """The number of this process's namespace of processes: pids mean something only within it."""
    return Path("/proc/self/ns/pid").stat().st_ino
