"""The rows of ``by_hand.csv``, and whose they are: told by names, or by what is left of them after a spreadsheet."""

from __future__ import annotations

import contextlib
import csv
import difflib
import hashlib
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.core.files import replace_text
from coursekit.core.result import Kind, QuestionResult, Result, Status
from coursekit.core.spreadsheet import BOM, Table, folded, may_have_become, name_cell, number_in, read_table
from coursekit.core.text import one_line


@dataclass(frozen=True)
class Typed:
    """Points and a comment that a person typed elsewhere for an answer. before: what was there last time."""

    where: str
    points: float
    comment: str
    before: tuple[float, str] | None


COLUMNS = ("student", "question", "points", "of", "comment", "version", "answer")
OURS = ("student", "question", "of", "version", "answer")
MAX_BYTES = 64 << 20
SHOWN = 20
"""rows in one sentence"""
ALIKE, LIKE = 3, 0.6
"""names that are said for one row, and how alike they must be, from 0 to 1"""
COMPARED, MAX_STEPS = 60, 200_000
"""characters of a name that are compared, and comparisons of two characters for one row"""

Row = dict[str, str]
Key = tuple[str, str]
"""a student and a question, as written in the cells: unique"""


def key_of(result: Result, test: QuestionResult) -> Key:
    return name_cell(result.student), name_cell(test.name)


def answer_of(test: QuestionResult) -> str:
    return "\n\n".join(test.texts(Kind.ANSWER))


def version_of(key: Key, test: QuestionResult) -> str:
    """Identifies the answer that a row was made for: changes with the student, the question and the answer."""
    return f"v{_digest(repr((*key, answer_of(test))))[:12]}"


def old_version_of(test: QuestionResult) -> str:
    """The version in the first sheets: it depended on the answer alone."""
    return f"v{_digest(answer_of(test))[:8]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def waiting(results: Sequence[Result]) -> Iterator[tuple[Result, QuestionResult]]:
    """The answers that wait for a person."""
    return ((result, test) for result in results for test in result.questions if test.status == Status.MANUAL)


def is_filled(row: Row) -> bool:
    """Whether a person has written into the row."""
    return any(_written(row))


def _written(row: Row) -> tuple[str, ...]:
    return tuple(text.strip() for column, text in row.items() if column not in OURS)


