"""Run a test in a fork of the grader, since a student's values can keep it busy for ever or fill its memory."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from coursekit.core import in_child
from coursekit.core.errors import CaseEnded

TEST_MEMORY = min(12 << 30, max(4 << 30, psutil.virtual_memory().total))
"""bytes of address space for a test's own work on a student's values"""


def run_in_child(run: Callable[[], bytes], seconds: float) -> bytes:
    """The result of `run`, never empty, from a fork of this process that is killed after `seconds`.

    A student's value can keep the test itself busy where no signal interrupts it. Raises CaseEnded.
    """
    found = in_child.run_in_child(run, seconds, TEST_MEMORY)
    if found is None:
        raise CaseEnded(
            "endless",
            "the test did not finish in time: your code returned something endless, such as an endless generator",
        )
    if not found:
        raise CaseEnded(
            "unusable",
            "your code returned a value that cannot be checked: it is too large for the test's memory",
        )
    return found
