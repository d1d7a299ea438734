"""Otter exception-based test files, made from the notebook's test cells.

The visible part of a cell becomes a public test case, the hidden region a hidden one. Names that a part reads from the
notebook become the case's parameters, which otter fills by name; names that the notebook imports are imported. The
author's text is kept, indented.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import io
import json
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

from coursekit import snapshot
from coursekit.build.source import Source, called
from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.core.scope import Names, names, parse_cell

SNAPSHOT_IMPORT = "from coursekit import snapshot"


@dataclass(frozen=True)
class Part:
    """The visible or the hidden part of a test cell."""

    source: str
    hidden: bool
    tree: ast.Module
    names: Names

    @property
    def snapshot_import(self) -> ast.stmt | None:
        """The statement that imports ``snapshot``, if the part has it."""
        found = (node for node in self.tree.body if ast.unparse(node) == SNAPSHOT_IMPORT)
        return next(found, None)


@dataclass
class Offered:
    """The names that the cells before a test cell offer to it."""

    defines: set[str] = field(default_factory=set)
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ungraded: dict[str, str] = field(default_factory=dict)
    """names that a test cell or an exploring cell defines, with that cell"""


@dataclass(frozen=True)
class Case:
    """One test function of a test file."""

    function: str
    hidden: bool
    parameters: list[str]
    body: str


def test_files(source: Source, release: Any, snapshots: dict[str, Any]) -> dict[str, str]:
    """The text of every test file by its name, ``<grade_id>.py``.

    `release` is the released notebook: imports that are only in solutions don't count. `snapshots` are the recorded
    arrays. Names that a cell imports from an answer file are the student's, so they become parameters, like the names
    that it defines. When a cell can't become a test file, raises CourseError that names it.
    """
    files, offered = {}, Offered()
    for position, (cell, student) in enumerate(zip(source.notebook.cells, release.cells, strict=True)):
        if not cells.is_code(cell):
            continue
        if cells.is_test(cell):
            files[f"{cells.grade_id(cell)}.py"] = _test_file(cell, offered, snapshots)
        found = cell_names(cell, position)
        if cells.is_test(cell) or cells.is_skipped(cell):
            offered.ungraded |= dict.fromkeys(found.defines | set(found.imports), called(cell, position))
        else:
            imports = cell_names(student, position).imports
            answers = {name for name, lines in imports.items() if modules(lines) & source.answer_modules}
            offered.defines |= found.defines | answers
            offered.imports |= {name: lines for name, lines in imports.items() if name not in answers}
    return files


def parts(cell: Any) -> list[Part]:
    """A test cell's public part and, if there is one, its hidden part. Raises CourseError."""
    visible, hidden = cells.split_test(cell.source)
    return [_part(cell, visible, False), *([_part(cell, hidden, True)] if hidden.strip() else [])]


def snapshot_names(cell: Any) -> set[str | None]:
    """The snapshots that a test cell compares with; None for a name that is not a plain string."""
    return {
        node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else None
        for part in parts(cell)
        for node in ast.walk(part.tree)
        if _is_snapshot_call(node)
    }


def cell_names(cell: Any, position: int | None = None) -> Names:
    """The names in a code cell. Raises CourseError when it is not Python."""
    try:
        return names(parse_cell(cell.source))
    except SyntaxError as error:
        raise CourseError(f"{called(cell, position)} is not valid Python: {error}.") from error


def modules(statements: Iterable[str]) -> set[str]:
    """The top-level modules of import statements with one alias each."""
    return {statement.split()[1].partition(".")[0] for statement in statements}


def _part(cell: Any, source: str, hidden: bool) -> Part:
    try:
        tree = ast.parse(source)
        compile(source, "<test cell>", "exec")
    except SyntaxError as error:
        which = "hidden" if hidden else "visible"
        raise CourseError(
            f"{called(cell)}: the {which} part is not plain Python on its own: {error}. "
            "A test cell may have no magics, and a hidden region can't be inside a function or a loop."
        ) from error
    return Part(source, hidden, tree, names(tree))


