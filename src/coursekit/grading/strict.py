"""Make a test strict about students' answers: an empty answer passes no comparison, and neither does NaN.

In sealed grading a test means what its text says, except where that would let an answer without content pass:

- The assertions of `numpy.testing`, and `numpy.allclose` and `isclose`, accept only an answer of the expected shape (an
  expected number stands for every entry, and there must be at least one), and NaN only with ``equal_nan=True``.
- An answer that a test loops over must not be empty. Each loop over something made from an answer, each `all` and each
  `any`, must get at least one item during the test. `zip` does not stop at the shorter list.
- An empty array from a student can't be compared with anything, or subtracted from it.
- `isinstance`, `issubclass` and `type` of an object that stays in the student's process are decided there, or refused.

Which values come from a student is known from the test's text: all names computed with one of the test's parameters.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from coursekit.core import syntax
from coursekit.grading.named_values import NOTE, NamedValues, have_noted
from coursekit.grading.prepared import Prepared, take_out
from coursekit.sandbox.proxies import (
    ITERATOR,
    NOTHING,
    PROXIES,
    Nothing,
    is_instance,
    is_subclass,
    plain,
    target_of,
    type_of,
)

PREFIX = "_coursekit_"
TAKE_NOTHING = frozenset(
    """len size shape ndim isinstance issubclass type print repr str format bool hasattr getattr setattr callable id
    copy deepcopy list tuple dict enumerate reversed append add update extend insert setdefault dtype zeros_like
    ones_like full_like empty_like""".split()
)
"""functions and methods that describe or store an answer: they accept an empty one"""
ALL_ANY = ("all", "any")
PASS_ON = ("enumerate", "reversed", "list", "tuple", "dict")
"""functions that return their argument in another form"""
PASS_ON_THEIR_OWNER = ("items", "values", "keys", "tolist", "copy")
LENGTHS = "your code returned a different number of items than the test expects"
NAN = "your code returned NaN (not a number), or the test computed NaN from it: look for 0/0, log(0) or an overflow"
SHAPES = "your code returned a value of the wrong shape"


# ---- the test's text


def strict(
    function: Callable[..., None], source: str, path: str, named: NamedValues
) -> tuple[Callable[..., None], list[Prepared]]:
    """The test function `function` of the test file `source`, made strict. Its lines and names stay the same.

    named: is told the values of its variables. Also returns what it prepares once for all students (prepared.py).
    """
    tree = ast.parse(source)
    node = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function.__name__)
    node.decorator_list = []
    once = take_out(node)
    sites = _Sites()
    node = _Strict(node, sites, source).visit(node)
    if named.names:
        have_noted(node)
    module = ast.fix_missing_locations(ast.Module([*once, node], []))
    namespace = dict(function.__globals__) | _HELPERS | {f"{PREFIX}sites": sites, NOTE: named.note}
    replaced = {id(old): new for old, new in _numpy_functions().items()}
    namespace |= {name: replaced[id(value)] for name, value in namespace.items() if id(value) in replaced}
    exec(compile(module, path, "exec"), namespace)
    prepared = {one.name: Prepared(namespace[one.name]) for one in once}
    namespace |= prepared
    test = namespace[node.name]

    @functools.wraps(test)
    def run(*args: Any, **keywords: Any) -> None:
        sites.begin()
        test(*args, **keywords)
        sites.check()

    return run, list(prepared.values())


def _students(function: ast.FunctionDef) -> set[str]:
    """The names in a test whose values come from a student's code, or were computed from such values."""
    nodes = syntax.walk(function)
    found = {arg.arg for arg in function.args.args}
    inner = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef) and n is not function}
    local = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    local |= {n.arg for n in nodes if isinstance(n, ast.arg)} | set(inner)
    assigned = [
        (targets & local, set[str]().union(*map(_names, values)))  # np.append(all, loss) does not change np
        for node in nodes
        for targets, values in _assigned(node, inner)
    ]
    before = -1
    while len(found) != before:
        before = len(found)
        for targets, names in assigned:
            if not names.isdisjoint(found):
                found |= targets
    return found


