"""Write a file completely or not at all, and one process at a time; names that files can't have; remove any folder;
the user's cache."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from coursekit.core.errors import CourseError

_OF_THE_NAME = frozenset({errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG})
"""errors for a name that the file system can't use"""


def unusable(names: Iterable[str], folder: Path) -> dict[str, str]:
    """The names that files can't have side by side in `folder`, each with the reason.

    Found out by creating all of them in a scratch folder: some file systems don't distinguish upper and lower case,
    two Unicode forms, or a full stop at the end. Raises CourseError if nothing can be written there.
    """
    found = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".names-", dir=folder) as scratch:
            for name in names:
                place = Path(scratch) / name
                try:
                    with place.open("xb") as file:
                        file.write(os.fsencode(name))
                except FileExistsError:
                    other = os.fsdecode(place.read_bytes())
                    found[name] = f"can't be told from {ascii(other)} by the file system of {folder}"
                    found[other] = f"can't be told from {ascii(name)} by the file system of {folder}"
                except OSError as error:
                    if error.errno not in _OF_THE_NAME:
                        raise
                    found[name] = f"can't be the name of a file in {folder} ({error.strerror})"
    except OSError as error:
        raise CourseError(
            f"{folder} can't be written: {error.strerror}. Free some space, or make it writable."
        ) from error
    return found


def user_cache(name: str) -> Path:
    """A folder in the user's cache, which courses share."""
    if root := os.environ.get("XDG_CACHE_HOME"):
        return Path(root) / "coursekit" / name
    try:
        home = Path.home()
    except RuntimeError:  # an account without a home
        home = Path.cwd()
    return home / ".cache" / "coursekit" / name


def replace_text(path: Path, text: str) -> None:
    """Write `text` (UTF-8) to `path`, as replace_bytes() does."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`: to a file beside it first, then renamed. Raises CourseError if it can't."""
    # Short, since the file's own name may have the maximal length; and no other process's, even in another container.
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise CourseError(
            f"{path} can't be written: {error.strerror}. Free some space, or make it writable."
        ) from error


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process has locked `folder`, and keep those that ask out of it meanwhile.

    A file system without locks keeps nobody out. Raises CourseError if nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fd = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise CourseError(
            f"{folder} can't be written: {error.strerror}. Free some space, or make it writable."
        ) from error
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def remove_folder(folder: Path) -> None:
    """Remove a folder that a student's code may have filled, however deeply it is nested."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)
