"""`coursekit handout` and `coursekit gradescope`: zips for teachers to upload."""

from __future__ import annotations

import click

from coursekit.cli.common import chosen, status
from coursekit.core.course import Course
from coursekit.core.errors import CourseError


@click.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option(
    "--for",
    "platform",
    metavar="PLATFORM",
    default="jupyter",
    show_default=True,
    help="jupyter, zylabs, colab or gradescope.",
)
@click.option("--url", default="", help="For Colab: the address of the folder with the given files.")
def handout(names: tuple[str, ...], platform: str, url: str) -> None:
    """Write what students get into handout/: a zip for each assignment, with a page for the teacher.

    Nothing of source, hidden tests or solutions is in it.
    """
    from coursekit.handout import Released, platforms

    known = platforms()
    if platform not in known:
        raise CourseError(
            f"There is no platform {platform!r} to hand out for: choose from {', '.join(known)}."
        )
    course = Course.find()
    for assignment in chosen(course, names):
        path = course.root / "handout" / f"{assignment.name}-{platform}.zip"
        known[platform].write(Released.read(assignment, url), path)
        click.echo(f"Wrote {path}.")


@click.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--unsealed", is_flag=True, help="Grade even if no sandbox works there; every result says so.")
@click.option(
    "--tries-a-day",
    type=click.IntRange(1, 1000),
    default=None,
    help="Grade so many submissions of a day; further ones keep the score of before.  [default: any number]",
)
@click.option(
    "--minutes",
    type=click.IntRange(2, 40),
    default=10,
    show_default=True,
    help="The assignment's time limit on Gradescope.",
)
@click.option(
    "--with",
    "packages",
    metavar="PACKAGE",
    multiple=True,
    help="A package to install there besides, such as torch. May be repeated.",
)
def gradescope(
    names: tuple[str, ...], unsealed: bool, tries_a_day: int | None, minutes: int, packages: tuple[str, ...]
) -> None:
    """Write the zip that is uploaded to Gradescope, for sealed grading there, into gradescope/.

    It holds the hidden tests: give it to nobody.
    """
    from coursekit.gradescope.packing import pack

    course = Course.find()
    with status() as say:
        for assignment in chosen(course, names):
            say(f"{assignment.name}: packing")
            path = course.root / "gradescope" / f"{assignment.name}.zip"
            pack(
                assignment,
                path,
                unsealed=unsealed,
                tries_a_day=tries_a_day or 0,
                minutes=minutes,
                packages=packages,
            )
            click.echo(f"Wrote {path} ({path.stat().st_size / 1e6:.0f} MB). It holds the hidden tests.")
