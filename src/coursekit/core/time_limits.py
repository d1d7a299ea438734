"""All time limits: how long each step of grading may take, and how long grading may take in total.

Authors set load_seconds and case_seconds in `Limits`. shortened() makes less of them where the worked solution is known
to need much less: something endless, in a function that all tests call, would otherwise keep a core busy for minutes.
The limits of this module lie around those. Each is a little
longer than the one inside it, so that the innermost always expires first and says what really happened:

    a call's deadline        case_seconds                     the sandbox answers no later
    the alarm                case_seconds + ALARM_SECONDS     stops a test that is busy with a student's values
    the test's own process   case_seconds + GRACE_SECONDS     is killed if no signal gets through
    a submission's grading   fault_seconds()                  the grader itself is at fault

All values are wall-clock seconds.
"""

from __future__ import annotations

from collections.abc import Iterable

from coursekit.core.limits import Limits

START_SECONDS = 60
"""for a sandbox to start and to receive the submission's files"""
FORK_SECONDS = 10
"""for the loaded notebook to make the fork of a test case"""
PROBE_SECONDS = 20
"""for a sandbox to try everything that it must refuse"""
ALARM_SECONDS = 0.5
"""from a test case's deadline to the alarm"""
ALARM_AGAIN_SECONDS = 1.0
"""from one alarm to the next, in case the test's code caught the first"""
GRACE_SECONDS = 5
"""from a test case's deadline until its process in the grader is killed"""
WATCH_SECONDS = 0.5
"""between two checks of a sandbox's memory"""

MAX_STARTS = 3
"""tries to start a sandbox that ends before the first cell"""
MAX_SKIPPED_CELLS = 3
"""cells that are reduced to what they define, or left out, one by one; then all later ones are reduced"""
MAX_ENDED_LOADS = 2 * (MAX_SKIPPED_CELLS + 1)
"""tries to load a notebook that a cell has ended"""
MAX_RESTARTS = 3
"""restarts of a notebook's process that ended between two test cases, if the assignment has not more questions"""
RESTART_LOADS = 3
"""restarts end when they have taken as long as so many loads may take"""
MAX_LOADS = 2 + MAX_ENDED_LOADS + RESTART_LOADS + 1
"""how often a submission's cells are run, at most"""


CASE_STEPS = ((50, 10), (20, 6), (4, 4))
LOAD_STEPS = ((15, 15), (8, 8), (4, 5))
"""for a test case, and for each of the release's cells while the notebook is loaded: at first, once a submission has
run into a limit, and when it has done so twice. How many times as long as the worked solution it may take, and how many
seconds it has at least. Slow code that is right is rarely 50 times as slow, and what has been so twice is not finished
by more time."""


def shortened(
    asked: float, worked: float | None, hits: int, steps: tuple[tuple[int, int], ...] = CASE_STEPS
) -> float:
    """The limit for something that may take `asked` seconds, and takes the worked solution `worked` (None: unknown).

    hits: how often the submission has run into a limit.
    """
    if worked is None:
        return asked
    times, least = steps[min(hits, len(steps) - 1)]
    return min(asked, max(least, times * worked))


def alarm_seconds(seconds: float) -> float:
    """When the alarm rings in a test case whose calls may take `seconds`."""
    return seconds + ALARM_SECONDS


def killed_after(seconds: float) -> float:
    """When the grader's process for a test case ends, if the case's calls may take `seconds`."""
    return seconds + GRACE_SECONDS


def most_seconds(limits: Limits, cases: Iterable[float], start_seconds: float = START_SECONDS) -> float:
    """How long grading a submission takes if it reaches every limit.

    cases: each test case's own limit. start_seconds: for one start of a sandbox; 0 for one that starts at
    once.
    """
    loads = MAX_LOADS * (start_seconds + limits.load_seconds)
    return loads + sum(2 * killed_after(seconds) for seconds in cases)  # at its place, and at the end


def fault_seconds(limits: Limits, cases: Iterable[float]) -> float:
    """After this time the grader itself must be at fault: no submission can take so long."""
    return 2 * most_seconds(limits, cases)
