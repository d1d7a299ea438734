"""Try in the sandbox what a student's code must not be able to do, each by the act itself.

Run by the jail, when everything is given up, against what `bait` lays out: files and processes of the grader's user
that nothing but the sandbox protects. To try one thing more is one entry in PROBES. Standard library only.
"""

import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import platform
import resource
import signal
import socket
from collections import namedtuple

libc = ctypes.CDLL(None, use_errno=True)

FILES = "no files but its own copy, Python's and the dataset"
NETWORK = "no network"
PROCESSES = "no other process"
SIGNS = "cannot signal to a submission that is graded beside it"
RIGHTS = "no right that it was not given"
COST = "it costs only itself"

MACHINE = 0 if platform.machine() == "x86_64" else 1
NUMBERS = {"fcntl": (72, 25), "ioprio_set": (251, 30)}  # of system calls: x86-64; aarch64 and all newer ones
DOORS = {  # calls that exploits begin with, and those that hardly a program makes
    "add_key": (248, 217),
    "bpf": (321, 280),
    "cachestat": (451, 451),
    "fchmodat2": (452, 452),
    "file_setattr": (469, 469),
    "futex_wait": (455, 455),
    "io_setup": (206, 0),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "listmount": (458, 458),
    "listns": (470, 470),
    "lsm_get_self_attr": (459, 459),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "modify_ldt": (154, None),
    "mount_setattr": (442, 442),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "quotactl": (179, 60),
    "setxattrat": (463, 463),
    "statmount": (457, 457),
    "syslog": (103, 116),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
RWF_NOWAIT, POSIX_FADV_WILLNEED = 8, 3
FIOSETOWN, SIOCSPGRP, FS_IOC_SETFLAGS = 0x8901, 0x8902, 0x40086602
F_SETOWN_EX, F_SET_RW_HINT = 15, 1036
MINE, IPC_RMID, IPC_STAT, IPC_NOWAIT, GETVAL = 0o1600, 0, 2, 0o4000, 12
PAGE = ctypes.c_size_t(mmap.PAGESIZE)
O_ASYNC = 0o20000
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
MAP_HUGETLB = 0x40000
SHARED = "/usr/bin/env"  # a file that every sandbox on this machine may read
MANY = 8192  # processes or files that no limit of ours allows
COUNTERS = """
    stat loadavg meminfo vmstat uptime interrupts softirqs diskstats zoneinfo buddyinfo pagetypeinfo slabinfo locks
    timer_list schedstat pressure/cpu pressure/io pressure/memory sysvipc/msg sysvipc/sem sysvipc/shm
    sys/kernel/pty/nr sys/fs/file-nr sys/fs/inode-nr sys/fs/dentry-state sys/fs/aio-nr key-users
""".split()

Probe = namedtuple("Probe", "name promise act required", defaults=[True])


def tried(bait):
    """The name of each probe, with True where the sandbox held: the act was refused, or came to nothing.

    bait: "outside", a folder that anybody may change, with "file" and "folder" in it; "sample", a file of the
    dataset; "process" and "grader", process ids; "queue", "semaphores" and "memory", System V ids or -1.
    """
    held = {}
    for probe in PROBES:
        try:
            held[probe.name] = not probe.act(bait)
        except (OSError, ValueError):
            held[probe.name] = True
    return held


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True


def reaches_kernel(name, *arguments):
    """Whether a system call gets past the filter, be it then refused for its arguments."""
    number = DOORS[name][MACHINE]
    if number is None:
        return False
    refusals = errno.ENOSYS, errno.EPERM
    return libc.syscall(number, *arguments) >= 0 or ctypes.get_errno() not in refusals


def changed(path, act):
    """Whether an act changes what the kernel says of a file; that it only seems to succeed is no change."""
    before = os.lstat(path)
    act()
    return os.lstat(path) != before


def each(acts):
    """Whether any of several acts gets through."""
    through = False
    for act in acts:
        with contextlib.suppress(OSError, ValueError):
            through = bool(act()) or through
    return through


def both(act):
    """The act on a file outside, and on one that may be read but not changed."""
    return lambda bait: each([lambda: act(bait["file"]), lambda: act(bait["sample"])])


def opened(path, flags):
    os.close(os.open(path, flags))
    return True


def made(path, act):
    """Whether an act makes a file; what is made is removed."""
    act()
    if not os.path.lexists(path):
        return False
    os.remove(path)
    return True


def move(bait):
    moved = bait["file"] + ".moved"
    os.rename(bait["file"], moved)
    os.rename(moved, bait["file"])
    return True


def list_folders(bait):
    return each([lambda: os.listdir(bait["outside"]), lambda: os.listdir("/var/log")])


def make(bait):
    path = bait["file"] + ".new"
    return made(path, lambda: open(path, "x").close())


def link_here(bait):
    return made("linked", lambda: os.link(bait["file"], "linked"))


def set_attribute(path):
    os.setxattr(path, "user.coursekit", b"1")
    return True


def on_descriptor(act):
    """An act on a descriptor, as one on the file of a name."""

    def run(path):
        fd = os.open(path, os.O_RDONLY)
        try:
            return act(fd)
        finally:
            os.close(fd)

    return run


def set_flags(fd):
    """As chattr does, which needs nothing but that the file can be read."""
    fcntl.ioctl(fd, FS_IOC_SETFLAGS, (0x80).to_bytes(8, "little"))  # no access times
    return True


def set_hint(fd):
    fcntl.fcntl(fd, F_SET_RW_HINT, (2).to_bytes(8, "little"))
    return True


def set_lease(fd):
    return fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK) == 0


