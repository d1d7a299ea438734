"""Known mistakes are caught where they belong, and correct variants earn everything; all of it: coursekit verify."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursekit import bank, data
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.sample import worked_texts
from coursekit.verify import mistakes, variants

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("optimization_techniques")
EVERY = 6  # of the mistakes: a third of a minute's worth


@pytest.fixture(autouse=True)
def _digits():
    try:
        data.where(COURSE)
    except CourseError as error:
        pytest.skip(str(error))


def test_a_sample_of_the_known_mistakes_is_caught_where_it_belongs(monkeypatch):
    known = bank.read_mistakes(ASSIGNMENT)
    assert len(known) >= 60
    assert len({mistake.hint for mistake in known}) == len(known)
    monkeypatch.setattr(mistakes, "read_mistakes", lambda assignment: known[::EVERY])
    assert [caught.problem for caught in mistakes.run(ASSIGNMENT) if caught.problem] == []


def test_correct_variants_earn_every_point_but_the_trainings():
    graded = variants.run(ASSIGNMENT, quick=True)
    assert len(graded) >= 25
    assert [problem for one in graded if (problem := variants.problem(*one))] == []


def test_a_mistake_that_is_not_caught_is_a_problem(monkeypatch):
    harmless = bank.Mistake(
        "harmless", "solution-classify", (("AL, _ =", "AL, _unused ="),), "classify", "No harm."
    )
    misplaced = bank.Mistake(
        "misplaced", "solution-linear_forward", ((" + b", ""),), "dropout", "Somewhere else."
    )
    monkeypatch.setattr(mistakes, "read_mistakes", lambda assignment: [harmless, misplaced])
    first, second = (caught.problem for caught in mistakes.run(ASSIGNMENT))
    assert first == "harmless is not caught in classify."
    assert second.startswith("misplaced is not caught in dropout, but in ")


def test_a_mistake_that_does_not_fit_the_solution_is_named():
    stale = bank.Mistake("stale", "solution-classify", (("no such text", ""),), "classify", "…")
    with pytest.raises(CourseError, match="stale replaces 'no such text'"):
        stale.as_student(worked_texts(ASSIGNMENT))
