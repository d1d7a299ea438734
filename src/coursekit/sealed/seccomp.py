"""The system calls that a student's code is refused, as a filter that the jail can load."""

from __future__ import annotations

import errno
import fcntl
import functools
import mmap
import socket
import tempfile
from typing import Any

NEW_NAMESPACES = 0x7E020000 | 0x80  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME

REFUSED = """
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd pidfd_open pidfd_send_signal
    unshare setns mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    name_to_handle_at open_by_handle_at quotactl quotactl_fd swapon swapoff acct fanotify_init
    keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    init_module finit_module delete_module kexec_load kexec_file_load reboot syslog iopl ioperm vhangup
    settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname lookup_dcookie
    socket memfd_create memfd_secret shmget shmat semget msgget mq_open mknod mknodat
    sched_setscheduler sched_setattr setpriority ioprio_set set_mempolicy migrate_pages move_pages personality
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid
    bind listen inotify_init inotify_init1
""".split()
"""Why the less obvious ones: memfd_create, shmget and msgget make memory that no limit of ours counts; the grader
hands over its own. socket would reach the machine's services where there is no network namespace; a socketpair,
which asyncio and multiprocessing want, stays allowed, but gets no address. Two submissions that are graded at one
time could tell each other by inotify what they do to a file that both may read."""


SIGNALS = ["kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"]
LOCKS = (6, 7, 37, 38)  # fcntl's F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
F_SETOWN_EX = 15  # fcntl's commands that have the kernel send a signal for a file


@functools.cache
def compiled(deny_signals: bool = False) -> bytes:
    """The filter as BPF: an array of 8-byte instructions for this machine's architecture.

    deny_signals refuses kill() too, for a kernel whose Landlock cannot keep signals inside.
    Raises OSError or ImportError where libseccomp is missing.
    """
    import pyseccomp

    refuse = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in [*REFUSED, *(SIGNALS if deny_signals else [])]:
        try:
            rules.add_rule(refuse, name)
        except (ValueError, OSError) as error:
            # a call that this architecture or this libseccomp does not know
            if getattr(error, "errno", errno.EINVAL) not in (errno.EINVAL, errno.EDOM, errno.EFAULT):
                raise
    # clone3 hides its flags behind a pointer: with "no such call", the C library falls back on clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for bit in range(64):
        if NEW_NAMESPACES >> bit & 1:
            flag = 1 << bit
            rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    _refuse_some(rules, refuse)
    for command in (fcntl.F_SETOWN, F_SETOWN_EX, fcntl.F_SETSIG) if deny_signals else ():
        rules.add_rule(refuse, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _refuse_some(rules: Any, refuse: int) -> None:
    """Calls that are refused for some arguments only."""
    import pyseccomp
    from pyseccomp import EQ, MASKED_EQ, NE, Arg

    for name in ("prlimit64", "sched_setaffinity", "sched_setparam"):
        rules.add_rule(
            refuse, name, Arg(0, NE, 0)
        )  # of another process: outside a pid namespace the grader's
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        rules.add_rule(refuse, "socketpair", Arg(1, MASKED_EQ, 0xF, kind))  # these can send to any address
    # Locks on files that all sandboxes may read would be seen in the others: they seem to be taken, and are not.
    granted = pyseccomp.ERRNO(0)
    rules.add_rule(granted, "flock")
    for command in LOCKS:
        rules.add_rule(granted, "fcntl", Arg(1, EQ, command))
    shared_anonymous = (
        mmap.MAP_SHARED | mmap.MAP_ANONYMOUS
    )  # memory that outlives who filled it, on no account
    rules.add_rule(refuse, "mmap", Arg(3, MASKED_EQ, shared_anonymous, shared_anonymous))
