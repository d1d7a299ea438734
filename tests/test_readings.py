"""What a test reads of a student's objects: once between two calls, without a change, and never by their word alone."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.core.errors import CaseEnded
from coursekit.core.limits import Limits
from coursekit.grading.named_values import NamedValues
from coursekit.grading.strict import strict
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.fork import Fork
from coursekit.sandbox.inside.wire import WireError
from coursekit.sandbox.loading import LoadedNotebook, Notebook
from coursekit.sandbox.proxies import Nothing, is_instance, is_subclass, plain, type_of

pytestmark = pytest.mark.quick

NOTEBOOK = """
import collections, random
import numpy as np

class Count:
    '''Another answer at each reading.'''
    def __init__(self): self.n = 0
    def more(self):
        self.n += 1
        return self.n
    tick = property(more)
    def __getitem__(self, key): return self.more()
    def __len__(self): return self.more()
    def __float__(self): return float(self.more())
    def __iter__(self): return iter(range(self.more()))
    def __str__(self): return str(self.more())
    def __bool__(self): return self.more() % 2 == 0
    def __hash__(self): return self.more()
    def __eq__(self, other): return self.more() % 2 == 0
    def __neg__(self): return self.more()
class Array(Count):
    def __array__(self, dtype=None, copy=None): return np.full(2, self.more())
class Names(collections.abc.Mapping):
    '''Four names to the first who asks, none to the next.'''
    def __init__(self): self.names = ["W1", "b1", "W2", "b2"]
    def __getitem__(self, key): return key
    def __len__(self): return len(self.names)
    def __iter__(self):
        names, self.names = self.names, []
        return iter(names)
    def __contains__(self, key): return True
    def touch(self): self.names = ["only"]
class Says:
    def __init__(self, length=3, items=(1, 2), holds=True): self.a = length, items, holds
    def __len__(self): return self.a[0]
    def __iter__(self): return iter(self.a[1])
    def __contains__(self, key): return self.a[2]
    def keys(self): return list(self.a[1])
    def __getitem__(self, key): return 0
class Bag:
    def __len__(self): return 3
    def __iter__(self): return iter((1, 2))
    def __getitem__(self, key): return 0
    def items(self): return [("W", 5)]
class Views:
    '''Its views list what its other methods know nothing about.'''
    def __init__(self): self.d = {"W": 5}
    def keys(self): return self.d.keys()
    def items(self): return self.d.items()
    def __contains__(self, key): return key == "V"
    def __len__(self): return 3
    def __getitem__(self, key): return 0
class Harms:
    '''Changes what it was given when it is read.'''
    def __init__(self, given): self.given = given
    def harm(self, *a):
        self.given["W"][:] = 0
        return 1
    def __contains__(self, key): return bool(self.harm())
    keys = lambda self: ["W"]
    __getitem__ = __len__ = __int__ = harm
    __float__ = lambda self: float(self.harm())
    __iter__ = lambda self: iter([self.harm()])
    __str__ = lambda self: str(self.harm())
    __eq__ = __bool__ = lambda self, *a: bool(self.harm())
    __hash__ = None
    attribute = property(harm)
    def __array__(self, dtype=None, copy=None): return np.full(1, self.harm())
class Lazy:
    '''Keeps what it has read, in an array of its own: no harm.'''
    def __init__(self): self.cache = np.zeros(1)
    @property
    def value(self):
        self.cache[0] += 1
        return 5
    def again(self): return self.cache
def steps(given):
    for i in range(3):
        given["W"][:] = i
        yield i
def numbers(): return iter([1, 2, 3])
class Params(dict):
    '''Items that are attributes.'''
    def __init__(self): self.W = np.ones(2)
    def __getitem__(self, key): return getattr(self, key)
    def __setitem__(self, key, value): setattr(self, key, value)
    def __contains__(self, key): return hasattr(self, key)
    def keys(self): return ["W"]
    def __iter__(self): return iter(["W"])
    def __len__(self): return 1
class Derived(dict):
    def __setitem__(self, key, value):
        dict.__setitem__(self, key, value)
        dict.__setitem__(self, key + "2", 2 * value)
