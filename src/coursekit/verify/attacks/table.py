"""Attacks and their outcomes as a table, on the terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coursekit.verify.attacks.running import AttackOutcome
from coursekit.verify.markdown import as_markdown

if TYPE_CHECKING:
    from rich.console import Console

Verdicts = dict[str, dict[str, str]]
"""The outcome in a few words, by other grader and attack."""


def show(outcomes: Sequence[AttackOutcome], others: Verdicts, console: Console) -> None:
    """Print a row for each attack."""
    from rich.table import Table
    from rich.text import Text

    head, *body = _rows(outcomes, others)
    table = Table(*head, box=None)
    for row in body:
        table.add_row(*map(Text, row))
    console.print(table)


def markdown(outcomes: Sequence[AttackOutcome], others: Verdicts) -> str:
    """The same in Markdown."""
    return as_markdown(_rows(outcomes, others))


def _rows(outcomes: Sequence[AttackOutcome], others: Verdicts) -> list[list[str]]:
    rows = [["Attack", "What it tries", "Score / honest", "coursekit grade", *others]]
    for outcome in outcomes:
        attack = outcome.attack
        score = f"{outcome.score:g} / {outcome.honest:g}"
        elsewhere = [verdicts.get(attack.name, "") for verdicts in others.values()]
        rows.append([attack.name, attack.tries, score, outcome.verdict, *elsewhere])
    return rows


def tally(grader: str, verdicts: dict[str, str]) -> str:
    """One line on the attacks' outcomes under another grader; an attack may count in more than one way."""
    tried = [verdict for verdict in verdicts.values() if not verdict.startswith("not tried")]
    counts = [f"{sum(verdict == 'held' for verdict in tried)} held off"]
    for word in ("scored", "leaked", "harmed", "no result"):
        counts.append(f"{sum(word in verdict for verdict in tried)} {word}")
    return f"{grader}: {len(tried)} attacks, {', '.join(counts)}."


def problems(outcomes: Sequence[AttackOutcome]) -> list[str]:
    """A sentence for each promise that an attack broke."""
    return [f"{outcome.attack.name}: {text}." for outcome in outcomes for _, text in outcome.problems]
