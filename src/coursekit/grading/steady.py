"""Whether a notebook is at its end, for its tests, as it was at their places: then it need not be held there.

A test is run as the notebook was at the test's place, since a cell further down may change what the test needs
(sandbox/loading.py). Each place costs a process. In most notebooks nothing of the kind is possible, and that can be
told from the text: what the tests need is defined once, above them, and no code of the student's changes anything but
what it has been given. Wherever that is not certain the notebook is held. So nothing here decides about points.

Cells that are as in the release are trusted.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coursekit.core.scope import names
from coursekit.intake.code import parse

_MODULES = frozenset("numpy math cmath matplotlib time random itertools collections copy typing".split())
"""modules whose functions change nothing that a test could notice, but for the names below"""
_CHANGING = frozenset(
    """seterr seterrcall setbufsize set_printoptions set_string_function rcParams rc style register_cmap
    save savez savez_compressed savetxt savefig tofile memmap dump""".split()
)
"""names of what changes a setting of a module, or writes a file"""
_REFLECTING = frozenset(
    """exec eval compile globals locals vars setattr delattr open input breakpoint exit quit type
    get_ipython __import__ __builtins__""".split()
)
"""builtins by which anything could be changed"""
_METHODS = frozenset(
    """append extend insert remove pop clear sort reverse add discard update setdefault popitem fill put
    resize itemset partition""".split()
)
"""methods that change a list, a set, a dict or an array"""
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
_DECORATORS = frozenset({"staticmethod", "property"})
_DUNDERS = frozenset({"__init__", "__name__", "__call__"})


def places_to_hold(
    cells: Sequence[tuple[int, str]],
    as_released: Collection[int],
    places: Mapping[str, int],
    reads: Mapping[str, Collection[str]],
    files: Mapping[str, str],
    given: Collection[str],
) -> dict[str, int]:
    """Those of the places at which the notebook may not be as at its end, for the test that stands there.

    cells: (number, source) of those that are run. as_released: the numbers of the release's. places: by test, how many
    cells come before it. reads: by test, the names that it reads. files: the texts of the Python files that students
    write in. given: the names of the assignment's other Python files.
    """
    own = {name.removesuffix(".py") for name in files}
    modules = _MODULES | own | {name.removesuffix(".py") for name in given}
    bound: dict[str, list[tuple[int, _Bound]]] = {}
    made, stateless = set[str](), set[str]()
    for place, (number, source) in enumerate(cells):
        parsed = look_at(source)
        if parsed is None or (number not in as_released and not parsed.is_harmless(modules)):
            return dict(places)
        for name, one in parsed.bound:
            bound.setdefault(name, []).append((place, one))
        made |= parsed.made
        stateless |= parsed.stateless
    for text in files.values():
        parsed = look_at(text)
        if parsed is None or not parsed.is_harmless(modules) or not parsed.only_defines:
            return dict(places)
        made |= parsed.made
        stateless |= parsed.stateless
    if not made <= stateless:
        return dict(places)
    return {
        test: place for test, place in places.items() if not _is_settled(reads.get(test, ()), place, bound)
    }


def _is_settled(needed: Collection[str], place: int, bound: Mapping[str, list[tuple[int, _Bound]]]) -> bool:
    """Whether the names, and all that the code behind them reads, are bound once, above the place, for good."""
    seen, pending = set(needed), list(needed)
    while pending:
        found = bound.get(pending.pop(), [])
        if len(found) > 1 or any(where >= place or not one.is_fixed for where, one in found):
            return False
        more = {name for _, one in found for name in one.reads} - seen
        seen |= more
        pending += more
    return True


@dataclass(frozen=True)
class _Bound:
    """What a name is bound to at the top level. is_fixed: a definition, an import, or a value that can't change."""

    is_fixed: bool
    reads: frozenset[str] = frozenset()
    """what its code reads at the top level"""


@dataclass(frozen=True)
class _Cell:
    """What is of interest in a text."""

    bound: tuple[tuple[str, _Bound], ...]
    only_defines: bool
    """whether it does nothing but define and import, and nothing that it defines reads what can change"""
    imports: frozenset[str]
    """the modules"""
    changes_only_its_own: bool
    made: frozenset[str]
    """the classes of which an instance is a default, and is kept from call to call"""
    stateless: frozenset[str]
    """the classes whose instances keep nothing after they have been made"""

    def is_harmless(self, modules: Collection[str]) -> bool:
        return self.changes_only_its_own and self.imports <= set(modules)


@lru_cache(maxsize=512)
def look_at(source: str) -> _Cell | None:
    """What places_to_hold() needs of a text, found once for all submissions; None if it can't be parsed."""
    parsed = parse(source)
    if parsed is None:
        return None
    bound: list[tuple[str, _Bound]] = []
    modules: set[str] = set()
    made, stateless = set[str](), set[str]()
    only_defines, harmless = True, True
    for statement in parsed.statements:
        node = statement.node
        found = list(_bindings(node))
        bound += found
        only_defines &= isinstance(node, _DEFINITIONS) or _is_text(node) or _is_for_scripts(node)
        nodes = list(ast.walk(node))
        for inner in nodes:
            match inner:
                case ast.Import(names=aliases):
                    modules |= {alias.name.partition(".")[0] for alias in aliases}
                case ast.ImportFrom(module=module):
                    modules.add((module or "").partition(".")[0])
                case ast.arguments():
                    made |= set(_makers(inner))
        harmless = harmless and _changes_only_its_own(node, nodes, found)
        if isinstance(node, ast.ClassDef) and _is_stateless(node):
            stateless.add(node.name)
    data = {name for name, one in bound if not one.is_fixed}
    only_defines &= data.isdisjoint(name for _, one in bound for name in one.reads)
    return _Cell(
        tuple(bound), only_defines, frozenset(modules), harmless, frozenset(made), frozenset(stateless)
    )


