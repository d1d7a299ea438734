"""The processes of a submission's tests: the student's, one without any of the student's code, and the tests' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import psutil

from coursekit.core.in_child import Child
from coursekit.core.limits import Limits
from coursekit.datasets.located import Located
from coursekit.grading.given import CleanProcess
from coursekit.sandbox.fork import Fork
from coursekit.sandbox.loading import LoadedNotebook, Notebook

if TYPE_CHECKING:
    from coursekit.grading.autograder import Question

TEST_MEMORY = min(12 << 30, max(4 << 30, psutil.virtual_memory().total))
"""bytes of address space for a test's own work on a student's values"""


class GradedNotebook(LoadedNotebook):
    """A student's loaded notebook, and what else its tests need. Leaving it ends all three processes.

    questions: those that may be tested. tester: the fork of the grader in which their test cases run, since a student's
    values can keep a test busy where no signal interrupts it.
    """

    compares_all: ClassVar[bool] = False
    """whether fingerprints are taken of cases that pass, too"""

    def __init__(
        self,
        sandbox: str,
        limits: Limits,
        notebook: Notebook,
        data: Located | None,
        clean: CleanProcess,
        questions: Sequence[Question] = (),
    ):
        from coursekit.grading.cases import run_in_tester

        super().__init__(sandbox, limits, notebook, data)
        self.clean, self.questions = clean, questions
        self.tester = Child(lambda request, fds: run_in_tester(self, request, fds), TEST_MEMORY)

    def was_ended(self) -> bool:
        """Also whether that is so of the process in which given functions run, where no student's code is."""
        return super().was_ended() or self.clean.was_ended()

    def begin(self, fork: Fork) -> None:
        """Called in the tester with each test case's fork before the case."""

    def __exit__(self, *error: object) -> None:
        try:
            super().__exit__(*error)
        finally:
            self.clean.close()
            self.tester.close()


class Compared(GradedNotebook):
    """One of which every answer is recorded."""

    compares_all = True
