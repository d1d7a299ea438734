"""Gradescope: the zip of "Export Submissions": ``submission_metadata.yml``, and a folder for each submission.

The file is Ruby's YAML, whose keys begin with a colon. It is read as text alone: no type is made of anything in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform, by_place
from coursekit.collect.download import Download, File
from coursekit.core.errors import CourseError, Refused
from coursekit.core.text import one_line
from coursekit.intake import timestamp

METADATA = "submission_metadata.yml"
MAX_BYTES = 64 << 20
MAX_TEXT, MAX_MEMBERS = 300, 100
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Gradescope(Platform):
    """Several submitters are a group, and the work is each one's. Of earlier attempts the export has the times only."""

    name = "gradescope"
    title = "an export of submissions from Gradescope"
    own = frozenset({METADATA})

    def share(self, download: Download, known: Known) -> float:
        return float(download.find(METADATA) is not None)

    def read(self, download: Download, known: Known) -> Iterator[HandIn]:
        found = _metadata(download)
        folders = download.folders()
        for folder in dict.fromkeys([*folders, *(str(key) for key in found)]):
            about, files = found.get(folder), folders.get(folder, [])
            people = [one for one in _list(about, "submitters") if _text(one, "name", "email", "sid")]
            people = people[:MAX_MEMBERS]
            for person in people:
                yield _hand_in(folder, files, about, person, people)


def _hand_in(folder: str, files: list[File], about: Any, person: Any, people: list[Any]) -> HandIn:
    number = folder.removeprefix("submission_")
    name, email, sid = (_text(person, key) for key in ("name", "email", "sid"))
    said = _text(about, "created_at")
    when = timestamp.parsed(said)
    earlier = [timestamp.parsed(_text(one, "created_at")) for one in _list(about, "history")]
    before = [one for one in earlier if one and when and one < when]
    ids = {"gradescope": number, "email": email, "sis": sid}
    group = tuple(_text(one, "name", "email", "sid") for one in people) if len(people) > 1 else ()
    if group:
        ids["group"] = folder
    return HandIn(
        email or sid or f"{name}_{number}",
        by_place(files),
        folder=sid or email or f"{name}_{number}",
        display_name=name,
        ids={key: value for key, value in ids.items() if value},
        submitted=when,
        attempt=len(before) + 1 if when else 0,
        upload=number,
        group=group,
        problems=(f"its time, {one_line(said, 60)}, can't be read",) if said and not when else (),
    )


def _metadata(download: Download) -> Mapping[str, Any]:
    """What is said about each folder. Raises CourseError."""
    file = download.find(METADATA)
    if file is None:
        raise CourseError(
            f"{METADATA} is missing: it is in the zip of Gradescope's 'Export Submissions', beside the folders."
        )
    try:
        found = yaml.load(download.read(file, MAX_BYTES), Loader=_Loader)  # noqa: S506  (it makes strings only)
    except (Refused, yaml.YAMLError, ValueError, RecursionError) as error:
        raise CourseError(f"{METADATA} can't be read: {one_line(str(error))}.") from None
    if not isinstance(found, dict):
        raise CourseError(f"{METADATA} does not say whose the folders are: export the submissions again.")
    return found


def _list(found: Any, key: str) -> list[Any]:
    value = _get(found, key)
    return value if isinstance(value, list) else []


def _text(found: Any, *keys: str) -> str:
    """The first of these that is a text and not empty; the beginning of a very long one."""
    values = (_get(found, key) for key in keys)
    texts = (one.strip()[:MAX_TEXT] for one in values if isinstance(one, str))
    return next((text for text in texts if text not in ("", "~")), "")


def _get(found: Any, key: str) -> Any:
    return found.get(f":{key}", found.get(key)) if isinstance(found, dict) else None
