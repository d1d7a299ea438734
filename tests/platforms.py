"""A class of 30 as each learning platform hands it over: zips and folders, written from what is known of the platforms.

Among the 30 are late ones, a group of three, two people with one name, and names that break programs. For the reader of
the files that go back, `CLASS` says who has which id.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

DUE = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Student:
    """number: all other numbers follow from it. late: handed in after DUE. group: of those who work together."""

    number: int
    id: str
    name: str
    late: bool = False
    group: str = ""

    @property
    def email(self) -> str:
        return f"student{self.number}@example.org"

    @property
    def canvas(self) -> str:
        return str(4000 + 7 * self.number)

    @property
    def moodle(self) -> str:
        return str(812300 + 11 * self.number)

    @property
    def gradescope(self) -> str:
        return str(409194000 + 13 * self.number)

    @property
    def github(self) -> str:
        return f"gh-user-{self.number}"

    def submitted(self, attempt: int = 1) -> datetime:
        """Attempts are an hour apart."""
        when = DUE + timedelta(hours=30) if self.late else DUE - timedelta(hours=20)
        return when + timedelta(hours=attempt, minutes=self.number, microseconds=250)


NAMES = (
    ("00429", "Ada Lovelace"), ("zoe", "Zoë Müller"), ("lei", "李雷"), ("obrien", "Conor O'Brien"),
    ("kim-1", "Kim Lee"), ("kim-2", "Kim Lee"), ("Ann", "Ann Upper"), ("ann", "Ann Lower"),
    ("1e5", "Ludwig van Beethoven"), ("007", "James_Bond"), ("maria-jose", "María José Núñez"),
    ("group-a", "Grace Hopper"), ("group-b", "Alan Turing"), ("group-c", "Edsger Dijkstra"),
)  # fmt: skip
GROUP = range(11, 14)
TWINS = (4, 5)
LATE = (1, 8, 20)
CLASS = tuple(
    Student(number, *NAMES[number], late=number in LATE, group="Team 7" if number in GROUP else "")
    if number < len(NAMES)
    else Student(
        number, f"s{number:03}", f"Student Number{'abcdefghijklmnopqrst'[number - 14]}", late=number in LATE
    )
    for number in range(30)
)
STRANGER = Student(99, "", "Stranger Guest")


def notebook(student: Student, attempt: int = 1, code: str = "") -> bytes:
    """A hand-in that says whose it is."""
    source = f"# {student.number}, attempt {attempt}\n{code}"
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def roster(path: Path, students: Sequence[Student] = CLASS, **columns: str) -> Path:
    """roster.csv. columns: the ids' names, each with the name of a Student's attribute."""
    head = ["id", "name", "email", "group", *columns]
    rows = [
        [one.id, one.name, one.email, one.group, *(getattr(one, key) for key in columns.values())]
        for one in students
    ]
    path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    return path


def zipped(path: Path, files: Mapping[str, bytes], utf8: bool = True) -> Path:
    """A zip. utf8: whether its names say that they are UTF-8; else they are, and do not say so."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    if (
        not utf8
    ):  # the flag is a bit of the second byte of the flags, which come 6 and 8 bytes after the start
        data = bytearray(path.read_bytes())
        for start, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            for found in re.finditer(re.escape(start), bytes(data)):
                data[found.start() + offset] &= ~0x08
        path.write_bytes(data)
    return path


def unzipped(path: Path, folder: Path) -> Path:
    """A zip as a person unzips it by hand."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def ours(students: Iterable[Student], attempt: int = 1) -> dict[int, bytes]:
    return {one.number: notebook(one, attempt) for one in students}


# ---- the platforms


def canvas(
    path: Path,
    assignment: str,
    students: Sequence[Student] = CLASS,
    *,
    attempt: int = 1,
    anonymous: bool = False,
    extra: Mapping[str, bytes] | None = None,
    names: Mapping[int, str] | None = None,
) -> Path:
    """Canvas's "Download Submissions". Group work is there once. names: a student's own name for the notebook."""
    files, groups = {}, set()
    for one in students:
        if one.group and one.group in groups:
            continue
        groups.add(one.group or one.id)
        words = unicodedata.normalize("NFC", one.name).split()
        name = re.sub(r"[^\w]", "", "".join([words[-1], *words[:-1]]).lower())
        who = f"anon_x{one.number:04}" if anonymous else one.canvas
        parts = [None if anonymous else name, "LATE" if one.late else None, who]
        if anonymous:
            parts = ["LATE" if one.late else None, who]
        upload = 900000 + 1000 * attempt + one.number
        again = f"-{attempt - 1}" if attempt > 1 else ""
        file = (names or {}).get(one.number, f"{assignment}{again}.ipynb")
        files[f"{'_'.join(part for part in parts if part)}_{upload}_{file}"] = notebook(one, attempt)
    return zipped(path, files | dict(extra or {}))


def moodle(
    path: Path,
    assignment: str,
    students: Sequence[Student] = CLASS,
    *,
    form: str = "folders",
    attempt: int = 1,
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """Moodle's "Download all submissions". form: folders, folders_ (with a _ at the end), flat or blind."""
    files = {}
    for one in students:
        name = re.sub(r"[&<>\"`|':\\/]", "", one.name.replace("_", " "))
        prefix = (
            f"{'Teilnehmer/in'.replace('/', '') if form == 'blind' else name}_{one.moodle}_assignsubmission"
        )
        joint = {"folders": "/", "folders_": "_/", "flat": "_", "blind": "_/"}[form]
        files[f"{prefix}_file{joint}{assignment}.ipynb"] = notebook(one, attempt)
        if one.number % 10 == 3:
            files[f"{prefix}_onlinetext{joint}onlinetext.html"] = b"<p>Please be kind.</p>"
    return zipped(path, files | dict(extra or {}))


