"""The time from the command to the result, compared with `otter run` and `nbgrader autograde`.

    python benchmarks/grading.py [--runs 3] [--students 20] [--alone 0]

The submission is the worked solution of optimization_techniques, in a temporary course without the question that
trains, which would hide everything else. All three grade the same copy, one after another in each round; the medians
are printed. Then come the steps of `coursekit grade`, and a whole class: coursekit grades it with two processes,
nbgrader with one, as always, and otter with one command after another, as without Docker. The same class is graded
again, unchanged. The CPU of the cells and tests alone, in one process that seals nothing, is the least that any grader
spends. --alone adds a larger class for coursekit alone, mixed as a real one: a fifth have a wrong answer that others
use, a tenth are blank, and one never ends. Last come a submission whose dropout never ends, and one submission with the
question that trains, against the student's own functions in one process.

CPU is that of all processes, where a control group can be made (as root); memory is the largest sum of the processes'
proportional shares, looked at ten times a second in a run of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import psutil

ASSIGNMENT = "optimization_techniques"
WITHOUT = "training"
ENDLESS = "\n\n_dropout = dropout\n\n\ndef dropout(*arguments, **keywords):\n    while True:\n        pass\n"
CLASS = ("coursekit", "grade", ASSIGNMENT, "--jobs", "2", "--regrade")
WRONG = "\n\n_relu = relu\n\n\ndef relu(Z):\n    A, cache = _relu(Z)\n    return A + 0.1, cache\n"
EXTRA = 3
GRADERS = ("coursekit grade", "otter run", "nbgrader autograde")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="rounds of one submission each (default: 3)")
    parser.add_argument("--students", type=int, default=20, help="size of the class (default: 20)")
    parser.add_argument(
        "--alone", type=int, default=0, help="size of a class for coursekit alone (default: none)"
    )
    parser.add_argument("--own", help=argparse.SUPPRESS)
    parser.add_argument("--bare", help=argparse.SUPPRESS)
    parser.add_argument("--marks", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.marks:
        folder, notebook, started = arguments.marks
        print(json.dumps(marks(Path(folder), Path(notebook), float(started))))
        return
    if arguments.own or arguments.bare:
        print(own_functions(Path(arguments.own)) if arguments.own else bare(Path(arguments.bare)))
        return
    with tempfile.TemporaryDirectory(prefix="coursekit-bench-", ignore_cleanup_errors=True) as folder:
        course = Scratch(Path(folder))
        course.hand_in("one")
        show_one_submission(course, arguments.runs)
        show_where_it_goes(course, arguments.runs)
        show_a_class(course, arguments.students)
        if arguments.alone:
            show_alone(course, arguments.alone)
        show_an_endless_one(course)
    with tempfile.TemporaryDirectory(prefix="coursekit-bench-", ignore_cleanup_errors=True) as folder:
        show_training(Scratch(Path(folder), without=()), arguments.runs)


def show_one_submission(course: Scratch, runs: int) -> None:
    seconds: dict[str, list[float]] = {grader: [] for grader in GRADERS}
    for _ in range(runs):
        seconds["coursekit grade"].append(course.time_coursekit())
        seconds["otter run"].append(course.time_otter())
        seconds["nbgrader autograde"].append(course.time_nbgrader("one"))
    table(
        "One submission, command to result", {name: statistics.median(took) for name, took in seconds.items()}
    )


def show_where_it_goes(course: Scratch, runs: int) -> None:
    found = [course.time_steps() for _ in range(runs)]
    print("\nThe steps of `coursekit grade`")
    for step in found[0]:
        print(f"  {step:54} {statistics.median(times[step] for times in found):6.2f} s")


def show_a_class(course: Scratch, students: int) -> None:
    shutil.rmtree(course.root / "submitted")
    for number in range(students):
        course.hand_in(f"student{number:02}")
    took = {
        "coursekit grade": course.time_class(),
        "otter run": students * course.time_otter(),
        "nbgrader autograde": course.time_nbgrader("*"),
    }
    cpu, memory = course.cpu, course.memory_of_class()
    table(f"A class of {students}, command to the last result", took)
    print(
        f"coursekit: {per(cpu, students)} CPU a submission, {memory >> 20} MB of memory at most with two jobs"
    )
    print(f"The same class again, unchanged, with the report: {course.time_unchanged():.2f} s")
    print(f"Its cells and tests alone, sealed by nothing: {course.in_process('--bare'):.2f} s CPU")
    print("Submissions a minute: " + ", ".join(f"{name} {60 * students / t:.1f}" for name, t in took.items()))


def show_alone(course: Scratch, students: int) -> None:
    shutil.rmtree(course.root / "submitted")
    for number in range(students):
        course.hand_in(f"student{number:03}", "release" if number % 10 == 9 else "solutions")
        if number % 10 in (4, 7):
            course.add(f"student{number:03}", "solution-relu", WRONG)
    course.add("student000", "solution-dropout", ENDLESS)
    took = course.time_class()
    cpu, memory = course.cpu, course.memory_of_class()
    print(
        f"\nA mixed class of {students}, coursekit alone: {took:.1f} s, {60 * students / took:.0f} a minute,",
        end=" ",
    )
    print(
        f"{per(cpu, students)} CPU a submission, {memory >> 20} MB; unchanged {course.time_unchanged():.2f} s"
    )


def show_an_endless_one(course: Scratch) -> None:
    shutil.rmtree(course.root / "submitted")
    course.hand_in("one")
    course.add("one", "solution-dropout", ENDLESS)
    took = course.time_class()
    print(f"\nA submission whose dropout never ends: {took:.1f} s, {per(course.cpu, 1)} CPU")


def show_training(course: Scratch, runs: int) -> None:
    course.hand_in("one")
    alone, more, own = [], [], []
    for _ in range(runs):
        course.time_class()
        alone.append(course.cpu)
        own.append(course.in_process("--own"))
    for number in range(EXTRA):
        course.hand_in(f"more{number}")
    for _ in range(runs):
        course.time_class()
        more.append(course.cpu)
    first, theirs = statistics.median(alone), statistics.median(own)
    each = (statistics.median(more) - first) / EXTRA
    print(
        f"\nWith training: {per(first, 1)} CPU for the first submission, {per(each, 1)} for each other;",
        end=" ",
    )
    print(f"its own functions alone {theirs:.2f} s", end="")
    print(f", so {first / theirs:.2f} and {each / theirs:.2f} times" if first == first else "")


def per(seconds: float, students: int) -> str:
    return f"{seconds / students:.2f} s" if seconds == seconds else "(not measured)"


def table(title: str, seconds: dict[str, float]) -> None:
    ours = seconds["coursekit grade"]
    print(f"\n{title:44} {'seconds':>8}  {'times ours':>10}")
    for name, took in seconds.items():
        print(f"  {name:42} {took:8.2f}  {took / ours:10.2f}")


class Scratch:
    """A temporary course in nbgrader's layout: the built assignment without one question."""

    def __init__(self, root: Path, without: tuple[str, ...] = (WITHOUT,)):
        from coursekit.core.course import Course
        from coursekit.grading import find_data
        from coursekit.grading.autograder import read_autograder

        assignment = Course.find(Path(__file__).parent).assignment(ASSIGNMENT)
        data = find_data(
            assignment.course, read_autograder(assignment.autograder, assignment.release).dataset
        )
        self.root = root
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "OPENBLAS_NUM_THREADS": "1",
            **({data.variable: str(data.folder)} if data else {}),
        }
        for folder in (assignment.source, assignment.release, assignment.solution, assignment.autograder):
            shutil.copytree(folder, self.folder(folder.parent.name))
        self.cpu = math.nan
        """CPU seconds of the last class"""
        for kind in ("source", "release", "solutions") if without else ():
            self._drop_cell(self.folder(kind) / f"{ASSIGNMENT}.ipynb")
        if without:
            self._drop_test(self.folder("autograder"))
        shutil.copy(assignment.course.root / "nbgrader_config.py", root)
        self.copy_datasets(assignment.course.data)
        self._run("nbgrader", "generate_assignment", ASSIGNMENT, "--force")

    def folder(self, kind: str) -> Path:
        return self.root / kind / ASSIGNMENT

    def copy_datasets(self, data: Path) -> None:
        """Copy the Python files that define the datasets. The data themselves are found by the environment variable."""
        (self.root / "data").mkdir()
        for path in data.glob("*.py"):
            shutil.copy(path, self.root / "data")

    def submission(self, student: str) -> Path:
        return self.root / "submitted" / student / ASSIGNMENT

    def hand_in(self, student: str, kind: str = "solutions") -> None:
        shutil.copytree(self.folder(kind), self.submission(student))

    def add(self, student: str, cell_name: str, code: str) -> None:
        """Add code to a cell of what a student has submitted."""
        path = self.submission(student) / f"{ASSIGNMENT}.ipynb"
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == cell_name:
                cell["source"] = "".join(cell["source"]) + code
        path.write_text(json.dumps(notebook))

    def time_coursekit(self) -> float:
        out = self.root / "result.json"
        took = self._run("coursekit", "grade", ASSIGNMENT, str(self.submission("one")), "--json", str(out))
        [result] = json.loads(out.read_text())
        expect_full_marks(result["score"], result["extra_data"]["max_score"])
        return took

    def time_otter(self) -> float:
        package = self.folder("autograder") / "autograder.zip"
        notebook = next((self.root / "submitted").glob(f"*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
        took = self._run("otter", "run", "--no-logo", "-a", str(package), "-o", str(self.root), str(notebook))
        tests = json.loads((self.root / "results.json").read_text())["tests"]
        scored = [test for test in tests if "score" in test]
        expect_full_marks(sum(t["score"] for t in scored), sum(t["max_score"] for t in scored))
        return took

    def time_nbgrader(self, students: str) -> float:
        from nbgrader.api import Gradebook

        took = self._run("nbgrader", "autograde", ASSIGNMENT, "--student", students, "--force")
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            for submission in gradebook.assignment_submissions(ASSIGNMENT):
                expect_full_marks(submission.score, submission.max_score)
        return took

    def time_class(self) -> float:
        before = cpu_of(group := control_group())
        took = self._run(*CLASS)
        self.cpu = cpu_of(group) - before
        return took

    def memory_of_class(self) -> int:
        """Bytes that it needs; a run of its own, since looking at it takes time."""
        with Watched() as watched:
            self._run(*CLASS)
        return watched.memory

    def time_unchanged(self) -> float:
        return self._run("coursekit", "grade", ASSIGNMENT)

    def in_process(self, what: str) -> float:
        """CPU that is measured in a new process: of own_functions() for --own, of bare() for --bare."""
        command = [sys.executable, __file__, what, str(self.root)]
        done = subprocess.run(
            command, env=self.environment, cwd=self.root, stdout=subprocess.PIPE, check=True
        )
        return float(done.stdout.splitlines()[-1])

    def time_steps(self) -> dict[str, float]:
        """Seconds for each step of grading one submission, measured in a new process."""
        command = [
            sys.executable,
            __file__,
            "--marks",
            str(self.root),
            str(self.submission("one")),
            str(time.time()),
        ]
        done = subprocess.run(
            command, env=self.environment, cwd=self.root, stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout)

    def _run(self, *command: str) -> float:
        """Run a tool of this environment in the course; returns seconds, or exits with the tool's output."""
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
        return time.perf_counter() - started

    @staticmethod
    def _drop_cell(path: Path) -> None:
        notebook = json.loads(path.read_text())
        named = [(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in notebook["cells"]]
        notebook["cells"] = [cell for name, cell in named if name != WITHOUT]
        path.write_text(json.dumps(notebook))

    @staticmethod
    def _drop_test(autograder: Path) -> None:
        test = f"tests/{WITHOUT}.py"
        manifest = json.loads((autograder / "assignment.json").read_text())
        manifest["questions"] = [q for q in manifest["questions"] if q["name"] != WITHOUT]
        (autograder / "assignment.json").write_text(json.dumps(manifest))
        (autograder / test).unlink()
        whole, rest = autograder / "whole.zip", autograder / "autograder.zip"
        rest.rename(whole)
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(rest, "w") as new:
            for entry in old.infolist():
                if entry.filename != test:
                    new.writestr(entry, old.read(entry))
        whole.unlink()


class Watched:
    """The memory of the processes that this one starts meanwhile, in bytes."""

    memory = 0

    def __enter__(self) -> Watched:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            total = 0
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss
            self.memory = max(self.memory, total)


def control_group() -> Path | None:
    """A control group that counts the CPU of this process and its children, if one can be made."""
    for root in (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup")):
        group = root / f"coursekit-bench-{os.getpid()}"
        with contextlib.suppress(OSError):
            group.mkdir(exist_ok=True)
            (group / "cgroup.procs").write_text(str(os.getpid()))
            return group
    return None


def cpu_of(group: Path | None) -> float:
    """Seconds of CPU in a control group."""
    if group is None:
        return math.nan
    if (group / "cpuacct.usage").exists():
        return int((group / "cpuacct.usage").read_text()) / 1e9
    return int((group / "cpu.stat").read_text().split()[1]) / 1e6


def own_functions(root: Path) -> float:
    """Seconds of CPU that the worked solution's functions take in this process, called by the tests that train."""
    loaded = Loaded(root)
    loaded.run_cells()
    loaded.run_tests(WITHOUT)  # once, so that what is imported late and what is prepared is not counted
    return loaded.run_tests(WITHOUT)


def bare(root: Path) -> float:
    """Seconds of CPU that the worked solution's cells and all tests take in this process, the second time."""
    loaded = Loaded(root)
    return [loaded.run_cells() + loaded.run_tests() for _ in range(2)][-1]


class Loaded:
    """The worked solution, to be run and tested in this process. Each way of doing so returns its seconds of CPU."""

    def __init__(self, root: Path):
        from coursekit.core.course import Course
        from coursekit.grading.autograder import read_autograder

        assignment = Course.find(root).assignment(ASSIGNMENT)
        self.autograder = read_autograder(assignment.autograder, assignment.release)
        sys.path.insert(0, str(self.autograder.files))
        self.autograder.prepare()
        self.solution = assignment.solution

    def run_cells(self) -> float:
        self.namespace: dict[str, Any] = {}
        with self.autograder.take_in(self.solution) as submission, contextlib.chdir(submission.folder):
            before = time.process_time()
            for _, source in submission.matched.to_run:
                exec(source.replace("%matplotlib inline", ""), self.namespace)
            return time.process_time() - before

    def run_tests(self, only: str = "") -> float:
        before = time.process_time()
        for question in self.autograder.questions:
            for case in question.cases if only in ("", question.name) else ():
                case.call({name: self.namespace[name] for name in case.parameters})
        return time.process_time() - before


def expect_full_marks(score: float, possible: float) -> None:
    if score != possible or not possible:
        sys.exit(f"The worked solution got {score} of {possible}: its times would mean nothing.")


def marks(root: Path, submission: Path, started: float) -> dict[str, float]:
    """Grade as `coursekit grade` does, with a mark after each step. started: time.time() before this process."""
    found = {"start Python": time.time() - started}
    clock = time.perf_counter()

    def mark(step: str) -> None:
        nonlocal clock
        now = time.perf_counter()
        found[step] = found.get(step, 0) + now - clock
        clock = now

    from coursekit import cli  # noqa: F401
    from coursekit.core.course import Course
    from coursekit.core.reference import Reference
    from coursekit.grading import find_data  # noqa: F401

    mark("import numpy, rich and coursekit")
    from coursekit.sandbox import choose as sandbox

    backend = sandbox.strongest()
    mark("try the sandbox, or recall that it works")
    from coursekit.grading.autograder import summary_of

    assignment = Course.find(root).assignment(ASSIGNMENT)
    summary = summary_of(assignment.autograder, assignment.release)
    data = find_data(assignment.course, summary.dataset if summary else "")
    mark("check the dataset")
    sandbox.named(backend).warm_up(data)
    mark("begin to start the warm process")
    from otter.test_files.exception_test import ExceptionTestFile  # noqa: F401

    mark("import otter")
    from coursekit.grading.autograder import read_autograder

    autograder = read_autograder(assignment.autograder, assignment.release)
    mark("read the autograder")
    from coursekit.grading.submission import grade_submission

    steps: list[str] = []

    def progress(step: str) -> None:
        mark(stage(steps))
        steps.append(step)

    grade_submission(autograder, submission, Reference("one"), backend, data, progress)
    mark(stage(steps))
    cases = len(autograder.case_seconds)
    return {
        (f"run {cases} test cases" if step == "run" else step): seconds for step, seconds in found.items()
    }


def stage(steps: list[str]) -> str:
    """The grader's current step, after it has reported `steps`: first "load", then each question's name."""
    return ("take the submission in", "wait for the warm process, start the sandbox and load", "run")[
        min(len(steps), 2)
    ]


if __name__ == "__main__":
    main()
