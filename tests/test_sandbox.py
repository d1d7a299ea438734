"""Both sandboxes, as root and as a plain user, on this kernel and as if on older ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from plain_user import run_plain

from coursekit.cli import main
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits
from coursekit.sandbox import bubblewrap, landlock, mounts, seccomp
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.base import Check
from coursekit.sandbox.inside import jail, probes
from coursekit.sandbox.loading import LoadedNotebook, Notebook
from coursekit.sandbox.remedies import FILTER, OF_PROBES, remedies
from coursekit.sandbox.unsealed import Unsealed

ABIS = range(min(jail.landlock_abi(), 7) + 1)
CHECK = """
import json, sys
from coursekit.sandbox import choose as sandbox, landlock
landlock.NEWEST_ABI = int(sys.argv[2])
found = sandbox.check(sys.argv[1])
print(json.dumps([found.works, found.missing, found.facts]))
"""
UNPROTECTED = """
import json, os, sys
from coursekit.sandbox.inside import probes
from coursekit.sandbox.decoys import Bait
with Bait() as bait:
    print(json.dumps([probes.tried(bait.told(str(bait.data))), bait.harmed()]))
"""
ORDINARY = r"""
import asyncio, concurrent.futures, ctypes, os, pathlib, shutil, signal, sqlite3, subprocess, sys, tarfile
import tempfile, threading, zipfile
import matplotlib.pyplot as plt
import numpy as np
done = []
#---
plt.plot([1, 2]); plt.title(r"$\alpha$")
for kind in ("png", "pdf", "svg"): plt.savefig(f"figure.{kind}")
done.append("figures")
#---
np.save("a.npy", np.eye(3)); np.savez_compressed("a.npz", a=1)
mapped = np.load("a.npy", mmap_mode="r+"); mapped[0] = 1; mapped.flush()
assert np.linalg.svd(np.random.rand(40, 40))[1][0] > 1
done.append("arrays")
#---
pathlib.Path("tree/branch").mkdir(parents=True)
pathlib.Path("tree/branch/leaf").write_text("x")
for copy in (shutil.copy, shutil.copy2, shutil.copyfile): copy("tree/branch/leaf", copy.__name__)
shutil.copy2("/usr/bin/env", "env")
shutil.copytree("tree", "copied"); shutil.move("copied", "moved"); shutil.rmtree("moved")
os.chmod("copy", 0o600); os.utime("copy", (1, 1)); os.rename("copy", "renamed")
with zipfile.ZipFile("z.zip", "w") as archive: archive.writestr("y", "y")
zipfile.ZipFile("z.zip").extractall("unzipped")
with tarfile.open("t.tgz", "w:gz") as archive: archive.add("tree")
tarfile.open("t.tgz").extractall("untarred")
with tempfile.TemporaryDirectory() as folder: pathlib.Path(folder, "x").write_text("x")
with tempfile.NamedTemporaryFile() as file: file.write(b"x"); file.truncate(0)
with sqlite3.connect("a.db") as base: base.execute("create table t (a)"); base.execute("insert into t values (1)")
done.append("files")
#---
assert subprocess.run(["ls", "tree"], capture_output=True, text=True).stdout == "branch\n"
assert subprocess.check_output("echo a | cat", shell=True) == b"a\n"
done.append("programs")
#---
!echo hello from the shell
listed = !ls tree
assert listed == ["branch"]
%timeit -n 1 -r 1 1 + 1
done.append("magics")
#---
%%bash
for i in 1 2; do echo $i; done | sort -r
#---
with concurrent.futures.ThreadPoolExecutor(3) as pool: assert list(pool.map(abs, [-1, 2])) == [1, 2]
done.append("threads")
#---
async def talk():
    program = await asyncio.create_subprocess_exec("echo", "x", stdout=subprocess.PIPE)
    return await program.communicate()
assert asyncio.run(talk()) == (b"x\n", None)
done.append("asyncio")
#---
await asyncio.sleep(0.01)
#---
assert os.cpu_count() >= 1 and ctypes.CDLL(None).getpid() == os.getpid()
done.append("machine")
#---
"""
MORE_IN_BUBBLEWRAP = """
import multiprocessing, psutil
with multiprocessing.get_context("fork").Pool(2) as pool: assert pool.map(abs, [-1, -2]) == [1, 2]
assert psutil.Process().memory_info().rss and psutil.virtual_memory().total and psutil.Process().children() == []
child = subprocess.Popen(["sleep", "9"]); child.terminate(); assert child.wait() == -signal.SIGTERM
done.append("processes")
"""
GRADE = """
import json, sys
from coursekit.sandbox import landlock
from coursekit.sandbox.loading import LoadedNotebook, Notebook
from coursekit.core.limits import Limits
landlock.NEWEST_ABI = int(sys.argv[3])
notebook = Notebook(list(enumerate(json.loads(sys.argv[2]), 1)))
with LoadedNotebook(sys.argv[1], Limits(), notebook, None) as student:
    with student.case(20) as case:
        done = case.request("get", "done")
    raised = {str(cell): f"{error.type}: {error.message}" for cell, error in student.load.raised.items()}
    print(json.dumps([done, raised]))