def _assigned(
    node: ast.AST, inner: dict[str, ast.FunctionDef]
) -> Iterator[tuple[set[str], Sequence[ast.AST]]]:
    """The names that a statement or expression assigns to, with the values."""
    if isinstance(node, ast.Assign):
        yield _bound(node.targets), [node.value]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
        yield _bound([node.target]), [node.value] if node.value else []
    elif isinstance(node, ast.For | ast.comprehension):
        yield _bound([node.target]), [node.iter]
    elif isinstance(node, ast.withitem) and node.optional_vars:
        yield _bound([node.optional_vars]), [node.context_expr]
    elif isinstance(node, ast.FunctionDef) and node.name in inner:
        yield {node.name}, list(node.body)
    elif isinstance(node, ast.Call):
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):  # costs.append(loss)
            yield _bound([node.func.value]), arguments
        elif isinstance(node.func, ast.Name) and node.func.id in inner:
            names = [arg.arg for arg in inner[node.func.id].args.args]
            for place, argument in enumerate(node.args):
                yield set(names[place : place + 1]), [argument]
            for keyword in node.keywords:
                yield {keyword.arg or ""}, [keyword.value]


def _bound(targets: Iterable[ast.AST]) -> set[str]:
    """The names that are assigned to, completely or in part."""
    found: set[str] = set()
    for target in targets:
        if isinstance(target, ast.Name):
            found.add(target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            found |= _bound(target.elts)
        elif isinstance(target, ast.Starred | ast.Attribute | ast.Subscript):
            found |= _bound([target.value])
    return found


def _mentioning(tree: ast.AST, names: set[str]) -> dict[ast.AST, bool]:
    """For each node, whether one of the names is in it."""
    found: dict[ast.AST, bool] = {}
    for node in reversed(syntax.walk(tree)):  # what is in a node is seen before it
        inner = ast.iter_child_nodes(node)
        found[node] = node.id in names if isinstance(node, ast.Name) else any(map(found.get, inner))
    return found


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in syntax.walk(node) if isinstance(part, ast.Name)}


@dataclass(frozen=True)
class _Called:
    """A call in a test: of a function by its `name`, or of a `method` of its `owner` (which may be a module)."""

    node: ast.Call
    text: str

    @property
    def name(self) -> str:
        return self.node.func.id if isinstance(self.node.func, ast.Name) else ""

    @property
    def method(self) -> str:
        return self.node.func.attr if isinstance(self.node.func, ast.Attribute) else ""

    @property
    def owner(self) -> ast.expr:
        assert isinstance(self.node.func, ast.Attribute)
        return self.node.func.value

    @property
    def of_numpy(self) -> bool:
        return bool(self.method) and isinstance(self.owner, ast.Name) and self.owner.id in ("np", "numpy")


