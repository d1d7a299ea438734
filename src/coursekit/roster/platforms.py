"""A list of people from a learning platform: what it is, and who is in it.

Columns are recognised by their names, in the languages of most sites here, and what is left by its content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from coursekit.core.errors import CourseError
from coursekit.core.spreadsheet import Line, read_lines
from coursekit.core.text import meant, one_line
from coursekit.roster.people import IDS, Person, squeezed, tidy, unusable

NAMES = {
    "id": "id studentid student userid",
    "sis": "sis sid idnumber sisuserid studentnumber matriculationnumber idnummer matrikelnummer matrikelnr "
    "numérodidentification numerodidentification númerodeid numerodeid númerodeidentificación idnúmero "
    "numeroid codiceidentificativo identificationnumber",
    "login": "login sisloginid username loginid netid anmeldename benutzername nomdutilisateur nombredeusuario "
    "usuario nomeutente gebruikersnaam",
    "canvas": "canvas canvasid canvasuserid",
    "moodle": "moodle moodleid identifier identifikator identifiant identificador identificatore",
    "github": "github githubusername githublogin",
    "email": "email emailaddress mail emailadresse adressedecourriel adresseelectronique courriel "
    "direccióndecorreo correoelectrónico correo indirizzoemail emailadres endereçodeemail",
    "first": "firstname firstnames givenname forename vorname prénom prenom nombre nome voornaam",
    "last": "lastname surname familyname nachname nomdefamille nom apellido apellidos cognome achternaam sobrenome",
    "name": "name fullname studentname vollständigername nomcomplet nombrecompleto nomecompleto volledigenaam",
    "section": "section sections sectionname",
    "group": "group groups gruppe gruppen groupe groupes grupo grupos gruppo gruppi groep groepen",
    "role": "role roles rolle rollen rôle rôles rol roles ruolo ruoli rollen",
}
"""the squeezed names that a column may have, by what it holds"""
_FIELD_OF = {name: key for key, names in NAMES.items() for name in names.split()}
_STAFF = re.compile(
    r"instructor|teacher|teaching|\bta\b|reader|manager|trainer|tutor|dozent|lehr|enseignant|profess?or|docent|admin|gestor",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_PARTICIPANT = re.compile(r"[^\W\d_][^\d]*?\s?(\d+)")
_NUMBER = re.compile(r"(?!\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$)[\w.-]*\d{3}[\w-]*")
_LETTERS = re.compile(r"[^\d@]*[^\W\d_][^\d@]*")

Columns = dict[str, int]
"""where each field is"""


@dataclass
class Listed:
    """Somebody in a list. named: whether the list itself says the id, or one was chosen of what it says."""

    person: Person
    named: bool


@dataclass
class People:
    """Who is in a list. unused: a sentence for each line that can't be used. staff: lines of who is no student."""

    kind: str
    listed: list[Listed] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    staff: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """A kind of list. names: what its columns mean here, if it is something else than elsewhere."""

    title: str
    fits: Callable[[Sequence[str], Sequence[Line]], bool]
    names: Mapping[str, str] = field(default_factory=dict)
    by_content: bool = False


def _is_canvas(heads: Sequence[str], lines: Sequence[Line]) -> bool:
    return "student" in heads[0] and len(heads) > 1 and heads[1] == "id"


def _is_gradescope(heads: Sequence[str], lines: Sequence[Line]) -> bool:
    return "sid" in heads and bool({"email", "firstname", "name"} & set(heads))


def _is_nbgrader(heads: Sequence[str], lines: Sequence[Line]) -> bool:
    return ("id" in heads and "lmsuserid" in heads) or {"id", "firstname", "lastname"} <= set(heads) <= {
        *("id", "firstname", "lastname", "email", "lmsuserid")
    }


def _is_plain(heads: Sequence[str], lines: Sequence[Line]) -> bool:
    return bool({"id", "name"} & set(heads)) and not _participants(lines, 0)


