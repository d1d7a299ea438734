"""What to do if a sandbox allows something that it must refuse: for each promise, and for single acts."""

from __future__ import annotations

from collections.abc import Iterable

from coursekit.sandbox.inside.probes import COST, FILES, NETWORK, PROBES, PROCESSES, RIGHTS, SIGNS

FILTER = (
    "The system call filter should refuse this. Update libseccomp to 2.5 or newer. In a container, allow programs to "
    "load filters of their own, as Docker's default profile does."
)
OF_PROMISES = {
    FILES: "The mounts of bubblewrap, or Landlock, should refuse this. Grade on an ordinary Linux kernel, for landlock "
    "6.2 or newer: a kernel that imitates Linux, such as gVisor, may allow it.",
    NETWORK: FILTER,
    PROCESSES: "Install bubblewrap, which hides other processes, or grade as root, so that each sandbox gets its own "
    "user.",
    SIGNS: FILTER,
    RIGHTS: "Start the grader without rights that it does not need: no 'docker run --privileged', no ambient "
    "capabilities. Update libseccomp to 2.5 or newer.",
    COST: "The limits of processes (setrlimit) should refuse this. Grade on an ordinary Linux kernel: one that "
    "imitates Linux, such as gVisor, may not apply them.",
}
OF_PROBES = {
    **dict.fromkeys(("change modes", "change times", "touch", "change owners"), FILTER),
    **dict.fromkeys(("change extended attributes", "change flags"), FILTER),
    **dict.fromkeys(("debug", "read memory", "slow down", "signal by ioctl", "signal by fcntl"), FILTER),
    "signal": "Use Linux 6.12 or newer, whose Landlock keeps signals inside, or grade as root.",
    "counters in /proc": "Use the other sandbox, and report this with what 'ls /proc' says: bubblewrap covers the "
    "files that it finds there.",
    "terminals": "Update bubblewrap, which should cover /dev/pts/ptmx, or use landlock.",
    "memory that is not counted": FILTER,
    "processes": "More than 8,000 processes and threads of the grader's user are running, and the limit counts them "
    "too. End some, grade as root, or use bubblewrap on Linux 5.14 or newer.",
    "lift limits": "Start the grader without the capability CAP_SYS_RESOURCE.",
    "go first": "Take the right to raise priorities from the grader's user: 'ulimit -e 0 -r 0' before it starts, and "
    "no line for it in /etc/security/limits.conf.",
}


def remedies(broken: Iterable[str]) -> list[str]:
    """The remedies for these probes, each once. broken: names of probes."""
    promises = {probe.name: probe.promise for probe in PROBES}
    return list(dict.fromkeys(OF_PROBES.get(name, OF_PROMISES[promises[name]]) for name in broken))
