"""Notes for students about what they take from an older numpy: gone since, and put back in the sandbox.

It is found in the text of their code, which is parsed and never run. So a note says what is written there, whether or
not it was ever called.
"""

from __future__ import annotations

import ast
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator

import numpy as np

from coursekit.core import syntax
from coursekit.sandbox.inside.numpy_names import METHODS, MODULES_OF_LIB, NAMES, NOT_EXPORTED, Gone

MAX_NOTES = 20
MAX_TEXTS, MAX_TOTAL = 2_000, 300_000
"""texts that are looked at, and characters of all of them"""
STACKING = frozenset("column_stack dstack hstack row_stack stack vstack".split())
LAZY = frozenset("filter map reversed zip".split())
_WORDS = frozenset([*NAMES, *METHODS, "fromstring", "lib"])
_ATTRIBUTE, _WORD = re.compile(r"\.\s*([a-zA-Z]\w+)"), re.compile(r"\w+")
_SUSPECT = re.compile(r"copy\s*=\s*False|stack\s*\(\s*[^\[(]|numpy\.lib\b")
_MEMBERS = re.compile(r"from\s+(?:numpy|pylab)\b")
_NUMPY, _RENAMED = re.compile(r"numpy\s+as\s+(\w+)"), re.compile(r"\bas\s+(\w+)")
_MAGIC = re.compile(r"^([ \t]*)[%!].*", re.MULTILINE)
_IMPORTED = re.compile(r"(?:import|as)\s+(\w+)")

COPY = (
    "`np.array(..., copy=False)` is an error since numpy 2.0 where a copy is needed: the copy was made, as before. "
    "Write `np.asarray(...)`"
)
BINARY = "`np.fromstring` takes no bytes since numpy 2.3: it took them as before. Write `np.frombuffer(...).copy()`"
ITERATORS = "`np.{0}` takes no generator, `map` or `zip` since numpy 1.24: it took it as before. Write a list"


def notes(sources: Iterable[str]) -> list[str]:
    """A sentence for each thing that a newer numpy does not have, in the order of the texts. They are untrusted."""
    texts, left = [], MAX_TOTAL
    for text in itertools.islice(sources, MAX_TEXTS):
        if len(text) <= left:
            texts.append(text)
            left -= len(text)
    trees = [tree for text in _suspicious(texts) for tree in _parsed(text)]
    imports = _Imports(texts, trees)
    found: dict[str, None] = {}
    for tree in trees:
        for node in syntax.walk(tree):
            found.update(dict.fromkeys(imports.notes(node)))
            if len(found) >= MAX_NOTES:
                return list(found)[:MAX_NOTES]
    return list(found)


def _suspicious(texts: list[str]) -> list[str]:
    """The texts that can be worth a note. To search takes a millisecond, to parse all of them a hundred."""
    importing = [text for text in texts if _MEMBERS.search(text)]
    alone = {name for text in importing for name in _RENAMED.findall(text)} | (_WORDS if importing else set())
    return [
        text
        for text in texts
        if not _WORDS.isdisjoint(_ATTRIBUTE.findall(text))
        or _SUSPECT.search(text)
        or (importing and (text in importing or not alone.isdisjoint(_WORD.findall(text))))
    ]


def _parsed(source: str) -> Iterator[ast.Module]:
    """The tree of a text, without lines that are magics or commands; none if it can't be parsed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in (source, _MAGIC.sub(r"\1pass", source)):
            try:
                yield syntax.parse(text)
                return
            except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
                continue


class _Imports:
    """What the names in some code mean, as far as its imports tell."""

    def __init__(self, texts: list[str], trees: list[ast.Module]):
        self.numpy = {"numpy"}.union(*map(_NUMPY.findall, texts))
        """what numpy is called"""
        self.modules = set[str]().union(*map(_IMPORTED.findall, texts))
        self.members: dict[str, str] = {}
        """names that were imported from numpy, and what numpy calls them"""
        self.everything = False
        """whether all that numpy exports was imported"""
        self.bound: set[str] = set()
        for node in (node for tree in trees for node in syntax.walk(tree)):
            if isinstance(node, ast.Import):
                self.bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                self.bound |= self._note_members(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.bound.add(node.name)
            elif isinstance(node, ast.arg):
                self.bound.add(node.arg)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.bound.add(node.id)

    def _note_members(self, node: ast.ImportFrom) -> set[str]:
        """Note what is imported; returns the names of what is not numpy's."""
        names = {alias.asname or alias.name: alias.name for alias in node.names}
        if (node.module or "").partition(".")[0] not in ("numpy", "pylab") or node.level:
            return set(names)
        self.everything = self.everything or "*" in names
        self.members |= names
        return set()

    def member(self, node: ast.expr) -> str:
        """What numpy calls the thing that an expression names; empty if it is not numpy's."""
        if isinstance(node, ast.Attribute):
            return node.attr if isinstance(node.value, ast.Name) and node.value.id in self.numpy else ""
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            return ""
        if node.id in self.members:
            return self.members[node.id]
        return node.id if self.everything and node.id not in self.bound | NOT_EXPORTED else ""

    def notes(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Attribute | ast.Name):
            if (name := self.member(node)) in NAMES:
                yield _gone(f"np.{name}", NAMES[name])
            elif isinstance(node, ast.Attribute) and self.member(node.value) == "lib":
                yield from _of_lib(node.attr)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _moved(alias.name)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from _moved(node.module or "")
        elif isinstance(node, ast.Call):
            yield from self._of_call(node)

    def _of_call(self, call: ast.Call) -> Iterator[str]:
        name, keywords = self.member(call.func), {one.arg: one.value for one in call.keywords}
        if name == "array":
            copy = keywords.get("copy")
            if isinstance(copy, ast.Constant) and copy.value is False:
                yield COPY
        elif name == "fromstring" and "sep" not in keywords:
            yield BINARY
        elif name in STACKING and call.args and self._is_lazy(call.args[0]):
            yield ITERATORS.format(name)
        elif isinstance(call.func, ast.Attribute) and not name and self._is_method(call.func):
            yield _gone(f".{call.func.attr}()", METHODS[call.func.attr])

    def _is_lazy(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in LAZY - self.bound
        return isinstance(node, ast.GeneratorExp)

    def _is_method(self, function: ast.Attribute) -> bool:
        """Whether it looks like one that arrays had: not a module's function, nor newbyteorder() of a dtype."""
        of = function.value
        if function.attr not in METHODS or (isinstance(of, ast.Name) and of.id in self.modules):
            return False
        if function.attr != "newbyteorder":
            return True
        made_by = self.member(of.func) if isinstance(of, ast.Call) else ""
        return made_by != "dtype" and not (isinstance(of, ast.Attribute) and of.attr == "dtype")


def _of_lib(name: str) -> Iterator[str]:
    if name in MODULES_OF_LIB:
        yield from _moved(f"numpy.lib.{name}")
    elif name not in vars(np.lib) and (name in vars(np) or name in NAMES):
        yield _gone(f"np.lib.{name}", NAMES.get(name, Gone("2.0", f"np.{name}")))


def _moved(module: str) -> Iterator[str]:
    if module.startswith("numpy.lib.") and module.removeprefix("numpy.lib.") in MODULES_OF_LIB:
        yield _gone(module, Gone("2.0", "numpy"))


def _gone(name: str, gone: Gone) -> str:
    if not gone.instead:
        return f"`{name}` is gone since numpy {gone.since}: it did nothing here, since it only prints"
    return f"`{name}` is gone since numpy {gone.since}: it was taken as before. Write `{gone.instead}`"
