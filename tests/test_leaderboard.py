"""Values that an assignment names for a leaderboard: from the hidden test that computes them to results.json."""

from __future__ import annotations

import json

import gradescope_spec
import pytest
from courses import tiny

from coursekit.build import build
from coursekit.core.errors import CourseError
from coursekit.core.result import BadResult, Result
from coursekit.exports.gradescope import dumps, results_json
from coursekit.grade_class import grade_one
from coursekit.grading.named_values import NamedValues

SHARE = """\
assert total([1, 2]) == 3, "total([1, 2]) should be 3"
### BEGIN HIDDEN TESTS
rows = [[1, 2, 3], [4], [5, 5]]
right = [total(row) == sum(row) for row in rows]
share = sum(right) / len(rows)
mine = total
assert all(right), "total is wrong for longer lists"
share = 7.0
### END HIDDEN TESTS
"""


def with_leaderboard(root, **named):
    source = tiny.notebook()
    cell = tiny.cell(source, "total")
    cell.source = SHARE.rstrip("\n")
    cell.metadata["coursekit"] = {"leaderboard": named}
    return tiny.course(root, source)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    assignment = with_leaderboard(tmp_path_factory.mktemp("board"), Share="share", Function="mine")
    build(assignment)
    return assignment


def answered(folder, assignment, total):
    """A hand-in with that answer in place of the worked one."""
    notebook = json.loads((assignment.solution / "tiny.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "solve_total":
            cell["source"] = total
    folder.mkdir()
    (folder / "tiny.ipynb").write_text(json.dumps(notebook))
    return folder


def test_a_value_that_a_hidden_test_computes_is_in_the_result_and_on_the_leaderboard(built):
    result = grade_one(built, built.solution, "ada")
    assert (result.score, result.values) == (10, {"Share": 7.0})  # an object of the student's is no number
    assert Result.from_json(json.loads(json.dumps(result.to_json()))).values == {"Share": 7.0}
    text = dumps(results_json(result))
    assert gradescope_spec.problems(text) == []
    assert json.loads(text)["leaderboard"] == [{"name": "Share", "value": 7.0}]


def test_it_is_there_as_far_as_the_test_came_when_the_test_fails(built, tmp_path):
    wrong = answered(
        tmp_path / "wrong", built, "def total(values):\n    return 3 if len(values) < 3 else sum(values)"
    )
    result = grade_one(built, wrong, "bob")
    assert result.score == 5
    assert result.values == {"Share": pytest.approx(1 / 3)}
    raises = answered(
        tmp_path / "raises", built, "def total(values):\n    return 3 if len(values) < 3 else 1 / 0"
    )
    assert grade_one(built, raises, "cleo").values == {}


def test_what_no_number_is_gets_no_place():
    named = NamedValues({"A": "a", "B": "b", "C": "c", "D": "d"})

    class Number(float):
        pass

    named.note({"a": float("nan"), "b": True, "c": Number(1.0), "d": 2})
    assert named.values == {"D": 2.0}
    with pytest.raises(BadResult, match="numbers"):
        Result.from_json(
            {
                "tests": [],
                "score": 0,
                "extra_data": {"student": "a", "assignment": "b", "max_score": 1, "sealed": True},
                "schema": 2,
                "values": {"A": "1"},
            }
        )


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"Share": "nothing"}, "assigns no variable 'nothing'"),
        ({"Share": 3}, "names of variables"),
        ({" ": "share"}, "must be of 1 to 40 characters"),
    ],
)
def test_a_leaderboard_that_names_nothing_is_refused(tmp_path, named, said):
    with pytest.raises(CourseError, match=said):
        build(with_leaderboard(tmp_path, **named))
