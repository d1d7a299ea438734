"""What is killed or cut at random moments, while a class is graded on a cluster, loses and doubles nothing.

All that is killed is killed once, in one class; twenty rounds, with longer cuts, are run on demand: COURSEKIT_CHAOS=1.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import random
import shutil
import tempfile
import threading
import time

import psutil
import pytest
from machines import MARKS, Command, Machines, a_class, as_text, certificates, in_network, jobs_in, networks

from coursekit.core.result import Result
from coursekit.executors import executor

pytest.importorskip("distributed", reason="Dask is not installed: pip install coursekit[cluster]")
pytestmark = MARKS
STUDENTS = 8
ON_DEMAND = "COURSEKIT_CHAOS" in os.environ
ROUNDS = 4 if ON_DEMAND else 1
KILLED = [["worker"], ["grader"], ["scheduler"]] if ON_DEMAND else [["grader", "worker", "scheduler"]]
seed = random.SystemRandom().randrange(10**6)
chance = random.Random(seed)


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return a_class(tmp_path_factory.mktemp("course"), STUDENTS)


@pytest.fixture(scope="module")
def local(assignment):
    return as_text(executor(workers=2).run(jobs_in(assignment)))


@pytest.fixture(scope="module")
def machines(tls, tmp_path_factory):
    made = Machines(tls, tmp_path_factory.mktemp("scheduler"))
    yield made
    made.close()


def stored(assignment):
    return as_text(Result.loads(path.read_text()) for path in sorted(assignment.results.glob("*.json")))


def at_a_random_moment(command: Command) -> None:
    """Wait for some results, or none, and a little longer."""
    command.wait_for(chance.randrange(STUDENTS))
    time.sleep(chance.random() * (1 if command.graded else 4))


def check(command: Command, assignment, local, before: int = 0) -> None:
    command.finish()
    assert stored(assignment) == local, f"seed {seed}: {''.join(command.said)}"
    assert len(command.graded) == len(set(command.graded)) == STUDENTS - before, command.said


@pytest.fixture
def fresh(assignment):
    shutil.rmtree(assignment.results, ignore_errors=True)


@pytest.mark.parametrize("round_number", range(ROUNDS))
@pytest.mark.parametrize("killed", KILLED, ids=", ".join)
def test_what_is_killed_is_made_good(machines, assignment, local, fresh, killed, round_number):
    command = Command(machines, assignment)
    for what in killed:
        at_a_random_moment(command)
        if what == "scheduler":
            machines.restart_scheduler()
        else:
            for process in (machines.serving if what == "worker" else machines.graders)()[:1]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
    check(command, assignment, local)


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_a_command_that_is_killed_is_run_again_for_what_is_missing(
    machines, assignment, local, fresh, round_number
):
    command = Command(machines, assignment)
    at_a_random_moment(command)
    command.kill()
    written = {path.name: path.stat().st_mtime_ns for path in assignment.results.glob("*.json")}
    again = Command(machines, assignment)
    check(again, assignment, local, before=len(written))
    kept = {name: (assignment.results / name).stat().st_mtime_ns for name in written}
    assert kept == written


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_a_network_that_is_cut_loses_nothing(tls, assignment, local, fresh, tmp_path, round_number):
    """One of those of two workers and of the command, for seconds, or, on demand, for longer than TCP waits."""
    with networks(3) as there:
        first, second, commands = map(in_network, there.around)
        machines = Machines(tls, tmp_path, there.HOST, [first, second], in_network(there.middle))
        try:
            command = Command(machines, assignment, commands)
            at_a_random_moment(command)
            chosen = chance.choice(there.around)
            there.cut(chosen)
            time.sleep(chance.choice([2, 20, 45, 70]) if ON_DEMAND else 3)
            there.mend(chosen)
            check(command, assignment, local)
            if ON_DEMAND:
                shutil.rmtree(assignment.results)
                check(Command(machines, assignment, commands), assignment, local)
        finally:
            machines.close()


@pytest.mark.parametrize("what", ["grader", "worker"])
def test_a_submission_that_kills_what_grades_it_poisons_no_other(machines, tmp_path, what):
    assignment = a_class(tmp_path, 4)
    folder = tmp_path / "submitted" / "s1" / assignment.name
    (folder / "deadly.txt").touch()
    path = folder / f"{assignment.name}.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["source"] = ["import time\n", "time.sleep(2)\n", *cell["source"]]
    path.write_text(json.dumps(notebook))
    ended, killed = threading.Event(), []

    def kill() -> None:
        """As the submission would: whenever a grader has begun it."""
        while not ended.wait(0.1):
            for grader in machines.graders():
                begun = f"{tempfile.gettempdir()}/coursekit-*-{grader.pid}-*/*/{assignment.name}/deadly.txt"
                if grader.pid not in killed and glob.glob(begun):  # noqa: PTH207 -- folders vanish meanwhile
                    killed.append(grader.pid)
                    with contextlib.suppress(psutil.NoSuchProcess):
                        (grader if what == "grader" else grader.parent()).kill()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        jobs = jobs_in(assignment)
        found = {result.student: result for result in machines.executor().run(jobs)}
    finally:
        ended.set()
        thread.join()
    assert len(killed) >= 3
    assert found["s1"].fault and found["s1"].score == 0
    assert "Grading this submission ends the grader" in found["s1"].error
    others = [result for student, result in found.items() if student != "s1"]
    assert [result.score for result in sorted(others, key=lambda one: one.student)] == [10, 0, 10]
    assert not any(result.fault for result in others)
