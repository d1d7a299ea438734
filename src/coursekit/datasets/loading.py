"""Load a course's own datasets from its folder ``data/``, by name."""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import Dataset, Located

if TYPE_CHECKING:
    from rich.console import Console

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load(course: Course, name: str) -> Dataset:
    """The dataset that the course's ``data/<name>.py`` defines. That file is trusted code, and is run.

    Raises CourseError when `name` is not a plain name, or the file is missing or does not define a dataset.
    """
    if not _NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} can't be a dataset's name: use lower-case letters, digits and underscores, a letter first."
        )
    path = course.data / f"{name}.py"
    if not path.is_file():
        raise CourseError(f"The course has no dataset {name!r}: {path} is missing.")
    try:
        module = _module(path)
    except Exception as error:
        raise CourseError(f"{path} can't be loaded: {type(error).__name__}: {error}.") from error
    dataset = getattr(module, "DATASET", None)
    if not isinstance(dataset, Dataset):
        raise CourseError(
            f"{path} must define DATASET, an instance of a subclass of coursekit.datasets.Dataset."
        )
    for setting in ("label", "variable"):
        text = getattr(dataset, setting, None)
        if not isinstance(text, str) or not text:
            raise CourseError(f"The DATASET of {path} needs a {setting}, a string that is not empty.")
    return dataset


def locate(course: Course, name: str) -> Located | None:
    """Where the dataset called `name` is, without the network; None when `name` is empty. Raises CourseError."""
    return _checked(course, name, load(course, name).locate(course.data)) if name else None


def prepare(
    course: Course, name: str, *, offline: bool = False, progress: Console | None = None
) -> Located | None:
    """Like locate(), but first make sure that the dataset is there: see Dataset.prepare()."""
    if not name:
        return None
    return _checked(course, name, load(course, name).prepare(course.data, offline=offline, progress=progress))


def _checked(course: Course, name: str, found: Located) -> Located:
    """`found`, if its folder exists: a sandbox can only show a real folder to a student's code."""
    if not found.folder.is_dir():
        raise CourseError(
            f"The dataset {name!r} is missing: {found.folder} is not a folder. Run 'coursekit data' first."
        )
    return found


def _module(path: Path) -> types.ModuleType:
    """The module at `path`, imported once, in a package of its own: ``from . import other`` finds the files beside it.

    The folder is not on sys.path, where other code would find the course's files under their plain names.
    """
    folder = path.parent.resolve()
    package = f"_coursekit_data_{hashlib.sha256(bytes(folder)).hexdigest()[:16]}"
    if package not in sys.modules:
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [str(folder)]
    importlib.invalidate_caches()  # the file may be newer than the cached list of its folder
    return importlib.import_module(f"{package}.{path.stem}")
