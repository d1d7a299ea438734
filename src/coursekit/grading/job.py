"""A job: one submission to grade, as plain data that can be pickled and sent to another process."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.core.errors import GraderFault
from coursekit.core.progress import Progress
from coursekit.core.reference import Reference
from coursekit.core.result import Note, Result
from coursekit.datasets.located import Located
from coursekit.grading.autograder import Autograder, Selection, read_autograder
from coursekit.intake.digest import digest_of


@dataclass(frozen=True)
class Job:
    """One submission, and everything that grading it needs.

    path: where the submission is. autograder, release: the built folders; digest: of what is expected in them (tests,
    limits, hints, given code). sandbox: its name. selection: the questions to grade; None is all.
    notes: for the result.
    """

    assignment: str
    reference: Reference
    path: Path
    autograder: Path
    release: Path
    digest: str
    sandbox: str
    data: Located | None = None
    selection: Selection | None = None
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """The assignment and the student, by which its result is found."""
        return self.assignment, self.reference.student


_loaded: dict[tuple[Path, Path, str], Autograder] = {}
"""by folders and digest: otter's objects can't be sent, so they are read once in each process that grades"""


def read(autograder: Path, release: Path) -> Autograder:
    """Read a built autograder, and keep it for the jobs of this process. Raises CourseError."""
    autograder, release = autograder.absolute(), release.absolute()
    found = read_autograder(autograder, release)
    found.look_through()  # here, and not again in each process that is forked for a submission
    _loaded[autograder, release, found.digest] = found
    return found


def autograder_of(job: Job) -> Autograder:
    """The autograder of a job, with the questions to grade.

    Raises GraderFault if it has been rebuilt since the job was made, and CourseError if it is missing.
    """
    key = (job.autograder, job.release, job.digest)
    whole = _loaded.get(key) or read(job.autograder, job.release)
    if whole.digest != job.digest:
        raise GraderFault(f"{job.autograder} has been rebuilt meanwhile")
    return job.selection.from_all(whole) if job.selection else whole


def stamp(job: Job, content: str) -> str:
    """What a result depends on; kept in it, so that grading again does only what has changed.

    content: the submission's digest (coursekit.intake.digest). Its name counts too: it can decide what is graded.
    """
    submission = hashlib.sha256(f"{content} {ascii(job.path.name)}".encode()).hexdigest()
    parts = [submission, job.digest, job.sandbox, job.data.label if job.data else "none"]
    return " ".join(part[:16] for part in parts)


def build_in(stamp: str) -> str:
    """The part of a stamp that stands for the autograder: the beginning of its digest."""
    return (stamp.split(" ") + [""])[1]


def grade(job: Job, progress: Progress = lambda step: None) -> Result:
    """Grade a job in this process: all that an executor's worker has to call.

    Whatever the submission does, there is a result. Raises CourseError. Tests find the assignment's given modules from
    now on, so a process should grade jobs of one assignment.
    """
    from coursekit.grading.submission import grade_submission

    autograder, content = autograder_of(job), digest_of(job.path)  # not of a file that is submitted meanwhile
    if str(autograder.files) not in sys.path:
        sys.path.insert(0, str(autograder.files))
    result = grade_submission(autograder, job.path, job.reference, job.sandbox, job.data, progress)
    notes = (*map(Note, job.notes), *result.notes)
    same = digest_of(job.path) == content  # else nobody knows which of the two was copied
    return replace(result, stamp=stamp(job, content), digest=content if same else "", notes=notes)


def lost(job: Job, why: str | GraderFault, seconds: float) -> Result:
    """The result of a job whose worker has none: the grader's fault, and graded again by the next run."""
    from coursekit.grading.submission import ungraded

    fault = why if isinstance(why, GraderFault) else GraderFault(why)
    result = ungraded(autograder_of(job), job.reference, job.sandbox, job.data, fault)
    return replace(result, seconds=round(seconds, 2))
