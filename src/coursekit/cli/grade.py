"""`coursekit grade` and `coursekit report`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursekit.cli.cluster import certificates
from coursekit.cli.common import at_a_time, chosen
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.text import meant

if TYPE_CHECKING:
    from rich.console import Console

    from coursekit.core.result import Result
    from coursekit.executors.base import Executor, Progress
    from coursekit.grading.job import Job
    from coursekit.layouts.base import Layout


@click.command()
@click.argument("arguments", metavar="[ASSIGNMENT] [PATH]...", nargs=-1)
@at_a_time
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Write the results as one list to FILE (- is stdout), and nothing anywhere else.",
)
@click.option("--unsafe", is_flag=True, help="If no sandbox works, grade without one; results say so.")
@click.option("--regrade", is_flag=True, help="Grade every submission again, even if nothing has changed.")
@click.option(
    "--layout", metavar="NAME", default="nbgrader", show_default=True, help="Where to find the submissions."
)
@click.option(
    "--executor", metavar="NAME", default="processes", show_default=True, help="How to run the grading."
)
@click.option(
    "--on",
    metavar="ADDRESS",
    help="Grade on a Dask cluster: tls://host:8786, a scheduler's file, or local:N to try it here.",
)
@certificates
def grade(
    arguments: tuple[str, ...],
    jobs: int,
    json_file: Path | None,
    unsafe: bool,
    regrade: bool,
    layout: str,
    executor: str,
    on: str | None,
    tls: Path | None,
    insecure: bool,
) -> None:
    """Grade submissions, sealed.

    PATH is a submission: a folder, a zip, a notebook, or the Python file that students write in. Without PATH,
    grade everything in submitted/ that has no current result. Exit 1 when the grader itself failed at a submission;
    the next run grades it again.
    """
    from coursekit import executors
    from coursekit.layouts import layouts
    from coursekit.layouts.paths import Paths
    from coursekit.roster import Roster
    from coursekit.schedule import Schedule

    known = {assignment.name: assignment for assignment in Course.find().assignments()}
    assignments, paths = _split(known, arguments)
    if json_file is None and assignments:
        # what is wrong in them is said before hours of grading, not after
        Schedule.read(assignments[0].course)
        Roster.read(assignments[0].course)
    _check_name("layout", layout, layouts())
    _check_name("executor", executor, executors.executors())
    workers = executors.cluster(on, tls, insecure) if on else executors.executor(executor, jobs)
    if (
        json_file is not None
        and str(json_file) != "-"
        and (json_file.is_dir() or not json_file.parent.is_dir())
    ):
        raise CourseError(f"Cannot write {json_file}: its folder does not exist, or it is a folder itself.")
    every = _grade(
        assignments,
        Paths(paths) if paths else layouts()[layout],
        workers,
        json_file=json_file,
        unsafe=unsafe,
        everything=regrade or bool(paths),
    )
    sys.exit(0 if every else 1)


def _check_name(what: str, name: str, known: dict) -> None:
    if name not in known:
        raise CourseError(f"There is no {what} {name!r}: choose from {', '.join(known)}.")


def _split(known: dict[str, Assignment], arguments: tuple[str, ...]) -> tuple[list[Assignment], list[Path]]:
    """The assignments and the paths among the arguments. Raises CourseError."""
    if arguments and arguments[0] in known and not (len(arguments) == 1 and Path(arguments[0]).exists()):
        paths = [Path(argument) for argument in arguments[1:]]
        for path in paths:
            if not path.exists():
                raise CourseError(f"{path} does not exist.")
        return [known[arguments[0]]], paths
    paths = [Path(argument) for argument in arguments]
    return _of_paths(known, paths), paths


def _of_paths(known: dict[str, Assignment], paths: list[Path]) -> list[Assignment]:
    """The assignment of paths that come without one: the one in their names, or the course's only one."""
    if not known:
        raise CourseError("This course has no assignment yet: there is no notebook in source/.")
    for path in paths:
        if not path.exists():
            likely = meant(path.name, known)
            raise CourseError(
                f"{path} is neither an assignment ({', '.join(known)}) nor a file or folder{likely}"
            )
    named = {path.absolute().name for path in paths} | {path.stem for path in paths}
    found = [assignment for name, assignment in known.items() if name in named] or list(known.values())
    if paths and len(found) != 1:
        raise CourseError(
            f"Which assignment do these paths belong to? Name it before them: one of {', '.join(known)}."
        )
    return found


