"""Secrets that no student may see: canaries beside the grader, and the text and numbers of hidden tests."""

from __future__ import annotations

import ast
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import nbformat

from coursekit import snapshot
from coursekit.core import cells
from coursekit.core.course import Assignment

LINE = 20  # characters: anyone may write a shorter line of a hidden test
DIGITS = 8  # in a number that nobody writes by chance
CANARIES = ("another submission", "the grader's environment", "the course's folder", "the home folder")


@dataclass(frozen=True)
class Secrets:
    """texts: each secret, and its description. Any run of spaces and line breaks counts as one space."""

    texts: dict[str, str] = field(default_factory=dict)

    def found_in(self, text: str, own: str = "") -> list[str]:
        """Descriptions of the secrets that are in `text` but not in the student's `own` text."""
        text, own = _squeezed(text), _squeezed(own)
        return sorted({what for secret, what in self.texts.items() if secret in text and secret not in own})


def canaries() -> dict[str, str]:
    """A random text for each of CANARIES."""
    return {where: f"canary-{secrets.token_hex(12)}" for where in CANARIES}


def collect(assignment: Assignment, planted: dict[str, str]) -> Secrets:
    """The secrets of a built assignment, with the `planted` canaries."""
    release = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    files = (path.read_text() for path in assignment.release.glob("*.py"))
    known = _squeezed("\n".join([*(cell.source for cell in release.cells), *files]))
    texts = {canary: f"a canary of {where}" for where, canary in planted.items()}
    for question, code in _hidden(assignment):
        for line in map(_squeezed, code.splitlines()):
            if len(line) >= LINE:
                texts.setdefault(line, f"a hidden line of {question}")
        for number in _numbers(code):
            texts.setdefault(number, f"a hidden number of {question}")
    for path in assignment.autograder.glob(f"**/{snapshot.FILE_NAME}"):
        for name, recorded in json.loads(path.read_text()).items():
            for value in recorded["values"]:
                if _is_long(repr(value)):
                    texts.setdefault(repr(value), f"the snapshot {name}")
    return Secrets({secret: what for secret, what in texts.items() if secret not in known})


def texts_of(value: Any) -> Iterable[str]:
    """Every string in a result, however nested."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_of(part)


def _hidden(assignment: Assignment) -> Iterable[tuple[str, str]]:
    """Each hidden test's question and code: as written by the instructor, and as in otter's test file."""
    source = nbformat.read(assignment.source / assignment.notebook_name, as_version=4)
    for cell in source.cells:
        yield cells.grade_id(cell) or "", cells.split_test(cell.source)[1]
    for path in sorted((assignment.autograder / "tests").glob("*.py")):
        text = path.read_text()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):  # visible ones are in the release, and are removed later
                yield path.stem, ast.get_source_segment(text, node) or ""


def _numbers(code: str) -> Iterable[str]:
    return [number for number in re.findall(r"\d+\.?\d*(?:e-?\d+)?", code) if _is_long(number)]


def _is_long(number: str) -> bool:
    return len(number.partition("e")[0].replace(".", "").strip("-0")) >= DIGITS


def _squeezed(text: str) -> str:
    return " ".join(text.split())
