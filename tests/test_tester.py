"""The grader's own process for a submission's tests, and what happens when somebody ends it or the sandbox."""

from __future__ import annotations

import json
import mmap
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from plain_user import run_plain

from coursekit.core.errors import CaseEnded
from coursekit.core.in_child import Child, ChildKilled
from coursekit.core.limits import Limits
from coursekit.core.process_tree import ancestors, descendants
from coursekit.grading.given import CleanProcess, Given
from coursekit.grading.graded_notebook import GradedNotebook
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.loading import LoadedNotebook, Notebook

MEMORY = (
    16 << 30
)  # address space, of which next to nothing is used; these tests' own process may have some GiB


def answer(request, fds):
    wanted = request.decode()
    if wanted == "pid":
        return str(os.getpid()).encode()
    if wanted == "large":
        return b"x" * 1_000_000
    if wanted == "grow":
        grown.append(mmap.mmap(-1, MEMORY // 2))
        return b"grown"
    if wanted == "fill":
        return bytes(2 * MEMORY)
    if wanted == "exit":
        os._exit(3)
    if wanted == "sleep":
        time.sleep(60)
    if wanted == "write":
        os.write(fds[0], b"hello")
        os.close(fds[0])
    return b"done"


grown = []


@pytest.fixture
def child():
    child = Child(answer, MEMORY)
    yield child
    child.close()


def test_it_answers_one_request_after_the_other(child):
    first = child.ask(b"pid", [], 10)
    assert int(first) != os.getpid()
    assert child.ask(b"pid", [], 10) == first
    assert child.ask(b"large", [], 10) == b"x" * 1_000_000
    assert child.ask(b"pid", [], 10) == first


def test_it_gets_open_files(child):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert child.ask(b"write", [theirs.fileno()], 10) == b"done"
        assert ours.recv(10) == b"hello"


@pytest.mark.parametrize(("request_", "found"), [(b"exit", b""), (b"fill", b""), (b"sleep", None)])
def test_one_that_does_not_answer_is_replaced(child, request_, found, capfd):
    first = child.ask(b"pid", [], 10)
    assert child.ask(request_, [], 0.5 if found is None else 10) == found
    assert child.ask(b"pid", [], 10) != first
    with pytest.raises(ProcessLookupError):
        os.kill(int(first), 0)


def test_one_that_has_become_large_is_replaced(child):
    first = child.ask(b"pid", [], 10)
    assert child.ask(b"grow", [], 10) == b"grown"
    assert child.ask(b"pid", [], 10) != first


def test_one_that_is_large_from_the_start_is_kept():
    own = mmap.mmap(-1, MEMORY // 2)
    child = Child(answer, MEMORY)
    try:
        first = child.ask(b"pid", [], 10)
        assert child.ask(b"pid", [], 10) == first
    finally:
        child.close()
        own.close()


def test_one_that_somebody_kills_is_told_from_one_that_fails(child):
    pid = int(child.ask(b"pid", [], 10))
    threading.Timer(0.3, os.kill, [pid, signal.SIGKILL]).start()
    with pytest.raises(ChildKilled):
        child.ask(b"sleep", [], 10)
    assert child.ask(b"write", [os.open(os.devnull, os.O_WRONLY)], 10) == b"done"


# ---- somebody ends the sandbox


@pytest.fixture(params=["bubblewrap", "landlock"])
def warm(request):
    kind = sandbox.named(request.param)
    if not (kind.checked.works and kind.checked.warm):
        pytest.skip(f"{request.param} has no warm process here: {kind.checked.missing}")
    kind.warm_up(None)
    return kind


def load(kind, *cells):
    return LoadedNotebook(kind.name, Limits(), Notebook(list(enumerate(cells, 1))), None)


def gone(pids, seconds=10):
    """Whether these processes end within that time."""
    deadline = time.monotonic() + seconds
    while any(runs(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(runs(pid) for pid in pids)


def runs(pid):
    """Whether there is such a process, other than one that has ended and was not waited for."""
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


def test_a_warm_process_that_somebody_ends_is_replaced(warm):
    with load(warm, "a = 1") as student:
        before = warm._warm[None]
        os.kill(before._popen.pid, signal.SIGKILL)
        before._popen.wait()
        assert gone([student._process.popen.pid])
        with student.case(20) as case:  # the notebook's process has gone with it, and is started again
            assert case.request("get", "a") == 1
    assert warm._warm[None] is not before
    with load(warm, "b = 2") as student, student.case(20) as case:
        assert case.request("get", "b") == 2


def test_a_sandbox_that_somebody_ends_is_not_the_students_fault(warm):
    with load(warm, "a = 1\ndef f():\n    import time; time.sleep(30)") as student:
        watcher = next(iter(ancestors(student._process.popen.pid)))
        with pytest.raises(CaseEnded) as caught, student.case(20) as case:
            threading.Timer(0.3, os.kill, [watcher, signal.SIGKILL]).start()
            case.request("get", "f")()
        assert caught.value.kind == "gone"
        assert student.was_ended()
    with load(warm, "a = 1\ndef f():\n    import os; os._exit(0)") as student:
        with pytest.raises(CaseEnded), student.case(20) as case:
            case.request("get", "f")()
        assert not student.was_ended()


def test_nor_is_it_if_that_is_the_sandbox_of_given_functions(warm, tmp_path):
    given = Given({}, {"known": ("", "def known():\n    import time; time.sleep(30)")}, frozenset())
    for name in ("submission", "files"):
        (tmp_path / name).mkdir()
    folders = tmp_path / "submission", tmp_path / "files"
    clean = CleanProcess(given, warm.name, Limits(), *folders, None)
    with GradedNotebook(warm.name, Limits(), Notebook([(1, "a = 1")]), None, clean) as student:
        with pytest.raises(CaseEnded) as caught, clean.connected(20) as connection:
            fork = student.fork_at(connection)
            fork.limit(20)
            known = fork.request("get", "known")
            assert not student.was_ended()
            watcher = next(iter(ancestors(clean._student._process.popen.pid)))
            threading.Timer(0.3, os.kill, [watcher, signal.SIGKILL]).start()
            known()
        assert caught.value.kind == "gone"
        assert student.was_ended()


def test_what_ends_together_is_told_whatever_ends_first(warm):
    """The watcher, by whose end it is told, may take longer than the fork that a test waits for."""
    with load(warm, "def f():\n    import time; time.sleep(30)") as student:
        sandbox_pid = student._process.popen.pid
        watcher = next(iter(ancestors(sandbox_pid)))
        with pytest.raises(CaseEnded) as caught, student.case(20) as case:
            os.kill(watcher, signal.SIGSTOP)
            threading.Timer(0.3, os.kill, [sandbox_pid, signal.SIGKILL]).start()
            threading.Timer(0.9, os.kill, [watcher, signal.SIGKILL]).start()
            case.request("get", "f")()
        assert caught.value.kind == "gone"
        assert student.was_ended()


LEAVES_LOOPS = """
import os
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: pass
        os._exit(0)
def f():
    while True: pass
"""


@pytest.mark.parametrize("ended", ["grader", "watcher", "warm process"])
def test_whoever_is_killed_nothing_of_the_sandbox_is_left_running(warm, ended):
    """Not even processes that have left their parents, and loops that never look at a socket."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with load(warm, LEAVES_LOOPS) as student, student.case(60) as case:
                threading.Timer(0.5, tell, [student, writing]).start()
                case.request("get", "f")()
        finally:
            os._exit(1)
    watcher, *inside = map(int, os.read(reading, 1000).split())
    assert len(inside) >= 2
    assert all(map(runs, inside))
    try:
        killed = {"grader": pid, "watcher": watcher, "warm process": warm._warm[None]._popen.pid}[ended]
        os.kill(killed, signal.SIGKILL)
        if ended == "watcher":
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
            with load(warm, "a = 1"):  # with which the warm process looks after what it has been left
                pass
        assert gone(inside)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


HOPS = """
import subprocess, sys, time
loop = "import os\\nwhile True:\\n if os.fork() > 0: os._exit(0)"
def f():
    for _ in range(8):
        subprocess.Popen([sys.executable, "-ISc", loop])
    time.sleep(60)
"""


def test_processes_that_only_fork_and_end_do_not_escape_although_nobody_can_catch_one(warm):
    with load(warm, HOPS) as student:
        output = student._process.output
        with pytest.raises(CaseEnded), student.case(20) as case:
            life = student._process.popen._life
            threading.Timer(1, life.shutdown, [socket.SHUT_RDWR]).start()  # as when the grader is killed
            case.request("get", "f")()
        output._thread.join(5)
        assert output._ended  # nobody can write to it any more


def test_a_sandbox_can_be_ended_twice_although_its_descriptors_mean_something_else_then(warm):
    process, other = warm.start(Limits(), None), subprocess.Popen(["sleep", "60"])
    try:
        process.kill()
        others = [os.pidfd_open(other.pid) for _ in range(20)]  # with the numbers that are free now
        process.kill()
        for fd in others:
            os.close(fd)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def tell(student, pipe):
    inside = [process.pid for process in student._process.processes()]
    os.write(pipe, " ".join(map(str, [student._process.popen.watcher, *inside])).encode())


def test_a_sandbox_without_namespaces_has_a_home_of_its_own():
    kind = sandbox.named("landlock")
    if not kind.checked.warm:
        pytest.skip(f"landlock has no warm process here: {kind.checked.missing}")
    looks = """
import glob, os, random, numpy
home = os.environ["HOME"]
def entered(folder):
    try:
        return bool(os.listdir(folder) or True)
    except OSError:
        return False
others = [folder for folder in glob.glob("/tmp/coursekit-*") if folder != home and entered(folder)]
here = os.path.samefile(os.path.dirname(os.getcwd()), home) and os.listdir(home)
drawn = [random.random(), float(numpy.random.rand())]
alone = os.getsid(0) == os.getpgid(0) == os.getpid()
open(os.path.join(home, "left"), "w").close()
"""
    with load(kind, looks) as student, load(kind, looks) as other:
        seen = []
        for one in (student, other):
            assert one.load.raised == {}
            with one.case(20) as case:
                seen.append({n: case.request("get", n) for n in ("home", "others", "here", "drawn", "alone")})
                assert list(seen[-1]["others"]) == []
                assert "left" not in list(seen[-1]["here"])
                assert seen[-1]["alone"]
    assert seen[0]["home"] != seen[1]["home"]
    assert not set(seen[0]["drawn"]) & set(seen[1]["drawn"])
    assert not any(Path(one["home"]).exists() for one in seen)


def test_a_sandbox_has_nothing_of_the_one_before_it(warm):
    if warm.home_on_disk:
        pytest.skip("it has no namespaces and no folders in memory")
    leaves = """
import os
for folder in ("/tmp", "/dev/shm", os.environ["HOME"]):
    open(os.path.join(folder, "left"), "w").close()
"""
    looks = """
import os, random, numpy
files = [os.listdir(folder) for folder in ("/tmp", "/dev/shm", os.path.dirname(os.getcwd()))]
processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
open_files = sorted(map(int, os.listdir("/proc/self/fd")))
links = [os.readlink(f"/proc/self/ns/{name}") for name in ("mnt", "pid", "net", "ipc")]
drawn = [random.random(), float(numpy.random.rand())]
me = [os.getuid(), open("/proc/self/status").read().split("CapEff:")[1].split()[0]]
bounding = open("/proc/self/status").read().split("CapBnd:")[1].split()[0]
"""
    with load(warm, leaves) as student:
        assert student.load.raised == {}
    seen = []
    for _ in range(2):
        with (
            load(warm, looks) as student,
            load(warm, looks) as other,
            student.case(20) as case,
            other.case(20) as beside,
        ):
            assert student.load.raised == other.load.raised == {}
            beside_links = beside.request("get", "links")
            assert not set(beside_links) & set(case.request("get", "links"))
            found = {
                name: case.request("get", name)
                for name in ("files", "processes", "open_files", "drawn", "me", "bounding")
            }
            seen.append(json.loads(json.dumps(found)))
    for one in seen:
        assert not any("left" in names for names in one["files"])
        assert one["processes"] == [1]
        assert (
            len(one["open_files"]) <= 5
        )  # the three standard ones, the control socket, and the folder that is listed
        assert int(one["me"][1], 16) == int(one["bounding"], 16) == 0
    assert not set(seen[0]["drawn"]) & set(seen[1]["drawn"])


PLAIN = """
import json, os, sys
from coursekit.core.limits import Limits
from coursekit.sandbox import choose
kind = choose.named(sys.argv[1])
found = {"works": kind.checked.works, "warm": kind.checked.warm, "missing": kind.checked.missing}
if kind.checked.warm:
    process = kind.start(Limits(), None)
    status = open(f"/proc/{process.popen.pid}/status").read()
    found["seen"] = {name: status.split(name + ":")[1].split()[0] for name in ("Uid", "CapEff", "CapBnd", "NoNewPrivs")}
    found["me"] = str(os.getuid())
    process.kill()
print(json.dumps(found))
"""


@pytest.mark.parametrize("name", ["bubblewrap", "landlock"])
def test_a_plain_users_sandbox_is_that_user_without_any_right(name):
    done = run_plain(PLAIN, name)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    if not found["works"]:
        pytest.skip(f"{name} does not work for a plain user here: {found['missing']}")
    assert found["warm"]
    none = "0" * 16
    if name == "landlock":  # a plain user has none, and no program gives them any now
        del found["seen"]["CapBnd"]
    else:
        assert found["seen"].pop("CapBnd") == none
    assert found["seen"] == {"Uid": found["me"], "CapEff": none, "NoNewPrivs": "1"}


def test_processes_that_end_meanwhile_are_left_out(monkeypatch):
    before = os.listdir

    def listing(folder):
        child = subprocess.Popen(["sleep", "0"])
        child.wait()
        return [*before(folder), str(child.pid)]

    running = subprocess.Popen(["sleep", "60"])
    try:
        monkeypatch.setattr(os, "listdir", listing)
        assert running.pid in {one.pid for one in descendants(os.getpid())}
        assert next(iter(ancestors(running.pid))) == os.getpid()
        monkeypatch.undo()
    finally:
        running.kill()
        running.wait()
    assert running.pid not in {one.pid for one in descendants(os.getpid())}
    assert descendants(running.pid) == list(ancestors(running.pid)) == []
