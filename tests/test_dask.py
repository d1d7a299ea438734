"""Tests for grading on a Dask cluster: a scheduler and workers in processes of their own, with TLS."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses import weighed
from machines import LIMIT_SECONDS, MARKS, Machines, a_class, as_text, certificates, hand_in, jobs_in

from coursekit.build import build
from coursekit.cli import main
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.core.result import BadResult
from coursekit.datasets import loading
from coursekit.executors import cluster, executor
from coursekit.executors.dask import connecting, packing, parcels
from coursekit.executors.dask.protocol import versions
from coursekit.sandbox import choose

pytest.importorskip("distributed", reason="Dask is not installed: pip install coursekit[cluster]")
pytestmark = MARKS
STUDENTS = 6


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    assignment = a_class(tmp_path_factory.mktemp("course"), STUDENTS)
    (assignment.course.root / "submitted/s0" / assignment.name / "link").symlink_to("/etc/passwd")
    return jobs_in(assignment)


@pytest.fixture(scope="module")
def local(jobs):
    return as_text(executor(workers=2).run(jobs))


@pytest.fixture(scope="module")
def machines(tls, tmp_path_factory):
    made = Machines(tls, tmp_path_factory.mktemp("scheduler"))
    yield made
    made.close()


def test_results_are_those_of_this_machine(machines, jobs, local):
    assert as_text(machines.executor().run(jobs)) == local
    assert sorted(json.loads(text)["score"] for text in local.values()) == [0, 0, 10, 10, 10, 10]


def test_a_local_cluster_is_made_to_try_it(jobs, local):
    assert as_text(cluster("local:2").run(jobs[:2])) == dict(list(local.items())[:2])


def test_a_worker_with_neither_course_nor_dataset_grades(tls, tmp_path):
    course = weighed.with_dataset(Course(tmp_path / "course"))
    assignment = weighed.assignment(course)
    loading.prepare(course, "weights")
    build(assignment, verify=False)
    hand_in(assignment, 3)
    jobs = jobs_in(assignment)
    local = as_text(executor(workers=2).run(jobs))
    hidden = f'mount -t tmpfs none "{course.root}" && ! test -e "{assignment.release}" && exec "$0" "$@"'
    without = ["unshare", "--mount", "sh", "-c", hidden]
    if subprocess.run([*without, "true"], capture_output=True).returncode:
        pytest.skip("a folder can't be hidden here")
    machines = Machines(tls, tmp_path, within=[without, without])
    try:
        assert as_text(machines.executor().run(jobs)) == local
        assert sorted(json.loads(text)["score"] for text in local.values()) == [0, 10, 10]
    finally:
        machines.close()


@pytest.fixture
def another_numpy(tmp_path):
    """What runs a worker whose numpy is another by its metadata, which is what is compared."""
    package = tmp_path / "numpy-1.0.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0.0\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    return ["env", f"PYTHONPATH={path}"]


def wait_for_workers(machines, number):
    async def wait():
        async with connecting.connected(str(machines.file), machines.tls, False) as found:
            deadline = time.monotonic() + LIMIT_SECONDS
            while len(await found.workers()) != number and time.monotonic() < deadline:
                await asyncio.sleep(0.2)

    asyncio.run(wait())


def test_doctor_tells_what_each_worker_has_and_refuses_a_mix(tls, tmp_path, another_numpy):
    machines = Machines(tls, tmp_path, within=[[], another_numpy])
    command = ["doctor", "--on", str(machines.file), "--tls", str(tls)]
    try:
        wait_for_workers(machines, 2)
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 1 and "Grading there is not possible" in done.output, done.output
        assert done.output.count(f": {choose.strongest()}; ") == 2 and "numpy 1.0.0" in done.output
        assert f"here is {versions()}: grades could differ" in done.output
        machines.end_worker(1)
        wait_for_workers(machines, 1)
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0 and f"Grading there uses {choose.strongest()}" in done.output, done.output
    finally:
        machines.close()


def test_a_worker_that_comes_later_and_would_grade_otherwise_gets_nothing(
    tls, tmp_path, another_numpy, jobs, capfd
):
    machines = Machines(tls, tmp_path, within=[[]])
    many = [
        replace(job, reference=Reference(f"{job.reference.student}-{n}")) for job in jobs for n in range(4)
    ]
    try:
        results = machines.executor().run(many)
        found = [next(results)]
        machines.add_worker(another_numpy)
        wait_for_workers(machines, 2)
        said = ""
        for result in results:
            found.append(result)
            if "gets nothing" not in said:
                time.sleep(1)  # with nothing sent meanwhile: what the new worker says of itself comes first
                said += capfd.readouterr().err
    finally:
        machines.close()
    assert "grades could differ. Install the same. It gets nothing" in said
    assert len(as_text(found)) == len(many) and not any(result.fault for result in found)


def test_no_worker_without_a_certificate_and_no_plain_address_without_saying_so(
    machines, tmp_path, monkeypatch
):
    monkeypatch.setattr("coursekit.executors.dask.FIRST_SECONDS", 1)
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
