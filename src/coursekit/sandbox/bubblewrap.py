"""The strongest sandbox: its own namespaces, made by the program bubblewrap.

There are only the files that mounts.py names, no network and no other processes. Other files have no name inside, so
nothing depends on their permissions.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

from coursekit.datasets.located import Located
from coursekit.sandbox import mounts
from coursekit.sandbox.base import Places, Requirement, Sandbox
from coursekit.sandbox.mounts import Access, Mount

PROGRAM = "bwrap"
HELP_SECONDS = 10
CAP_SYS_ADMIN = 21
SYSCTLS = {"kernel.unprivileged_userns_clone": 1, "kernel.apparmor_restrict_unprivileged_userns": 0}
"""settings of some distributions' kernels, with the values that let any user make namespaces"""
COUNTS_IN_NAMESPACE = (5, 14)
"""since this Linux, a limit on processes counts only those of a user namespace"""


class Bubblewrap(Sandbox):
    name = "bubblewrap"
    strength = 20
    remedy = (
        "Install Debian's bubblewrap. Other users than root need user namespaces too: see the sysctls "
        "kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0."
    )
    home_on_disk = False
    can_be_warm = True

    def requirements(self) -> list[Requirement]:
        installed = shutil.which(PROGRAM) is not None
        program = Requirement("the program bwrap", installed, "Install it: apt-get install bubblewrap.")
        return [program, *super().requirements(), _namespaces()]

    def places(self, home: str | None, data: Located | None) -> Places:
        return Places(mounts.HOME, mounts.CODE.path, mounts.DATA)

    def counts_alone(self) -> bool:
        kernel = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
        return super().counts_alone() or kernel >= COUNTS_IN_NAMESPACE

    def enclosed(self, command: list[str], data: Located | None) -> list[str]:
        if os.geteuid() == 0:
            # Without a user namespace: process limits bind only a user who is not root outside either. The jail needs
            # these two capabilities to become that user, and loses them by doing so.
            user = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            user = ["--unshare-user", *_if_known("--disable-userns")]
        return _bwrap(user, mounts.proc_masks(), data, command)

    def enclosed_warm(self, command: list[str], data: Located | None) -> list[str]:
        # It needs CAP_SYS_ADMIN for its children's namespaces and mounts, and they give it up, for good by CAP_SETPCAP.
        user = ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"]
        if os.geteuid() == 0:
            # CAP_KILL: without it the kernel does not end another user's process with its parent.
            user += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_KILL"]
        else:
            # CAP_SETFCAP: without it they could not become their own user again, in a namespace of theirs.
            user += ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "CAP_SETFCAP"]
        masks = [Mount(mounts.MASKS_HIDDEN, Access.HIDDEN), Mount(mounts.MASKS_EMPTY, Access.EMPTY)]
        return _bwrap(user, masks, data, command)


def _bwrap(user: list[str], masks: list[Mount], data: Located | None, command: list[str]) -> list[str]:
    """The command that runs `command` in namespaces. user: the options about its user. masks: rules that hide files."""
    options = [
        *("--die-with-parent", "--new-session", "--clearenv"),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--cap-drop", "ALL", *user),
        *("--proc", "/proc", "--dev", "/dev"),
    ]
    for mount in (
        *mounts.DEVICES_MASKED,
        *masks,
        *mounts.MEMORY,
        *mounts.programs(),
        mounts.CODE,
        *mounts.dataset(data),
    ):
        options += _options(mount)
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    return [_program(), *options, "--", *command]


def _program() -> str:
    """The program's path: it is started without this process's environment, and its PATH."""
    return shutil.which(PROGRAM) or PROGRAM


def _namespaces() -> Requirement:
    """The right to make namespaces. A bwrap that is set-uid root, or that AppArmor knows, works without it."""
    if os.geteuid() == 0:
        status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
        return Requirement(
            "the right to make namespaces (CAP_SYS_ADMIN)",
            bool(int(status["CapEff"], 16) >> CAP_SYS_ADMIN & 1),
            "Start the container with '--cap-add SYS_ADMIN --security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined', or grade with landlock.",
            needed=False,
        )
    forbidding = [f"{name}={value}" for name, value in SYSCTLS.items() if _sysctl(name) not in (None, value)]
    if _sysctl("user.max_user_namespaces") == 0:
        forbidding.append("user.max_user_namespaces=10000")
    return Requirement(
        "user namespaces for this user",
        not forbidding,
        f"As root: sysctl -w {' '.join(forbidding)}. Write the same to a file in /etc/sysctl.d to keep it.",
        needed=False,
    )


def _sysctl(name: str) -> int | None:
    """A setting of the kernel, or None if it has no such setting."""
    try:
        return int(Path("/proc/sys", *name.split(".")).read_text())
    except (OSError, ValueError):
        return None


def _options(mount: Mount) -> list[str]:
    """bwrap's options for a rule."""
    if mount.access == Access.NULL:
        return ["--dev-bind", "/dev/null", mount.path]
    if mount.access == Access.HIDDEN:
        return [
            "--ro-bind",
            "/dev/null",
            mount.path,
        ]  # a device, which can't be opened when it is bound this way
    if mount.access == Access.EMPTY:
        return ["--tmpfs", mount.path, "--remount-ro", mount.path]
    if mount.access == Access.MEMORY:
        size = _if_known("--size", str(mount.size))
        return [*_if_known("--perms", "1777"), *size, "--tmpfs", mount.path]
    if mount.source:
        return ["--ro-bind", mount.source, mount.path]
    return _as_here(Path(mount.path))


def _as_here(path: Path) -> list[str]:
    """Options for a path that can be read under its own name, if it exists."""
    options = []
    for parent in reversed(path.parents[:-1]):
        # bwrap would make them too, but closed to the user that the jail becomes
        options += [*_if_known("--perms", "0755"), "--dir", str(parent)]
    if path.is_symlink():
        return [*options, "--symlink", str(path.readlink()), str(path)]
    return [*options, "--ro-bind-try", str(path), str(path)]


def _if_known(option: str, *arguments: str) -> list[str]:
    """An option of newer versions of bwrap, if this one has it."""
    return [option, *arguments] if option in _help() else []


@functools.cache
def _help() -> str:
    return subprocess.run([_program(), "--help"], capture_output=True, text=True, timeout=HELP_SECONDS).stdout
