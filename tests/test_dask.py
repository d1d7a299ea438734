"""Tests for grading on a Dask cluster: a scheduler and workers in processes of their own, with TLS."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from courses import tiny

from coursekit.build import build
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.core.result import BadResult
from coursekit.executors import cluster, executor
from coursekit.executors.dask import connecting, packing, parcels
from coursekit.executors.dask.protocol import versions
from coursekit.grade_class import jobs_of
from coursekit.layouts.base import Collected
from coursekit.sandbox import choose

pytest.importorskip("distributed", reason="Dask is not installed: pip install coursekit[cluster]")
pytestmark = [
    pytest.mark.xdist_group("dask"),
    pytest.mark.skipif(
        not any(choose.check(name).works for name in choose.sealed()), reason="no sandbox works here"
    ),
]
OPENSSL = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca-key.pem -out ca.pem
openssl req -newkey rsa:2048 -nodes -subj /CN=coursekit -keyout key.pem -out cert.csr
openssl x509 -req -in cert.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out cert.pem
"""
STUDENTS = 6
chaos = pytest.mark.skipif(
    "COURSEKIT_CHAOS" not in os.environ,
    reason="kills and broken networks can hang on a loaded machine, which is not mended yet: COURSEKIT_CHAOS=1",
)


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    for line in OPENSSL.strip().splitlines():
        subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    assignment = tiny.course(root)
    build(assignment, verify=False)
    submitted = []
    for number in range(STUDENTS):
        folder = root / "submitted" / f"s{number}" / assignment.name
        folder.parent.mkdir(parents=True)
        source = assignment.release if number % 3 == 2 else assignment.solution
        subprocess.run(["cp", "-r", source, folder], check=True)
        submitted.append(Collected(Reference(f"s{number}", ids={"canvas_user": str(number)}), folder))
    (root / "submitted/s0" / assignment.name / "link").symlink_to("/etc/passwd")
    return jobs_of(assignment, submitted, choose.strongest())


@pytest.fixture(scope="module")
def local(jobs):
    return as_text(executor(workers=2).run(jobs))


class Machines:
    """A scheduler and two workers."""

    def __init__(
        self, tls: Path, folder: Path, host: str = "127.0.0.1", within: Sequence[list[str]] = ()
    ) -> None:
        """host: the scheduler's address. within: commands that run the two workers elsewhere."""
        self.tls, self.file, self.host = tls, folder / "scheduler.json", host
        self.environment = {
            **os.environ,
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s",
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s",
        }
        self.scheduler = self.start_scheduler(0)
        self.port = int(self.address().rpartition(":")[2])
        self.workers = [self.start_worker(prefix) for prefix in within or ([], [])]

    def address(self) -> str:
        deadline = time.monotonic() + 60
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        return json.loads(self.file.read_text())["address"]

    def start_scheduler(self, port: int) -> subprocess.Popen:
        self.file.unlink(missing_ok=True)
        keys = [f"--tls-{option}={self.tls / name}" for option, name in
                (("ca-file", "ca.pem"), ("cert", "cert.pem"), ("key", "key.pem"))]  # fmt: skip
        options = ["--protocol", "tls", "--host", self.host, "--port", str(port), "--no-dashboard"]
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *options, *keys]
        return self.start([*command, "--scheduler-file", str(self.file)])

    def start_worker(self, prefix: list[str]) -> subprocess.Popen:
        address = f"tls://{self.host}:{self.port}"
        command = [
            sys.executable,
            "-m",
            "coursekit",
            "worker",
            address,
            "--jobs",
            "1",
            "--tls",
            str(self.tls),
        ]
        return self.start([*prefix, *command])

    def start(self, command: list[str]) -> subprocess.Popen:
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def grader(self) -> int | None:
        """The pid of one worker process that serves Dask."""
        found = [child for one in self.workers for child in psutil.Process(one.pid).children()]
        return random.choice(found).pid if found else None

    def close(self) -> None:
        for one in [*self.workers, self.scheduler]:
            try:
                below = psutil.Process(one.pid).children(recursive=True)
            except psutil.NoSuchProcess:
                below = []
            one.kill()
            one.wait()
            for child in below:
                child.kill()


@pytest.fixture(scope="module")
def machines(tls, tmp_path_factory):
    made = Machines(tls, tmp_path_factory.mktemp("scheduler"))
    yield made
    made.close()


def as_text(results):
    """The results in their stored form, without what differs in each run."""
    found = {}
    for result in results:
        assert result.key not in found, "doubled"
        found[result.key] = json.dumps(replace(result, seconds=0).to_json(), sort_keys=True)
    return found


def on(machines):
    return cluster(str(machines.file), machines.tls)


def test_results_are_those_of_this_machine(machines, jobs, local):
    assert as_text(on(machines).run(jobs)) == local
    assert sorted(json.loads(text)["score"] for text in local.values()) == [0, 0, 10, 10, 10, 10]


def test_a_local_cluster_is_made_to_try_it(jobs, local):
    assert as_text(cluster("local:2").run(jobs[:2])) == dict(list(local.items())[:2])


@chaos
def test_workers_and_schedulers_that_are_killed_lose_nothing(machines, jobs, local):
    generator = random.Random(1)
    for round_number in range(4):
        found = {}
        for result in on(machines).run(jobs):
            assert result.key not in found
            found[result.key] = result
            if len(found) == 1 + round_number % 3:
                if generator.random() < 0.3:
                    machines.scheduler.kill()
                    machines.scheduler.wait()
                    machines.scheduler = machines.start_scheduler(machines.port)
                elif pid := machines.grader():
                    os.kill(pid, signal.SIGKILL)
        assert as_text(found.values()) == local


