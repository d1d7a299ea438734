"""Collect downloads: say what each is, keep every attempt of everybody, and put what counts into ``submitted/``."""

from __future__ import annotations

import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursekit import attempts
from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn
from coursekit.collect.download import Download, opened, shown, total
from coursekit.collect.git import Git, user_of
from coursekit.collect.keeping import Kept, choose, keep, place
from coursekit.collect.people import Owner, People, safe
from coursekit.collect.recognising import Recognised, doubt, for_assignments, recognised
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import locked, unusable
from coursekit.core.progress import Counted
from coursekit.core.text import counted
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
        students = counted(len({name for _, name in self.students}), "student")
        if not self.new + self.known:
            done = (
                f"The attempt that counts is set for {students}" if self.students else "Nothing was collected"
            )
            return f"{done}{f', {len(self.left)} left over' * bool(self.left)}."
        parts = [f"{counted(self.new + self.known, 'hand-in')} of {students}"]
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
    known = Known(course)
    if not known.assignments:
        raise CourseError(f"{course.root / 'source'} contains no assignment yet.")
    collector = _Collector(course, known, Roster.read(course), wanted)
    with locked(course.collected):
        for path in paths:
            _refuse_own(course, path)
            if wanted.platform in (None, Git.name):
                _refuse_clone(path, known)
            with opened(path) as download, recognised(download, known, wanted.platform) as found:
                collector.collect(found, said, progress)
        collector.pick()
    return collector.outcome


def _refuse_own(course: Course, path: Path) -> None:
    place = path.resolve()
    for own in (course.submitted, course.collected):
        if place.is_relative_to(own.resolve()):
            raise CourseError(f"{path} is in {own}, which is where hand-ins are collected to.")


def _refuse_clone(path: Path, known: Known) -> None:
    """Its files would be taken for students."""
    place = path.resolve()
    if (place / ".git").exists() and user_of(place.name, known):
        raise CourseError(f"{path} is one clone: name the folder that the clones are in.")


