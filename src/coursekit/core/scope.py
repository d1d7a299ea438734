"""The names that a piece of Python reads from outside, and those that it defines."""

from __future__ import annotations

import ast
import contextlib
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_TRANSPARENT_MAGICS = ("%%time", "%%capture")


@dataclass(frozen=True)
class Names:
    """Names of one cell, seen from its top level."""

    reads: frozenset[str]
    """read, and not bound before within the cell: they must come from elsewhere (or be builtins)"""

    defines: frozenset[str]
    """bound at the top level by anything but an import"""

    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """name: the import statements that bind it, each with one alias"""

    declared_global: frozenset[str] = frozenset()
    """named in a ``global`` statement"""


def names(tree: ast.Module) -> Names:
    """The names of a parsed cell."""
    scope = _Scope()
    scope.visit_all(tree.body)
    imports = {name: tuple(dict.fromkeys(lines)) for name, lines in scope.imports.items()}
    return Names(
        reads=frozenset(scope.early | (scope.late - scope.bound)),
        defines=frozenset(scope.bound - set(imports)),
        imports=imports,
        declared_global=frozenset(scope.all_globals),
    )


def parse_cell(source: str) -> ast.Module:
    """A notebook cell as a syntax tree, IPython's magics and shell lines turned into calls.

    ``%%time`` and ``%%capture`` run their cell in the notebook's namespace, so their cells are parsed too;
    other cell magics are opaque. Raises SyntaxError.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    text = source.lstrip("\n")
    if text.startswith(_TRANSPARENT_MAGICS):
        text = text.partition("\n")[2]
    with contextlib.suppress(SyntaxError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)  # in most cells there is nothing of the kind
    return ast.parse(TransformerManager().transform_cell(text))


class _Scope(ast.NodeVisitor):
    """Walks one scope in the order of evaluation.

    A function's body runs later than its definition: the names that it reads are `late`, and may be bound by then.
    """

    def __init__(self, walrus: _Scope | None = None) -> None:
        self.bound: set[str] = set()
        self.early: set[str] = set()
        self.late: set[str] = set()
        self.reads: set[str] = set()
        self.globals: set[str] = set()
        self.all_globals: set[str] = set()
        self.imports: dict[str, list[str]] = {}
        self.walrus = walrus or self

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def read(self, name: str) -> None:
        self.reads.add(name)
        if name not in self.bound:
            self.early.add(name)

    # Names and assignments

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        else:
            self.read(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit_all([node.value, *node.targets])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.read(node.target.id)
        self.visit_all([node.value, node.target])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.annotation, node.value])
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.walrus.bound.add(node.target.id)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit_all([node.iter, node.target, *node.body, *node.orelse])

    visit_AsyncFor = visit_For

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.visit_all([node.type])
        if node.name:
            self.bound.add(node.name)
        self.visit_all(node.body)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.visit_all([node.pattern])
        if node.name:
            self.bound.add(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.bound.add(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.visit_all([*node.keys, *node.patterns])
        if node.rest:
            self.bound.add(node.rest)

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.globals.update(node.names)
        if isinstance(node, ast.Global):
            self.all_globals.update(node.names)

    visit_Nonlocal = visit_Global

    # Imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self._imported(name, ast.Import([alias]))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._imported(alias.asname or alias.name, ast.ImportFrom(node.module, [alias], node.level))

    def _imported(self, name: str, statement: ast.stmt) -> None:
        self.bound.add(name)
        self.imports.setdefault(name, []).append(ast.unparse(statement))

    # Scopes inside this one

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.visit_all([*node.decorator_list, node.returns])
        self._function(node.args, node.body)
        self.bound.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node.args, [node.body])

    def _function(self, args: ast.arguments, body: Sequence[ast.AST]) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        parameters = [arg for arg in every if arg is not None]
        self.visit_all([*args.defaults, *args.kw_defaults, *(arg.annotation for arg in parameters)])
        inner = _Scope()
        inner.bound.update(arg.arg for arg in parameters)
        inner.visit_all(body)
        local = inner.bound - inner.globals
        self.late |= (inner.reads | inner.late) - local
        self.reads |= (inner.reads | inner.late) - local
        self.bound |= inner.bound & inner.globals
        self.all_globals |= inner.all_globals

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_all([*node.decorator_list, *node.bases, *(k.value for k in node.keywords)])
        inner = _Scope()
        inner.visit_all(node.body)
        self._absorb(inner, inner.late)
        self.bound.add(node.name)

    def _comprehension(self, generators: list[ast.comprehension], results: Sequence[ast.AST]) -> None:
        inner = _Scope(walrus=self.walrus)
        for position, generator in enumerate(generators):
            (self if position == 0 else inner).visit(generator.iter)
            inner.visit_all([generator.target, *generator.ifs])
        inner.visit_all(results)
        self._absorb(inner, inner.late - inner.bound)

    def _absorb(self, inner: _Scope, late: set[str]) -> None:
        for name in inner.early:
            self.read(name)
        self.late |= late
        self.reads |= late
        self.all_globals |= inner.all_globals

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    visit_SetComp = visit_ListComp
    visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])
