"""Record how long the worked solution takes: the time limits of submissions follow from that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursekit.build.staging import read_stored
from coursekit.core.result import Result
from coursekit.grading.times import FILE_NAME, LOAD, machine_seconds


def recorded(key: str, result: Result) -> dict[str, Any]:
    """The times of the worked solution's `result`. key: see record_mistakes.solution_key."""
    took = dict(result.took)
    return {"key": key, "machine": round(machine_seconds(), 5), "load": took.pop(LOAD), "cases": took}


def text(times: dict[str, Any]) -> str:
    """What ``times.json`` holds."""
    return json.dumps(times, indent=1) + "\n"


def stored_times(autograder: Path) -> dict[str, Any]:
    """The times in a built autograder; empty if the file is missing or damaged."""
    found = read_stored(autograder / FILE_NAME)
    return found if "key" in found else {}
