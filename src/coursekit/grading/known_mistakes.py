"""Recognise a student's mistake by its answers, and give the hint that a teacher wrote for it.

The build records the answers of each known mistake in the tests that it fails (`coursekit.build.record_mistakes`). Here
a student's answers are compared with those: after grading, outside the sandbox.
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
        """The known mistakes whose answers equal those in a question's `failed` test cases, the best match first."""
        if not failed:
            return []
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
        """How much a student's answers in the failed test cases look like a known mistake's; 0 or less: not at all.

        An example. The mistake is known from three test cases:

            case  the mistake's wrong answers             the student's answers     counts
            a     {"0": ["s", "x"], "0/1/W": ["s", "y"]}  the first, not the deep   1 + 1/2
            b     {"1": ["s", "z"]}                       another at "1"            -1
            c     (passes)                                failed                    -1

        In `a` all direct answers are the same (see Match), and half of all. The sum is -0.5: not this mistake.
        """
        return sum(
            Match(known.wrong.get(case), mine, self.solution.get(case, {})).score
            for case, mine in failed.items()
        )


@dataclass(frozen=True)
class Match:
    """A student's answers in a test case that they failed, compared with those of a known mistake."""

    wrong: Leaves | None
    """the mistake's answers that differ from the solution's; None or empty where the mistake passes"""
    mine: Leaves
    solution: Leaves

    @property
    def score(self) -> float:
        """-1: not the mistake; 0: unknown; above 1: it is, and the share of its answers that are the same."""
        if not self.wrong:
            return -1
        if set(self.wrong) == {CALLS}:
            return 0  # its wrong answers were not recorded
        if not self._telling() <= self._same() or self._is_wrong_elsewhere():
            return -1
        return 1 + len(self._same()) / len(self.wrong)

    def _same(self) -> set[str]:
        """The places where the student's answer equals the mistake's."""
        wrong = self.wrong or {}
        return {
            place for place, sketch in wrong.items() if place in self.mine and close(sketch, self.mine[place])
        }

    def _telling(self) -> set[str]:
        """The places where they have to be equal: the direct answers, or all if only CALLS is direct."""
        wrong = self.wrong or {}
        direct = {place for place in wrong if is_direct(place)}
        return set(wrong) if direct == {CALLS} else direct

    def _is_wrong_elsewhere(self) -> bool:
        """Whether a direct answer is wrong in a way that the mistake's is not."""
        others = {
            place for place in self.mine.keys() & self.solution.keys() - self._same() if is_direct(place)
        }
        return any(not close(self.solution[place], self.mine[place]) for place in others)


def case_key(question: str, case: str) -> str:
    return f"{question}: {case}"


def read_hints(autograder: Path) -> Hints:
    """The hints of a built autograder; none if it was built without any. Raises CourseError if damaged."""
    path = autograder / FILE_NAME
    if not path.is_file():
        return Hints({})
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = [Known(m["name"], m["question"], m["hint"], m["wrong"]) for m in fields["mistakes"]]
        return Hints(fields["solution"], tuple(known))
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{path} is damaged: run 'coursekit build'.") from None
