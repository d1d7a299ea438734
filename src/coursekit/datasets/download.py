"""Download a dataset's published files: verified by sha256, from the first mirror that has them."""

from __future__ import annotations

import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.core.errors import CourseError
from coursekit.core.files import user_cache as cache  # noqa: F401 -- for the courses' datasets

if TYPE_CHECKING:
    from rich.console import Console

IDLE_SECONDS = 10  # to connect, and to wait for the next piece of an answer
FILE_SECONDS = 600  # for one file: a slower mirror is given up


@dataclass(frozen=True)
class Published:
    """A file as its authors published it: its length in bytes and its sha256."""

    name: str
    size: int
    sha256: str

    def is_at(self, path: Path) -> bool:
        """Whether the file at `path` is this one, byte for byte."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


def download(
    label: str,
    files: Iterable[Published],
    folder: Path,
    mirrors: Sequence[str],
    *,
    progress: Console | None = None,
) -> None:
    """Download into `folder` every file that is missing there or differs from the published one.

    label: the dataset's name in messages. mirrors: addresses of folders with the files, each ending in "/". They are
    tried in order; where one fails, the next continues. A file gets its name only when its sha256 is correct. When a
    file is on no mirror, raises ConnectionError, which says what each mirror did; when `folder` can't be written,
    CourseError.
    """
    missing = [file for file in files if not file.is_at(folder / file.name)]
    total = sum(file.size for file in missing)
    failures = []
    with writing(folder), bar(progress, f"Downloading {label}", total, in_bytes=True) as advance:
        for mirror in mirrors:
            try:
                while missing:
                    _fetch(mirror, missing[0], folder, advance)
                    missing.pop(0)
                return
            except _MirrorError as error:
                failures.append(f"{mirror} {error}")
    if missing:
        raise ConnectionError(
            f"{label} could not be downloaded: {'; '.join(failures) or 'no mirror is known'}."
        )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make `folder`, and turn a failure to write there into a CourseError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise CourseError(
            f"{folder} can't be written ({error}): free disk space or change its permissions."
        ) from error


@contextmanager
def bar(
    console: Console | None, label: str, total: int, *, in_bytes: bool = False
) -> Iterator[Callable[[int], None]]:
    """A progress bar on `console`; yields the function that advances it."""
    if console is None:
        yield lambda amount: None
        return
    from rich import progress

    amount = progress.DownloadColumn() if in_bytes else progress.MofNCompleteColumn()
    columns = ("{task.description}", progress.BarColumn(), amount, progress.TimeRemainingColumn())
    with progress.Progress(*columns, console=console) as shown:
        task = shown.add_task(label, total=total)
        yield lambda step: shown.advance(task, step)


class _MirrorError(Exception):
    """A mirror can't be reached, or sends something else."""


def _fetch(mirror: str, file: Published, folder: Path, advance: Callable[[int], None]) -> None:
    """Stream one file into `folder`. Raises _MirrorError when anything but the right bytes arrives."""
    part = folder / f".{file.name}.{os.getpid()}.part"
    got, digest = 0, hashlib.sha256()
    try:
        with part.open("wb") as stream:
            for piece in _pieces(mirror + file.name, file.size):
                got += len(piece)
                digest.update(piece)
                stream.write(piece)
                advance(len(piece))
        if digest.hexdigest() != file.sha256:
            raise _MirrorError(f"sends a different {file.name}")
        part.replace(folder / file.name)
    except _MirrorError:
        advance(-got)
        raise
    finally:
        part.unlink(missing_ok=True)


def _pieces(url: str, size: int) -> Iterator[bytes]:
    """The answer to `url`: at most `size` bytes, in at most FILE_SECONDS."""
    deadline = time.monotonic() + FILE_SECONDS
    try:
        with urllib.request.urlopen(url, timeout=IDLE_SECONDS) as answer:
            while size > 0 and (piece := answer.read(min(size, 1 << 16))):
                size -= len(piece)
                yield piece
                if time.monotonic() > deadline:
                    raise TimeoutError(f"more than {FILE_SECONDS} s")
    except urllib.error.HTTPError as error:
        raise _MirrorError(f"answers {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)  # urllib wraps the socket's error
        raise _MirrorError(f"fails ({str(reason) or type(error).__name__})") from error
