"""No question gives its points to a universal liar; all of them: coursekit verify liars."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from courses import tiny

from coursekit.build import build
from coursekit.cli import main
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits
from coursekit.datasets import loading
from coursekit.grading.autograder import Question, read_autograder
from coursekit.sandbox import choose as sandbox
from coursekit.verify import liars
from coursekit.verify.liars.asked import About, Work, students_work
from coursekit.verify.liars.tellers import LIARS, call, places, values

pytestmark = pytest.mark.skipif(
    not any(sandbox.check(backend).works for backend in sandbox.sealed()),
    reason="no sandbox works on this machine",
)

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENTS = COURSE.assignments()

# Questions with weak tests: the answer, the test, liars that each of them has to be found out by, and those that a
# strict test refuses though the text would take them.
WEAK = {
    "double": (
        "return 2 * np.asarray(X)",
        "np.testing.assert_allclose(double(X), double(X))",
        {"always 0", "the right form, but zeros", "its first argument"},
        {"always nan", "always an empty array"},
    ),
    "halves": (
        'return {"low": np.asarray(X) / 2, "high": np.asarray(X) * 2}',
        "for part in halves(X).values():\n    assert np.all(np.asarray(part) > 0)",
        {"the right form, but ones"},
        {"always an empty dict", "the right form, but dicts without entries"},
    ),
    "mean": (
        "return float(np.mean(X))",
        "np.testing.assert_allclose(mean(X) > 0, True)",
        {"always 1", "the right form, but ones"},
        {"always an empty array", "the right form, but empty arrays"},
    ),
    "weights": (
        'return {"W": np.arange(1.0, 1 + n * n).reshape(n, n)}',
        'W = weights(2)["W"]\nnp.testing.assert_allclose(np.dot(W, X), [W[0] @ X, W[1] @ X])',
        {"the right form, but zeros", "the right form, but the sign flipped"},
        {"the right form, but nan"},
    ),
    "root": (
        'if np.min(X) < 0:\n        raise ValueError("negative")\n    return np.sqrt(X)',
        "try:\n    root(-X)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError",
        {"always raises ValueError"},
        set(),
    ),
    "cube": (
        "return np.asarray(X) ** 3",
        "np.testing.assert_allclose(cube(X), [1, 64])\n### BEGIN HIDDEN TESTS\n"
        "assert np.shape(cube(np.array([3.0]))) == (1,), 'the shape of X'\n### END HIDDEN TESTS",
        {"right for the visible test's shapes, else zeros", "right for the visible test's numbers, else nan"},
        set(),
    ),
    "keep": (
        "return np.array(X)",
        "np.testing.assert_allclose(keep(X), X)",
        {"fills its arguments with zeros, and answers zeros"},
        set(),
    ),
}
STRONG = """\
for A in (np.array([[1.0, 4.0], [-2.0, 3.0]]), np.array([[0.5, 7.0, 2.0]])):
    columns = spread(A.copy())
    assert np.shape(columns) == (A.shape[1],), "one number for each column"
    np.testing.assert_allclose(columns, A.max(axis=0) - 2 * A.min(axis=0))
"""
HELPED = "assert np.allclose(keep(spread(np.array([[1.0, 5.0]]))), [-1, -5])"


def question(name, argument, body, test):
    text = f"def {name}({argument}):\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION\n"
    return [tiny.solution(f"solve_{name}", text), tiny.test(name, f"X = np.array([1.0, 4.0])\n{test}\n", 0)]


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """A built course of weak questions, a strong one, and one that is about the strong one's function too."""
    source = tiny.notebook()
    del source.cells[2:]
    for name, (body, test, *_) in WEAK.items():
        source.cells += question(name, "n" if name == "weights" else "X", body, test)
    source.cells += question("spread", "X", "return np.max(X, axis=0) - 2 * np.min(X, axis=0)", STRONG)
    source.cells.append(tiny.test("helped", HELPED, 0))
    assignment = tiny.course(tmp_path_factory.mktemp("course"), source)
    build(assignment, verify=False)
    return assignment