def _is_moodle(heads: Sequence[str], lines: Sequence[Line]) -> bool:
    by_name = {"first", "last", "name", "email", "moodle"} & {_FIELD_OF.get(head) for head in heads}
    return bool(by_name) or any(_mostly(_EMAIL, lines, place) for place in range(len(heads)))


KINDS = {
    "canvas": Kind("a Canvas gradebook export", _is_canvas, {"student": "name", "id": "canvas"}),
    "gradescope": Kind("a Gradescope roster", _is_gradescope),
    "nbgrader": Kind("nbgrader's list of students", _is_nbgrader),
    "csv": Kind("a plain CSV", _is_plain, by_content=True),
    "moodle": Kind("a Moodle list", _is_moodle, {"id": "moodle"}, by_content=True),
}
"""by the name for ``--from``; the first that fits is taken"""


def read_people(data: bytes, kind: str = "") -> People:
    """The people in a file's bytes. kind: what the file is; if it is not said, it is found out.

    Raises CourseError when the file is no list of people.
    """
    try:
        lines = read_lines(data).lines
    except ValueError as error:
        raise CourseError(str(error)) from None
    if len(lines) < 2:
        raise CourseError("it has no line below the names of its columns")
    heads, rows = [squeezed(cell) for cell in lines[0].cells], lines[1:]
    if any(_EMAIL.fullmatch(cell.strip()) for cell in lines[0].cells):
        raise CourseError("its first line must name its columns, such as id,name,email")
    kind = kind or next((name for name, one in KINDS.items() if one.fits(heads, rows)), "")
    columns = _columns(KINDS[kind], heads, rows) if kind else {}
    if not {"name", "first", "last", "email", *IDS, "id"} & set(columns):
        shown = one_line(", ".join(cell.strip() for cell in lines[0].cells), 120)
        raise CourseError(
            f"no column with names, emails or ids was found in it ({shown}). Name its columns id, name and email"
        )
    found = People(kind)
    for line in rows:
        _take(line, columns, len(heads), found)
    _distinct(found)
    if not found.listed and not found.unused:
        raise CourseError("it has no line of a student")
    return found


# ---- columns


def _columns(kind: Kind, heads: Sequence[str], lines: Sequence[Line]) -> Columns:
    """Where each field is: the first column of that name, or else one with such content."""
    columns: Columns = {}
    fields = {**_FIELD_OF, **kind.names}
    for place, head in enumerate(heads):
        key = fields.get(head, "")
        if key == "moodle" and not _participants(lines, place):
            key = ""
        if key and key not in columns:
            columns[key] = place
    if kind.by_content:
        _by_content(columns, heads, lines)
    return columns


def _by_content(columns: Columns, heads: Sequence[str], lines: Sequence[Line]) -> None:
    def put(key: str, places: Sequence[int], fits: Callable[[int], bool]) -> None:
        taken = set(columns.values())
        found = next((place for place in places if place not in taken and fits(place)), None)
        if key not in columns and found is not None:
            columns[key] = found

    every = range(len(heads))
    put("moodle", every[:1], lambda place: _participants(lines, place))
    put("email", every, lambda place: _mostly(_EMAIL, lines, place))
    before = every[: columns.get("email", 0)]
    if not {"name", "first", "last"} & set(columns):
        put("first", before, lambda place: _mostly(_LETTERS, lines, place))
        put("last", before, lambda place: _mostly(_LETTERS, lines, place))
    if not {"id", "sis", "login"} & set(columns):
        put("sis", every, lambda place: _mostly(_NUMBER, lines, place) and _all_distinct(lines, place))


def _cells(lines: Sequence[Line], place: int) -> list[str]:
    cells = (tidy(line.cells[place]) for line in lines if place < len(line.cells))
    return [cell for cell in cells if cell]


