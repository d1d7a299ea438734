"""Take in what a student handed in: a notebook, files, a folder or a zip, every byte of it suspect until checked."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from coursekit.core import cells
from coursekit.core.errors import GraderFault

MAX_BYTES = 64 << 20
MAX_FILES = 1000
MAX_NOTEBOOK_BYTES = 32 << 20
MAX_DEPTH = 20
MAX_CELLS = 5000
IGNORED = frozenset(
    {".git", ".ipynb_checkpoints", "__MACOSX", "__pycache__", ".DS_Store", ".venv", "Thumbs.db"}
)
CHUNK = 1 << 20
OURS = frozenset(
    getattr(errno, name) for name in "EACCES EDQUOT EIO EMFILE ENFILE ENOMEM ENOSPC EPERM".split()
)
"""errors of this machine, not of what was handed in"""


class Refused(Exception):
    """A submission that can't be graded at all; the message says which part of it and why."""


@dataclass(frozen=True)
class Expected:
    """What a submission is made of, and what takes the place of a part that is not handed in.

    notebook: its file name. known_ids: the assignment's grade_ids, to tell its notebook from others. cells: the
    released notebook's. answer_files: the Python files that students write in, as released. given: the names of the
    assignment's other files.
    """

    notebook: str
    known_ids: frozenset[str] = frozenset()
    cells: list[dict[str, Any]] = field(default_factory=list)
    answer_files: dict[str, bytes] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @property
    def what(self) -> str:
        return " or ".join([self.notebook, *self.answer_files])


@dataclass
class Submission:
    """A checked copy of what was handed in."""

    folder: Path
    """holds the notebook and the student's other files; nothing but plain files and folders"""
    notebook: dict[str, Any]
    """cells are checked to be dicts with a cell_type and a source string"""
    notes: list[str] = field(default_factory=list)


