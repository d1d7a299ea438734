"""Tables for spreadsheets and from them: text that is never a formula, and files in any form that they save."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.core.text import exact, harmless, one_line

BOM = "\ufeff"
"""By it, Excel knows that a file is UTF-8. Python reads such a file as ``utf-8-sig``."""
MAX_CELL = 32_000
"""characters: Excel puts what is beyond 32,767 into the next row"""
MAX_LONG_CELL = 16 << 20
"""characters of a cell in another program's file"""
_MONTHS = (
    "jan ene gen", "feb fév fev", "mar mär mrz", "apr avr abr", "may mai mag", "jun juin giu", "jul juil lug",
    "aug aoû ago", "sep set", "oct okt ott out", "nov", "dec dez déc dic",
)  # fmt: skip
"""how the months begin, in the languages of most spreadsheets here"""

_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}
"""what Windows takes these bytes for: each for a character of its own, so that none is lost"""
_TO_WINDOWS = {ord(character): byte for byte, character in _WINDOWS.items()}
_FORMULA = tuple("=+-@\t\r＝＋－＠")  # how a spreadsheet recognises a formula, wide forms included
# In much of Europe, spreadsheets split cells at semicolons, even in a file that uses commas.
_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)(?=[=+@＝＋－＠-])")

_AFTER_SEMICOLON_IN_NAME = re.compile(r"(;[\s\"]*)(?=['=+@＝＋－＠-])")
_PUT_AFTER_SEMICOLON = re.compile(r"(;[\s\"]*)'(?=['=+@＝＋－＠-])")
_TEXT_FORMULA = re.compile(r'\s*="((?:[^"]|"")*)"\s*')


def name_cell(name: str) -> str:
    """A student's or a question's name as a cell: on one line, never a formula, and never the same for two names.

    A formula gets an apostrophe in front. A name's own leading apostrophe is doubled, to keep the two apart.
    """
    return as_cell(exact(name))


def as_cell(line: str) -> str:
    """A line of text as a cell that is never a formula, and of which in_cell() gives the same text again."""
    line = _AFTER_SEMICOLON_IN_NAME.sub(r"\1'", line)
    return f"'{line}" if line.lstrip().startswith((*_FORMULA, "'")) else line


def in_cell(cell: str) -> str:
    """What a cell says: without the apostrophes of as_cell(), and the text in ``="00429"``, a formula for a text."""
    if text := _TEXT_FORMULA.fullmatch(cell):
        return text[1].replace('""', '"')
    own = cell.startswith("'") and cell[1:].lstrip().startswith((*_FORMULA, "'"))
    return _PUT_AFTER_SEMICOLON.sub(r"\1", cell[1:] if own else cell)


def plain(text: str) -> str:
    """`text` on one line, and never a formula."""
    line = inert(one_line(text))
    return f"'{line}" if text.startswith(_FORMULA) and not line.startswith("'") else line


def inert(line: str) -> str:
    """The line, changed where needed so that a spreadsheet takes it for text, not for a formula."""
    line = _AFTER_SEMICOLON.sub(r"\1'", line)
    return f"'{line}" if line.startswith(_FORMULA) else line


@dataclass(frozen=True)
class Table:
    """The rows of a CSV file by its columns, and the separator that it had."""

    rows: list[dict[str, str]]
    separator: str


def read_table(data: bytes, columns: Sequence[str]) -> Table:
    """A CSV file that a spreadsheet has saved, in any encoding and with any separator. Raises ValueError.

    It must have `columns`, in any order and case; a person's own come along. Rows without any text are left out.
    """
    found = read_lines(data, columns)
    lines = [line.cells for line in found.lines]
    names = [name if name in columns else own for name, own in zip(*_names(lines[:1]), strict=True)]
    known = [name for name in names if name]
    if not set(columns) <= set(known) or len(set(known)) < len(known):
        raise ValueError(f"its first row must have the columns {', '.join(columns)}, each once")
    rows = []
    for line in lines[1:]:
        named = names + [""] * (len(line) - len(names))
        if any(cell.strip() for name, cell in zip(named, line, strict=False) if not name):
            raise ValueError(f"a row has more than the columns {', '.join(known)}")
        rows.append(dict.fromkeys(known, "") | {n: cell for n, cell in zip(named, line, strict=False) if n})
    return Table(rows, found.separator)


