"""`coursekit verify`: check the promises of grading."""

from __future__ import annotations

import os
import sys

import click

from coursekit.cli.common import chosen, status
from coursekit.core.course import Assignment, Course


@click.group()
def verify() -> None:
    """Check the promises of grading."""


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option(
    "--known",
    "--banks",
    "known",
    is_flag=True,
    help="Instead, the known mistakes and correct variants, without the questions that train.",
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=1,
    metavar="N",
    help="With --known or --handins: only every N-th of them.",
)
@click.option(
    "--handins",
    is_flag=True,
    help="Instead, hand-ins as they really arrive that deserve every point: those that otter or nbgrader lose.",
)
@click.option("--markdown", is_flag=True, help="Print the tables in Markdown.")
def agreement(names: tuple[str, ...], known: bool, sample: int, handins: bool, markdown: bool) -> None:
    """Grade the sample class sealed, with otter and with nbgrader, side by side.

    otter and nbgrader run it unsealed, as your user. Exit 1 when an honest student's points differ, or when a
    student loses other questions under sealed grading than they should.
    """
    from rich.console import Console

    from coursekit.verify import agreement as comparing

    problems = []
    for assignment in chosen(Course.find(), names):
        if handins:
            problems += _handins_elsewhere(assignment, sample)
            continue
        with status() as say:
            if known:
                say(f"building {assignment.name} without the questions that train")
                with comparing.without_training(assignment) as quick:
                    students = comparing.known_students(assignment, quick)[::sample]
                    rows = comparing.compare(quick, students, jobs=os.cpu_count() or 1, progress=say)
            else:
                rows = comparing.compare(assignment, progress=say)
        if markdown:
            click.echo(comparing.markdown(rows))
        else:
            comparing.show(rows, Console())
        for fault in comparing.faults(rows):
            click.echo(f"* {fault}")
        found = comparing.problems(rows)
        click.echo(f"{assignment.name}: {len(rows)} students compared, {len(found)} problems.")
        problems += found
    _end_with(problems)


def _handins_elsewhere(assignment: Assignment, sample: int) -> list[str]:
    """Print which hand-ins otter or nbgrader lose; returns those that we lose."""
    from coursekit.verify.agreement import without_training
    from coursekit.verify.handins import making, others
    from coursekit.verify.handins.work import Work

    with status() as say:
        say(f"building {assignment.name} without the questions that train")
        with without_training(assignment) as quick:
            rows = list(others.compare(quick, making.choose(Work(quick), (), sample), say))
    click.echo(others.markdown(rows))
    found = others.problems(rows)
    for grader in ("otter", "nbgrader"):
        lost = sum(bool(row.graded[grader].why or row.graded[grader].lost) for row in rows)
        click.echo(
            f"{assignment.name}: {grader} loses {lost} of {len(rows)} hand-ins that deserve every point."
        )
    return [f"{assignment.name}: {one}" for one in found]


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
def mistakes(names: tuple[str, ...]) -> None:
    """Grade every known mistake: is it caught, in the right question, and given its own hint?

    Exit 1 if one is not, if it costs other questions than its entry says, or if its hint quotes a hidden test.
    """
    from rich.console import Console
    from rich.table import Table

    from coursekit.verify import mistakes as known

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with status() as say:
            caught = known.run(assignment, say)
        table = Table("mistake", "caught in", "and in", box=None)
        for one in caught:
            first = one.mistake.question if one.mistake.question in one.failed else "NOT CAUGHT"
            table.add_row(one.mistake.name, first, ", ".join(sorted(one.failed - {one.mistake.question})))
        Console().print(table)
        found = [one.problem for one in caught if one.problem]
        click.echo(
            f"{assignment.name}: {len(caught)} mistakes, {len(caught) - len(found)} caught in the right question "
            "and given their own hint first."
        )
        problems += found
    _end_with(problems)


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--quick", is_flag=True, help="Leave out the questions that train.")
def variants(names: tuple[str, ...], quick: bool) -> None:
    """Grade every correct variant: does each earn full marks? Exit 1 if one does not."""
    from coursekit.verify import variants as correct

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with status() as say:
            graded = correct.run(assignment, quick=quick, progress=say)
        for variant, result in graded:
            click.echo(f"{result.score:5g}  {variant.name}: {variant.story}")
        found = [text for variant, result in graded if (text := correct.problem(variant, result))]
        click.echo(f"{assignment.name}: {len(graded)} variants, {len(graded) - len(found)} with full marks.")
        problems += found
    _end_with(problems)


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--sample", type=click.IntRange(1), default=1, metavar="N", help="Every N-th hand-in only.")
@click.option("--only", multiple=True, metavar="NAME", help="This hand-in only; may be repeated.")
def handins(names: tuple[str, ...], sample: int, only: tuple[str, ...]) -> None:
    """Grade hand-ins as they really arrive: does right work get its points, whatever happened to it on the way?

    Exit 1 if one does not, or if wrong or missing work does.
    """
    from coursekit.verify.handins import making, running
    from coursekit.verify.handins.work import Work

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        picked = making.choose(Work(assignment), only, sample)
        with status() as say:
            graded = running.run(assignment, picked, progress=say)
        found = [one.problem for one in graded if one.problem]
        good = len(graded) - len(found)
        click.echo(f"{assignment.name}: {len(graded)} hand-ins, {good} as they must be.")
        problems += [f"{assignment.name}: {problem}" for problem in found]
    _end_with(problems)