@pytest.fixture(scope="module")
def found(weak):
    """What the liars earn that the weak questions are to be found out by."""
    with pytest.MonkeyPatch.context() as patch:
        named = set(itertools.chain(*(names for _, _, *both in WEAK.values() for names in both)))
        patch.setattr(liars, "LIARS", {name: LIARS[name] for name in LIARS if name in named})
        return liars.run(weak)


def earned(found, question, *places):
    return {lie.liar for lie in found.earned if (lie.question, lie.places) == (question, places)}


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_question_is_found_out_by_the_liars_it_belongs_to(found, name):
    _, _, names, refused = WEAK[name]
    assert names <= earned(found, name, name)
    assert refused.isdisjoint(earned(found, name, name))


def test_a_strong_question_gives_nothing(found):
    assert earned(found, "spread", "spread") == set()
    assert earned(found, "helped", "spread") == set()


def test_what_a_liar_answers_rightly_is_no_lie(found):
    assert "the right form, but zeros" in earned(found, "double", "double")
    assert "right for the visible test's shapes, else zeros" not in earned(found, "double", "double")
    one_of_each = sum(len(names) for _, _, names, _ in WEAK.values())
    assert found.questions == len(WEAK) + 2
    assert one_of_each < found.lies


def test_the_command_names_each_lie_that_earns_points(weak, found, monkeypatch):
    monkeypatch.setattr(liars, "run", lambda assignment, **settings: found)
    monkeypatch.chdir(weak.course.root)
    result = CliRunner().invoke(main, ["verify", "liars"], catch_exceptions=False)
    assert result.exit_code == 1
    said = result.output.splitlines()
    assert said[0] == f"tiny: 9 questions, {found.lies} lies, {len(found.earned)} earned a point:"
    assert "tiny: mean gives its points to mean: always 1." in said[1:]
    assert len(said) == 1 + len(found.earned)


