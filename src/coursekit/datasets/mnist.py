"""The course's digits: find MNIST, fetch and verify it, or make the stand-in.

`digits.py`, which students get, looks in the same places, and stands alone; a test holds the two together.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import math
import os
import shutil
import struct
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets.located import Located

if TYPE_CHECKING:
    from rich.console import Console

MNIST = "MNIST"
STAND_IN = "stand-in"

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
IDLE_SECONDS = 10  # to connect, and to wait for the next piece of an answer
ARCHIVE_SECONDS = 600  # for one archive: a mirror that drips is given up


class Archive(NamedTuple):
    """One .gz file: its length in bytes, its sha256, and the shape of the unsigned bytes inside."""

    name: str
    size: int
    sha256: str
    shape: tuple[int, ...]


# Y. LeCun, C. Cortes and C. Burges, http://yann.lecun.com/exdb/mnist
ARCHIVES = (
    Archive(
        "train-images-idx3-ubyte.gz",
        9912422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        (60000, 28, 28),
    ),
    Archive(
        "train-labels-idx1-ubyte.gz",
        28881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        (60000,),
    ),
    Archive(
        "t10k-images-idx3-ubyte.gz",
        1648877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        (10000, 28, 28),
    ),
    Archive(
        "t10k-labels-idx1-ubyte.gz",
        4542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        (10000,),
    ),
)


class DataSet(NamedTuple):
    """The folder that holds the four archives, and which digits they are: MNIST or STAND_IN."""

    folder: Path
    kind: str

    def located(self) -> Located:
        if self.kind == MNIST:
            return Located(
                self.folder, "MNIST_DIR", MNIST, "What was trained during grading was trained on MNIST."
            )
        note = (
            "What was trained during grading was trained on the stand-in for MNIST: digits drawn from fonts."
        )
        return Located(self.folder, "MNIST_DIR", STAND_IN, note, "trained on the stand-in, not on MNIST")


def prepare(
    course: Course,
    *,
    offline: bool = False,
    progress: Console | None = None,
    mirrors: Sequence[str] = MIRRORS,
) -> DataSet:
    """Make sure that the course has digits: MNIST when it is here or can be had, else the stand-in.

    MNIST goes into the course's data/mnist; `offline` leaves the network alone. `progress` is where to say
    what happens (nothing by default). Raises CourseError for a damaged archive that can't be had anew and for
    a folder that can't be written.
    """
    say = progress.print if progress else lambda *_, **__: None
    standin = course.data / "standin"
    folder = _first(course)
    kind = _kind(folder) if folder else None
    if kind and folder != standin:
        return DataSet(folder, kind)
    if os.environ.get("MNIST_DIR") and folder != _chosen():
        say("MNIST_DIR is set, but that folder does not hold all four archives.", style="yellow")

    target = course.data / "mnist" if folder in (None, standin) else folder
    if not offline:
        try:
            download(target, mirrors=mirrors, progress=progress)
            return DataSet(target, MNIST)
        except ConnectionError as error:
            say(f"{error}", style="yellow", markup=False)
    if folder == target:
        raise CourseError(_damage(folder))
    if kind is None:
        make_standin(standin, progress=progress)
    return DataSet(standin, STAND_IN)


def where(course: Course) -> DataSet:
    """The digits that grading and tests should use, without touching the network.

    The first of $MNIST_DIR, the course's data/mnist, the user's cache and data/standin that holds all four
    archives. Raises CourseError when none does, or when an archive there is damaged.
    """
    folder = _first(course)
    if folder is None:
        raise CourseError(f"There are no digits in {course.data}: run 'coursekit data' first.")
    kind = _kind(folder)
    if kind is None:
        raise CourseError(_damage(folder))
    return DataSet(folder, kind)


def cache() -> Path:
    """The user's cache of archives, which courses share."""
    root = os.environ.get("XDG_CACHE_HOME")
    if not root:
        try:
            root = Path.home() / ".cache"
        except RuntimeError:  # an account without a home
            root = Path.cwd() / ".cache"
    return Path(root) / "coursekit" / "mnist"


def _chosen() -> Path | None:
    """The folder that the user names in $MNIST_DIR."""
    chosen = os.environ.get("MNIST_DIR")
    return Path(chosen).resolve() if chosen else None


def _first(course: Course) -> Path | None:
    """The first folder that holds all four archives, whatever is in them."""
    places = (_chosen(), course.data / "mnist", cache(), course.data / "standin")
    for folder in places:
        if folder and all((folder / archive.name).is_file() for archive in ARCHIVES):
            return folder
    return None


def _kind(folder: Path) -> str | None:
    """MNIST byte for byte, else STAND_IN when every archive unpacks to the right shape, else None."""
    if all(_verified(folder / archive.name, archive) for archive in ARCHIVES):
        return MNIST
    return STAND_IN if all(_unpacks(folder / archive.name, archive) for archive in ARCHIVES) else None


