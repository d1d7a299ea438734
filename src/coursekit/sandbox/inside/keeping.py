"""Carry out a text so that an error costs only what depends on it.

In a notebook a cell stops at its first error, and so does the import of a Python file. A person who reads it sees that
the functions below that line have nothing to do with it. So do we: what a text defines and imports below the line is
carried out all the same, and a statement that is not Python is left out, not the text.
"""

import ast

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, *IMPORTS)
MAX_TRIES = 50
CONTINUING = ("else:", "elif ", "except", "finally:")


def carry_out_rest(namespace, name, text, error, ran):
    """Carry out what an error has kept from being carried out; returns the names that were defined.

    name: of the text, in tracebacks. ran: whether the text could be compiled, and ran up to the error. An import that
    raised is carried out again, name by name, and if that helps, the rest as if there had been no error.
    """
    nodes, kept = statements(text), []
    if not ran:
        nodes = carry_out(namespace, name, nodes, kept)
    else:
        line = line_of(error, name)
        failed = [node for node in nodes if first_line(node) <= line <= node.end_lineno]
        nodes = [node for node in nodes if first_line(node) > line]
        define(namespace, name, [node for node in failed if isinstance(node, IMPORTS)], kept)
        if kept:
            nodes = carry_out(namespace, name, nodes, kept)
    define(namespace, name, nodes, kept)
    return kept


def carry_out(namespace, name, nodes, kept):
    """Run statements until one raises an exception; returns those behind it."""
    for place, node in enumerate(nodes):
        if run(namespace, name, node) is not None:
            return nodes[place + 1 :]
        if isinstance(node, DEFINITIONS):
            kept.extend(bound(node))
    return []


def define(namespace, name, nodes, kept):
    """Carry out the definitions among the statements, and assignments of constants; returns the first error, if any."""
    first = None
    for node in nodes:
        if isinstance(node, DEFINITIONS) or is_constant(node):
            error = run(namespace, name, node)
            first = first or error
            if error is None:
                kept.extend(bound(node))
    return first


def run(namespace, name, node):
    try:
        exec(compile(ast.Module([node], []), name, "exec"), namespace)
    except BaseException as error:
        return error
    return None


def statements(text):
    """The statements of a text. Whatever is not Python is left out, with the statement that it is in."""
    lines = text.split("\n")
    for _ in range(MAX_TRIES):
        try:
            return single(ast.parse("\n".join(lines)).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            if not line or not leave_out(lines, min(line, len(lines))):
                return []
    return []


def single(nodes):
    """The statements, with an import of several names as several imports."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [ast.copy_location(ast.Import([alias]), node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [
                ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)
                for alias in node.names
            ]
        else:
            found.append(node)
    return found


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
