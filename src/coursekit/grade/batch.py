"""Grade a class: a process for each submission, its result on disk as soon as it ends."""

from __future__ import annotations

import contextlib
import ctypes
import json
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.course import Course
from coursekit.errors import GraderFault
from coursekit.grade import intake
from coursekit.grade.built import Autograder
from coursekit.sealed.session import MAX_RESTARTS, MAX_SKIPPED_CELLS, PR_SET_PDEATHSIG, START_SECONDS

MAX_NAME = 200  # bytes of a student's name: a file's name has 255, and results add a few


@dataclass(frozen=True)
class Handed:
    """One submission to grade: whose it is and where it lies."""

    student: str
    path: Path


Report = Callable[[str, str], None]
"""Told (student, step) as each one's grading goes on."""


def grade_class(
    autograder: Autograder,
    handed: list[Handed],
    backend: str,
    data: tuple[Path, str] | None,
    jobs: int,
    report: Report = lambda student, step: None,
) -> Iterator[tuple[Handed, dict[str, Any], str]]:
    """Grade submissions in parallel; yields each with its result and log as it ends, in no order.

    A grader process that dies or outlasts every limit costs its own submission only.
    """
    waiting = list(handed)
    running: dict[Any, _Worker] = {}
    limit = _most_seconds(autograder)
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                worker = _Worker(autograder, waiting.pop(0), backend, data)
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
                    report(worker.handed.student, value)
                    continue
                del running[pipe]
                worker.close()
                yield worker.handed, *value
            for pipe, worker in list(running.items()):
                if time.monotonic() - worker.started > limit:
                    del running[pipe]
                    worker.close()
                    yield worker.handed, *worker.lost(f"grading did not end within {limit:.0f} s")
    finally:
        for worker in running.values():
            worker.close()


def _most_seconds(autograder: Autograder) -> float:
    """What a submission can take when it runs into every limit there is; twice that is a fault of ours."""
    loads = 1 + MAX_SKIPPED_CELLS + MAX_RESTARTS
    cases = sum(q.limits.case_seconds * len(q.test_file.test_cases) for q in autograder.questions)
    return 2 * (loads * (START_SECONDS + autograder.limits.load_seconds) + cases)


class _Worker:
    """A process that grades one submission."""

    def __init__(self, autograder: Autograder, handed: Handed, backend: str, data: tuple[Path, str] | None):
        self.handed, self.started = handed, time.monotonic()
        self._autograder, self._backend = autograder, backend
        self.pipe, theirs = multiprocessing.Pipe(duplex=False)
        # fork: the tests and libraries are loaded once, and each submission finds them untouched.
        context = multiprocessing.get_context("fork")
        self.process = context.Process(
            target=_work, args=(theirs, autograder, handed, backend, data), daemon=False
        )
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

    def lost(self, what: str) -> tuple[dict[str, Any], str]:
        from coursekit.grade.submission import ungraded

        why = str(GraderFault(what))
        tests = ungraded(self._autograder, why)
        extra = {
            "student": self.handed.student,
            "assignment": self._autograder.assignment,
            "max_score": float(self._autograder.points),
            "sealed": self._backend != "none",
            "sandbox": self._backend,
            "seconds": round(time.monotonic() - self.started, 2),
            "error": why,
            "fault": True,
            "notes": [],
        }
        return {"score": 0.0, "tests": tests, "extra_data": extra}, ""


def _work(
    pipe: Any, autograder: Autograder, handed: Handed, backend: str, data: tuple[Path, str] | None
) -> None:
    from coursekit.grade.submission import grade_submission

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    sys.path.insert(0, str(autograder.files))
    result, log = grade_submission(
        autograder, handed.path, handed.student, backend, data, lambda step: pipe.send(("step", step))
    )
    pipe.send(("result", (result, log)))
    pipe.close()


def write_result(path: Path, result: dict[str, Any], log: str) -> None:
    """Write a result, and the instructor's log in a folder beside it, whole or not at all."""
    _replace(path.parent / "log" / f"{path.stem}.txt", log)
    _replace(path, json.dumps(result, indent=1, ensure_ascii=True) + "\n")


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    scratch.write_text(text, errors="backslashreplace")
    scratch.replace(path)


def is_current(
    path: Path, handed: Handed, autograder: Autograder, backend: str, data: tuple[Path, str] | None
) -> bool:
    """Whether a result on disk is of this very submission, these tests, this data and this kind of sandbox.

    One that the grader's own failure left is not.
    """
    try:
        extra = json.loads(path.read_text())["extra_data"]
        return extra["graded"] == stamp(handed, autograder, backend, data) and not extra["fault"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def stamp(handed: Handed, autograder: Autograder, backend: str, data: tuple[Path, str] | None) -> str:
    """What a result depends on; kept in it, so that grading again does only what has changed."""
    parts = [intake.fingerprint(handed.path), autograder.digest, backend, data[1] if data else "none"]
    return " ".join(part[:16] for part in parts)


def find_submissions(course: Course, assignment: str) -> list[Handed]:
    """What lies under ``submitted/<student>/<assignment>``, or beside it as a zip or a notebook."""
    found = []
    for folder in sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []:
        for name in (assignment, f"{assignment}.zip", f"{assignment}.ipynb"):
            if (folder / name).exists() or (folder / name).is_symlink():
                found.append(Handed(student_name(folder.name), folder / name))
                break
    return found


def of_path(path: Path, assignment: str, everyones: Container[str] = ()) -> Handed:
    """A PATH given on the command line: ``…/<student>/<assignment>`` is that student's; a file is its stem's.

    A file of a name in `everyones`, which says nothing, belongs to the student of its folder.
    """
    path = path.absolute()
    if path.name in everyones and path.is_file():
        return Handed(of_path(path.parent, assignment).student, path)
    if path.name == assignment or (path.stem == assignment and path.parent.parent.name == "submitted"):
        return Handed(student_name(path.parent.name), path)
    return Handed(student_name(path.stem if path.is_file() else path.name), path)


def student_name(name: str) -> str:
    """`name`, or where files could not be called after it, its beginning and a digest of the whole."""
    import hashlib

    data = os.fsencode(name)
    if len(data) <= MAX_NAME:
        return name
    return f"{data[: MAX_NAME // 2].decode(errors='ignore')}-{hashlib.sha256(data).hexdigest()[:16]}"
