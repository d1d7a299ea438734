"""What a hand-in is, and how to add one.

A hand-in is a function in one of this package's files: its name is the hand-in's, its docstring says what happened to
the student's work. It gets the `Work` that it is made from, and the student's folder for the assignment, which does not
exist yet; it returns what must come out, by default full marks. It makes sense for every assignment that has what it
`needs`, and names no cell of a particular one. An edit that does not take hold raises CourseError.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.core.errors import CourseError
from coursekit.verify.handins.work import Work

KINDS = ("names", "beside", "formats", "several", "editors", "leftovers", "processes")
"""the files with hand-ins, in the order in which they are listed"""
EVERYTHING = None
"""all questions"""


@dataclass(frozen=True)
class Due:
    """What must come out of a hand-in.

    path: what was handed in; by default whatever the layout of ``submitted/`` finds in the student's folder. loses: the
    questions that are lost, EVERYTHING for all. may_lose: those that may be lost, too. refused: patterns that the
    sentence must match with which the hand-in is refused. noted: patterns, each of which a note must match. quiet:
    whether there is no note at all. words: texts that must arrive for the person who grades an answer in words.
    """

    path: Path | None = None
    loses: frozenset[str] | None = frozenset()
    may_lose: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    quiet: bool = False
    words: tuple[str, ...] = ()


Make = Callable[[Work, Path], Due | None]
Need = Callable[[Work], bool]


@dataclass(frozen=True)
class HandIn:
    """One way in which work arrives. kind: the name of the file that it is in."""

    name: str
    story: str
    kind: str
    make: Make = field(compare=False)
    needs: tuple[Need, ...] = field(default=(), compare=False)

    def fits(self, work: Work) -> bool:
        """Whether it makes sense for an assignment."""
        return all(need(work) for need in self.needs)


_KNOWN: dict[str, HandIn] = {}


def hand_in(*needs: Need) -> Callable[[Make], Make]:
    """Register a function as a hand-in; it fits the assignments for which all of `needs` are true."""

    def register(make: Make) -> Make:
        story = " ".join((make.__doc__ or "").split())
        add(make.__name__.replace("_", "-"), story, make.__module__.rpartition(".")[2], make, *needs)
        return make

    return register


def add(name: str, story: str, kind: str, make: Make, *needs: Need) -> None:
    """Register a hand-in that is not a function of its own. Raises CourseError for a name or story that is missing."""
    if name in _KNOWN or not story.endswith("."):
        raise CourseError(
            f"The hand-in {name} ({kind}) has the name of another, or its story is not a sentence."
        )
    _KNOWN[name] = HandIn(name, story, kind, make, needs)


def read() -> list[HandIn]:
    """All hand-ins: by kind, and in the order in which each file has them."""
    for kind in KINDS:
        importlib.import_module(f"{__package__}.{kind}")
    return sorted(_KNOWN.values(), key=lambda one: KINDS.index(one.kind))


def choose(work: Work, only: tuple[str, ...] = (), every: int = 1) -> list[HandIn]:
    """The hand-ins called `only`, or all, that make sense for an assignment; of those, every `every`-th.

    Raises CourseError for an unknown name.
    """
    known = read()
    if unknown := set(only) - {one.name for one in known}:
        raise CourseError(f"There is no hand-in {sorted(unknown)[0]!r}: they are in {Path(__file__).parent}.")
    return [one for one in known if (not only or one.name in only) and one.fits(work)][::every]
