"""Canvas: the zip of "Download Submissions".

Each file is ``<name>_[LATE_]<user id>_<attachment id>_<file>`` at the top; where names are hidden,
``[LATE_]anon_<id>_…``; for what was typed in, ``…_text.html`` or ``…_link.html``. The name has no spaces, and is the
group's in group work, which is there once, under one member. The user id is the gradebook's ``ID``. Of a student, the
zip holds the last attempt only. A file that is uploaded again gets ``-1`` before its ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform
from coursekit.collect.download import Download, File

_NAME = re.compile(
    r"(?s)(?:(?P<late>LATE_)?anon_(?P<anon>[^\W_]+)|(?P<name>.*?)_(?P<late2>LATE_)?(?P<user>[0-9]{1,20}))"
    r"_(?:(?P<upload>[0-9]{1,20})_(?P<file>.+)|(?P<typed>(?:text|link)\.html))"
)


class Canvas(Platform):
    """Times are not in the zip; a late hand-in is marked. Of several zips, the higher attachment ids are the newer."""

    name = "canvas"
    title = "a submissions zip from Canvas"

    def read(self, download: Download, known: Known) -> Iterator[HandIn]:
        people: dict[str, list[tuple[re.Match[str], File]]] = {}
        for file in download.files:
            if "_assignsubmission_" not in file.top and (found := _NAME.fullmatch(file.top)):
                person = found["user"] or f"anon-{found['anon']}"
                people.setdefault(person, []).append((found, file))
        for person, theirs in people.items():
            found = theirs[0][0]
            name = (found["name"] or "").strip("_")
            uploads = [int(one["upload"]) for one, _ in theirs if one["upload"]]
            yield HandIn(
                person,
                _placed(theirs, known),
                folder=f"{name}_{person}" if name else person,
                display_name=name,
                ids={"canvas": found["user"]} if found["user"] else {"canvas_anonymous": found["anon"]},
                late=any(one["late"] or one["late2"] for one, _ in theirs),
                upload=str(max(uploads)) if uploads else "",
            )


def _placed(theirs: list[tuple[re.Match[str], File]], known: Known) -> dict[PurePosixPath, File]:
    """A student's files under the names that they had; where two had one name, the newer has it."""
    placed: dict[PurePosixPath, File] = {}
    for found, file in sorted(theirs, key=lambda one: -int(one[0]["upload"] or 0)):
        own = found["file"] or found["typed"]
        for name in (known.restored(own), own, f"{found['upload']}_{own}"):
            place = PurePosixPath(name, *file.place.parts[1:])
            if place not in placed:
                placed[place] = file
                break
    return placed
