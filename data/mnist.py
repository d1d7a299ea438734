"""MNIST's digits for this course: find them, download and verify them, or draw the stand-in.

`digits.py`, which students get, looks in the same places and works without this file; a test compares the two.
"""

from __future__ import annotations

import gzip
import math
import os
import shutil
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.core.errors import CourseError
from coursekit.datasets import Dataset, Located
from coursekit.datasets.download import Published, bar, cache, download, writing

if TYPE_CHECKING:
    from rich.console import Console

MNIST = "MNIST"
STAND_IN = "stand-in"

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


@dataclass(frozen=True)
class Archive(Published):
    """One .gz file, and the shape of the unsigned bytes inside."""

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


@dataclass(frozen=True)
class Digits(Dataset):
    """MNIST if it is here or can be downloaded, else the stand-in. Both have the same four archives."""

    archives: Sequence[Archive] = ARCHIVES
    mirrors: Sequence[str] = MIRRORS

    label = MNIST
    variable = "MNIST_DIR"
    note = "During grading, networks were trained on MNIST."

    def locate(self, data: Path) -> Located:
        """The first of $MNIST_DIR, data/mnist, the user's cache and data/standin that contains all four archives.

        Raises CourseError when none does, or when an archive there is damaged.
        """
        folder = self._first(data)
        if folder is None:
            raise CourseError(f"The digits are missing in {data}: run 'coursekit data' first.")
        kind = self._kind(folder)
        if kind is None:
            raise CourseError(self._damage(folder))
        return self._at(folder, kind)

    def prepare(self, data: Path, *, offline: bool = False, progress: Console | None = None) -> Located:
        """Make sure that there are digits: download MNIST into data/mnist, or draw a stand-in into data/standin.

        Raises CourseError when a damaged archive can't be downloaded again, and when a folder can't be written.
        """
        say = progress.print if progress else lambda *_, **__: None
        standin = data / "standin"
        folder = self._first(data)
        kind = self._kind(folder) if folder else None
        if kind and folder != standin:
            return self._at(folder, kind)
        if os.environ.get(self.variable) and folder != self._chosen():
            say(f"{self.variable} is set, but its folder does not contain all four archives.", style="yellow")

        target = data / "mnist" if folder in (None, standin) else folder
        if not offline:
            try:
                download(MNIST, self.archives, target, self.mirrors, progress=progress)
                return self._at(target, MNIST)
            except ConnectionError as error:
                say(f"{error}", style="yellow", markup=False)
        if folder == target:
            raise CourseError(self._damage(folder))
        if kind is None:
            make_standin(standin, progress=progress)
        return self._at(standin, STAND_IN)

    def _at(self, folder: Path, kind: str) -> Located:
        if kind == MNIST:
            return self.at(folder)
        note = "During grading, networks were trained on the stand-in for MNIST: digits drawn from fonts."
        return Located(folder, self.variable, STAND_IN, note, "trained on the stand-in, not on MNIST")

    def _chosen(self) -> Path | None:
        """The folder in $MNIST_DIR."""
        chosen = os.environ.get(self.variable)
        return Path(chosen).resolve() if chosen else None

    def _first(self, data: Path) -> Path | None:
        """The first folder that contains all four archives, valid or not."""
        for folder in (self._chosen(), data / "mnist", cache("mnist"), data / "standin"):
            if folder and all((folder / archive.name).is_file() for archive in self.archives):
                return folder
        return None

    def _kind(self, folder: Path) -> str | None:
        """MNIST if equal byte for byte; STAND_IN if every archive unpacks to the right shape; else None."""
        if all(archive.is_at(folder / archive.name) for archive in self.archives):
            return MNIST
        return STAND_IN if all(_unpacks(folder / one.name, one.shape) for one in self.archives) else None

    def _damage(self, folder: Path) -> str:
        broken = next(one.name for one in self.archives if not _unpacks(folder / one.name, one.shape))
        return f"{folder / broken} is damaged: delete it, and run 'coursekit data' again."


def _unpacks(path: Path, shape: tuple[int, ...]) -> bool:
    """Whether `path` is a whole, gzipped idx file of unsigned bytes of this shape."""
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    length = len(header) + math.prod(shape)
    try:
        with gzip.open(path) as file:
            content = file.read(length + 1)
    except (OSError, EOFError, zlib.error):
        return False
    return len(content) == length and content.startswith(header)


def make_standin(folder: Path, *, progress: Console | None = None) -> None:
    """Draw the stand-in into `folder`, replacing an old one. The folder appears whole or not at all."""
    from . import synthetic

    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    total = sum(synthetic.TRAIN_COUNTS) + sum(synthetic.TEST_COUNTS)
    with writing(part), bar(progress, "Drawing the stand-in for MNIST", total) as advance:
        try:
            synthetic.write(part, advance=advance)
            shutil.rmtree(folder, ignore_errors=True)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


DATASET = Digits()