class _Strict(ast.NodeTransformer):
    """Rewrites the text of `test`; `sites` numbers the places that must get an item."""

    def __init__(self, test: ast.FunctionDef, sites: _Sites, source: str):
        self._students = _mentioning(test, _students(test))
        self._sites, self._lines = sites, source.split("\n")
        self._inner: set[str] = set()
        self._parameters: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not self._parameters:
            self._parameters = {arg.arg for arg in node.args.args}
        self._inner |= {n.name for n in syntax.walk(node) if isinstance(n, ast.FunctionDef)}
        self.generic_visit(node)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        if self._is_students(node.iter):
            text = f"for {self._text(node.target)} in {self._text(node.iter)}"
            node.iter = self._at_site("each", self._source(node.iter), text)
        self.generic_visit(node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.iter = self._source(node.iter)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        call = _Called(node, self._text(node))
        self.generic_visit(node)
        for applies, rewrite in _CALLS:
            if applies(self, call):
                return rewrite(self, call)
        return node

    def _with_strict_zip(self, call: _Called) -> ast.AST:
        call.node.func = ast.copy_location(ast.Name(f"{PREFIX}zip", ast.Load()), call.node.func)
        return call.node

    def _with_each_item(self, call: _Called) -> ast.AST:
        call.node.args = [self._at_site("each", self._source(call.node.args[0]), call.text)]
        return call.node

    def _with_some_argument(self, call: _Called) -> ast.AST:
        call.node.args[0] = self._at_site("some", call.node.args[0], call.text)
        return call.node

    def _with_some_owner(self, call: _Called) -> ast.AST:
        assert isinstance(call.node.func, ast.Attribute)
        call.node.func.value = self._at_site("some", call.owner, call.text)
        return call.node

    def _as_answer(self, call: _Called) -> ast.AST:
        return _call(f"{PREFIX}answer", call.node)

    def _unchanged(self, call: _Called) -> ast.AST:
        return call.node

    def _with_filled_arguments(self, call: _Called) -> ast.AST:
        call.node.args = [self._source(argument) for argument in call.node.args]
        return call.node

    def _with_filled_owner(self, call: _Called) -> ast.AST:
        assert isinstance(call.node.func, ast.Attribute)
        call.node.func.value = self._source(call.owner)
        return self._with_filled_arguments(call)

    def _is_first_students(self, call: _Called) -> bool:
        return bool(call.node.args) and self._is_students(call.node.args[0])

    def _is_students(self, node: ast.AST) -> bool:
        """Whether a student's value is in it; it is a node of the text as it was, or one that was put in around it."""
        known = self._students.get(node)
        return any(map(self._is_students, ast.iter_child_nodes(node))) if known is None else known

    def _text(self, node: ast.expr) -> str:
        """The node's own text. ast.get_source_segment would take the whole file apart each time."""
        assert node.end_lineno
        lines = [line.encode() for line in self._lines[node.lineno - 1 : node.end_lineno]]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"\n".join(lines).decode()

    def _at_site(self, method: str, node: ast.expr, text: str) -> ast.expr:
        return _call(f"{PREFIX}sites.{method}", ast.Constant(self._sites.new(text)), node)

    def _source(self, node: ast.expr) -> ast.expr:
        """The expression, with a check that the student's values in it are not empty."""
        if not self._is_students(node) or isinstance(node, ast.Starred):
            return node
        if isinstance(node, ast.Call):
            function = node.func
            direct = isinstance(function, ast.Name) and function.id in self._parameters
            if isinstance(function, ast.Name) and not direct and function.id not in self._inner:
                if function.id in PASS_ON:
                    node.args = [self._source(argument) for argument in node.args]
                return node  # the arguments of other functions have already been rewritten
            if isinstance(function, ast.Attribute) and function.attr in PASS_ON_THEIR_OWNER:
                function.value = self._source(function.value)
                return node
            return _call(f"{PREFIX}filled", ast.Constant(direct), node)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return _call(f"{PREFIX}filled", ast.Constant(False), node)
        return node


_CALLS: tuple[tuple[Callable[[_Strict, _Called], bool], Callable[[_Strict, _Called], ast.AST]], ...] = (
    (lambda test, call: call.name == "zip", _Strict._with_strict_zip),
    (
        lambda test, call: (
            call.name in ALL_ANY and len(call.node.args) == 1 and test._is_first_students(call)
        ),
        _Strict._with_each_item,
    ),
    (
        lambda test, call: call.method in ALL_ANY and call.of_numpy and test._is_first_students(call),
        _Strict._with_some_argument,
    ),
    (
        lambda test, call: call.method in ALL_ANY and not call.of_numpy and test._is_students(call.owner),
        _Strict._with_some_owner,
    ),
    (lambda test, call: call.method in ("array", "asarray") and call.of_numpy, _Strict._as_answer),
    (lambda test, call: call.name in test._inner, _Strict._unchanged),
    (lambda test, call: call.name in TAKE_NOTHING or call.method in TAKE_NOTHING, _Strict._unchanged),
    (lambda test, call: call.method in ("issubset", "isdisjoint", "count"), _Strict._with_filled_owner),
    (lambda test, call: test._is_students(call.node.func), _Strict._unchanged),
    (lambda test, call: (call.method or call.name).startswith("assert"), _Strict._unchanged),
    (lambda test, call: True, _Strict._with_filled_arguments),
)
"""which calls are rewritten, and how; the first match counts"""


def _call(name: str, *args: ast.expr) -> ast.Call:
    where = args[-1]
    called = ast.parse(name, mode="eval").body
    for part in (*syntax.walk(called), *args[:-1]):
        ast.copy_location(part, where)
    return ast.copy_location(ast.Call(called, list(args), []), where)


# ---- what the rewritten text calls instead of Python's own functions


def _fail(err_msg: str, note: str = "") -> None:
    """Fail the test with words that a student may read, even of a hidden test. note: for the instructor's log."""
    error = AssertionError(err_msg)
    if note:
        error.add_note(note)
    raise error


def _watched(
    items: Iterable[Any],
    at_first: Callable[[], None] | None = None,
    at_none: Callable[[], None] | None = None,
) -> Iterator[Any]:
    """The items; calls `at_first` before the first one, or `at_none` at the end if there was none."""
    empty = True
    for item in items:
        if empty and at_first:
            at_first()
        empty = False
        yield item
    if empty and at_none:
        at_none()


class _Sites:
    """The loops, all() and any() of a test: each one that is reached must get at least one item."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._idle: dict[int, bool] = {}

    def new(self, text: str) -> int:
        """The number of a new place; `text` is its source, for the instructor."""
        self._texts.append(text)
        return len(self._texts) - 1

    def begin(self) -> None:
        self._idle.clear()

    def check(self) -> None:
        for site, idle in self._idle.items():
            if idle:
                _fail(NOTHING, f"it never got an item: {self._texts[site]}")

    def each(self, site: int, items: Iterable[Any]) -> Iterator[Any]:
        self._idle.setdefault(site, True)
        yield from _watched(items, at_first=lambda: self._reach(site))

    def some(self, site: int, value: Any) -> Any:
        self._idle.setdefault(site, True)
        if type(value) in PROXIES or np.size(value):
            self._reach(site)
        return value

    def _reach(self, site: int) -> None:
        self._idle[site] = False


def _filled(direct: bool, value: Any) -> Any:
    """The student's value, if it is not empty; a value that the test computed may be empty.

    direct: the value is the result of a call of the student's code.
    """
    kind = type(value)
    if kind is Nothing or (
        kind in _CONTAINERS and kind is not range and not len(value) and (direct or _is_students(value))
    ):
        _fail(NOTHING)
    if kind in PROXIES:
        found = target_of(value).kind
        if found == ITERATOR:
            return _watched(value, at_none=lambda: _fail(NOTHING))
        if found in _KINDS_OF_CONTAINERS and not len(value):
            _fail(NOTHING)
    return value


def _is_nobodys(value: Any) -> bool:
    return False


_is_students: Callable[[Any], bool] = _is_nobodys
"""whether this list, dict or array came from a student's process: set for each test case"""


def _zip(*many: Iterable[Any], strict: bool = False) -> Iterator[tuple[Any, ...]]:
    if len({len(one) for one in many if _is_sized(one)}) > 1:
        _fail(LENGTHS)
    return zip(*many, strict=strict)


def _is_sized(one: Any) -> TypeGuard[Sized]:
    if type(one) in (np.ndarray, Nothing):
        return bool(one.ndim)
    return type(one) in _CONTAINERS or (type(one) in PROXIES and hasattr(one, "__len__"))


def _answer(array: Any) -> Any:
    """An array that was made from a student's value."""
    return array.view(Nothing) if type(array) is np.ndarray and array.size == 0 else array


_CONTAINERS = (list, tuple, dict, set, str, range)
_KINDS_OF_CONTAINERS = ("list", "tuple", "dict", "set", "frozenset", "mapping")
_HELPERS = {
    f"{PREFIX}filled": _filled,
    f"{PREFIX}zip": _zip,
    f"{PREFIX}answer": _answer,
    "isinstance": is_instance,
    "issubclass": is_subclass,
    "type": type_of,
}


# ---- numpy


def _same_shape(actual: Any, desired: Any) -> bool:
    """Whether an answer has the expected shape; an expected number stands for every entry of at least one."""
    try:
        mine, wanted = np.shape(actual), np.shape(desired)
    except ValueError:  # from lists of different lengths: the comparison itself will say so
        return True
    return mine == wanted or (wanted == () and 0 not in mine)


def _has_nan(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(map(_has_nan, value))
    if type(value) is dict:
        return any(map(_has_nan, value.values()))
    array = np.asarray(value)
    return array.dtype.kind in "fc" and bool(np.isnan(array).any())


def _strict_assertion(original: Callable[..., None]) -> Callable[..., None]:
    signature = inspect.signature(original)
    first, second = list(signature.parameters)[:2]

    @functools.wraps(original)
    def assertion(*args: Any, **keywords: Any) -> None:
        if len(args) == 2:  # as in most tests: binding takes a third of all this
            given, (actual, desired) = keywords, args
        else:
            given = signature.bind(*args, **keywords).arguments
            actual, desired = given.pop(first), given.pop(second)
        actual, desired = _comparable(actual), _comparable(desired)
        err_msg = given.get("err_msg", "")
        if type(desired) is Nothing:
            raise AssertionError(f"{NOTHING}. {err_msg}")
        if not _same_shape(actual, desired):
            raise AssertionError(f"{SHAPES}: {np.shape(actual)}, not {np.shape(desired)}. {err_msg}")
        if given.get("equal_nan") is not True and _has_nan(desired):
            raise AssertionError(f"{NAN}. {err_msg}")
        original(actual, desired, **given)

    return assertion


def _comparable(one: Any) -> Any:
    found = plain(one)
    return np.asarray(found) if type(found) in PROXIES else found


def _strict_comparison(original: Callable[..., Any]) -> Callable[..., Any]:
    """numpy's allclose or isclose, but false if the shapes differ or an array is empty."""

    @functools.wraps(original)
    def comparison(a: Any, b: Any, *args: Any, **keywords: Any) -> Any:
        a, b = _comparable(a), _comparable(b)
        same = _same_shape(a, b) or _same_shape(b, a)
        return original(a, b, *args, **keywords) if same else np.False_

    return comparison


_ASSERTIONS = """assert_allclose assert_array_equal assert_equal assert_almost_equal assert_array_almost_equal
    assert_array_almost_equal_nulp assert_array_max_ulp assert_array_less assert_approx_equal""".split()


@functools.cache
def _numpy_functions() -> dict[Callable[..., Any], Callable[..., Any]]:
    """numpy's functions, and those that a strict test calls instead."""
    found = {getattr(np.testing, name): _strict_assertion for name in _ASSERTIONS}
    found |= {np.allclose: _strict_comparison, np.isclose: _strict_comparison}
    return {old: make(old) for old, make in found.items()}


def begin(is_students: Callable[[Any], bool]) -> None:
    """Prepare this process to run one test case; `is_students` tells whether a value came from a student.

    From now on `numpy` and `numpy.testing` have the strict functions.
    """
    global _is_students
    _is_students = is_students
    for old, new in _numpy_functions().items():
        setattr(np.testing if old.__name__ in _ASSERTIONS else np, old.__name__, new)
