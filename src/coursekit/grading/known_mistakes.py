"""Know a student's mistake by its answers, and give the hint that a teacher wrote for it.

The build records what each known mistake answers in the tests that it fails (`coursekit.build.hinting`); here a
student's answers are compared with those. It happens outside the sandbox, on values that crossed, after grading.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.core.errors import CourseError
from coursekit.grading.fingerprints import CALLS, Leaves, close, is_direct

FILE_NAME = "hints.json"
Cases = dict[str, Leaves]
"""by test case, see case_key()"""


@dataclass(frozen=True)
class Known:
    """A known mistake. wrong: in each test case that it fails, the answers that differ from the solution's."""

    name: str
    question: str
    hint: str
    wrong: Cases


@dataclass(frozen=True)
class Hints:
    """All known mistakes of an assignment, and the solution's own answers in the same test cases."""

    solution: Cases
    mistakes: tuple[Known, ...] = ()

    def find(self, question: str, failed: Cases) -> list[Known]:
        """The known mistakes whose answers equal those of a question's `failed` test cases, the best first."""
        ranked = []
        for place, known in enumerate(self.mistakes):
            passed = sum(
                case.startswith(case_key(question, "")) and case not in failed for case in known.wrong
            )
            likeness = self._likeness(known, failed) - passed
            if likeness > 0:
                ranked.append((-likeness, known.question != question, place, known))
        return [known for *_, known in sorted(ranked)]

    def _likeness(self, known: Known, failed: Cases) -> float:
        """0 unless the answers of a failed case are the mistake's; the more of them are, the higher."""
        likeness = 0.0
        for case, mine in failed.items():
            theirs = known.wrong.get(case)
            if not theirs:
                likeness -= 1  # here the mistake passes
                continue
            same = {place for place, sketch in theirs.items() if place in mine and close(sketch, mine[place])}
            if set(theirs) == {CALLS}:
                continue  # what is wrong with it has not crossed
            telling = {place for place in theirs if is_direct(place)}
            telling = set(theirs) if telling == {CALLS} else telling
            likeness += (
                1 + len(same) / len(theirs) if telling <= same and not self._more(case, mine, same) else -1
            )
        return likeness

    def _more(self, case: str, mine: Leaves, same: set[str]) -> bool:
        """Whether the student's answers are wrong in more than the mistake's are."""
        right = self.solution.get(case, {})
        return any(
            is_direct(place) and place not in same and place in right and not close(right[place], sketch)
            for place, sketch in mine.items()
        )


def case_key(question: str, case: str) -> str:
    return f"{question}: {case}"


def read_hints(autograder: Path) -> Hints:
    """The hints of a built autograder; none where it was built without. Raises CourseError when damaged."""
    path = autograder / FILE_NAME
    if not path.is_file():
        return Hints({})
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = [Known(m["name"], m["question"], m["hint"], m["wrong"]) for m in fields["mistakes"]]
        return Hints(fields["solution"], tuple(known))
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{path} is damaged: run 'coursekit build'.") from None
