"""Results on disk: none is lost, whoever writes at the same time and whenever it ends."""

from __future__ import annotations

import json
import multiprocessing
import os
from dataclasses import replace

import pytest
from courses.results import built, put, result

from coursekit import history, store
from coursekit.core.errors import CourseError
from coursekit.core.files import locked, replace_text
from coursekit.core.result import Result

pytestmark = pytest.mark.quick


@pytest.fixture
def assignment(tmp_path):
    return built(tmp_path)


def earning(student="ada", backward=20.0, **extra):
    """A result with these points for `backward`."""
    found = result(student, **extra)
    found["tests"][2]["score"] = backward
    found["score"] += backward - 20
    return Result.from_json(found)


def kept(assignment, student="ada"):
    """The scores in the history, by number."""
    return {
        path.name: json.loads(path.read_text())["score"]
        for path in sorted((assignment.results / "history").glob(f"{student}.*.json"))
    }


def test_a_result_that_is_replaced_goes_into_the_history(assignment):
    for points in (5.0, 7.0, 20.0):
        written = store.write(assignment, earning(backward=points))
        assert store.read(assignment, "ada") == written
    assert kept(assignment) == {"ada.0001.json": 25, "ada.0002.json": 27}
    [before] = history.before(assignment, ["ada", "bela"]).values()
    assert before == earning(backward=7.0)
    assert store.students(assignment) == ["ada"], "the history is no student"


def test_the_history_says_when_its_results_were_graded(assignment):
    store.write(assignment, earning(backward=5.0))
    os.utime(store.path_of(assignment, "ada"), (1_000_000_000, 1_000_000_000))
    store.write(assignment, earning(backward=7.0))
    assert (assignment.results / "history/ada.0001.json").stat().st_mtime == 1_000_000_000


def test_a_result_that_says_the_same_is_no_history(assignment):
    def printed(text):
        found = result("ada", {"forward": [{"kind": "printed", "text": text}]}, notes=[f"took {text}"])
        return Result.from_json(found)

    store.write(assignment, printed("0.12 s, <object at 0x7f00>"))
    store.write(
        assignment, replace(printed("0.34 s, <object at 0x7fff>"), seconds=9.0, stamp="another build")
    )
    assert kept(assignment) == {}
    assert store.read(assignment, "ada").stamp == "another build"
    store.write(assignment, printed("no"))
    assert len(kept(assignment)) == 1


def test_the_history_of_a_student_is_bounded_and_goes_on_counting(assignment):
    for points in range(18):
        store.write(assignment, earning(backward=float(points)))
        store.write(assignment, earning("bela", backward=float(points)))
    for student in ("ada", "bela"):
        names = [f"{student}.{number:04}.json" for number in range(18 - history.KEPT, 18)]
        assert list(kept(assignment, student)) == names
    assert kept(assignment)["ada.0017.json"] == 20 + 16
    path = assignment.results / "history/ada.0017.json"
    path.rename(path.with_name("ada.9999.json"))
    store.write(assignment, earning(backward=20.0))
    assert list(kept(assignment))[-1] == "ada.9999.json" and "ada.10000.json" in kept(assignment)
    [before] = history.before(assignment, ["ada"]).values()
    assert before.score == 20 + 17


@pytest.mark.parametrize(
    "student", ["ada.0001", "ada", "history", "...", ".json", "a\nb", "n" * 200, "\udce9"]
)
def test_no_students_history_is_anothers(assignment, student):
    for name in ("ada", student):
        store.write(assignment, earning(name, 1.0))
        store.write(assignment, earning(name, 2.0))
    before = history.before(assignment, ["ada", student])
    assert {name: one.student for name, one in before.items()} == {"ada": "ada", student: student}


def test_a_damaged_history_costs_nothing(assignment):
    folder = assignment.results / "history"
    folder.mkdir()
    for name in ("ada.0003.json", "ada.x.json", "bela.0001.json", "\u0661.\u0661\u0661\u0661\u0661.json"):
        (folder / name).write_text("{")
    (folder / "ada.0002.json").mkdir()
    put(assignment, result("bela"))
    (folder / "cleo.0001.json").write_text(json.dumps(result("eve")))
    assert history.before(assignment, ["ada", "bela", "cleo"]) == {}
    store.write(assignment, earning(backward=1.0))
    store.write(assignment, earning(backward=2.0))
    assert history.before(assignment, ["ada"])["ada"].score == 21


def test_the_graders_own_failure_keeps_the_result_of_before(assignment):
    store.write(assignment, replace(earning(), log="a log", stamp="a build"))
    fault = replace(earning(backward=0.0), fault=True, error="no memory", log="", stamp="")
    for _ in range(2):
        written = store.write(assignment, fault)
        assert written == store.read(assignment, "ada")
        assert written == replace(earning(), stamp="a build", not_renewed="no memory")
        assert (assignment.results / "log/ada.txt").read_text() == "a log"
    assert kept(assignment) == {}
    store.write(assignment, earning())
    assert store.read(assignment, "ada") == earning() and kept(assignment) == {}
    store.write(assignment, earning(backward=5.0))
    assert store.read(assignment, "ada").not_renewed is None


