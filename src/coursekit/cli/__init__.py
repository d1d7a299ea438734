"""The `coursekit` command. Each subcommand imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import os
import sys

import click

from coursekit.cli.common import chosen
from coursekit.cli.grade import grade, report
from coursekit.core.course import Course
from coursekit.core.errors import CourseError

# Before numpy is imported anywhere: one process a core, not one a core times threads a process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class Commands(click.Group):
    """Prints a person's mistake as a sentence and exits 2."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            click.echo(f"coursekit: {error}", err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coursekit")
def main() -> None:
    """Build and grade a course of Jupyter notebooks, with the tests sealed off from student code."""


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 and name what is stale.")
def build(names: tuple[str, ...], check: bool) -> None:
    """Make release, solutions and autograder from source."""
    from coursekit import build as building

    course = Course.find()
    stale: list[str] = []
    with _status() as say:
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
        click.echo("\n".join(["Stale (run 'coursekit build'):", *stale]))
        sys.exit(1)
    if check:
        click.echo("All built folders are current.")


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Start an assignment: a small complete one that builds and grades, to be changed piece by piece."""
    from coursekit.build.new import create

    assignment = create(Course.find(), name)
    click.echo(f"Wrote {assignment.source}. Now: coursekit build {name}. docs/authoring.md leads on.")


main.add_command(grade)
main.add_command(report)


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--force", is_flag=True, help="Write over submissions of the same names.")
def sample(names: tuple[str, ...], force: bool) -> None:
    """Write a sample class, with its mistakes and its attacks, into submitted/."""
    from coursekit.samples.writing import write_sample

    course = Course.find()
    for assignment in chosen(course, names):
        students = write_sample(assignment, force=force)
        click.echo(
            f"Wrote {len(students)} submissions of {assignment.name} to {course.submitted}: {', '.join(students)}."
        )


@main.group()
def verify() -> None:
    """Check what grading promises."""


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--banks", is_flag=True, help="The known mistakes and correct variants, without what trains.")
@click.option(
    "--sample", type=click.IntRange(1), default=1, metavar="N", help="Every N-th of the banks only."
)
@click.option("--markdown", is_flag=True, help="Print the tables in Markdown.")
def agreement(names: tuple[str, ...], banks: bool, sample: int, markdown: bool) -> None:
    """Grade the sample class sealed, with otter and with nbgrader, side by side.

    otter and nbgrader run it unsealed, as you. Exit 1 when an honest student's points differ, or when a student
    loses under sealed grading what they should not, or keeps what they should lose.
    """
    from rich.console import Console

    from coursekit.verify import agreement as comparing

    problems = []
    for assignment in chosen(Course.find(), names):
        with _status() as say:
            if banks:
                say(f"building {assignment.name} without what trains")
                with comparing.without_training(assignment) as quick:
                    students = comparing.banks(assignment, quick)[::sample]
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


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
def mistakes(names: tuple[str, ...]) -> None:
    """Grade every known mistake: is it caught, in the right question, and given its own hint?

    Exit 1 on one that is not, that costs other questions than its entry says, or whose hint quotes a hidden test.
    """
    from rich.console import Console
    from rich.table import Table

    from coursekit.verify import mistakes as known

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with _status() as say:
            caught = known.run(assignment, lambda done, name: say(f"{done} graded, last {name}"))
        table = Table("mistake", "caught in", "and in", box=None)
        for one in caught:
            first = one.mistake.question if one.mistake.question in one.failed else "NOT CAUGHT"
            table.add_row(one.mistake.name, first, ", ".join(sorted(one.failed - {one.mistake.question})))
        Console().print(table)
        found = [one.problem for one in caught if one.problem]
        click.echo(
            f"{assignment.name}: {len(caught)} mistakes, {len(caught) - len(found)} caught where they belong "
            "and given their own hint first."
        )
        problems += found
    _end_with(problems)


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--quick", is_flag=True, help="Leave out the questions that train.")
def variants(names: tuple[str, ...], quick: bool) -> None:
    """Grade every correct variant: does each earn full marks? Exit 1 on one that does not."""
    from coursekit.verify import variants as correct

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with _status() as say:
            graded = correct.run(
                assignment, quick=quick, progress=lambda done, name: say(f"{done} graded, last {name}")
            )
        for variant, result in graded:
            click.echo(f"{result.score:5g}  {variant.name}: {variant.story}")
        found = [text for variant, result in graded if (text := correct.problem(variant, result))]
        click.echo(f"{assignment.name}: {len(graded)} variants, {len(graded) - len(found)} with full marks.")
        problems += found
    _end_with(problems)


def _sandbox(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """An option's value, if it is a sealed sandbox: which there are is read when it is needed."""
    from coursekit.sandbox import choose

    if name is not None and name not in choose.sealed():
        raise click.BadParameter(f"{name!r} is not one of {', '.join(choose.sealed())}.")
    return name


@verify.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--sample", type=click.IntRange(1), default=1, metavar="N", help="Every N-th attack only.")
@click.option("--only", multiple=True, metavar="NAME", help="This attack only; may be repeated.")
@click.option(
    "--compare", is_flag=True, help="Also under otter and nbgrader, each in a container of its own."
)
@click.option("--backend", callback=_sandbox, metavar="SANDBOX", help="The sandbox. Usually the strongest.")
@click.option("--markdown", is_flag=True, help="Print the tables in Markdown.")
def attacks(
    names: tuple[str, ...],
    sample: int,
    only: tuple[str, ...],
    compare: bool,
    backend: str | None,
    markdown: bool,
) -> None:
    """Run every known attack through sealed grading: does it earn, read, break or leave anything?

    Exit 1 on one that does.
    """
    from rich.console import Console

    from coursekit.verify.attacks import table
    from coursekit.verify.attacks.reading import choose
    from coursekit.verify.attacks.running import run

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        picked = choose(assignment, only, sample)
        with _status() as say:
            total = len(picked)
            outcomes = run(
                assignment,
                picked,
                backend=backend,
                progress=lambda done, last, total=total: say(
                    f"{done} of {total} attacks, last {last.attack.name}"
                ),
            )
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

    Exit 1 on a change that none notices and that equivalent.py does not explain, or on an entry there that is
    out of date.
    """
    from coursekit.verify import mutants as changed

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with _status() as say:
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
    "--sample", type=click.IntRange(1), default=1, metavar="N", help="One of N lies only, by chance."
)
def liars(names: tuple[str, ...], quick: bool, sample: int) -> None:
    """Put universal liars in the place of all that the tests call: does a question give one its points?

    Exit 1 on one that does.
    """
    from coursekit.verify import liars as lying

    problems: list[str] = []
    for assignment in chosen(Course.find(), names):
        with _status() as say:
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


@main.command()
@click.option("--offline", is_flag=True, help="Leave the network alone.")
def data(offline: bool) -> None:
    """Prepare every dataset that the course's assignments name."""
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


@main.command()
def doctor() -> None:
    """Try every promise of the sandboxes on this machine, and say what is missing.

    Exit 1 when neither keeps them all.
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
    """A line for each promise, below it what was tried to break it, and what to do where that was possible."""
    import itertools

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
    import textwrap

    click.echo(textwrap.fill(text, 110, initial_indent=" " * 9, subsequent_indent=" " * 11))


def _status():
    """A line that says what is going on, where someone watches; nothing where nobody does."""
    import contextlib

    from rich.console import Console

    @contextlib.contextmanager
    def showing():
        console = Console(stderr=True)
        if not console.is_terminal:
            yield lambda step: None
            return
        with console.status("") as status:
            yield status.update

    return showing()