@dataclass(frozen=True)
class Line:
    """The cells of one line, and its number in the file, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Lines:
    """The lines of a CSV file that have any text, and the form that it has; encoding: by which Python writes it so."""

    lines: list[Line]
    separator: str
    encoding: str
    line_end: str


def read_lines(data: bytes, columns: Sequence[str] = ()) -> Lines:
    """A CSV file in any encoding and with any separator. Raises ValueError.

    The separator is the one that makes most of `columns` and then most cells of the first line, or what Excel's
    ``sep=;`` above it says.
    """
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError("it is a spreadsheet's workbook, not a CSV file: export or save it as CSV (UTF-8)")
    try:
        text, encoding = _decoded(data)
    except UnicodeDecodeError:
        raise ValueError("its characters can't be read: save it as CSV (UTF-8)") from None
    line_end = "\r\n" if "\r\n" in text else "\n"
    first, _, rest = text.partition("\n")
    if said := re.fullmatch(r"sep=([,;\t|])\r?", first):
        lines = [Line(one.number + 1, one.cells) for one in _lines(rest, said[1])]
        return Lines(lines, said[1], encoding, line_end)
    start = text[: 64 << 10].lstrip()

    def shows(separator: str) -> tuple[int, int]:
        cells = next(csv.reader(io.StringIO(start, newline=""), delimiter=separator), [])
        return len(set(columns) & set(_names([cells])[0])), len(cells)

    separator = max(",;\t|", key=shows)
    return Lines(_lines(text, separator), separator, encoding, line_end)


def _lines(text: str, separator: str) -> list[Line]:
    """The lines with any text. Raises ValueError."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found, number = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(Line(number, cells))
            number = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"it is not a CSV file (line {number}: {error})") from None
    return found


@dataclass(frozen=True)
class Grid:
    """A file's rows, cell by cell, and the form in which a platform wrote them: for filling in, and giving it back."""

    rows: list[list[str]]
    separator: str
    encoding: str
    line_end: str

    def written(self, rows: Sequence[Sequence[str]]) -> bytes:
        """A file with those rows, in the same form. Raises ValueError for a character that its encoding lacks."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator=self.line_end).writerows(rows)
        if self.encoding == "cp1252":
            return text.getvalue().translate(_TO_WINDOWS).encode("latin-1")
        return text.getvalue().encode(self.encoding)


def read_grid(data: bytes) -> Grid:
    """A CSV file that another program has written, read as read_lines() does. Raises ValueError."""
    before = csv.field_size_limit(MAX_LONG_CELL)  # a student's whole answer may be in a cell
    try:
        found = read_lines(data)
    finally:
        csv.field_size_limit(before)
    return Grid([line.cells for line in found.lines], found.separator, found.encoding, found.line_end)


def _names(lines: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The names in the first of the lines: as ours would be written, and as they are."""
    own = [cell.strip().strip('"').strip() for cell in (lines[0] if lines else ())]
    return [name.casefold() for name in own], own


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a file that a spreadsheet saved, and its encoding. Raises UnicodeDecodeError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16"), "utf-16"
    if data[1:2] == b"\0" or data[:1] == b"\0":  # UTF-16 without its mark
        encoding = "utf-16-le" if data[:1] != b"\0" else "utf-16-be"
        return data.decode(encoding), encoding
    has_mark = data.startswith(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8-sig"), "utf-8-sig" if has_mark else "utf-8"
    except UnicodeDecodeError:
        return _as_windows(data.removeprefix(codecs.BOM_UTF8)), "cp1252"


def _as_windows(data: bytes) -> str:
    """The text that Windows sees in a file of its Western code page, cp1252."""
    return data.decode("latin-1").translate(_WINDOWS)


def folded(cell: str) -> str:
    """A name without case, spaces, apostrophes, hidden characters and Unicode forms."""
    shown = harmless(unicodedata.normalize("NFKC", cell))
    return re.sub(r"\\x..|\\u....|\\U.{8}|'|\s", "", shown).casefold()


def may_have_become(name: str, cell: str) -> bool:
    """Whether a spreadsheet can have made `cell` of `name`: 007 → 7, 1e5 → 1,00E+05, 1-2 → 02. Jan, zoë → zoÃ«."""
    if folded(name) == folded(cell) or _misread(name) == cell or _in_code_page(name) == cell:
        return True
    number, shown = number_in(name), number_in(cell)
    if number is not None and shown is not None:
        rounded = re.fullmatch(r"\d(?:[.,](\d+))?E\+?\d+", cell.strip(), re.IGNORECASE)
        digits = len(rounded[1] or "") if rounded else 15
        alike = f"{number:.{digits}E}" == f"{shown:.{digits}E}"
        return alike or (not rounded and math.isclose(number, shown, rel_tol=1e-14))  # Excel keeps 15 digits
    made, read = _date(name), _date(cell)
    return bool(made and read) and (made <= read or read <= made)  # the day may go, and the year come


def _misread(name: str) -> str:
    """A name that was saved as UTF-8 and read as cp1252."""
    return _as_windows(name.encode(errors="replace"))


def _in_code_page(name: str) -> str:
    """A name that was saved in cp1252, which lacks most of the world's letters."""
    return name.encode("cp1252", errors="replace").decode("cp1252")


def number_in(cell: str) -> float | None:
    """The number in a cell, perhaps with a decimal comma."""
    try:
        return None if "_" in cell else float(cell.strip().strip("'").replace(",", "."))
    except ValueError:
        return None


def _date(cell: str) -> frozenset[int]:
    """The numbers in a date, a month's name as its number; empty if it is none."""
    words = re.findall(r"[^\W\d_]+|\d+", cell.casefold())
    found = set()
    for word in words:
        month = [n for n, names in enumerate(_MONTHS, 1) if word.startswith(tuple(names.split()))]
        if not word.isdecimal() and not month:
            return frozenset()
        found.add(int(word[:9]) if word.isdecimal() else month[0])
    return frozenset(found) if 2 <= len(words) <= 6 else frozenset()
