"""What a test prepares from seeds alone, before it sees any student's value, is prepared once for a whole class.

An instructor says so in a line: a function in the test, without parameters, under ``@functools.cache``. otter and
nbgrader run it as it is. Here it is taken out of the test, if it reads no name of the test's, and called before the
first student's process exists. Each test gets a copy, which a student's code may change.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursekit.core import syntax

DECORATORS = ("functools.cache", "cache")
SEED = 0


class Prepared:
    """A function of a test's that is called once. Calling this gives a copy of its result."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._results: list[Any] = []

    def make(self) -> None:
        """Call the function, if that has not been done. Raises what it raises.

        The global generators are at a seed of their own meanwhile, so that nothing depends on when it is called.
        """
        if not self._results:
            with _own_random_state():
                self._results.append(self._function())

    def __call__(self) -> Any:
        self.make()
        return copy.deepcopy(self._results[0])


def take_out(test: ast.FunctionDef) -> list[ast.FunctionDef]:
    """Remove from a test the functions that can be called once for all students, and return them.

    Imports at the top of the test that they need are put into them. A function that reads anything else of the test's
    stays where it is.
    """
    imports = [node for node in test.body if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {(alias.asname or alias.name).partition(".")[0] for node in imports for alias in node.names}
    own = {arg.arg for arg in test.args.args} | (_bound(test.body) - imported)
    found = []
    for node in list(test.body):
        if isinstance(node, ast.FunctionDef) and _is_marked(node):
            if _reads(node) & own:
                continue
            node.decorator_list = []
            test.body.remove(node)
            node.body[:0] = imports
            found.append(node)
    if not test.body:
        test.body.append(ast.Pass())
    return found


def _is_marked(node: ast.FunctionDef) -> bool:
    arguments = node.args
    has_parameters = arguments.args or arguments.kwonlyargs or arguments.posonlyargs
    decorators = [ast.unparse(one) for one in node.decorator_list]
    return (
        len(decorators) == 1
        and decorators[0] in DECORATORS
        and not (has_parameters or arguments.vararg or arguments.kwarg)
    )


def _bound(body: list[ast.stmt]) -> set[str]:
    """The names that statements give a value to, in any scope."""
    found = set()
    for node in (part for statement in body for part in syntax.walk(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def _reads(function: ast.FunctionDef) -> set[str]:
    """The names that a function reads and does not define itself."""
    read = {
        part.id
        for part in syntax.walk(function)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }
    arguments = {part.arg for part in syntax.walk(function) if isinstance(part, ast.arg)}
    return read - _bound(function.body) - arguments - set(vars(builtins))


@contextlib.contextmanager
def _own_random_state() -> Iterator[None]:
    before, numpys = random.getstate(), np.random.get_state()
    random.seed(SEED)
    np.random.seed(SEED)
    try:
        yield
    finally:
        random.setstate(before)
        np.random.set_state(numpys)
