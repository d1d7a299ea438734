"""Results as one list in JSON, as ``coursekit grade --json`` writes them for other programs.

Each is an object with `score`, `tests` and `extra_data`. What a platform takes is written by coursekit.exports.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from coursekit.core.result import Result

KEYS = ("score", "tests", "extra_data")


def entry(result: Result) -> dict[str, Any]:
    """One result as it stands in the list."""
    stored = result.to_json()
    found = {key: stored[key] for key in KEYS}
    for test in found["tests"]:
        del test["parts"]
    return found


def dumps(results: Iterable[Result]) -> str:
    """The list."""
    return json.dumps([entry(result) for result in results], indent=1) + "\n"
