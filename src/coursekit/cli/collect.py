"""`coursekit collect`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.progress import Counted
from coursekit.core.text import first_of

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.argument("what", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--from", "platform", metavar="PLATFORM", help="What the download is, if it is taken for something else."
)
@click.option("--assignment", metavar="NAME", help="The assignment, where the download does not say it.")
@click.option(
    "--attempt",
    "picks",
    metavar="[STUDENT=]N",
    multiple=True,
    help="The attempt that counts from now on, for one student or all: its number, or 'newest'.",
)
@click.option("--groups", is_flag=True, help="Each hand-in belongs to everybody in its group in roster.csv.")
@click.option("--force", is_flag=True, help="Replace hand-ins in submitted/ that collect did not put there.")
def collect(
    what: tuple[Path, ...],
    platform: str | None,
    assignment: str | None,
    picks: tuple[str, ...],
    groups: bool,
    force: bool,
) -> None:
    """Put downloaded hand-ins into submitted/.

    WHAT is a zip or folder as it was downloaded: from Canvas, Moodle or Gradescope, nbgrader's submitted/, a folder of
    Git clones, or a folder of files named after students. Every attempt is kept in collected/, and the newest counts.
    Collecting again adds what is new. Exit 1 if something was left over.
    """
    if not what and not picks:
        raise CourseError("Name the zip or folder that you have downloaded: coursekit collect FILE.")
    from rich.console import Console

    from coursekit.collect.collecting import Wanted
    from coursekit.collect.collecting import collect as collect_all

    console = Console(soft_wrap=True, markup=False, highlight=False)
    wanted = Wanted(platform, assignment, dict(map(_pick, picks)), groups, force)

    with _bar(console) as advance:
        done = collect_all(Course.find(), what, wanted, console.print, advance)
    for sentence in dict.fromkeys([*done.remarks, *done.left]):
        console.print(sentence)
    if done.strangers:
        names = first_of([ascii(name)[1:-1] for name in sorted(done.strangers)], 20)
        console.print(f"Not in roster.csv: {names}.")
    console.print(done.counts())
    sys.exit(1 if done.left else 0)


def _pick(text: str) -> tuple[str, int]:
    """The student, "" for everybody, and the number of the attempt, 0 for the newest. Raises CourseError."""
    student, joint, number = text.rpartition("=")
    if number == "newest":
        return student, 0
    if (joint and not student) or not (number.isascii() and number.isdecimal() and int(number[:6]) > 0):
        raise CourseError(f"--attempt {text!r} is not N, STUDENT=N, 'newest' or STUDENT=newest.")
    return student, int(number[:6])


@contextmanager
def _bar(console: Console) -> Iterator[Counted]:
    """A progress bar, on a terminal only: a function that moves it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [TextColumn("Collecting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total or None, refresh=True)
