"""Open a path in a student's folder so that nothing can be swapped for a link while it is looked at."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from coursekit.core.errors import Refused

LINK = "a link: submit the file or folder itself"


@contextlib.contextmanager
def folder_of(path: Path) -> Iterator[int]:
    """The folder that contains `path`, held open.

    The last two names of `path` are a student's folder and the submission: if one of them is a link, it is not
    followed. The folders above are the instructor's choice, and may be links to another disk.
    """
    parent = path.absolute().parent
    above = os.open(parent.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        how = os.O_PATH | os.O_DIRECTORY
        with opened(parent.name or ".", above, shown(parent.name), how) as fd:
            yield fd
    finally:
        os.close(above)


@contextlib.contextmanager
def opened(name: str, folder: int, shown: str, how: int = os.O_RDONLY | os.O_NONBLOCK) -> Iterator[int]:
    """The plain file or folder of that name in the open `folder`, opened so that it can't be swapped for another.

    Raises Refused for a link and for anything else. `shown` is its name in messages.

    A file with several names (hard links) is refused if its owner is not the folder's owner: the student may want
    the grader to read a file that they can't read themselves. Otherwise it is as harmless as a copy, and backups and
    storage without duplicates turn honest work into such files.
    """
    _check_kind(
        os.stat(name, dir_fd=folder, follow_symlinks=False), shown
    )  # before opening: opening a device can have effects
    try:
        fd = os.open(name, how | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refused(f"{shown} is {LINK}") from None
        raise
    try:
        info = os.fstat(fd)
        _check_kind(info, shown)
        if stat.S_ISREG(info.st_mode) and info.st_nlink > 1 and info.st_uid != os.fstat(folder).st_uid:
            raise Refused(f"{shown} is a link to a file of somebody else's: submit a copy")
        yield fd
    finally:
        os.close(fd)


@contextlib.contextmanager
def opened_below(place: PurePosixPath, folder: int) -> Iterator[int]:
    """The file at `place` below the open `folder`, as opened() opens it."""
    with contextlib.ExitStack() as stack:
        fd, parts = folder, place.parts
        for count, name in enumerate(parts, start=1):
            is_last = count == len(parts)
            how = os.O_RDONLY | (os.O_NONBLOCK if is_last else os.O_DIRECTORY)
            fd = stack.enter_context(opened(name, fd, shown(str(PurePosixPath(*parts[:count]))), how))
        yield fd


def _check_kind(info: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(info.st_mode) and not stat.S_ISDIR(info.st_mode):
        what = LINK if stat.S_ISLNK(info.st_mode) else "not a plain file or folder"
        raise Refused(f"{shown} is {what}")


def shown(name: str) -> str:
    """A name that a student chose, safe to show in a message."""
    return ascii(name[:120])
