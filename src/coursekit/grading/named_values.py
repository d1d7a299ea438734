"""Numbers that an assignment names, such as the accuracy on new digits: a test computes them, a leaderboard shows them.

A test cell's metadata says which of its variables: ``{"coursekit": {"leaderboard": {"Accuracy": "accuracy"}}}``. The
test's text stays as it is, and so does what otter and nbgrader make of it. The number is taken where the test runs, on
the grader's side, when the test ends, even if it fails.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from coursekit.core import syntax

NUMBERS = (int, float, np.float64, np.float32, np.float16, np.int64, np.int32)
NOTE = "_coursekit_note_values"


class NamedValues:
    """The values of one test function's variables. names: title → variable."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.values: dict[str, float] = {}
        """by title, of the last run"""

    def note(self, variables: Mapping[str, Any]) -> None:
        """Remember those of a test's variables that are plain, finite numbers."""
        self.values = {}
        for title, name in self.names.items():
            value: Any = variables.get(name)
            if type(value) in NUMBERS and math.isfinite(value):
                self.values[title] = float(value)


def have_noted(function: ast.FunctionDef) -> None:
    """Rewrite a test so that it hands its variables to NOTE when it ends, however it ends."""
    [call] = ast.parse(f"{NOTE}(locals())").body
    ast.copy_location(call, function.body[-1])
    function.body = [ast.copy_location(ast.Try(function.body, [], [], [call]), function.body[0])]


def assigns(function: ast.AST, name: str) -> bool:
    """Whether a test computes a variable of this name."""
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name
        for node in syntax.walk(function)
    )