def _grade(
    assignments: list[Assignment],
    layout: Layout,
    workers: Executor,
    *,
    json_file: Path | None,
    unsafe: bool,
    everything: bool,
) -> bool:
    """Grade, and show what happens; returns whether every submission got a result."""
    from concurrent.futures import ThreadPoolExecutor

    keep = json_file is None
    with ThreadPoolExecutor(1) as meanwhile:  # it has ended before any process is forked for grading
        tried = meanwhile.submit(workers.sandbox, unsafe)
        from rich.console import Console

        from coursekit.grade_class import collect, work_through
        from coursekit.outputs import json_list

        console = Console(stderr=not keep)
        classes = collect(assignments, layout, tried.result)
        sandbox = tried.result()
    if sandbox != "bubblewrap":
        console.print(
            f"Sandbox: {sandbox}. {'NOT SEALED. ' if sandbox == 'none' else ''}See 'coursekit doctor'."
        )
    course = assignments[0].course
    for name, why in layout.passed_over(course).items():
        console.print(f"{ascii(name)[1:-1]} in {course.submitted} {why}.", markup=False, soft_wrap=True)
    if not classes.jobs:
        where = " or ".join(layout.where(one) for one in assignments)
        raise CourseError(
            f"Nothing to grade: no {where}. Put submissions there with 'coursekit collect' or yourself, name them on "
            "the command line, or write a sample with 'coursekit sample'."
        )
    if keep:
        classes.refuse_confused()
    for sentence in classes.refused:
        console.print(sentence, markup=False, soft_wrap=True)
    for sentence in classes.lookalikes():
        console.print(sentence, style="yellow", markup=False, soft_wrap=True)
    jobs = classes.every if everything or not keep else classes.without_result()
    if len(jobs) < len(classes.every):
        console.print(
            f"{len(classes.every) - len(jobs)} of {len(classes.every)} have a current result already."
        )
    done: dict[tuple[str, str], Result] = {}
    """only if they are written at the end: a large class is not to fill the memory"""
    number, every = 0, True
    with _bar(console, len(jobs)) as (show, advance):
        for result in work_through(classes, jobs, workers, keep=keep, progress=show):
            number += 1
            every = every and not (result.fault or result.not_renewed)
            advance()
            if not keep:
                done[result.key] = result
            elif not console.is_terminal:
                line = f"{number}/{len(jobs)} {result.assignment}, {_short(result.student)}"
                kept = ", not renewed" if result.not_renewed else ""
                console.print(f"{line}: {result.score:g}/{result.max_score:g}{kept}", markup=False)
    if keep:
        _show_reports([assignment for assignment, jobs in classes.jobs.items() if jobs], console)
    else:
        _write(json_file, json_list.dumps([done[job.key] for job in classes.every if job.key in done]))
    return every and not classes.refused


def _write(path: Path | None, text: str) -> None:
    from coursekit.core.files import replace_text

    if path is None or str(path) == "-":
        sys.stdout.write(text)
    else:
        replace_text(path, text)


@contextmanager
def _bar(console: Console, total: int) -> Iterator[tuple[Progress, object]]:
    """A progress bar, on a terminal only: a function that shows a job's step, and one that advances the bar."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = [
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    ]
    # No refresh thread: a process that forks graders should have one thread.
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Grading", total=total)

        def show(job: Job, step: str) -> None:
            student = _short(job.reference.student)
            progress.update(bar, description=f"{student}: {step[:30]}", refresh=True)

        yield show, lambda: progress.update(bar, advance=1, refresh=True)


def _short(student: str) -> str:
    """A student's name, short and safe for the terminal."""
    return ascii(student)[1:-1][:20]


@click.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
def report(names: tuple[str, ...]) -> None:
    """Write gradebook and feedback from results, and show the class and whose points have changed."""
    from rich.console import Console

    assignments = chosen(Course.find(), names)
    if not names:
        assignments = [a for a in assignments if any(a.results.glob("*.json"))] or assignments[:1]
    _show_reports(assignments, Console())


def _show_reports(assignments: Sequence[Assignment], console: Console) -> None:
    from coursekit.outputs.terminal import show_report
    from coursekit.report import report as write_outputs

    for assignment in assignments:
        show_report(write_outputs(assignment), console)
