"""Keep an attempt in ``collected/``, and put the one that counts into ``submitted/``: each whole or not at all.

What a killed command leaves behind has a name with a full stop in front. The next one removes it, and does the rest.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path, PurePosixPath

from coursekit import attempts
from coursekit.attempts import Attempt, Attempts
from coursekit.collect.base import HandIn
from coursekit.collect.download import CHUNK, Download, File, shown
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError, Refused
from coursekit.core.files import remove_folder, replace_text
from coursekit.core.text import one_line
from coursekit.intake import timestamp
from coursekit.intake.digest import digest_of
from coursekit.intake.unpack import OURS
from coursekit.layouts.nbgrader import submissions

MAX_BYTES = 2 << 30
"""of one hand-in"""
MAX_FILES = 20_000
_PART = re.compile(r"\.[0-9a-f]{16}\.(?:part|old)")


@dataclass
class Kept:
    """What became of a hand-in. attempt: None if there was nothing in it. left_out: files, each with the reason."""

    attempt: Attempt | None
    is_new: bool
    left_out: dict[str, str] = field(default_factory=dict)


def keep(assignment: Assignment, student: str, hand_in: HandIn, download: Download, platform: str) -> Kept:
    """Copy a hand-in into ``collected/``, unless it is there. Raises CourseError if it can't be written."""
    if not hand_in.files:
        return Kept(None, False)
    folder = attempts.folder_of(assignment, student)
    known = attempts.read(assignment, student)
    with _written(folder):
        _clean(folder)
        with _part(folder) as part:
            left_out = _copy(hand_in, download, part, platform)
            if not any(part.iterdir()):
                return Kept(None, False, left_out)
            made = _attempt(hand_in, platform, digest_of(part), known)
            if before := _same(made, known):
                after = _completed(before, made)
                if after != before:
                    _record(assignment, student, known, after)
                return Kept(after, False, left_out)
            place = folder / made.files
            if place.exists():  # of a command that was killed before it could note it
                remove_folder(place)
            part.rename(place)
        _record(assignment, student, known, made)
    return Kept(made, True, left_out)


def _attempt(hand_in: HandIn, platform: str, digest: str, known: Attempts) -> Attempt:
    numbers = {one.number for one in known.attempts}
    number = hand_in.attempt if 0 < hand_in.attempt < 10_000 else 0
    if not number or number in numbers:
        number = max(numbers, default=0) + 1
    when = hand_in.submitted
    return Attempt(
        number,
        digest,
        str(number),
        when.astimezone(UTC).isoformat() if when else "",
        hand_in.late,
        platform,
        hand_in.person,
        hand_in.upload,
        hand_in.display_name,
        dict(hand_in.ids),
        hand_in.group,
    )


def _same(made: Attempt, known: Attempts) -> Attempt | None:
    """The attempt that this is, if it was collected before.

    The same work that is handed in again at another time is another attempt, if the platform tells the two apart.
    """
    for one in known.attempts:
        if one.digest == made.digest and all(
            getattr(one, key) == getattr(made, key) for key in ("platform", "person", "upload")
        ):
            return one
    return None


def _completed(before: Attempt, now: Attempt) -> Attempt:
    """A known attempt with what the platform says of it now."""
    return replace(
        before,
        submitted=now.submitted or before.submitted,
        late=now.late,
        display_name=now.display_name or before.display_name,
        ids={**before.ids, **now.ids},
        group=now.group or before.group,
    )


def _record(assignment: Assignment, student: str, known: Attempts, made: Attempt) -> None:
    others = [one for one in known.attempts if one.number != made.number]
    every = tuple(sorted([*others, made], key=lambda one: one.number))
    attempts.write(assignment, student, replace(known, attempts=every))


def _copy(hand_in: HandIn, download: Download, part: Path, platform: str) -> dict[str, str]:
    """Copy the files as they are. Returns what was left out, with the reason."""
    left_out, left = {}, MAX_BYTES
    for number, (place, file) in enumerate(
        sorted(hand_in.files.items(), key=lambda one: (one[1].size, one[0]))
    ):
        if str(place).casefold() == timestamp.NAME:  # on some file systems, Timestamp.txt is the same file
            if platform != "nbgrader":
                left_out[str(file.place)] = "nbgrader would take it for the time of submission"
            continue
        if number >= MAX_FILES or file.size > left:
            left_out[str(file.place)] = (
                f"beyond the {MAX_FILES:,} files or {MAX_BYTES >> 30} GiB of one hand-in"
            )
            continue
        try:
            left -= _copy_file(download, file, part / place, left)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            left_out[str(file.place)] = "there is another file or folder of that name"
        except Refused as refused:
            left_out[str(file.place)] = str(refused)
        except Exception as error:  # damaged data makes decompressors raise anything
            unreadable = isinstance(error, PermissionError) and os.access(part, os.W_OK)
            if isinstance(error, OSError) and error.errno in OURS and not unreadable:
                raise
            left_out[str(file.place)] = f"it can't be read ({one_line(str(error))})"
    return left_out


