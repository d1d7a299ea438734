"""The files that a student's process can reach: one rule per line, with the reason.

A file without a rule does not exist (bubblewrap) or can't be opened (landlock). bubblewrap.py turns the rules into
mounts, landlock.py into lists of what may be read and written.
"""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets.located import Located

HERE = Path(__file__).parent
INSIDE = HERE / "inside"
"""our own code that runs in the sandbox"""
STAND_INS = INSIDE / "proc"
"""files that programs insist on reading in /proc, with meaningless numbers"""
HOME = "/home/student"
"""the home folder, if it is in memory; the submission's files are in its folder `work`"""
MAX_INODES = 100_000
"""files that a sandbox may have in memory: each takes about 1 KiB of the kernel's"""
FILE_BYTES = 256 << 20
"""the largest file that a submission may write, and the size of each folder in memory"""
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
"""The same on every machine. Missing ones are left out."""

OF_PYTHON = ("bin", "lib", "lib64", "share", "pyvenv.cfg")
"""The parts of a Python's folder. Not all of it: a course may have its environment in its own folder."""

CODE = Mount("/coursekit", source=str(INSIDE))
"""The part of coursekit that runs in the sandbox, and nothing else of it."""

DATA = "/data"
"""where a dataset is mounted; its variable says so"""

MASKS_HIDDEN, MASKS_EMPTY = "/masks/hidden", "/masks/empty"
"""within the wall of a warm process: what its children put in place of the files that they hide"""

DEVICES = (
    Mount("/dev/null", Access.WRITE),  # the only one that programs write to
    Mount("/dev/random"),
    Mount("/dev/urandom"),
    # Not /dev/zero: a shared mapping of it is memory that no limit counts.
)
"""The files of the machine's own /dev that may be opened. bubblewrap makes a /dev with a few more, all harmless."""

DEVICES_MASKED = (
    Mount("/dev/zero", Access.NULL),  # a shared mapping of it is memory that no limit counts
    Mount("/dev/pts/ptmx", Access.HIDDEN),  # the machine has only so many terminals
)
"""The files to remove from the /dev that bubblewrap makes."""

PROC = (Mount("/proc/cpuinfo"),)  # numpy and others ask which instructions there are
"""The files of the machine's own /proc that may be opened. Elsewhere Landlock can't tell own processes from others."""

PROC_KEPT = (
    "self",  # a process's own folder
    "thread-self",
    "mounts",  # a link into self
    "net",  # a link into self
    "cpuinfo",
)
"""The files that stay in the sandbox's own /proc, besides its processes. The others count what the whole machine does:
two students' processes could use them to signal to each other."""

MEMORY = (
    Mount("/dev/shm", Access.MEMORY, size=SHM_BYTES),  # multiprocessing keeps its locks and queues there
    Mount("/tmp", Access.MEMORY, size=FILE_BYTES),
    Mount(HOME, Access.MEMORY, size=FILE_BYTES),
)
"""Folders that can be written to, and disappear with the sandbox."""


def python() -> list[Mount]:
    """The parts of the Python that runs this and, in a virtual environment, of its base Python."""
    prefixes = dict.fromkeys([sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix])
    parts = [Path(prefix, part) for prefix in prefixes for part in OF_PYTHON]
    system = {mount.path for mount in SYSTEM}
    return [Mount(str(part)) for part in parts if part.exists() and str(part) not in system]


def programs() -> list[Mount]:
    """The system's and Python's parts."""
    return [*SYSTEM, *python()]


def below_memory() -> list[str]:
    """The paths of programs that lie below a folder in memory, as those of a course in /tmp do."""
    folders = [Path(mount.path) for mount in MEMORY]
    paths = [Path(mount.path) for mount in (*programs(), CODE)]
    return [str(path) for path in paths if any(folder in path.parents for folder in folders)]


def dataset(data: Located | None) -> list[Mount]:
    """The folder of a dataset."""
    return [Mount(DATA, source=str(data.folder))] if data else []


def proc_masks() -> list[Mount]:
    """Rules that hide the files about the whole machine, which the kernel puts into every /proc."""
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


def proc_binds() -> list[tuple[str, str]]:
    """The same for the /proc that a warm process's child mounts: what to put there, and where."""
    sources = {Access.EMPTY: MASKS_EMPTY, Access.HIDDEN: MASKS_HIDDEN}
    inside = {str(path): f"{CODE.path}/proc/{path.name}" for path in STAND_INS.iterdir()}
    return [(sources.get(mask.access) or inside[mask.source], mask.path) for mask in proc_masks()]
