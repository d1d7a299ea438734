"""The definitions in a cell's text, found by its syntax tree: untrusted code is parsed, never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from coursekit.core import syntax

MAX_PARSED = 200_000
"""characters of a text that is parsed"""


class Form:
    """A statement's syntax. Two are equal if only their layout and comments differ; most that are not differ early."""

    def __init__(self, node: ast.stmt) -> None:
        self._node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and _is_same(self._node, other._node)

    def __hash__(self) -> int:
        return hash((type(self._node), getattr(self._node, "name", "")))


def _is_same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, ast.AST):
        return all(_is_same(getattr(one, name, None), getattr(other, name, None)) for name in one._fields)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return one == other


@dataclass(frozen=True)
class Statement:
    """A statement at the top level. What needs its whole tree is found only when it is asked for."""

    node: ast.stmt

    @property
    def form(self) -> Form:
        """Its syntax, equal however it is laid out."""
        return Form(self.node)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that it binds."""
        return _bound(self.node)

    @property
    def first(self) -> int:
        """Its first line, from 1, decorators included."""
        return min([self.node.lineno, *(int(one.lineno) for one in getattr(self.node, "decorator_list", []))])

    @property
    def last(self) -> int:
        return int(self.node.end_lineno or self.node.lineno)

    @property
    def is_definition(self) -> bool:
        return isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)

    @property
    def is_check(self) -> bool:
        """Whether it is an assert, or a call of numpy.testing."""
        return _is_check(self.node)

    @property
    def has_return(self) -> bool:
        """Whether there is a return outside a function in it."""
        return _returns(self.node)


@dataclass(frozen=True)
class Parsed:
    """A text and its statements. The text is the cell's own, or IPython's version of it, of as many lines."""

    text: str
    statements: tuple[Statement, ...]

    @property
    def definitions(self) -> dict[str, Form]:
        """Functions and classes: name, and the form of the last one of that name."""
        return {name: one.form for one in self.statements if one.is_definition for name in one.names}

    @property
    def binds(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.names for one in self.statements))

    def without(self, dropped: Iterable[Statement]) -> str:
        """The text with empty lines in place of some statements, so that the others keep their lines."""
        lines = self.text.split("\n")
        for one in dropped:
            lines[one.first - 1 : one.last] = [""] * (one.last - one.first + 1)
        return "\n".join(lines)


def parse(source: str) -> Parsed | None:
    """The statements of a cell, magics included; None if it can't be parsed."""
    if len(source) > MAX_PARSED:
        return None
    for text in (source, None):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = _transformed(source) if text is None else text
                tree = syntax.parse(text)
            return Parsed(text, tuple(map(Statement, tree.body)))
        except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
            continue
    return None


def _transformed(source: str) -> str:
    """IPython's version of a cell in plain Python, with the lines where they were."""
    from IPython.core.inputtransformer2 import TransformerManager

    text = source.lstrip("\n")
    first, _, rest = text.partition("\n")
    if first.startswith(("%%time", "%%capture")):
        text = f"\n{rest}"
    empty = "\n" * (len(source) - len(source.lstrip("\n")) + (len(text) - len(text.lstrip("\n"))))
    return empty + TransformerManager().transform_cell(text.lstrip("\n")).rstrip("\n")


def _returns(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.expr):
        return False
    return isinstance(node, ast.Return) or any(map(_returns, ast.iter_child_nodes(node)))


def _bound(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({node.name})
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    return frozenset(
        inner.id
        for inner in syntax.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    )


def _is_check(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assert):
        return True
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    names = [inner.id for inner in syntax.walk(call.func) if isinstance(inner, ast.Name)]
    names += [inner.attr for inner in syntax.walk(call.func) if isinstance(inner, ast.Attribute)]
    return any(name.startswith("assert") or name == "testing" for name in names)