@contextlib.contextmanager
def take_in(path: Path, expected: Expected) -> Iterator[Submission]:
    """A checked copy of the submission at `path`, gone when the block ends.

    Raises Refused, and GraderFault where this machine, not the submission, is why it can't be copied.
    """
    with tempfile.TemporaryDirectory(prefix="coursekit-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / "submission"
        folder.mkdir()
        try:
            _copy(path, folder, expected)
        except Refused:
            raise
        except Exception as error:  # whatever a decompressor makes of damaged bytes, among others
            if isinstance(error, OSError) and error.errno in OURS:
                raise GraderFault(str(error)) from error
            raise Refused(f"{path.name} can't be read: {error}") from None
        submission = _find_notebook(folder, expected)
        _gather_answers(submission, folder, expected.answer_files)
        yield submission


def _copy(path: Path, folder: Path, expected: Expected) -> None:
    with _folder_of(path) as parent, _opened(path.name, parent, path.name) as fd:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            _copy_folder(fd, folder, PurePosixPath(), _Budget())
            return
        kind = path.suffix.lower()
        with os.fdopen(fd, "rb", closefd=False) as file:
            if kind == ".zip":
                _unpack(file, folder)
            elif kind == ".ipynb":
                _Budget().copy(file, folder / expected.notebook, path.name)
            elif kind == ".py" and expected.answer_files:
                _Budget().copy(file, folder / _answer_file(path, expected), path.name)
            else:
                python = ", a Python file (.py)" if expected.answer_files else ""
                raise Refused(f"{path.name} is not a notebook (.ipynb){python}, a folder or a zip")


@contextlib.contextmanager
def _folder_of(path: Path) -> Iterator[int]:
    """The folder in which `path` lies, held open.

    The last two names of `path` are a student's folder and what was handed in: where one of them is a link, it is
    not followed. Those above are the instructor's choice, and may be links to another disk.
    """
    parent = path.absolute().parent
    above = os.open(parent.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with _opened(parent.name or ".", above, _shown(parent.name), os.O_PATH | os.O_DIRECTORY) as fd:
            yield fd
    finally:
        os.close(above)


@contextlib.contextmanager
def _opened(name: str, folder: int, shown: str, how: int = os.O_RDONLY | os.O_NONBLOCK) -> Iterator[int]:
    """The plain file or folder of that name in the open `folder`, opened itself, whatever takes its place meanwhile.

    Raises Refused for a link and for what is neither. `shown` is its name in messages.

    A file with more than one name is refused where its owner is not the folder's: so a student may have had the
    grader read what they can't. Otherwise it is no more than a copy, and snapshots and stores without duplicates
    make such files of honest work.
    """
    _check_kind(
        os.stat(name, dir_fd=folder, follow_symlinks=False), shown
    )  # before: opening a device may act
    try:
        fd = os.open(name, how | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refused(f"{shown} is a link") from None
        raise
    try:
        info = os.fstat(fd)
        _check_kind(info, shown)
        if stat.S_ISREG(info.st_mode) and info.st_nlink > 1 and info.st_uid != os.fstat(folder).st_uid:
            raise Refused(f"{shown} is a link to a file of somebody else's: hand in a copy")
        yield fd
    finally:
        os.close(fd)


def _check_kind(info: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(info.st_mode) and not stat.S_ISDIR(info.st_mode):
        what = "a link" if stat.S_ISLNK(info.st_mode) else "not a plain file or folder"
        raise Refused(f"{shown} is {what}")


def _answer_file(path: Path, expected: Expected) -> str:
    """Which answer file a Python file that was handed in alone is. Where there is but one, it has any name."""
    names = list(expected.answer_files)
    if path.name not in names and (path.name in expected.given or len(names) > 1):
        raise Refused(f"{_shown(path.name)} is not a file to write in: hand in {' and '.join(names)}")
    return path.name if path.name in names else names[0]


class _Budget:
    """How much of the limits on files and bytes is left."""

    def __init__(self) -> None:
        self.files, self.bytes = MAX_FILES, MAX_BYTES

    def copy(self, source: BinaryIO, target: Path, name: str) -> None:
        self.files -= 1
        if self.files < 0:
            raise Refused(f"there are more than {MAX_FILES:,} files")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            while chunk := source.read(CHUNK):
                self.bytes -= len(chunk)
                if self.bytes < 0:
                    raise Refused(f"it is larger than {MAX_BYTES >> 20} MiB (at {_shown(name)})")
                file.write(chunk)


def _copy_folder(fd: int, folder: Path, relative: PurePosixPath, budget: _Budget) -> None:
    """Copy what the open folder holds to `relative` in `folder`."""
    if len(relative.parts) > MAX_DEPTH:
        raise Refused(f"folders are nested more than {MAX_DEPTH} deep")
    with os.scandir(fd) as entries:
        names = sorted(entry.name for entry in entries)
    for count, name in enumerate(names):
        if name in IGNORED:
            continue
        if count > MAX_FILES:
            raise Refused(f"there are more than {MAX_FILES:,} files")
        place = relative / name
        with _opened(name, fd, _shown(str(place))) as inner:
            if stat.S_ISDIR(os.fstat(inner).st_mode):
                _copy_folder(inner, folder, place, budget)
            else:
                with os.fdopen(inner, "rb", closefd=False) as file:
                    budget.copy(file, folder / place, str(place))


def _unpack(raw: BinaryIO, folder: Path) -> None:
    if os.fstat(raw.fileno()).st_size > MAX_BYTES:
        raise Refused(f"the zip is larger than {MAX_BYTES >> 20} MiB")
    _check_directory_size(raw)
    with zipfile.ZipFile(raw) as archive:
        entries = [
            entry for entry in archive.infolist() if not IGNORED & set(PurePosixPath(entry.filename).parts)
        ]
        for entry in entries:
            _check_entry(entry)
        if len(entries) > MAX_FILES:
            raise Refused(f"there are more than {MAX_FILES:,} files in the zip")
        names = [PurePosixPath(entry.filename) for entry in entries]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise Refused(f"{_shown(str(twice))} is in the zip twice")
        budget = _Budget()
        for entry, name in zip(entries, names, strict=True):
            if not entry.is_dir():
                with archive.open(entry) as file:
                    budget.copy(file, folder / name, entry.filename)


def _check_directory_size(raw: BinaryIO) -> None:
    """Refuse a zip whose list of entries alone would fill the memory, before anything parses it."""
    data = raw.read()
    raw.seek(0)
    if b"PK\x05\x06" not in data:
        raise Refused("the zip is damaged: it has no list of its files")
    # Every entry begins so, wherever the list is said to lie; files that are ignored, and zips in it, count too.
    if data.count(b"PK\x01\x02") > 20 * MAX_FILES:
        raise Refused(f"there are more than {MAX_FILES:,} files in the zip")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = _shown(entry.filename)
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
        raise Refused(f"{name} in the zip would land outside the folder")
    if not path.parts or len(path.parts) > MAX_DEPTH or len(entry.filename) > 1000:
        raise Refused(f"{name} in the zip has a name that can't be used")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(f"{name} in the zip is {'a link' if kind == stat.S_IFLNK else 'not a plain file'}")
    if entry.flag_bits & 1:
        raise Refused(f"{name} in the zip is encrypted")
    if entry.file_size > MAX_BYTES:
        raise Refused(f"{name} in the zip is larger than {MAX_BYTES >> 20} MiB")


def _find_notebook(folder: Path, expected: Expected) -> Submission:
    """The assignment's notebook, or the released one where answer files are handed in without."""
    found = [path for path in folder.rglob("*.ipynb") if path.is_file()]
    found.sort(key=lambda p: (p.name != expected.notebook, len(p.parts), str(p)))
    if not found:
        answers = [path for name in expected.answer_files if (path := _nearest(folder, name))]
        if not answers:
            raise Refused(f"there is no notebook in it: expected {expected.what}")
        return Submission(answers[0].parent, {"cells": expected.cells})
    readable, failed = [], None
    for path in found[:20]:
        try:
            notebook, notes = read_notebook(path)
        except Refused as error:
            failed = failed or error
            continue
        ours = sum(cells.grade_id(cell) in expected.known_ids for cell in notebook["cells"])
        readable.append((-ours, path.name != expected.notebook, len(readable), path, notebook, notes))
    if not readable:
        raise failed
    *_, path, notebook, notes = min(readable, key=lambda row: row[:3])
    if path.name != expected.notebook:
        name = _shown(path.name)
        notes.insert(0, f"the notebook is named {name}, not {expected.notebook}: graded all the same")
    if len(found) > 1:
        notes.insert(0, f"there are {len(found)} notebooks: graded {_shown(str(path.relative_to(folder)))}")
    return Submission(path.parent, notebook, notes)


def _nearest(folder: Path, name: str) -> Path | None:
    """The file of that name that lies highest in `folder`, if there is one."""
    found = [path for path in folder.rglob(name) if path.is_file()]
    return min(found, key=lambda path: (len(path.parts), str(path)), default=None)


def _gather_answers(submission: Submission, folder: Path, answer_files: dict[str, bytes]) -> None:
    """Have every answer file beside the notebook: from elsewhere in the submission, or else as released."""
    for name, released in answer_files.items():
        target = submission.folder / name
        if target.is_file():
            continue
        found = _nearest(folder, name)
        if found is None:
            submission.notes.append(f"{name} is missing: graded as it was released, with nothing written")
        else:
            place = _shown(str(found.relative_to(folder)))
            submission.notes.append(f"{name} is not beside the notebook: graded {place}")
        data = released if found is None else found.read_bytes()
        if target.is_dir():
            shutil.rmtree(target)
        target.write_bytes(data)


def read_notebook(path: Path) -> tuple[dict[str, Any], list[str]]:
    """A notebook of format 4, with cells reduced to what is sound, and notes on what was not. Raises Refused."""
    if path.stat().st_size > MAX_NOTEBOOK_BYTES:
        raise Refused(f"{_shown(path.name)} is larger than {MAX_NOTEBOOK_BYTES >> 20} MiB: clear its outputs")
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
        raise Refused(f"{_shown(path.name)} is not a notebook: {reason}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        version = notebook.get("nbformat") if isinstance(notebook, dict) else None
        hint = f" of format 4 (it says {version!r})"[:40] if isinstance(version, int) else ""
        raise Refused(f"{_shown(path.name)} is not a notebook{hint}: it has no cells")
    if notebook.get("nbformat") != 4:
        raise Refused(f"{_shown(path.name)} is not a notebook of format 4: save it anew in JupyterLab")
    if len(notebook["cells"]) > MAX_CELLS:
        raise Refused(f"{_shown(path.name)} has more than {MAX_CELLS:,} cells")
    notes, sound = [], []
    for number, cell in enumerate(notebook["cells"], start=1):
        source = cell.get("source") if isinstance(cell, dict) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str) or not isinstance(cell.get("cell_type"), str):
            notes.append(f"cell {number} is damaged: left out")
            continue
        metadata = cell.get("metadata")
        sound.append(
            {
                "cell_type": cell["cell_type"],
                "source": source.replace("\r\n", "\n").replace("\r", "\n"),
                "metadata": metadata if isinstance(metadata, dict) else {},
                "number": number,
            }
        )
    return {"cells": sound}, notes


def _shown(name: str) -> str:
    """A name that a student chose, fit for a message."""
    return ascii(name[:120])


def fingerprint(path: Path) -> str:
    """What `path` holds, by names, sizes and times: changes when a student hands in again. Follows no link.

    What can't be read, or is gone by now, is one of these states, and no error: the rest of the class goes on.
    """
    import hashlib

    digest = hashlib.sha256()
    try:
        with _folder_of(path) as parent:
            for state in islice(_states(path.name, parent, PurePosixPath()), 5 * MAX_FILES):
                digest.update(state.encode())
    except (OSError, Refused) as error:
        digest.update(ascii(str(error)).encode())
    return digest.hexdigest()


def _states(name: str, folder: int, place: PurePosixPath) -> Iterator[str]:
    """A line on what is called so in the open folder, and on all that lies below it."""
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        yield f"{ascii(str(place))} {info.st_mode} {info.st_size} {info.st_mtime_ns}\n"
        if not stat.S_ISDIR(info.st_mode) or len(place.parts) > MAX_DEPTH:
            return
        with _opened(name, folder, name) as fd:
            with os.scandir(fd) as entries:
                names = sorted(entry.name for entry in islice(entries, MAX_FILES + 1))
            for inner in names:
                yield from _states(inner, fd, place / inner)
    except (OSError, Refused) as error:
        yield f"{ascii(str(place))} {ascii(str(error))}\n"


def add_files(submission: Submission, files: Path) -> None:
    """Put the assignment's own files beside the notebook, over the student's copies."""
    for source in sorted(files.rglob("*")) if files.is_dir() else []:
        target = submission.folder / source.relative_to(files)
        if source.is_dir():
            if not target.is_dir():
                target.unlink(missing_ok=True)  # a student's file of that name
            continue
        if target.is_file() and target.read_bytes() != source.read_bytes():
            submission.notes.append(f"{target.name} was changed: graded with the original")
        if target.is_dir():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
