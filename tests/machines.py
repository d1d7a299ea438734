"""A cluster for tests: a scheduler and workers in processes, and perhaps networks, of their own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
from courses import tiny

from coursekit.build import build
from coursekit.core.course import Assignment
from coursekit.core.reference import Reference
from coursekit.executors import cluster
from coursekit.executors.base import Executor
from coursekit.grade_class import jobs_of
from coursekit.grading.job import Job
from coursekit.layouts.base import Collected
from coursekit.sandbox import choose

MARKS = [
    pytest.mark.xdist_group("dask"),
    pytest.mark.skipif(
        not any(choose.check(name).works for name in choose.sealed()), reason="no sandbox works here"
    ),
]
"""of all tests with machines"""
LIMIT_SECONDS = 600
"""for what takes seconds, however slow the machine is"""
OPENSSL = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca-key.pem -out ca.pem
openssl req -newkey rsa:2048 -nodes -subj /CN=coursekit -keyout key.pem -out cert.csr
openssl x509 -req -in cert.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out cert.pem
"""


def certificates(folder: Path) -> Path:
    for line in OPENSSL.strip().splitlines():
        subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)
    return folder


def hand_in(assignment: Assignment, students: int) -> None:
    """Two of three hand in the solution, the others the release."""
    for number in range(students):
        folder = assignment.course.root / "submitted" / f"s{number}" / assignment.name
        folder.parent.mkdir(parents=True)
        shutil.copytree(assignment.release if number % 3 == 2 else assignment.solution, folder)


def a_class(root: Path, students: int) -> Assignment:
    assignment = tiny.course(root)
    build(assignment, verify=False)
    hand_in(assignment, students)
    return assignment


def jobs_in(assignment: Assignment) -> list[Job]:
    folders = sorted((assignment.course.root / "submitted").iterdir())
    found = [Collected(Reference(path.name), path / assignment.name) for path in folders]
    return jobs_of(assignment, found, choose.strongest())


def as_text(results) -> dict[tuple[str, str], str]:
    """The results in their stored form, without what differs in each run."""
    found = {}
    for result in results:
        assert result.key not in found, "doubled"
        found[result.key] = json.dumps(replace(result, seconds=0).to_json(), sort_keys=True)
    return found


class Machines:
    """A scheduler and workers. within: commands that run each of the workers elsewhere; `scheduler_within` does so for
    the scheduler."""

    def __init__(
        self,
        tls: Path,
        folder: Path,
        host: str = "127.0.0.1",
        within: Sequence[list[str]] = ([], []),
        scheduler_within: Sequence[str] = (),
    ) -> None:
        self.tls, self.file, self.host = tls, folder / "scheduler.json", host
        self.scheduler_within = scheduler_within
        self.scheduler = self._start_scheduler(0)
        self.port = int(self._address().rpartition(":")[2])
        self.workers = [self._start_worker(prefix) for prefix in within]

    def _address(self) -> str:
        deadline = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                return json.loads(self.file.read_text())["address"]
            time.sleep(0.1)
        raise TimeoutError("the scheduler did not start")

    def _start_scheduler(self, port: int) -> subprocess.Popen:
        self.file.unlink(missing_ok=True)
        where = ["--host", self.host, "--port", str(port), "--file", str(self.file)]
        return self._start(["scheduler", *where, "--tls", str(self.tls)], self.scheduler_within)

    def _start_worker(self, prefix: list[str]) -> subprocess.Popen:
        address = f"tls://{self.host}:{self.port}"
        return self._start(["worker", address, "--jobs", "1", "--tls", str(self.tls)], prefix)

    def _start(self, command: list[str], prefix: Sequence[str] = ()) -> subprocess.Popen:
        command = [*prefix, sys.executable, "-m", "coursekit", *command]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd="/", start_new_session=True, **quiet)

    def executor(self) -> Executor:
        return cluster(str(self.file), self.tls)

    def serving(self) -> list[psutil.Process]:
        """The processes that serve Dask on the workers, one on each."""
        return [child for one in self.workers for child in _children(psutil.Process(one.pid))]

    def graders(self) -> list[psutil.Process]:
        """Those that grade for them."""
        below = [child for one in self.serving() for child in _children(one)]
        return [one for one in below if "coursekit.executors.dask.grader" in _command_of(one)]

    def restart_scheduler(self) -> None:
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = self._start_scheduler(self.port)

    def add_worker(self, prefix: list[str]) -> None:
        self.workers.append(self._start_worker(prefix))

    def end_worker(self, number: int) -> None:
        _end(self.workers.pop(number))

    def close(self) -> None:
        for one in [*self.workers, self.scheduler]:
            _end(one)


