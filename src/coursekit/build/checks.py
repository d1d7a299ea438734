"""Checks before a build replaces the old one. Each yields sentences that name the cell."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from coursekit.build import testfiles
from coursekit.build.answerfiles import as_file, as_notebook
from coursekit.build.forbidden_names import INSIDE, elsewhere, full_names
from coursekit.build.handing_in import NAME
from coursekit.build.release import released_files
from coursekit.build.source import Source, called
from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits
from coursekit.core.result import Result, Status
from coursekit.core.scope import parse_cell
from coursekit.datasets.loading import load
from coursekit.grading.named_values import assigns

MIN_LEAK = 20
"""shorter lines (``return A, cache``) occur in given code too and give nothing away"""

_DELIMITER = re.compile(r"^\s*#+ *(BEGIN|END)\b|(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
"""nbgrader's delimiters wherever nbgrader would see them, and comments that look like a misspelt one"""

_AUTOTEST = re.compile(r"^\s*#+ *(HASHED +)?AUTOTEST\b.*$", re.M)

Problems = Iterator[str]


def check_source(source: Source) -> None:
    """Every check that needs the source alone. Raises CourseError with all problems."""
    _require(
        source,
        [
            identities,
            empty_outputs,
            regions,
            points_need_hidden_tests,
            known_settings,
            leaderboards,
            no_hand_in_file,
        ],
    )
    _require(
        source,
        [
            sound_answer_files,
            hidden_assertions,
            hidden_messages,
            quiet_tests,
            tests_look_at_answers,
            snapshot_use,
            answers_stay_inside,
        ],
    )


def check_release(source: Source, release: Any) -> None:
    """Every check that needs the release. Raises CourseError with all problems."""
    _require(source, [readable_names, no_solution_text, same_signatures], release)
    _require(source, [same_signatures_in_files])


def identities(source: Source) -> Problems:
    """Every nbgrader cell has a grade_id, every cell has an id, and each is unique."""
    seen: dict[str, str] = {}
    for position, cell in enumerate(source.notebook.cells):
        meta = cell.metadata.get("nbgrader", {})
        name = cells.grade_id(cell)
        if any(meta.get(role) for role in ("grade", "solution", "locked", "task")) and name is None:
            yield f"{called(cell, position)} has no grade_id: give it a name in nbgrader's cell toolbar."
        if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
            yield f"{called(cell)}: a grade_id must be a letter, then letters, digits, '_' and '-'."
        for kind, value in (("grade_id", name), ("id", cell.id)):
            key = f"{kind} {value!r}"
            if value and key in seen:
                yield f"{called(cell, position)} has the {key} of {seen[key]}: every cell needs its own."
            seen[key] = called(cell, position)


def empty_outputs(source: Source) -> Problems:
    """The source has no outputs: they would leak answers, and every run would change the file."""
    for position, cell in enumerate(source.notebook.cells):
        if cells.is_code(cell) and (cell.outputs or cell.execution_count is not None):
            yield f"{called(cell, position)} has outputs: clear all outputs in the source notebook and save it."


