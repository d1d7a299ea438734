"""Moodle: the zip of "Download all submissions", of an assignment activity.

In folders, ``<full name>_<id>_assignsubmission_file/…``, in many versions with a ``_`` at the end; or flat, as
``<full name>_<id>_assignsubmission_file_<file>``. What was typed in is beside it, as ``…_assignsubmission_onlinetext``.
Where names are hidden, the name is "Participant" in the site's language. Group work is there once, with the group's
name and id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform
from coursekit.collect.download import Download, File

_NAME = re.compile(
    r"(?s)(?P<name>.+?)(?:_(?P<id>[0-9]{1,20}))?_assignsubmission_(?P<kind>file|onlinetext|[a-z]+)(?:_(?P<file>.*))?"
)


class Moodle(Platform):
    """Times are not in the zip. The id belongs to this assignment only: roster.csv knows the same person by name."""

    name = "moodle"
    title = "a submissions zip from Moodle"

    def read(self, download: Download, known: Known) -> Iterator[HandIn]:
        people: dict[tuple[str, str], dict[PurePosixPath, File]] = {}
        for file in download.files:
            if not (found := _NAME.fullmatch(file.top)):
                continue
            parts = [found["file"] or "", *file.place.parts[1:]]
            place = PurePosixPath(*filter(None, parts)) if any(parts) else PurePosixPath(file.top)
            theirs = people.setdefault((found["name"], found["id"] or ""), {})
            if place in theirs:  # a file with the same name as one that was typed in
                place = place.with_name(f"{found['kind']}_{place.name}")
            theirs[place] = file
        names = {name for name, _ in people}
        hidden = len(people) > 1 and len(names) == 1 and all(number for _, number in people)
        for (name, number), files in people.items():
            yield HandIn(
                number or name,
                files,
                folder=f"{name}_{number}" if number else name,
                display_name="" if hidden or name.casefold() == "participant" else name,
                ids={"moodle": number} if number else {"group": name},
                of_group=not number,
            )
