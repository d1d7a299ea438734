"""Names that a test must not use, because they look at the grader's side, where student code has no effect.

In sealed grading a student's code prints, warns, draws and writes in a process of its own. A test on the grader's side
that captures output, or asserts that there was no warning, cannot fail: everyone would earn its points. To test such
things, a read-only function of the notebook looks at them, beside the student's code, and returns a plain value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from coursekit.core.scope import Names

INSIDE = "do that in a read-only function of the notebook that returns a plain value"

REFUSED = {
    "captures or sends output": """contextlib.redirect_stdout contextlib.redirect_stderr sys.stdout sys.stderr
        sys.__stdout__ sys.__stderr__ sys.displayhook sys.excepthook logging IPython get_ipython""",
    "looks at files or folders": """os pathlib glob shutil tempfile fileinput linecache zipfile tarfile open io.open
        io.FileIO numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile numpy.memmap numpy.save numpy.savetxt
        numpy.savez numpy.DataSource matplotlib.image matplotlib.pyplot.imread pandas.read_csv pandas.read_excel
        pandas.read_json pandas.read_parquet""",
    "looks at warnings or floating-point errors": """warnings pytest.warns numpy.testing.assert_warns
        numpy.testing.assert_no_warnings numpy.testing.suppress_warnings numpy.testing.clear_and_catch_warnings
        numpy.errstate numpy.seterr numpy.geterr numpy.seterrcall""",
    "looks at figures": "matplotlib seaborn plotly PIL",
    "gives input or patches something": """input sys.stdin sys.argv sys.path sys.modules unittest.mock mock pytest
        builtins importlib signal threading multiprocessing subprocess socket asyncio""",
    "looks at code or memory": """inspect dis gc tracemalloc resource psutil pickle marshal sys.getsizeof
        sys.getrefcount sys.settrace sys.setprofile sys._getframe globals locals vars exec eval compile __import__ help
        memoryview""",
}
"""modules, functions and attributes by their full names, grouped by what a test does with them"""

ALLOWED = frozenset({"os.linesep", "os.sep", "os.path.join", "os.path.basename", "os.path.splitext"})
_REASONS = {name: why for why, many in REFUSED.items() for name in many.split()}


def elsewhere(tree: ast.Module, imports: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Each use of a refused name: (line from 1, the full name, what it does). imports: see full_names()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        name = _full_name(node, imports)
        parent = name and next((part for part in _prefixes(name) if part in _REASONS), None)
        if parent and name not in ALLOWED and not any(allowed.startswith(f"{name}.") for allowed in ALLOWED):
            yield node.lineno, name, _REASONS[parent]


def full_names(many: Iterable[Names]) -> dict[str, str]:
    """The full names of imported names: ``np`` is numpy, ``exists`` is os.path.exists."""
    found = {}
    for one in many:
        for name, statements in one.imports.items():
            node = ast.parse(statements[-1]).body[0]
            alias = node.names[0]
            if isinstance(node, ast.Import):
                found[name] = alias.name if alias.asname else name
            else:
                found[name] = f"{node.module}.{alias.name}"
    return found


def _full_name(node: ast.AST, imports: dict[str, str]) -> str:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return imports.get(node.id, node.id if node.id in _BUILT_IN else "")
    if isinstance(node, ast.Attribute) and (owner := _full_name(node.value, imports)):
        return f"{owner}.{node.attr}"
    return ""


def _prefixes(name: str) -> list[str]:
    """The name and its owners: of ``a.b.c``, itself, ``a.b`` and ``a``."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


_BUILT_IN = frozenset(
    "open input globals locals vars exec eval compile __import__ help memoryview get_ipython".split()
)
