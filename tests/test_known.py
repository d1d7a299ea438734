"""Known mistakes are caught where they belong, correct variants earn everything, sample classes what they should.

A sample of each; `coursekit verify` takes all.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading
from coursekit.samples import known
from coursekit.samples.students import EVERYTHING, read_class, worked_texts
from coursekit.verify import mistakes, variants
from coursekit.verify.grading import grade_students

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENTS = COURSE.assignments()
ASSIGNMENT = COURSE.assignment("optimization_techniques")
SAMPLE = 9  # about so many of each kind
each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda one: one.name)


@pytest.fixture(autouse=True)
def _digits():
    try:
        loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))


@each_assignment
def test_a_sample_of_the_known_mistakes_is_caught_where_it_belongs(assignment, monkeypatch):
    wrong = known.read_mistakes(assignment)
    assert len(wrong) >= 60
    assert len({mistake.hint for mistake in wrong}) == len(wrong)
    monkeypatch.setattr(mistakes, "read_mistakes", lambda _: wrong[:: len(wrong) // SAMPLE])
    assert [caught.problem for caught in mistakes.run(assignment) if caught.problem] == []


@each_assignment
def test_a_sample_of_the_correct_variants_earns_every_point_but_the_trainings(assignment, monkeypatch):
    right = known.read_variants(assignment)
    assert len(right) >= 12
    monkeypatch.setattr(variants, "read_variants", lambda _: right[:: max(2, len(right) // SAMPLE)])
    graded = variants.run(assignment, quick=True)
    assert [problem for one in graded if (problem := variants.problem(*one))] == []


def test_a_mistake_that_is_not_caught_is_a_problem(monkeypatch):
    harmless = known.Mistake(
        "harmless", "solution-classify", (("AL, _ =", "AL, _unused ="),), "classify", "No harm."
    )
    misplaced = known.Mistake(
        "misplaced", "solution-linear_forward", ((" + b", ""),), "dropout", "Somewhere else."
    )
    monkeypatch.setattr(mistakes, "read_mistakes", lambda assignment: [harmless, misplaced])
    first, second = (caught.problem for caught in mistakes.run(ASSIGNMENT))
    assert first == "harmless is not caught in classify."
    assert second.startswith("misplaced is not caught in dropout, but in ")


def test_a_mistake_that_does_not_fit_the_solution_is_named():
    stale = known.Mistake("stale", "solution-classify", (("no such text", ""),), "classify", "…")
    with pytest.raises(CourseError, match="stale replaces 'no such text'"):
        stale.as_student(worked_texts(ASSIGNMENT))


@functools.cache
def results(name):
    """A sample class, graded as `coursekit grade` does: the first with all questions, the others without training."""
    assignment = COURSE.assignment(name)
    ada, *others = read_class(assignment)
    return grade_students(assignment, [ada]) | grade_students(assignment, others, quick=True)


@pytest.mark.parametrize(
    ("assignment", "student"),
    [
        pytest.param(
            one,
            student,
            id=f"{one.name}-{student.name}",
            marks=pytest.mark.xdist_group(f"class of {one.name}"),
        )
        for one in ASSIGNMENTS
        for student in read_class(one)
    ],
)
def test_each_student_of_a_sample_class_loses_what_they_should_and_no_more(assignment, student):
    result = results(assignment.name)[student.name]
    points = {one.name: one.max_score for one in result.questions if one.status != "manual"}
    assert result.sealed
    assert result.lost == (set(points) if student.loses == EVERYTHING else student.loses & set(points))
    assert result.score == sum(points.values()) - sum(points[name] for name in result.lost)
    if student.name == "ada":
        built = json.loads((assignment.autograder / "assignment.json").read_text())["questions"]
        assert set(points) == {one["name"] for one in built if "manual" not in one}
        assert result.max_score == sum(one["points"] for one in built) == 100
