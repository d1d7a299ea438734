"""A kind of sandbox: the part that all kinds share, and the methods in which they differ.

How it works: where the kind has a warm process, and that works, `start` has it fork a sandbox (warm.py). Otherwise it
runs `inside/jail.py` with this Python, enclosed as the kind of sandbox says. The jail gets one end of a pair of
sockets, and a policy: environment, limits, user, what Landlock allows, the system call filter. It gives up every right
that the policy does not leave it, then becomes `inside/server.py`, imports what a notebook needs, and says that it is
ready. It knows nothing about a submission: files and cells come later, over the socket (loading.py).

`check` starts the same jail for another purpose: it tries each act that a sandbox must refuse (inside/probes.py), on
files, processes and kernel objects that are put out for it (decoys.py). A kind of sandbox is used only if all of them
are refused.

A new kind is one class in a file of its own: choose.py finds it there.
"""

from __future__ import annotations

import base64
import compileall
import contextlib
import functools
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import psutil

from coursekit.core.kernel import take_in_orphans
from coursekit.core.limits import Limits
from coursekit.core.process_tree import descendants
from coursekit.core.scratch import scratch_folder
from coursekit.core.time_limits import PROBE_SECONDS, START_SECONDS
from coursekit.datasets.located import Located
from coursekit.sandbox import mounts, seccomp
from coursekit.sandbox.decoys import Bait
from coursekit.sandbox.inside.probes import PROBES
from coursekit.sandbox.inside.wire import WireError
from coursekit.sandbox.printed import Printed
from coursekit.sandbox.process import Process
from coursekit.sandbox.senders import sender_of, socket_pair
from coursekit.sandbox.sending import font_lists
from coursekit.sandbox.warm import Forked, Warm

OPEN_FILES = 256
LOCKED_BYTES = 1 << 20
FIRST_UID = 1_879_048_192
"""Higher than any user id that administrators or container engines assign."""


@dataclass(frozen=True)
class Check:
    """How well a kind of sandbox works here. facts: each probe's name, and whether the sandbox held."""

    name: str
    works: bool
    facts: dict[str, bool] = field(default_factory=dict)
    missing: str = ""
    """why it does not work"""
    warm: bool = False
    """whether a warm process works: then sandboxes are forked from one"""


@dataclass(frozen=True)
class Requirement:
    """Something that a kind of sandbox needs from this machine."""

    what: str
    met: bool
    remedy: str
    needed: bool = True
    """false if it may work without: then it is tried anyway"""


@dataclass(frozen=True)
class Places:
    """The folders of a student's process, by their paths inside."""

    home: str
    code: str
    """our own code that runs inside"""
    data: str
    """the folder of the dataset, if there is one"""


