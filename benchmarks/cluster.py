"""What a Dask cluster costs: a submission graded through one on this machine, and submissions that need no work at all.

    python benchmarks/cluster.py [--workers 1 2 4] [--rounds 5] [--whole] [--empty 10000]

First a class is graded by this machine's own processes and by as many workers of a cluster, in turn. Everything runs
and has graded before the clock does. A class of 10 and one of 40 are timed, so that what is the same for every class
falls away: a 30th of the difference is what one more submission takes. The submissions are blank notebooks with the
outputs of the worked solution of optimization_techniques, so as large as that; with --whole they are the worked
solution.

Then copies of one submission go through a scheduler to two workers that answer at once: what is left is packing,
sending and checking. Connections have TLS. Client, scheduler and workers are processes of their own, and so are their
memory and CPU. CPU of a class is that of all of them, where a control group can be made (as root).
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
from dataclasses import replace
from pathlib import Path

import msgpack
import psutil
from grading import ASSIGNMENT, Scratch, control_group, cpu_of

FEW, MANY = 10, 40
SAMPLES = 5
"""how often memory is shown"""
OPENSSL = """
openssl req -x509 -newkey rsa:3072 -nodes -days 2 -subj /CN=ca -keyout ca-key.pem -out ca.pem
openssl req -newkey rsa:3072 -nodes -subj /CN=coursekit -keyout key.pem -out cert.csr
openssl x509 -req -in cert.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out cert.pem
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--workers", type=int, nargs="*", default=[1, 2, 4], help="how many at a time (default: 1 2 4)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: 5)")
    parser.add_argument("--whole", action="store_true", help="grade worked solutions, not blank notebooks")
    parser.add_argument(
        "--empty", type=int, default=10_000, help="submissions without work (default: 10,000)"
    )
    for part in ("worker", "class", "client"):
        parser.add_argument(f"--as-{part}", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_worker:
        serve_without_work(*arguments.as_worker)
    elif arguments.as_class:
        print(json.dumps(times_of_a_class(*arguments.as_class)))
    elif arguments.as_client:
        send(*arguments.as_client)
    else:
        with tempfile.TemporaryDirectory(prefix="coursekit-bench-", ignore_cleanup_errors=True) as folder:
            measure(Path(folder), arguments)


def measure(root: Path, arguments: argparse.Namespace) -> None:
    course = Scratch(root)
    control_group()  # before anything is started whose CPU counts
    os.environ.update(course.environment)
    os.environ["COURSEKIT_TLS"] = str(root / "tls")
    (root / "tls").mkdir()
    for line in OPENSSL.strip().splitlines():
        subprocess.run(line.split(), cwd=root / "tls", check=True, capture_output=True)
    for number in range(MANY):
        course.hand_in(f"s{number:03}")
        if not arguments.whole:
            make_blank(course, f"s{number:03}")
    for number in arguments.workers:
        show_a_class(root, number, arguments.rounds)
    if arguments.empty:
        show_empty_ones(root, arguments.empty)


def make_blank(course: Scratch, student: str) -> None:
    """Let a student's cells be as they were given out, with the outputs of the worked solution."""
    path = course.submission(student) / f"{ASSIGNMENT}.ipynb"
    notebook = json.loads(path.read_text())
    given = json.loads((course.folder("release") / f"{ASSIGNMENT}.ipynb").read_text())
    sources = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"] for cell in given["cells"]
    }
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = sources.get(name) if name in sources and name else cell["source"]
    path.write_text(json.dumps(notebook))


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


def show_a_class(root: Path, number: int, rounds: int) -> None:
    """By own processes and by a cluster, each run by a process of its own."""
    print(f"{number} at a time, ms (and CPU) of one more submission:")
    found: dict[str, list[tuple[float, float]]] = {"": [], str(root / "scheduler.json"): []}
    with a_scheduler(root):
        serve = [sys.executable, "-m", "coursekit", "worker", str(root / "scheduler.json")]
        with running([*serve, "--jobs", str(number)]):
            for _ in range(rounds):
                for on, times in found.items():
                    group = str(control_group() or "")
                    command = [sys.executable, __file__, "--as-class", str(root), str(number), group, on]
                    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
                    times.append(tuple(json.loads(done.stdout)))
                    wall, cpu = (1000 * seconds for seconds in times[-1])
                    print(f"  {'cluster' if on else 'own processes'}: {wall:.0f} ({cpu:.0f})", flush=True)
    here, there = found.values()
    more = [(1000 * (b[0] - a[0]), 1000 * (b[1] - a[1])) for a, b in zip(here, there, strict=True)]
    print(f"  difference: {', '.join(f'{a:+.0f} ({b:+.0f})' for a, b in more)}")
    wall, cpu = (statistics.median(values) for values in zip(*more, strict=True))
    print(f"  its median: {wall:+.1f} ({cpu:+.1f})", flush=True)


