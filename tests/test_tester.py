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


@pytest.fixture
def warm():
    kind = sandbox.named("bubblewrap")
    if not (kind.checked.works and kind.checked.warm):
        pytest.skip(f"bubblewrap has no warm process here: {kind.checked.missing}")
    kind.warm_up(None)
    return kind


def load(*cells):
    return LoadedNotebook("bubblewrap", Limits(), Notebook(list(enumerate(cells, 1))), None)


def test_a_warm_process_that_somebody_ends_is_replaced(warm):
    with load("a = 1") as student:
        before = warm._warm[None]
        os.kill(before._popen.pid, signal.SIGKILL)
        before._popen.wait()
        with student.case(20) as case:  # the notebook's process has gone with it, and is started again
            assert case.request("get", "a") == 1
    assert warm._warm[None] is not before
    with load("b = 2") as student, student.case(20) as case:
        assert case.request("get", "b") == 2


def test_a_sandbox_that_somebody_ends_is_not_the_students_fault(warm):
    with load("a = 1\ndef f():\n    import time; time.sleep(30)") as student:
        watcher = next(iter(ancestors(student._process.popen.pid)))
        with pytest.raises(CaseEnded) as caught, student.case(20) as case:
            threading.Timer(0.3, os.kill, [watcher, signal.SIGKILL]).start()
            case.request("get", "f")()
        assert caught.value.kind == "gone"
        assert student.was_ended()
    with load("a = 1\ndef f():\n    import os; os._exit(0)") as student:
        with pytest.raises(CaseEnded), student.case(20) as case:
            case.request("get", "f")()
        assert not student.was_ended()


def test_a_sandbox_ends_with_the_process_that_uses_it(warm):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            process = warm.start(Limits(), None)
            os.write(writing, str(process.popen.pid).encode())
            time.sleep(60)
        finally:
            os._exit(1)
    inside = int(os.read(reading, 20))
    assert Path(f"/proc/{inside}").exists()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{inside}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{inside}").exists()


def test_a_sandbox_has_nothing_of_the_one_before_it(warm):
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
    with load(leaves) as student:
        assert student.load.raised == {}
    seen = []
    for _ in range(2):
        with load(looks) as student, load(looks) as other, student.case(20) as case, other.case(20) as beside:
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
import json, os
from coursekit.core.limits import Limits
from coursekit.sandbox import choose
kind = choose.named("bubblewrap")
found = {"works": kind.checked.works, "warm": kind.checked.warm, "missing": kind.checked.missing}
if kind.checked.warm:
    process = kind.start(Limits(), None)
    status = open(f"/proc/{process.popen.pid}/status").read()
    found["seen"] = {name: status.split(name + ":")[1].split()[0] for name in ("Uid", "CapEff", "CapBnd", "NoNewPrivs")}
    found["me"] = str(os.getuid())
    process.kill()
print(json.dumps(found))
"""


def test_a_plain_users_sandbox_is_that_user_without_any_right():
    done = run_plain(PLAIN)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    if not found["works"]:
        pytest.skip(f"bubblewrap does not work for a plain user here: {found['missing']}")
    assert found["warm"]
    none = "0" * 16
    assert found["seen"] == {"Uid": found["me"], "CapEff": none, "CapBnd": none, "NoNewPrivs": "1"}


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
