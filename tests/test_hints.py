"""A student whose answers are those of a known mistake is given its hint, whatever their code looks like."""

from __future__ import annotations

import json

import nbformat
import numpy as np
import pytest
from courses import tiny

from coursekit import build
from coursekit.build import record_mistakes
from coursekit.grading.fingerprints import Recorder, close, is_direct
from coursekit.grading.known_mistakes import CALLS, Hints, Known, read_hints
from coursekit.samples.students import Student, write_submission
from coursekit.sandbox.raised import Raised

MISTAKES = """\
from coursekit.samples.known import Mistake

MISTAKES = [
    Mistake("adds", "solve_scale", (("* factor", "+ factor"),), "scale", "Times, not plus.", frozenset({"total"})),
    Mistake("ignores-the-factor", "solve_scale", (("* factor", "* 2"),), "scale", "Read your arguments.",
            frozenset({"total"})),
    Mistake("counts", "solve_total", (("sum(scale(values, 1))", "len(values)"),), "total", "Sum, do not count."),
]
"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    assignment = tiny.course(tmp_path_factory.mktemp("course"))
    (assignment.source / "mistakes.py").write_text(MISTAKES)
    build.build(assignment)
    return assignment


def outputs(assignment, **answers):
    folder = assignment.course.root / "handed"
    write_submission(assignment, Student("ada", "", answers), folder)
    found = tiny.graded(assignment, folder, "ada")
    return {test["name"]: test["output"] for test in found["tests"]}


def test_another_way_to_write_the_mistake_gets_its_hint_first(assignment):
    said = outputs(
        assignment,
        solve_scale="def scale(values, factor=2):\n    print('plus')\n    return [factor + v for v in list(values)]",
    )
    assert said["scale"].startswith("Hint: Times, not plus.\n\nVisible test: failed.")
    assert said["total"].startswith("Hint: Times, not plus.\n")


def test_a_mistake_that_only_hidden_tests_see_gets_its_hint_too(assignment):
    said = outputs(
        assignment, solve_scale="def scale(values, factor=None):\n    return np.asarray(values) * 2.0"
    )
    assert said["scale"].startswith("Hint: Read your arguments.\n\nVisible test: passed.")


def test_other_wrong_answers_get_no_hint(assignment):
    wrong = "def scale(values, factor=2):\n    return np.asarray(values) * factor + 1e-3"
    said = outputs(assignment, solve_scale=wrong)
    assert "failed" in said["scale"] and "Hint:" not in said["scale"]
    assert "Hint:" not in outputs(assignment)["scale"]


def test_code_that_raises_or_hangs_gets_no_hint(assignment):
    for body in ("raise ValueError('Hint: Times, not plus.')", "import os; os._exit(0)"):
        assert not outputs(assignment, solve_scale=f"def scale(*_):\n    {body}")["scale"].startswith("Hint:")


def test_hints_are_recorded_once_and_stay_in_the_autograder(assignment):
    stored = (assignment.autograder / "hints.json").read_text()
    assert not list(assignment.release.glob("hints*")) and "Times, not plus" not in str(
        (assignment.release / "tiny.ipynb").read_text()
    )
    assert b"Times" not in (assignment.autograder / "autograder.zip").read_bytes()
    assert build.stale(assignment) == []
    build.build(assignment)
    assert (assignment.autograder / "hints.json").read_text() == stored


def test_a_changed_hint_is_stale_and_only_what_changed_is_run_again(assignment, monkeypatch):
    path = assignment.source / "mistakes.py"
    path.write_text(MISTAKES.replace("Times, not plus.", "Look again at the sign."))
    assert build.stale(assignment) == ["autograder/tiny/hints.json"]
    monkeypatch.setattr(record_mistakes, "_Recorder", None)  # nothing is to be run for a hint's words
    build.build(assignment)
    assert build.stale(assignment) == []
    assert read_hints(assignment.autograder).mistakes[0].hint == "Look again at the sign."
    path.write_text(MISTAKES.replace("* 2", "* 3"))
    with pytest.raises(TypeError):
        build.build(assignment)
    path.write_text(MISTAKES)
    build.build(assignment)


def recorded(*values):
    recorder = Recorder()
    for value in values:
        recorder.note(value, None, [], None)
    return recorder.leaves


def same(one, other):
    one, other = recorded(one), recorded(other)
    return one.keys() == other.keys() and all(close(one[place], other[place]) for place in one)


def test_sketches_know_arrays_again_up_to_rounding():
    array = np.random.RandomState(0).randn(30, 40)
    assert same(array, array.astype(np.float32)) and same(array, array.tolist()) and same(2, 2.0)
    assert same(array, array * (1 + 1e-7)) and same(np.array([np.nan, 1]), np.array([np.nan, 1]))
    for other in (array.T, array[::-1], array * 1.001, array + 1e-3, array.reshape(-1)):
        assert not same(array, other)
    assert not same((1, 2), (1, 2, 3)) and not same({"W1": array}, {"W2": array}) and not same("a", "b")


def test_sketches_are_small_whatever_is_answered():
    endless: list = []
    endless.append(endless)
    wide = {number: np.ones(3) for number in range(10_000)}
    deep: list = [1]
    for _ in range(2000):
        deep = [deep, deep]
    for value in (
        endless,
        deep,
        wide,
        [wide] * 1000,
        10**5000,
        [10**400],
        "x" * 10**6,
        {10**5000: 1},
        object(),
        [[1], [2, 3]],
    ):
        leaves = recorded(value)
        assert len(json.dumps(leaves)) < 20_000
    many = recorded(*([np.ones((200, 200))] * 1000))
    assert len(many) < 130 and many[CALLS] == ["n", 1000] and "0" in many and "999" in many


def test_what_was_raised_changed_and_drawn_counts():
    recorder = Recorder()
    recorder.note(None, Raised("ValueError", "ValueError", "no\nwhy"), [], None)
    recorder.note(1, None, [np.zeros(2)], ["state"])
    assert recorder.leaves["0"] == ["r", "ValueError", "no"]
    assert {"1", "1/changed/0", "1/random/state"} <= recorder.leaves.keys()
    assert is_direct("3/W1") and not is_direct("3/1/W1")


def test_the_mistake_that_explains_every_failed_case_comes_first():
    wrong, more = recorded(3), recorded(4)
    hints = Hints(
        {"q: 1": recorded(1), "q: 2": recorded(1)},
        (
            Known("one-case", "q", "", {"q: 1": wrong}),
            Known("elsewhere", "p", "", {"q: 1": wrong, "q: 2": more}),
            Known("both", "q", "", {"q: 1": wrong, "q: 2": more}),
            Known("other", "q", "", {"q: 1": more}),
        ),
    )
    assert [k.name for k in hints.find("q", {"q: 1": wrong, "q: 2": more})] == [
        "both",
        "elsewhere",
        "one-case",
    ]
    assert [k.name for k in hints.find("q", {"q: 1": wrong})] == ["one-case", "both", "elsewhere"]
    assert hints.find("q", {"q: 1": recorded(5)}) == hints.find("q", {}) == []


def test_a_mistake_that_does_not_fit_stops_the_build(assignment):
    from coursekit.core.errors import CourseError

    (assignment.source / "mistakes.py").write_text(MISTAKES.replace('"* factor"', '"/ factor"'))
    with pytest.raises(CourseError, match="adds replaces '/ factor'"):
        build.build(assignment)
    (assignment.source / "mistakes.py").write_text(MISTAKES)
    assert nbformat.read(assignment.release / "tiny.ipynb", as_version=4).cells
