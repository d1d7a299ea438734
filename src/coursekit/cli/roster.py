"""`coursekit roster`: the class, from the list that a learning platform gives."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coursekit.core.course import Course
from coursekit.core.errors import CourseError

SHOWN = 30
"""sentences of one kind"""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "kind",
    metavar="KIND",
    default="",
    help="What FILE is: canvas, moodle, gradescope, nbgrader, csv.",
)
def roster(file: Path, kind: str) -> None:
    """Make roster.csv from a list of people, or add to it and bring it up to date.

    FILE is a Canvas gradebook export, a Moodle participants list or grading worksheet, a Gradescope roster, nbgrader's
    list of students, or a CSV with columns such as id, name and email. Nobody and nothing is removed: extensions, and
    columns that you have added, stay. Exit 1 if there is a line that could not be used.
    """
    from coursekit.core.text import first_of, one_line
    from coursekit.roster.merge import merge
    from coursekit.roster.people import FILE_NAME, read_bytes
    from coursekit.roster.platforms import KINDS, kind_called, read_people

    course = Course.find()
    if kind:
        kind_called(kind)
    try:
        people = read_people(read_bytes(file), kind)
    except FileNotFoundError:
        raise CourseError(f"{file} does not exist.") from None
    except CourseError as error:
        raise CourseError(f"{file} was not used: {str(error).rstrip('.')}.") from None
    made = merge(course, people)
    click.echo(f"{file}: {KINDS[people.kind].title}.")
    click.echo(f"{FILE_NAME}: {len(made.added)} added, {len(made.changed)} changed, {made.left} as before.")
    _list(f"  {one}" for one in made.changed)
    if made.spoilt:
        click.echo(f"A spreadsheet has changed these in {file}. They stay as they are in {FILE_NAME}:")
        _list(f"  {one}" for one in made.spoilt)
    if made.absent:
        names = first_of([one_line(person.id, 40) for person in made.absent], SHOWN)
        click.echo(f"{len(made.absent)} in {FILE_NAME} and not in this list, left as they are: {names}.")
    if people.staff:
        numbers = ", ".join(map(str, people.staff[:SHOWN]))
        click.echo(f"{len(people.staff)} left out since their role is not a student's: line {numbers}.")
    for sentence in made.unused:
        click.echo(f"{file}, {sentence}", err=True)
    sys.exit(1 if made.unused else 0)


def _list(sentences) -> None:
    sentences = list(sentences)
    for sentence in sentences[:SHOWN]:
        click.echo(sentence)
    if len(sentences) > SHOWN:
        click.echo(f"  and {len(sentences) - SHOWN} more")
