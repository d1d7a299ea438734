"""`coursekit export`: a command for each platform, made from the fields of its Export."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, get_type_hints

import click

from coursekit.cli.common import chosen
from coursekit.core.course import Course
from coursekit.core.errors import CourseError

if TYPE_CHECKING:
    from coursekit.exports.base import Export


class Platforms(click.Group):
    """A command for each file in exports/; they are looked up when one is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        from coursekit.exports import exports

        return list(exports())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        from coursekit.exports import exports

        known = exports()
        if name not in known:
            raise CourseError(f"There is no platform {name!r} to export to: choose from {', '.join(known)}.")
        return command(known[name])


@click.group(cls=Platforms)
def export() -> None:
    """Write what a learning platform takes in: points, comments, feedback.

    Files come into exported/. Whoever could not be written is named, and then it exits 1.
    """


def command(platform: Export) -> click.Command:
    """The command that writes a platform's files."""

    def run(names: tuple[str, ...], **given: object) -> None:
        asked = {field: value for field, value in given.items() if value is not None}
        _write(dataclasses.replace(platform, **asked), names)

    options = [_option(field, kind) for field, kind in _fields(platform)]
    argument = click.Argument(["names"], metavar="[ASSIGNMENT]...", nargs=-1)
    return click.Command(platform.name, callback=run, params=[argument, *options], help=platform.__doc__)


def _fields(platform: Export) -> list[tuple[dataclasses.Field, object]]:
    kinds = get_type_hints(type(platform))
    return [(field, kinds[field.name]) for field in dataclasses.fields(platform)]


def _option(field: dataclasses.Field, kind: object) -> click.Option:
    """The option of a field: a file, a flag or a text."""
    name, help = f"--{field.name.replace('_', '-')}", field.metadata["help"]
    if kind is bool:
        return click.Option([name], is_flag=True, help=help)
    is_path = kind == Path | None
    return click.Option(
        [name],
        type=click.Path(path_type=Path, dir_okay=False) if is_path else str,
        metavar="FILE" if is_path else "TEXT",
        help=help,
    )


def _write(platform: Export, names: tuple[str, ...]) -> None:
    from coursekit.report import gather

    assignments = chosen(Course.find(), names)
    if not names:
        assignments = [one for one in assignments if any(one.results.glob("*.json"))] or assignments[:1]
    problems = 0
    for assignment in assignments:
        report = gather(assignment)
        before = len(report.problems), len(report.remarks)
        written = platform.write(report)
        for sentence in report.problems + report.remarks[before[1] :]:
            click.echo(f"{assignment.name}: {sentence}", err=True)
        for path in written:
            click.echo(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
        problems += len(report.problems) - before[0] + len(report.ungraded) + len(report.outdated)
    if problems:
        raise SystemExit(1)
