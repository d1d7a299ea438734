"""Sealed grading, otter and nbgrader give honest work the same points; only sealed grading holds off a cheat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from courses import tiny

from coursekit.build import build
from coursekit.core.errors import CourseError
from coursekit.samples.students import Student
from coursekit.sandbox import choose as sandbox
from coursekit.verify import agreement

pytestmark = [
    pytest.mark.xdist_group("agreement"),  # half a minute of grading, once for all tests
    pytest.mark.skipif(
        not any(sandbox.check(backend).works for backend in sandbox.sealed()),
        reason="no sandbox works on this machine",
    ),
]

PATCH = """
import numpy.testing
np.testing.assert_allclose = np.allclose = lambda *args, **kwargs: True
"""
IGNORES_FACTOR = "def scale(values, factor=2):\n    return np.asarray(values) * 2\n"
ADDS_ITSELF = "def total(values):\n    return sum(values)\n"

HONEST = Student("right", "hands in the worked solution")
WRONG = Student(
    "wrong", "ignores the factor", {"solve_scale": IGNORES_FACTOR}, loses=frozenset({"scale", "total"})
)
CHEAT = Student(
    "patched-testing",
    "ignores the factor and patches numpy.testing",
    {"solve_scale": IGNORES_FACTOR, "solve_total": ADDS_ITSELF},
    extra=("import numpy as np", PATCH),
    loses=frozenset({"scale"}),
    honest=False,
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, agreement.Comparison]:
    assignment = tiny.course(tmp_path_factory.mktemp("course"))
    build(assignment, verify=False)
    return {row.student.name: row for row in agreement.compare(assignment, [HONEST, WRONG, CHEAT])}


def points(row: agreement.Comparison) -> dict[str, dict[str, float]]:
    return {grader: graded.points for grader, graded in row.graded.items()}


def totals(row: agreement.Comparison) -> list[float]:
    return [graded.total for graded in row.graded.values()]


def test_honest_work_gets_the_same_points_everywhere(rows: dict[str, agreement.Comparison]) -> None:
    assert agreement.problems([rows["right"], rows["wrong"]]) == []
    assert points(rows["right"]) == dict.fromkeys(agreement.GRADERS, {"scale": 5.0, "total": 5.0})
    assert points(rows["wrong"]) == dict.fromkeys(agreement.GRADERS, {"scale": 0.0, "total": 0.0})


def test_a_cheat_earns_points_unsealed_only(rows: dict[str, agreement.Comparison]) -> None:
    assert totals(rows["patched-testing"]) == [5.0, 10.0, 10.0]
    assert agreement.problems([rows["patched-testing"]]) == []


def test_what_breaks_a_promise_is_said(rows: dict[str, agreement.Comparison]) -> None:
    differing = replace(
        rows["patched-testing"], student=replace(CHEAT, name="wrong", loses=frozenset({"total"}), honest=True)
    )
    assert agreement.problems([differing]) == [
        "wrong loses scale under sealed grading but should not.",
        "wrong keeps total under sealed grading but should lose it.",
        "wrong gets 0 for scale from coursekit grade, and 5.0 from otter run.",
        "wrong gets 0 for scale from coursekit grade, and 5.0 from nbgrader autograde.",
    ]


def test_table_in_markdown(rows: dict[str, agreement.Comparison]) -> None:
    stopped = replace(rows["right"], graded={"sealed": agreement.Graded({}, why="stopped after 1 | 2 s")})
    assert agreement.markdown([stopped]).splitlines() == [
        "| Student | What they did | Should lose | coursekit grade |",
        "| --- | --- | --- | ---: |",
        "| right | hands in the worked solution | nothing | no result: stopped after 1 \\| 2 s |",
    ]


MISTAKES = """\
from coursekit.samples.known import Mistake

MISTAKES = [
    Mistake("adds", "solve_scale", (("* factor", "+ factor"),), "scale", "Times, not plus.", frozenset({"total"})),
]
"""
VARIANTS = '''\
from coursekit.samples.students import Student

WARNS = """
def total(values):
    import warnings

    warnings.warn("about to add")
    return sum(values)
"""
VARIANTS = [Student("warns", "warns before it adds", {"solve_total": WARNS})]
'''


def test_the_banks_agree_but_for_what_nbgrader_is_known_to_get_wrong(tmp_path: Path) -> None:
    source = tiny.notebook()
    tiny.cell(source, "scale").metadata["coursekit"] = {"limits": {"case_seconds": 60}}
    assignment = tiny.course(tmp_path / "course", source)
    (assignment.source / "mistakes.py").write_text(MISTAKES)
    (assignment.source / "variants.py").write_text(VARIANTS)
    build(assignment, verify=False)
    with agreement.without_training(assignment) as quick:
        students = agreement.known_students(assignment, quick)
        adds, warns = agreement.compare(quick, students, jobs=2)
    assert points(adds) == dict.fromkeys(agreement.GRADERS, {"total": 0.0})
    assert totals(warns) == [5.0, 5.0, 0.0]
    assert agreement.problems([adds, warns]) == []
    assert agreement.faults([adds, warns]) == [f"warns loses 5 points: {agreement.STDERR}."]
    assert "| 5 | 5 | 0* |" in agreement.markdown([warns])


def test_a_stale_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="coursekit build"):
        agreement.compare(tiny.course(tmp_path), [HONEST])
