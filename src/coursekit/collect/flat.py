"""A folder or zip that a person has put together: a file, a zip or a folder for each student, named after them.

``ada.ipynb``, ``ada_optimizers.zip``, ``optimizers-ada.ipynb``, ``ada/…``: what is left of a name without the
assignment's is the student.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform
from coursekit.collect.download import Download, File
from coursekit.intake.names import is_notebook

_ENDING = re.compile(r"(?i)(?:\.(?:ipynb|json|txt|py|zip|download))+$")
_COPY = re.compile(r"\s*\(\d{1,3}\)$")
"""what a browser adds to a name that is there already"""


class Flat(Platform):
    """What any folder is taken for that is no platform's."""

    name = "flat"
    title = "a folder of students' files"
    mixed = True

    def share(self, download: Download, known: Known) -> float:
        return 0.0

    def read(self, download: Download, known: Known) -> Iterator[HandIn]:
        found: dict[tuple[str, str], dict[PurePosixPath, File]] = {}
        for file in download.files:
            in_folder = len(file.place.parts) > 1
            if not in_folder and not _is_work(file, known):
                continue
            stem = _COPY.sub("", file.top if in_folder else _ENDING.sub("", file.top))
            if student := _student(stem, known):
                place = file.below if in_folder else PurePosixPath(file.top)
                found.setdefault((student, known.named(stem)), {})[place] = file
        for student in dict.fromkeys(student for student, _ in found):
            theirs = {assignment: places for (one, assignment), places in found.items() if one == student}
            if len(theirs) == 2 and "" in theirs:  # what does not say its assignment belongs to what does
                other, places = next((name, places) for name, places in theirs.items() if name)
                theirs = {other: theirs[""] | places}
            for assignment, places in theirs.items():
                yield HandIn(student, places, is_id=True, assignment=assignment)


def is_students(download: Download, known: Known) -> bool:
    """Whether a folder with one folder in it is a class of one student, and not a wrapping."""
    inside = download.within()
    return inside is not None and any(file.top in known.handed_out for file in inside.files)


def _is_work(file: File, known: Known) -> bool:
    """Whether a file that is in no folder is somebody's work."""
    name = file.top
    return name.lower().endswith((".zip", ".py")) or is_notebook(name) or _ends_as_handed_out(name, known)


def _ends_as_handed_out(name: str, known: Known) -> bool:
    return any(name.endswith(f"_{one}") or name.endswith(f"-{one}") for one in known.handed_out)


def _student(stem: str, known: Known) -> str:
    """The student in a name; empty if there is nothing but what was handed out."""
    for one in sorted((_ENDING.sub("", name) for name in known.handed_out), key=len, reverse=True):
        if stem == one:
            return ""
        for joint in ("_", "-"):
            if stem.endswith(f"{joint}{one}") and len(stem) > len(one) + 1:
                return known.without(stem[: -len(one) - 1])
    return known.without(stem)
