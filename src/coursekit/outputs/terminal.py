"""The class on the terminal: a row for each student, a mark for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.core.dates import in_words
from coursekit.core.result import QuestionResult, Result, Status
from coursekit.core.text import first_of, number, one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    from coursekit.outputs.base import ClassReport, QuestionInfo
    from coursekit.standings import Standing

    Cells = Callable[[Result], list[Text]]

_MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "manual": "?", "none": "·"}
_ASCII = {"passed": "+", "partial": "~", "failed": "x", "manual": "?", "none": "."}
_STYLES = {"passed": "green", "partial": "yellow", "failed": "red", "manual": "blue", "none": "dim"}
SHOWN = 30
"""names in one sentence"""
MAX_ROWS = 100
"""students in the table: nobody reads more on a terminal, and a thousand take seconds"""
_GROUP = 5  # marks in a group, in the narrowest form


def show_report(report: ClassReport, console: Console) -> None:
    """Print the class, the questions' numbers, changes of points, the problems, and the paths of all files."""
    from rich.text import Text

    console.print(Text(report.assignment.name, style="bold"))
    if report.results:
        console.print(class_table(report, console))
        if (more := len(report.results) - MAX_ROWS) > 0:
            console.print(Text(f"and {more} more: gradebook.csv has all", style="dim"))
        console.print(_question_table(report, console))
        console.print()
    if report.changes:
        console.print("Points that are not those of the result before:")
    for change in report.changes:
        line = change.replace("→", "->") if console.options.ascii_only else change
        console.print(Text(f"  {line}"), soft_wrap=True)
    for sentence in _troubles(report):
        console.print(Text(sentence, style="yellow"), soft_wrap=True)
    for name, path in _places(report):
        console.print(Text.assemble((f"{name:<10} ", "dim"), str(path)), soft_wrap=True)


def _question_table(report: ClassReport, console: Console) -> Table:
    """Each question's number, name and points, and how many students passed it."""
    from rich.text import Text

    table = _empty_table(console)
    table.add_column("", justify="right")
    table.add_column("question")
    table.add_column("points", justify="right")
    table.add_column("passed", justify="right")
    for n, question in enumerate(report.questions, 1):
        outcomes = [one.status for result in report.results if (one := result.question(question.name))]
        passed = outcomes.count(Status.PASSED)
        points = number(question.points) if question.points else ""
        count = "by hand" if Status.MANUAL in outcomes else f"{passed} of {len(report.results)}"
        table.add_row(str(n), Text(one_line(question.name, 60)), points, count)
    return table


def class_table(report: ClassReport, console: Console) -> Table:
    """The table of the first MAX_ROWS students, in the widest form that fits `console`.

    Each question is a column with its name as title, or else its number; in a narrow terminal all marks are in one
    column, in groups of five. Real names are shown where they are known, and what counts where that is not all.
    """
    from rich.measure import Measurement
    from rich.text import Text

    questions = report.questions
    marks = _ASCII if console.options.ascii_only else _MARKS

    def apart(result: Result) -> list[Text]:
        return [_mark(_of(result, question), marks, with_points=True) for question in questions]

    def together(result: Result) -> list[Text]:
        cell = Text()
        for n, question in enumerate(questions):
            cell.append(" " if n and n % _GROUP == 0 else "")
            cell.append_text(_mark(_of(result, question), marks, with_points=False))
        return [cell]

    numbers = [str(n) for n in range(1, len(questions) + 1)]
    for heads in ([one_line(question.name, 60) for question in questions], numbers):
        table = _table(heads, apart, report, console)
        for column in table.columns:  # rich would measure every cell several times
            column.width = _width(column)
        if Measurement.get(console, console.options.update(width=10_000), table).maximum <= console.width:
            return table
    return _table([f"questions 1 to {len(questions)}"], together, report, console)