def _copy_file(download: Download, file: File, target: Path, most: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    copied = 0
    with target.open("xb") as copy:
        try:
            with download.open(file) as source:
                while chunk := source.read(CHUNK):
                    copied += len(chunk)
                    if copied > most:
                        raise Refused("larger than it says")
                    copy.write(chunk)
        except BaseException:
            target.unlink()
            raise
    with contextlib.suppress(OSError, OverflowError, ValueError):
        os.utime(target, (file.entry.changed, file.entry.changed))
    return copied


def place(assignment: Assignment, student: str, *, force: bool) -> str:
    """Put the attempt that counts into ``submitted/``; returns why not, if a person's own hand-in is there.

    force: replace that. Raises CourseError if it can't be written.
    """
    known = attempts.read(assignment, student)
    counts = known.counts
    if counts is None:
        return ""
    source = attempts.folder_of(assignment, student) / counts.files
    if not source.is_dir():
        return f"{_short(source)} is gone: remove its folder, and collect the downloads again"
    folder = assignment.course.submitted / student
    if folder.is_symlink():
        return f"{_short(folder)} is a link, which is not followed"
    if folder.exists() and not folder.is_dir():
        return (
            f"{_short(folder)} is a file where the student's folder has to be: remove it, and collect again"
        )
    target = folder / assignment.name
    with _written(folder):
        _clean(folder)
        here = digest_of(target) if target.is_dir() and not target.is_symlink() else ""
        others = [one for one in submissions(assignment, folder) if one != target]
        if here == counts.digest and not others:
            if (
                known.placed != counts.number or not (target / timestamp.NAME).exists()
            ):  # else it may be a person's
                _stamp(target, counts)
            return _placed(assignment, student, known, counts)
        is_ours = not os.path.lexists(target) or here in {one.digest for one in known.attempts}
        own = others if is_ours else [target, *others]
        if own and not force:
            return (
                f"{_short(own[0])} was not put there by collect, or was changed since: it stays, and attempt "
                f"{counts.number} does not count. Remove it, or collect with --force"
            )
        with _part(folder) as part:
            shutil.copytree(source, part, symlinks=True, dirs_exist_ok=True)
            _stamp(part, counts)
            for one in [*others, *[target] * os.path.lexists(target)]:
                one.rename(folder / f".{secrets.token_hex(8)}.old")
            part.rename(target)
        _clean(folder)
    return _placed(assignment, student, known, counts)


def _placed(assignment: Assignment, student: str, known: Attempts, counts: Attempt) -> str:
    """Note which attempt is in its place."""
    if known.placed != counts.number:
        attempts.write(assignment, student, replace(known, placed=counts.number))
    return ""


def _stamp(target: Path, attempt: Attempt) -> None:
    """Write nbgrader's timestamp.txt, if the time is known."""
    file = target / timestamp.NAME
    when = timestamp.parsed(attempt.submitted)
    if when and not (file.is_file() and file.read_bytes() == timestamp.written(when).encode()):
        replace_text(file, timestamp.written(when))


def choose(assignment: Assignment, student: str, number: int) -> str:
    """Let an attempt count from now on, or with 0 the newest; returns why not."""
    known = attempts.read(assignment, student)
    numbers = [one.number for one in known.attempts]
    if number and number not in numbers:
        there = ", ".join(map(str, numbers)) or "none"
        return f"{shown(student)} has no attempt {number} at {assignment.name} (there is {there})"
    if known.chosen != number:
        attempts.write(assignment, student, replace(known, chosen=number))
    return ""


@contextlib.contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A new folder in `folder`, which is removed if it is still there at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{secrets.token_hex(8)}.part"
    part.mkdir()
    try:
        yield part
    finally:
        if part.exists():
            remove_folder(part)


def _clean(folder: Path) -> None:
    """Remove what killed commands have left."""
    for path in _left_behind(folder):
        if path.is_dir() and not path.is_symlink():
            remove_folder(path)
        else:
            path.unlink()


def _left_behind(folder: Path) -> Sequence[Path]:
    return [path for path in folder.iterdir() if _PART.fullmatch(path.name)] if folder.is_dir() else []


@contextlib.contextmanager
def _written(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"{folder} can't be written: {error.strerror}. Free some space, or make it writable; then collect again."
        ) from error


def _short(path: Path) -> str:
    """The end of a path in the course, safe to print."""
    return shown(PurePosixPath(*path.parts[-3:]))
