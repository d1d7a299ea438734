"""Grade many submissions: a process for each, its result on disk as soon as it ends."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.core import clock
from coursekit.core.course import Course
from coursekit.core.errors import GraderFault
from coursekit.core.files import replace_text
from coursekit.core.kernel import end_with_parent
from coursekit.datasets.located import Located
from coursekit.grading.autograder import Autograder
from coursekit.intake import files as intake

MAX_NAME = 200  # bytes of a student's name: a file's name has 255, and results add a few
KEPT = range(97, 101)  # bytes that a longer one keeps of its beginning: the last character has up to four


@dataclass(frozen=True)
class Handed:
    """One submission to grade: whose it is and where it lies."""

    student: str
    path: Path


@dataclass(frozen=True, eq=False)
class Task:
    """One submission and what it is graded with. data: the assignment's dataset, or None."""

    autograder: Autograder
    handed: Handed
    data: Located | None


Report = Callable[[Task, str], None]
"""Told (task, step) as each one's grading goes on."""


def grade_tasks(
    tasks: list[Task], backend: str, jobs: int, report: Report = lambda task, step: None
) -> Iterator[tuple[Task, dict[str, Any], str]]:
    """Grade submissions in parallel; yields each task with its result and log as it ends, in no order.

    Tasks of several assignments make one queue, so that no core waits for the last ones of each class. A grader
    process that dies or outlasts every limit costs its own submission only.
    """
    waiting = deque(tasks)
    running: dict[Any, _Worker] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                worker = _Worker(waiting.popleft(), backend)
                running[worker.pipe] = worker
            ready = multiprocessing.connection.wait(list(running), timeout=1)
            for pipe in ready:
                worker = running[pipe]
                try:
                    kind, value = pipe.recv()
                except (EOFError, OSError):
                    worker.process.join(10)
                    kind, value = (
                        "result",
                        worker.lost(f"the grader's process ended ({worker.process.exitcode})"),
                    )
                if kind == "step":
                    report(worker.task, value)
                    continue
                del running[pipe]
                worker.close()
                yield worker.ended(*value)
            for pipe, worker in list(running.items()):
                if time.monotonic() - worker.started > worker.limit:
                    del running[pipe]
                    worker.close()
                    yield worker.ended(*worker.lost(f"grading did not end within {worker.limit:.0f} s"))
    finally:
        for worker in running.values():
            worker.close()


class _Worker:
    """A process that grades one submission."""

    def __init__(self, task: Task, backend: str):
        self.task, self.started = task, time.monotonic()
        self.limit = clock.fault_seconds(task.autograder.limits, task.autograder.case_seconds)
        self._backend = backend
        self._stamp = stamp(task, backend)  # now: of what is graded, not of what is handed in meanwhile
        self.pipe, theirs = multiprocessing.Pipe(duplex=False)
        # fork: the tests and libraries are loaded once, and each submission finds them untouched.
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(theirs, task, backend), daemon=False)
        self.process.start()
        theirs.close()

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.join(5)
            self.process.terminate()  # it cleans up after itself
            self.process.join(10)
            self.process.kill()
        self.process.join()
        self.pipe.close()

    def ended(self, result: dict[str, Any], log: str) -> tuple[Task, dict[str, Any], str]:
        """What there is of this submission in the end."""
        result["extra_data"]["graded"] = self._stamp
        return self.task, result, log

    def lost(self, what: str) -> tuple[dict[str, Any], str]:
        """The result where the process that graded has none, and an empty log."""
        from coursekit.grading.submission import facts, ungraded

        why, task = str(GraderFault(what)), self.task
        extra = facts(task.autograder, task.handed.student, self._backend, task.data)
        extra |= {"error": why, "fault": True, "seconds": round(time.monotonic() - self.started, 2)}
        return {"score": 0.0, "tests": ungraded(task.autograder, why), "extra_data": extra}, ""


def _work(pipe: Any, task: Task, backend: str) -> None:
    from coursekit.grading.submission import grade_submission

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end_with_parent(signal.SIGTERM)
    sys.path.insert(0, str(task.autograder.files))
    handed = task.handed
    result, log = grade_submission(
        task.autograder,
        handed.path,
        handed.student,
        backend,
        task.data,
        lambda step: pipe.send(("step", step)),
    )
    pipe.send(("result", (result, log)))
    pipe.close()