"""


def run_here(code, *arguments):
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


USERS = {"plain": run_plain} | ({"root": run_here} if os.geteuid() == 0 else {})


def answer(done):
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(params=USERS)
def run(request):
    return USERS[request.param]


@pytest.mark.parametrize(
    ("backend", "abi"), [("bubblewrap", landlock.NEWEST_ABI), *(("landlock", abi) for abi in ABIS)]
)
def test_a_sandbox_keeps_every_promise_or_is_refused(run, backend, abi):
    works, missing, facts = answer(run(CHECK, backend, str(abi)))
    if works:
        assert all(facts[probe.name] for probe in probes.PROBES if probe.required)
    else:
        assert missing
    if backend == "landlock" and jail.landlock_abi():
        assert works == (abi > 0), missing


def test_every_probe_can_fail():
    """Here a plain user's: they need no sandbox to be kept from being root."""
    held, harmed = answer(run_plain(UNPROTECTED))
    assert len(harmed) == 2
    rights = {"be root", "capabilities", "go first", "namespaces", "mounts"}
    limits = {"memory", "processes", "open files", "long files", "lift limits"}
    of_file_systems = {"change flags", "change extended attributes", "hints on files"}  # some have none
    assert {name for name, so in held.items() if so} <= rights | limits | of_file_systems


@pytest.mark.parametrize("backend", sandbox.sealed())
def test_a_sandbox_that_leaves_something_open_is_not_called_sealed(monkeypatch, backend):
    if not sandbox.check(backend).works:
        pytest.skip(f"{backend} does not work here: {sandbox.check(backend).missing}")
    monkeypatch.setattr(seccomp, "compiled", lambda *_: b"")
    found = sandbox.named(backend).check()
    assert not found.works


@pytest.mark.parametrize("backend", sandbox.sealed())
def test_ordinary_notebooks_run(run, backend):
    works, missing, _ = answer(run(CHECK, backend, "1000"))
    if not works:
        pytest.skip(f"{backend} does not work for this user: {missing}")
    cells = ORDINARY.split("#---\n") + ([MORE_IN_BUBBLEWRAP] if backend == "bubblewrap" else [])
    done, raised = answer(run(GRADE, backend, json.dumps(cells), "1000"))
    assert raised == {}
    assert len(done) == (9 if backend == "bubblewrap" else 8)


def test_ordinary_notebooks_run_where_signals_are_refused():
    """A plain user's, before Landlock could keep signals inside."""
    if not jail.landlock_abi():
        pytest.skip("this kernel has no Landlock")
    done, raised = answer(run_plain(GRADE, "landlock", json.dumps(ORDINARY.split("#---\n")), "1"))
    assert raised == {}
    assert len(done) == 8


FILTERED = """
import ctypes, errno, fcntl, json, os, socket, sys
sys.path.insert(0, sys.argv[1])
import jail
jail.filter_system_calls(bytes.fromhex(sys.argv[2]))
libc = ctypes.CDLL(None, use_errno=True)
def tried(action):
    try: action()
    except OSError as error: return errno.errorcode[error.errno]
def call(number, *arguments):
    return errno.errorcode[ctypes.get_errno()] if libc.syscall(number, *arguments) < 0 else None
read, write = os.pipe()
high = 1 << 32
print(json.dumps({
    "not yet invented": call(900),
    "socket": tried(socket.socket),
    "pair": tried(socket.socketpair),
    "owner": tried(lambda: fcntl.fcntl(read, fcntl.F_SETOWN, os.getppid())),
    "owner, hidden": call(72, read, ctypes.c_long(high | fcntl.F_SETOWN), os.getppid()),
    "ioctl": tried(lambda: fcntl.ioctl(read, 0x8901, os.getppid().to_bytes(4, "little"))),
    "ioctl, hidden": call(16, read, ctypes.c_long(high | 0x8901), ctypes.byref(ctypes.c_int(os.getppid()))),
    "lock": tried(lambda: fcntl.flock(read, fcntl.LOCK_EX)),
    "attribute": tried(lambda: os.getxattr(".", "user.x")),
    "kill": tried(lambda: os.kill(os.getpid(), 0)),
    "namespace": call(56, 0x10000000 | 17, 0, 0, 0, 0),
    "clone3": call(435, 0, 0),
}))
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="calls by x86-64's numbers")
def test_what_the_filter_answers():
    filter_ = seccomp.compiled(landlock=True, deny_signals=True).hex()
    assert answer(run_here(FILTERED, str(mounts.INSIDE), filter_)) == {
        "not yet invented": "ENOSYS",
        "socket": "EPERM",
        "pair": None,
        "owner": "EPERM",
        "owner, hidden": "ENOSYS",
        "ioctl": "ENOSYS",
        "ioctl, hidden": "ENOSYS",
        "lock": None,
        "attribute": "ENOTSUP",
        "kill": "EPERM",
        "namespace": "EPERM",
        "clone3": "ENOSYS",
    }


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="calls by x86-64's numbers")
def test_calls_by_another_architectures_numbers_end_the_process():
    code = "print('still here', ctypes.CDLL(None).syscall(0x40000000 | 39), flush=True)"
    setup = FILTERED.partition("libc =")[0]
    done = run_here(f"{setup}\n{code}", str(mounts.INSIDE), seccomp.compiled().hex())
    assert done.returncode < 0
    assert "still here" not in done.stdout


@pytest.mark.parametrize("machine", ["X86_64", "AARCH64"])
def test_every_call_that_the_filter_names_exists(machine):
    import pyseccomp

    listed = " ".join(seccomp.ALLOWED.values()).split() + seccomp.ATTRIBUTES + seccomp.SIGNALS
    listed += [*seccomp.FORBIDDEN, *seccomp.EXTENDED_ATTRIBUTES, *seccomp.ARGUMENTS]
    assert len(listed) == len(set(listed))
    for name in listed:
        assert pyseccomp.resolve_syscall(getattr(pyseccomp.Arch, machine), name) != -1, name


def test_counters_of_the_machine_are_hidden():
    if not sandbox.check("bubblewrap").works:
        pytest.skip("bubblewrap does not work here")
    cell = """
