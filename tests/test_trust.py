"""No answer earns points by lying to a test, whatever the test's author wrote: ordinary assertions on odd objects."""

from __future__ import annotations

import nbformat
import pytest
from courses import tiny

from coursekit.build import build, checks
from coursekit.build.source import read_source
from coursekit.core.errors import CourseError

pytestmark = pytest.mark.xdist_group("trust")

IMPORTS = "import datetime, decimal, fractions\nimport numpy as np"
TASKS = {
    'class Account:\n    """An account with a balance."""': """\
    def __init__(self, balance):
        self.balance = balance

    def __eq__(self, other):
        return self.balance == other.balance

    def __hash__(self):
        return hash(self.balance)

    def __add__(self, other):
        return Account(self.balance + getattr(other, "balance", other))

    def __neg__(self):
        return Account(-self.balance)

    def __lt__(self, other):
        return self.balance < other.balance

    def __bool__(self):
        return self.balance != 0

    def __str__(self):
        return f"Account of {self.balance}"

    def __len__(self):
        return 2

    def __getitem__(self, place):
        return (self.balance, 0)[place]
""",
    "def due(day):": "    return datetime.date(2020, 1, day)",
    "def moment(hour):": "    return datetime.datetime(2020, 1, 1, hour, tzinfo=datetime.timezone.utc)",
    "def parts(n):": "    return fractions.Fraction(1, n), decimal.Decimal('0.5') * n, datetime.timedelta(n)",
    "def dtype_of(values):": "    return np.asarray(values).dtype",
    "def days(n):": "    return np.arange('2020-01', n, dtype='datetime64[D]')",
    "def documented():": '    """What it does."""',
    "def stack(items):": "    return list(items)",
    "def squares(n):": "    return [i * i for i in range(n)]",
    "def grads(names):": "    return {name: np.full(2, 3.0) for name in names}",
    "def means(rows):": "    return np.mean(rows, axis=1)",
}
TESTS = {
    "differ": 'assert Account(1) != Account(2), "m"',
    "equal": 'assert Account(3) == Account(3), "m"',
    "text": 'assert "Account of 3" in str(Account(3)) and f"{Account(4)}" == "Account of 4", "m"',
    "truth": 'assert Account(1) and not Account(0), "m"',
    "hash": 'assert hash(Account(7)) == hash(Account(7)) and len({Account(1), Account(1), Account(2)}) == 2, "m"',
    "sum": 'assert Account(1) + Account(2) == Account(3) and (Account(1) + 5).balance == 6, "m"',
    "negative": 'assert -Account(4) == Account(-4), "m"',
    "order": 'assert Account(1) < Account(2) and sorted([Account(3), Account(1)])[0].balance == 1, "m"',
    "member": 'assert Account(2) in [Account(1), Account(2)] and Account(5) not in [Account(1)], "m"',
    "has": 'assert hasattr(Account(1), "__len__") and len(Account(1)) == 2, "m"',
    "items": 'assert list(Account(9)) == [9, 0], "m"',
    "type": 'assert type(Account(1)) is Account and isinstance(Account(1), Account), "m"',
    "date": 'assert due(1) != datetime.date(2020, 1, 2) and due(3) == datetime.date(2020, 1, 3), "m"',
    "hour": 'assert moment(5) == datetime.datetime(2020, 1, 1, 5, tzinfo=datetime.timezone.utc), "m"',
    "numbers": 'assert parts(2) == (fractions.Fraction(1, 2), decimal.Decimal(1), datetime.timedelta(2)), "m"',
    "dtype": 'assert dtype_of([1.5]) == np.float64, "m"',
    "dates": 'assert days("2020-02").shape == (31,) and days("2020-02")[0] == np.datetime64("2020-01-01"), "m"',
    "doc": 'assert documented.__doc__ == "What it does.", "m"',
    "no_doc": 'assert stack([1]) and not stack.__doc__, "m"',
    "filled": 'assert stack([1]), "m"',
    "is_list": 'assert isinstance(stack([1]), list), "m"',
    "loop": 'for got, i in zip(squares(4), range(4)):\n    assert got == i * i, "m"',
    "all": 'assert all(got >= 0 for got in squares(3)), "m"',
    "by_name": 'for name, grad in grads(["W", "b"]).items():\n    assert grad[0] == 3, "m"',
    "against_a_number": 'np.testing.assert_allclose(means(np.ones((3, 4))), 1, err_msg="m")',
    "difference": 'assert np.sum(np.abs(means(np.ones((3, 4))) - np.ones(3))) < 1e-6, "m"',
    "against_itself": 'np.testing.assert_allclose(means(np.ones((2, 2))), means(np.eye(2) + 0.5), err_msg="m")',
}
# What each test is to refuse, though natively or by an object's own word it might pass.
WRONG = """
class Other:
    def __init__(self, balance): self._balance = balance
    def __eq__(self, other): return False
    __ne__ = __lt__ = __eq__
    def __str__(self): return "?"
def Account(balance): return Other(balance)

def due(day): return type("Day", (), {"__eq__": lambda s, o: True, "__ne__": lambda s, o: True})()
moment = parts = dtype_of = days = due
def documented(): pass
def stack(items):
    "There is a text."
    return type("Stack", (), {"__bool__": lambda s: False})()
def squares(n): return []
def grads(names): return {}
def means(rows): return np.array([])
"""
LIARS = """
class Agrees:
    def __eq__(self, other): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __add__(self, other): return 0
    __sub__ = __radd__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __abs__ = __add__
    def __array_ufunc__(self, *arguments, **keywords): return 0.0
    def __len__(self): return 2
    def __iter__(self): return iter(())
    def __getitem__(self, key): return self
    def __hash__(self): return 5
    def __getattr__(self, name): return self
due = moment = parts = dtype_of = days = stack = squares = grads = means = lambda *arguments: Agrees()
def means(rows): return np.full(len(rows), np.nan)
"""