def _table(heads: list[str], cells: Cells, report: ClassReport, console: Console) -> Table:
    from rich.text import Text

    results = report.results
    named = any(map(report.name_of, results))
    table = _empty_table(console)
    table.show_footer = True
    widest = (20 if console.width < 140 else 40) if console.width >= 80 or not named else 10
    table.add_column("student", "mean", max_width=widest, no_wrap=True, overflow="ellipsis")
    if named:
        table.add_column("name", max_width=widest, no_wrap=True, overflow="ellipsis")
    table.add_column("score", _mean(result.score for result in results), justify="right", no_wrap=True)
    if report.has_due_date:
        counts = _mean(report.standing(result).counts for result in results)
        table.add_column("counts", counts, justify="right", no_wrap=True)
        table.add_column("late", no_wrap=True)
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("notes", no_wrap=True)
    for result in results[:MAX_ROWS]:
        table.add_row(
            Text(one_line(result.student, 100)),
            *([Text(one_line(report.name_of(result), 100))] if named else []),
            f"{number(result.score)}/{number(result.max_score)}",
            *(_lateness(report.standing(result)) if report.has_due_date else []),
            *cells(result),
            f"{result.seconds:.1f} s",
            _notes(result),
        )
    return table


def _lateness(standing: Standing) -> list[Text]:
    """What counts, and how late it is."""
    from rich.text import Text

    late = in_words(standing.late, short=True) if standing.late else ""
    style = "yellow" if standing.counts < standing.raw else ""
    return [Text(number(standing.counts), style=style), Text(late if standing.submitted else "?")]


def _mean(values: Iterable[float]) -> str:
    found = list(values)
    return number(round(sum(found) / len(found), 1))


def _width(column: Column) -> int:
    """The width of its widest cell, within its bounds."""
    from rich.cells import cell_len

    texts = [str(cell) for cell in (column.header, column.footer, *column.cells)]
    return min(max(map(cell_len, texts)), column.max_width or 10_000)


def _empty_table(console: Console) -> Table:
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD
        if console.is_terminal
        else None,  # SIMPLE_HEAD puts a space between columns itself
        padding=0 if console.is_terminal else (0, 1, 0, 0),
        header_style="bold",
        footer_style="dim",
    )


def _of(result: Result, question: QuestionInfo) -> QuestionResult | None:
    return None if result.error else result.question(question.name)


def _mark(test: QuestionResult | None, marks: dict[str, str], *, with_points: bool) -> Text:
    from rich.text import Text

    status = "none" if test is None else test.outcome
    points = ""
    if with_points and test and test.max_score and test.status != Status.MANUAL:
        points = number(test.score)
    return Text(marks[status] + points, style=_STYLES[status])


def _notes(result: Result) -> Text:
    from rich.text import Text

    parts = [
        ("error", "red") if result.error else None,
        ("not renewed", "yellow") if result.not_renewed else None,
        ("unsealed", "yellow") if not result.sealed else None,
        (str(len(result.notes)), "") if result.notes else None,
    ]
    return Text(", ").join(Text(*part) for part in parts if part)


def _troubles(report: ClassReport) -> Iterator[str]:
    for result in report.results:
        if result.error:
            yield f"{one_line(result.student, 100)}: {one_line(result.error, 300)}"
        if result.not_renewed:
            yield (
                f"{one_line(result.student, 100)}: not renewed, these are the points of before. "
                f"{one_line(result.not_renewed, 300)}"
            )
    unsealed = sum(not result.sealed for result in report.results)
    if unsealed:
        yield f"{unsealed} of {len(report.results)} were graded unsealed, without a sandbox."
    for warning, count in Counter(result.data.warning for result in report.results).items():
        if warning:
            yield f"{count} of {len(report.results)} were {one_line(warning)}."
    if report.missing:
        names = [one_line(report.roster.label(person), 60) for person in report.missing]
        yield f"{len(names)} in roster.csv without a hand-in: {first_of(names, SHOWN)}."
    yield from report.problems
    yield from report.remarks


def _places(report: ClassReport) -> Iterator[tuple[str, Path]]:
    yield "results", _near(report.assignment.results)
    for name, path in sorted(report.written.items(), key=lambda item: (item[1].is_dir(), item[0])):
        yield name, _near(path)


def _near(path: Path) -> Path:
    """`path` relative to the current folder, if it is inside it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