def _test_file(cell: Any, offered: Offered, snapshots: dict[str, Any]) -> str:
    visible, *hidden = parts(cell)
    grade_id = cells.grade_id(cell)
    needed = {name: snapshots[name] for name in sorted(snapshot_names(cell)) if name in snapshots}
    imports: set[str] = set()
    cases = []
    for part in [visible, *hidden]:
        parameters, lines = _bindings(cell, part, visible.names, offered)
        imports.update(lines)
        kind = "hidden" if part.hidden else "public"
        function = f"test_{grade_id}_{kind}".replace("-", "_")
        cases.append(Case(function, part.hidden, parameters, _body(part)))
    text = _template().render(
        question=grade_id,
        imports=sorted(imports),
        quoted_name=json.dumps(grade_id),
        points=cells.points(cell),
        snapshots=f"'''{snapshot.dumps(needed)}'''" if needed else "",
        compare=indent(inspect.getsource(snapshot.compare).rstrip(), "    "),
        cases=cases,
    )
    compile(text, f"{grade_id}.py", "exec")
    return text


def _bindings(cell: Any, part: Part, visible: Names, offered: Offered) -> tuple[list[str], list[str]]:
    """The parameters of a part's test function and the import lines it needs. Raises CourseError."""
    where = called(cell)
    if part.names.declared_global:
        name = min(part.names.declared_global)
        raise CourseError(
            f"{where} declares {name!r} global: in the test file it becomes a local variable, "
            "so keep such a value in a list or dict."
        )
    parameters, lines = [], []
    for name in sorted(part.names.reads):
        if part.hidden and name in visible.defines:
            raise CourseError(
                f"{where}: the hidden part reads {name!r}, which the visible part defines. The two "
                "parts are two test cases: define it in the hidden part too."
            )
        if part.hidden and name in visible.imports:
            lines += visible.imports[name]
        elif name in offered.defines:
            parameters.append(name)
        elif name in offered.imports:
            lines += offered.imports[name]
        elif not hasattr(builtins, name):
            raise CourseError(f"{where} reads {name!r}, {_why_unknown(name, offered)}")
    if "env" in parameters:
        raise CourseError(f"{where} reads 'env', a name that otter uses itself: rename it.")
    return parameters, lines


def _why_unknown(name: str, offered: Offered) -> str:
    if name in offered.ungraded:
        return f"which only {offered.ungraded[name]} defines: grading does not run that cell first."
    return "which no cell before it defines (an import must be outside solution regions)."


def _body(part: Part) -> str:
    """A part's text as the body of a function, indented by four spaces."""
    source, nodes = part.source, part.tree.body
    statement = part.snapshot_import
    if statement is not None:
        lines = source.split("\n")
        if lines[statement.lineno - 1].strip() != SNAPSHOT_IMPORT:
            raise CourseError(f"Keep {SNAPSHOT_IMPORT!r} on a line of its own.")
        del lines[statement.lineno - 1]
        source, nodes = "\n".join(lines), [node for node in nodes if node is not statement]
    body = indented(source)
    if not nodes:
        body = f"{body}\n    pass" if body else "    pass"
    wrapped = ast.parse(f"def test():\n{body}").body[0].body
    if nodes and [ast.dump(node) for node in wrapped] != [ast.dump(node) for node in nodes]:
        raise AssertionError("indenting a test cell changed its meaning")
    return body


def indented(source: str) -> str:
    """`source` indented by four spaces, except for lines that begin inside a string."""
    inside = set()
    opened = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "FSTRING_START":
            opened.append(token.start[0])
        elif kind == "FSTRING_END":
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
        elif kind == "STRING":
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    lines = source.strip("\n").split("\n") if source.strip() else []
    skipped = len(source) - len(source.lstrip("\n"))
    return "\n".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, 1 + skipped)
    )


def _is_snapshot_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "snapshot"
    )


def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coursekit.build", "."),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # Python source, not HTML
    )
    return environment.get_template("testfile.py.j2")