def source(tests):
    """An assignment of TASKS, and a question of one point for each of the `tests`."""
    notebook = tiny.notebook()
    notebook.cells = [tiny.given("imports", IMPORTS)]
    for number, (head, body) in enumerate(TASKS.items()):
        text = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        notebook.cells.append(tiny.solution(f"task_{number}", text))
    for name, text in tests.items():
        hidden = f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"
        notebook.cells.append(tiny.test(name, hidden, points=1))
    return notebook


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    assignment = tiny.course(tmp_path_factory.mktemp("trust"), source(TESTS))
    build(assignment)
    return assignment


def grade(assignment, folder, code):
    notebook = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(code))
    nbformat.write(notebook, folder / assignment.notebook_name)
    result = tiny.graded(assignment, folder, "someone")
    return {test["name"]: test for test in result["tests"]}


def passed(tests):
    return sorted(name for name, test in tests.items() if test["score"])


def test_the_solution_passes_ordinary_assertions(assignment):
    """The build would have failed otherwise."""
    assert (assignment.autograder / "tests" / "differ.py").is_file()


def test_what_is_wrong_in_all_of_them_earns_nothing(assignment, tmp_path):
    assert passed(grade(assignment, tmp_path, WRONG)) == []


def test_objects_that_agree_with_everything_earn_nothing(assignment, tmp_path):
    # What is theirs to say: an Account's operators, and whether a stack is true.
    own = [name for name, text in TESTS.items() if "Account" in text or name in ("doc", "no_doc", "filled")]
    assert [name for name in passed(grade(assignment, tmp_path, LIARS)) if name not in own] == []


