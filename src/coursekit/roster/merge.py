"""Put the people of a platform's list into ``roster.csv``: add and update, and keep all that a teacher wrote."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_text
from coursekit.core.spreadsheet import BOM, Line, as_cell, folded, may_have_become
from coursekit.core.text import one_line
from coursekit.roster.people import (
    LASTING,
    OURS,
    Person,
    Roster,
    Sheet,
    contradicts,
    read_bytes,
    spellings,
)
from coursekit.roster.platforms import Listed, People


@dataclass
class Merged:
    """What was done.

    changed: a sentence for each person. absent: who is in the roster, and not in the list. spoilt: a sentence for each
    person in the list of whom a spreadsheet has changed something, which stays as it was.
    """

    added: list[Person] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left: int = 0
    absent: list[Person] = field(default_factory=list)
    spoilt: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def merge(course: Course, people: People) -> Merged:
    """Write the people into the course's roster. Raises CourseError, and then it is as before."""
    sheet = Sheet.read(course)
    roster = Roster(tuple(sheet.people()))
    lines = dict(zip((person.id for person in roster.people), sheet.lines, strict=True))
    made = Merged(unused=list(people.unused))
    names = Counter(min(spellings(one.person.name), default="") for one in people.listed)
    met: dict[str, int] = {}
    for one in people.listed:
        listed = one.person
        try:
            known = _same(one, roster, lonely=names[min(spellings(listed.name), default="")] == 1)
            if known and known.id in met:
                raise _Unclear(f"line {met[known.id]} is about {_shown(known)} already")
        except _Unclear as why:
            made.unused.append(f"line {listed.line}: {why}.")
            continue
        if known is None:
            sheet.lines.append(Line(0, [""] * len(sheet.heads)))
            _write(sheet, sheet.lines[-1], listed, ("id", *OURS[1:]))
            made.added.append(listed)
            continue
        met[known.id] = listed.line
        other = [key for key in OURS[1:] if (now := listed.known_by(key)) and now != known.known_by(key)]
        if spoilt := [key for key in other if _is_spoilt(known.known_by(key), listed.known_by(key))]:
            what = (
                f"{key} {_was(known.known_by(key))}{one_line(listed.known_by(key), 60)}" for key in spoilt
            )
            made.spoilt.append(f"{_shown(known)}: {', '.join(what)}")
            other = [key for key in other if key not in spoilt]
        if other:
            _write(sheet, lines[known.id], listed, other)
            what = (f"{key} {_was(known.known_by(key))}{one_line(listed.known_by(key), 60)}" for key in other)
            made.changed.append(f"{_shown(known)}: {', '.join(what)}")
        else:
            made.left += 1
    made.absent = [person for person in roster.people if person.id not in met]
    _save(sheet)
    return made


class _Unclear(Exception):
    """Why it can't be told who somebody in a list is."""


def _same(one: Listed, roster: Roster, *, lonely: bool) -> Person | None:
    """The person of the roster; None if they are new. lonely: nobody else in the list has the name. Raises _Unclear."""
    listed = one.person
    ids = {**listed.ids, "email": listed.email}
    told, namesakes = roster.those(ids), roster.named(listed.name)
    same_id = roster.find("id", listed.id)
    if same_id and not told and not one.named and same_id not in namesakes and contradicts(same_id, ids):
        raise _Unclear(f"its id is that of {_shown(same_id)}, and all the rest is somebody else's")
    people = {person.id: person for person in (same_id, *told) if person}
    if len(people) > 1:
        raise _Unclear(f"its ids and its email are those of {' and of '.join(map(_shown, people.values()))}")
    if people:
        return next(iter(people.values()))
    if alias := _alias(listed, roster):
        return alias
    for person in namesakes:
        if person.id != listed.id and may_have_become(person.id, listed.id):
            raise _Unclear(
                f"{one_line(listed.id, 60)!r} may be {_shown(person)}, whose id a spreadsheet has changed"
            )
    likely = [person for person in namesakes if not contradicts(person, ids)]
    return likely[0] if lonely and not one.named and len(namesakes) == len(likely) == 1 else None


def _is_spoilt(before: str, now: str) -> bool:
    """Whether a spreadsheet has made one text of the other: 00429 → 429, Zoë → ZoÃ«; not the other way round."""
    shown = re.fullmatch(r"[1-9]\d*|\d(?:[.,]\d+)?E\+\d+", now)
    alike = before and folded(before) != folded(now) and may_have_become(before, now)
    return bool(alike and (shown or not may_have_become(now, before)))


def _alias(listed: Person, roster: Roster) -> Person | None:
    """The person who has the listed one's id as a platform's id, or the other way round, and no other name."""
    found = [roster.find(key, listed.id) for key in LASTING]
    found += [roster.find("id", listed.known_by(key)) for key in LASTING]
    people = {person.id: person for person in found if person}
    if len(people) != 1:
        return None
    [person] = people.values()
    same = not person.name or not listed.name or person in roster.named(listed.name)
    return person if same and not contradicts(person, {**listed.ids, "email": listed.email}) else None


def _write(sheet: Sheet, line: Line, person: Person, keys: tuple[str, ...] | list[str]) -> None:
    """Write what is known of a person into their line, with new columns where they are needed."""
    for key in keys:
        if not (value := person.known_by(key)):
            continue
        if key not in sheet.places:
            _add_column(sheet, key)
        place = sheet.places[key]
        line.cells.extend([""] * (place + 1 - len(line.cells)))
        line.cells[place] = as_cell(value)


def _add_column(sheet: Sheet, key: str) -> None:
    """A column behind the last of ours, before those that a teacher has added."""
    place = max(sheet.places.values()) + 1
    sheet.heads.insert(place, key)
    for line in sheet.lines:
        line.cells.extend([""] * (place - len(line.cells)))
        line.cells.insert(place, "")
    sheet.places = {one: at + (at >= place) for one, at in sheet.places.items()} | {key: place}
    sheet.extensions = {at + (at >= place): name for at, name in sheet.extensions.items()}


def _save(sheet: Sheet) -> None:
    text = io.StringIO()
    rows = [[*line.cells, *[""] * (len(sheet.heads) - len(line.cells))] for line in sheet.lines]
    writer = csv.writer(text, delimiter=sheet.separator, lineterminator="\n")
    writer.writerows([sheet.heads, *rows])
    data = (BOM + text.getvalue()).encode()
    if data == sheet.data:
        return
    try:
        if read_bytes(sheet.path) != sheet.data:
            raise CourseError(f"{sheet.path} was saved while it was read: run the command again.")
    except FileNotFoundError:
        pass
    replace_text(sheet.path, data.decode())


def _shown(person: Person) -> str:
    return one_line(f"{person.name} ({person.id})" if person.name else person.id, 100)


def _was(value: str) -> str:
    return f"{one_line(value, 60)} → " if value else ""
