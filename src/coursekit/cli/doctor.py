"""`coursekit doctor`: which promises the sandboxes keep on this machine."""

from __future__ import annotations

import itertools
import sys
import textwrap

import click


@click.command()
def doctor() -> None:
    """Test every promise of the sandboxes on this machine, and say what is missing.

    Exit 1 when no sandbox keeps them all.
    """
    from coursekit.sandbox import choose as sandbox

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