import os
def readable(name):
    try: return bool(open(f"/proc/{name}").read(1))
    except OSError: return os.path.isdir(f"/proc/{name}") and bool(os.listdir(f"/proc/{name}"))
done = [name for name in os.listdir("/proc") if not name.isdigit() and readable(name)]
"""
    done, raised = answer(run_here(GRADE, "bubblewrap", json.dumps([cell]), "1000"))
    assert raised == {}
    assert set(done) <= {*mounts.PROC_KEPT, "stat", "meminfo"}


def test_what_doctor_tries_is_what_is_promised():
    text = " ".join((mounts.INSIDE.parents[3] / "SECURITY.md").read_text().split()).lower()
    assert [p.promise for p in probes.PROBES if p.promise.lower() not in text] == []
    names = [probe.name for probe in probes.PROBES]
    assert len(names) == len(set(names))


def test_there_is_something_to_do_for_every_probe():
    for probe in probes.PROBES:
        [remedy] = remedies([probe.name])
        assert remedy.endswith(".")
    assert OF_PROBES.keys() <= {probe.name for probe in probes.PROBES}
    assert remedies(["locks", "leases", "processes"]) == [FILTER, OF_PROBES["processes"]]


def test_doctor_says_what_a_kind_of_sandbox_lacks(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(sandbox, "check", lambda name: sandbox.named(name).check())
    result = CliRunner().invoke(main, ["doctor"])
    assert "bubblewrap: does not work here\n  missing: the program bwrap is missing\n" in result.output
    assert "not here: the program bwrap. What to do: Install it: apt-get install bubblewrap." in result.output


def test_doctor_says_what_holds_and_what_to_do(monkeypatch):
    facts = {probe.name: probe.name != "locks" for probe in probes.PROBES}
    checks = {
        "bubblewrap": Check("bubblewrap", True, dict.fromkeys(facts, True)),
        "landlock": Check("landlock", False, facts, "not kept: signs (locks)"),
    }
    monkeypatch.setattr(sandbox, "check", checks.__getitem__)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0
    above, below = result.output.split("landlock: does not work here")
    assert "OPEN" not in above
    assert f"OPEN   {probes.SIGNS}\n         possible: locks\n" in below
    assert "what to do: It needs Linux 5.13" in below
    assert "         what to do: The system call filter should refuse this." in below
    assert "Grading here uses bubblewrap." in below
    checks["bubblewrap"] = Check("bubblewrap", False, missing="not here")
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 1


class Toy(Unsealed):
    """A kind of sandbox that somebody adds: a class, and a line in the registry."""

    name = "toy"
    sealed = True
    remedy = "Play elsewhere."
    started = 0

    def enclosed(self, command, data):
        type(self).started += 1
        return ["env", "TOY=1", *command]


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setitem(sandbox.SANDBOXES, "toy", Toy())
    monkeypatch.setattr(sandbox, "check", lambda name: Check(name, name == "toy"))
    monkeypatch.setattr(Toy, "started", 0)
    return "toy"


def test_a_new_kind_of_sandbox_is_registered_in_one_place(toy):
    assert sandbox.strongest() == toy
    assert sandbox.sealed()[-1] == toy
    with LoadedNotebook(toy, Limits(), Notebook([(1, "a = 1")]), None) as student, student.case(20) as case:
        assert case.request("get", "a") == 1
    assert Toy.started == 1
    said = CliRunner().invoke(main, ["doctor"]).output
    assert "toy: works" in said
    assert "Grading here uses toy." in said
    refused = CliRunner().invoke(main, ["verify", "attacks", "--backend", "no"])
    assert "is not one of bubblewrap, landlock, toy." in refused.output


def test_an_unknown_sandbox_is_a_sentence():
    with pytest.raises(
        CourseError, match="There is no sandbox 'docker': there are bubblewrap, landlock, none"
    ):
        sandbox.named("docker")
