"""Put a whole build in place, or none of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFIX = ".coursekit-"


@contextmanager
def staged(root: Path, built: dict[str, dict[str, bytes]]) -> Iterator[dict[str, Path]]:
    """The built files, by folder and name, written to folders of their own below `root`.

    They are on the targets' file system, so that `replace` can rename them. They are removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=root) as scratch:
        for kind, files in built.items():
            for name, data in files.items():
                path = Path(scratch, "new", kind, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        Path(scratch, "old").mkdir()
        yield {kind: Path(scratch, "new", kind) for kind in built}


def replace(targets: dict[str, Path], folders: dict[str, Path]) -> None:
    """Replace each target by its staged folder: all of them, or if anything fails, none."""
    moved: list[tuple[Path, Path]] = []
    try:
        for kind, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                old = folders[kind].parent.with_name("old") / kind
                target.rename(old)
                moved.append((old, target))
            folders[kind].rename(target)
            moved.append((target, folders[kind]))
    except BaseException:
        for now, before in reversed(moved):
            now.rename(before)
        raise


def read_stored(path: Path) -> dict[str, Any]:
    """The JSON object that an earlier build has written to `path`; empty if the file is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