class Sheet:
    """The file's rows, beside the results that they are for.

    rows: by the names in their cells. owners: the answer that each version stands for.
    """

    def __init__(self, path: Path, results: Sequence[Result]):
        """Read the file, in any form that spreadsheets save; it may be missing. Raises ValueError."""
        self.path = path
        self.rows: dict[Key, list[Row]] = {}
        self._tests = {
            name_cell(result.student): {name_cell(test.name): test for test in result.questions}
            for result in results
        }
        self._known = {(student, name) for student, tests in self._tests.items() for name in tests}
        self._waiting = {key_of(result, test): test for result, test in waiting(results)}
        self.owners = {version_of(key, test): key for key, test in self._waiting.items()}
        self._data = _bytes(path)
        table = read_table(self._data, COLUMNS) if self._data else Table([], ",")
        self._separator = ";" if table.separator == ";" else ","  # as spreadsheets in some countries need it
        for row in table.rows:
            self.rows.setdefault((row["student"], row["question"]), []).append(row)

    def filled(self, key: Key) -> list[Row]:
        """The rows of that name into which a person has written."""
        return [row for row in self.rows.get(key, []) if is_filled(row)]

    def write(self) -> list[str]:
        """Write the file, in order of questions and students, unless it is so already. Raises CourseError.

        If a person has saved it meanwhile, it stays, and a sentence says so.
        """
        text = io.StringIO()
        keys = sorted(self.rows, key=lambda key: (key[1], key[0].casefold(), key[0]))
        lines = [row for key in keys for row in self.rows[key]]
        own = dict.fromkeys(column for row in lines for column in row if column not in COLUMNS)
        writer = csv.DictWriter(
            text,
            [*COLUMNS, *own],
            restval="",
            delimiter=self._separator,
            lineterminator="\n",
            quoting=csv.QUOTE_ALL,
        )
        writer.writeheader()
        writer.writerows(lines)
        made = BOM + text.getvalue()
        if made.encode() == self._data:
            return []
        with contextlib.suppress(ValueError):
            if _bytes(self.path) == self._data:
                replace_text(self.path, made)
                return []
        return [f"{self.path.name} was saved while it was read: run 'coursekit report' again."]

    def remove_empty(self) -> None:
        """Remove the rows without anything of a person's whose answers wait no longer."""
        for student, question in list(self.rows):
            known = student in self._tests and (student, question) not in self._waiting
            if known and not self.filled((student, question)):
                del self.rows[student, question]

    # ---- names that a spreadsheet has changed

    def restore_names(self) -> list[str]:
        """Put rows with changed names under those that their versions stand for; says which have points.

        That is done where a row's names are nobody's, or are such a change of the right ones, and no other row says
        something else about the same answer.
        """
        moved: dict[Key, list[tuple[Key, Row]]] = {}
        for key, same in self.rows.items():
            for row in same:
                if owner := self._changed(key, row):
                    moved.setdefault(owner, []).append((key, row))
        said = []
        for owner, found in moved.items():
            filled = [(key, row) for key, row in found if is_filled(row)]
            own = any(self.owners.get(row["version"], owner) == owner for row in self.filled(owner))
            if filled and (own or len({_written(row) for _, row in filled}) > 1):
                continue
            for key, row in found:
                self.rows[key] = [one for one in self.rows[key] if one is not row]
            for key, row in filled[:1]:
                restored = row | {"student": owner[0], "question": owner[1]}
                self.rows[owner] = [*self.filled(owner), restored]
                said.append(f"{quoted(key)} is {quoted(owner)}")
        self.rows = {key: same for key, same in self.rows.items() if same}
        if not said:
            return []
        rows_have = "1 row has" if len(said) == 1 else f"{len(said)} rows have"
        return [
            f"{self.path.name}: {rows_have} other names than before, but the version says whose: "
            f"{'; '.join(said[:SHOWN])}{_more(said)}. The points count."
        ]

    def _changed(self, key: Key, row: Row) -> Key | None:
        """The names that the row had, if they have been changed without doubt."""
        owner = self.owners.get(row["version"], key)
        if owner == key:
            return None
        changed = all(may_have_become(name, cell) for name, cell in zip(owner, key, strict=True))
        return owner if changed or (key not in self._known and owner not in self.rows) else None

    # ---- questions that the course has renamed

    def rename_questions(self) -> list[str]:
        """Put the rows of questions that have another name now under that; says which have points.

        It is told by the answers, which are the same, or because one question is gone and just one has come, which is
        worth the same.
        """
        gone = [
            (student, question)
            for (student, question), same in self.rows.items()
            if student in self._tests
            and question not in self._tests[student]
            and all(row["version"] for row in same)
        ]
        renamed = self._renamed(gone)
        carried: Counter[tuple[str, str]] = Counter()
        for student, question in gone:
            name = renamed.get(question, "")
            test = self._waiting.get((student, name))
            filled = self.filled((student, question))
            if test is None or self.filled((student, name)):
                continue
            for row in filled:
                row["question"] = name
                if row["version"] == version_of((student, question), test):
                    row["version"] = version_of((student, name), test)
                self.rows[student, name] = filled
            del self.rows[student, question]
            carried[question, name] += len(filled)
        return [
            f"{self.path.name}: {one_line(question, 60)} is gone from the assignment and {one_line(name, 60)} has "
            f"come, so the points in {count} row{'s' * (count > 1)} were carried over. If they are for something else, "
            "delete them."
            for (question, name), count in carried.items()
            if count
        ]

    def _renamed(self, gone: list[Key]) -> dict[str, str]:
        """The new name of each question that is gone, where it can be told."""
        answers = Counter(map(answer_of, self._waiting.values()))
        votes: dict[str, Counter[str]] = {question: Counter() for _, question in gone}
        come = set()
        for student, question in gone:
            for name in self._tests[student]:
                test = self._waiting.get((student, name))
                if test is None or self.filled((student, name)):
                    continue
                if (student, name) not in self.rows:
                    come.add(name)
                same = self.rows[student, question][0]["version"] == version_of((student, question), test)
                votes[question][name] += same and answers[answer_of(test)] == 1  # not two empty ones
        renamed = {}
        for question, found in votes.items():
            for name, count in found.most_common(1):
                if 2 * count > found.total():
                    renamed[question] = name
        left, free = set(votes) - set(renamed), come - set(renamed.values())
        if len(left) == len(free) == 1 and not votes[min(left)].total():
            [before], [now] = left, free
            worth = {number_in(row["of"]) for key in gone if key[1] == before for row in self.rows[key]}
            if worth == {test.max_score for (_, name), test in self._waiting.items() if name == now}:
                renamed[before] = now
        times = Counter(renamed.values())
        return {question: name for question, name in renamed.items() if times[name] == 1}

    # ---- rows that fit nothing

    def strangers(self) -> list[str]:
        """A sentence about the points in rows that fit no result, with whose they probably are."""
        found = {
            key: row
            for key in self.rows.keys() - self._known
            for row in self.rows[key]
            if row["points"].strip()
        }
        if not found:
            return []
        keys = sorted(found)
        rows_name = "1 row names" if len(keys) == 1 else f"{len(keys)} rows name"
        named = "; ".join(one_line(", ".join(key), 100) for key in keys[:SHOWN])
        said = (
            f"{self.path.name}: {rows_name} a student or question with no result: {named}{_more(keys)}. "
            "Has a spreadsheet changed the names, or the course its questions?"
        )
        for key in keys[:SHOWN]:
            owner = self.owners.get(found[key]["version"])
            meant = [owner] if owner else _likeliest(key, set(self._waiting)) or _likeliest(key, self._known)
            if len(meant) == 1:
                said += f" {quoted(key)} is probably {quoted(meant[0])}."
            elif meant:
                said += f" {quoted(key)} may be {' or '.join(map(quoted, meant))}."
        return [said]

    def unused(self) -> list[str]:
        """A sentence about the points for answers that no person has to grade now."""
        keys = sorted(
            key
            for key in self.rows.keys() & (self._known - self._waiting.keys())
            if any(row["points"].strip() for row in self.rows[key])
        )
        if not keys:
            return []
        named = "; ".join(map(quoted, keys[:SHOWN]))
        return [
            f"{self.path.name}: {len(keys)} row{'s have' if len(keys) > 1 else ' has'} points for what no person has "
            f"to grade now: {named}{_more(keys)}. They don't count, and stay in the file."
        ]


