"""A sample of the hand-ins as they really arrive, and whether the bank notices what does not come out as it must."""

from __future__ import annotations

import pytest

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.verify.handins import making, running
from coursekit.verify.handins.work import Work

COURSE = Course.find()
EVERY = {"optimizers": 90, "mlp_modules": 60}


@pytest.mark.parametrize("name", EVERY)
def test_a_sample_of_the_hand_ins_comes_out_as_it_must(name):
    assignment = COURSE.assignment(name)
    picked = making.choose(Work(assignment), every=EVERY[name])
    assert len(picked) > 2
    assert [graded.problem for graded in running.run(assignment, picked) if graded.problem] == []


def test_each_kind_has_hand_ins_and_many_of_them_are_wrong_work():
    work = Work(COURSE.assignment("mlp_modules"))
    picked = making.choose(work)
    assert {one.kind for one in picked} == set(making.KINDS)
    assert len(picked) > 100
    assert len({one.name for one in picked}) == len(picked)


def test_what_does_not_come_out_as_it_must_is_said():
    assignment = COURSE.assignment("optimizers")
    work = Work(assignment)

    def blank(work, folder):
        work.fill(folder, work.released())

    def right_but_must_be_wrong(work, folder):
        work.fill(folder)
        return making.Due(loses=making.EVERYTHING, noted=("nowhere",))

    def refused(work, folder):
        work.fill(folder)
        return making.Due(refused=("line 7",))

    def impossible(work, folder):
        raise CourseError("there is no such cell")

    made = [
        making.HandIn(make.__name__.replace("_", "-"), "A story.", "names", make)
        for make in (blank, right_but_must_be_wrong, refused, impossible)
    ]
    problems = [graded.problem for graded in running.run(assignment, made)]
    assert f"blank loses {min(work.questions)}, which is right" in problems[0]
    assert "keeps" in problems[1] and "has no note on 'nowhere'" in problems[1]
    assert "is not refused, but gets" in problems[2]
    assert problems[3] == "impossible could not be made: there is no such cell"


def test_an_unknown_name_is_said():
    with pytest.raises(CourseError, match="no hand-in 'nothing'"):
        making.choose(Work(COURSE.assignment("optimizers")), only=("nothing",))