def _mostly(pattern: re.Pattern[str], lines: Sequence[Line], place: int) -> bool:
    cells = _cells(lines, place)
    return bool(cells) and sum(bool(pattern.fullmatch(cell)) for cell in cells) >= 0.8 * len(cells)


def _all_distinct(lines: Sequence[Line], place: int) -> bool:
    cells = _cells(lines, place)
    return len(set(cells)) == len(cells) == len(lines)


def _participants(lines: Sequence[Line], place: int) -> bool:
    """Whether the column says Participant 4711, in the site's language."""
    cells = _cells(lines, place)
    words = {cell.rstrip("0123456789") for cell in cells}
    return len(words) == 1 and _mostly(_PARTICIPANT, lines, place) and _all_distinct(lines, place)


# ---- lines


def _take(line: Line, columns: Columns, width: int, found: People) -> None:
    """Put the person of a line into what was found. width: how many columns there are."""

    def cell(key: str) -> str:
        place = columns.get(key, len(line.cells))
        return tidy(line.cells[place]) if place < len(line.cells) else ""

    name = _name(cell("name")) or f"{cell('first')} {cell('last')}".strip()
    if found.kind == "canvas" and _is_nobody(line):
        return
    if any(one.strip() for one in line.cells[width:]):
        found.unused.append(
            f"line {line.number}: it has more cells than the first line. A text with a comma in it goes into quotes."
        )
        return
    if (role := cell("role")) and all(map(_STAFF.search, re.split(r"[,;]", role))):
        found.staff.append(line.number)
        return
    ids = {key: cell(key) for key in IDS if key != "gradescope" and cell(key)}
    if participant := _PARTICIPANT.fullmatch(ids.get("moodle", "")):
        ids["moodle"] = participant[1]
    email = cell("email") if _EMAIL.fullmatch(cell("email")) else ""
    named = cell("id")
    choice = [named] if named else [*(ids.get(key, "") for key in ("sis", "login", "github")), email]
    choice += [] if named else [ids.get("canvas", ""), name]
    whys = {one: unusable(one) for one in choice if one}
    id = next((one for one, why in whys.items() if not why), "")
    if not id:
        why = next(iter(whys.values()), "there is no name, no email and no id")
        found.unused.append(f"line {line.number}: {why}.")
        return
    person = Person(id, name, email, cell("section"), cell("group"), ids, line=line.number)
    found.listed.append(Listed(person, bool(named)))


def _is_nobody(line: Line) -> bool:
    """Whether it is one of Canvas's lines for points or for how grades are posted, or its test student."""
    first, *ids = (cell.strip() for cell in line.cells[:4])
    return "points possible" in first.casefold() or first == "Student, Test" or not any((first, *ids))


def _name(text: str) -> str:
    """A name as it is said: Ada Byron for ``Byron, Ada``."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma and "," not in first else text


def _distinct(found: People) -> None:
    """Leave one line for each id; lines that say something else about it can't be used."""
    count = Counter(one.person.id for one in found.listed if _only_named(one.person))
    kept: dict[str, Listed] = {}
    for one in found.listed:
        person = one.person
        shown, first = one_line(person.id, 60), kept.get(person.id)
        if count[person.id] > 1:
            found.unused.append(
                f"line {person.line}: another line has the name {shown!r} too, and nothing tells the two apart. "
                "Add a column with ids or emails."
            )
        elif first is None:
            kept[person.id] = one
        elif first.person != person:
            found.unused.append(
                f"line {person.line}: {shown!r} is in line {first.person.line} already, with other details."
            )
    found.listed = list(kept.values())


def _only_named(person: Person) -> bool:
    """Whether nothing is known but a name."""
    return person.id == person.name and not person.email and not person.ids


def kind_called(name: str) -> str:
    """The kind with that name. Raises CourseError if there is none."""
    if name not in KINDS:
        raise CourseError(
            f"There is no kind of list {name!r}{meant(name, KINDS)} Choose from {', '.join(KINDS)}."
        )
    return name
