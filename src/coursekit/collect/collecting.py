"""Collect downloads: say what each is, keep every attempt of everybody, and put what counts into ``submitted/``."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit import attempts
from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn
from coursekit.collect.download import Download, opened, shown, total
from coursekit.collect.keeping import choose, keep, place
from coursekit.collect.people import Owner, People
from coursekit.collect.recognising import Recognised, for_assignments, recognised
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import locked, unusable
from coursekit.core.progress import Counted
from coursekit.roster import Roster

Said = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What a person has said.

    platform, assignment: names. picks: the attempt that counts, 0 for the newest, by student; "" is everybody.
    of_groups: work belongs to all of a group in the roster. force: replace a person's own hand-ins.
    """

    platform: str | None = None
    assignment: str | None = None
    picks: dict[str, int] = field(default_factory=dict)
    of_groups: bool = False
    force: bool = False


@dataclass
class Outcome:
    """What became of everything.

    late: hand-ins that a platform marks so. students: with the assignments. strangers: students who are not in the
    roster. left: a sentence for each file or hand-in that was not collected, or does not count. remarks: a sentence for
    each thing to look at.
    """

    new: int = 0
    known: int = 0
    late: int = 0
    students: set[tuple[str, str]] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def counts(self) -> str:
        """All of it in one line."""
        parts = [f"{self.new + self.known} hand-ins of {len({name for _, name in self.students})} students"]
        parts += [f"{self.new} new", f"{self.known} collected before"]
        parts += [f"{self.late} late"] * bool(self.late)
        parts += [f"{len(self.strangers)} of people who are not in roster.csv"] * bool(self.strangers)
        parts += [f"{len(self.left)} left over"] * bool(self.left)
        return f"{parts[0]}: {', '.join(parts[1:])}."


def collect(
    course: Course,
    paths: Sequence[Path],
    wanted: Wanted,
    said: Said,
    progress: Counted = lambda done, total: None,
) -> Outcome:
    """Collect the downloads at `paths`, one after the other; then let the picked attempts count.

    said: gets a sentence for what each download is taken for. Raises CourseError; what was collected by then stays, and
    the next collect does the rest.
    """
    if wanted.assignment is not None:
        course.assignment(wanted.assignment)
    known, roster, result = Known(course), Roster.read(course), Outcome()
    if not known.assignments:
        raise CourseError(f"{course.root / 'source'} contains no assignment yet.")
    with locked(course.collected):
        for path in paths:
            _refuse_own(course, path)
            with opened(path) as download, recognised(download, known, wanted.platform) as found:
                _collect(course, found, wanted, known, roster, result, said, progress)
        _pick(course, known, wanted, result)
    return result


def _refuse_own(course: Course, path: Path) -> None:
    place = path.resolve()
    for own in (course.submitted, course.collected):
        if place.is_relative_to(own.resolve()):
            raise CourseError(f"{path} is in {own}, which is where hand-ins are collected to.")


def _collect(
    course: Course,
    found: Recognised,
    wanted: Wanted,
    known: Known,
    roster: Roster,
    result: Outcome,
    said: Said,
    progress: Counted,
) -> None:
    download, platform = found.download, found.platform
    hand_ins = list(platform.read(download, known))
    names = for_assignments(found, hand_ins, known, wanted.assignment)
    whom = ", ".join(sorted(set(filter(None, names)))) or "no assignment"
    said(f"{shown(found.names[0])} is taken for {platform.title} (--from {platform.name}), for {whom}.")
    result.left += _left_over(found, hand_ins)
    _room(course, download)
    work: list[tuple[Assignment, Owner]] = []
    for name, assignment in known.assignments.items():
        theirs = [one for one, its in zip(hand_ins, names, strict=True) if its == name]
        people = People(assignment, platform.name, roster, theirs)
        work += [
            (assignment, owner) for one in theirs for owner in people.owners(one, of_groups=wanted.of_groups)
        ]
    for one, name in zip(hand_ins, names, strict=True):
        result.left += [f"{shown(one.person)}: {problem}." for problem in one.problems]
        if not name:
            result.left.append(
                f"{shown(one.person)}'s hand-in belongs to no assignment: say it with --assignment."
            )
    confused = unusable({owner.student for _, owner in work}, course.collected)
    for number, (assignment, owner) in enumerate(work):
        progress(number, len(work))
        if owner.student in confused:
            result.left.append(f"{shown(owner.student)} is not collected: it {confused[owner.student]}.")
        else:
            _take(assignment, owner, download, platform.name, roster, wanted, result)
    progress(len(work), len(work))