def _bindings(node: ast.stmt) -> Iterator[tuple[str, _Bound]]:
    """The names that a statement binds at the top level."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name, _Bound(True, names(ast.Module([node], [])).reads)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], _Bound(True)
    elif isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in node.targets):
        for target in node.targets:
            yield ast.unparse(target), _Bound(_is_constant(node.value))
    else:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id, _Bound(False)
            elif isinstance(inner, ast.alias):
                yield inner.asname or inner.name.partition(".")[0], _Bound(False)
            elif name := getattr(inner, "name", None):  # of a definition, a pattern, or a caught exception
                yield name, _Bound(False)


def _changes_only_its_own(
    node: ast.stmt, nodes: Sequence[ast.AST], bound: Sequence[tuple[str, _Bound]]
) -> bool:
    """Whether a statement, and what it defines, changes at most what it has made itself or has been given.

    nodes: all of its tree. bound: what it binds.
    """
    is_code = isinstance(node, ast.FunctionDef | ast.ClassDef)
    outside = frozenset[str]().union(*(one.reads for _, one in bound))
    for one in nodes:
        match one:
            case (
                ast.Global()
                | ast.Delete()
                | ast.AsyncFunctionDef()
                | ast.Await()
                | ast.Yield()
                | ast.YieldFrom()
                | ast.alias(name="*")
            ):
                return False
            case ast.Name(id=name) if name in _REFLECTING:
                return False
            case ast.Constant(value=str(text)) if text in _CHANGING:  # for getattr()
                return False
            case ast.Attribute(attr=name) if name in _CHANGING or (
                name.startswith("__") and name not in _DUNDERS
            ):
                return False
            case ast.Attribute(ctx=ast.Store()) if not is_code:
                return False
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()) if _root(one) in outside | {
                ""
            }:
                return False
            case ast.Subscript(ctx=ast.Store(), value=ast.Attribute()) if not is_code:
                return False
            case ast.Call(func=ast.Attribute(attr=name, value=ast.Attribute())) if name in _METHODS and (
                not is_code or _root(one.func) in outside
            ):  # of a part of a function or a class
                return False
            case ast.FunctionDef() if not _is_plain(one):
                return False
            case ast.Lambda() if not all(map(_is_default, _defaults(one.args))):
                return False
            case ast.ClassDef() if one.decorator_list or one.keywords or not all(map(_is_member, one.body)):
                return False
    return True


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes and items begins with; empty if it begins with anything else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_plain(node: ast.FunctionDef) -> bool:
    """Whether a function keeps nothing from one call to the next."""
    decorators = [one.id if isinstance(one, ast.Name) else "" for one in node.decorator_list]
    return _DECORATORS.issuperset(decorators) and all(map(_is_default, _defaults(node.args)))


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [one for one in (*arguments.defaults, *arguments.kw_defaults) if one is not None]


def _is_member(node: ast.stmt) -> bool:
    """Whether a statement in a class makes nothing that its instances could share and change."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return node.value is None or _is_constant(node.value)
    return isinstance(node, ast.FunctionDef | ast.Pass) or _is_text(node)


def _is_stateless(node: ast.ClassDef) -> bool:
    """Whether only __init__ changes an instance, and it has no methods from elsewhere."""
    methods = [one for one in node.body if not (isinstance(one, ast.FunctionDef) and one.name == "__init__")]
    return not node.bases and not any(
        isinstance(inner, ast.Attribute | ast.Subscript)
        and not isinstance(inner.ctx, ast.Load)
        and (isinstance(inner, ast.Attribute) or _root(inner) == "self")
        for method in methods
        for inner in ast.walk(method)
    )


def _is_for_scripts(node: ast.stmt) -> bool:
    """Whether it is run only where the file is the program."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _makers(arguments: ast.arguments) -> Iterator[str]:
    """The functions and classes that are called for defaults."""
    for default in _defaults(arguments):
        for inner in ast.walk(default):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                yield inner.func.id


def _is_default(node: ast.expr) -> bool:
    """Whether it is a constant or an instance, made without arguments, of a class that has to be stateless; or a
    method of one."""
    match node:
        case ast.Call(func=ast.Name(), args=[], keywords=[]):
            return True
        case ast.Attribute(value=ast.Call(func=ast.Name()) as made):
            return _is_default(made)
    return _is_constant(node)


def _is_constant(node: ast.expr) -> bool:
    """Whether it is a value that can't change: a constant, a tuple of such, or an array without entries."""
    match node:
        case ast.Constant() | ast.Name(id="float" | "int" | "str" | "bool"):
            return True
        case ast.UnaryOp(operand=inner):
            return _is_constant(inner)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.Tuple(elts=items):
            return all(map(_is_constant, items))
        case ast.Call(func=ast.Attribute(attr="array"), args=[ast.List(elts=[])], keywords=[]):
            return True
    return False
