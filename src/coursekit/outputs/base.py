"""The files that instructors and students get: each output writes one kind from a class's results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from coursekit.core.course import Assignment
from coursekit.core.result import Result
from coursekit.roster import Person, Roster
from coursekit.schedule import Schedule
from coursekit.standings import Standing


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
    roster, schedule: the course's, empty without their files. people: who the students of the results are, by the name
    of the student's folder; a stranger is not in it. standings: what counts of each result, by the same name. missing:
    people of the roster who have no result. ungraded, outdated: the students whose hand-in has no result, and those who
    have handed in other work than what was graded.
    """

    assignment: Assignment
    title: str
    questions: list[QuestionInfo]
    results: list[Result]
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    written: dict[str, Path] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    schedule: Schedule = field(default_factory=Schedule)
    people: dict[str, Person] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    missing: list[Person] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)

    @property
    def has_due_date(self) -> bool:
        return self.assignment.name in self.schedule.due

    def name_of(self, result: Result) -> str:
        """The student's real name, from the roster or the platform; empty if it is not known. Of the latter anything
        may come."""
        person = self.people.get(result.student)
        return (person.name if person else "") or result.reference.display_name

    def standing(self, result: Result) -> Standing:
        """What counts of the result: everything, unless the schedule says something else."""
        return self.standings.get(result.student) or Standing(result.score, result.score)


class Output(ABC):
    """A kind of file that is written for a class. To add one, put a module with a subclass into this folder.

    Any text in a result may come from a student's program: coursekit.core.text makes it harmless.
    """

    name: ClassVar[str]
    """shown beside the path that was written"""

    @abstractmethod
    def write(self, report: ClassReport) -> Path:
        """Write it; returns the file, or the folder of files. Raises CourseError when it can't be written."""
