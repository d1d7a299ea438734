"""Make a test strict about what came from a student: nothing is equal to nothing, and NaN to no NaN.

In sealed grading a test's text keeps its meaning, but for what would let an answer pass that says nothing:

- the assertions of `numpy.testing`, and `numpy.allclose` and `isclose`, take an answer of the expected shape alone (a
  number that is expected stands for every entry, of which there must be one), and no NaN where it was not asked for
  with ``equal_nan=True``;
- what a student returned is not empty where a test loops over it, and each loop over what was made of it, each `all`
  and each `any`, has something to do at least once in the test; `zip` gives no shorter list than what it goes with;
- an empty array that a student returned is neither equal nor unequal to anything, and nothing can be taken from it;
- `isinstance`, `issubclass` and `type` of an object that stays in the student's process are decided there, or refused.

What came from a student is told by the test's text: a name that was computed with one of the test's parameters.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from coursekit.sandbox.proxies import (
    HANDLES,
    ITERATOR,
    NOTHING,
    Nothing,
    behind,
    is_instance,
    is_subclass,
    plain,
    type_of,
)

PREFIX = "_coursekit_"
TAKE_NOTHING = frozenset(
    """len size shape ndim isinstance issubclass type print repr str format bool hasattr getattr setattr callable id
    copy deepcopy list tuple dict enumerate reversed append add update extend insert setdefault dtype zeros_like
    ones_like full_like empty_like""".split()
)
"""functions and methods that say of nothing what it is, or put it somewhere: they may be given an empty answer"""
LENGTHS = "what your code returned has another number of items than what it is compared with"
NAN = "what your code returned, or what the test computed from it, is not a number (NaN)"
SHAPES = "what your code returned has another shape than it should have"


# ---- the test's text


def strict(function: Callable[..., None], source: str, path: str) -> Callable[..., None]:
    """The test function `function` of the test file `source`, made strict; lines and names are as they were."""
    tree = ast.parse(source)
    node = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function.__name__)
    node.decorator_list = []
    sites = _Sites()
    node = _Strict(_students(node), sites, source).visit(node)
    module = ast.fix_missing_locations(ast.Module([node], []))
    namespace = dict(function.__globals__) | _HELPERS | {f"{PREFIX}sites": sites}
    replaced = {id(old): new for old, new in _numpy_functions().items()}
    namespace |= {name: replaced[id(value)] for name, value in namespace.items() if id(value) in replaced}
    exec(compile(module, path, "exec"), namespace)
    test = namespace[node.name]

    @functools.wraps(test)
    def run(*args: Any, **keywords: Any) -> None:
        sites.begin()
        test(*args, **keywords)
        sites.check()

    return run


def _students(function: ast.FunctionDef) -> set[str]:
    """The names in a test that hold what a student's code gave, or what was computed of that."""
    found = {arg.arg for arg in function.args.args}
    inner = {n.name: n for n in ast.walk(function) if isinstance(n, ast.FunctionDef) and n is not function}
    local = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    local |= {n.arg for n in ast.walk(function) if isinstance(n, ast.arg)} | set(inner)
    before = -1
    while len(found) != before:
        before = len(found)
        for node in ast.walk(function):
            for targets, values in _assigned(node, inner):
                if any(_mentions(value, found) for value in values):
                    found.update(targets & local)  # np.append(all, loss) makes nothing of np
    return found


