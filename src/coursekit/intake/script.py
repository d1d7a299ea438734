"""A Python file of a student's: its text, and the cells of a notebook that was exported as a script."""

from __future__ import annotations

import json
import re
from typing import Any

_NBCONVERT = re.compile(r"^# In\s*\[[ \d*]*\]:?\s*$")
_PERCENT = re.compile(r"^#\s?%%(.*)$")
_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=]")
_MARK = re.compile(rf"(?:{_NBCONVERT.pattern})|(?:{_PERCENT.pattern})", re.M)


def decoded(data: bytes) -> tuple[str, str]:
    """A Python file's text, and its encoding if Python itself can't read the file, else an empty text.

    A file that names its encoding is left to the student's process (inside/student_files.py): no name of a codec from
    it is looked up here.
    """
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        return data.decode(encoding, errors="replace"), encoding[: len("UTF-16")].upper()
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        names_it = any(map(_CODING.match, data.split(b"\n", 2)[:2]))
        return data.decode("cp1252", errors="replace"), "" if names_it else "Windows-1252"


def is_script(text: str) -> bool:
    """Whether the text has the marks between cells that nbconvert, VS Code, Spyder and jupytext write."""
    return _MARK.search(text) is not None


def split_script(text: str) -> list[dict[str, Any]]:
    """The cells of a script; a script without marks is one cell.

    nbconvert writes a Markdown cell as comments behind the code before it, after two empty lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_script(text):
        return [_cell("code", text)]
    found: list[dict[str, Any]] = []
    kind, lines, nbconvert = "", [], False
    for line in [*text.split("\n"), "# %%"]:
        percent = _PERCENT.match(line)
        if not percent and not _NBCONVERT.match(line):
            lines.append(line)
            continue
        body = "\n".join(lines)
        if kind == "markdown":
            found.append(_cell("markdown", _uncommented(body)))
        elif kind == "raw":
            found.append(_cell("raw", _uncommented(body)))
        else:
            found += _code_and_comments(body, nbconvert or not kind)
        lines, nbconvert = [], percent is None
        title = percent[1].lower() if percent else ""
        kind = next(
            (known for known in ("markdown", "raw") if f"[{known}]" in title or f"[{known[:2]}]" in title),
            "code",
        )
    return found


def _code_and_comments(body: str, with_text: bool) -> list[dict[str, Any]]:
    """A code cell; with_text: the comments at its end, behind an empty line, are Markdown cells, a paragraph each."""
    lines = body.strip("\n").split("\n")
    end = len(lines)
    if with_text:
        while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        if end:  # comments that follow the code at once are the code's
            end = next((n for n in range(end, len(lines)) if not lines[n].strip()), len(lines))
    code, text = "\n".join(lines[:end]).strip("\n"), "\n".join(lines[end:])
    found = [_cell("code", code)] if code.strip() else []
    return found + [
        _cell("markdown", _uncommented(one)) for one in re.split(r"\n{2,}", text.strip("\n")) if one
    ]


def _uncommented(text: str) -> str:
    return re.sub(r"^# ?", "", text.strip("\n"), flags=re.M)


def _cell(kind: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}}