REFUSED_BY_TEXT = {
    "with contextlib.redirect_stdout(io.StringIO()) as out:\n    total([1])\nassert out.getvalue() == ''": "captures",
    "assert sys.stdout.getvalue() == ''": "captures",
    "assert os.path.exists('plot.png')": "looks at files",
    "assert exists('plot.png')": "looks at files",
    "assert pathlib.Path('x').exists()": "looks at files",
    "assert open('x').read()": "looks at files",
    "assert o.listdir()": "looks at files",
    "assert np.load('x.npy').size": "looks at files",
    "with warnings.catch_warnings(record=True) as caught:\n    total([1])\nassert not caught": "looks at warnings",
    "with np.errstate(all='raise'):\n    total([1])": "looks at warnings",
    "np.testing.assert_no_warnings(total, [1])": "looks at warnings",
    "assert plt.gcf().axes": "looks at figures",
    "with mock.patch('builtins.input', lambda: 'x'):\n    total([1])": "gives input or patches",
    "assert inspect.getsource(total)": "looks at code",
    "assert 'for' not in getsource(total)": "looks at code",
    "assert vars(total)": "looks at code",
}


@pytest.mark.parametrize("text", REFUSED_BY_TEXT)
@pytest.mark.parametrize("hidden", [False, True])
def test_the_build_refuses_a_test_that_looks_at_the_graders_side(tmp_path, text, hidden):
    source = tiny.notebook()
    imports = "import contextlib, inspect, io, os, pathlib, sys, warnings\nimport os as o\nfrom os.path import exists"
    tiny.cell(
        source, "imports"
    ).source += f"\n{imports}\nfrom inspect import getsource\nfrom unittest import mock"
    cell = tiny.cell(source, "total")
    more = f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS" if hidden else ""
    cell.source = f"{cell.source}\n{more}" if hidden else f"{text}\n{cell.source}"
    with pytest.raises(CourseError, match=REFUSED_BY_TEXT[text]) as error:
        checks.check_source(read_source(tiny.course(tmp_path, source)))
    assert text.splitlines()[0][:40] in str(error.value)
    assert "read-only function" in str(error.value)


@pytest.mark.parametrize("line", ["### AUTOTEST total([1])", "    # HASHED AUTOTEST total([1])"])
def test_the_build_refuses_nbgraders_automatic_tests(tmp_path, line):
    source = tiny.notebook()
    tiny.cell(source, "total").source += f"\n{line}"
    with pytest.raises(CourseError, match="AUTOTEST"):
        checks.check_source(read_source(tiny.course(tmp_path, source)))


REFUSED_BY_RUNNING = {
    "identity": ('assert Account(1) == 1, "m"', "with a value using =="),
    "unequal": ('assert Account(1) != "text", "m"', "with a value using !="),
    "ordered": ('assert Account(1) < 5, "m"', "with a value using <"),
    "instance": ('assert not isinstance(made(), np.ndarray), "m"', "isinstance(…, ndarray) can't be decided"),
    "shown": ('assert made() - 5 == 0, "m"', "would show one of the test's values"),
    "number": ('assert np.abs(made()) < 5, "m"', "where a number or an array is needed"),
    "idle": ('for x in stack([]):\n    assert x, "m"', "your code returned something empty"),
    "all_of_none": (
        'assert all(x > 0 for x in stack([])), "m"',
        "your code returned something empty",
    ),
    "shorter": (
        'for x, y in zip(stack([1]), [1, 2]):\n    assert x == y, "m"',
        "a different number of items",
    ),
    "nan": ('np.testing.assert_allclose(means([[np.nan]]), means([[np.nan]]), err_msg="m")', "not a number"),
}


def test_the_build_refuses_what_would_decide_nothing_and_names_the_line(tmp_path):
    notebook = source({name: text for name, (text, _) in REFUSED_BY_RUNNING.items()})
    made = "def made():\n    ### BEGIN SOLUTION\n    return type('Made', (), {})()\n    ### END SOLUTION"
    notebook.cells.insert(1, tiny.solution("made", made))
    with pytest.raises(CourseError) as error:
        build(tiny.course(tmp_path, notebook))
    for name, (text, message) in REFUSED_BY_RUNNING.items():
        told = str(error.value).partition(f"cell '{name}'")[2].partition("\n  cell '")[0]
        assert message in told, (name, told)
        line = text.removeprefix("assert ").splitlines()
        assert line[0].removesuffix(', "m"').rstrip(":") in told or line[-1].strip() in told, (name, told)
