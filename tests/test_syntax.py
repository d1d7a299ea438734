"""Walking through Python's syntax trees, and reading cells."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from coursekit.core import syntax
from coursekit.core.scope import names, parse_cell

pytestmark = pytest.mark.quick
FILES = sorted(Path(__file__).parent.glob("test_s*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_tree_is_walked_as_ast_does_it(path):
    tree = ast.parse(path.read_text())
    assert syntax.walk(tree) == list(ast.walk(tree))


def test_a_tree_that_was_put_together_is_walked_whole():
    inner = ast.Name("x", ast.Load())
    call = ast.Call(ast.Name("f", ast.Load()), [inner, ast.Constant([1, "a"])], [])
    assert syntax.walk(call) == list(ast.walk(call))
    assert inner in syntax.walk(call)


@pytest.mark.parametrize(
    "cell",
    [
        "x = f(y)",
        "%matplotlib inline\nx = f(y)",
        "%%time\nx = f(y)",
        "\n\n%%capture out\nx = f(y)",
        "!ls\nx = f(y)",
        "    x = f(y)",
        "x = f(y)  # '\\d' is no escape: '\\d'",
    ],
)
def test_the_names_of_a_cell_are_found_with_and_without_magics(cell):
    found = names(parse_cell(cell))
    assert found.defines == {"x"}
    assert {"f", "y"} <= found.reads
    assert found.reads <= {"f", "y", "get_ipython"}


def test_a_cell_that_is_no_python_raises():
    with pytest.raises(SyntaxError):
        parse_cell("x = = 1")