def regions(source: Source) -> Problems:
    """Delimiters are spelt as nbgrader and coursekit know them, come in pairs, and are in the right cells."""
    files = [as_notebook(name, data) for name, data in source.files.items() if name.endswith(".py")]
    for position, cell in [pair for nb in (source.notebook, *files) for pair in enumerate(nb.cells)]:
        where = called(cell, position)
        marks = [line.strip() for line in cell.source.splitlines() if _DELIMITER.search(line)]
        pairs: tuple[str, ...] = ()
        if cells.is_code(cell) and cells.is_solution(cell):
            pairs = (cells.BEGIN_SOLUTION, cells.END_SOLUTION)
        elif cells.is_test(cell):
            pairs = (cells.BEGIN_HIDDEN, cells.END_HIDDEN)
        if automatic := _AUTOTEST.search(cell.source):
            yield (
                f"{where}: {automatic[0].strip()!r} tells nbgrader to write a test, and would be released as it is: "
                "write the assertion yourself."
            )
        if any(mark not in pairs for mark in marks):
            wrong = next(mark for mark in marks if mark not in pairs)
            fitting = " / ".join(pairs) or "the cell is marked neither as a solution nor as a test"
            yield f"{where}: {wrong!r} does not belong here or is misspelt ({fitting})."
        elif marks != list(pairs) * (len(marks) // 2):
            yield f"{where}: regions must begin and end in turn; it has {', '.join(marks)}."
        elif cells.is_code(cell) and cells.is_solution(cell) and not marks:
            yield f"{where} is a solution cell without a region: mark it with {' / '.join(pairs)}."


def points_need_hidden_tests(source: Source) -> Problems:
    """Only a test cell with a hidden case has points; otherwise, copying the visible test would earn them."""
    for position, cell in enumerate(source.notebook.cells):
        meta = cell.metadata.get("nbgrader", {})
        value = meta.get("points", None if meta.get("grade") else 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            yield f"{called(cell, position)} has the points {value!r}: they must be a number, 0 or more."
        elif value and not (cells.is_test(cell) or cells.is_manual(cell)):
            yield f"{called(cell, position)} has {value:g} points but is not a test cell."
        elif value and cells.is_test(cell) and not cells.split_test(cell.source)[1].strip():
            yield f"{called(cell)} has {value:g} points but no hidden case: add one, or set points to 0."


def leaderboards(source: Source) -> Problems:
    """A leaderboard names variables that the cell's hidden test computes, each under a title of its own."""
    titles: set[str] = set()
    for position, cell in enumerate(source.notebook.cells):
        named = cell.metadata.get("coursekit", {}).get("leaderboard", {})
        where = f"{called(cell, position)}'s metadata: 'leaderboard'"
        if not isinstance(named, dict) or not all(isinstance(name, str) for name in named.values()):
            yield f'{where} gives titles and names of variables: {{"Accuracy": "accuracy"}}.'
            continue
        if named and not cells.is_test(cell):
            yield f"{where} belongs into a test cell: its hidden test computes the values."
            continue
        for title, name in named.items():
            if not title.strip() or len(title) > 40 or title in titles:
                yield f"{where}: the title {title!r} must be of 1 to 40 characters, and the only one of its kind."
            titles.add(title)
            try:
                hidden = ast.parse(cells.split_test(cell.source)[1])
            except SyntaxError:
                continue  # said elsewhere
            if not assigns(hidden, name):
                yield f"{where}: the hidden test assigns no variable {name!r}."


def known_settings(source: Source) -> Problems:
    """Every setting under ``coursekit`` in the metadata is known, and its value is valid."""
    for where, holder, known in [
        ("the notebook", source.notebook, ("title", "limits", "writes", "dataset")),
        *(
            (called(cell, n), cell, ("task", "limits", "leaderboard"))
            for n, cell in enumerate(source.notebook.cells)
        ),
    ]:
        settings = holder.metadata.get("coursekit", {})
        for name in settings:
            if name not in known:
                yield f"{where}'s metadata: there is no setting {name!r}; use one of {', '.join(known)}."
        try:
            Limits().merged(settings.get("limits", {}))
        except CourseError as error:
            yield f"{where}'s metadata: {error}"
    settings = source.notebook.metadata.get("coursekit", {})
    writes, dataset = settings.get("writes", []), settings.get("dataset")
    if not isinstance(writes, list) or not all(isinstance(name, str) for name in writes):
        yield f"the notebook's metadata: 'writes' is a list of file names, not {writes!r}."
    elif outside := [name for name in writes if name.startswith(".") or PurePath(name).name != name]:
        yield f"the notebook's metadata: it writes {outside[0]!r}, which must be a file beside it, without a folder."
    if not isinstance(dataset, str | None):
        yield f"the notebook's metadata: 'dataset' must name one of the course's datasets, not {dataset!r}."
    elif dataset is not None:
        try:
            load(source.assignment.course, dataset)
        except CourseError as error:
            yield f"the notebook's metadata: {error}"


def no_hand_in_file(source: Source) -> Problems:
    """The build writes ``hand_in.py`` itself."""
    if NAME in source.files:
        yield f"{NAME} is written by the build: remove yours, or give it another name."


def sound_answer_files(source: Source) -> Problems:
    """Answer files are beside the notebook, and stripping one changes no other byte of it."""
    for name, notebook in source.answer_files.items():
        if "/" in name:
            yield f"{name} has solution regions: move it out of its folder, beside the notebook."
        before, after = source.files[name], as_file(notebook)
        if before != after:
            lines = zip_longest(before.decode().splitlines(True), after.decode().splitlines(True))
            number, (old, new) = next((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1])
            if old and old.endswith("\r\n"):
                yield f"{name} has Windows line endings: save it with LF."
            elif new and new.startswith("# %%") and not (old or "").startswith("#"):
                yield f"{name}, line {number}: begin a cell here, with a line '# %%' above {old!r}."
            else:
                yield f"{name}, line {number}: write {new!r} for {old!r}, as jupytext does."


def answers_stay_inside(source: Source) -> Problems:
    """No test imports an answer file: it would run outside the sandbox, and might not be the student's."""
    modules = source.answer_modules
    for cell in source.tests:
        for part in testfiles.parts(cell):
            for node in ast.walk(part.tree):
                found = ast.unparse(node) if isinstance(node, ast.Import | ast.ImportFrom) else ""
                if found and modules & {name.partition(".")[0] for name in _imported(node)}:
                    yield (
                        f"{called(cell)}: {found!r} imports an answer file: import it in a cell of the notebook; "
                        "the test can then use its names."
                    )


def hidden_assertions(source: Source) -> Problems:
    """The hidden case of a cell with points can fail; otherwise, copying the visible test would earn them."""
    for cell in source.tests:
        hidden = [node for part in testfiles.parts(cell) if part.hidden for node in ast.walk(part.tree)]
        if cells.points(cell) and not any(_can_fail(node) for node in hidden):
            yield (
                f"{called(cell)} has {cells.points(cell):g} points but its hidden case asserts nothing: "
                "use assert, or a function such as numpy.testing's assert_allclose."
            )


def hidden_messages(source: Source) -> Problems:
    """Every assertion in a hidden region has a constant message: students read nothing else of it."""
    for cell in source.tests:
        for part in testfiles.parts(cell):
            if part.hidden:
                for node in ast.walk(part.tree):
                    if _lacks_message(node, part):
                        line = ast.unparse(node).partition("\n")[0]
                        yield (
                            f"{called(cell)}: the hidden assertion {line[:70]!r} needs a message, "
                            'a plain string (assert …, "…" or err_msg="…").'
                        )


def quiet_tests(source: Source) -> Problems:
    """A test cell is run, prints nothing and ends in no value: nbgrader turns its output into a grade."""
    for cell in source.tests:
        if cells.is_skipped(cell):
            yield f"{called(cell)} has a tag that stops it from running: nbgrader would give everyone its points."
        for part in testfiles.parts(cell):
            calls = (node for node in ast.walk(part.tree) if isinstance(node, ast.Call))
            if any(isinstance(node.func, ast.Name) and node.func.id == "print" for node in calls):
                yield f"{called(cell)} prints: a test may only assert."
            last = part.tree.body[-1] if part.tree.body else None
            if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call):
                yield f"{called(cell)} ends in the value {ast.unparse(last)!r}, which may count as a grade."


def tests_look_at_answers(source: Source) -> Problems:
    """No test looks at the grader's own output, files or warnings: student code has no effect there."""
    notebook = [
        testfiles.cell_names(cell, n) for n, cell in enumerate(source.notebook.cells) if cells.is_code(cell)
    ]
    for cell in source.tests:
        for part in testfiles.parts(cell):
            imports = full_names([*notebook, part.names])
            imports = {name: full for name, full in imports.items() if name not in part.names.defines}
            told = set()
            for line, name, what in elsewhere(part.tree, imports):
                if line not in told:
                    told.add(line)
                    text = part.source.splitlines()[line - 1].strip()
                    yield (
                        f"{called(cell)}: {text[:70]!r} {what} ({name}) on the grader's side, where student code has "
                        f"no effect: {INSIDE}."
                    )


def snapshot_use(source: Source) -> Problems:
    """coursekit is imported in one way only, and only where students don't see it; snapshots have constant names."""
    for cell in source.tests:
        if None in testfiles.snapshot_names(cell):
            yield f"{called(cell)}: write the snapshot's name as a plain string, as the second argument."
        for part in testfiles.parts(cell):
            allowed = part.snapshot_import if part.hidden else None
            for node in ast.walk(part.tree):
                modules = {name.partition(".")[0] for name in _imported(node)}
                if node is not allowed and "coursekit" in modules:
                    yield (
                        f"{called(cell)}: {ast.unparse(node)!r} must be {testfiles.SNAPSHOT_IMPORT!r}, once, "
                        "at the top level of the hidden region: students do not have coursekit."
                    )


def readable_names(source: Source, release: Any) -> Problems:
    """Every name that a test cell reads exists when the cell is graded, and each part works on its own."""
    try:
        testfiles.test_files(source, release, {})
    except CourseError as error:
        yield str(error)


def no_solution_text(source: Source, release: Any) -> Problems:
    """The release's code contains no solution as a whole, and no line of one unless given code has it too."""
    given: set[str] = set()
    regions: list[tuple[str, list[str]]] = []
    answers = [cell for notebook in source.answer_files.values() for cell in notebook.cells]
    for cell in [*source.notebook.cells, *answers]:
        if cells.is_code(cell) and not cells.is_test(cell):
            outside, inside = _split_solution(cell.source)
            given.update(outside)
            regions += [(called(cell), region) for region in inside if region]
    code = [(called(cell, n), cell.source) for n, cell in enumerate(release.cells) if cells.is_code(cell)]
    code += [(name, data.decode()) for name, data in released_files(source).items() if name[-3:] == ".py"]
    readable = [(where, {line.strip("# \t") for line in text.splitlines()}) for where, text in code]
    for owner, region in regions:
        for where, lines in readable:
            found = [line for line in region if line in lines]
            whole = 1 < len(region) == len(found)
            leaked = found if whole else [line for line in found if line not in given]
            if leaked:
                yield f"{where} of the release contains a line of the solution of {owner}: {leaked[0]!r}."


def same_signatures(source: Source, release: Any) -> Problems:
    """The stub of every function has the solution's signature; no test needs a function without a stub."""
    wanted = {
        name
        for position, cell in enumerate(source.notebook.cells)
        if cells.is_code(cell) and not cells.is_solution(cell)
        for name in testfiles.cell_names(cell, position).reads
    }
    for position, (cell, student) in enumerate(zip(source.notebook.cells, release.cells, strict=True)):
        if not (cells.is_code(cell) and cells.is_solution(cell)):
            continue
        where = called(cell, position)
        try:
            solved = _signatures(parse_cell(cell.source))
            stubs = _signatures(parse_cell(student.source))
        except SyntaxError as error:
            yield f"{where} is not valid Python, with or without its solution: {error}."
            continue
        for name, signature in solved.items():
            if name in stubs and stubs[name] != signature:
                yield f"{where}: the stub is {name}{stubs[name]} but the solution is {name}{signature}."
            elif name not in stubs and name in wanted:
                yield f"{where}: the release has no stub of {name}: begin the region inside the function."


def same_signatures_in_files(source: Source) -> Problems:
    """The same in an answer file, for functions and methods."""
    wanted = {name for cell in source.tests for name in testfiles.cell_names(cell).reads}
    stripped = released_files(source)
    for name in source.answer_files:
        try:
            solved, stubs = (_signatures(ast.parse(files[name])) for files in (source.files, stripped))
        except SyntaxError as error:
            yield f"{name} is not valid Python, with or without its solutions: {error}."
            continue
        for one, signature in solved.items():
            if one in stubs and stubs[one] != signature:
                yield f"{name}: the stub is {one}{stubs[one]} but the solution is {one}{signature}."
            elif one not in stubs and (one in wanted or "." in one):
                yield f"{name}: the release has no stub of {one}: begin the region inside it."


def full_marks(result: Result) -> Problems:
    """The solution passes every test, even those worth 0 points; manual grades are not expected."""
    yield from _gradable(result, "solution")
    for question in result.questions:
        if question.status == Status.FAILED:
            yield (
                f"cell '{question.name}': the solution earns {question.score:g} of {question.max_score:g} "
                f"points under sealed grading: {question.output.strip() or 'no message'}"
                f"{_details(question.name, result.log)}"
            )


def _details(name: str, log: str) -> str:
    """The part of the instructor's log about a question, since a hidden test's own message shows little."""
    parts = re.split(r"^== (.*?): .*\n", log, flags=re.M)
    found = [text.strip() for owner, text in zip(parts[1::2], parts[2::2], strict=True) if owner == name]
    return "".join(f"\n{text}" for text in found)


def no_marks(result: Result) -> Problems:
    """The unchanged release earns nothing."""
    yield from _gradable(result, "release")
    for question in result.questions:
        if question.score > 0:
            yield f"cell '{question.name}': the unchanged release earns {question.score:g} points."


def require(problems: Problems, assignment: str) -> None:
    """If there are `problems`, raise CourseError with all of them, one per line."""
    found = list(dict.fromkeys(problems))
    if found:
        raise CourseError("\n".join([f"{assignment} was not built:", *(f"  {problem}" for problem in found)]))


def _require(source: Source, checks: list[Callable[..., Problems]], *more: Any) -> None:
    require((problem for check in checks for problem in check(source, *more)), source.assignment.name)


def _imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _gradable(result: Result, what: str) -> Problems:
    if result.error:
        yield f"the {what} can't be graded: {result.error}"


def _can_fail(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert | ast.Raise) or (
        isinstance(node, ast.Call) and _function_name(node).startswith("assert")
    )


def _function_name(call: ast.Call) -> str:
    """The function's name, without its module or object."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _lacks_message(node: ast.AST, part: testfiles.Part) -> bool:
    if isinstance(node, ast.Assert):
        return not _is_text(node.msg)
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name | ast.Call):
        call = node.exc if isinstance(node.exc, ast.Call) else ast.Call(node.exc, [], [])
        if isinstance(call.func, ast.Name) and call.func.id == "AssertionError":
            return not (call.args and _is_text(call.args[0]))
    if isinstance(node, ast.Call):
        own = isinstance(node.func, ast.Name) and node.func.id in part.names.defines
        if _function_name(node).startswith("assert_") and not own:
            return not any(k.arg in ("err_msg", "msg") and _is_text(k.value) for k in node.keywords)
    return False


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value.strip())


def _split_solution(source: str) -> tuple[list[str], list[list[str]]]:
    """The lines outside solution regions, and for each region its lines of MIN_LEAK or more; all stripped."""
    outside: list[str] = []
    regions: list[list[str]] = []
    lines = outside
    for line in source.splitlines():
        if cells.BEGIN_SOLUTION in line:
            regions.append(lines := [])
        elif cells.END_SOLUTION in line:
            lines = outside
        elif lines is outside or len(line.strip()) >= MIN_LEAK:
            lines.append(line.strip())
    return outside, regions


def _signatures(tree: ast.Module) -> dict[str, str]:
    """The parameters of every function, method and class by dotted name, as text."""
    found = {}

    def visit(nodes: list[ast.stmt], prefix: str) -> None:
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
                found[prefix + node.name] = f"({ast.unparse(node.args)}){returns}"
            elif isinstance(node, ast.ClassDef):
                found[prefix + node.name] = f"({', '.join(ast.unparse(base) for base in node.bases)})"
                visit(node.body, f"{prefix}{node.name}.")

    visit(tree.body, "")
    return found