class Sandbox:
    """A kind of sandbox: each start() is a sandbox of its own."""

    name: ClassVar[str]
    """its name in results and options"""
    sealed: ClassVar[bool] = True
    """whether it keeps the promises of SECURITY.md"""
    strength: ClassVar[int]
    """the strongest that works is used: bubblewrap has 20, landlock 10, none 0"""
    remedy: ClassVar[str]
    """what to do if it does not work"""
    home_on_disk: ClassVar[bool] = True
    """whether the home folder is on this machine's disk, and the processes are seen among this machine's"""

    can_be_warm: ClassVar[bool] = False
    """whether sandboxes can be forked from a warm process"""

    # -- what each kind of sandbox defines

    def requirements(self) -> list[Requirement]:
        """What it needs from this machine, as far as can be told without trying."""
        return [_libseccomp()]

    def places(self, home: str | None, data: Located | None) -> Places:
        """Where things are inside. home: the home folder's path on this machine, if it is on disk."""
        assert home
        return Places(home, str(mounts.INSIDE), str(data.folder) if data else "")

    def enclosed(self, command: list[str], data: Located | None) -> list[str]:
        """The command that runs `command` in the sandbox."""
        return command

    def enclosed_warm(self, command: list[str], data: Located | None) -> list[str]:
        """The command that runs `command`, a warm process, within the wall if there is one around it."""
        return command

    def landlock(self, places: Places, data: Located | None) -> dict[str, Any] | None:
        """The arguments of `jail.restrict_files`, if Landlock has to protect the files."""
        return None

    def system_calls(self) -> bytes | None:
        """The system call filter, as seccomp.compiled() makes it. Raises OSError or ImportError."""
        return seccomp.compiled()

    def user(self) -> int | None:
        """The user that the jail becomes; None to stay the grader's."""
        return user_of(os.getpid()) if os.geteuid() == 0 else None

    def counts_alone(self) -> bool:
        """Whether a limit on processes counts only the sandbox's processes, not all of this user's."""
        return os.geteuid() == 0

    def rlimits(self, limits: Limits) -> dict[str, int]:
        """The limits of each process, by their names in Python's `resource`."""
        return {
            "RLIMIT_AS": limits.memory_mib << 20,
            "RLIMIT_NPROC": limits.processes + (0 if self.counts_alone() else _own_threads()),
            "RLIMIT_FSIZE": mounts.FILE_BYTES,
            "RLIMIT_NOFILE": OPEN_FILES,
            "RLIMIT_CORE": 0,
            "RLIMIT_MSGQUEUE": 0,
            "RLIMIT_MEMLOCK": LOCKED_BYTES,
        }

    # -- the same for all

    def wall(self) -> list[Any]:
        """All that encloses a student's process, as plain values: where it is the same, so is what gets through it."""
        places, program = self.places("/home", None), self.system_calls()
        enclosed = [self.enclosed(["jail"], None), self.enclosed_warm(["jail"], None)]
        return [
            *enclosed,
            self.landlock(places, None),
            program.hex() if program else None,
            mounts.proc_binds(),
        ]

    @functools.cached_property
    def checked(self) -> Check:
        """check(), once in each process."""
        return self.check()

    @functools.cached_property
    def _warm(self) -> dict[Located | None, Warm]:
        """The warm processes, by the dataset that can be read in them."""
        return {}

    def _is_warm(self) -> bool:
        return self.can_be_warm and self.checked.warm

    def warm_up(self, data: Located | None) -> None:
        """Start what start() needs only once, for this process and those that are forked from it. Raises OSError.

        It returns at once: what start() asks for is done when all is imported.
        """
        if not self._is_warm():
            return
        if data in self._warm and self._warm[data].has_ended():
            self._warm.pop(data).close()
        if data not in self._warm:
            self._warm[data] = self._start_warm(data)

    def start(self, limits: Limits, data: Located | None) -> Process:
        """Start a sandbox that waits for a submission. data: a dataset that can be read in it, or None.

        It may return at once: Process.wait_until_ready() waits until the sandbox has started. Raises OSError,
        ImportError or RuntimeError if the sandbox can't be started at all.
        """
        return self._fork(limits, data) if self._is_warm() else self._start_cold(limits, data)

    def _fork(self, limits: Limits, data: Located | None) -> Process:
        """Have the warm process fork a sandbox; another one if it has been ended."""
        self.warm_up(data)
        try:
            return self._try_fork(self._warm[data], limits, data)
        except (OSError, EOFError, WireError):
            self._warm.pop(data).close()
        self.warm_up(data)
        warm = self._warm[data]
        try:
            return self._try_fork(warm, limits, data)
        except (OSError, EOFError, WireError) as error:
            self._warm.pop(data).close()
            raise OSError(f"the sandbox did not start {warm.said()}") from error

    def _try_fork(self, warm: Warm, limits: Limits, data: Located | None) -> Process:
        home = self._make_home()
        ours, theirs = socket_pair()
        read_end, write_end = os.pipe()
        output = Printed(read_end, limits.output_mib << 20)
        plan = {"output_bytes": limits.output_mib << 20, "probe": None}
        try:
            policy = self._policy(limits, plan, home.name if home else None, data)
            life = warm.fork(policy, theirs.fileno(), write_end)
            theirs.close()
            pid, _ = sender_of(ours, "ready", time.monotonic() + START_SECONDS)
            return Process(Forked(pid, life), ours, output, home, _ready=True)
        except BaseException:
            ours.close()
            if home:
                home.cleanup()
            raise
        finally:
            theirs.close()
            os.close(write_end)

    def _start_warm(self, data: Located | None, bare: bool = False) -> Warm:
        """Start a warm process. bare: without anything imported, for probes."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        files = [] if bare else [(part.name, _in_memory(part.data or b"")) for part in font_lists()]
        home = scratch_folder() if self.home_on_disk else None
        places = self.places(home.name if home else None, data)
        policy = {
            "warm": "bare" if bare else "full",
            "files": files,
            "control": theirs.fileno(),
            "environment": _environment(places.home),
            "namespaces": not self.home_on_disk,
            "memory": [(mount.path, mount.size) for mount in mounts.MEMORY],
            "kept": mounts.below_memory(),
            "masks": mounts.proc_binds(),
            "own_user": None if os.geteuid() == 0 else (os.getuid(), os.getgid()),
        }
        command = self.enclosed_warm(_jail(places.code, policy, without_site=bare), data)
        try:
            return Warm(command, ours, theirs, [fd for _, fd in files], home)
        finally:
            for _, fd in files:
                os.close(fd)

    def _start_cold(self, limits: Limits, data: Located | None) -> Process:
        others = frozenset(process.pid for process in descendants(os.getpid()))
        fonts = font_lists()
        home = self._make_home()
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        output = Printed(read_end, limits.output_mib << 20)
        try:
            plan = {"control": theirs.fileno(), "output_bytes": limits.output_mib << 20, "probe": None}
            popen = subprocess.Popen(
                self.command(limits, plan, home.name if home else None, data),
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env={},
            )
        except BaseException:
            ours.close()
            if home:
                home.cleanup()
            raise
        finally:
            theirs.close()
            os.close(write_end)
        with contextlib.suppress(OSError):
            # If the machine runs out of memory, this is killed first. It was set by root, so it can't be undone inside.
            Path(f"/proc/{popen.pid}/oom_score_adj").write_text("1000")
        return Process(popen, ours, output, home, others, fonts)

    def check(self) -> Check:
        """Whether it works on this machine: starts a jail in it that tries to get out."""
        if unmet := [one for one in self.requirements() if one.needed and not one.met]:
            return Check(self.name, False, missing="; ".join(f"{one.what} is missing" for one in unmet))
        # here, and not in each of the workers that are forked later, or in each sandbox
        font_lists()
        if not sys.dont_write_bytecode:
            compileall.compile_dir(mounts.INSIDE, quiet=2)
        if self.can_be_warm:
            found = self._probed(self._probe_warm, warm=True)
            if found.works:
                return found
        return self._probed(self._probe_cold, warm=False)

    def _probed(self, probe: Callable[[Bait], str], warm: bool) -> Check:
        """What a jail could do. probe: starts it, and returns what it printed."""
        with Bait() as bait:
            try:
                facts = json.loads(probe(bait))
            except (OSError, ImportError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
                return Check(self.name, False, missing=str(error))
            harmed = bait.harmed()
        broken: dict[str, list[str]] = {}
        for one in PROBES:
            if one.required and not facts[one.name]:
                broken.setdefault(one.promise, []).append(one.name)
        wrong = harmed + [f"not kept: {promise} ({', '.join(names)})" for promise, names in broken.items()]
        return Check(self.name, not wrong, facts, "; ".join(wrong), warm)

    def _probe_cold(self, bait: Bait) -> str:
        home = self._make_home()
        with home or contextlib.nullcontext():
            data = Located(bait.data, "DATA", "bait")
            folder = home.name if home else None
            plan = {"probe": bait.told(self.places(folder, data).data)}
            done = subprocess.run(
                self.command(Limits(), plan, folder, data),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PROBE_SECONDS,
                env={},
            )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
            raise RuntimeError(reason)
        return done.stdout

    def _probe_warm(self, bait: Bait) -> str:
        data = Located(bait.data, "DATA", "bait")
        warm = self._start_warm(data, bare=True)
        home = self._make_home()
        folder = home.name if home else None
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        try:
            with ours, theirs, home or contextlib.nullcontext():
                plan = {"probe": bait.told(self.places(folder, data).data)}
                with warm.fork(self._policy(Limits(), plan, folder, data), theirs.fileno(), write_end):
                    os.close(write_end)
                    found = _read_all(read_end, PROBE_SECONDS).decode()
                    if not found.startswith("{"):
                        raise RuntimeError(
                            f"no sandbox could be forked {found.splitlines()[-1:] or warm.said()}"
                        )
                    return found
        finally:
            os.close(read_end)
            warm.close()

    def command(
        self, limits: Limits, plan: dict[str, Any], home: str | None, data: Located | None
    ) -> list[str]:
        """The command that starts the jail. plan: the part of its policy that depends on its purpose."""
        policy = self._policy(limits, plan | {"warm": ""}, home, data)
        jail = _jail(self.places(home, data).code, policy, without_site=bool(plan["probe"]))
        return self.enclosed(jail, data)

    def _policy(
        self, limits: Limits, plan: dict[str, Any], home: str | None, data: Located | None
    ) -> dict[str, Any]:
        """What a jail leaves a student's process. plan: the part of it that depends on its purpose."""
        places, program = self.places(home, data), self.system_calls()
        return plan | {
            "environment": _environment(places.home) | ({data.variable: places.data} if data else {}),
            "rlimits": self.rlimits(limits),
            "uid": self.user(),
            "landlock": self.landlock(places, data),
            "seccomp": None if program is None else base64.b64encode(program).decode(),
        }

    def _make_home(self) -> tempfile.TemporaryDirectory[str] | None:
        if not self.home_on_disk:
            return None
        take_in_orphans()  # so that kill() finds them
        home = scratch_folder()
        if (user := self.user()) is not None:
            os.chown(home.name, user, user)
        return home


