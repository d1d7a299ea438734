"""What a Dask cluster costs: grading through one on this machine, and submissions that need no work at all.

    python benchmarks/cluster.py [--students 20] [--empty 10000]

First a class of worked solutions of optimization_techniques, without the question that trains, is graded by this
machine's own processes, then on a cluster with as many workers, then with 1 and 4. Then copies of one submission go
through a scheduler to workers that answer at once: what is left is packing, sending and checking. CPU's share of the
machine is not divided out: two workers on two cores leave none to the scheduler and the client.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from pathlib import Path

import psutil
from grading import ASSIGNMENT, Scratch


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=20, help="size of the class (default: 20)")
    parser.add_argument(
        "--empty", type=int, default=10_000, help="submissions without work (default: 10,000)"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursekit-bench-", ignore_cleanup_errors=True) as folder:
        course = Scratch(Path(folder))
        os.environ.update(course.environment)
        for number in range(arguments.students):
            course.hand_in(f"s{number:03}")
        jobs = jobs_of(course)
        show_a_class(jobs)
        show_empty_ones(jobs[0], arguments.empty)


def jobs_of(course: Scratch) -> list:
    from coursekit.core.course import Course
    from coursekit.core.reference import Reference
    from coursekit.grade_class import jobs_of as all_jobs
    from coursekit.layouts.base import Collected
    from coursekit.sandbox import choose

    assignment = Course.find(course.root).assignment(ASSIGNMENT)
    submitted = sorted((course.root / "submitted").iterdir())
    found = [Collected(Reference(path.name), path / ASSIGNMENT) for path in submitted]
    return all_jobs(assignment, found, choose.strongest())


def show_a_class(jobs: list) -> None:
    from coursekit.executors import cluster, executor

    cores = os.cpu_count() or 1
    ours = timed(executor(workers=cores), jobs)
    print(f"A class of {len(jobs)}, {cores} at a time by this machine's processes: {ours:.1f} s")
    for workers in (cores, 1, 4):
        took = timed(cluster(f"local:{workers}"), jobs)
        more = 1000 * (took - ours) / len(jobs)
        print(
            f"the same on a cluster of {workers} workers: {took:.1f} s, {more:+.0f} ms a submission",
            flush=True,
        )


def timed(workers: object, jobs: list) -> float:
    """Seconds from the first result, with which everything has started, to the last; for all jobs."""
    results = iter(workers.run(jobs))
    next(results)
    started = time.perf_counter()
    for result in results:
        assert result.score == result.max_score, result
    return (time.perf_counter() - started) * len(jobs) / (len(jobs) - 1)


def show_empty_ones(job: object, count: int) -> None:
    from dataclasses import replace

    from coursekit.core.reference import Reference
    from coursekit.executors import cluster, executor
    from coursekit.executors import dask as grading_on_dask

    [result] = executor().run([job])
    stored = json.dumps(result.to_json())
    name = json.dumps(job.reference.student)

    def answer_at_once(task: dict, shared: dict) -> str:
        student = json.dumps(task["reference"]["student"])
        return json.dumps({"result": stored.replace(name, student), "log": "", "took": "{}"})

    jobs = [replace(job, reference=Reference(f"e{number:05}")) for number in range(count)]
    graded, grading_on_dask.worker.grade = grading_on_dask.worker.grade, answer_at_once
    seen: dict[str, list[float]] = {"client": []}
    ended = threading.Event()
    threading.Thread(target=watch, args=(seen, ended), daemon=True).start()
    started = time.perf_counter()
    faults = 0
    try:
        for number, one in enumerate(cluster("local:2").run(jobs)):
            faults += one.fault
            if number == 0:
                started = time.perf_counter()
    finally:
        ended.set()
        grading_on_dask.worker.grade = graded
    took = time.perf_counter() - started
    each = 1000 * took / count
    print(
        f"{count} submissions without work: {took:.0f} s, {count / took:.0f} a second, {each:.1f} ms each",
        end="",
    )
    print(f", {faults} faults. Memory of client and scheduler, which are one process here, in MB:", end=" ")
    print(", ".join(f"{value >> 20}" for value in seen["client"][:: max(1, len(seen["client"]) // 8)]))


def watch(seen: dict, ended: threading.Event) -> None:
    """Note the memory of this process, in bytes, each second."""
    while not ended.wait(1):
        seen["client"].append(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main()
