"""Run a cell so that an error costs only what depends on it.

In a notebook a cell stops at its first error. A person who reads it sees that the functions below that line have
nothing to do with it. So do we: what a cell defines and imports below the line is carried out all the same, and a
statement that is not Python is left out, not the cell. A cell that ended the process, or did not end, is reduced to its
definitions.
"""

import ast
import contextlib
import sys
import types

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
MAX_TRIES = 50
MAX_NAMES = 20
CONTINUING = ("else:", "elif ", "except", "finally:")
TRANSPARENT = ("%%time", "%%capture", "%%prun")


def run_cell(shell, name, source):
    """Run a cell, called `name` in tracebacks; returns its first error or None, and what was defined after it."""
    result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return None, []
    nodes, kept = statements(plain(shell, source)), []
    if result.error_before_exec is not None:
        nodes = carry_out(shell, name, nodes, kept)
    else:
        line = line_of(error, name)
        nodes = [node for node in nodes if first_line(node) > line]
    define(shell, name, nodes, kept)
    return error, kept[:MAX_NAMES]


def run_definitions(shell, name, source):
    """Of a cell that can't be run, carry out what it defines and imports; returns an error or None, and the names."""
    kept = []
    text = plain(shell, source)
    shell.compile.cache(text, 0, raw_code=source)
    return define(shell, name, statements(text), kept), kept[:MAX_NAMES]


def carry_out(shell, name, nodes, kept):
    """Run statements until one raises an exception; returns those behind it."""
    for place, node in enumerate(nodes):
        if run(shell, name, node) is not None:
            return nodes[place + 1 :]
        if isinstance(node, DEFINITIONS):
            kept.extend(bound(node))
    return []


def define(shell, name, nodes, kept):
    """Carry out the definitions among the statements, and assignments of constants; returns the first error, if any."""
    first = None
    for node in nodes:
        if isinstance(node, DEFINITIONS) or is_constant(node):
            error = run(shell, name, node)
            first = first or error
            if error is None:
                kept.extend(bound(node))
    return first


def run(shell, name, node):
    try:
        exec(compile(ast.Module([node], []), name, "exec"), shell.user_ns)
    except BaseException as error:
        return error
    return None


def plain(shell, source):
    """A cell's text without magics: its body where the magic only measures it."""
    first, _, rest = source.lstrip("\n").partition("\n")
    if first.startswith(TRANSPARENT):
        source = f"\n{rest}"
    with contextlib.suppress(SyntaxError):
        return shell.transform_cell(source)
    return source


def statements(text):
    """The statements of a text. Whatever is not Python is left out, with the statement that it is in."""
    lines = text.split("\n")
    for _ in range(MAX_TRIES):
        try:
            return ast.parse("\n".join(lines)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            if not line or not leave_out(lines, min(line, len(lines))):
                return []
    return []


def leave_out(lines, line):
    """Empty the block of lines, from one that is not indented to the next, that the line (from 1) is in."""
    place = line - 1
    while place > 0 and not lines[place].strip():
        place -= 1
    first = place
    while first > 0 and not begins(lines[first]):
        first -= 1
    while first > 0 and lines[first - 1].startswith("@"):
        first -= 1
    last = first + 1
    while lines[first:last] and lines[last - 1].startswith("@") and last < len(lines):
        last += 1
    while last < len(lines) and not begins(lines[last]):
        last += 1
    if not any(text.strip() for text in lines[first:last]):
        return False
    lines[first:last] = [""] * (last - first)
    return True


def begins(line):
    """Whether a statement at the top level may begin here."""
    return (
        bool(line.strip())
        and not line[0].isspace()
        and line[0] not in ")]}#"
        and not line.startswith(CONTINUING)
    )


def line_of(error, name):
    """The last line of the cell's own that was being run when the exception was raised; 0 if that is not known."""
    line, here = 0, error.__traceback__
    while here is not None:
        if here.tb_frame.f_code.co_filename == name and here.tb_frame.f_code.co_name == "<module>":
            line = here.tb_lineno
        here = here.tb_next
    return line


def first_line(node):
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])


def bound(node):
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [node.name]


def is_constant(node):
    """Whether a statement gives names a constant, which functions may need."""
    if not isinstance(node, ast.Assign) or not all(isinstance(one, ast.Name) for one in node.targets):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def close_figures():
    """Close the figures of a cell, as Jupyter's inline backend does at its end."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        with contextlib.suppress(Exception):
            pyplot.close("all")


# ---- which names are given to something else further down


class Trail:
    """Remembers in which cell each name was last given to something else, and what the names were at some places."""

    def __init__(self, namespace):
        self._namespace = namespace
        self._now = dict(namespace)
        self._cells = {}
        self._places = []

    def note(self, cell):
        """Note what a cell has changed."""
        for name, value in list(self._namespace.items()):
            if self._now.get(name, self) is not value:
                self._cells[name] = cell
        self._now = dict(self._namespace)

    def place(self, tests):
        """Remember the names as they are now, at the place of some tests: name of the test, names that it reads."""
        self._places.append((tests, dict(self._namespace)))

    def changes(self):
        """For each test at a place, the names it needs that something else has now: [name, cell] each."""
        found = {}
        for tests, then in self._places:
            for test, names in tests.items():
                needed = needs(then, names) | needs(self._namespace, names)
                changed = [
                    name for name in needed if then.get(name, self) is not self._namespace.get(name, self)
                ]
                found[test] = [[name, self._cells.get(name, 0)] for name in sorted(changed)][:MAX_NAMES]
        return found


def needs(namespace, names):
    """The names, and all that the functions and classes behind them read by name, as far as their code tells."""
    found, pending = set(), list(names)
    while pending and len(found) < 1000:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        pending.extend(read_by(namespace.get(name)))
    return found


def read_by(value):
    """The names that the code of a function, or of a class's methods, reads."""
    found = []
    members = vars(value).values() if type(value) is type else [value]
    codes = [one.__code__ for one in map(unwrapped, members) if type(one) is types.FunctionType]
    while codes and len(found) < 1000:
        code = codes.pop()
        found.extend(code.co_names)
        codes.extend(one for one in code.co_consts if type(one) is type(code))
    return found


def unwrapped(value):
    return value.__func__ if type(value) in (staticmethod, classmethod) else value
