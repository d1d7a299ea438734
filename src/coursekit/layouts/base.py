"""A layout finds the submissions, and knows which student each belongs to."""

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

MAX_NAME = 200  # bytes of a student's name: a file name has at most 255, and results add a few
KEPT = range(97, 101)  # bytes that a longer name keeps: the last character has up to four


@dataclass(frozen=True)
class Collected:
    """One submission: its student, and its path. notes: why it is this one of several, a sentence each."""

    reference: Reference
    path: Path
    notes: tuple[str, ...] = ()

    @property
    def student(self) -> str:
        return self.reference.student


class Layout(ABC):
    """A way in which submissions are arranged in folders. To add one, put a file with a subclass into this folder.

    A layout opens none of a student's files: submissions are untrusted, and coursekit.intake reads them.
    """

    name: ClassVar[str]
    """as in ``coursekit grade --layout NAME``"""

    @abstractmethod
    def find(self, assignment: Assignment) -> Sequence[Collected]:
        """The submissions of an assignment, one per student."""

    def where(self, assignment: Assignment) -> str:
        """Where it looks, for the message that it found nothing."""
        return str(assignment.course.submitted)

    def passed_over(self, course: Course) -> dict[str, str]:
        """Names there that are not graded for any assignment, each with the reason: together a sentence."""
        return {}


def student_name(name: str) -> str:
    """`name`; if it is too long for a file name, its beginning and a digest of the whole.

    A name that looks like one of these gets a digest too, so that two names never become one.
    """
    data = os.fsencode(name)
    shortened = re.fullmatch(rb"(?s)(.+)-[0-9a-f]{16}", data)
    if len(data) <= MAX_NAME and not (shortened and len(shortened[1]) in KEPT):
        return name
    beginning = name
    while len(os.fsencode(beginning)) > KEPT[-1]:
        beginning = beginning[:-1]
    return f"{beginning}-{hashlib.sha256(data).hexdigest()[:16]}"