@dataclass
class _Collector:
    """Works through downloads, and notes what becomes of everything."""

    course: Course
    known: Known
    roster: Roster
    wanted: Wanted
    outcome: Outcome = field(default_factory=Outcome)

    def collect(self, found: Recognised, said: Said, progress: Counted) -> None:
        """Collect one download."""
        if not found.download.files and not found.download.left_out:
            raise CourseError(f"{shown(found.names[0])} has no file in it: download it again.")
        hand_ins = []
        for one in found.platform.read(found.download, self.known):
            hand_ins.append(
                replace(one, person=_composed(one.person), display_name=_composed(one.display_name))
            )
            progress(len(hand_ins), 0)
        if self.wanted.platform and found.download.files and not hand_ins:
            raise CourseError(
                f"Nothing in {shown(found.names[0])} is named as in {found.platform.title}. Without --from, the "
                "platform is found out."
            )
        names = for_assignments(found, hand_ins, self.known, self.wanted.assignment)
        whom = ", ".join(sorted(set(filter(None, names)))) or "no assignment"
        platform = found.platform
        said(f"{shown(found.names[0])} is taken for {platform.title} (--from {platform.name}), for {whom}.")
        if self.wanted.assignment:
            self.outcome.remarks += doubt(found, hand_ins, self.known, self.wanted.assignment)
        self.outcome.left += _left_over(found, hand_ins)
        for one, name in zip(hand_ins, names, strict=True):
            self.outcome.left += [f"{shown(one.person)}: {problem}." for problem in one.problems]
            if not name:
                why = (
                    f"is for {shown(one.assignment)}"
                    if self.wanted.assignment
                    else "belongs to no assignment"
                )
                self.outcome.left.append(f"{shown(one.person)}'s hand-in {why}: say another --assignment.")
        _refuse_full(self.course, found.download)
        work = self._owned(found, hand_ins, names)
        there = {one for name in set(names) - {""} for one in attempts.students(self.known.assignments[name])}
        confused = unusable({student for _, student in work} | there, self.course.collected)
        done, every = 0, sum(map(len, work.values()))
        for (name, student), owned in work.items():
            if student in confused:
                self.outcome.left.append(f"{shown(student)} is not collected: it {confused[student]}.")
            else:
                self._take(self.known.assignments[name], found, owned)
            done += len(owned)
            progress(done, every)

    def _owned(
        self, found: Recognised, hand_ins: Sequence[HandIn], names: Sequence[str]
    ) -> dict[tuple[str, str], list[Owner]]:
        """The hand-ins of each student, by assignment and student."""
        work: dict[tuple[str, str], list[Owner]] = {}
        for name in sorted(set(filter(None, names))):
            theirs = [one for one, its in zip(hand_ins, names, strict=True) if its == name]
            people = People(self.known.assignments[name], found.platform.name, self.roster, theirs)
            for one in theirs:
                for owner in people.owners(one, of_groups=self.wanted.of_groups):
                    if owner.student in people.mixed_up:
                        self.outcome.left.append(f"{shown(owner.student)}'s {name} is not collected.")
                        continue
                    work.setdefault((name, owner.student), []).append(owner)
            self.outcome.remarks += [
                f"{shown(one)} is the name of several people: give them {found.platform.name}'s ids in roster.csv."
                for one in sorted(people.unclear)
            ]
            self.outcome.remarks += [
                f"{shown(id)}'s hand-in has the name {shown(one)} on {found.platform.name}. If that is a group's, say "
                "in roster.csv who is in it, and collect with --groups."
                for id, one in people.misnamed.items()
            ]
            self.outcome.left += [
                f"collected/{name}/{shown(student)} has work of {shown(person.id)}, as roster.csv says now: remove it, "
                f"submitted/{shown(student)}/{name} and results/{name}/{shown(student)}.json, then collect again."
                for student, person in people.mixed_up.items()
            ]
        return work

    def _take(self, assignment: Assignment, found: Recognised, owned: Sequence[Owner]) -> None:
        """Keep all hand-ins of one student, and put the attempt that counts in its place."""
        outcome, student = self.outcome, owned[0].student
        who = f"{shown(student)}'s {assignment.name}"
        for owner in owned:
            kept = keep(assignment, student, owner.hand_in, found.download, found.platform.name)
            outcome.left += [f"{shown(file)} is left out: {why}." for file, why in kept.left_out.items()]
            if kept.attempt is None:
                outcome.left.append(f"{who} is not collected: there is nothing in it.")
                continue
            outcome.new, outcome.known = outcome.new + kept.is_new, outcome.known + (not kept.is_new)
            outcome.late += owner.hand_in.late
            outcome.students.add((assignment.name, student))
            self._remark(assignment, who, owner, kept)
        if why := place(assignment, student, force=self.wanted.force):
            outcome.left.append(f"{why}.")
        every = attempts.read(assignment, student)
        if len(owned) > 1 and not every.chosen and not every.is_in_order and every.counts:
            outcome.remarks.append(
                f"{who}: {len(owned)} hand-ins, and {found.platform.name} does not tell which is later. Attempt "
                f"{every.counts.number} counts; for another, say --attempt '{shown(student)}=N'."
            )

    def _remark(self, assignment: Assignment, who: str, owner: Owner, kept: Kept) -> None:
        """Say what a person may want to know of a hand-in that was kept."""
        every = attempts.read(assignment, owner.student)
        attempt, counts = kept.attempt, every.counts
        assert attempt and counts
        if self.roster.people and owner.person is None:
            self.outcome.strangers.add(owner.student)
        if owner.person and owner.student != safe(owner.person.id):
            self.outcome.remarks.append(
                f"{shown(owner.person.id)} was collected as {shown(owner.student)} before, and keeps that folder."
            )
        if kept.is_new and every.chosen and not self.wanted.picks:
            self.outcome.remarks.append(
                f"{who}: attempt {attempt.number} is new; attempt {every.chosen} counts, since it was picked."
            )
        tells = attempt.submitted or attempt.upload
        if not (kept.is_new or every.chosen or attempt.number == counts.number or tells):
            self.outcome.remarks.append(
                f"{who}: this is attempt {attempt.number} again, and attempt {counts.number} counts. If it is the "
                f"later one, say --attempt '{shown(owner.student)}={attempt.number}'."
            )

    def pick(self) -> None:
        """Let the attempts count that a person has picked: of what was just collected, or else of everything."""
        picks, collected = self.wanted.picks, set(self.outcome.students)
        for name, assignment in self.known.assignments.items():
            if not picks or self.wanted.assignment not in (None, name):
                continue
            for student in attempts.students(assignment):
                number = picks.get(student, picks.get(""))
                is_meant = student in picks or not collected or (name, student) in collected
                if number is None or not is_meant:
                    continue
                why = choose(assignment, student, number)
                if why := why or place(assignment, student, force=self.wanted.force):
                    self.outcome.left.append(f"{why}.")
                else:
                    self.outcome.students.add((name, student))
        for student in picks:
            if student and not any(
                attempts.read(one, student).attempts for one in self.known.assignments.values()
            ):
                self.outcome.left.append(f"Nothing of {shown(student)} has been collected.")


def _composed(name: str) -> str:
    """A name in the Unicode form NFC. macOS takes names apart when it unzips; it is the same person."""
    return unicodedata.normalize("NFC", name)


def _left_over(found: Recognised, hand_ins: Sequence[HandIn]) -> list[str]:
    """A sentence for each file that belongs to nobody; one for a whole folder of them."""
    taken = {file.place for one in hand_ins for file in one.files.values()}
    somebodys = {above for place in taken for above in place.parents}
    nobodys: Counter[str] = Counter()
    for file in found.download.files:
        if file.place not in taken and str(file.place) not in found.platform.own:
            folders = [above for above in file.place.parents if above not in somebodys and above.name]
            nobodys[f"{folders[-1]}/" if folders else str(file.place)] += 1
    said = [
        f"{shown(place)}{f' ({count} files)' if count > 1 else ''} belongs to nobody."
        for place, count in nobodys.items()
    ]
    left_out = found.download.left_out.items()
    return said + [f"{shown(place)} is left out: {why}." for place, why in left_out]


def _refuse_full(course: Course, download: Download) -> None:
    """Refuse what can't fit on the disk, before anything is written."""
    needed, free = 2 * total(download.files), shutil.disk_usage(course.root).free
    if needed > free:
        raise CourseError(
            f"{shown(download.name)} needs {needed / 2**30:.1f} GiB in {course.root}, and there are only "
            f"{free / 2**30:.1f} GiB left: free some space."
        )