def times_of_a_class(root: str, workers: str, counted: str, on: str) -> tuple[float, float]:
    """Seconds, and seconds of CPU, of one more submission."""
    from coursekit.executors import cluster, executor

    jobs, number = jobs_of(Path(root)), int(workers)
    used = cluster(on) if on else executor(workers=number)
    group = Path(counted) if counted else None
    assert len(list(used.run(jobs[: 4 * number]))) == 4 * number
    found = []
    for size in (FEW, MANY):
        started, before = time.perf_counter(), cpu_of(group)
        for result in used.run(jobs[:size]):
            assert not result.fault, result
        found.append((time.perf_counter() - started, cpu_of(group) - before))
    few, many = found
    return (many[0] - few[0]) / (MANY - FEW), (many[1] - few[1]) / (MANY - FEW)


def show_empty_ones(root: Path, count: int) -> None:
    """Let a client of its own send them."""
    command = [sys.executable, __file__]
    with contextlib.ExitStack() as stack:
        scheduler = stack.enter_context(a_scheduler(root))
        serve = [*command, "--as-worker", str(root)]
        workers = [stack.enter_context(running(serve)) for _ in range(2)]
        pids = [str(process.pid) for process in (scheduler, *workers)]
        subprocess.run([*command, "--as-client", str(root), str(count), *pids], check=True)


@contextlib.contextmanager
def a_scheduler(root: Path) -> Iterator[subprocess.Popen]:
    """Its file is scheduler.json."""
    file = root / "scheduler.json"
    file.unlink(missing_ok=True)
    where = ["--host", "127.0.0.1", "--port", "0", "--file", str(file)]
    with running([sys.executable, "-m", "coursekit", "scheduler", *where]) as process:
        while not file.exists():
            time.sleep(0.1)
        yield process


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def serve_without_work(root: str) -> None:
    """Be a worker that answers each task with the same result, under the student's name."""
    from coursekit.executors import executor
    from coursekit.executors.dask import connecting, worker

    job = jobs_of(Path(root))[0]
    [result] = executor().run([job])
    stored, name = json.dumps(result.to_json()), json.dumps(job.reference.student)

    def answer_at_once(task: bytes, *submission: object) -> str:
        student = json.dumps(msgpack.unpackb(task)["reference"]["student"])
        return json.dumps({"result": stored.replace(name, student), "log": result.log, "took": "{}"})

    worker.grade = answer_at_once
    connecting.serve(str(Path(root) / "scheduler.json"), None, False)


def send(root: str, number: str, *pids: str) -> None:
    """Be the client of copies of one submission, and look at the memory and CPU of each process."""
    from coursekit.core.reference import Reference
    from coursekit.executors import cluster
    from coursekit.executors.dask import packing

    job, count = jobs_of(Path(root))[0], int(number)
    jobs = [replace(job, reference=Reference(f"e{one:05}")) for one in range(count)]
    size = len(packing.pack([(job.path.name, job.path)]))
    names = ("client", "scheduler", *(f"worker {one}" for one in range(1, len(pids))))
    processes = [psutil.Process(), *(psutil.Process(int(pid)) for pid in pids)]
    faults, memory, started, used = 0, [], 0.0, []
    for done, result in enumerate(cluster(f"{root}/scheduler.json").run(jobs)):
        faults += result.fault
        if done == 0:
            started, used = time.perf_counter(), [sum(one.cpu_times()[:2]) for one in processes]
        if done % (count // SAMPLES) == 0 or done == count - 1:
            memory.append([one.memory_info().rss >> 20 for one in processes])
    took = time.perf_counter() - started
    print(
        f"{count} submissions of {size >> 10} KiB without work, two workers: {took:.0f} s, "
        f"{count / took:.0f} a second, {1000 * took / count:.1f} ms each, {faults} faults"
    )
    for place, (name, one) in enumerate(zip(names, processes, strict=True)):
        cpu = 1000 * (sum(one.cpu_times()[:2]) - used[place]) / count
        print(
            f"  {name}: {cpu:.1f} ms of CPU for each; memory in MB, over time: "
            + ", ".join(str(values[place]) for values in memory)
        )


if __name__ == "__main__":
    main()