def _damage(folder: Path) -> str:
    broken = next(archive.name for archive in ARCHIVES if not _unpacks(folder / archive.name, archive))
    return f"{folder / broken} is damaged: delete it, and run 'coursekit data' again."


def _verified(path: Path, archive: Archive) -> bool:
    """Whether the file at `path` is `archive`, by its length and sha256."""
    if not path.is_file() or path.stat().st_size != archive.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == archive.sha256


def _unpacks(path: Path, archive: Archive) -> bool:
    """Whether `path` is a whole, gzipped idx file of unsigned bytes of the archive's shape."""
    shape = archive.shape
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    length = len(header) + math.prod(shape)
    try:
        with gzip.open(path) as file:
            content = file.read(length + 1)
    except (OSError, EOFError, zlib.error):
        return False
    return len(content) == length and content.startswith(header)


def download(
    folder: Path,
    *,
    mirrors: Sequence[str] = MIRRORS,
    progress: Console | None = None,
) -> None:
    """Fetch into `folder` every archive that is not there yet, or is not right there.

    Mirrors are tried in order, and the next goes on where one failed. An archive gets its name only when its
    sha256 is right. Raises ConnectionError, which says what each mirror did, when some archive could not be
    had, and CourseError when `folder` can't be written.
    """
    missing = [archive for archive in ARCHIVES if not _verified(folder / archive.name, archive)]
    total = sum(archive.size for archive in missing)
    failures = []
    with _writing(folder), _bar(progress, "Fetching MNIST", total, in_bytes=True) as advance:
        for mirror in mirrors:
            try:
                while missing:
                    _fetch(mirror, missing[0], folder, advance)
                    missing.pop(0)
                return
            except _MirrorError as error:
                failures.append(f"{mirror} ({error})")
    raise ConnectionError(f"MNIST could not be fetched: {'; '.join(failures) or 'there is no mirror'}.")


class _MirrorError(Exception):
    """A mirror can't be reached, or serves something else."""


def _fetch(mirror: str, archive: Archive, folder: Path, advance: Callable[[int], None]) -> None:
    """Stream one archive into `folder`. Raises _MirrorError when anything but the right bytes arrives."""
    part = folder / f".{archive.name}.{os.getpid()}.part"
    got, digest = 0, hashlib.sha256()
    try:
        with part.open("wb") as file:
            for piece in _pieces(mirror + archive.name, archive.size):
                got += len(piece)
                digest.update(piece)
                file.write(piece)
                advance(len(piece))
        if digest.hexdigest() != archive.sha256:
            raise _MirrorError(f"its {archive.name} is not MNIST's")
        part.replace(folder / archive.name)
    except _MirrorError:
        advance(-got)
        raise
    finally:
        part.unlink(missing_ok=True)


def _pieces(url: str, size: int) -> Iterator[bytes]:
    """The answer to `url`, no more than `size` bytes and no longer than ARCHIVE_SECONDS."""
    deadline = time.monotonic() + ARCHIVE_SECONDS
    try:
        with urllib.request.urlopen(url, timeout=IDLE_SECONDS) as answer:
            while size > 0 and (piece := answer.read(min(size, 1 << 16))):
                size -= len(piece)
                yield piece
                if time.monotonic() > deadline:
                    raise TimeoutError(f"more than {ARCHIVE_SECONDS} s")
    except urllib.error.HTTPError as error:
        raise _MirrorError(f"answers {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)  # urllib wraps what the socket said
        raise _MirrorError(str(reason) or type(error).__name__) from error


def make_standin(folder: Path, *, progress: Console | None = None) -> None:
    """Draw the stand-in into `folder`, which appears whole or not at all, in place of any that was there."""
    from coursekit.datasets import synthetic as standin

    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    total = sum(standin.TRAIN_COUNTS) + sum(standin.TEST_COUNTS)
    with _writing(part), _bar(progress, "Drawing the stand-in for MNIST", total) as advance:
        try:
            standin.write(part, advance=advance)
            shutil.rmtree(folder, ignore_errors=True)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Make `folder`, and turn a failure to write there into a sentence."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise CourseError(
            f"{folder} can't be written ({error}): make room or change its permissions."
        ) from error


@contextmanager
def _bar(
    console: Console | None, label: str, total: int, *, in_bytes: bool = False
) -> Iterator[Callable[[int], None]]:
    """A progress bar on `console`; gives the function that moves it on."""
    if console is None:
        yield lambda amount: None
        return
    from rich import progress

    amount = progress.DownloadColumn() if in_bytes else progress.MofNCompleteColumn()
    columns = ("{task.description}", progress.BarColumn(), amount, progress.TimeRemainingColumn())
    with progress.Progress(*columns, console=console) as bar:
        task = bar.add_task(label, total=total)
        yield lambda step: bar.advance(task, step)
