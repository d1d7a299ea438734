"""`coursekit doctor`: which promises the sandboxes keep on this machine."""

from __future__ import annotations

import itertools
import sys
import textwrap
from pathlib import Path

import click

from coursekit.cli.cluster import certificates
from coursekit.core.errors import CourseError


@click.command()
@click.option("--on", metavar="ADDRESS", help="Ask the workers of a Dask cluster instead.")
@certificates
def doctor(on: str | None, tls: Path | None, insecure: bool) -> None:
    """Test every promise of the sandboxes on this machine, and say what is missing.

    Exit 1 when no sandbox keeps them all. With --on, ask each worker for its sandbox and versions; exit 1 when they
    would not grade alike.
    """
    from coursekit.sandbox import choose as sandbox

    if on:
        _ask_workers(on, tls, insecure)
        return

    checks = [sandbox.check(name) for name in sandbox.sealed()]
    for found in checks:
        click.echo(f"{found.name}: {'works' if found.works else 'does not work here'}")
        _show_promises(found.facts)
        if not found.works:
            click.echo(f"  missing: {found.missing}")
            for needed in sandbox.named(found.name).requirements():
                if not needed.met:
                    click.echo(f"  not here: {needed.what}. What to do: {needed.remedy}")
            click.echo(f"  what to do: {sandbox.named(found.name).remedy}")
    working = [found.name for found in checks if found.works]
    if not working:
        click.echo("Grading is not sealed on this machine.")
        sys.exit(1)
    click.echo(f"Grading here uses {working[0]}.")


def _ask_workers(on: str, tls: Path | None, insecure: bool) -> None:
    import asyncio

    from coursekit.executors.dask import connecting

    async def ask() -> tuple[list[str], dict[str, dict[str, str]]]:
        async with connecting.connected(on, tls, insecure) as cluster:
            addresses = await cluster.first_workers()
            return addresses, await cluster.described(addresses)

    try:
        addresses, found = asyncio.run(ask())
    except connecting.Lost as error:
        raise CourseError(f"{on} does not answer, or has no worker: {error}.") from None
    for address in sorted(set(addresses) - set(found)):
        click.echo(f"{address}: does not answer")
    for address, one in sorted(found.items()):
        click.echo(
            f"{address}: {one['sandbox'] or 'no sandbox'}; {one['versions']}{one['missing'] and '; '}{one['missing']}"
        )
    try:
        click.echo(f"{len(found)} workers. Grading there uses {connecting.agreed(found)}.")
    except (CourseError, connecting.Lost) as error:
        click.echo(f"Grading there is not possible. {error}")
        sys.exit(1)


def _show_promises(facts: dict[str, bool]) -> None:
    """A line for each promise; below it the acts that tried to break it, and what to do where one succeeded."""
    from coursekit.sandbox.inside.probes import PROBES
    from coursekit.sandbox.remedies import remedies

    tried = [probe for probe in PROBES if probe.name in facts]
    for promise, group in itertools.groupby(tried, key=lambda probe: probe.promise):
        probes = list(group)
        broken = [probe.name for probe in probes if probe.required and not facts[probe.name]]
        lines = {
            "possible": broken,
            "refused": [probe.name for probe in probes if facts[probe.name]],
            "possible, and not promised": [p.name for p in probes if not p.required and not facts[p.name]],
        }
        click.echo(f"  {'OPEN ' if broken else 'holds'}  {promise}")
        for what, names in lines.items():
            if names:
                _show_below(f"{what}: {', '.join(names)}")
        for remedy in remedies(broken):
            _show_below(f"what to do: {remedy}")


def _show_below(text: str) -> None:
    click.echo(textwrap.fill(text, 110, initial_indent=" " * 9, subsequent_indent=" " * 11))
