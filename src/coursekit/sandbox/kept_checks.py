"""The checks that a kind of sandbox has passed, kept for a day.

A check tries everything that a sandbox must refuse, which takes about a second of every command that grades. Its
outcome depends on this machine and this user alone, so it holds as long as nothing of that has changed: the kernel and
when it was started, its settings, what is mounted, this process's rights and namespaces, the programs, and our code.
`coursekit doctor` checks anew each time. A check that failed is not kept: what is missing may be there the next time.

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
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import coursekit
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text, user_cache
from coursekit.sandbox.base import Check, Sandbox

SECONDS = 24 * 3600
MAX_BYTES = 1 << 16
SYSTEM = (
    *(
        "/proc/sys/kernel/random/boot_id",
        "/proc/self/mountinfo",
        "/proc/self/attr/current",
        "/proc/self/limits",
    ),
    *("/proc/sys/kernel/unprivileged_userns_clone", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
    *("/proc/sys/user/max_user_namespaces", "/proc/sys/kernel/yama/ptrace_scope"),
    *("/sys/kernel/security/lsm", "/etc/ld.so.cache"),
)
"""files whose contents say what this system allows"""
RIGHTS = ("Uid", "Gid", "Groups", "Cap", "NoNewPrivs", "Seccomp")
"""how the lines of /proc/self/status begin that say what this process may do"""
VARIABLES = ("PATH", "LD_", "PYTHON", "TMPDIR", "HOME")


def recall(kind: Sandbox) -> Check | None:
    """The check that this kind of sandbox has passed in this situation, if that is known."""
    try:
        with _file(kind).open("rb") as file:
            status = os.fstat(file.fileno())
            own = status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o022
            if not own or not 0 <= time.time() - status.st_mtime < SECONDS:
                return None
            kept = json.loads(file.read(MAX_BYTES))
        if kept["situation"] != situation(kind):
            return None
        facts = {str(name): bool(held) for name, held in kept["facts"].items()}
        return Check(kind.name, True, facts, warm=bool(kept["warm"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ImportError):
        return None


def keep(kind: Sandbox, passed: Check) -> None:
    """Keep a check that this kind of sandbox has just passed; in a cache that can't be written, nothing is kept."""
    with contextlib.suppress(OSError, CourseError, ImportError):
        path = _file(kind)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = {"situation": situation(kind), "facts": passed.facts, "warm": passed.warm}
        replace_text(path, json.dumps(kept))
        path.chmod(0o600)


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
        *(_stamp(Path(program)) for program in (sys.executable, shutil.which("bwrap")) if program),
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


def _text(path: Path) -> str:
    try:
        return path.read_bytes().hex() if path.name == "ld.so.cache" else path.read_text(errors="replace")
    except OSError as error:
        return f"({error.errno})"


def _file(kind: Sandbox) -> Path:
    return user_cache("sandboxes") / f"{kind.name}.json"
