"""What a download is: of which platform, where in it the hand-ins begin, and for which assignment each is."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursekit.collect import flat, platforms
from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform
from coursekit.collect.download import Download, inner, shown
from coursekit.core.errors import CourseError
from coursekit.core.text import counted

ENOUGH = 0.5
"""the share of the files that a platform has to understand"""


@dataclass(frozen=True)
class Recognised:
    """A download, the platform that it is from, and the names around it, which may tell the assignment."""

    download: Download
    platform: Platform
    names: tuple[str, ...]


@contextlib.contextmanager
def recognised(download: Download, known: Known, wanted: str | None) -> Iterator[Recognised]:
    """What a download is taken for. wanted: the platform's name, if a person has said it. Raises CourseError.

    A folder around the hand-ins, as unzipping by hand leaves it, and a zip around the zip count for nothing.
    """
    candidates = platforms()
    if wanted is not None and wanted not in candidates:
        raise CourseError(f"There is no platform {wanted!r}: choose from {', '.join(candidates)}.")
    with inner(download) as packed:
        views = _views(download) + (_views(packed) if packed else [])
        best, found = 0.0, None
        for view in views:
            for platform in candidates.values() if wanted is None else [candidates[wanted]]:
                if (share := platform.share(view, known)) > best:
                    best, found = share, (view, platform)
        if wanted is not None and found is None:
            found = (_class(views, known), candidates[wanted])
        if found is None or (wanted is None and best < ENOUGH):
            found = (_class(views, known), candidates[flat.Flat.name])
        names = tuple(dict.fromkeys(view.name for view in views))
        yield Recognised(*found, names)


def _views(download: Download) -> list[Download]:
    """The download, and what is within folders that hold nothing but one folder, the outer ones first."""
    found = [download]
    while within := found[-1].within():
        found.append(within)
    return found


def _class(views: Sequence[Download], known: Known) -> Download:
    """Of a person's own folder, the one in which the students are."""
    for view in views:
        if view.within() is None or flat.is_students(view, known):
            return view
    return views[-1]


def for_assignments(found: Recognised, hand_ins: list[HandIn], known: Known, wanted: str | None) -> list[str]:
    """The assignment of each hand-in; empty if that can't be told, or is not the `wanted` one that a person has said.

    Raises CourseError, with the choices, if it can't be told of any.
    """
    if not hand_ins:
        return []
    if wanted is None and len(known.assignments) == 1:
        [wanted] = known.assignments
    own = [
        one.assignment if one.assignment in known.assignments else known.named(one.assignment)
        for one in hand_ins
    ]
    if wanted is not None:
        return [wanted if one in ("", wanted) else "" for one in own]
    around = {name for text in found.names if (name := known.named(text))}
    inside = [known.of_files(one.files) for one in hand_ins]
    if not found.platform.mixed:
        return [_of_all(found, around, Counter(filter(None, inside)), known)] * len(hand_ins)
    whole = around.pop() if len(around) == 1 else ""
    each = [said or told or whole for said, told in zip(own, inside, strict=True)]
    if not any(each):
        raise _which(found, "nothing in it says so", known)
    every = set(filter(None, each))
    return [one or next(iter(every)) for one in each] if len(every) == 1 else each


def doubt(found: Recognised, hand_ins: Sequence[HandIn], known: Known, wanted: str) -> list[str]:
    """What a person should hear who has said an assignment, and the files' names say another."""
    inside = Counter(filter(None, (known.of_files(one.files) for one in hand_ins)))
    [(most, count)] = inside.most_common(1) or [(wanted, 0)]
    if most == wanted or 2 * count <= len(hand_ins):
        return []
    every = counted(len(hand_ins), "hand-in")
    return [
        f"By their files' names, {count} of {every} in {shown(found.names[0])} are for {most}. "
        f"If --assignment {wanted} was a slip, remove them from collected/{wanted} and submitted/*/{wanted}."
    ]


def _of_all(found: Recognised, around: set[str], inside: Counter[str], known: Known) -> str:
    """The one assignment of a download: the one in its name, or the one that most of its files tell."""
    [(most, count)] = inside.most_common(1) or [("", 0)]
    told = most if 2 * count > inside.total() else ""
    named = next(iter(around)) if len(around) == 1 else ""
    if named and told and named != told:
        raise _which(found, f"its name says {named}, the files in it {told}", known)
    if not (named or told):
        raise _which(found, "neither its name nor the files in it say so", known)
    return named or told


def _which(found: Recognised, why: str, known: Known) -> CourseError:
    return CourseError(
        f"Which assignment is {shown(found.names[0])} for? It is {found.platform.title}, and {why}. "
        f"Say it with --assignment: one of {', '.join(known.assignments)}."
    )
