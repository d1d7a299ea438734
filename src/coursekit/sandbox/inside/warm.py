"""A process that has everything imported and nothing of any student, and forks a sandbox for each.

Each child has nothing that is open here but its own sockets, and confines itself as jail.py does. Between it and this
process stands a watcher, which ends it when the grader's process goes away, and says when it has ended.

Inside bubblewrap's wall, each child first gets namespaces of its own (mounts, processes, network, System V objects and
queues), empty folders and a /proc of its own; whatever ends, the kernel ends what is below it. Without namespaces,
under Landlock, a child gets a home folder of its own on disk, and its processes could outlive it: there the watcher
takes them in and ends them. If the watcher is killed, this process does that; if this one is, the watchers do.

This process has more rights than its children, so it never reads a byte of a student's: requests come from the grader
alone.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import tempfile
import traceback

import jail
from large_pages import into_large_pages

MAX_REQUEST = 1 << 17
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x8000000, 0x20000000, 0x40000000
CLONE_NEWUSER = 0x10000000
PR_SET_CHILD_SUBREAPER = 36
TIDY_SECONDS = 1
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
PR_CAPBSET_DROP, CAPABILITY_VERSION = 24, 0x20080522
MODULES = ("matplotlib.pyplot", "numpy.random", "numpy.linalg", "numpy.testing", "urllib.request", "gzip")
"""what notebooks, and files that load data, import besides what the server needs; a course may do without"""


def serve(policy):
    """Fork a sandbox for each request on the control socket until it closes.

    policy: whether to import nothing, files for the home folder (name, open file), and what is the same in all
    sandboxes. A request is the rest of a sandbox's policy, and three open files: its control socket, where its output
    goes, and the watcher's end of a pair of sockets.
    """
    control = socket.socket(fileno=policy["control"])
    for name, fd in policy["files"]:
        put_file(os.path.join(os.environ["HOME"], name), fd)
    server = None if policy["warm"] == "bare" else import_all()
    gc.collect()
    gc.freeze()  # the collector does not touch what is shared with the children
    into_large_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    watchers = set()
    if not policy["namespaces"]:
        take_in_orphans()
    while True:
        asked = select.select([control], [], [], None if policy["namespaces"] else TIDY_SECONDS)[0]
        if not policy["namespaces"]:
            watchers &= children()
            end_all(but=watchers)  # those of watchers that were killed
        if not asked:
            continue
        request, fds, _, _ = socket.recv_fds(control, MAX_REQUEST, 3)
        if not request:
            os._exit(0)  # and with this the sandboxes: see watch()
        watcher = os.fork()
        if watcher == 0:
            control.close()
            or_end(watch, policy | json.loads(request), server, *fds)
        watchers.add(watcher)
        for fd in fds:
            os.close(fd)


def put_file(path, fd):
    """Write what is open there to a new file, and close it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(fd, "rb") as source, open(path, "wb") as file:
        source.seek(0)
        file.write(source.read())


def or_end(act, *arguments):
    """Do this, and end the process; if it raises, print where."""
    try:
        act(*arguments)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def import_all():
    """Import what notebooks do, and make the server ready, which has rehearsed; returns it."""
    for name in MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    import rehearsal
    import server

    rehearsal.rehearse(server, server.prepared())
    return server


def watch(policy, server, control, output, life):
    """Start the sandbox. End it when the other end of `life` is closed; say there when it has ended by itself."""
    warm, ready = os.getppid(), select.poll()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if policy["namespaces"]:
        jail.end_with_parent()
        spaces = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
        jail.check(jail.libc.unshare(spaces), "namespaces")
    else:
        ready.register(os.pidfd_open(warm), select.POLLIN)
        take_in_orphans()
    watcher, first = os.getpid(), os.fork()
    if first == 0:
        or_end(enter, policy, server, control, output, watcher)
    os.close(control)
    os.close(output)
    pidfd = os.pidfd_open(first)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # orphans that it takes in leave nothing behind
    ready.register(pidfd, select.POLLIN)
    ready.register(life, select.POLLIN)
    if os.getppid() == warm and dict(ready.poll()).get(pidfd):
        with contextlib.suppress(OSError):  # the grader's process has gone, too
            os.write(life, b"ended")
    os.close(life)  # before the grader can see that anything has ended
    if not policy["namespaces"]:
        end_all()
    os._exit(0)  # and with this the sandbox's first process


