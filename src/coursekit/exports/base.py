"""What goes to learning platforms: each export writes one platform's files from a class's report."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from coursekit.core.errors import CourseError
from coursekit.core.result import Result, Status
from coursekit.core.spreadsheet import Grid, read_grid
from coursekit.core.text import one_line
from coursekit.outputs.base import ClassReport
from coursekit.roster.people import LASTING

MAX_TEMPLATE = 64 << 20
"""bytes of a platform's own file"""


def option(what: str, default: Any = None) -> Any:
    """A field of an export that is an option of its command. what: said in --help."""
    return dataclasses.field(default=default, metadata={"help": what})


@dataclass(frozen=True)
class Export(ABC):
    """Writes what one platform takes in. To add one, put a module with a subclass into this folder.

    Its fields are the command's options: a Path is a file, a bool is a flag, a str is a text; all have defaults. Any
    text in a report may come from a student's program: coursekit.core.text and core.spreadsheet make it harmless.
    """

    name: ClassVar[str]
    """as in ``coursekit export NAME``; the class's docstring is the command's help"""

    @abstractmethod
    def write(self, report: ClassReport) -> list[Path]:
        """Write the files into ``report.assignment.exported``; returns them.

        Adds to the report's `problems` what a person must solve, such as whose points could not be written, and to its
        `remarks` what was done. Raises CourseError when nothing can be written.
        """


def scored(report: ClassReport, *, waiting: bool = False) -> Iterator[tuple[Result, float]]:
    """Each result with the points that count. Those that the grader itself failed to make are left out, and named.

    So are those of which a person has to grade everything, and has graded nothing yet: they would be zeros. waiting:
    such ones too, for what shows that they wait.
    """
    for result in report.results:
        if result.fault:
            report.problems.append(
                f"{shown(result.student)}: not exported, since the grader failed: run 'coursekit grade' again."
            )
            continue
        waits = sum(one.status == Status.MANUAL for one in result.questions)
        is_open = all(one.status == Status.MANUAL or not one.max_score for one in result.questions)
        if waits and is_open and not waiting:
            report.problems.append(
                f"{shown(result.student)}: not exported, since all of it waits for points by hand."
            )
            continue
        if said := _doubts(result, waits):
            report.remarks.append(f"{shown(result.student)}: {said}.")
        yield result, report.standing(result).counts


def _doubts(result: Result, waits: int) -> str:
    """What a person should know of points before they go out; empty if there is nothing."""
    return "; ".join(
        [f"{waits} of its answers still {'waits' if waits == 1 else 'wait'} for points by hand"] * bool(waits)
        + ["the grader failed to renew it, and these are the points of before"] * bool(result.not_renewed)
        + [f"it could not be graded ({one_line(result.error or '', 200)})"] * bool(result.error)
    )


def worth(report: ClassReport) -> float:
    """The points of the assignment."""
    return sum(question.points for question in report.questions)


def ids_of(report: ClassReport, result: Result) -> dict[str, str]:
    """The ids by which platforms know a result's student: the hand-in's own, then the roster's.

    Of the roster's, those alone that are the same in all assignments: Moodle gives other numbers in each.
    """
    person = report.people.get(result.student)
    known = {key: person.known_by(key) for key in LASTING} if person else {}
    return {key: value for key, value in {**known, **result.reference.ids}.items() if value}


def unfound(result: Result, otherwise: str) -> str:
    """What to do about a student whom a platform's file can't be told to have. otherwise: what helps most of them."""
    if "canvas_anonymous" in result.reference.ids:
        return (
            "Canvas had hidden the names. When it shows them again, remove this student's folders in submitted/, "
            "collected/ and results/, and collect a new download."
        )
    return otherwise


def shown(name: str) -> str:
    """A name in a sentence."""
    return one_line(name, 100)


def read_template(path: Path) -> Grid:
    """A platform's own file, to be filled in. Raises CourseError."""
    try:
        if path.stat().st_size > MAX_TEMPLATE:
            raise ValueError(f"it is larger than {MAX_TEMPLATE >> 20} MiB")
        found = read_grid(path.read_bytes())
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise CourseError(
            f"{path} can't be read: {error}. Download it again, and don't open it in between."
        ) from error
    if len(found.rows) < 2:
        raise CourseError(f"{path} has no rows of students: download it again.")
    return found


def remove(path: Path) -> None:
    """Remove what an earlier export has written, so that nobody uploads it again."""
    try:
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise CourseError(f"{path} can't be removed: {error.strerror}.") from error
