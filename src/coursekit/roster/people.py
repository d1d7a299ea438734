"""``roster.csv``: a row for each person, with the platforms' ids and the extensions. It tells whose a submission is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.core.spreadsheet import Line, in_cell, read_lines
from coursekit.core.text import meant, one_line

FILE_NAME = "roster.csv"
FIELDS = ("id", "name", "email", "section", "group")
IDS = ("canvas", "sis", "login", "moodle", "gradescope", "github")
"""what a platform knows a person by"""
LASTING = ("canvas", "sis", "login", "github", "email")
"""those that are the same in all assignments: Moodle makes another for each, Gradescope's are a submission's"""
OURS = (*FIELDS, *IDS)
MAX_BYTES = 16 << 20
MAX_TEXT = 500
"""characters of a cell or a name"""
MAX_ID = 90
"""bytes: a longer folder name would be shortened"""
_EXTENSION = re.compile(r"extension\s*:\s*(.+)", re.IGNORECASE)
_NEARLY = re.compile(r"extensions?[\s_-]*[:_\s-][\s_-]*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """Somebody in the course. id: the name of their folders and files. extensions: by assignment, as a teacher wrote.

    line: where they stand in the file.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    group: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)
    line: int = field(default=0, compare=False)

    def known_by(self, key: str) -> str:
        """The person's id, name, email, section, group, or id of a platform; empty if it is not known."""
        return str(getattr(self, key)) if key in FIELDS else self.ids.get(key, "")


@dataclass(frozen=True)
class Roster:
    """Everybody in the course, in the file's order; empty without a file."""

    people: tuple[Person, ...] = ()

    @classmethod
    def read(cls, course: Course) -> Roster:
        """The course's roster. Raises CourseError, with the line."""
        return cls(tuple(Sheet.read(course).people()))

    def find(self, key: str, value: str) -> Person | None:
        """The person with that id, name, email or id of a platform; None if nobody has it, or more than one."""
        value = unicodedata.normalize("NFC", value)
        found = self._by.get((key, value if key == "id" else value.strip().casefold()), [])
        return found[0] if value and len(found) == 1 else None

    def named(self, name: str) -> list[Person]:
        """The people with that name, whichever of its words comes first."""
        found = [person for one in spellings(name) for person in self._named.get(one, [])]
        return list({person.id: person for person in found}.values())

    def those(self, ids: Mapping[str, str]) -> list[Person]:
        """Everybody whom platforms know by one of these ids: if they are several, the ids contradict each other."""
        found = (self.find(key, ids.get(key, "")) for key in (*IDS, "email"))
        return list({person.id: person for person in found if person}.values())

    def called(self, name: str, ids: Mapping[str, str]) -> Person | None:
        """The only person with that name, unless these ids say that it is somebody else."""
        same = self.named(name)
        return same[0] if len(same) == 1 and not contradicts(same[0], ids) else None

    def match(self, reference: Reference) -> Person | None:
        """Whose submission it is, told by the folder's name, by what platforms know them by, or by a unique name.

        None if that is nobody, or if it is not the same person throughout.
        """
        found = [*self.those(reference.ids), self.find("id", reference.student)]
        if any(found):
            return _only(found)
        if person := _only(self.find(key, reference.student) for key in LASTING):
            return person
        return self.called(reference.display_name, reference.ids) or self.called(
            reference.student, reference.ids
        )

    def label(self, person: Person) -> str:
        """The person's name, with the id if another person has the name too; without a name, the id."""
        if not person.name:
            return person.id
        return person.name if len(self.named(person.name)) == 1 else f"{person.name} ({person.id})"

    @cached_property
    def _by(self) -> dict[tuple[str, str], list[Person]]:
        found: dict[tuple[str, str], list[Person]] = {}
        for person in self.people:
            for key in OURS:
                if value := person.known_by(key):
                    found.setdefault((key, value if key == "id" else value.casefold()), []).append(person)
        return found

    @cached_property
    def _named(self) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self.people:
            for one in spellings(person.name):
                found.setdefault(one, []).append(person)
        return found


def _only(found: Iterable[Person | None]) -> Person | None:
    """The one person among them, if it is one."""
    people = {person.id: person for person in found if person}
    return next(iter(people.values())) if len(people) == 1 else None


def contradicts(person: Person, ids: Mapping[str, str]) -> bool:
    """Whether one of these ids is another than the person's of that kind, and each person has but one of the kind."""
    return any(
        key in LASTING and value and (own := person.known_by(key)) and own.casefold() != value.casefold()
        for key, value in ids.items()
    )


def squeezed(name: str) -> str:
    """A name's letters and digits, in lower case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())


def spellings(name: str) -> set[str]:
    """A name squeezed, beginning with any of its words: Ada Byron is byronada in Canvas's files."""
    words = name[:MAX_TEXT].split()
    return {one for n in range(len(words)) if (one := squeezed("".join(words[n:] + words[:n])))}


