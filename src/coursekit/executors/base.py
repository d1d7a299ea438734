"""An executor takes jobs, runs them and returns their results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from coursekit.core.result import Result
from coursekit.grading.job import Job
from coursekit.sandbox import choose

Progress = Callable[[Job, str], None]
"""called with (job, step) as each job's steps begin"""


class Executor(ABC):
    """A way to run jobs. To add one, put a file with a subclass into this folder.

    workers: how many submissions are graded at a time.
    """

    name: ClassVar[str]
    """as in ``coursekit grade --executor NAME``"""

    workers: int = 1

    def sandbox(self, unsafe: bool) -> str:
        """The name of the sandbox that this grades in; an unsealed one only if `unsafe` allows it.

        Raises CourseError if there is none.
        """
        return choose.strongest(unsafe)

    @abstractmethod
    def run(self, jobs: Sequence[Job], progress: Progress = lambda job, step: None) -> Iterator[Result]:
        """The result of each job as it ends, in any order.

        Have `coursekit.grading.job.grade` called for each, in a process that grades one assignment at a time.
        Every job gets a result: if the grader fails, one with `fault`.
        """
