"""What `coursekit grade` does: find submissions, grade them with a progress bar, write what came out."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text, unusable
from coursekit.executors import processes as batch
from coursekit.executors.processes import Handed, Task
from coursekit.grading import find_data
from coursekit.grading.autograder import read_autograder
from coursekit.sandbox import choose as sandbox


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
    if (
        json_file is not None
        and str(json_file) != "-"
        and (json_file.is_dir() or not json_file.parent.is_dir())
    ):
        raise CourseError(f"{json_file} can't be written: it has to be a file in a folder that there is.")
    backend = sandbox.strongest(unsafe)
    console = Console(stderr=json_file is not None)
    if not sandbox.is_first_choice(backend):
        warning = "" if sandbox.named(backend).sealed else "NOT SEALED. "
        console.print(f"Sandbox: {backend}. {warning}See 'coursekit doctor'.")
    classes = {one: tasks for one in assignments if (tasks := _tasks(one, paths))}
    if not paths:
        course = assignments[0].course
        for name, why in batch.find_ungraded(course).items():
            console.print(f"{ascii(name)[1:-1]} in {course.submitted} {why}.", markup=False, soft_wrap=True)
    if not classes:
        where = " or ".join(f"{one.course.submitted}/<student>/{one.name}" for one in assignments)
        raise CourseError(
            f"Nothing to grade: no {where}. Put submissions there, name them on the command line, or write a "
            "sample with 'coursekit sample'."
        )
    confused = [] if json_file is not None else _set_apart(classes)
    for sentence in confused:
        console.print(sentence, markup=False, soft_wrap=True)
    results = _grade(classes, backend, jobs, console, keep=json_file is None, all_=regrade or bool(paths))
    if json_file is None:
        for assignment, tasks in classes.items():
            if tasks:
                _report(assignment, console)
    else:
        text = json.dumps(results, indent=1) + "\n"
        sys.stdout.write(text) if str(json_file) == "-" else replace_text(json_file, text)
    return not confused and not any(result["extra_data"]["fault"] for result in results)


def _tasks(assignment: Assignment, paths: list[Path]) -> list[Task]:
    """What there is to grade of an assignment: `paths`, or what lies in ``submitted/``."""
    handed = (
        _named(assignment, paths) if paths else batch.find_submissions(assignment.course, assignment.name)
    )
    if not handed:
        return []
    autograder = read_autograder(assignment.autograder, assignment.release)
    digits = find_data(assignment.course, autograder)
    return [Task(autograder, one, digits) for one in handed]


def _named(assignment: Assignment, paths: list[Path]) -> list[Handed]:
    """The submissions that `paths` are, each of a student of its own."""
    everyones = {file.name for file in assignment.release.glob("*.py")}
    handed = [batch.of_path(path, assignment.name, everyones) for path in paths]
    for student, count in Counter(one.student for one in handed).items():
        if count > 1:
            raise CourseError(
                f"{count} of the paths belong to one student, {student!r}: name them one at a time, "
                "or the folder that they make a submission of."
            )
    return handed


def _set_apart(classes: dict[Assignment, list[Task]]) -> list[str]:
    """Take out the submissions whose results would lie in one file, with another's or an older one; says which."""
    sentences = []
    for assignment, tasks in classes.items():
        files = [f"{task.handed.student}.json" for task in tasks]
        older = {path.name for path in assignment.results.glob("*.json")} - set(files)
        confused = unusable([*files, *older], assignment.results)
        for task, file in zip(list(tasks), files, strict=True):
            if file in confused:
                tasks.remove(task)
                sentences.append(
                    f"{ascii(str(task.handed.path))[1:-1]} is not graded: {ascii(file)} {confused[file]}. "
                    "Rename the student's folder."
                )
    return sentences


def _grade(
    classes: dict[Assignment, list[Task]],
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

    places = {
        task: assignment.results / f"{task.handed.student}.json"
        for assignment, tasks in classes.items()
        for task in tasks
    }
    todo = [
        task
        for task, place in places.items()
        if not keep or all_ or not batch.is_current(place, task, backend)
    ]
    if len(todo) < len(places):
        console.print(f"{len(places) - len(todo)} of {len(places)} have a current result already.")
    columns = [
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    ]
    done: dict[Task, dict[str, Any]] = {}
    # No refreshing thread: a process that forks graders should have one thread.
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Grading", total=len(todo))

        def show(task: Task, step: str) -> None:
            progress.update(bar, description=f"{_student(task)}: {step[:30]}", refresh=True)

        for task, result, log in batch.grade_tasks(todo, backend, jobs, show):
            if keep:
                batch.write_result(places[task], result, log)
            done[task] = result
            progress.update(bar, advance=1, refresh=True)
            if not console.is_terminal and keep:
                score, most = result["score"], result["extra_data"]["max_score"]
                line = f"{len(done)}/{len(todo)} {task.autograder.assignment}, {_student(task)}: {score:g}/{most:g}"
                console.print(line, markup=False)
    return [done[task] for task in places if task in done]


def _student(task: Task) -> str:
    """Whose it is, fit for the terminal."""
    return ascii(task.handed.student)[1:-1][:20]


def _report(assignment: Assignment, console: Console) -> None:
    from coursekit.outputs.terminal import show_report
    from coursekit.report import report

    show_report(report(assignment), console)