def _in_memory(data: bytes) -> int:
    """An open file with these contents."""
    fd = os.memfd_create("file", os.MFD_CLOEXEC)
    os.pwrite(fd, data, 0)
    return fd


def _jail(code: str, policy: dict[str, Any], without_site: bool) -> list[str]:
    """The command that runs jail.py. code: the folder that it is in. without_site: without installed packages."""
    return [sys.executable, "-I", *(["-S"] if without_site else []), f"{code}/jail.py", json.dumps(policy)]


def user_of(pid: int) -> int:
    """The user that a grader's process `pid` gives its sandboxes, when it runs as root."""
    return FIRST_UID + pid


def _environment(home: str) -> dict[str, str]:
    return {
        "HOME": home,
        "USER": "student",
        "LOGNAME": "student",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def _own_threads() -> int:
    """This user's threads, which a limit on processes counts too."""
    total = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == os.getuid():
                total += process.num_threads()
    return total


def _libseccomp() -> Requirement:
    try:
        import pyseccomp  # noqa: F401

        met = True
    except (ImportError, OSError, RuntimeError):
        met = False
    return Requirement("the library libseccomp", met, "Install it: apt-get install libseccomp2.")


def _read_all(pipe: int, seconds: float) -> bytes:
    """Everything that is written into a pipe until all have closed it. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    parts: list[bytes] = []
    while select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
        part = os.read(pipe, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
    raise TimeoutError
