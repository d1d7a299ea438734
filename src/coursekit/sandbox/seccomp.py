"""The system calls that a student's code may make, as a filter that the jail can load.

This is an allowlist: a call that nobody thought of, or that a later kernel adds, is refused. It seems not to exist
(ENOSYS), so the C library falls back to an older call; those in FORBIDDEN fail with EPERM. Calls by another
architecture's numbers (i386, x32) end the process.
"""

from __future__ import annotations

import errno
import fcntl
import functools
import mmap
import os
import signal
import socket
import tempfile
import termios
from typing import Any

from coursekit.core.kernel import PR_SET_PDEATHSIG

ALLOWED = {
    "open and find files: mounts or Landlock say which": """
        creat close close_range dup dup2 dup3 stat lstat fstat newfstatat statx access faccessat faccessat2
        readlink readlinkat getcwd chdir fchdir getdents getdents64 umask""",
    "read and write what is open": """
        read write readv writev pread64 pwrite64 preadv pwritev lseek sendfile copy_file_range
        ftruncate fsync fdatasync""",
    "make, name and remove files": """
        mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat""",
    "wait for what is open": """
        pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait
        epoll_pwait epoll_pwait2 eventfd eventfd2 signalfd signalfd4
        timerfd_create timerfd_settime timerfd_gettime""",
    "talk over a pair of sockets": """
        sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown getsockname getpeername""",
    "memory": "munmap mprotect mremap brk msync",
    "threads and processes of its own": """
        fork vfork execve execveat exit exit_group wait4 waitid set_tid_address set_robust_list futex rseq
        arch_prctl getpid getppid gettid getpgrp getpgid setpgid getsid setsid sched_yield getcpu""",
    "signals": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
        restart_syscall pause""",
    "its own limits, use and user": """
        getrlimit setrlimit getrusage times getuid geteuid getgid getegid getresuid getresgid getgroups capget""",
    "time": """
        clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time alarm getitimer setitimer
        timer_create timer_settime timer_gettime timer_getoverrun timer_delete""",
    "the machine's name, and random numbers": "uname getrandom",
}
"""Left out on purpose, although programs use them: calls that could inform another student's process. System V
and POSIX queues, semaphores and memory; inotify; calls that query or steer the page cache (preadv2, mincore, cachestat,
fadvise64, readahead, mlock); counters of the whole machine (sysinfo, statfs); pidfds, which reach other processes; and
memfd_create, whose memory no limit counts. splice and vmsplice, io_uring and aio are the usual doors to kernel bugs."""

ATTRIBUTES = "chmod fchmod fchmodat utime utimes futimesat utimensat".split()
"""They change a file's attributes, which Landlock can't prevent: there, they seem to succeed and do nothing."""

SIGNALS = "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo".split()

FORBIDDEN = """
    socket bind listen connect accept accept4 setsockopt
    unshare setns mount umount2 pivot_root chroot ptrace process_vm_readv process_vm_writev
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid
    setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr
    chown fchown lchown fchownat mknod mknodat
""".split()
"""Refused as forbidden, not as unknown to the kernel."""

EXTENDED_ATTRIBUTES = [f"{kind}{verb}xattr" for verb in ("get", "set", "list", "remove") for kind in "lf"]
EXTENDED_ATTRIBUTES += ["getxattr", "setxattr", "listxattr", "removexattr"]
"""Notes on a file, which the next student could read: refused as on a file system without them."""

NEW_NAMESPACES = 0x7E020000 | 0x80  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME
F_GETLK, F_OFD_GETLK = 5, 36
SET_LOCK = (6, 7, 37, 38)  # fcntl's F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
F_SETOWN_EX, F_GET_SEALS = 15, 1034
PR_SET_VMA = 0x53564D41
MAP_HUGETLB = 0x40000

FCNTL = [F_GETLK, F_OFD_GETLK, F_GET_SEALS, fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC]
FCNTL += [fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL]
"""Nothing that makes the kernel send signals, or that is stored with the file: owners, leases, notices, hints."""

IOCTL = [termios.FIONREAD, termios.FIONBIO, termios.FIOCLEX, termios.FIONCLEX, termios.TIOCGWINSZ]
IOCTL += [termios.TCGETS, termios.TCSETS, termios.TCSETSW, termios.TCSETSF, termios.TIOCGPGRP]
"""Requests that suit every file. Nothing that sets an owner for signals, or changes a file's attributes."""

ARGUMENTS = {
    "fcntl": (1, FCNTL),
    "ioctl": (1, IOCTL),
    # To make a file longer, up to the limit. Other modes take disk space that no limit counts.
    "fallocate": (1, [0]),
    # Of a socket its kind and error, not a descriptor of the process at the other end.
    "getsockopt": (2, [socket.SO_TYPE, socket.SO_ERROR, socket.SO_PROTOCOL, socket.SO_DOMAIN]),
    # Advice on memory of its own: NORMAL, RANDOM, SEQUENTIAL, DONTNEED, FREE, (DONT|DO)FORK, (NO)HUGEPAGE,
    # (DONT|DO)DUMP, WIPEONFORK, KEEPONFORK. Not what fills or empties the page cache or merges pages.
    "madvise": (2, [0, 1, 2, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19]),
    # PDEATHSIG (to ask), DUMPABLE, NAME, SECCOMP (to ask), CAPBSET_READ, NO_NEW_PRIVS, THP_DISABLE (to ask), the
    # lengths of ARM's vectors, and names for memory.
    "prctl": (0, [2, 3, 4, 15, 16, 21, 23, 38, 39, 42, 51, 64, PR_SET_VMA]),
    # Of this process, not of another by its number.
    "prlimit64": (0, [0]),
    "sched_getaffinity": (0, [0]),
    "sched_setaffinity": (0, [0]),
    "sched_getparam": (0, [0]),
    "sched_getscheduler": (0, [0]),
    "getpriority": (1, [0]),
}
"""Calls that are allowed for these values of an argument. The kernel reads 32 bits of some of them and the filter 64:
listing what may pass leaves nothing to hide in the others."""


@functools.cache
def compiled(landlock: bool = False, deny_signals: bool = False) -> bytes:
    """The filter as BPF: an array of 8-byte instructions for this machine's architecture.

    landlock: also refuse what Landlock can't, for a process that sees files of others.
    deny_signals: also refuse kill(), for a kernel whose Landlock cannot keep signals inside.
    Raises OSError or ImportError if libseccomp is missing.
    """
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    add_rules(rules, landlock, deny_signals)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def add_rules(rules: Any, landlock: bool, deny_signals: bool) -> None:
    """Add the rules to a pyseccomp.SyscallFilter that refuses by default."""
    from pyseccomp import ALLOW, EQ, ERRNO, MASKED_EQ, Arg

    def add(action: int, names: list[str], *arguments: Any) -> None:
        for name in names:
            try:
                rules.add_rule(action, name, *arguments)
            except (ValueError, OSError) as error:
                # a call that this architecture or this libseccomp does not know
                if getattr(error, "errno", errno.EINVAL) not in (errno.EINVAL, errno.EDOM, errno.EFAULT):
                    raise

    forbidden, granted = ERRNO(errno.EPERM), ERRNO(0)
    add(ALLOW, [name for names in ALLOWED.values() for name in names.split()])
    add(granted if landlock else ALLOW, ATTRIBUTES)
    # Landlock covers it only since ABI 3; ftruncate works on files that may be written.
    add(forbidden if landlock else ALLOW, ["truncate"])
    add(forbidden if deny_signals else ALLOW, SIGNALS)
    add(forbidden, FORBIDDEN)
    add(ERRNO(errno.ENOTSUP), EXTENDED_ATTRIBUTES)
    for name, (place, values) in ARGUMENTS.items():
        for value in values:
            add(ALLOW, [name], Arg(place, EQ, value))
    # To end with its parent: as forks for test cases do. It can't be undone.
    add(ALLOW, ["prctl"], Arg(0, EQ, PR_SET_PDEATHSIG), Arg(1, EQ, signal.SIGKILL))
    for command in (fcntl.F_SETOWN, F_SETOWN_EX, fcntl.F_SETSIG, fcntl.F_SETLEASE, fcntl.F_NOTIFY):
        add(forbidden, ["fcntl"], Arg(1, EQ, command))
    # Other sandboxes would see locks on files that they all may read: taking one seems to succeed and does nothing.
    add(granted, ["flock"])
    for command in SET_LOCK:
        add(granted, ["fcntl"], Arg(1, EQ, command))
    # clone3 hides its flags behind a pointer: with "no such call", the C library falls back on this.
    add(ALLOW, ["clone"], Arg(0, MASKED_EQ, NEW_NAMESPACES, 0))
    for bit in range(64):
        if NEW_NAMESPACES >> bit & 1:
            add(forbidden, ["clone"], Arg(0, MASKED_EQ, 1 << bit, 1 << bit))
    # Streams only: datagrams can be sent to any address.
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        action = ALLOW if kind == socket.SOCK_STREAM else forbidden
        add(action, ["socketpair"], Arg(1, MASKED_EQ, 0xF, kind))
    # Shared memory without a file outlives its process, and no limit counts it. The machine has few huge pages.
    mask = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | MAP_HUGETLB
    for flags in (0, mmap.MAP_SHARED, mmap.MAP_ANONYMOUS):
        add(ALLOW, ["mmap"], Arg(3, MASKED_EQ, mask, flags))
    for flags in (mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, MAP_HUGETLB):
        add(forbidden, ["mmap"], Arg(3, MASKED_EQ, flags, flags))
    # O_TRUNC only with writing: before ABI 3, Landlock lets owners empty a file that they may only read.
    for name, place in (("open", 1), ("openat", 2)):
        add(ALLOW, [name], Arg(place, MASKED_EQ, os.O_TRUNC, 0))
        for mode in (os.O_WRONLY, os.O_RDWR):
            add(ALLOW, [name], Arg(place, MASKED_EQ, os.O_TRUNC | os.O_ACCMODE, os.O_TRUNC | mode))
