"""What a Dask cluster costs: grading through one on this machine, and submissions that need no work at all.

    python benchmarks/cluster.py [--students 20] [--rounds 3] [--empty 10000]

First a class of worked solutions of optimization_techniques, without the question that trains, is graded by this
machine's own processes and on a cluster, in turn: with one at a time, with as many as there are cores, and with twice
as many. Then copies of one submission go through a scheduler to two workers that answer at once: what is left is
packing, sending and checking. Client, scheduler and workers are processes of their own, and so are their memory and
CPU. CPU is the machine's, so other work on it counts too: compare what ran in the same round.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgpack
import psutil
from grading import ASSIGNMENT, Scratch, control_group, cpu_of

CORES = os.cpu_count() or 1
SAMPLES = 5
"""how often memory is shown"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=20, help="size of the class (default: 20)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default: 3)")
    parser.add_argument(
        "--empty", type=int, default=10_000, help="submissions without work (default: 10,000)"
    )
    for part in ("worker", "client"):
        parser.add_argument(f"--as-{part}", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_worker:
        serve_without_work(*arguments.as_worker)
        return
    if arguments.as_client:
        send(*arguments.as_client)
        return
    with tempfile.TemporaryDirectory(prefix="coursekit-bench-", ignore_cleanup_errors=True) as folder:
        course = Scratch(Path(folder))
        control_group()  # before anything is started whose CPU counts
        os.environ.update(course.environment)
        for number in range(arguments.students):
            course.hand_in(f"s{number:03}")
        if arguments.rounds:
            show_a_class(jobs_of(course.root), arguments.rounds)
        if arguments.empty:
            show_empty_ones(course.root, arguments.empty)


def jobs_of(root: Path) -> list:
    from coursekit.core.course import Course
    from coursekit.core.reference import Reference
    from coursekit.grade_class import jobs_of as all_jobs
    from coursekit.layouts.base import Collected
    from coursekit.sandbox import choose

    assignment = Course.find(root).assignment(ASSIGNMENT)
    submitted = sorted((root / "submitted").iterdir())
    found = [Collected(Reference(path.name), path / ASSIGNMENT) for path in submitted]
    return all_jobs(assignment, found, choose.strongest())


def show_a_class(jobs: list, rounds: int) -> None:
    from coursekit.executors import cluster, executor

    print(f"A class of {len(jobs)}, seconds (and CPU) of a submission, medians of {rounds} rounds:")
    for number in (1, CORES, 2 * CORES):
        here, there = [], []
        for _ in range(rounds):
            here.append(timed(executor(workers=number), jobs))
            there.append(timed(cluster(f"local:{number}"), jobs))
        more = [1000 * (b[0] - a[0]) for a, b in zip(here, there, strict=True)]
        each = f"own processes {medians(here)}, cluster {medians(there)}"
        print(f"  {number} at a time: {each}; difference of each round in ms: {more_text(more)}", flush=True)


def medians(found: list[tuple[float, float]]) -> str:
    seconds, cpu = (statistics.median(values) for values in zip(*found, strict=True))
    return f"{seconds:.3f} ({cpu:.3f})"


def more_text(more: list[float]) -> str:
    return ", ".join(f"{one:+.0f}" for one in more)


def timed(workers: object, jobs: list) -> tuple[float, float]:
    """Seconds, and seconds of CPU, for each submission after the first 2 * CORES: by then everything has started."""
    results = iter(workers.run(jobs))
    for _ in range(2 * CORES):
        next(results)
    started, used = time.perf_counter(), cpu_of(control_group())
    rest = len(jobs) - 2 * CORES
    last = started, used
    for number, result in enumerate(results, 1):
        assert result.score == result.max_score, result
        if number == rest:
            last = time.perf_counter(), cpu_of(control_group())
    return (last[0] - started) / rest, (last[1] - used) / rest


def show_empty_ones(root: Path, count: int) -> None:
    """Let a client of its own send them, and look at the memory and CPU of each process."""
    file = root / "scheduler.json"
    command = [sys.executable, __file__]
    with contextlib.ExitStack() as stack:
        where = ["--host", "127.0.0.1", "--port", "0", "--file", str(file), "--insecure"]
        scheduler = stack.enter_context(running([sys.executable, "-m", "coursekit", "scheduler", *where]))
        while not file.exists():
            time.sleep(0.1)
        workers = [
            stack.enter_context(running([*command, "--as-worker", str(root), str(file)])) for _ in range(2)
        ]
        client = stack.enter_context(
            running([*command, "--as-client", str(root), str(file), str(count)], stdout=None)
        )
        seen: dict[str, list[int]] = {"scheduler": [], "client": []}
        cpu = {}
        while client.poll() is None:
            for name, process in (("scheduler", scheduler), ("client", client), ("a worker", workers[0])):
                with contextlib.suppress(psutil.Error):
                    one = psutil.Process(process.pid)
                    cpu[name] = sum(one.cpu_times()[:2])
                    if name in seen:
                        seen[name].append(one.memory_info().rss >> 20)
            time.sleep(1)
    for name, values in seen.items():
        step = max(1, len(values) // SAMPLES)
        print(f"  memory of the {name} in MB, over time: {', '.join(map(str, values[::step]))}, {values[-1]}")
    print("  CPU, starting included: " + ", ".join(f"{name} {value:.1f} s" for name, value in cpu.items()))


@contextlib.contextmanager
def running(command: list[str], stdout: int | None = subprocess.DEVNULL) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL if stdout else None)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def serve_without_work(root: str, file: str) -> None:
    """Be a worker that answers each task with the same result, under the student's name."""
    from coursekit.executors import executor
    from coursekit.executors.dask import connecting, worker

    job = jobs_of(Path(root))[0]
    [result] = executor().run([job])
    stored, name = json.dumps(result.to_json()), json.dumps(job.reference.student)

    def answer_at_once(task: bytes) -> str:
        student = json.dumps(msgpack.unpackb(task)["reference"]["student"])
        return json.dumps({"result": stored.replace(name, student), "log": result.log, "took": "{}"})

    worker.grade = answer_at_once
    connecting.serve(file, None, True)


def send(root: str, file: str, number: str) -> None:
    """Be the client of copies of one submission."""
    from dataclasses import replace

    from coursekit.core.reference import Reference
    from coursekit.executors import cluster
    from coursekit.executors.dask import packing

    job, count = jobs_of(Path(root))[0], int(number)
    jobs = [replace(job, reference=Reference(f"e{one:05}")) for one in range(count)]
    size = len(packing.pack([(job.path.name, job.path)]))
    faults = 0
    for done, result in enumerate(cluster(file, insecure=True).run(jobs)):
        faults += result.fault
        if done == 0:
            started = time.perf_counter()
    took = time.perf_counter() - started
    print(
        f"{count} submissions of {size >> 10} KiB without work, two workers: {took:.0f} s, "
        f"{count / took:.0f} a second, {1000 * took / count:.1f} ms each, {faults} faults"
    )


if __name__ == "__main__":
    main()