def take_in_orphans():
    jail.check(jail.libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "taking in orphans")


def end_all(but=frozenset()):
    """End every process below this one, but for these children and what is below them.

    Those that have ended are not let go until all have. So each pid stays theirs, and a process that does nothing but
    fork and end, which is gone whenever it is looked for, soon has used up all the processes that it may have. Whatever
    loses its parent becomes a child of this one: when there is no new child, there is nothing else.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ended = set(but)
    while new := children() - ended:
        for pid in new:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in new:
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        ended |= new
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def children():
    """The pids of this process's children, also of those that have ended and were not waited for."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", "rb") as file:
            return set(map(int, file.read().split()))
    except FileNotFoundError:  # not in every kernel
        return {
            int(name) for name in filter(str.isdigit, os.listdir("/proc")) if parent_of(name) == os.getpid()
        }


def parent_of(name):
    with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
        return int(file.read().rpartition(b")")[2].split()[1])


def enter(policy, server, control, output, watcher):
    """Become the first process of a sandbox, without anything of the warm process's but what is the same for all."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    jail.end_with_parent()
    os.setsid()  # a signal to its group reaches nobody else
    os.dup2(output, 1)
    os.dup2(output, 2)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) != control:
            with contextlib.suppress(OSError):  # the folder that has just been listed
                os.close(int(name))
    if policy["namespaces"]:
        cover(policy)
    tempfile.tempdir = None
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    jail.confine(policy)
    if not policy["namespaces"] and os.getppid() != watcher:
        os._exit(1)  # it ended before this process asked to end with it: nobody would look after this one
    jail.run(policy, control, server)


def cover(policy):
    """Put empty folders and a /proc of its own in place of what the warm process sees, and give up what that took."""
    jail.mount(None, "/", jail.MS_REC | jail.MS_PRIVATE)
    flags = MS_NOSUID | MS_NODEV
    kept = [
        (os.open(path, os.O_PATH | os.O_CLOEXEC), path) for path in policy["kept"] if os.path.exists(path)
    ]
    for path, size in policy["memory"]:
        jail.mount("tmpfs", path, flags, "tmpfs", f"mode=1777,size={size}")
    jail.mount("proc", "/proc", flags | MS_NOEXEC, "proc")
    for fd, path in kept:
        jail.put_back(fd, path, jail.MS_BIND | jail.MS_REC)
    for source, path in policy["masks"]:
        if os.path.exists(path):
            jail.mount(source, path, jail.MS_BIND)
    if policy["own_user"] is not None:
        become_in_own_namespace(*policy["own_user"])
    drop_capabilities(keep_user=policy["uid"] is not None)


def become_in_own_namespace(uid, gid):
    """Become this user in a user namespace of this process's own, where it counts alone and can name nobody else."""
    old_uid, old_gid = os.getuid(), os.getgid()
    jail.check(jail.libc.unshare(CLONE_NEWUSER), "a user namespace")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {old_uid} 1"),
        ("gid_map", f"{gid} {old_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


class CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_capabilities(keep_user):
    """Give up all capabilities, or with keep_user all but the two that are needed to become another user, which ends
    them too. No program that is started can have any again."""
    left = (1 << 6 | 1 << 7) if keep_user else 0  # CAP_SETGID, CAP_SETUID
    for number in range(64):
        jail.libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
    header = CapabilityHeader(CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)(left, left, 0, 0, 0, 0)
    jail.check(jail.libc.capset(ctypes.byref(header), data), "capabilities")