def _sandbox(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """The option's value, if it names a sealed sandbox. Their names are looked up only when needed."""
    from coursekit.sandbox import choose

    if name is not None and name not in choose.sealed():
        raise click.BadParameter(f"{name!r} is not one of {', '.join(choose.sealed())}.")
    return name


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--sample", type=click.IntRange(1), default=1, metavar="N", help="Every N-th attack only.")
@click.option("--only", multiple=True, metavar="NAME", help="This attack only; may be repeated.")
@click.option(
    "--compare", is_flag=True, help="Also run them under otter and nbgrader, each in its own container."
)
@click.option(
    "--backend", callback=_sandbox, metavar="SANDBOX", help="The sandbox; by default the strongest."
)
@click.option("--markdown", is_flag=True, help="Print the tables in Markdown.")
def attacks(
    names: tuple[str, ...],
    sample: int,
    only: tuple[str, ...],
    compare: bool,
    backend: str | None,
    markdown: bool,
) -> None:
    """Run every known attack through sealed grading: does one earn, read, break or leave anything?

    Exit 1 if one does.
    """
    from rich.console import Console

    from coursekit.verify.attacks import table
    from coursekit.verify.attacks.reading import choose
    from coursekit.verify.attacks.running import run

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        picked = choose(assignment, only, sample)
        with status() as say:
            outcomes = run(assignment, picked, backend=backend, progress=say)
            others = {}
            if compare:
                from coursekit.verify.attacks.unsealed import run_unsealed

                others = run_unsealed(assignment, picked, progress=say)
        if markdown:
            click.echo(table.markdown(outcomes, others))
        else:
            table.show(outcomes, others, Console())
        held = sum(not outcome.problems for outcome in outcomes)
        click.echo(f"{assignment.name}: {len(outcomes)} attacks, {held} held off.")
        for grader, verdicts in others.items():
            click.echo(table.tally(grader, verdicts))
        problems += table.problems(outcomes)
    _end_with(problems)


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--sample", type=click.IntRange(1), default=1, metavar="N", help="Every N-th mutant only.")
def mutants(names: tuple[str, ...], sample: int) -> None:
    """Change the solution in one small place at a time: does a test notice?

    Exit 1 if no test notices a change and equivalent.py does not explain it, or if an entry there is out of date.
    """
    from coursekit.verify import mutants as changed

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with status() as say:
            found = changed.run(
                assignment,
                sample=sample,
                progress=lambda done, total: say(f"{done} of {total} mutants graded"),
            )
        for mutant in found.survivors:
            if reason := found.reason(mutant):
                click.echo(f"{mutant.diff}\n    {reason}")
        click.echo(
            f"{assignment.name}: {len(found.graded)} mutants, {found.caught} caught ({found.share:.1%}), "
            f"{len(found.survivors)} not, {len(found.problems)} problems."
        )
        problems += found.problems
    _end_with(problems)


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--quick", is_flag=True, help="Leave out the questions that train.")
@click.option(
    "--sample", type=click.IntRange(1), default=1, metavar="N", help="Only one in N lies, at random."
)
def liars(names: tuple[str, ...], quick: bool, sample: int) -> None:
    """Put universal liars in place of everything that the tests call: does a question give one its points?

    Exit 1 if one does.
    """
    from coursekit.verify import liars as lying

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with status() as say:
            found = lying.run(
                assignment,
                quick=quick,
                sample=sample,
                progress=lambda done, total, name=assignment.name: say(f"{name}: {done} of {total} lies"),
            )
        click.echo(found)
        problems += found.problems
    _end_with(problems)


def _end_with(problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem)
    sys.exit(bool(problems))
