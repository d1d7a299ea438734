"""Grade the submission in a container of Gradescope's, and write its results.json, whatever happens.

The layout is Gradescope's: below the root are `source/` (the unpacked zip), `submission/`, `submission_metadata.json`
and `results/`. A results.json that says that the grader did not finish is written first, so that a grader which is
killed leaves that; one that has no time left says so. A failure of the grader never becomes a zero without a word, and
tells nothing of the tests. What it prints is for instructors alone.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text
from coursekit.core.result import Result
from coursekit.core.text import number
from coursekit.executors import executor
from coursekit.exports.gradescope import dumps, message_json, results_json
from coursekit.grade_class import Needed
from coursekit.gradescope import memory
from coursekit.gradescope.metadata import Metadata
from coursekit.gradescope.settings import Settings
from coursekit.grading.autograder import Autograder
from coursekit.grading.job import read
from coursekit.layouts.base import Collected
from coursekit.sandbox import choose

FAILED = (
    "The grader itself failed: this says nothing about your work. Please submit the same files again; if this comes "
    "back, tell the course staff."
)
NO_SANDBOX = (
    "NOTHING WAS GRADED: no sandbox works in this container, and the course does not grade without one. This says "
    "nothing about your work. Please tell the course staff."
)

TOO_LONG = (
    "NOTHING WAS GRADED: this took longer than Gradescope lets a submission be graded. Look for an endless or slow "
    "loop in your code, and submit again. If your notebook runs quickly, tell the course staff."
)
OUT_OF_MEMORY = (
    "The container's memory was full while this was graded, and a process was ended for it. If your code does not need "
    "much memory, tell the course staff: the container may be too small."
)


def run(root: Path, data: Path) -> None:
    """Grade the submission below `root`. data: the folder of the dataset. run_autograder ends this when time is up."""
    found = Metadata.read(root / "submission_metadata.json")
    _write(root, _not_graded(FAILED, found))
    own = os.getpid()

    def too_long(*_: object) -> NoReturn:
        if os.getpid() == own:
            _write(root, _not_graded(TOO_LONG, found))
        sys.exit(1)

    signal.signal(signal.SIGTERM, too_long)
    try:
        outcome = _outcome(root, data, found)
    except Exception:
        traceback.print_exc()
        return
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what has been earned stays
    _write(root, outcome)


def check(root: Path, data: Path) -> str:
    """Whether everything is there that grading needs: a sentence about it. Raises CourseError."""
    settings = Settings.read(root / "source")
    autograder = _autograder(root, settings)[1]
    located = settings.located(data)
    if located and not (located.folder.is_dir() and any(located.folder.iterdir())):
        raise CourseError(f"The dataset {located.label} is missing: {data} is empty.")
    if bool(autograder.dataset) != bool(located):
        raise CourseError("The zip and its settings don't fit together: make the zip again.")
    return f"Ready to grade {settings.assignment}: {len(autograder.questions)} questions."


def _outcome(root: Path, data: Path, found: Metadata) -> dict[str, Any]:
    """What results.json is to say."""
    settings = Settings.read(root / "source")
    if settings.tries_a_day and found.tries_that_day() >= settings.tries_a_day:
        return _not_graded(_too_many(settings.tries_a_day), found)
    if memory.limit() < settings.memory_mib << 20:
        return _not_graded(_too_small(settings.memory_mib), found)
    try:
        sandbox = choose.strongest(settings.unsealed)
    except CourseError as error:
        print(error)
        return _not_graded(NO_SANDBOX, found)
    before = memory.killed()
    result = _graded(root, settings, data, sandbox, found)
    print(result.log)
    short = [OUT_OF_MEMORY] if memory.killed() > before else []
    if result.fault:
        print(result.error)
        return _not_graded(FAILED, found)
    return results_json(result, [*short, *found.said()])


def _graded(root: Path, settings: Settings, data: Path, sandbox: str, found: Metadata) -> Result:
    assignment, autograder = _autograder(root, settings)
    located = settings.located(data)
    if located:  # a test looks for the dataset too, outside the sandbox
        os.environ[located.variable] = str(located.folder)
    needed = Needed(assignment, assignment.autograder, assignment.release, autograder.digest, located)
    submission = Collected(found.reference, root / "submission")
    [result] = executor().run(needed.jobs([submission], sandbox))
    return result


def _autograder(root: Path, settings: Settings) -> tuple[Assignment, Autograder]:
    assignment = Assignment(Course(root / "source" / "course"), settings.assignment)
    return assignment, read(assignment.autograder, assignment.release)


def _too_many(most: int) -> str:
    tries = "submission is" if most == 1 else "submissions are"
    return f"Not graded: {most} {tries} graded in a day, by the time of submission. Submit again tomorrow."


def _too_small(least: int) -> str:
    has = memory.limit() >> 20
    return (
        f"NOTHING WAS GRADED: this container has {has} MiB of memory, and grading needs {least}. This says nothing "
        "about your work. Please tell the course staff, who can choose a larger one in the autograder's settings."
    )


def _not_graded(why: str, found: Metadata) -> dict[str, Any]:
    """A submission that was not graded: the score of before stands, if there is one."""
    standing = found.standing
    stands = (
        "No score stands from before, so 0 is shown until a submission has been graded."
        if standing is None
        else f"The score of the submission before stands: {number(standing)} points."
    )
    return message_json([why, stands, *found.said()], standing or 0.0)


def _write(root: Path, found: dict[str, Any]) -> None:
    replace_text(root / "results" / "results.json", dumps(found))
