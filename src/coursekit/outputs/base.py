"""What instructors and students get of a class's results: each output writes one kind of file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from coursekit.core.course import Assignment
from coursekit.core.result import Result


@dataclass(frozen=True)
class QuestionInfo:
    """A question of the assignment: the name of its cell, and its points."""

    name: str
    points: float


@dataclass
class ClassReport:
    """A class's results, for outputs to write.

    results: by student's name. problems: a sentence for each thing that a person has to see to; outputs add theirs.
    written: what each output wrote, by its name.
    """

    assignment: Assignment
    title: str
    questions: list[QuestionInfo]
    results: list[Result]
    problems: list[str] = field(default_factory=list)
    written: dict[str, Path] = field(default_factory=dict)


class Output(ABC):
    """A kind of file that is written for a class. A new one is a file in this folder with a subclass.

    Every text in a result may have come from a student's program: see coursekit.core.text for making it harmless.
    """

    name: ClassVar[str]
    """shown beside the path that was written"""

    @abstractmethod
    def write(self, report: ClassReport) -> Path:
        """Write it; returns the file, or the folder of files. Raises CourseError when it can't be written."""