def unusable(id: str) -> str:
    """Why an id can't be the name of a student's folder; empty if it can."""
    shown = one_line(id, 40)
    if not id.strip():
        return "there is no id"
    if re.fullmatch(r"\d+(?:[.,]\d+)?E\+\d+", id):
        return f"{shown!r} is a number that a spreadsheet has shortened: export the list again, or restore it"
    if re.match(r"#[A-Z/0]+[!?]?$", id):
        return f"{shown!r} is a spreadsheet's error"
    if id.startswith(tuple("=+-@＝＋－＠'")):
        return f"the id {shown!r} begins like a formula"
    if "/" in id or "\\" in id or id.startswith("."):
        return f"the id {shown!r} can't be a folder's name: it begins with a full stop or has a slash in it"
    if len(id.encode(errors="replace")) > MAX_ID:
        return f"the id {shown!r} is too long for a folder's name: {MAX_ID} bytes at most"
    return ""


class Sheet:
    """The file's rows, as they are: whatever a teacher has written stays. heads: its columns' names."""

    def __init__(self, path: Path, assignments: Sequence[str], data: bytes = b""):
        """Read the file's bytes. Raises CourseError."""
        self.path, self.data = path, data
        try:
            read = read_lines(data)
        except ValueError as error:
            raise CourseError(f"{path}: {error}.") from None
        self.separator = read.separator
        first, *self.lines = read.lines or [Line(1, list(OURS[:5]))]
        self.heads = first.cells
        while self.heads and not self.heads[-1].strip():
            self.heads.pop()
        self.places: dict[str, int] = {}
        """where our columns are"""
        self.extensions: dict[int, str] = {}
        """the assignments of the columns with extensions"""
        for place, head in enumerate(self.heads):
            self._place(place, head.strip(), assignments)
        if "id" not in self.places:
            raise CourseError(
                f"{path} has no column 'id', by which each person's folder is called. Its first row must name its "
                f"columns: {', '.join(OURS[:5])}, and what else you like."
            )

    @classmethod
    def read(cls, course: Course) -> Sheet:
        """The course's file; without one, an empty sheet. Raises CourseError."""
        path = course.root / FILE_NAME
        try:
            return cls(path, [one.name for one in course.assignments()], read_bytes(path))
        except FileNotFoundError:
            return cls(path, [])

    def _place(self, place: int, head: str, assignments: Sequence[str]) -> None:
        key = head.casefold()
        if key in OURS:
            if key in self.places:
                raise CourseError(f"{self.path} has two columns {key!r}: rename one of them.")
            self.places[key] = place
            return
        meant_for = _EXTENSION.fullmatch(head) or _NEARLY.fullmatch(head)
        if not meant_for:
            return
        name = meant_for[1].strip()
        known = {one.casefold(): one for one in assignments}
        likely = meant(name, assignments)
        if name.casefold() in known:
            name = known[name.casefold()]
        elif _EXTENSION.fullmatch(head) or likely != ".":
            raise CourseError(
                f"{self.path}: the column {one_line(head, 60)!r} names no assignment of this course{likely} There "
                f"are {', '.join(assignments) or 'none yet'}."
            )
        else:
            return
        if name in self.extensions.values():
            raise CourseError(f"{self.path} has two columns with extensions for {name}: keep one.")
        self.extensions[place] = name

    def people(self) -> Iterator[Person]:
        """Everybody in the sheet. Raises CourseError, with the line."""
        lines: dict[str, int] = {}
        for line in self.lines:
            if any(cell.strip() for cell in line.cells[len(self.heads) :]):
                raise CourseError(
                    f"{self.path}, line {line.number}: there are more cells than columns. A text with "
                    f"{self.separator!r} in it goes into quotes."
                )
            person = self.person(line)
            if why := unusable(person.id):
                raise CourseError(f"{self.path}, line {line.number}: {why}. Correct it there.")
            if person.id in lines:
                raise CourseError(
                    f"{self.path}, line {line.number}: the id {one_line(person.id, 40)!r} is in line "
                    f"{lines[person.id]} too. Each person needs an id of their own."
                )
            lines[person.id] = line.number
            yield person

    def person(self, line: Line) -> Person:
        """The person in a line."""

        def cell(place: int) -> str:
            return tidy(line.cells[place]) if place < len(line.cells) else ""

        own = {key: cell(place) for key, place in self.places.items()}
        return Person(
            **{key: own.get(key, "") for key in FIELDS},
            ids={key: own[key] for key in IDS if own.get(key)},
            extensions={name: said for place, name in self.extensions.items() if (said := cell(place))},
            line=line.number,
        )


def tidy(cell: str) -> str:
    """What a cell says: on one line, in one Unicode form, without what is not seen, not as a spreadsheet's formula."""
    text = "".join(" " if one.isspace() else one for one in unicodedata.normalize("NFC", in_cell(cell)))
    return " ".join("".join(one for one in text if unicodedata.category(one)[0] != "C").split())[:MAX_TEXT]


def read_bytes(path: Path) -> bytes:
    """What is in a file. Raises CourseError, and FileNotFoundError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise CourseError(f"{path} is larger than {MAX_BYTES >> 20} MiB: it can't be a class's.")
    return data