@pytest.fixture
def networks():
    """Two network namespaces, each connected with this one by a pair of devices: their names, and our address."""
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("only root makes networks, with iproute2")
    names = [f"ck{os.getpid() % 10_000}{letter}" for letter in "ab"]
    try:
        for number, name in enumerate(names, 1):
            for line in (
                f"ip netns add {name}",
                f"ip link add {name} type veth peer name eth0 netns {name}",
                f"ip addr add 10.213.{number}.1/24 dev {name}",
                f"ip link set {name} up",
                f"ip -n {name} addr add 10.213.{number}.2/24 dev eth0",
                f"ip -n {name} link set eth0 up",
                f"ip -n {name} link set lo up",
                f"ip -n {name} route add default via 10.213.{number}.1",
            ):
                if subprocess.run(line.split(), capture_output=True).returncode:
                    pytest.skip(f"no network can be made here: {line}")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


@chaos
def test_a_network_that_breaks_loses_nothing(tls, networks, jobs, local, tmp_path):
    elsewhere = [["ip", "netns", "exec", name] for name in networks]
    machines = Machines(tls, tmp_path, "10.213.1.1", elsewhere)
    try:
        found = {}
        for result in on(machines).run(jobs):
            assert result.key not in found
            found[result.key] = result
            if len(found) == 1:
                subprocess.run(["ip", "link", "set", networks[0], "down"], check=True)
        assert as_text(found.values()) == local
        subprocess.run(["ip", "link", "set", networks[0], "up"], check=True)
        assert as_text(on(machines).run(jobs[:2])) == dict(list(local.items())[:2])
    finally:
        machines.close()


def test_no_worker_without_a_certificate_and_no_plain_address_without_saying_so(machines, tmp_path):
    with pytest.raises(CourseError, match=r"ca\.pem, cert\.pem, key\.pem is missing"):
        cluster(str(machines.file), tmp_path).sandbox(False)
    with pytest.raises(CourseError, match="not encrypted"):
        cluster("tcp://127.0.0.1:1").sandbox(False)
    with pytest.raises(CourseError, match="is not there, and not an address"):
        cluster("nowhere.json").sandbox(False)
    (tmp_path / "scheduler.json").write_text("{")
    with pytest.raises(CourseError, match="neither an address"):
        cluster(str(tmp_path / "scheduler.json")).sandbox(False)


def test_workers_that_would_grade_otherwise_are_refused():
    good = {"versions": versions(), "sandbox": "bubblewrap", "missing": ""}
    assert connecting.agreed({"a": good, "b": good}) == "bubblewrap"
    with pytest.raises(CourseError, match="grades could differ"):
        connecting.agreed({"a": good, "b": good | {"versions": "Python 3.9"}})
    with pytest.raises(CourseError, match="has no sandbox"):
        connecting.agreed({"a": good | {"sandbox": ""}})
    with pytest.raises(CourseError, match="different sandboxes"):
        connecting.agreed({"a": good, "b": good | {"sandbox": "landlock"}})


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: {},
        lambda stored: {"result": "not JSON", "log": "", "took": "{}"},
        lambda stored: {"result": 1, "log": "", "took": "{}"},
        lambda stored: with_field(stored, "student", "other"),
        lambda stored: with_field(stored, "graded", "other"),
        lambda stored: with_score(stored, 99),
    ],
)
def test_an_answer_counts_only_if_it_is_this_submissions_result(jobs, change):
    [result] = executor().run(jobs[:1])
    stored = result.to_json()
    good = {"result": json.dumps(stored), "log": "", "took": "{}"}
    assert parcels.result_in(good, jobs[0], result.stamp) == result
    with pytest.raises(BadResult):
        parcels.result_in(change(stored), jobs[0], result.stamp)


def with_field(stored, name, value):
    changed = stored | {"extra_data": stored["extra_data"] | {name: value}}
    return {"result": json.dumps(changed), "log": "", "took": "{}"}


def with_score(stored, score):
    tests = [test | {"score": score} for test in stored["tests"]]
    return {"result": json.dumps(stored | {"tests": tests}), "log": "", "took": "{}"}


def test_what_is_packed_is_unpacked_as_it_was(tmp_path):
    folder = tmp_path / "Zoë 李"
    (folder / "inner" / "empty").mkdir(parents=True)
    (folder / "a.txt").write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    os.utime(folder / "a.txt", ns=(1, 5))
    target = tmp_path / "target"
    target.mkdir()
    packing.unpack(packing.pack([("in", folder)]), target)
    assert sorted(path.name for path in (target / "in").rglob("*")) == [
        "a.txt",
        "empty",
        "inner",
        "link",
        "pipe",
    ]
    assert (target / "in/a.txt").stat().st_mtime_ns == 5
    assert (target / "in/link").readlink() == Path("/etc/passwd")


@pytest.mark.parametrize("name", [b"../x", b"/x", b"a//b", b"a/../b", b"\0", b""])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    import msgpack

    with pytest.raises(ValueError, match="not below"):
        packing.unpack(msgpack.packb([[name, "file", 0, b"x"]]), tmp_path)


def test_nothing_is_unpacked_through_a_link(tmp_path):
    import msgpack

    entries = [[b"link", "link", 0, b"/tmp"], [b"link/x", "file", 0, b"x"]]
    with pytest.raises(ValueError, match="below a link"):
        packing.unpack(msgpack.packb(entries), tmp_path)


def test_what_is_too_large_is_not_sent(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"x" * 1000)
    monkeypatch.setattr(packing, "MAX_BYTES", 999)
    with pytest.raises(packing.TooLarge):
        packing.pack([("a", tmp_path / "a")])
