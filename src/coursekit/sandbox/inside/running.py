"""Run a cell so that an error costs only what depends on it.

A cell that ended the process, or did not end, is reduced to its definitions.
"""

import contextlib
import sys
import types

from keeping import carry_out_rest, define, statements
from student_files import keeping_definitions

MAX_NAMES = 20
TRANSPARENT = ("%%time", "%%capture", "%%prun")


def run_cell(shell, name, source):
    """Run a cell, called `name` in tracebacks; returns its first error or None, and what was defined after it."""
    result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return None, []
    with keeping_definitions():
        ran = result.error_before_exec is None
        kept = carry_out_rest(shell.user_ns, name, plain(shell, source), error, ran)
    return error, kept[:MAX_NAMES]


def run_definitions(shell, name, source):
    """Of a cell that can't be run, carry out what it defines and imports; returns an error or None, and the names."""
    kept = []
    text = plain(shell, source)
    shell.compile.cache(text, 0, raw_code=source)
    with keeping_definitions():
        return define(shell.user_ns, name, statements(text), kept), kept[:MAX_NAMES]


def plain(shell, source):
    """A cell's text without magics: its body where the magic only measures it."""
    first, _, rest = source.lstrip("\n").partition("\n")
    if first.startswith(TRANSPARENT):
        source = f"\n{rest}"
    with contextlib.suppress(SyntaxError):
        return shell.transform_cell(source)
    return source


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