def is_own(pid):
    """Whether a number means a process in here, in a sandbox where numbers begin again."""
    return 1 in (os.getpid(), os.getppid()) and pid in (1, os.getpid())


def send(pid, number):
    if is_own(pid):
        return False
    os.kill(pid, number)
    return True


def own(bait, act):
    """Make another process the owner of a socket, and have the kernel send it a signal, which ends it."""
    here, there = socket.socketpair()
    with here, there:
        act(here.fileno(), bait["process"])
        fcntl.fcntl(here, fcntl.F_SETFL, O_ASYNC)
        there.send(b"x")
    return True


def own_by_ioctl(bait):
    def act(request):
        return own(bait, lambda fd, pid: fcntl.ioctl(fd, request, pid.to_bytes(4, "little")))

    return each([lambda: act(FIOSETOWN), lambda: act(SIOCSPGRP)])


def own_by_fcntl(bait):
    def plain(fd, pid):
        fcntl.fcntl(fd, fcntl.F_SETOWN, pid)

    def extended(fd, pid):
        fcntl.fcntl(fd, F_SETOWN_EX, (1).to_bytes(4, "little") + pid.to_bytes(4, "little"))

    def hidden(fd, pid):
        """The kernel reads the command's lower half alone."""
        command = ctypes.c_long(1 << 32 | fcntl.F_SETOWN)
        check(libc.syscall(NUMBERS["fcntl"][MACHINE], ctypes.c_long(fd), command, ctypes.c_long(pid)))

    return each([lambda: own(bait, plain), lambda: own(bait, extended), lambda: own(bait, hidden)])


def in_child(act):
    """The act in a process of its own, for those that change what comes after."""

    def run(bait):
        pid = os.fork()
        if pid == 0:
            through = False
            try:
                through = bool(act(bait))
            finally:
                os._exit(through)
        return os.waitpid(pid, 0)[1] != 0

    return run


def debug(bait):
    return check(libc.ptrace(0, 0, 0, 0))


def mounts(bait):
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNS)  # where anybody is root
    return check(libc.mount(b"x", b".", b"tmpfs", ctypes.c_ulong(0), None))


def read_memory(bait):
    here = ctypes.create_string_buffer(8)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(here), 8)
    read = libc.process_vm_readv(bait["process"], vector, 1, vector, 1, 0)
    return read >= 0 or ctypes.get_errno() == errno.EFAULT  # the other has nothing at this address


def slow_down(bait):
    pid = bait["process"]
    return not is_own(pid) and each(
        [
            lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) is None,
            lambda: os.sched_setaffinity(pid, os.sched_getaffinity(0)) is None,
            lambda: resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0)) is not None,
        ]
    )


def see(bait):
    return not is_own(bait["grader"]) and os.path.exists(f"/proc/{bait['grader']}")


def internet(bait):
    return each([lambda: socket.socket(), lambda: socket.socket(socket.AF_INET6)])


def notice(fd):
    return fcntl.fcntl(fd, fcntl.F_NOTIFY, fcntl.DN_ACCESS) == 0


def with_shared(act, path=SHARED):
    return lambda bait: on_descriptor(act)(path)


def lock(fd):
    """Whether a lock is seen through another opening of the file, as another process would."""
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    other = os.open(SHARED, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(other)
    return False


def are_resident(fd):
    size = os.fstat(fd).st_size
    libc.mmap.restype = ctypes.c_void_p
    address = libc.mmap(None, ctypes.c_size_t(size), mmap.PROT_READ, mmap.MAP_PRIVATE, fd, ctypes.c_long(0))
    pages = ctypes.create_string_buffer(size // mmap.PAGESIZE + 1)
    return check(libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(size), pages))


def ask_cache(fd):
    return each(
        [
            lambda: os.preadv(fd, [bytearray(1)], 0, RWF_NOWAIT),
            lambda: are_resident(fd),
            lambda: reaches_kernel("cachestat", fd, 0, 0, 0),
        ]
    )


def fill_cache(fd):
    return each(
        [
            lambda: os.posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED) is None,
            lambda: check(libc.readahead(fd, ctypes.c_long(0), ctypes.c_size_t(1))),
        ]
    )