def test_one_of_n_lies_is_a_sample(weak, monkeypatch):
    monkeypatch.setattr(liars, "LIARS", {"always nan": LIARS["always nan"]})
    told = []
    found = liars.run(weak, sample=4, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert found.questions == 3


def test_a_solution_that_fails_is_an_error(weak, monkeypatch):
    monkeypatch.setattr(liars, "passes", lambda solution, question: False)
    with pytest.raises(CourseError, match="The solution itself fails double within 10 s"):
        liars.run(weak)


def test_what_a_question_asks_for(weak, tmp_path):
    work = students_work(read_autograder(weak.autograder, weak.release))
    assert work.about["keep"] == About(("keep",), ("keep",))
    assert work.about["helped"] == About(("keep", "spread"), ("keep", "spread"))
    assignment = tiny.course_with_answer_file(tmp_path)
    build(assignment, verify=False)
    work = students_work(read_autograder(assignment.autograder, assignment.release))
    assert work.about["total"] == About(("total",), ("total",))
    assert work.about["area"] == About(("square",), ("square",))
    assert work.methods == {"scale": (), "total": (), "square": ("__init__", "area")}


def test_the_first_question_about_a_class_is_about_its_init():
    both, alone = About(("square",), ("square",)), About(("circle",), ("circle",))
    methods = {"square": ("__init__", "area"), "circle": ("__init__", "area")}
    work = Work(methods, {"make": both, "area": both, "circle": alone})

    def replaced(question):
        limits = Limits(case_seconds=10)
        return list(
            dict.fromkeys(lie.places for lie in liars.every_lie(work, [Question(question, 1, limits, None)]))
        )

    assert replaced("make") == [("square",), ("square.__init__", "square.area")]
    assert replaced("area") == [("square",), ("square.area",)]
    assert replaced("circle")[2:] == [("circle.__init__",), ("circle.area",)]


class Counter:
    def __init__(self, start):
        self.counts = {"n": np.array([float(start)])}

    def add(self, amounts):
        self.counts["n"] += np.sum(amounts)
        amounts[0] = 7
        return self.counts["n"]


@pytest.fixture
def counter():
    """A class to lie about, and a function that uses it."""
    name_space = {"Counter": type("Counter", (Counter,), {"add": Counter.add, "__init__": Counter.__init__})}
    name_space["twice"] = lambda x: {
        "double": 2 * np.asarray(x),
        "made": name_space["Counter"](1).add([x, x]),
    }
    return name_space


def test_a_method_lies_about_what_it_changes_too(counter):
    places.become(counter, ["Counter.add"], "the right form, but zeros")
    amounts = [np.array(1.0), 2.0]
    made = counter["Counter"](1)
    assert made.add(amounts) == 0
    assert made.counts["n"] == 0
    assert amounts == [0, 2]


def test_the_solution_never_hears_a_lie(counter):
    places.become(
        counter, ["Counter.__init__", "Counter.add", "twice"], "the right form, but the sign flipped"
    )
    answer = counter["twice"](3)
    assert answer == {"double": -6, "made": -7}


def test_a_watched_liar_raises_where_it_lies(counter):
    places.become(counter, ["twice"], "the right form, but no signs", watched=["twice"])
    assert counter["twice"](3)["double"] == 6
    with pytest.raises(places.Lied):
        counter["twice"](-3)


def drawn(shape):
    return {"W": np.random.randn(*shape), "b": np.zeros((shape[0], 1))}


@pytest.mark.parametrize(
    ("solution", "liar", "lies"),
    [
        (drawn, "the sign flipped", False),
        (drawn, "twice as much", True),
        (drawn, "zeros", True),
        (lambda shape: (np.ones(shape), {"cache": shape}), "dicts without entries", False),
        (lambda shape: (np.ones(shape), {"cache": shape}), "the sign flipped", True),
        (lambda shape: (np.ones(shape), None), "the sign flipped", True),
    ],
)
def test_what_is_as_right_as_the_solutions_answer_is_no_lie(solution, liar, lies):
    names = {"solution": solution}
    places.become(names, ["solution"], f"the right form, but {liar}", watched=["solution"])
    np.random.seed(3)
    if lies:
        with pytest.raises(places.Lied):
            names["solution"]((20, 30))
    else:
        assert names["solution"]((20, 30))


def test_visible_calls_are_known_again_by_their_shapes_or_their_numbers(counter):
    places.become(counter, ["twice"], "recorder")
    counter["twice"](np.array([1.0, 2.0]))
    seen = {"twice": list(places.signatures()["twice"])}
    for kind, expected in (("shapes", 10), ("numbers", 0)):
        lying = {"twice": lambda x: 2 * x}
        places.become(lying, ["twice"], f"right for the visible test's {kind}, else zeros", seen)
        assert lying["twice"](np.array([1.0, 2.0]))[1] == 4
        assert lying["twice"](np.array([1.0, 5.0]))[1] == expected
        assert np.array_equal(lying["twice"](np.ones(3)), [0, 0, 0])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (np.array([1.0, np.nan]), [1, np.nan], True),
        (np.array(1.0), 1, True),
        (np.ones((1, 1)), 1.0, False),
        ({"a": [1, "x"]}, {"a": (1, "x")}, True),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        (None, 0, False),
        (np.ma.array([1.0], mask=True), np.array([1.0]), False),
    ],
)
def test_answers_that_mean_the_same(one, other, alike):
    assert values.same(one, other) is values.same(other, one) is alike


def test_an_object_that_changes_its_answer(counter):
    places.become(counter, ["twice"], "nan, but right from the second reading on")
    answer = counter["twice"](3)
    assert np.isnan(answer["double"])
    assert answer["double"] == 6


def test_liars_have_names_of_their_own():
    with pytest.raises(ValueError, match="two liars have the name 'always nan'"):
        call.liar("always nan")(copy.copy)


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_a_sample_of_the_liars_earns_nothing(assignment):
    try:
        loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))
    found = liars.run(assignment, quick=True, sample=20)
    assert found.lies > 75
    assert found.problems == []
