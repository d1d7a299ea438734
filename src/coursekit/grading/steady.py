"""Whether a notebook is at its end, for its tests, as it was at their places: then it need not be held there.

A test is run as the notebook was at the test's place, since a cell further down may change what the test needs
(sandbox/loading.py). Each place costs a process. In most notebooks nothing of the kind is possible, and that can be
told from the text: what the tests need is defined once, above them, and no code of the student's changes anything but
what it has been given. Wherever that is not certain the notebook is held. So nothing here decides about points.

What the release's own cells do is trusted. What they define counts as the student's definitions do, since it may keep
something from one call to the next.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from coursekit.core import syntax
from coursekit.core.scope import names
from coursekit.intake.code import parse

MAX_TEXT = 40_000
"""characters of a cell or file that is looked at"""
_MODULES = frozenset("numpy math cmath matplotlib time random itertools collections copy typing".split())
"""modules whose functions change nothing that a test could notice, but for the names below"""
_CHANGING = frozenset(
    """seterr seterrcall setbufsize set_printoptions set_string_function rcParams rc style register_cmap
    os sys warnings save savez savez_compressed savetxt savefig tofile memmap dump""".split()
)
"""names of what changes a setting of a module, or writes a file"""
_REFLECTING = frozenset(
    """exec eval compile globals locals vars setattr delattr open input breakpoint exit quit
    get_ipython reset reset_selective __import__ __builtins__""".split()
)
"""names by which anything could be changed"""
_METHODS = frozenset(
    """append extend insert remove pop clear sort reverse add discard update setdefault popitem fill put
    resize itemset partition""".split()
)
"""methods that change a list, a set, a dict or an array"""
_DECORATORS = frozenset({"staticmethod", "property"})
_DUNDERS = frozenset({"__init__", "__name__", "__call__"})
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
_STAR = "*"


def places_to_hold(
    cells: Sequence[tuple[int, str]],
    as_released: Collection[int],
    places: Mapping[str, int],
    reads: Mapping[str, Collection[str]],
    files: Mapping[str, str],
    given: Mapping[str, str],
) -> dict[str, int]:
    """Those of the places at which the notebook may not be as at its end, for the test that stands there.

    cells: (number, source) of those that are run. as_released: the numbers of the release's. places: by test, how many
    cells come before it. reads: by test, the names that it reads. files, given: the Python files that students write
    in, and the assignment's others, with their texts.
    """
    own = {name.removesuffix(".py"): look_at(text) for name, text in files.items()}
    others = {name.removesuffix(".py"): look_at(text) for name, text in given.items()}
    looked = [(look_at(source, number in as_released), number in as_released) for number, source in cells]
    modules = _MODULES | own.keys() | others.keys()
    if not all(one and (released or one.is_harmless(modules)) for one, released in looked):
        return dict(places)
    if not all(one and one.is_harmless(modules) and one.only_defines for one in own.values()):
        return dict(places)
    found = [one for one, _ in looked if one] + [one for one in own.values() if one]
    if not {name for one in found for name in one.made} <= {name for one in found for name in one.stateless}:
        return dict(places)
    bound: dict[str, list[tuple[int, _Bound]]] = {}
    for place, (cell, _) in enumerate(looked):
        for name, one in _resolved(cell.bound if cell else (), own | others):
            bound.setdefault(name, []).append((place, one))
    if _STAR in bound:
        return dict(places)
    return {
        test: place for test, place in places.items() if not _is_settled(reads.get(test, ()), place, bound)
    }


def _resolved(
    bound: Sequence[tuple[str, _Bound]], modules: Mapping[str, _Looked | None]
) -> Iterator[tuple[str, _Bound]]:
    """The bindings, where what is imported from one of the assignment's files counts as it is defined there."""
    for name, one in bound:
        module, original = one.source
        if module not in modules:
            yield name, one
            continue
        there = modules[module]
        fixed = {known for known, its in there.bound if its.is_fixed} if there else set()
        everything = {known for known, _ in there.bound} if there else set()
        if original == _STAR and there:
            for known in everything:
                yield known, _Bound(known in fixed)
        elif original:
            yield name, _Bound(original in fixed)
        else:
            yield name, _Bound(bool(there) and fixed == everything)


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


# ---- one text


@dataclass(frozen=True)
class _Bound:
    """What a name is bound to at the top level.

    is_fixed: a definition that keeps nothing between calls, an import, or a value that can't change. reads: what its
    code reads at the top level. source: of an import, the module and the name in it.
    """

    is_fixed: bool
    reads: frozenset[str] = frozenset()
    source: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class _Looked:
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
    """the classes whose instances hold nothing that can change"""

    def is_harmless(self, modules: Collection[str]) -> bool:
        return self.changes_only_its_own and self.imports <= set(modules)


