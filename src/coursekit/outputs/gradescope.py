"""Results in Gradescope's format, as ``coursekit grade --json`` writes them for other programs.

Each result is an object with `score`, `tests` and `extra_data` (Gradescope's results.json).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from coursekit.core.result import Result

KEYS = ("score", "tests", "extra_data")


def as_gradescope(result: Result) -> dict[str, Any]:
    """One result as Gradescope reads it."""
    stored = result.to_json()
    found = {key: stored[key] for key in KEYS}
    for test in found["tests"]:
        del test["parts"]
    return found


def dumps(results: Iterable[Result]) -> str:
    """A list of results as JSON."""
    return json.dumps([as_gradescope(result) for result in results], indent=1) + "\n"