def _likeliest(key: Key, known: set[Key]) -> list[Key]:
    """Which of the known names a row may have had: one if it is likelier than all others, or a few."""
    student, question = key
    students = [student]
    if not any(one[0] == student for one in known):
        answered = {one[0] for one in known if one[1] == question}
        students = _closest(student, answered or {one[0] for one in known})
    return [
        (one, name)
        for one in students
        for name in _closest(question, {name for other, name in known if other == one})
    ][:ALIKE]


def _closest(cell: str, names: set[str]) -> list[str]:
    """The names that a cell may have had: those that a spreadsheet makes it of, or else those that are most like it."""
    if cell in names:
        return [cell]
    if became := sorted(name for name in names if may_have_become(name, cell)):
        return became[:ALIKE]
    return _most_alike(cell, names)


def _most_alike(cell: str, names: set[str]) -> list[str]:
    """The names that are most like the cell; none if none is, or if very many may be. Beginnings are compared."""
    short = folded(cell[:COMPARED])
    matcher = difflib.SequenceMatcher(None, "", short)
    at_most = []
    for name in names:
        matcher.set_seq1(folded(name[:COMPARED]))
        if matcher.real_quick_ratio() >= LIKE and (most := matcher.quick_ratio()) >= LIKE:
            at_most.append((most, name))
    best, found = LIKE, []
    for number, (most, name) in enumerate(sorted(at_most, reverse=True)):
        if most < best:
            break
        if number * len(short) ** 2 > MAX_STEPS:
            return []
        matcher.set_seq1(folded(name[:COMPARED]))
        if (ratio := matcher.ratio()) > best:
            best, found = ratio, [name]
        elif ratio == best:
            found.append(name)
    return sorted(found)[:ALIKE]


def _more(found: Sequence[object]) -> str:
    return f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""


def quoted(key: Key) -> str:
    """A row's names in quotes, so that spaces show, and with escapes if Unicode has another form of them."""
    text = "'{}, {}'".format(*key)
    return one_line(text if unicodedata.is_normalized("NFKC", text) else ascii(text)[1:-1], 150)


def _bytes(path: Path) -> bytes:
    """What is in the file; nothing if it is missing. Raises ValueError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES >> 20} MiB")
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ValueError(str(error.strerror)) from None
