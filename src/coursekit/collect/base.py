"""Where submissions lie: a layout finds them, and knows whose each one is."""

from __future__ import annotations

import hashlib
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from coursekit.core.course import Assignment, Course
from coursekit.core.reference import Reference

MAX_NAME = 200  # bytes of a student's name: a file's name has 255, and results add a few
KEPT = range(97, 101)  # bytes that a longer one keeps of its beginning: the last character has up to four


@dataclass(frozen=True)
class Collected:
    """One submission: whose it is, and where it lies."""

    reference: Reference
    path: Path

    @property
    def student(self) -> str:
        return self.reference.student


class Layout(ABC):
    """A way in which submissions lie in folders. A new one is a file in this folder with a subclass.

    It opens nothing: a submission's files are untrusted, and taken in by coursekit.intake.
    """

    name: ClassVar[str]
    """as in ``coursekit grade --layout NAME``"""

    @abstractmethod
    def find(self, assignment: Assignment) -> Sequence[Collected]:
        """The submissions of an assignment, each of another student."""

    def where(self, assignment: Assignment) -> str:
        """Where it looks, for the message that there is nothing."""
        return str(assignment.course.submitted)

    def passed_over(self, course: Course) -> dict[str, str]:
        """What lies there and is graded for no assignment: its name, and why, to be read as a sentence."""
        return {}


def student_name(name: str) -> str:
    """`name`, or where files could not be called after it, its beginning and a digest of the whole.

    A name that looks like one of these gets a digest too, so that no two names become one.
    """
    data = os.fsencode(name)
    shortened = re.fullmatch(rb"(?s)(.+)-[0-9a-f]{16}", data)
    if len(data) <= MAX_NAME and not (shortened and len(shortened[1]) in KEPT):
        return name
    beginning = name
    while len(os.fsencode(beginning)) > KEPT[-1]:
        beginning = beginning[:-1]
    return f"{beginning}-{hashlib.sha256(data).hexdigest()[:16]}"
