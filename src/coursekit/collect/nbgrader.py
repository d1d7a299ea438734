"""nbgrader: a ``submitted/`` folder of another course, or the ``inbound/`` folder of an exchange.

``<student>/<assignment>/…`` or ``<student>+<assignment>+<time>[+…]/…``, each with its ``timestamp.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform
from coursekit.collect.download import Download, File
from coursekit.core.errors import Refused
from coursekit.intake import timestamp
from coursekit.intake.names import likeness

_INBOUND = re.compile(r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+)(?:\+[^+]*)?")


class Nbgrader(Platform):
    """Of an exchange, which keeps every attempt, all are taken."""

    name = "nbgrader"
    title = "nbgrader's submitted/ or an exchange's inbound/"
    mixed = True

    def read(self, download: Download, known: Known) -> Iterator[HandIn]:
        for top, files in download.folders().items():
            if found := _INBOUND.fullmatch(top):
                places = {file.below: file for file in files}
                yield _hand_in(download, found["student"], found["assignment"], places, found["time"])
                continue
            theirs: dict[str, dict[PurePosixPath, File]] = {}
            for file in files:
                own, *inside = file.below.parts
                if inside and (assignment := _assignment(own, known)):
                    theirs.setdefault(assignment, {})[PurePosixPath(*inside)] = file
            for assignment, places in theirs.items():
                yield _hand_in(download, top, assignment, places)


def _assignment(name: str, known: Known) -> str:
    """The assignment that a folder in a student's folder is for."""
    likely = [one for one in known.assignments if likeness(name, one)]
    return max(likely, key=len, default="")


def _hand_in(
    download: Download, student: str, assignment: str, places: dict[PurePosixPath, File], said: str = ""
) -> HandIn:
    problems = []
    if file := places.get(PurePosixPath(timestamp.NAME)):
        try:
            said = download.read(file, timestamp.MAX_BYTES).decode(errors="replace")
        except Refused as refused:
            problems.append(f"its {timestamp.NAME} can't be read: {refused}")
    when = timestamp.parsed(said)
    if said and not when:
        problems.append(f"the time in its {timestamp.NAME} can't be understood")
    return HandIn(
        student,
        places,
        is_id=True,
        submitted=when,
        upload=when.isoformat() if when else "",
        assignment=assignment,
        problems=tuple(problems),
    )
