"""The parts of the machine that a student's process can reach: one rule a line, with the reason.

A path without a rule is not there (bubblewrap) or can't be opened (landlock). bubblewrap.py makes mounts of the rules,
landlock.py makes lists of paths that may be read and written.
"""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets.located import Located

HERE = Path(__file__).parent
INSIDE = HERE / "inside"
"""our own code for the sandbox's side"""
STAND_INS = HERE / "proc"
"""files of /proc that programs insist on reading, with numbers that say nothing"""
HOME = "/home/student"
"""the home folder, where it lies in memory; the submission's files are in its folder `work`"""
MAX_INODES = 100_000
"""files that a sandbox may hold in memory: each takes about a KiB of the kernel's"""
FILE_BYTES = 256 << 20
"""the longest file that a submission may write, and what each folder in memory holds"""
SHM_BYTES = 64 << 20


class Access(enum.Enum):
    READ = "can be read"
    WRITE = "can be read and written"
    MEMORY = "an empty folder in memory, which anybody may fill"
    EMPTY = "an empty folder"
    NULL = "opens as /dev/null does"
    HIDDEN = "can't be opened"


@dataclass(frozen=True)
class Mount:
    """A rule for one path in the sandbox. source: its path on this machine, if that is another."""

    path: str
    access: Access = Access.READ
    source: str = ""
    size: int = 0
    """bytes, of a folder in memory"""

    @property
    def here(self) -> str:
        """Its path on this machine."""
        return self.source or self.path


SYSTEM = (
    # Programs and libraries. Not all of /usr: containers keep their work in /usr/src, which may be a course.
    Mount("/usr/bin"),
    Mount("/usr/sbin"),
    Mount("/usr/lib"),
    Mount("/usr/lib32"),
    Mount("/usr/lib64"),
    Mount("/usr/libexec"),
    Mount("/usr/share"),
    Mount("/usr/local/bin"),
    Mount("/usr/local/lib"),
    Mount("/usr/local/share"),
    # Links into /usr on most machines.
    Mount("/bin"),
    Mount("/sbin"),
    Mount("/lib"),
    Mount("/lib32"),
    Mount("/lib64"),
    # Links in /usr/bin and /usr/lib lead through this folder. BLAS is one of them.
    Mount("/etc/alternatives"),
    # The loader finds libraries with it.
    Mount("/etc/ld.so.cache"),
    # matplotlib asks fontconfig for fonts.
    Mount("/etc/fonts"),
)
"""The same list on every machine. A path that does not exist is left out."""

OF_PYTHON = ("bin", "lib", "lib64", "share", "pyvenv.cfg")
"""The parts of a Python's folder. Not all of it: a course may have its environment in the course's own folder."""

CODE = Mount("/coursekit", source=str(INSIDE))
"""The sandbox's side of coursekit, and nothing else of it."""

DATA = "/data"
"""where a dataset is mounted; its variable says so"""

DEVICES = (
    Mount("/dev/null", Access.WRITE),  # the only one that programs write to
    Mount("/dev/random"),
    Mount("/dev/urandom"),
    # Not /dev/zero: a shared mapping of it is memory that no limit counts.
)
"""The only devices that can be opened in the machine's own /dev. bubblewrap makes a /dev with some harmless others."""

DEVICES_MASKED = (
    Mount("/dev/zero", Access.NULL),  # a shared mapping of it is memory that no limit counts
    Mount("/dev/pts/ptmx", Access.HIDDEN),  # the machine has only so many terminals
)
"""The devices to cover in the /dev that bubblewrap makes."""

PROC = (Mount("/proc/cpuinfo"),)  # numpy and others ask which instructions there are
"""The only file that can be opened in the machine's own /proc: Landlock can't tell own processes from others there."""

PROC_KEPT = (
    "self",  # a process's own folder
    "thread-self",
    "mounts",  # a link into self
    "net",  # a link into self
    "cpuinfo",
)
"""The entries that stay in a /proc of the sandbox's own, besides its processes. The others count events of the whole
machine, by which two students' processes could signal to each other."""

MEMORY = (
    Mount("/dev/shm", Access.MEMORY, size=SHM_BYTES),  # multiprocessing keeps its locks and queues there
    Mount("/tmp", Access.MEMORY, size=FILE_BYTES),
    Mount(HOME, Access.MEMORY, size=FILE_BYTES),
)
"""Folders that can be written to, and go with the sandbox."""


def python() -> list[Mount]:
    """The parts of the Python that runs this, and of the one that it is an environment of."""
    prefixes = dict.fromkeys([sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix])
    parts = [Path(prefix, part) for prefix in prefixes for part in OF_PYTHON]
    system = {mount.path for mount in SYSTEM}
    return [Mount(str(part)) for part in parts if part.exists() and str(part) not in system]


def programs() -> list[Mount]:
    """The system's and Python's parts."""
    return [*SYSTEM, *python()]


def dataset(data: Located | None) -> list[Mount]:
    """The folder of a dataset."""
    return [Mount(DATA, source=str(data.folder))] if data else []


def proc_masks() -> list[Mount]:
    """Covers for the files about the whole machine, which are in every /proc, also in the sandbox's own."""
    masks = []
    for path in sorted(Path("/proc").iterdir()):
        stand_in = STAND_INS / path.name
        if path.name.isdigit() or path.name in PROC_KEPT:
            continue
        if path.is_dir():
            masks.append(Mount(str(path), Access.EMPTY))
        elif stand_in.exists():
            masks.append(Mount(str(path), source=str(stand_in)))
        else:
            masks.append(Mount(str(path), Access.HIDDEN))
    return masks
