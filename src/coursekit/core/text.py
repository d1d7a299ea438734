"""Make text that came from a student's program safe to show, and numbers pleasant to read."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")  # a terminal's colours: IPython writes them into tracebacks
_HIDDEN = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
)  # the Unicode categories of invisible characters
_LIKE_ESCAPE = re.compile(r"\\(?=[xuU\\])")  # a backslash that would look like an escape of harmless()
_LEFT_OUT = "\n… {} characters left out …\n"


def harmless(text: str, limit: int = 20_000) -> str:
    """`text` with invisible characters made visible, at most about `limit` characters of it.

    Line ends and tabs stay; colours go; other control characters, text direction marks, joiners and lone
    surrogates become \\x1b or \\u202e. A text that is too long keeps its beginning and its end.
    """
    if len(text) > limit:
        half = limit // 2
        text = text[:half] + _LEFT_OUT.format(f"{len(text) - 2 * half:,}") + text[-half:]
    text = _COLOUR.sub("", text).replace("\r\n", "\n")
    return "".join(_visible(character) for character in text)


def seen(line: str) -> str:
    """A line as a reader sees it: without invisible characters and colours, in lower case, with single spaces."""
    shown = unicodedata.normalize("NFKC", _COLOUR.sub("", line))
    kept = (" " if character.isspace() else character for character in shown)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in _HIDDEN).lower().split())


def one_line(text: str, limit: int = 200) -> str:
    """`text` made harmless, on one line, at most `limit` characters."""
    line = " ".join(harmless(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def exact(name: str) -> str:
    """`name` on one line, with invisible characters made visible as by harmless(): never the same for two names."""
    name = _LIKE_ESCAPE.sub(r"\\x5c", name)
    return "".join(map(_visible, name)).replace("\n", "\\x0a").replace("\t", "\\x09")


def number(value: float) -> str:
    """A score without needless digits: 10, 7.5, 3.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def counted(many: int, noun: str) -> str:
    """How many of something there are: 1 student, 2 students."""
    return f"{many} {noun}{'s' * (many != 1)}"


def first_of(names: Sequence[str], most: int, joint: str = ", ") -> str:
    """The first names as a list, and how many more there are: ada, bela and 3 more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return joint.join(names[:most]) + more


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: with the known one that is most like it, if any is."""
    folded = {one.casefold(): one for one in sorted(known)}
    close = difflib.get_close_matches(name.casefold()[:80], folded, n=1, cutoff=0.6)
    return f": did you mean {folded[close[0]]!r}?" if close else "."


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
