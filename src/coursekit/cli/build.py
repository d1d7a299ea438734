"""`coursekit build`, `new`, `sample` and `data`: the commands for authors."""

from __future__ import annotations

import sys

import click

from coursekit.cli.common import chosen, status
from coursekit.core.course import Course


@click.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option(
    "--check", is_flag=True, help="Change nothing; if a built file is out of date, name it and exit 1."
)
def build(names: tuple[str, ...], check: bool) -> None:
    """Make release, solutions and autograder from source."""
    from coursekit import build as building

    course = Course.find()
    stale: list[str] = []
    with status() as say:
        for assignment in chosen(course, names):
            say(f"{assignment.name}: checking")
            if check:
                stale += building.stale(assignment)
                continue
            building.build(assignment, progress=lambda step, name=assignment.name: say(f"{name}: {step}"))
            click.echo(
                f"Built {assignment.name}: {assignment.release}, {assignment.solution}, {assignment.autograder}."
            )
    if stale:
        click.echo("\n".join(["Out of date (run 'coursekit build'):", *stale]))
        sys.exit(1)
    if check:
        click.echo("All built folders are up to date.")


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Start an assignment: a small complete one that builds and grades, for you to change piece by piece."""
    from coursekit.build.new import create

    assignment = create(Course.find(), name)
    click.echo(f"Wrote {assignment.source}. Next: coursekit build {name}. See docs/authoring.md.")


@click.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--force", is_flag=True, help="Overwrite submissions with the same names.")
def sample(names: tuple[str, ...], force: bool) -> None:
    """Write the sample class, with its mistakes and attacks, into submitted/."""
    from coursekit.samples.students import write_sample

    course = Course.find()
    for assignment in chosen(course, names):
        students = write_sample(assignment, force=force)
        click.echo(
            f"Wrote {len(students)} submissions of {assignment.name} to {course.submitted}: {', '.join(students)}."
        )


@click.command()
@click.option("--offline", is_flag=True, help="Do not use the network.")
def data(offline: bool) -> None:
    """Prepare every dataset that the course's assignments use."""
    from rich.console import Console

    from coursekit.build.source import read_source
    from coursekit.datasets.loading import prepare

    course = Course.find()
    names = sorted({read_source(assignment).dataset for assignment in course.assignments()} - {""})
    for name in names:
        found = prepare(course, name, offline=offline, progress=Console(stderr=True))
        click.echo(f"{name}: {found.label}, in {found.folder}.")
    if not names:
        click.echo("No assignment needs a dataset.")
