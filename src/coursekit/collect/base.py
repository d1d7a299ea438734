"""A platform reads its own download: which files are whose, and what else it says about them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import ClassVar

from coursekit.collect.assignments import Known
from coursekit.collect.download import Download, File


@dataclass(frozen=True)
class HandIn:
    """What somebody has handed in at one time.

    person: what the platform knows them by; two people never share it. files: by their places in the hand-in.
    folder: a name for the student's folder, if it is not `person`. is_id: whether `person` is the course's own id of
    the student, as in roster.csv. display_name, ids: see coursekit.core.reference. submitted: when, with its zone.
    late: whether the platform marks it so. attempt: its number on the platform; 0 is unknown. upload: the platform's
    number or name of this hand-in, by which it is known again. group: the names of all whose work it is. of_group:
    whether `person` is a group. assignment: the name or title that the platform says. problems: what can't be
    understood, in a few words each.
    """

    person: str
    files: Mapping[PurePosixPath, File]
    folder: str = ""
    is_id: bool = False
    display_name: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    submitted: datetime | None = None
    late: bool = False
    attempt: int = 0
    upload: str = ""
    group: tuple[str, ...] = ()
    of_group: bool = False
    assignment: str = ""
    problems: tuple[str, ...] = ()


class Platform(ABC):
    """A kind of download. To add one, put a file with a subclass into this folder; README.md shows the smallest.

    A platform looks at names, and reads what the platform itself has written. It opens no file of a student's.
    """

    name: ClassVar[str]
    """as in ``coursekit collect --from NAME``"""
    title: ClassVar[str]
    """what it takes a download for: ``a submissions zip from Canvas``"""
    mixed: ClassVar[bool] = False
    """whether one download can hold several assignments"""
    own: ClassVar[frozenset[str]] = frozenset()
    """the names of files at the top that are the platform's own"""

    @abstractmethod
    def read(self, download: Download, known: Known) -> Iterable[HandIn]:
        """The hand-ins, in any order. Files that belong to none are told to the teacher; that is no work of this.

        Raises CourseError if the download can't be understood.
        """

    def share(self, download: Download, known: Known) -> float:
        """How much of the download it understands, from 0 to 1. Raises nothing."""
        return self.share_of(
            download, [file for one in self.read(download, known) for file in one.files.values()]
        )

    def share_of(self, download: Download, taken: Sequence[File]) -> float:
        """The share of the files that are among `taken`."""
        theirs = [file for file in download.files if str(file.place) not in self.own]
        return len({file.place for file in taken}) / len(theirs) if theirs else 0.0


def by_place(files: Iterable[File]) -> dict[PurePosixPath, File]:
    """The files of one of the download's folders, by their places in it."""
    return {file.below: file for file in files}
