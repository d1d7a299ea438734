"""Match a submission's cells with the release's: which cells run, with which text, and what students are told.

The release's text stays the release's: read-only cells and tests are taken from it. The rest is the student's, wherever
an editor has put it: an answer that has become Markdown, that was split or joined with a test, or that stands in a cell
of its own, is run.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from coursekit.core import cells
from coursekit.intake.code import Form, Parsed, parse
from coursekit.intake.notebook import CheckedCell
from coursekit.intake.release import Release, stripped

ALIKE = 0.6
"""the part of a release's lines that a cell must have to count as that cell, where its name is lost"""
_DEFINING = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)\b[\s\\]*(\w+)[\s\\]*[(:\[]", re.M)
_FENCE = re.compile(r"\A\s*```(?:python|py)?[ \t]*\n(.*?)\n?```\s*\Z", re.S)


@dataclass(frozen=True)
class Matched:
    """A submission's cells, sorted out.

    A cell's number is its position in the student's notebook, from 1; the release's own text gets numbers below 1 where
    it does not stand for one of the student's cells.
    """

    to_run: list[tuple[int, str]]
    """the code cells to run, in order: (number, source)"""

    own: frozenset[int]
    """the cells that the student added"""

    tasks: dict[int, str]
    """the cells that answer a task, by number, with the task's name in the release"""

    answers: dict[str, str]
    """the answers that a person grades, by grade_id"""

    notes: list[str]
    """what differs from the release and what was made of it, a sentence each"""

    places: dict[str, int] = field(default_factory=dict)
    """for each test cell, how many of the cells to run stand before it in the student's notebook"""

    written: int = 0
    """how many answers differ from the release"""

    originals: dict[int, str] = field(default_factory=dict)
    """which named cell of the release each cell is, by number"""


@dataclass(eq=False)
class _Mine:
    """A cell of the student's: the release's cell that it is, if any, and the text that is run."""

    cell: CheckedCell
    text: str
    is_code: bool
    release: Release
    original: CheckedCell | None = None
    contested: frozenset[str] = frozenset()

    @cached_property
    def parsed(self) -> Parsed | None:
        if self.original is not None and self.text == self.original["source"]:
            return self.release.parsed.get(id(self.original)) or parse(self.text)
        return parse(self.text)

    @cached_property
    def defining(self) -> frozenset[str]:
        """What its text seems to define, without parsing it."""
        return frozenset(_DEFINING.findall(self.text))

    @cached_property
    def new_definitions(self) -> frozenset[str]:
        """The names that it gives another definition than the release, of those that more than one cell may define."""
        stubs = self.release.stubs
        names = self.contested & self.defining
        if not names or self.untouched or not self.parsed:
            return frozenset()
        return frozenset(
            n for n, form in self.parsed.definitions.items() if n in names and form not in stubs[n]
        )

    @property
    def number(self) -> int:
        return self.cell["number"]

    def change(self, text: str) -> None:
        self.text = text
        for name in ("parsed", "defining", "new_definitions", "untouched"):
            self.__dict__.pop(name, None)

    def is_of(self, cell: CheckedCell) -> bool:
        return self.original is cell

    def is_of_other_release(self) -> bool:
        """Whether the cell was released with another name, or a read-only one with another text, than it has now."""
        name, now = cells.grade_id(self.cell), self.original
        if name is None or now is None or name != cells.grade_id(now):
            return name is not None
        mine, theirs = cells.checksum(self.cell), cells.checksum(now)
        return cells.is_locked(now) and None not in (mine, theirs) and mine != theirs

    @cached_property
    def untouched(self) -> bool:
        """Whether it is as released."""
        if self.original is None or self.text == self.original["source"]:
            return self.original is not None
        return stripped(self.text) == stripped(self.original["source"])


def match(
    release: Release, submitted: Sequence[CheckedCell], unwritten: frozenset[str] = frozenset()
) -> Matched:
    """Match submitted cells with the release's.

    unwritten: functions and classes that the answer files have only as stubs.

    A cell is the release's if it has the same grade_id or, without one, the same text; failing that, if it defines
    what an answer defines, or has most of a read-only cell's lines. A read-only cell runs once, with the release's
    text, and what the student added to it runs right behind. Test cells and cells tagged as not graded do not run. A
    stub does not run where its function or class is written in another cell.
    """
    notes: list[str] = []
    mine = [_Mine(cell, cell["source"], cells.is_code(cell), release) for cell in submitted]
    _find_originals(release, mine)
    contested = _contested(release, mine)
    for one in mine:
        one.contested = contested
    _make_code(release, mine, notes)
    _join_pieces(mine, notes)
    _put_behind_imports(mine, unwritten, notes)
    written = _Written(release, mine)
    written.drop_stubs(notes)
    found = _Run(release, mine)
    notes += found.notes
    return Matched(
        found.to_run,
        frozenset(one.number for one in mine if one.original is None),
        written.tasks(),
        _answers(release, mine, notes),
        [*_notes(release, mine, written), *notes],
        found.places,
        written.count(),
        {one.number: name for one in mine if one.original and (name := cells.grade_id(one.original))},
    )


# ---- which of the release's cells a cell is


def _find_originals(release: Release, mine: list[_Mine]) -> None:
    for one in mine:
        one.original = release.find(one.cell)
    missing = _missing(release, mine)
    strangers = [one for one in mine if one.original is None and one.is_code]
    if not missing or not strangers:
        return
    _by_lines(strangers, [cell for cell in missing if cells.is_locked(cell) and cells.is_code(cell)])
    for one in (one for one in strangers if one.original is None and one.parsed):
        assert one.parsed
        for cell in _missing(release, mine):
            parsed = release.parsed.get(id(cell))
            names = set(release.defines(cell)) or set(parsed.binds if parsed else ())
            defined = set(one.parsed.definitions) if release.defines(cell) else one.parsed.binds
            if cells.is_solution(cell) and names & defined:
                one.original = cell
                break


def _by_lines(strangers: Iterable[_Mine], missing: Iterable[CheckedCell]) -> None:
    """Give cells that have most of the lines of a missing cell that cell as their original."""
    lines = {id(cell): _lines(cell["source"]) for cell in missing}
    by_id = {id(cell): cell for cell in missing}
    for one in strangers:
        found = _lines(one.text)
        shared = {
            key: sum((wanted & found).values()) / wanted.total() for key, wanted in lines.items() if wanted
        }
        best = max(shared, key=shared.__getitem__, default=None)
        if best is not None and shared[best] >= ALIKE:
            one.original = by_id[best]
            del lines[best]


def _lines(source: str) -> Counter[str]:
    return Counter(line.strip() for line in source.split("\n") if line.strip())


def _missing(release: Release, mine: Iterable[_Mine]) -> list[CheckedCell]:
    present = {id(one.original) for one in mine}
    return [cell for cell in release.cells if id(cell) not in present]


def _contested(release: Release, mine: Iterable[_Mine]) -> frozenset[str]:
    """The names of answers that may be defined in more than one cell, or in a cell that is not their own.

    Found by text alone: in an ordinary notebook there are none, and none of its cells has to be parsed.
    """
    found: set[str] = set()
    seen: set[str] = set()
    for one in mine:
        own = release.defines(one.original) if one.original is not None and one.is_code else {}
        for name in one.defining & release.stubs.keys():
            (seen if name in own and name not in seen else found).add(name)
    return frozenset(found)


# ---- what is run as code


def _make_code(release: Release, mine: list[_Mine], notes: list[str]) -> None:
    """Answers that have become Markdown or raw text are code, unless the answer is there as code too."""
    coded = {name for one in mine if one.is_code for name in one.new_definitions}
    for one in mine:
        if one.is_code or one.cell["cell_type"] not in ("markdown", "raw", "heading"):
            continue
        is_answer = (
            one.original is not None and cells.is_code(one.original) and cells.is_solution(one.original)
        )
        if one.original is not None and not is_answer:
            continue
        fenced = _FENCE.match(one.text)
        one.change(fenced[1] if fenced else one.text)
        new = one.new_definitions if one.parsed else set()
        if (new and not new <= coded) or (is_answer and one.parsed and not one.untouched and not new & coded):
            one.is_code = True
            named = f" ({cells.grade_id(one.original)!r})" if one.original else ""
            kind = one.cell["cell_type"]
            notes.append(f"cell {one.number}{named} is {kind}, and holds code: it was run as code")
        elif not is_answer:
            one.change(one.cell["source"])


def _join_pieces(mine: list[_Mine], notes: list[str]) -> None:
    """Put together what an editor split in the middle of a statement."""
    place = 0
    while place + 1 < len(mine):
        first, second = mine[place], mine[place + 1]
        pieces = all(
            one.is_code and one.text.strip() and not (one.original and cells.is_locked(one.original))
            for one in (first, second)
        )
        two_cells = first.original and second.original and first.original is not second.original
        if pieces and not two_cells and (first.parsed is None or _begins_inside(second)):
            whole = f"{first.text}\n{second.text}"
            if parse(whole) is not None:
                first.change(whole)
                first.original = first.original or second.original
                del mine[place + 1]
                notes.append(f"cells {first.number} and {second.number} are one that was split: joined again")
                continue
        place += 1


def _begins_inside(one: _Mine) -> bool:
    """Whether a cell can only be the end of a function: it is indented, and not to be run without what it is in.

    A cell that is indented as a whole, and complete, is one that a notebook runs.
    """
    if not one.text.lstrip("\n")[:1].isspace():
        return False
    return one.parsed is None or any(statement.has_return for statement in one.parsed.statements)


def _put_behind_imports(mine: list[_Mine], unwritten: frozenset[str], notes: list[str]) -> None:
    """Put what was written in the notebook in place of an answer file behind the cell that imports the file's stubs."""
    for one in [one for one in mine if unwritten and one.original is None and one.is_code and one.parsed]:
        names = unwritten & set(one.parsed.definitions if one.parsed else ())
        here = mine.index(one)
        imports = [
            place
            for place, other in enumerate(mine[here + 1 :], start=here + 1)
            if other.original and cells.is_locked(other.original) and other.is_code
            if other.parsed and names & other.parsed.binds
        ]
        if names and imports:
            mine.insert(imports[-1] + 1, one)
            del mine[here]
            named = ", ".join(f"`{name}`" for name in sorted(names))
            notes.append(
                f"cell {one.number} writes {named}, which an answer file has only as a stub: it was run behind the "
                "cell that imports the stub"
            )


class _Written:
    """Where each answer is written: in its own cell, in a copy of it, or in another cell."""

    def __init__(self, release: Release, mine: list[_Mine]) -> None:
        self._release, self._mine = release, mine
        self._elsewhere: dict[int, list[_Mine]] = {}
        """by the answer cell's id(): other cells that define what it should"""
        self._copies: dict[int, list[_Mine]] = {}
        """by the answer cell's id(): its copies in the notebook that are code"""
        for one in mine:
            if not one.is_code:
                continue
            if one.original is not None:
                self._copies.setdefault(id(one.original), []).append(one)
            for name in one.new_definitions:
                for cell in release.stubs[name].values():
                    if one.is_of(cell) or (
                        one.original is not None and name in release.defines(one.original)
                    ):
                        continue
                    self._elsewhere.setdefault(id(cell), []).append(one)

    def places(self, cell: CheckedCell) -> list[_Mine]:
        """The cells in which an answer is written."""
        return self._in_own_cell(cell) or list(dict.fromkeys(self._elsewhere.get(id(cell), [])))

    def _in_own_cell(self, cell: CheckedCell) -> list[_Mine]:
        """The copies of an answer's cell in which something is written."""
        copies = self._copies.get(id(cell), [])
        return [one for one in copies if not one.untouched and one.text.strip()]

    def count(self) -> int:
        return sum(bool(self.places(cell)) for cell in self._release.answers)

    def drop_stubs(self, notes: list[str]) -> None:
        """Empty the cells, or parts of cells, that are as released, if what they define is written elsewhere."""
        for cell in self._release.answers:
            written = self._in_own_cell(cell)
            stubs_of_it = [one for one in self._copies.get(id(cell), []) if one.untouched]
            for one in stubs_of_it if written else ():
                one.change("")
                notes.append(f"cell {one.number} is a stub: cell {written[-1].number} has the answer")
            stubs = self._release.defines(cell)
            others = [*written, *self._elsewhere.get(id(cell), [])]
            names = {name for one in others for name in one.new_definitions} & set(stubs)
            if names:
                self._drop(stubs, names, others[-1], notes)

    def _drop(self, stubs: Mapping[str, Form], names: set[str], answer: _Mine, notes: list[str]) -> None:
        for one in self._mine:
            if not (one.is_code and names & one.defining and one.parsed):
                continue
            if one.original and cells.is_locked(one.original):
                continue
            dropped = [
                statement
                for statement in one.parsed.statements
                if statement.is_definition
                and any(stubs[name] == statement.form for name in statement.names & names)
            ]
            if dropped:
                named = ", ".join(f"`{name}`" for statement in dropped for name in statement.names)
                notes.append(f"cell {one.number} has a stub of {named}: cell {answer.number} has the answer")
                one.change(one.parsed.without(dropped))

    def tasks(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for cell in self._release.answers:
            name = str(cell.get("metadata", {}).get("coursekit", {}).get("task") or cells.grade_id(cell))
            own = [one for one in self._mine if one.is_of(cell)]
            for one in own or self._elsewhere.get(id(cell), []):
                found.setdefault(one.number, name)
        return found


class _Run:
    """The cells to run, in order, and where the tests stand among them."""

    def __init__(self, release: Release, mine: list[_Mine]) -> None:
        self.to_run: list[tuple[int, str]] = []
        self.places: dict[str, int] = {}
        self.notes: list[str] = []
        self._release, self._mine = release, mine
        self._next = 0
        seen: set[int] = set()
        after = {0: 0}
        """by the student's cell: how many cells to run there are up to it"""
        for one in mine:
            self._add(one, seen)
            after[one.number] = len(self.to_run)
        for cell in (cell for cell in release.cells if id(cell) not in seen):
            place = after[
                max(self._numbers_before(cell), default=0)
            ]  # behind what comes before it in the release
            if cells.is_test(cell):
                self.places[cells.grade_id(cell) or ""] = place
            elif cells.is_locked(cell) and _is_run(cell):
                self.notes.append(
                    f"the read-only cell {cells.grade_id(cell)!r} is missing: graded with the original"
                )
                self.to_run.insert(place, (self._release_number(), cell["source"]))
                after = {number: count + (count >= place) for number, count in after.items()}
                for name, count in self.places.items():
                    is_later = release.order[id(release.by_id[name])] > release.order[id(cell)]
                    self.places[name] = count + (count > place or (count == place and is_later))

    def _add(self, one: _Mine, seen: set[int]) -> None:
        original = one.original
        if original is None or not (cells.is_locked(original) and cells.is_code(original)):
            if original is not None:
                seen.add(id(original))
            skipped = cells.is_skipped(one.cell) or cells.is_test(one.cell)
            if one.is_code and one.text.strip() and not skipped and (original is None or _is_run(original)):
                self.to_run.append((one.number, one.text))
            return
        added = self._additions(one, original)
        if id(original) not in seen:
            seen.add(id(original))
            if cells.is_test(original):
                self.places[cells.grade_id(original) or ""] = len(self.to_run)
            elif _is_run(original):
                number = self._release_number() if added else one.number
                self.to_run.append((number, original["source"]))
        if added:
            self.to_run.append((one.number, added))

    def _additions(self, one: _Mine, original: CheckedCell) -> str:
        """What the student has added to a read-only cell. Changes of what it does or defines are not additions."""
        if not one.is_code or one.untouched:
            return ""
        theirs = self._release.parsed.get(id(original))
        if one.parsed and theirs:
            forms = {statement.form for statement in theirs.statements}
            old = [
                statement
                for statement in one.parsed.statements
                if statement.form in forms or statement.names & theirs.binds or statement.is_check
            ]
            new = [statement for statement in one.parsed.statements if statement not in old]
            added = one.parsed.without(old) if new else ""
        else:
            lines = _lines(original["source"])
            added = "\n".join("" if line.strip() in lines else line for line in one.text.split("\n"))
        if not added.strip() or _is_as_released(one.cell):
            return ""
        self.notes.append(f"cell {one.number} is read-only, and has something added: that was run behind it")
        return added

    def _release_number(self) -> int:
        self._next -= 1
        return self._next + 1

    def _numbers_before(self, cell: CheckedCell) -> list[int]:
        order = self._release.order
        return [
            one.number
            for one in self._mine
            if one.original is not None and order[id(one.original)] < order[id(cell)]
        ]


def _is_as_released(cell: CheckedCell) -> bool:
    """Whether a read-only cell is as some other release has it, by nbgrader's checksum."""
    import nbformat
    from nbgrader.utils import (
        compute_checksum,
    )  # takes a second, for a cell that was edited or is of another release

    try:
        return bool(compute_checksum(nbformat.from_dict(cell)) == cells.checksum(cell))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _is_run(cell: CheckedCell) -> bool:
    return cells.is_code(cell) and not cells.is_test(cell) and not cells.is_skipped(cell)


# ---- answers in words


def _answers(release: Release, mine: list[_Mine], notes: list[str]) -> dict[str, str]:
    """The text of each manual answer; all texts of a cell that occurs more than once.

    An answer whose cell is missing or as released is what the student wrote between the cells around it.
    """
    found: dict[str, str] = {}
    for cell in release.cells:
        name = cells.grade_id(cell)
        if not cells.is_manual(cell) or name is None:
            continue
        own = [one for one in mine if one.is_of(cell)]
        texts = [one.cell["source"] for one in own if not one.untouched and one.cell["source"].strip()]
        near = _behind(mine, own[-1]) if texts else _near(release, mine, cell)
        if near:
            numbers = ", ".join(str(one.number) for one in near)
            goes_on = f"goes on in cell {numbers}"
            taken = f"was taken from cell {numbers}, at its place in the notebook"
            notes.append(f"the answer {name!r} {goes_on if texts else taken}")
            texts += [one.cell["source"] for one in near]
        elif not own:
            notes.append(f"answer cell {name!r} is missing or renamed")
        found[name] = "\n\n".join(texts or [one.cell["source"] for one in own])
    return found


def _behind(mine: list[_Mine], answer: _Mine) -> list[_Mine]:
    """The student's own texts right behind an answer in words."""
    rest = mine[mine.index(answer) + 1 :]
    own = itertools.takewhile(lambda one: one.original is None and not one.is_code, rest)
    return [one for one in own if one.cell["source"].strip()]


def _near(release: Release, mine: list[_Mine], cell: CheckedCell) -> list[_Mine]:
    """The student's own texts between the cells that stand around a manual answer in the release."""
    order = release.order
    before = [p for p, one in enumerate(mine) if one.original and order[id(one.original)] < order[id(cell)]]
    behind = [p for p, one in enumerate(mine) if one.original and order[id(one.original)] > order[id(cell)]]
    start = max(before, default=-1)
    end = min((place for place in behind if place > start), default=len(mine))
    return [
        one
        for one in mine[start + 1 : end]
        if one.original is None and one.cell["source"].strip() and not (one.is_code and one.parsed)
    ]


# ---- notes


def _notes(release: Release, mine: list[_Mine], written: _Written) -> Iterator[str]:
    seen = Counter(id(one.original) for one in mine)
    found = [one for one in mine if one.original and cells.grade_id(one.original)]
    nameless = sum(cells.grade_id(one.cell) is None for one in found)
    if nameless:
        yield (
            f"{nameless} of {len(found)} cells have lost their names, in another editor or as copies: they were found "
            "by their text and their place"
        )
    older = sum(one.is_of_other_release() for one in mine)
    if older:
        yield (
            f"the notebook was made from another release of this assignment, in which {older} of its cells have other "
            "names or texts: graded with this release's tests"
        )
    for name, original in release.by_id.items():
        count = seen[id(original)]
        if count > 1:
            yield f"cell {name!r} occurs {count} times"
        if cells.is_test(original) and not count:
            yield f"test cell {name!r} is missing: the tests ran anyway"
        if cells.is_solution(original) and not cells.is_manual(original) and not count:
            places = written.places(original)
            if places:
                yield f"answer cell {name!r} is missing or renamed: its answer is in cell {places[-1].number}"
            else:
                yield f"answer cell {name!r} is missing or renamed"
    for one in mine:
        known = one.original
        if known is None or not (cells.is_locked(known) and cells.is_code(known)) or one.untouched:
            continue
        if one.is_of_other_release():
            continue
        what = "test cell" if cells.is_test(known) else "read-only cell"
        yield f"{what} {cells.grade_id(known)!r} was edited: graded with the original"