class Zero(dict):
    def __missing__(self, key): return 0
def default(): return collections.defaultdict(list, a=[1])
def counted(): return collections.Counter("aab")
def ordered(): return collections.OrderedDict(a=1)
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x
    def __hash__(self): return hash(self.x)
    def __add__(self, other): return Point(self.x + other)
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __array__(self, dtype=None, copy=None): return np.zeros(2)
def points(): return {Point(1), Point(2)}
def by_point(): return {Point(1): "one"}
class Sneaky:
    '''Answers what the test wants to hear.'''
    __array_priority__ = 1000
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = __contains__ = __eq__
    def __sub__(self, other):
        seen.append(other)
        return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __array_ufunc__(self, *arguments, **keywords):
        seen.append(arguments)
        return 0.0
    __array_function__ = __array_ufunc__
seen = []
def count_seen(): return len(seen)
def sum_of(d): return sum(d.values())
def identity(x): return x
class Float(float):
    def __eq__(self, other): return True
    __hash__ = float.__hash__
"""


@pytest.fixture(scope="module")
def student():
    with LoadedNotebook(
        sandbox.strongest(unsafe=True),
        Limits(),
        Notebook([(1, NOTEBOOK)], own_classes=frozenset({"Point", "Views"})),
        None,
    ) as student:
        yield student


@pytest.fixture
def case(student):
    with student.case(20) as case:
        yield case


@pytest.fixture
def new(case):
    return lambda name, *args: case.request("get", name)(*args)


READINGS = {
    "attribute": lambda x: x.tick,
    "item": lambda x: x["key"],
    "slice": lambda x: x[1:2],
    "length": len,
    "number": float,
    "array": lambda x: np.asarray(x).tolist(),
    "by numpy": lambda x: (np.sum(x), np.shape(x), (x + np.ones(2)).tolist()),
    "loop": lambda x: [item + 0 for item in x],
    "text": str,
    "format": lambda x: f"{x}",
    "truth": bool,
    "hash": hash,
    "negative": lambda x: -x,
    "plain": lambda x: plain(x).tolist(),
}


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_is_remembered_until_the_next_call(new, reading):
    count, read = new("Array" if reading in ("array", "by numpy", "plain") else "Count"), READINGS[reading]
    first = read(count)
    assert [read(count) for _ in range(3)] == [first] * 3
    count.more()
    count.more()
    assert reading == "truth" or read(count) != first


def test_an_array_of_their_own_kind_is_one_array_however_it_is_read(new):
    array = new("Array")
    number = np.asarray(array)[0]
    assert [
        array[0],
        *array,
        array.T[1],
        np.sum(array) / 2,
        (array + 0)[1],
        array.mean(),
        plain(array)[0],
    ] == [number] * 8
    assert len(array) == 2 and number in array and number + 1 not in array
    array.more()
    assert array[0] > number


def test_two_objects_compare_the_same_each_time(new):
    one, other = new("Count"), new("Count")
    first = one == other
    assert {bool(one == other) for _ in range(4)} == {first}


def test_a_loop_lists_what_the_first_loop_listed(new):
    names = new("Names")
    assert [str(name) for name in names] == [str(name) for name in names] == ["W1", "b1", "W2", "b2"]
    names.touch()
    assert [str(name) for name in names] == ["only"]


def test_keys_and_items_are_those_of_the_first_loop(new):
    names = new("Names")
    assert len(names) == 4
    assert list(names) == list(names.keys()) == [key for key, _ in names.items()]


def test_a_loop_that_is_left_and_begun_again_begins_at_the_first(new):
    names = new("Names")
    for name in names:
        assert name == "W1"
        break
    assert sum(1 for _ in names) == 4


def test_what_runs_out_is_there_again_after_a_loop_to_its_end(new):
    numbers = new("numbers")
    assert next(numbers) == 1
    assert list(numbers) == [2, 3]
    assert list(numbers) == [2, 3]


def test_a_length_that_no_loop_has_ends_the_case(new):
    bag = new("Bag")
    assert len(bag) == 3
    with pytest.raises(CaseEnded, match="has the length 3, but a loop over it gives 2 items") as ended:
        list(bag)
    assert ended.value.kind == "contradiction"


def test_items_that_are_not_those_of_the_brackets_end_the_case(new):
    bag = new("Bag")
    assert bag["W"] == 0
    with pytest.raises(CaseEnded, match="gives a different value for 'W' each time"):
        bag.items()


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (lambda x: (len(x), list(x.keys())), "has the length 3, but a loop over it gives 1"),
        (lambda x: (list(x.keys()), len(x)), "has the length 3, but a loop over it gives 1"),
        (lambda x: ("V" in x, [*x.keys()]), "contains 'V', but a loop over it does not"),
        (lambda x: ("W" in x, [*x.keys()]), "does not contain 'W', but a loop over it gives"),
        (lambda x: (x["W"], dict(x.items())), "gives a different value for 'W' each time"),
    ],
)
def test_a_view_that_is_not_of_what_the_object_holds_ends_the_case(new, read, told):
    with pytest.raises(CaseEnded, match=told) as ended:
        read(new("Views"))
    assert ended.value.kind == "contradiction"


def test_a_view_alone_is_what_it_lists(new):
    assert list(new("Views").keys()) == ["W"]
    assert [*new("Views").items()] == [("W", 5)]


def test_a_mapping_is_as_long_as_what_it_lists(new):
    assert len(new("Says")) == len(new("Says").keys()) == 2


@pytest.mark.parametrize("order", [lambda x: ("W" in x, list(x)), lambda x: (list(x), "W" in x)])
def test_a_name_that_is_there_for_in_alone_ends_the_case(new, order):
    with pytest.raises(CaseEnded, match="contains 'W', but a loop over it does not"):
        order(new("Says", 2, ("V", "G")))


HARMS = {
    "in": lambda x: "W" in x,
    "item": lambda x: x["W"],
    "length": len,
    "loop": list,
    "number": float,
    "array": np.asarray,
    "text": str,
    "truth": bool,
    "attribute": lambda x: x.attribute,
    "equal": lambda x: x == x,
    "numpy": lambda x: np.sum(x),
}


@pytest.mark.parametrize("reading", HARMS)
def test_a_reading_that_changes_what_was_passed_in_is_an_error(new, reading):
    given = {"W": np.ones(2)}
    harms = new("Harms", given)
    with pytest.raises(CaseEnded, match="change arguments only in a function or method") as ended:
        HARMS[reading](harms)
    assert ended.value.kind == "changing"
    np.testing.assert_array_equal(given["W"], 1)


def test_a_call_may_change_what_was_passed_in(new):
    given = {"W": np.ones(2)}
    new("Harms", given).harm()
    np.testing.assert_array_equal(given["W"], 0)


def test_a_generator_that_changes_what_was_passed_in_is_an_error_too(new):
    given = {"W": np.ones(2)}
    with pytest.raises(CaseEnded, match="change arguments only"):
        list(new("steps", given))


def test_a_property_may_keep_what_it_has_worked_out_and_the_next_call_shows_it(new):
    lazy = new("Lazy")
    cache = lazy.cache
    assert lazy.value == 5
    assert cache[0] == 0
    assert lazy.again() is cache
    assert cache[0] == 1


def test_a_dict_with_item_methods_of_its_own_stays_inside_and_is_one(new):
    params = new("Params")
    assert is_instance(params, dict) and not is_instance(params, list)
    assert "W" in params and "V" not in params
    np.testing.assert_array_equal(params["W"], 1)
    params["b"] = 3
    assert params["b"] == 3
    assert {name: np.sum(value) for name, value in params.items()} == {"W": 2}
    derived = new("Derived")
    derived["x"] = 4
    assert derived == {"x": 4, "x2": 8}
    assert dict(derived) == {**derived} == {"x": 4, "x2": 8}
    assert new("sum_of", derived) == 12
    assert derived.get("x") == 4 and derived.get("none", 7) == 7
    assert new("Zero")["anything"] == 0


def test_dicts_of_the_standard_library_keep_what_they_do(new):
    assert new("default")["new"] == []
    assert new("counted")["z"] == 0
    assert new("counted") == {"a": 2, "b": 1}
    assert type(new("ordered")) is dict


def test_objects_as_keys_are_theirs_to_hash(new):
    point = new("Point", 1)
    assert point in new("points")
    assert new("Point", 3) not in new("points")
    assert len(new("points")) == 2
    assert new("by_point")[point] == "one"
    assert {point: 1}[new("Point", 1)] == 1


def test_no_object_of_theirs_is_shown_what_a_test_expects(case, new):
    sneaky = new("Sneaky")
    expected = np.arange(3.0)
    for compare in (
        lambda: sneaky == expected,
        lambda: expected == sneaky,
        lambda: sneaky != 3,
        lambda: sneaky - expected,
        lambda: expected - sneaky,
        lambda: 3 - sneaky,
        lambda: np.abs(sneaky - 3),
        lambda: np.subtract(sneaky, 3),
        lambda: np.allclose(sneaky, expected),
        lambda: np.float64(2) * sneaky,
        lambda: sneaky in [expected],
        lambda: 3 in [sneaky],
    ):
        with pytest.raises((CaseEnded, TypeError)):
            compare()
    assert new("count_seen") == 0


def test_what_an_own_operator_makes_of_a_tests_value_gives_no_verdict_by_itself(new):
    """A method of an own class that returns self could else be shown what is expected, and answer as suits it."""
    point = new("Point", 1)
    made = point + 5
    assert made.x == 6
    for verdict in (
        lambda: made == 6,
        lambda: abs(made) < 1e-6,
        lambda: bool(made),
        lambda: float(made),
        lambda: np.sum(made),
        lambda: np.allclose(made, 0),
        lambda: point - 9,
        lambda: np.ones(2) - point,
    ):
        with pytest.raises(CaseEnded) as ended:
            verdict()
        assert ended.value.kind == "form"


def test_a_number_of_their_own_kind_is_compared_as_the_number_it_is(new):
    assert new("Float", 2) != 3
    assert new("Float", 2) == 2
    assert abs(new("Float", -2) + 1) == 1
    assert is_instance(new("Float", 2), float)


def test_classes_of_theirs_are_told_apart_there(new, case):
    point, kind = new("Point", 1), case.request("get", "Point")
    assert isinstance(point, kind) and not isinstance(new("Float", 1), kind)
    assert type_of(point) is kind
    assert is_instance(point, (list, kind))
    assert is_subclass(kind, kind) and is_instance(kind, type_of)
    with pytest.raises(CaseEnded, match="can't be decided"):
        is_instance(point, np.ndarray)
    with pytest.raises(CaseEnded, match="can't be decided"):
        isinstance(point, np.ndarray)


def test_an_empty_array_is_told_from_any_answer(new):
    empty = new("identity", (np.zeros((0, 3)),))[0]
    sent = new("identity", [1.5])
    assert sent == [1.5]
    assert type(empty) in (np.ndarray, Nothing)
    nothing = np.zeros(0).view(Nothing)
    for verdict in (
        lambda: nothing - np.ones(3),
        lambda: nothing == 3,
        lambda: np.ones((3, 1)) - nothing,
        lambda: np.all(nothing),
    ):
        with pytest.raises(AssertionError, match="returned something empty"):
            verdict()
    assert nothing.size == 0 and np.shape(nothing) == (0,)
    np.testing.assert_array_equal(nothing, [])
    with pytest.raises(AssertionError, match="returned something empty"):
        np.all(nothing == np.inf)


@pytest.mark.parametrize("tag", ["r", "f"])
def test_a_message_is_taken_apart_without_asking_for_more(tag):
    """A handle in it has a hash and a number, which only the student's process could tell."""
    handle = ["h", [0, False, "Name", "int", False]]
    case = Fork(None)
    with pytest.raises(WireError):
        case.channel.shared.accept([tag, [handle, 1, 1]], {}, [])
    with pytest.raises(WireError):
        case.channel.shared.accept(["o", 1], {1: ["d", [handle, 1]]}, [])


