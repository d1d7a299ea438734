"""Classroom 50: the result.json that an assignment's autograder.py leaves in the student's checkout.

The schema is foundation50/classroom50, schemas/result-v1.schema.json. Its runner gives autograder.py the names that go
into it as environment variables, and checks them; it sets `datetime` to the commit's time itself.

Points are whole numbers there. Where the assignment has halves or other parts of a point, all its points are multiplied
by the smallest factor of FACTORS that makes the questions' maxima whole. A score is rounded to the nearest whole point,
and never up to the maximum.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text
from coursekit.core.result import Result, Status
from coursekit.core.text import exact, one_line
from coursekit.exports.base import Export, ids_of, option, scored, worth
from coursekit.outputs.base import ClassReport

SCHEMA = "classroom50/result/v1"
FACTORS = (1, 2, 4, 5, 10, 20, 50, 100, 1000)
FROM_RUNNER = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "USERNAME",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
"""the keys that Classroom 50's runner gives, with their variables"""


@dataclass(frozen=True)
class Classroom50(Export):
    """Write Classroom 50's result.json for one submission. It belongs into an assignment's autograder.py.

    The names in it come from the environment in which Classroom 50 runs that: CLASSROOM, ASSIGNMENT, USERNAME and more.
    """

    name: ClassVar[str] = "classroom50"
    out: Path | None = option("Where to write it.  [default: exported/ASSIGNMENT/result.json]")
    student: str = option("Whose result it is.  [default: that of $USERNAME, or the only one]", "")

    def write(self, report: ClassReport) -> list[Path]:
        given = {key: os.environ.get(variable, "").strip() for key, variable in FROM_RUNNER.items()}
        if missing := [FROM_RUNNER[key] for key, value in given.items() if not value]:
            raise CourseError(
                f"Classroom 50's runner gives {', '.join(missing)}, and this environment does not: call this from the "
                "assignment's autograder.py."
            )
        result, points = self._chosen(report, given["owner"])
        path = self.out or report.assignment.exported / "result.json"
        replace_text(path, json.dumps(as_result(report, result, points, given), indent=1) + "\n")
        return [path]

    def _chosen(self, report: ClassReport, owner: str) -> tuple[Result, float]:
        """The result that is meant. Raises CourseError."""
        found = list(scored(report, waiting=True))
        if len(found) > 1 or self.student:
            wanted = self.student or owner
            found = [
                (result, points)
                for result, points in found
                if wanted in (result.student, ids_of(report, result).get("github"))
            ]
        if len(found) != 1:
            raise CourseError(
                f"{len(found)} results are those of {one_line(self.student or owner, 100)!r}: name the student's "
                "folder with --student."
            )
        return found[0]


def as_result(report: ClassReport, result: Result, points: float, given: dict[str, str]) -> dict[str, Any]:
    """The object in the file. points: those that count. given: the keys that the runner gives."""
    factor = factor_for(question.points for question in report.questions)
    most = worth(report)
    return {
        "schema": SCHEMA,
        "assignment_type": os.environ.get("MODE", "").strip() or "individual",
        **given,
        "review": os.environ.get("REVIEW_URL", "").strip() or given["commit"],
        "datetime": _when(result.reference.submitted),
        "score": whole(points, most, factor),
        "max-score": whole(most, most, factor),
        "tests": [
            {
                "test-name": exact(question.name),
                "passed": question.status == Status.PASSED,
                "score": whole(question.score, question.max_score, factor),
                "max-score": whole(question.max_score, question.max_score, factor),
                "output": question.output,
            }
            for question in result.questions
        ],
    }


def factor_for(maxima: Iterable[float]) -> int:
    """The smallest factor that makes all of them whole; if none does, the largest."""
    known = list(maxima)
    return next((f for f in FACTORS if all(_is_whole(f * one) for one in known)), FACTORS[-1])


def whole(points: float, most: float, factor: int) -> int:
    """Points as a whole number from 0 to that of `most`, which nothing but `most` reaches."""
    limit = round(most * factor)
    if points >= most:
        return limit
    return max(min(math.floor(points * factor + 0.5), limit - 1), 0)


def _is_whole(value: float) -> bool:
    return math.isclose(value, round(value), abs_tol=1e-9)


def _when(submitted: str) -> str:
    """The time of submission as the schema wants it; now, if it is unknown. The runner puts the commit's there."""
    try:
        found = datetime.fromisoformat(submitted)
    except ValueError:
        found = datetime.now(UTC)
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
