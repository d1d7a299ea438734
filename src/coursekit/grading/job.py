"""A job: one submission to grade, as plain data that can be pickled and sent to another process."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from coursekit.core.errors import GraderFault
from coursekit.core.progress import Progress
from coursekit.core.reference import Reference
from coursekit.core.result import Result
from coursekit.datasets.located import Located
from coursekit.grading.autograder import Autograder, Selection, read_autograder


@dataclass(frozen=True)
class Job:
    """One submission, and everything that grading it needs.

    path: where the submission is. autograder, release: the built folders; digest: of the expected autograder (its
    tests, limits and hints). sandbox: its name. selection: the questions to grade; None is all.
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

    @property
    def key(self) -> tuple[str, str]:
        """The assignment and the student, by which its result is found."""
        return self.assignment, self.reference.student


@functools.lru_cache(maxsize=64)
def loaded(autograder: Path, release: Path, digest: str) -> Autograder:
    """The autograder of a job. otter's objects can't be sent, so they are read, once, where the work is done.

    Raises GraderFault if it has been rebuilt since the job was made, and CourseError if it is missing.
    """
    found = read_autograder(autograder, release)
    if found.digest != digest:
        raise GraderFault(f"{autograder} has been rebuilt meanwhile")
    return found


def autograder_of(job: Job) -> Autograder:
    """The autograder of a job, with the questions to grade."""
    whole = loaded(job.autograder, job.release, job.digest)
    return job.selection.from_all(whole) if job.selection else whole


def grade(job: Job, progress: Progress = lambda step: None) -> Result:
    """Grade a job in this process. Whatever the submission does, there is a result. Raises CourseError."""
    from coursekit.grading.submission import grade_submission

    return grade_submission(autograder_of(job), job.path, job.reference, job.sandbox, job.data, progress)
