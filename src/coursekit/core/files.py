"""Write a file whole or not at all, and only where its name is one's own; remove a folder whatever is in it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from coursekit.core.errors import CourseError

_OF_THE_NAME = frozenset({errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG})
"""errors of a name that a file system can't take"""


def unusable(names: Iterable[str], folder: Path) -> dict[str, str]:
    """Which of the names files can't have side by side in `folder`, each with why.

    The file system is asked, by trying all in a folder of their own: one may not tell upper from lower case, two
    Unicode forms, or a full stop at the end. Raises CourseError when nothing can be written there.
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
                    found[name] = f"can't be told from {ascii(other)} by the files in {folder}"
                    found[other] = f"can't be told from {ascii(name)} by the files in {folder}"
                except OSError as error:
                    if error.errno not in _OF_THE_NAME:
                        raise
                    found[name] = f"is no name for a file in {folder} ({error.strerror})"
    except OSError as error:
        raise CourseError(f"{folder} can't be written: {error.strerror}. Make room or free it.") from error
    return found


def replace_text(path: Path, text: str) -> None:
    """Put `text` (UTF-8) at `path`: written beside it, then renamed. Raises CourseError when it can't be."""
    part = path.with_name(f".{os.getpid()}.part")  # short: the file's own name may be as long as names get
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise CourseError(f"{path} can't be written: {error.strerror}. Make room or free it.") from error


def remove_folder(folder: Path) -> None:
    """Remove a folder that a student's code may have filled, however deep it is nested."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)
