"""Write a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from coursekit.errors import CourseError


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