def new_object(number, remove):
    """Whether a System V object was made; it would stay, and is removed."""
    check(number)
    return remove(number) == 0


def message_queue(bait):
    here = ctypes.create_string_buffer(256)
    none = IPC_NOWAIT
    return each(
        [
            lambda: new_object(libc.msgget(0, MINE), lambda number: libc.msgctl(number, IPC_RMID, None)),
            lambda: check(libc.msgctl(bait["queue"], IPC_STAT, here)),
            lambda: check(libc.msgrcv(bait["queue"], here, ctypes.c_size_t(8), ctypes.c_long(0), none)),
            lambda: check(libc.msgsnd(bait["queue"], b"\1\0\0\0\0\0\0\0x", ctypes.c_size_t(1), none)),
        ]
    )


def semaphore(bait):
    post = (ctypes.c_short * 3)(0, 1, 0)
    return each(
        [
            lambda: new_object(libc.semget(0, 1, MINE), lambda number: libc.semctl(number, 0, IPC_RMID)),
            lambda: check(libc.semctl(bait["semaphores"], 0, GETVAL)),
            lambda: check(libc.semop(bait["semaphores"], post, ctypes.c_size_t(1))),
            lambda: check(libc.semtimedop(bait["semaphores"], post, ctypes.c_size_t(1), None)),
        ]
    )


def shared_memory(bait):
    here = ctypes.create_string_buffer(256)
    libc.shmat.restype = ctypes.c_ssize_t
    return each(
        [
            lambda: new_object(
                libc.shmget(0, PAGE, MINE), lambda number: libc.shmctl(number, IPC_RMID, None)
            ),
            lambda: check(libc.shmctl(bait["memory"], IPC_STAT, here)),
            lambda: check(libc.shmat(bait["memory"], None, 0)),
        ]
    )


def counters():
    found = {}
    for name in COUNTERS:
        with contextlib.suppress(OSError), open(f"/proc/{name}", "rb") as file:
            found[name] = file.read(1 << 14)
    return found


def counting(bait):
    """Whether a file of /proc shows that something is done on the machine."""
    before = counters()
    if not before:
        return False
    for _ in range(3):
        pipes = [os.pipe() for _ in range(20)]
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        for fd in sum(pipes, ()):
            os.close(fd)
    return counters() != before


def become_root(bait):
    return os.geteuid() == 0 or each(
        [lambda: os.setuid(0) is None, lambda: os.setgid(0) is None, lambda: os.setgroups([0]) is None]
    )


def capabilities(bait):
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    check(libc.capget(header, data))
    return any((data[0], data[1], data[3], data[4]))  # effective and permitted, 32 bits each


def kernel(bait):
    return any(reaches_kernel(name, *[0] * 6) for name in DOORS)


def new_namespace(bait):
    kinds = CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWNS
    return each([lambda kind=kind: check(libc.unshare(kind)) for kind in kinds])