def test_what_a_test_holds_of_their_arrays_is_bounded():
    code = """
import numpy as np
class Endless:
    def __iter__(self):
        while True: yield np.ones(1 << 20)
def endless(): return Endless()
def large(): return np.ones(1 << 20)
"""
    with LoadedNotebook(
        sandbox.strongest(unsafe=True), Limits(memory_mib=1024), Notebook([(1, code)]), None
    ) as student:
        with (
            student.case(30) as case,
            pytest.raises(CaseEnded, match="takes more than 256 MiB in the test"),
        ):
            list(case.request("get", "endless")())
        with student.case(60) as case:
            for _ in range(40):  # what is not kept does not count
                assert case.request("get", "large")().size == 1 << 20


TEST = """
def test(f):
    own = []
    for name in ("a", "b"):
        own.append(name)
    for x in own[2:]:
        assert x
    {body}
"""


@pytest.mark.parametrize(
    ("body", "answer", "passes"),
    [
        ("for x in f(): assert x", [1], True),
        ("for x in f(): assert x", [], False),
        ("for i, x in enumerate(f()): assert x", [], False),
        ("d = f()\n    for k, v in sorted(d.items()): assert v", {}, False),
        ("d = f()\n    for k, v in sorted(d.items()): assert v", {1: 2}, True),
        ("for n in (1, 2):\n        for x in range(n - len(f())): pass", [1], True),
        ("for n in (1, 2):\n        for x in range(len(f()) - 1): pass", [1], False),
        ("assert all(x > 0 for x in f())", [], False),
        ("assert all(x > 0 for x in f())", [1], True),
        ("assert not any([x < 0 for x in f()])", [], False),
        ("assert (f() == 1).all()", np.zeros(0), False),
        ("assert np.all(f() == 1)", np.ones(2), True),
        ("assert not np.any(np.asarray(f()) != 1)", [], False),
        ("assert [x - y for x, y in zip(f(), [1, 2])] == [0]", [1], False),
        ("assert [x - y for x, y in zip(f(), [1, 2])] == [0, 0]", [1, 2], True),
        ("assert [x for x in f() if x > 5] == []", [1], True),
        ("assert [x for x in f() if x > 5] == []", [], False),
        ("c = f()\n    assert [x for x in c if x > 5] == []", np.zeros(0).view(Nothing), False),
        ("assert sum(x > 5 for x in f()) == 0", (), False),
        ("assert sum(abs(x - 1) for i, x in enumerate(f())) == 0", [], False),
        ("assert set(f()) <= {1}", [], False),
        ("assert set(f()) <= {1}", [1], True),
        ("assert {1}.issuperset(f())", (), False),
        ("assert f().isdisjoint({5})", set(), False),
        ("assert f().isdisjoint({5})", {1}, True),
        ("assert next(filter(None, f()), None) is None", [], False),
        ("assert max(f(), default=0) == 0", [], False),
        ("assert ''.join(f()) == ''", [], False),
        ("c = f()\n    assert sorted(c, reverse=True) == c", np.zeros(0).view(Nothing), False),
        ("assert np.prod(f()) == 1", np.zeros(0).view(Nothing), False),
        ("g = f()\n    assert np.linalg.norm(g * 2 - 2) < 1e-6", np.zeros(0).view(Nothing), False),
        ("g = f()\n    assert np.sum(g * g - 1) < 1e-6", np.zeros((0, 3)).view(Nothing), False),
        ("assert np.array_equal(f(), f())", np.zeros(0).view(Nothing), False),
        ("assert len(f()) == 0 and np.size(f()) == 0 and f() == []", [], True),
        (
            "def worst(c): return [x for x in c if x > 5]\n    assert worst(f()) == []",
            np.zeros(0).view(Nothing),
            False,
        ),
        ("def worst(c): return [x for x in c if x > 5]\n    assert worst([*f(), 6]) == [6]", [1], True),
    ],
)
def test_a_test_finds_something_where_it_looks_for_something(body, answer, passes):
    source = "import numpy as np\n" + TEST.format(body=body)
    namespace = {}
    exec(source, namespace)
    test, _ = strict(namespace["test"], source, "test.py", NamedValues({}))
    if passes:
        test(lambda: answer)
    else:
        with pytest.raises(AssertionError):
            test(lambda: answer)
