"""The checks that a kind of sandbox has passed, kept for a day.

A check tries everything that a sandbox must refuse, which takes about a second of every command that grades. Its
outcome depends on this machine and this user alone, so it holds as long as nothing of that has changed: the kernel and
when it was started, its settings, what is mounted, this process's rights and namespaces, the programs, and our code.
`coursekit doctor` checks anew each time. A check that fails is not kept, since what is missing may be there the next
time; it ends the belief in one of before, and so does a sandbox that can't be started.

The files are in the user's own cache, which no sandbox can reach. What others could have written there is not believed.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import coursekit
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text, user_cache
from coursekit.sandbox.base import Check, Sandbox
from coursekit.sandbox.bubblewrap import PROGRAM, SYSCTLS
from coursekit.sandbox.inside.probes import PROBES

_UNKNOWN = (OSError, ImportError, RuntimeError, subprocess.SubprocessError)
"""what is raised where something is missing that a kind of sandbox needs"""
SECONDS = 24 * 3600
MAX_BYTES = 1 << 16
SYSTEM = (
    *("/proc/self/mountinfo", "/proc/self/attr/current", "/proc/self/limits"),
    *("/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/yama/ptrace_scope"),
    *(f"/proc/sys/{name.replace('.', '/')}" for name in SYSCTLS),
    *(f"/proc/sys/user/max_{kind}_namespaces" for kind in "user mnt pid net ipc uts cgroup".split()),
    *("/sys/kernel/security/lsm", "/etc/ld.so.cache"),
)
"""files whose contents say what this system allows"""
RIGHTS = ("Uid", "Gid", "Groups", "Cap", "NoNewPrivs", "Seccomp")
"""how the lines of /proc/self/status begin that say what this process may do"""
VARIABLES = ("PATH", "LD_", "PYTHON", "TMPDIR", "HOME")


def recall(kind: Sandbox) -> Check | None:
    """The check that this kind of sandbox has passed in this situation, if that is known."""
    path = _file(kind)
    try:
        with os.fdopen(
            os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb"
        ) as file:
            status = os.fstat(file.fileno())
            if not (_is_own(status) and _is_own(path.parent.lstat())):
                return None
            if not 0 <= time.time() - status.st_mtime < SECONDS:
                return None
            kept = json.loads(file.read(MAX_BYTES))
        if kept["situation"] != situation(kind):
            return None
        facts = {str(name): held is True for name, held in kept["facts"].items()}
        passed = all(facts[probe.name] for probe in PROBES if probe.required)
        return Check(kind.name, True, facts, warm=kind.can_be_warm) if passed else None
    except (*_UNKNOWN, ValueError, LookupError, TypeError, AttributeError):
        return None


def keep(kind: Sandbox, passed: Check) -> None:
    """Keep a check that this kind of sandbox has just passed; in a cache that can't be written, nothing is kept.

    Nor is one that found that sandboxes can't be forked from a warm process, which may have been a bad moment.
    """
    path = _file(kind)
    with contextlib.suppress(*_UNKNOWN, CourseError):
        above = next(folder for folder in path.parents if folder.exists())
        if passed.warm == kind.can_be_warm and above.stat().st_uid == os.geteuid():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_text(path, json.dumps({"situation": situation(kind), "facts": passed.facts}))
            path.chmod(0o600)


def forget(kind: Sandbox) -> None:
    """Believe no check of before: this kind of sandbox has just failed."""
    with contextlib.suppress(OSError):
        _file(kind).unlink(missing_ok=True)


def situation(kind: Sandbox) -> str:
    """A digest of everything that a check of this kind of sandbox depends on."""
    parts = [*_machine(), json.dumps(kind.wall())]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


@functools.cache
def _machine() -> tuple[str, ...]:
    return (
        *map(str, os.uname()),
        sys.version,
        *(f"{path} {_text(Path(path))}" for path in SYSTEM),
        *(line for line in _text(Path("/proc/self/status")).splitlines() if line.startswith(RIGHTS)),
        *(f"{path.name} {path.readlink()}" for path in sorted(Path("/proc/self/ns").iterdir())),
        *(f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(VARIABLES)),
        *(_stamp(Path(program)) for program in (sys.executable, shutil.which(PROGRAM)) if program),
        *_own_code(),
    )


def _own_code() -> Iterator[str]:
    root = Path(coursekit.__file__).parent
    for folder in ("core", "sandbox"):
        for path in sorted((root / folder).rglob("*.py")):
            yield f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _stamp(program: Path) -> str:
    status = program.stat()
    return f"{program.resolve()} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_mode}"


def _is_own(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o022


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="latin-1")  # which can be any bytes
    except OSError as error:
        return f"({error.errno})"


def _file(kind: Sandbox) -> Path:
    return user_cache("sandboxes") / f"{kind.name}.json"
