"""Give up every right that a student's code does not need, then become the student's process.

Runs first in the sandbox, as `python -I jail.py POLICY` with POLICY a JSON object; standard library only.
Order matters: limits and the user while still privileged, Landlock next, the system call filter last, since
that forbids what the others use.

With a policy that says so it becomes a warm process instead (warm.py), whose children confine themselves.
"""

import base64
import ctypes
import json
import os
import platform
import resource
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
SECCOMP_MODE_FILTER = 2
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 4096, 16384, 1 << 18

# Landlock's system calls have these numbers on every architecture (Linux: include/uapi/linux/landlock.h).
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_RULE_PATH_BENEATH = 1
FS_EXECUTE, FS_WRITE_FILE, FS_READ_FILE, FS_READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
FS_TRUNCATE = 1 << 14
# Rights by ABI version: 13 file rights, then refer, truncate, (4: network), ioctl on devices.
FS_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
NET_ALL = 0b11  # bind and connect by TCP
SCOPES_FROM_ABI = 6
SCOPE_ALL = 0b11  # abstract unix sockets and signals stay inside

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def landlock_abi() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    version: int = libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    return max(version, 0)


class RulesetAttr(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("fd", ctypes.c_int32)]


def restrict_files(readable, writable, abi):
    """Landlock: read below `readable`, everything below `writable`, nothing else; no TCP, no signals out.

    abi: the newest version to make use of.
    """
    abi = min(abi, landlock_abi())
    if not abi:
        raise OSError("this kernel has no Landlock")
    everything = FS_ALL[min(abi, 5)]
    attr = RulesetAttr(everything, NET_ALL if abi >= 4 else 0, SCOPE_ALL if abi >= SCOPES_FROM_ABI else 0)
    size = 8 if abi < 4 else 16 if abi < SCOPES_FROM_ABI else 24
    ruleset = check(
        libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(attr), ctypes.c_size_t(size), 0), "landlock"
    )
    read = FS_EXECUTE | FS_READ_FILE | FS_READ_DIR
    for path, access in [(p, read) for p in readable] + [(p, everything) for p in writable]:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        if not os.path.isdir(path):
            access &= FS_EXECUTE | FS_READ_FILE | FS_WRITE_FILE | (FS_TRUNCATE if abi >= 3 else 0)
        rule = PathBeneathAttr(access & everything, fd)
        added = libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, ctypes.byref(rule), 0)
        os.close(fd)
        check(added, f"landlock: {path}")
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    check(libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0), "landlock")
    os.close(ruleset)


def filter_system_calls(program):
    """Load a compiled seccomp filter (an array of struct sock_filter, 8 bytes each)."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    compiled = Program(len(program) // 8, program)
    check(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(compiled), 0, 0), "seccomp")


def limit(rlimits):
    for name, value in rlimits.items():
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")  # when the machine runs out of memory, this goes first
    except OSError:
        pass


def uncover(folders):
    """Make `folders` reachable for any user where a folder above them is root's alone, as /root is: in a mount
    namespace of this process's own, each such folder is covered by an empty one that holds these alone."""
    closed = {}
    for folder in dict.fromkeys([*folders, *map(os.path.realpath, folders)]):
        if os.path.exists(folder):
            above = [parent for parent in parents(folder) if not os.stat(parent).st_mode & 0o001]
            if above:
                closed.setdefault(above[0], []).append(folder)
    if not closed:
        return
    if libc.unshare(CLONE_NEWNS):
        raise OSError(
            f"{', '.join(closed)} can be entered by root alone, and Python or the course is in there"
        )
    mount(None, "/", MS_REC | MS_PRIVATE)
    for parent, inside in closed.items():
        opened = [(os.open(folder, os.O_PATH | os.O_CLOEXEC), folder) for folder in inside]
        mount("tmpfs", parent, 0, "tmpfs", "mode=0755,size=1m")
        for fd, folder in opened:
            put_back(fd, folder)


def put_back(fd, path, flags=MS_BIND):
    """Mount what is open at a path that has been covered by an empty folder, and close it."""
    if os.path.isdir(f"/proc/self/fd/{fd}"):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "x").close()
    mount(f"/proc/self/fd/{fd}", path, flags)
    os.close(fd)


def parents(path):
    """The folders above `path`, from the root down."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) for count in range(len(parts))]


def mount(source, target, flags, kind=None, options=None):
    texts = [text and text.encode() for text in (source, target, kind, options)]
    check(libc.mount(*texts[:3], ctypes.c_ulong(flags), texts[3]), f"mount {target}")


def become(uid):
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def end_with_parent():
    """Have the kernel end this process when its parent ends; to be called again after becoming another user."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine(policy):
    """Give up every right that the policy does not leave this process. It is in its home's folder `work` then."""
    os.environ.clear()
    os.environ.update(policy["environment"])
    limit(policy["rlimits"])
    if policy["uid"] is not None:
        if policy["landlock"]:
            uncover(policy["landlock"]["readable"] + policy["landlock"]["writable"])
        become(policy["uid"])
    work = os.path.join(policy["environment"]["HOME"], "work")
    os.makedirs(work, exist_ok=True)
    os.chdir(work)
    end_with_parent()  # when the grader goes, so does this
    if policy["landlock"]:
        restrict_files(**policy["landlock"])
    if policy["seccomp"]:
        filter_system_calls(base64.b64decode(policy["seccomp"]))


def run(policy, control, server=None):
    """Do what a confined process is for. control: the socket for the grader's requests. server: the module, if it has
    been imported already."""
    if policy["probe"]:
        import probes

        print(json.dumps(probes.tried(policy["probe"])), flush=True)
        return

    if server is None:
        import server
    server.serve(control, policy["output_bytes"], os.environ["HOME"], os.getcwd())


def main():
    policy = json.loads(sys.argv[1])
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    if policy["warm"]:
        os.environ.clear()
        os.environ.update(policy["environment"])
        if policy["namespaces"]:
            end_with_parent()
        import warm

        warm.serve(policy)
    else:
        confine(policy)
        run(policy, policy.get("control"))


if __name__ == "__main__":
    if platform.system() != "Linux":
        sys.exit("the sandbox needs Linux")
    main()
