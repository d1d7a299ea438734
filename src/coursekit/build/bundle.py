"""``autograder.zip`` for ``otter run`` and otter on Gradescope, made by ``otter generate``, with reproducible bytes."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from coursekit.build.testfiles import cell_names, modules
from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.core.zips import packed

OTTER_CONFIG = {"pdf": False, "show_hidden": False}


def bundle(tests: dict[str, str], files: dict[str, bytes], requirements: str) -> bytes:
    """The zip's bytes, from the test files and the given files, which otter writes over the student's.

    The container that Gradescope builds from it installs `requirements` beside otter.
    """
    # The whole package first (core/quick_start.py): its modules import each other in a circle.
    from otter import api as api
    from otter.generate import main as otter_generate

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        root = Path(folder)
        _write(root / "tests", {name: text.encode() for name, text in tests.items()})
        _write(root, files)
        settings, needed, out = (root / name for name in (".otter.json", ".requirements", ".autograder.zip"))
        settings.write_text(json.dumps(OTTER_CONFIG))
        needed.write_text(requirements)
        otter_generate(
            tests_dir="tests",
            output_path=str(out),
            config=str(settings),
            requirements=str(needed),
            no_environment=True,
            files=sorted({Path(name).parts[0] for name in files}),
        )
        return _repacked(out)


def requirements(notebook: Any, files: dict[str, bytes]) -> str:
    """The packages that the notebook needs: the support file ``requirements.txt``, else the modules it imports.

    Each module is assumed to come from a package with the same name, which is true of numpy and matplotlib.
    """
    if "requirements.txt" in files:
        return files["requirements.txt"].decode()
    statements = [
        statement
        for position, cell in enumerate(notebook.cells)
        if cells.is_code(cell)
        for lines in cell_names(cell, position).imports.values()
        for statement in lines
    ]
    local = {Path(name).parts[0].removesuffix(".py") for name in files}
    outside = sorted(modules(statements) - local - set(sys.stdlib_module_names) - {"coursekit"})
    return "".join(f"{name}\n" for name in outside)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        if path.exists():
            raise CourseError(f"otter can't pack a support file with the name {name!r}: rename it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _repacked(path: Path) -> bytes:
    """The zip at `path` with reproducible bytes."""
    with zipfile.ZipFile(path) as old:
        return packed({name: old.read(name) for name in old.namelist()}, ("setup.sh", "run_autograder"))