@lru_cache(maxsize=512)
def look_at(source: str, released: bool = False) -> _Looked | None:
    """What places_to_hold() needs of a text, found once for all submissions; None where it can't be told.

    released: its magics are those of the release; a student's text is not looked at with any but %%time.
    """
    try:
        body = _parsed(source, released)
        return _look_at(body) if body is not None else None
    except (SyntaxError, ValueError, RuntimeError, MemoryError, SystemError):  # it is no Python, or too deep
        return None


def _parsed(source: str, released: bool) -> Sequence[ast.stmt] | None:
    if len(source) > MAX_TEXT:
        return None
    if released:
        parsed = parse(source)
        return [one.node for one in parsed.statements] if parsed else None
    first, _, rest = source.lstrip().partition("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return syntax.parse(rest if first.strip() == "%%time" else source).body


def _look_at(body: Sequence[ast.stmt]) -> _Looked:
    bound: list[tuple[str, _Bound]] = []
    modules: set[str] = set()
    made, stateless = set[str](), set[str]()
    only_defines, harmless = True, True
    for statement in body:
        whole = _Statement(statement)
        bound += whole.bound
        only_defines &= (
            isinstance(statement, _DEFINITIONS) or _is_text(statement) or _is_for_scripts(statement)
        )
        harmless &= whole.changes_only_its_own
        for inner in whole.nodes:
            match inner:
                case ast.Import(names=aliases):
                    modules |= {alias.name.partition(".")[0] for alias in aliases}
                case ast.ImportFrom(module=module):
                    modules.add((module or "").partition(".")[0])
                case ast.arguments():
                    made |= set(_makers(inner))
        if isinstance(statement, ast.ClassDef) and _is_stateless(statement):
            stateless.add(statement.name)
    data = {name for name, one in bound if not one.is_fixed}
    only_defines &= data.isdisjoint(name for _, one in bound for name in one.reads)
    return _Looked(
        tuple(bound), only_defines, frozenset(modules), harmless, frozenset(made), frozenset(stateless)
    )


# ---- one statement


@dataclass
class _Statement:
    """A statement at the top level, with all that is in it."""

    node: ast.stmt
    nodes: list[ast.AST] = field(init=False)
    bound: list[tuple[str, _Bound]] = field(init=False)
    changes_only_its_own: bool = field(init=False)
    """whether it, and what it defines, changes at most what it has made itself or has been given"""

    def __post_init__(self) -> None:
        self.nodes = syntax.walk(self.node)
        if not isinstance(self.node, ast.FunctionDef | ast.ClassDef):
            self.bound = list(_bindings(self.node))
            self.changes_only_its_own = not any(map(_changes_at_the_top, self.nodes))
            return
        reads = names(ast.Module([self.node], [])).reads
        code = _Code.of(self.node, self.nodes, reads)
        self.changes_only_its_own = not any(map(code.changes, self.nodes))
        self.bound = [(self.node.name, _Bound(self.changes_only_its_own, reads))]


def _bindings(node: ast.stmt) -> Iterator[tuple[str, _Bound]]:
    """The names that a statement binds at the top level, if it is not a definition."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], _Bound(True, source=(alias.name, ""))
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, _Bound(True, source=(node.module or "", alias.name))
    elif isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in node.targets):
        for target in node.targets:
            yield ast.unparse(target), _Bound(_is_constant(node.value))
    else:
        for inner in syntax.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id, _Bound(False)
            elif isinstance(inner, ast.alias):
                yield inner.asname or inner.name.partition(".")[0], _Bound(False)
            elif name := getattr(inner, "name", None):  # of a definition, a pattern, or a caught exception
                yield name, _Bound(False)


def _changes_anything(node: ast.AST) -> bool:
    """Whether a node may change what is not given to it, wherever it stands."""
    match node:
        case (
            ast.Global()
            | ast.Delete()
            | ast.AsyncFunctionDef()
            | ast.Await()
            | ast.NamedExpr()
            | ast.MatchMapping(rest=str())
        ):
            return True
        case ast.Name(id=name):
            return name in _REFLECTING
        case ast.Constant(value=str(text)):  # for getattr()
            return text in _CHANGING
        case ast.alias(name=name):
            last = name.rpartition(".")[2]
            return last in _CHANGING or last == _STAR or last.startswith("_")
        case ast.Attribute(attr=name):
            return name in _CHANGING or (name.startswith("__") and name not in _DUNDERS)
        case ast.FunctionDef() as function:
            decorators = [one.id if isinstance(one, ast.Name) else "" for one in function.decorator_list]
            return not _DECORATORS.issuperset(decorators)
        case ast.arguments() as arguments:
            return not all(map(_is_default, _defaults(arguments)))
        case ast.ClassDef() as made:
            return bool(made.decorator_list or made.keywords) or not all(map(_is_member, made.body))
    return False


def _changes_at_the_top(node: ast.AST) -> bool:
    """Whether a node may change what is not data of the notebook's own: those, no test's code reads."""
    match node:
        case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store(), value=ast.Attribute()):
            return True
        case ast.Subscript(ctx=ast.Store()) if not _root(node):
            return True
        case ast.Call(func=ast.Attribute(attr=name, value=ast.Attribute())) if name in _METHODS:
            return True
    return _changes_anything(node)


@dataclass(frozen=True)
class _Code:
    """A function or a class, whose code may change what it makes or is given: that is, nothing from outside.

    outside: the names that it does not bind itself. first: the first parameters of a class's methods, through which an
    instance changes itself.
    """

    outside: frozenset[str]
    first: frozenset[str]

    @classmethod
    def of(
        cls, node: ast.FunctionDef | ast.ClassDef, nodes: Sequence[ast.AST], reads: frozenset[str]
    ) -> _Code:
        imported = {
            (alias.asname or alias.name).partition(".")[0] for alias in nodes if isinstance(alias, ast.alias)
        }
        methods = [one for one in nodes if isinstance(one, ast.FunctionDef) and one is not node]
        first = {one.args.args[0].arg for one in methods if one.args.args}
        return cls(
            reads | {node.name, ""} | imported, frozenset(first if isinstance(node, ast.ClassDef) else ())
        )

    def changes(self, node: ast.AST) -> bool:
        """Whether a node of it may change something from outside."""
        match node:
            case ast.Attribute(ctx=ast.Store(), value=value):
                if not (isinstance(value, ast.Name) and value.id in self.first):
                    return True
            case ast.Subscript(ctx=ast.Store()) if _root(node) in self.outside:
                return True
            case ast.Call(func=ast.Attribute(attr=name, value=value)) if name in _METHODS and (
                _root(value) in self.outside
            ):
                return True
        return _changes_anything(node)


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes and items begins with; empty if it begins with anything else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [one for one in (*arguments.defaults, *arguments.kw_defaults) if one is not None]


def _makers(arguments: ast.arguments) -> Iterator[str]:
    """The functions and classes that are called for defaults."""
    for default in _defaults(arguments):
        for inner in syntax.walk(default):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                yield inner.func.id


def _is_default(node: ast.expr) -> bool:
    """Whether it is a constant, an empty array, an instance of a class that has to be stateless, or its method."""
    match node:
        case ast.Call(func=ast.Name(), args=[], keywords=[]):
            return True
        case ast.Call(func=ast.Attribute(attr="array"), args=[ast.List(elts=[])], keywords=[]):
            return True
        case ast.Attribute(value=ast.Call(func=ast.Name()) as made):
            return _is_default(made)
    return _is_constant(node)


def _is_constant(node: ast.expr) -> bool:
    """Whether it is a value that can't change: a constant, or a tuple of such."""
    match node:
        case ast.Constant() | ast.Name(id="float" | "int" | "str" | "bool"):
            return True
        case ast.UnaryOp(operand=inner):
            return _is_constant(inner)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.Tuple(elts=items):
            return all(map(_is_constant, items))
    return False


def _is_member(node: ast.stmt) -> bool:
    """Whether a statement in a class makes nothing that its instances could share and change."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return node.value is None or _is_constant(node.value)
    return isinstance(node, ast.FunctionDef | ast.Pass) or _is_text(node)


def _is_stateless(node: ast.ClassDef) -> bool:
    """Whether its instances hold nothing that can change: __init__ gives them constants, if anything."""
    if node.bases:
        return False
    for member in node.body:
        at_first = isinstance(member, ast.FunctionDef) and member.name == "__init__"
        given = [
            one.targets
            for one in syntax.walk(member)
            if isinstance(one, ast.Assign) and _is_constant(one.value)
        ]
        constants = {id(target) for targets in given for target in targets} if at_first else set()
        for one in syntax.walk(member):
            stores = isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
            if stores and id(one) not in constants:
                return False
    return True


def _is_for_scripts(node: ast.stmt) -> bool:
    """Whether it is run only where the file is the program."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
