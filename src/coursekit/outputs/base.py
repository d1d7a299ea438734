"""The files that instructors and students get: each output writes one kind from a class's results."""

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

    results: in order of students' names. problems: a sentence for each problem that a person must solve; outputs add
    theirs. remarks: a sentence for each thing that a person should look at, although nothing is missing. changes: whose
    points are not those of the result before. written: each output's file or folder, by the output's name.
    """

    assignment: Assignment
    title: str
    questions: list[QuestionInfo]
    results: list[Result]
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    written: dict[str, Path] = field(default_factory=dict)


class Output(ABC):
    """A kind of file that is written for a class. To add one, put a module with a subclass into this folder.

    Any text in a result may come from a student's program: coursekit.core.text makes it harmless.
    """

    name: ClassVar[str]
    """shown beside the path that was written"""

    @abstractmethod
    def write(self, report: ClassReport) -> Path:
        """Write it; returns the file, or the folder of files. Raises CourseError when it can't be written."""
