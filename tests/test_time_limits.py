"""Every limit about time lies outside the one that it surrounds."""

from __future__ import annotations

import json

import pytest

from coursekit.core import time_limits
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits
from coursekit.grading import times
from coursekit.sandbox import choose
from coursekit.sandbox.loading import LoadedNotebook, Notebook

pytestmark = pytest.mark.quick


def test_limits_surround_each_other():
    for seconds in (0.5, 30, 600):
        assert seconds < time_limits.alarm_seconds(seconds) < time_limits.killed_after(seconds)
        limits = Limits(load_seconds=10, case_seconds=seconds)
        most = time_limits.most_seconds(limits, [seconds] * 3)
        assert most >= time_limits.MAX_LOADS * (
            10 + time_limits.START_SECONDS
        ) + 3 * time_limits.killed_after(seconds)
        assert most < time_limits.fault_seconds(limits, [seconds] * 3)


def test_a_sandbox_that_starts_at_once_takes_only_what_its_cells_do():
    assert (
        time_limits.most_seconds(Limits(load_seconds=10), [], start_seconds=0) == 10 * time_limits.MAX_LOADS
    )


def test_what_the_worked_solution_needs_bounds_what_others_get():
    assert time_limits.shortened(30, None, 5) == 30, "nothing is known"
    assert time_limits.shortened(30, 0.01, 0) == 10, "not less than the least"
    assert time_limits.shortened(600, 4, 0) == 200, "so many times as long"
    assert time_limits.shortened(30, 4, 0) == 30, "not more than was asked for"
    hits = [time_limits.shortened(600, 4, hits) for hits in range(4)]
    assert hits == sorted(hits, reverse=True)
    assert hits[2] == hits[3] == 16


def test_recorded_times_are_longer_on_a_slower_machine(tmp_path, monkeypatch):
    recorded = {"key": "k", "machine": 0.01, "load": 2, "cases": {"f: f - 1": 0.5}}
    (tmp_path / times.FILE_NAME).write_text(json.dumps(recorded))
    for machine, seconds in ((0.005, 0.5), (0.01, 0.5), (0.03, 1.5)):
        monkeypatch.setattr(times, "machine_seconds", lambda machine=machine: machine)
        found = times.read_times(tmp_path)
        assert found.cases["f: f - 1"] == pytest.approx(seconds)
        assert found.load == pytest.approx(4 * seconds)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"machine": 0, "load": 1, "cases": {}}', '{"machine": 1, "load": []}']
)
def test_damaged_times_are_named(tmp_path, text):
    (tmp_path / times.FILE_NAME).write_text(text)
    with pytest.raises(CourseError, match=r"times\.json is damaged"):
        times.read_times(tmp_path)


def test_an_autograder_without_times_has_the_limits_of_its_tests(tmp_path):
    assert times.read_times(tmp_path) == times.Times()


def test_a_cell_of_the_releases_own_may_take_less_than_a_students(monkeypatch):
    monkeypatch.setattr(time_limits, "LOAD_STEPS", ((3, 1), (2, 1)))
    cells = [
        (1, "def f(): return 1"),
        (2, "import time; time.sleep(60)"),
        (3, "time.sleep(2)"),
        (4, "a = f()"),
    ]
    notebook = Notebook(cells, own_cells=frozenset({3}), as_released=frozenset({1, 2, 4}), load_seconds=0.1)
    with LoadedNotebook(choose.strongest(unsafe=True), Limits(), notebook, None) as student:
        assert list(student.load.reduced) == [2]
        assert student.load.reduced[2] == "did not end within 1 s"
        assert student.timeouts == 1
        assert {"f", "a"} <= student.load.names
