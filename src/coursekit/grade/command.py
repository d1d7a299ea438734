"""What `coursekit grade` does: find submissions, grade them with a progress bar, write what came out."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console

from coursekit.course import Assignment
from coursekit.errors import CourseError
from coursekit.grade import batch, find_data
from coursekit.grade.batch import Handed
from coursekit.grade.built import Autograder, read_autograder
from coursekit.sealed import sandbox


def grade_all(
    assignments: list[Assignment],
    paths: list[Path],
    *,
    jobs: int,
    json_file: Path | None,
    unsafe: bool,
    regrade: bool,
) -> bool:
    """Grade `paths`, or everything handed in, for each assignment; see `coursekit grade --help`.

    Returns whether each got a result: false when the grader itself failed at one.
    """
    backend = sandbox.strongest(unsafe)
    console = Console(stderr=json_file is not None)
    if backend != "bubblewrap":
        console.print(
            f"Sandbox: {backend}. {'NOT SEALED. ' if backend == 'none' else ''}See 'coursekit doctor'."
        )
    results = []
    for assignment in assignments:
        handed = _handed(assignment, paths)
        if not handed and len(assignments) > 1:
            continue
        autograder = read_autograder(assignment.autograder, assignment.release)
        graded = _grade(
            assignment,
            autograder,
            handed,
            backend,
            jobs,
            console,
            keep=json_file is None,
            all_=regrade or bool(paths),
        )
        results += graded
        if json_file is None:
            _report(assignment, console)
    if json_file is not None:
        text = json.dumps(results, indent=1) + "\n"
        sys.stdout.write(text) if str(json_file) == "-" else json_file.write_text(text)
    return not any(result["extra_data"]["fault"] for result in results)


def _handed(assignment: Assignment, paths: list[Path]) -> list[Handed]:
    if not paths:
        handed = batch.find_submissions(assignment.course, assignment.name)
        if not handed:
            raise CourseError(
                f"Nothing to grade: no {assignment.course.submitted}/<student>/{assignment.name}. "
                "Put submissions there, name them on the command line, or write a sample with 'coursekit sample'."
            )
        return handed
    everyones = {file.name for file in assignment.release.glob("*.py")}
    handed = [batch.of_path(path, assignment.name, everyones) for path in paths]
    for student, count in Counter(one.student for one in handed).items():
        if count > 1:
            raise CourseError(
                f"{count} of the paths belong to one student, {student!r}: name them one at a time, "
                "or the folder that they make a submission of."
            )
    return handed


def _grade(
    assignment: Assignment,
    autograder: Autograder,
    handed: list[Handed],
    backend: str,
    jobs: int,
    console: Console,
    *,
    keep: bool,
    all_: bool,
) -> list[dict[str, Any]]:
    """Grade what has no current result; with `keep`, each result goes to the results folder as it comes."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    digits = find_data(assignment.course, autograder)
    places = {one: assignment.results / f"{one.student}.json" for one in handed}
    todo = [
        one
        for one in handed
        if not keep or all_ or not batch.is_current(places[one], one, autograder, backend, digits)
    ]
    if len(todo) < len(handed):
        console.print(f"{len(handed) - len(todo)} of {len(handed)} have a current result already.")
    columns = [
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    ]
    done: dict[Handed, dict[str, Any]] = {}
    # No refreshing thread: a process that forks graders should have one thread.
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"Grading {assignment.name}", total=len(todo))

        def show(student: str, step: str) -> None:
            progress.update(task, description=f"{ascii(student)[1:-1][:20]}: {step[:30]}", refresh=True)

        for one, result, log in batch.grade_class(autograder, todo, backend, digits, jobs, show):
            result["extra_data"]["graded"] = batch.stamp(one, autograder, backend, digits)
            if keep:
                batch.write_result(places[one], result, log)
            done[one] = result
            progress.update(task, advance=1, refresh=True)
            if not console.is_terminal and keep:
                score, most = result["score"], result["extra_data"]["max_score"]
                console.print(
                    f"{len(done)}/{len(todo)} {ascii(one.student)[1:-1]}: {score:g}/{most:g}", markup=False
                )
    return [done[one] for one in handed if one in done]


def _report(assignment: Assignment, console: Console) -> None:
    from coursekit.report import report
    from coursekit.report.table import show_report

    show_report(report(assignment), console)
