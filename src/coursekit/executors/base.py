"""Where jobs are worked through: an executor takes them and gives back results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from coursekit.core.result import Result
from coursekit.grading.job import Job

Progress = Callable[[Job, str], None]
"""told (job, step) as each one's grading goes on"""


class Executor(ABC):
    """A way to work through jobs. A new one is a file in this folder with a subclass.

    workers: how many submissions are graded at one time.
    """

    name: ClassVar[str]
    """as in ``coursekit grade --executor NAME``"""

    workers: int = 1

    @abstractmethod
    def run(self, jobs: Sequence[Job], progress: Progress = lambda job, step: None) -> Iterator[Result]:
        """The result of each job as it ends, in no order.

        Every job gets a result: where the grader fails, one with `fault`.
        """
