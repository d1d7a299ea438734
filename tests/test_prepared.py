"""What a test prepares once for a whole class."""

from __future__ import annotations

import ast
import random

import numpy as np
import pytest

from coursekit.grading.otter_tests import read_test_file
from coursekit.grading.prepared import Prepared, take_out

pytestmark = pytest.mark.quick

TEST = '''
import given
import numpy as np
from otter.test_files import test_case

OK_FORMAT = False
name = "q"
points = 1


@test_case(hidden=True)
def test_q_hidden(f):
    import functools

    @functools.cache
    def prepared():
        """Digits."""
        rng = np.random.RandomState(3)
        X = rng.rand(4)
        return X, [given.COUNT]

    @functools.cache
    def needs_an_answer():
        return f(2)

    X, calls = prepared()
    again, _ = prepared()
    assert again is not X or not hasattr(prepared, "make")
    X += 1
    f(X)
    assert needs_an_answer() == f(2)
    np.testing.assert_allclose(prepared()[0], X - 1)
'''
GIVEN = "COUNT = 7\n"


@pytest.fixture
def test_file(tmp_path):
    (tmp_path / "given.py").write_text(GIVEN)
    (tmp_path / "q.py").write_text(TEST)
    return read_test_file(tmp_path / "q.py", tmp_path, {})


def taken(*lines, parameters="f"):
    body = "\n".join(f"    {line}" for line in lines)
    tree = ast.parse(f"def test({parameters}):\n{body}").body[0]
    return [one.name for one in take_out(tree)], ast.unparse(tree)


def test_it_is_called_once_and_each_test_gets_a_copy(test_file):
    [prepared] = test_file.prepared
    [case] = test_file.cases
    prepared.make()
    first, (count,) = prepared()
    assert count == 7
    for _ in range(3):  # the test changes what it got in place
        case.call({"f": lambda x: 5})
    assert prepared()[0] is not first
    np.testing.assert_array_equal(prepared()[0], np.random.RandomState(3).rand(4))


def test_a_function_that_reads_an_answer_stays_in_the_test():
    marked = "@functools.cache"
    for lines in (
        [marked, "def g():", "    return f(1)"],
        ["x = 1", marked, "def g():", "    return x"],
        ["def h(): return f(1)", marked, "def g():", "    return h()"],
        ["for i in (1,): pass", marked, "def g():", "    return i"],
        [marked, "def g(n):", "    return n"],
        [marked, "def g(n=1):", "    return n"],
        [marked, "def g(*n):", "    return n"],
        ["@functools.lru_cache(3)", "def g():", "    return 1"],
        ["def g():", "    return 1"],
    ):
        found, text = taken("import functools", *lines)
        assert found == []
        assert ("@functools" in text) == any("@functools" in line for line in lines)


def test_a_function_may_have_names_of_its_own_and_the_tests_imports():
    lines = ["import functools, math", "rng = 5", "@functools.cache", "def g():"]
    lines += [
        "    rng = math.pi",
        "    def inner(f): return f + rng",
        "    return [inner(f) for f in range(3)]",
    ]
    found, text = taken(*lines, "assert f(g())")
    assert found == ["g"]
    assert "def g" not in text


def test_it_does_not_depend_on_when_it_is_called():
    def draws():
        return random.random(), np.random.rand()

    np.random.seed(4)
    random.seed(4)
    expected = draws()
    np.random.seed(4)
    random.seed(4)
    one, other = Prepared(draws), Prepared(draws)
    one.make()
    assert draws() == expected, "the global generators are as before"
    assert one() == other()


def test_what_it_raises_is_raised_in_the_test():
    calls = []

    def fails():
        calls.append(1)
        raise ValueError("no data")

    prepared = Prepared(fails)
    for _ in range(2):
        with pytest.raises(ValueError, match="no data"):
            prepared()
    assert len(calls) == 2