def _take(
    assignment: Assignment,
    owner: Owner,
    download: Download,
    platform: str,
    roster: Roster,
    wanted: Wanted,
    result: Outcome,
) -> None:
    """Keep one hand-in, and put the attempt that counts in its place."""
    kept = keep(assignment, owner.student, owner.hand_in, download, platform)
    who = f"{shown(owner.student)}'s {assignment.name}"
    result.left += [f"{shown(file)} is left out: {why}." for file, why in kept.left_out.items()]
    if kept.attempt is None:
        result.left.append(f"{who} is not collected: there is nothing in it.")
        return
    result.new, result.known = result.new + kept.is_new, result.known + (not kept.is_new)
    result.late += owner.hand_in.late
    result.students.add((assignment.name, owner.student))
    if roster.people and owner.person is None:
        result.strangers.add(owner.student)
    if owner.person and owner.student != owner.person.id:
        result.remarks.append(
            f"{shown(owner.person.id)} was collected as {shown(owner.student)} before, and keeps that folder."
        )
    every = attempts.read(assignment, owner.student)
    if kept.is_new and every.chosen and not wanted.picks:
        result.remarks.append(
            f"{who}: attempt {kept.attempt.number} is new; attempt {every.chosen} counts, since it was picked."
        )
    if why := place(assignment, owner.student, force=wanted.force):
        result.left.append(f"{why}.")


def _left_over(found: Recognised, hand_ins: Sequence[HandIn]) -> list[str]:
    """A sentence for each file that belongs to nobody; one for a whole folder of them."""
    download = found.download
    taken = {file.place for one in hand_ins for file in one.files.values()}
    theirs = {place.parts[0] for place in taken if len(place.parts) > 1}
    nobodys: Counter[str] = Counter()
    for file in download.files:
        if file.place not in taken and str(file.place) not in found.platform.own:
            in_folder = len(file.place.parts) > 1 and file.top not in theirs
            nobodys[f"{file.top}/" if in_folder else str(file.place)] += 1
    said = [
        f"{shown(place)}{f' ({count} files)' if count > 1 else ''} belongs to nobody."
        for place, count in nobodys.items()
    ]
    return said + [f"{shown(place)} is left out: {why}." for place, why in download.left_out.items()]


def _room(course: Course, download: Download) -> None:
    """Refuse what can't fit on the disk, before anything is written."""
    needed, free = 2 * total(download.files), shutil.disk_usage(course.root).free
    if needed > free:
        raise CourseError(
            f"{shown(download.name)} needs {needed / 2**30:.1f} GiB in {course.root}, and there are only "
            f"{free / 2**30:.1f} GiB left: free some space."
        )


def _pick(course: Course, known: Known, wanted: Wanted, result: Outcome) -> None:
    """Let the attempts count that a person has picked."""
    if not wanted.picks:
        return
    for name, assignment in known.assignments.items():
        if wanted.assignment not in (None, name):
            continue
        students = attempts.students(assignment)
        if result.students:
            students = [one for one in students if (name, one) in result.students]
        for student in students:
            number = wanted.picks.get(student, wanted.picks.get(""))
            if number is None:
                continue
            if why := choose(assignment, student, number) or place(assignment, student, force=wanted.force):
                result.left.append(f"{why}.")
            elif not result.new + result.known:
                result.students.add((name, student))
    for student in wanted.picks:
        if student and not any(attempts.read(one, student).attempts for one in known.assignments.values()):
            result.left.append(f"Nothing of {shown(student)} has been collected.")
