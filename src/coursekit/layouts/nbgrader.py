"""nbgrader's layout: ``submitted/<student>/<assignment>``, or a zip or notebook with that name.

Browsers and learning platforms change names: ``<assignment> (1).zip`` counts too, and of several the newest. What
`coursekit collect` has put there has a record in ``collected/``: who the student is on the platform, and when it came.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from coursekit import attempts
from coursekit.attempts import Attempts
from coursekit.core.course import Assignment, Course
from coursekit.core.reference import Reference
from coursekit.core.text import first_of
from coursekit.intake import timestamp
from coursekit.intake.names import likeness
from coursekit.layouts.base import Collected, Layout, student_name

MAX_ENTRIES = 5000
"""files in a folder that are asked for their times, to tell which submission is the newest"""
ENDINGS = (".zip", ".ipynb", ".ipynb.json", ".ipynb.txt", ".json")
SHOWN = 3


class Nbgrader(Layout):
    """A student's folder that is a link is skipped: its target belongs to someone else, or to nobody.

    ``submitted/`` itself may be a link.
    """

    name = "nbgrader"

    def find(self, assignment: Assignment) -> list[Collected]:
        found, names = [], _names(assignment.course)
        for folder in _in_submitted(assignment.course):
            if not folder.is_symlink() and (paths := _submissions(folder, assignment.name, names)):
                collected = attempts.read(assignment, folder.name)
                if paths[0].name != assignment.name:  # a person's own beside it
                    collected = replace(collected, placed=0)
                notes = (*_late(collected), *_why(paths))
                found.append(Collected(_reference(folder.name, collected, paths[0]), paths[0], notes))
        return found

    def where(self, assignment: Assignment) -> str:
        return f"{assignment.course.submitted}/<student>/{assignment.name}"

    def passed_over(self, course: Course) -> dict[str, str]:
        names = _names(course)
        found = {}
        for folder in _in_submitted(course):
            if folder.is_symlink():
                found[folder.name] = "is a link, which is not followed: put the folder itself there"
                continue
            if folder.name.startswith("."):
                continue
            submissions = [paths for name in names if (paths := _submissions(folder, name, names))]
            if not folder.is_dir():
                found[folder.name] = "is not a student's folder"
            elif not os.access(folder, os.R_OK | os.X_OK):
                found[folder.name] = "can't be read"
            elif not submissions:
                found[folder.name] = f"contains nothing called {' or '.join(names)}"
        return found


def submissions(assignment: Assignment, folder: Path) -> list[Path]:
    """What grading would take for submissions of the assignment in a student's folder, the newest first."""
    return _submissions(folder, assignment.name, _names(assignment.course))


def _reference(name: str, collected: Attempts, submission: Path) -> Reference:
    """Whose submission it is, with what was collected of it. The time in its timestamp.txt counts, as in nbgrader.

    Collect wrote it, or a person; a student's own is never collected.
    """
    about = replace(collected.reference(name), student=student_name(name))
    when = _timestamp(submission)
    return replace(about, submitted=when.isoformat()) if when else about


def _timestamp(submission: Path) -> datetime | None:
    with contextlib.suppress(OSError):
        fd = os.open(submission / timestamp.NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            return timestamp.parsed(file.read(timestamp.MAX_BYTES).decode(errors="replace"))
    return None


def _late(collected: Attempts) -> tuple[str, ...]:
    """Where a platform says that a hand-in is late, and not when it came."""
    platform = collected.marked_late
    return (f"{platform} marks this hand-in as late",) if platform else ()


def _in_submitted(course: Course) -> list[Path]:
    return sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []


def _names(course: Course) -> list[str]:
    return [assignment.name for assignment in course.assignments()]


def _submissions(folder: Path, assignment: str, names: list[str]) -> list[Path]:
    """A student's submissions of the assignment, the newest first; `names` are those of all assignments."""
    try:
        entries = [one for one in os.scandir(folder) if not one.name.startswith(".")]
    except OSError:
        return []
    found = [folder / one.name for one in entries if _is_submission(one, assignment, names)]
    if len(found) < 2:
        return found
    return sorted(found, key=lambda path: (-_changed(path), path.name != assignment, path.name))


def _is_submission(entry: os.DirEntry[str], assignment: str, names: list[str]) -> bool:
    """Whether a file or folder has the assignment's name, or one that was made of it and of no longer one's."""
    name, is_folder = entry.name, entry.is_dir(follow_symlinks=False)
    if name == assignment:
        return True
    if not is_folder and not name.lower().endswith(ENDINGS):
        return False
    stem = name if is_folder else name[: -len(next(end for end in ENDINGS if name.lower().endswith(end)))]
    likely = [one for one in names if likeness(stem, one)]
    return stem == assignment or max(likely, key=len, default="") == assignment


def _changed(path: Path) -> float:
    """When a submission was last changed; of a folder, the newest file in it. No link is followed."""
    times = [0.0]
    with contextlib.suppress(OSError):
        times.append(path.lstat().st_mtime)
    if path.is_symlink() or not path.is_dir():
        return times[-1]
    files = (Path(at, name) for at, _, names in os.walk(path) for name in names)
    inside = []
    for file in itertools.islice(files, MAX_ENTRIES):
        with contextlib.suppress(OSError):
            inside.append(file.lstat().st_mtime)
    return max(inside, default=times[-1])


def _why(paths: list[Path]) -> tuple[str, ...]:
    """Which of several submissions is graded."""
    first, *others = (ascii(path.name) for path in paths)
    left = first_of(others, SHOWN)
    return (f"{first} was graded, the newest of {len(paths)} submissions; left: {left}",) if others else ()