def test_a_result_that_was_not_renewed_goes_into_the_history_as_it_was(assignment):
    store.write(assignment, earning(backward=5.0))
    store.write(assignment, replace(earning(), fault=True, error="no memory"))
    store.write(assignment, earning(backward=7.0))
    assert history.before(assignment, ["ada"])["ada"] == earning(backward=5.0)


def test_of_two_failures_the_later_is_told_and_a_result_replaces_both_without_a_history(assignment):
    for error in ("first", "second"):
        store.write(assignment, replace(earning(backward=0.0), fault=True, error=error))
    assert store.read(assignment, "ada").error == "second"
    store.write(assignment, earning())
    assert store.read(assignment, "ada") == earning() and kept(assignment) == {}


def test_a_hand_in_that_cannot_be_graded_replaces_the_result_and_the_history_has_it(assignment):
    store.write(assignment, earning())
    store.write(assignment, replace(earning(backward=0.0), error="the zip is damaged"))
    assert store.read(assignment, "ada").error == "the zip is damaged"
    assert history.before(assignment, ["ada"])["ada"] == earning()


@pytest.mark.parametrize("at", range(3))
def test_a_grader_that_is_killed_while_it_writes_loses_nothing(assignment, monkeypatch, at):
    """Between any two of its writes, what is on disk is whole, and the next run ends as if nothing had been."""
    store.write(assignment, earning(backward=5.0))
    left = at

    def killed(path, text):
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        replace_text(path, text)

    with monkeypatch.context() as dying:
        dying.setattr(store, "replace_text", killed)
        dying.setattr(history, "replace_text", killed)
        with pytest.raises(KeyboardInterrupt):
            store.write(assignment, earning(backward=7.0))
    assert store.read(assignment, "ada") == earning(backward=5.0)
    store.write(assignment, earning(backward=7.0))
    assert store.read(assignment, "ada") == earning(backward=7.0)
    assert kept(assignment) == {"ada.0001.json": 25}


def _write_many(assignment, first):
    for points in range(first, 20, 4):
        store.write(assignment, earning(backward=float(points)))


def test_graders_at_the_same_time_lose_no_result(assignment, monkeypatch):
    monkeypatch.setattr(history, "KEPT", 100)
    context = multiprocessing.get_context("fork")
    graders = [context.Process(target=_write_many, args=(assignment, first)) for first in range(4)]
    for grader in graders:
        grader.start()
    for grader in graders:
        grader.join(60)
        assert grader.exitcode == 0
    found = sorted([*kept(assignment).values(), store.read(assignment, "ada").score])
    assert found == [20 + points for points in range(20)]
    assert not list(assignment.results.rglob("*.part"))


def test_a_folder_that_cannot_be_locked_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="can't be written"), locked(tmp_path / "file"):
        pass
    (tmp_path / ".lock").symlink_to(tmp_path / "file")
    with pytest.raises(CourseError, match="can't be written"), locked(tmp_path):
        pass


# What has changed


def points_of(changed=(), without=()):
    """A result with other points or maxima, {question: (score, maximum)}, and without some questions."""
    found = result("ada")
    for test in found["tests"]:
        if test["name"] in dict(changed):
            test["score"], test["max_score"] = dict(changed)[test["name"]]
    found["tests"] = [test for test in found["tests"] if test["name"] not in without]
    return Result.from_json(found)


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        ({}, {}, ""),
        ({}, {"forward": (0.0, 10.0)}, "forward: 10 → 0 of 10"),
        (
            {"backward": (7.5, 20.0)},
            {"forward": (0.0, 10.0)},
            "forward: 10 → 0 of 10; backward: 7.5 → 20 of 20",
        ),
        ({}, {"forward": (5.0, 5.0)}, "forward: 10 of 10 → 5 of 5"),
        ({"forward": (10.0, 20.0)}, {}, "forward: 10 of 20 → 10 of 10"),
    ],
)
def test_changes_are_told_by_question(before, now, says):
    assert history.changes(points_of(before), points_of(now)) == says


def test_withdrawn_and_new_questions_are_changes():
    assert history.changes(points_of(), points_of(without=["forward"])) == "forward: 10 of 10 → withdrawn"
    assert history.changes(points_of(without=["forward"]), points_of()) == "forward: new, 10 of 10"


def test_points_by_hand_are_in_neither_result():
    waiting = replace(
        points_of(),
        questions=tuple(replace(one, score=0.0, status="manual") for one in points_of().questions[:1]),
    )
    assert "warm_up: 0 → by hand of 0" in history.changes(points_of(), waiting)
    assert history.changes(waiting, waiting) == ""