def gradescope(
    path: Path,
    assignment: str,
    students: Sequence[Student] = CLASS,
    *,
    attempt: int = 1,
    extra: Mapping[str, bytes] | None = None,
    top: str = "assignment_9100_export/",
) -> Path:
    """Gradescope's "Export Submissions". A group has one folder, named after its first member's submission."""
    files: dict[str, bytes] = {}
    about = ["---"]
    by_folder: dict[str, list[Student]] = {}
    for one in students:
        by_folder.setdefault(one.group or one.id or one.name, []).append(one)
    for members in by_folder.values():
        first = members[0]
        folder = f"submission_{int(first.gradescope) + 100000 * attempt}"
        files[f"{top}{folder}/{assignment}.ipynb"] = notebook(first, attempt)
        about += [f"{folder}:", "  :submitters:"]
        for one in members:
            quoted = one.name.replace('"', "")
            about += [f'  - :name: "{quoted}"', f"    :sid: '{one.id}'" if one.id else "    :sid:"]
            about += [f"    :email: {one.email}"]
        time = "%Y-%m-%d %H:%M:%S.%f000 Z"
        about += [f"  :created_at: {first.submitted(attempt).strftime(time)}", "  :score: 0.0"]
        about += ["  :results:", "    tests: []", "    score: 0.0", "  :history:"]
        for before in range(1, attempt):
            about += [f"  - :created_at: {first.submitted(before).strftime(time)}", "    :score: 0.0"]
        if attempt == 1:
            about[-1] = "  :history: []"
    files[f"{top}submission_metadata.yml"] = ("\n".join(about) + "\n").encode()
    return zipped(path, files | dict(extra or {}))


def nbgrader(folder: Path, assignment: str, students: Sequence[Student] = CLASS, *, attempt: int = 1) -> Path:
    """nbgrader's submitted/, with its timestamp.txt in the forms that its versions have written."""
    for one in students:
        place = folder / one.id / assignment
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{assignment}.ipynb").write_bytes(notebook(one, attempt))
        when = one.submitted(attempt)
        berlin = when + timedelta(hours=1)  # in November
        forms = (
            when.strftime("%Y-%m-%d %H:%M:%S.%f UTC"),
            berlin.strftime("%Y-%m-%d %H:%M:%S.%f Europe/Berlin"),
            berlin.strftime("%Y-%m-%d %H:%M:%S.%f +0100\n"),
            when.strftime("%Y-%m-%d %H:%M:%S.%f"),
        )
        (place / "timestamp.txt").write_text(forms[one.number % len(forms)])
    return folder


def inbound(
    folder: Path, assignment: str, students: Sequence[Student], attempts: Sequence[int] = (1, 2)
) -> Path:
    """An exchange's inbound/, which keeps every attempt."""
    for one in students:
        for attempt in attempts:
            time = one.submitted(attempt).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            place = folder / f"{one.id}+{assignment}+{time}+aGVsbG8"
            place.mkdir(parents=True)
            (place / f"{assignment}.ipynb").write_bytes(notebook(one, attempt))
            (place / "timestamp.txt").write_text(time)
    return folder


def flat(folder: Path, assignment: str, students: Sequence[Student] = CLASS) -> Path:
    """A folder as a person makes it: notebooks, zips and folders, named after the students in several ways."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in students:
        data = notebook(one)
        if one.number % 4 == 0:
            (folder / f"{one.id}_{assignment}.ipynb").write_bytes(data)
        elif one.number % 4 == 1:
            zipped(folder / f"{assignment}-{one.id}.zip", {f"{assignment}.ipynb": data})
        elif one.number % 4 == 2:
            (folder / one.id).mkdir()
            (folder / one.id / f"{assignment}.ipynb").write_bytes(data)
        else:
            (folder / f"{one.id}.ipynb").write_bytes(data)
    return folder


def git(folder: Path, assignment: str, students: Sequence[Student] = CLASS) -> Path:
    """A folder of clones, each with one commit at the student's time."""
    for one in students:
        place = folder / f"{assignment}-{one.github}"
        place.mkdir(parents=True)
        (place / f"{assignment}.ipynb").write_bytes(notebook(one))
        commit(place, one.submitted())
    return folder


def commit(place: Path, when: datetime) -> None:
    """Make a folder a repository, and commit all of it at that time."""
    stamp = when.isoformat()
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in who.items()}
    dates = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_COMMITTER_DATE": stamp}
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "work"]):
        subprocess.run(["git", *command], cwd=place, check=True, env={**plain, **who, **dates})