def too_much_memory(bait):
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return True
    mmap.mmap(-1, limit, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    return True


def uncounted_memory(bait):
    return each(
        [
            lambda: mmap.mmap(-1, 4096),
            lambda: opened("/dev/zero", os.O_RDWR) and mmap.mmap(os.open("/dev/zero", os.O_RDWR), 4096),
            lambda: mmap.mmap(-1, 1 << 21, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_HUGETLB),
            lambda: libc.mlockall(3) == 0,
        ]
    )


def too_many_processes(bait):
    """They wait for a pipe to close, since a filter may keep even from signalling one's own."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if limit == resource.RLIM_INFINITY or limit > MANY:
        return True
    read, write = os.pipe()
    children = []
    try:
        for _ in range(limit + 1):
            pid = os.fork()
            if pid == 0:
                os.close(write)
                os.read(read, 1)
                os._exit(0)
            children.append(pid)
    finally:
        os.close(write)
        os.close(read)
        for child in children:
            os.waitpid(child, 0)
    return True


def too_many_files(bait):
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = []
    try:
        for _ in range(min(limit, MANY) + 1):
            opened.append(os.dup(0))
    finally:
        for fd in opened:
            os.close(fd)
    return True


def too_long_a_file(bait):
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit == resource.RLIM_INFINITY:
        return True
    with open("long", "wb") as file:
        os.ftruncate(file.fileno(), limit + 1)
    return True


def lift_limits(bait):
    def lift(name):
        _, hard = resource.getrlimit(name)
        if hard != resource.RLIM_INFINITY:
            resource.setrlimit(name, (hard, hard + 1))
        return True

    limits = resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE
    return each([lambda name=name: lift(name) for name in limits])


def go_first(bait):
    return each(
        [
            lambda: os.nice(-5) is not None,
            lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) is None,
            lambda: check(libc.syscall(NUMBERS["ioprio_set"][MACHINE], 1, 0, 1 << 13)),  # real time
        ]
    )


PROBES = [
    Probe("read", FILES, lambda bait: opened(bait["file"], os.O_RDONLY)),
    Probe("list", FILES, list_folders),
    Probe("write", FILES, both(lambda path: opened(path, os.O_WRONLY))),
    Probe("make", FILES, make),
    Probe("make a folder", FILES, lambda bait: os.mkdir(bait["outside"] + "/new") is None),
    Probe("make a symbolic link", FILES, lambda bait: os.symlink("x", bait["outside"] + "/link") is None),
    Probe("lengthen or cut", FILES, both(lambda path: changed(path, lambda: os.truncate(path, 100)))),
    Probe("empty", FILES, both(lambda path: changed(path, lambda: opened(path, os.O_TRUNC)))),
    Probe("rename", FILES, move),
    Probe("remove", FILES, lambda bait: os.rmdir(bait["folder"]) is None),
    Probe("link", FILES, link_here),
    Probe("change modes", FILES, both(lambda path: changed(path, lambda: os.chmod(path, 0o640)))),
    Probe("change times", FILES, both(lambda path: changed(path, lambda: os.utime(path, (1, 1))))),
    Probe("touch", FILES, both(lambda path: changed(path, lambda: os.utime(path)))),
    Probe("change owners", FILES, both(lambda path: os.chown(path, os.getuid(), os.getgid()) is None)),
    Probe("change extended attributes", FILES, both(set_attribute)),
    Probe("change flags", FILES, both(on_descriptor(set_flags))),
    Probe("internet", NETWORK, internet),
    Probe("services of the machine", NETWORK, lambda bait: socket.socket(socket.AF_UNIX)),
    Probe("services of the kernel", NETWORK, lambda bait: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    Probe("datagrams", NETWORK, lambda bait: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
    Probe("debug", PROCESSES, in_child(debug)),
    Probe("read memory", PROCESSES, read_memory),
    Probe("write to its pipes", PROCESSES, lambda bait: opened(f"/proc/{bait['process']}/fd/0", os.O_WRONLY)),
    Probe("slow down", PROCESSES, slow_down),
    Probe("see", PROCESSES, see, required=False),
    Probe(
        "signal",
        PROCESSES,
        lambda bait: each([lambda: send(bait["process"], signal.SIGTERM), lambda: send(bait["grader"], 0)]),
    ),
    Probe("signal by ioctl", PROCESSES, own_by_ioctl),
    Probe("signal by fcntl", PROCESSES, own_by_fcntl),
    Probe("locks", SIGNS, with_shared(lock)),
    Probe("inotify", SIGNS, lambda bait: check(libc.inotify_init())),
    Probe("notices of folders", SIGNS, with_shared(notice, "/usr/bin")),
    Probe("leases", SIGNS, both(on_descriptor(set_lease))),
    Probe("hints on files", SIGNS, both(on_descriptor(set_hint))),
    Probe("notes on files", SIGNS, with_shared(lambda fd: os.listxattr(fd) is not None)),
    Probe("message queues", SIGNS, message_queue),
    Probe("semaphores", SIGNS, semaphore),
    Probe("shared memory", SIGNS, shared_memory),
    Probe("what is in the page cache", SIGNS, with_shared(ask_cache)),
    Probe("filling the page cache", SIGNS, with_shared(fill_cache)),
    Probe("counters in /proc", SIGNS, counting),
    Probe("memory and load", SIGNS, lambda bait: check(libc.sysinfo(ctypes.create_string_buffer(256)))),
    Probe("room on disks", SIGNS, lambda bait: each([lambda: os.statvfs("/usr"), lambda: os.statvfs(".")])),
    Probe("terminals", SIGNS, lambda bait: opened("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)),
    Probe("be root", RIGHTS, in_child(become_root)),
    Probe("capabilities", RIGHTS, capabilities),
    Probe("namespaces", RIGHTS, in_child(new_namespace)),
    Probe("mounts", RIGHTS, in_child(mounts)),
    Probe("system calls that exploits begin with", RIGHTS, kernel),
    Probe("memory", COST, too_much_memory),
    Probe("memory that is not counted", COST, uncounted_memory),
    Probe("processes", COST, too_many_processes),
    Probe("open files", COST, too_many_files),
    Probe("long files", COST, too_long_a_file),
    Probe("lift limits", COST, lift_limits),
    Probe("go first", COST, go_first),
]
