"""How long the worked solution takes, as the build recorded it: the time limits of submissions follow from that."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.core.errors import CourseError

FILE_NAME = "times.json"
LOAD = ""
"""in a result, stands for loading"""
ROUNDS, STEPS = 5, 50_000


@dataclass(frozen=True)
class Times:
    """Seconds that the worked solution takes on this machine.

    load: to run its cells. cases: by known_mistakes.case_key.
    """

    load: float | None = None
    cases: Mapping[str, float] = field(default_factory=dict)


def read_times(autograder: Path) -> Times:
    """The times in a built autograder, for this machine if it is slower; empty if it has none. Raises CourseError."""
    path = autograder / FILE_NAME
    if not path.is_file():
        return Times()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        slower = max(1.0, machine_seconds() / found["machine"])
        cases = {str(name): slower * float(seconds) for name, seconds in found["cases"].items()}
        return Times(slower * float(found["load"]), cases)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise CourseError(f"{path} is damaged ({error}): run 'coursekit build {autograder.name}'.") from error


@functools.cache
def machine_seconds() -> float:
    """How long this machine takes for some plain Python, to compare machines. The shortest of a few rounds."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        total = 0
        for number in range(STEPS):
            total += number % 7
        found.append(time.perf_counter() - started)
    return min(found)
