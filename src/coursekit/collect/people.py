"""Whose folder a hand-in goes to: the roster's id, or a name of the platform's that two people never share."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from coursekit import attempts
from coursekit.attempts import Attempt
from coursekit.collect.base import HandIn
from coursekit.core.course import Assignment
from coursekit.layouts.base import student_name
from coursekit.roster import Person, Roster
from coursekit.roster.people import LASTING, squeezed

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True)
class Owner:
    """A student's folder, the hand-in as it is theirs, and who they are in the roster, if they are in it."""

    student: str
    hand_in: HandIn
    person: Person | None


class People:
    """Decides for the hand-ins of one download and one assignment.

    unclear: names in the download that could not be given to a person in the roster, since they are several people's.
    misnamed: those whose ids the platform gives with a name that has nothing of theirs, which may be a group's.
    mixed_up: the folders of people in the roster that hold another one's work, with whose it is. The roster may have
    learned that since it was collected. Nothing may be added there: the newest of two people's work would count.
    """

    def __init__(
        self, assignment: Assignment, platform: str, roster: Roster, hand_ins: Iterable[HandIn]
    ) -> None:
        self._platform, self._roster = platform, roster
        self.unclear: set[str] = set()
        self.misnamed: dict[str, str] = {}
        self.mixed_up: dict[str, Person] = {}
        self._names = Counter(
            squeezed(one.display_name) for one in {one.person: one for one in hand_ins}.values()
        )
        self._groups: dict[str, list[Person]] = {}
        for person in roster.people:
            if person.group:
                self._groups.setdefault(squeezed(person.group), []).append(person)
        self._collected(assignment)

    def _collected(self, assignment: Assignment) -> None:
        """Who has which folder already."""
        self._folders: dict[tuple[str, str], str] = {}
        self._lasting: dict[tuple[str, str], str] = {}
        self._owners: dict[str, tuple[str, str]] = {}
        ids = {safe(person.id): person for person in self._roster.people}
        for other in assignment.course.assignments():
            for student in attempts.students(other):
                found = attempts.read(other, student).attempts
                if another := self._another(ids.get(student), found):
                    if other.name == assignment.name:
                        self.mixed_up[student] = another
                    continue
                for one in found:
                    for key in LASTING:
                        if key in one.ids:
                            self._lasting.setdefault((key, one.ids[key]), student)
                    if other.name == assignment.name and "group" not in one.ids:
                        self._folders[one.platform, one.person] = student
                        self._owners.setdefault(student, (one.platform, one.person))

    def _another(self, person: Person | None, found: Iterable[Attempt]) -> Person | None:
        """Somebody else than that person, if the ids of an attempt say now that it is theirs."""
        for one in found if person else ():
            told = self._roster.those({key: value for key, value in one.ids.items() if key in LASTING})
            if len(told) == 1 and told[0] != person:
                return told[0]
        return None

    def owners(self, hand_in: HandIn, *, of_groups: bool) -> list[Owner]:
        """Whose a hand-in is: one student's, or with `of_groups` also everybody's in their group in the roster."""
        person = None if hand_in.of_group else self._match(hand_in)
        group = self._group(hand_in, person, of_groups)
        if group:
            names = tuple(one.name or one.id for one in group)
            about = {"group": group[0].group}
            return [
                Owner(
                    safe(one.id),
                    replace(
                        hand_in,
                        display_name=one.name,
                        group=names,
                        ids=(dict(hand_in.ids) if one == person else {}) | about,
                    ),
                    one,
                )
                for one in group
            ]
        if of_groups and "moodle" in hand_in.ids and person is None:
            # Then it is a group's id, and no participant's.
            hand_in = replace(hand_in, ids={"group": hand_in.display_name}, of_group=True)
        if person and person.name:
            hand_in = replace(hand_in, display_name=person.name)
        return [Owner(self._folder(hand_in, person), hand_in, person)]

    def _group(self, hand_in: HandIn, person: Person | None, of_groups: bool) -> list[Person]:
        """The people whose work it is, if the roster tells."""
        if person is None:
            return self._groups.get(squeezed(hand_in.display_name), []) if hand_in.display_name else []
        name = squeezed(hand_in.display_name)
        if person.group and (of_groups or (name and name == squeezed(person.group))):
            return self._groups[squeezed(person.group)]
        if name and person.name and not any(squeezed(word) in name for word in person.name.split()):
            self.misnamed[person.id] = hand_in.display_name
        return []

    def _match(self, hand_in: HandIn) -> Person | None:
        """By an id, or by a name that only one person in the roster has, and only one in the download."""
        if hand_in.is_id and (person := self._roster.find("id", hand_in.person)):
            return person
        told, name = self._roster.those(hand_in.ids), hand_in.display_name
        if len(told) == 1:
            return told[0]
        if (
            not told
            and self._names[squeezed(name)] == 1
            and (person := self._roster.called(name, hand_in.ids))
        ):
            return person
        if told or self._roster.named(name):
            self.unclear.add(name or hand_in.person)
        return None

    def _folder(self, hand_in: HandIn, person: Person | None) -> str:
        me = (self._platform, hand_in.person)
        if me in self._folders:
            return self._folders[me]
        lasting = [self._lasting.get((key, hand_in.ids.get(key, ""))) for key in LASTING]
        known = next(filter(None, lasting), None)
        found = safe(person.id) if person else known or self._free(hand_in)
        self._folders[me] = found
        self._owners.setdefault(found, me)
        return found

    def _free(self, hand_in: HandIn) -> str:
        """A name for the folder of somebody who is not in the roster, that nobody else has."""
        me = (self._platform, hand_in.person)
        wished = (
            safe(hand_in.person)
            if hand_in.is_id
            else safe(re.sub(r"\s+", "_", hand_in.folder or hand_in.person))
        )
        digest = hashlib.sha256(ascii(me).encode()).hexdigest()[:8]
        ids = {safe(person.id) for person in self._roster.people}
        for name in (wished, safe(f"{wished}_{hand_in.person}"), safe(f"{wished}_{digest}")):
            owner = self._owners.get(name, me)
            if name not in ids and (owner == me or (hand_in.is_id and owner[0] != self._platform)):
                return name
        return safe(f"{wished}_{hashlib.sha256(ascii(me).encode()).hexdigest()}")


def safe(name: str) -> str:
    """A name that a folder can have, and that no layout overlooks."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", name).encode(errors="replace").decode()).strip()
    return student_name(f"_{name}" if name.startswith(".") or not name else name)