def write_result(path: Path, result: dict[str, Any], log: str) -> None:
    """Write a result, and the instructor's log in a folder beside it, whole or not at all. Raises CourseError."""
    readable = log.encode(errors="backslashreplace").decode()
    replace_text(path.parent / "log" / f"{path.stem}.txt", readable)
    replace_text(path, json.dumps(result, indent=1, ensure_ascii=True) + "\n")


def is_current(path: Path, task: Task, backend: str) -> bool:
    """Whether a result on disk is of this very student and submission, these tests, this data and this kind of sandbox.

    One that the grader's own failure left is not.
    """
    try:
        extra = json.loads(path.read_text())["extra_data"]
        if extra["student"] != task.handed.student:
            return False
        return extra["graded"] == stamp(task, backend) and not extra["fault"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def stamp(task: Task, backend: str) -> str:
    """What a result depends on; kept in it, so that grading again does only what has changed."""
    data = task.data.label if task.data else "none"
    parts = [intake.fingerprint(task.handed.path), task.autograder.digest, backend, data]
    return " ".join(part[:16] for part in parts)


def find_submissions(course: Course, assignment: str) -> list[Handed]:
    """What lies under ``submitted/<student>/<assignment>``, or beside it as a zip or a notebook.

    A student's folder that is a link is passed over: what lies behind it is another's, or nobody's. ``submitted/``
    itself may be one.
    """
    found = []
    for folder in _in_submitted(course):
        if not folder.is_symlink() and (paths := _handed_in(folder, assignment)):
            found.append(Handed(student_name(folder.name), paths[0]))
    return found


def find_ungraded(course: Course) -> dict[str, str]:
    """What in ``submitted/`` find_submissions passes over for every assignment, each with why."""
    names = [assignment.name for assignment in course.assignments()]
    found = {}
    for folder in _in_submitted(course):
        if folder.is_symlink():
            found[folder.name] = "is a link, which is not followed: put the folder itself there"
            continue
        if folder.name.startswith("."):
            continue
        handed = [paths for name in names if (paths := _handed_in(folder, name))]
        if not folder.is_dir():
            found[folder.name] = "is no student's folder"
        elif not os.access(folder, os.R_OK | os.X_OK):
            found[folder.name] = "may not be read"
        elif not handed:
            found[folder.name] = f"holds nothing that is called {' or '.join(names)}"
        for first, *others in handed:
            for path in others:
                found[f"{folder.name}/{path.name}"] = f"is not graded, {first.name} beside it is"
    return found


def _in_submitted(course: Course) -> list[Path]:
    return sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []


def _handed_in(folder: Path, assignment: str) -> list[Path]:
    """A student's submissions of the assignment; the first is the one that counts."""
    paths = [folder / f"{assignment}{ending}" for ending in ("", ".zip", ".ipynb")]
    return [path for path in paths if os.path.lexists(path)]


def of_path(path: Path, assignment: str, everyones: Container[str] = ()) -> Handed:
    """A PATH given on the command line: ``…/<student>/<assignment>`` is that student's; a file is its stem's.

    A file that is called as the assignment or as one in `everyones`, which says nothing, belongs to the student of
    its folder. Folders above the student's are trusted, and may be links. What is called after the student may not,
    although the instructor named it: in ``submitted/*/<assignment>`` it was the shell that did. It is then the link
    that is handed in, and refused.
    """
    path = Path(os.path.normpath(path.absolute()))  # resolve() would name what a link leads to
    owner = path
    if owner.is_file() and (owner.name in everyones or owner.stem == assignment):
        owner = owner.parent
    if owner.name == assignment:
        owner = owner.parent
    name = owner.stem if owner.is_file() else owner.name
    inside = Path() if owner.is_symlink() else path.relative_to(owner)
    return Handed(student_name(name), owner.parent.resolve() / owner.name / inside)


def student_name(name: str) -> str:
    """`name`, or where files could not be called after it, its beginning and a digest of the whole.

    A name that looks like one of these gets a digest too, so that no two names become one.
    """
    import hashlib

    data = os.fsencode(name)
    shortened = re.fullmatch(rb"(?s)(.+)-[0-9a-f]{16}", data)
    if len(data) <= MAX_NAME and not (shortened and len(shortened[1]) in KEPT):
        return name
    beginning = name
    while len(os.fsencode(beginning)) > KEPT[-1]:
        beginning = beginning[:-1]
    return f"{beginning}-{hashlib.sha256(data).hexdigest()[:16]}"
