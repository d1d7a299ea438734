"""The two processes that a submission's tests call: the student's, and one without any of the student's code."""

from __future__ import annotations

from coursekit.core.limits import Limits
from coursekit.datasets.located import Located
from coursekit.grading.given import CleanProcess
from coursekit.sandbox.loading import LoadedNotebook, Notebook


class GradedNotebook(LoadedNotebook):
    """A student's loaded notebook, and the process for given functions. Leaving it ends both."""

    def __init__(
        self, sandbox: str, limits: Limits, notebook: Notebook, data: Located | None, clean: CleanProcess
    ):
        super().__init__(sandbox, limits, notebook, data)
        self.clean = clean

    def __exit__(self, *error: object) -> None:
        try:
            super().__exit__(*error)
        finally:
            self.clean.close()