def _end(process: subprocess.Popen) -> None:
    """End it, and all that is below it."""
    below = []
    with contextlib.suppress(psutil.NoSuchProcess):
        below = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    for child in below:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


def _children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return process.children()
    return []


def _command_of(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


@dataclass(frozen=True)
class Networks:
    """Networks with names of their own: one in the middle with the address `HOST`, and the others around it, each
    connected with it by a pair of devices. The machine's own stays as it is: Chromium, in another test, would give up
    what it asked for when that changed."""

    middle: str
    around: list[str]

    HOST = "10.213.1.1"

    def cut(self, name: str) -> None:
        subprocess.run(["ip", "-n", self.middle, "link", "set", name, "down"], check=True)

    def mend(self, name: str) -> None:
        subprocess.run(["ip", "-n", self.middle, "link", "set", name, "up"], check=True)


def in_network(network: str) -> list[str]:
    """What runs a command there, with the command after it."""
    return ["ip", "netns", "exec", network]


@contextlib.contextmanager
def networks(count: int) -> Iterator[Networks]:
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("only root makes networks, with iproute2")
    middle, *around = names = [f"ck{os.getpid() % 100_000}{letter}" for letter in "mabc"[: count + 1]]
    lines = [f"ip netns add {name}" for name in names] + [f"ip -n {name} link set lo up" for name in names]
    for number, name in enumerate(around, 1):
        lines += [
            f"ip -n {middle} link add {name} type veth peer name eth0 netns {name}",
            f"ip -n {middle} addr add 10.213.{number}.1/24 dev {name}",
            f"ip -n {middle} link set {name} up",
            f"ip -n {name} addr add 10.213.{number}.2/24 dev eth0",
            f"ip -n {name} link set eth0 up",
            f"ip -n {name} route add default via 10.213.{number}.1",
        ]
    try:
        for line in lines:
            if subprocess.run(line.split(), capture_output=True).returncode:
                pytest.skip(f"no network can be made here: {line}")
        yield Networks(middle, around)
    finally:
        for name in around:
            # the device first, which is at once: with its network it would go when the last process there has ended
            subprocess.run(["ip", "-n", middle, "link", "del", name], capture_output=True)
        for name in names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


class Command:
    """A running `coursekit grade --on`, which prints a line for each result."""

    def __init__(self, machines: Machines, assignment: Assignment, prefix: Sequence[str] = ()) -> None:
        where = ["--on", str(machines.file), "--tls", str(machines.tls)]
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "coursekit", "grade", assignment.name, *where],
            cwd=assignment.course.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._limit = threading.Timer(LIMIT_SECONDS, self.kill)
        self._limit.daemon = True
        self._limit.start()

    def wait_for(self, results: int) -> None:
        """Read what it prints until so many results were there, or it ends."""
        assert self.process.stdout
        while len(self.graded) < results and (line := self.process.stdout.readline()):
            self.said.append(line)

    @property
    def graded(self) -> list[str]:
        """The students whose results it has printed."""
        return [line.split(", ")[1].split(":")[0] for line in self.said if ", s" in line and "/" in line[:6]]

    def kill(self) -> None:
        self._limit.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def finish(self) -> None:
        """Read the rest; fails if it does not succeed."""
        self.wait_for(10**6)
        self._limit.cancel()
        assert self.process.wait() == 0, "".join(self.said)