def _assigned(node: ast.AST, inner: dict[str, ast.FunctionDef]) -> Iterator[tuple[set[str], list[ast.AST]]]:
    """What a statement or expression puts into which names, by whatever way."""
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
    """The names that are assigned to, whole or in part."""
    found: set[str] = set()
    for target in targets:
        if isinstance(target, ast.Name):
            found.add(target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            found |= _bound(target.elts)
        elif isinstance(target, ast.Starred | ast.Attribute | ast.Subscript):
            found |= _bound([target.value])
    return found


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


class _Strict(ast.NodeTransformer):
    """Rewrites a test's text; `sites` numbers the places that need something to do."""

    def __init__(self, students: set[str], sites: _Sites, source: str):
        self._students, self._sites, self._source_text = students, sites, source
        self._inner: set[str] = set()
        self._parameters: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not self._parameters:
            self._parameters = {arg.arg for arg in node.args.args}
        self._inner |= {n.name for n in ast.walk(node) if isinstance(n, ast.FunctionDef)}
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
        text, function = self._text(node), node.func
        self.generic_visit(node)
        name = function.id if isinstance(function, ast.Name) else ""
        method = function.attr if isinstance(function, ast.Attribute) else ""
        owner = function.value if method else None
        of_numpy = isinstance(owner, ast.Name) and owner.id in ("np", "numpy")
        if name == "zip":
            node.func = ast.copy_location(ast.Name(f"{PREFIX}zip", ast.Load()), function)
        elif name in ("all", "any") and len(node.args) == 1 and self._is_students(node.args[0]):
            node.args = [self._at_site("each", self._source(node.args[0]), text)]
        elif method in ("all", "any") and of_numpy and node.args and self._is_students(node.args[0]):
            node.args[0] = self._at_site("some", node.args[0], text)
        elif method in ("all", "any") and not of_numpy and self._is_students(owner):
            function.value = self._at_site("some", owner, text)
        elif method in ("array", "asarray") and of_numpy:
            return _call(f"{PREFIX}answer", node)
        elif name in self._inner or method in TAKE_NOTHING or name in TAKE_NOTHING:
            pass
        elif method in ("issubset", "isdisjoint", "count"):
            function.value = self._source(owner)
            node.args = [self._source(argument) for argument in node.args]
        elif not self._is_students(function) and not (method or name).startswith("assert"):
            node.args = [self._source(argument) for argument in node.args]
        return node

    def _is_students(self, node: ast.AST) -> bool:
        return _mentions(node, self._students)

    def _text(self, node: ast.AST) -> str:
        return ast.get_source_segment(self._source_text, node) or ""

    def _at_site(self, method: str, node: ast.expr, text: str) -> ast.expr:
        return _call(f"{PREFIX}sites.{method}", ast.Constant(self._sites.new(text)), node)

    def _source(self, node: ast.expr) -> ast.expr:
        """The expression, with what a student returned in it checked for being empty."""
        if not self._is_students(node) or isinstance(node, ast.Starred):
            return node
        if isinstance(node, ast.Call):
            function = node.func
            direct = isinstance(function, ast.Name) and function.id in self._parameters
            if isinstance(function, ast.Name) and not direct and function.id not in self._inner:
                if function.id in ("enumerate", "reversed", "list", "tuple", "dict"):
                    node.args = [self._source(argument) for argument in node.args]
                return node  # the arguments of others have been looked at
            if isinstance(function, ast.Attribute) and function.attr in (
                "items",
                "values",
                "keys",
                "tolist",
                "copy",
            ):
                function.value = self._source(function.value)
                return node
            return _call(f"{PREFIX}filled", ast.Constant(direct), node)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return _call(f"{PREFIX}filled", ast.Constant(False), node)
        return node


def _call(name: str, *args: ast.expr) -> ast.Call:
    where = args[-1]
    called = ast.parse(name, mode="eval").body
    for part in (*ast.walk(called), *args[:-1]):
        ast.copy_location(part, where)
    return ast.copy_location(ast.Call(called, list(args), []), where)


# ---- what the text calls in place of Python's own


def _fail(err_msg: str, note: str = "") -> None:
    """Fail the test in words that a student may read, of a hidden test too. note: for the instructor's log."""
    error = AssertionError(err_msg)
    if note:
        error.add_note(note)
    raise error


class _Sites:
    """The places of a test that loop, or ask for all or any: each that is reached has something to do once."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._idle: dict[int, bool] = {}

    def new(self, text: str) -> int:
        """The number of another place; `text` is what stands there, for the instructor."""
        self._texts.append(text)
        return len(self._texts) - 1

    def begin(self) -> None:
        self._idle.clear()

    def check(self) -> None:
        for site, idle in self._idle.items():
            if idle:
                _fail(NOTHING, f"never anything in: {self._texts[site]}")

    def each(self, site: int, items: Iterable[Any]) -> Iterator[Any]:
        self._idle.setdefault(site, True)
        for item in items:
            self._idle[site] = False
            yield item

    def some(self, site: int, value: Any) -> Any:
        self._idle.setdefault(site, True)
        if type(value) in HANDLES or np.size(value):
            self._idle[site] = False
        return value


def _filled(direct: bool, value: Any) -> Any:
    """What a student returned, when there is something in it; what a test made of it may be empty.

    direct: the value is what a call of theirs gave.
    """
    kind = type(value)
    if kind is Nothing or (
        kind in _CONTAINERS and kind is not range and not len(value) and (direct or _is_students(value))
    ):
        _fail(NOTHING)
    if kind in HANDLES:
        found = behind(value).kind
        if found == ITERATOR:
            return _not_empty(value)
        if found in _KINDS_OF_CONTAINERS and not len(value):
            _fail(NOTHING)
    return value


def _not_empty(items: Iterable[Any]) -> Iterator[Any]:
    empty = True
    for item in items:
        empty = False
        yield item
    if empty:
        _fail(NOTHING)


def _is_nobodys(value: Any) -> bool:
    return False


_is_students: Callable[[Any], bool] = _is_nobodys
"""whether this list, dict or array came from a student's process: set for the test case that is run"""


def _zip(*many: Iterable[Any], strict: bool = False) -> Iterator[tuple[Any, ...]]:
    if len({len(one) for one in many if _is_sized(one)}) > 1:
        _fail(LENGTHS)
    return zip(*many, strict=strict)


def _is_sized(one: Any) -> bool:
    if type(one) in (np.ndarray, Nothing):
        return one.ndim > 0
    return type(one) in _CONTAINERS or (type(one) in HANDLES and hasattr(one, "__len__"))


def _answer(array: Any) -> Any:
    """An array that was made of what a student returned."""
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
    """Whether an answer has the expected shape; a number that is expected stands for every entry of at least one."""
    try:
        mine, wanted = np.shape(actual), np.shape(desired)
    except ValueError:  # of lists of several lengths: the comparison itself will say so
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
        given = signature.bind(*args, **keywords).arguments
        actual, desired = _comparable(given.pop(first)), _comparable(given.pop(second))
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
    return np.asarray(found) if type(found) in HANDLES else found


def _strict_comparison(original: Callable[..., Any]) -> Callable[..., Any]:
    """numpy's allclose or isclose, false where one array has another shape or nothing in it."""

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
    """numpy's functions that a strict test has another of."""
    found = {getattr(np.testing, name): _strict_assertion for name in _ASSERTIONS}
    found |= {np.allclose: _strict_comparison, np.isclose: _strict_comparison}
    return {old: make(old) for old, make in found.items()}


def begin(is_students: Callable[[Any], bool]) -> None:
    """Prepare this process to run one test case, in which `is_students` tells of a value that it came from a student.

    From now on `numpy` and `numpy.testing` have the strict functions.
    """
    global _is_students
    _is_students = is_students
    for old, new in _numpy_functions().items():
        setattr(np.testing if old.__name__ in _ASSERTIONS else np, old.__name__, new)
