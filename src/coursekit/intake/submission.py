"""Take in a submission: copy and check it, find its notebook, and put the assignment's own files beside it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.core import cells
from coursekit.core.errors import Refused
from coursekit.intake.notebook import CheckedCell, read_notebook
from coursekit.intake.unpack import copy_submission, shown


@dataclass(frozen=True)
class Expected:
    """The parts of a submission, and the replacements for parts that are missing.

    notebook: its file name. known_ids: the assignment's grade_ids, to recognise its notebook among others. cells:
    the released notebook's. answer_files: the Python files that students write in, as released. given: the names of
    the assignment's other files.
    """

    notebook: str
    known_ids: frozenset[str] = frozenset()
    cells: list[CheckedCell] = field(default_factory=list)
    answer_files: dict[str, bytes] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @property
    def what(self) -> str:
        return " or ".join([self.notebook, *self.answer_files])

    def answer_file(self, name: str) -> str:
        """The answer file that a single Python file is; any name will do if there is only one. Raises Refused."""
        names = list(self.answer_files)
        if name not in names and (name in self.given or len(names) > 1):
            raise Refused(f"{shown(name)} is not a file to write in: submit {' and '.join(names)}")
        return name if name in names else names[0]


@dataclass
class Submission:
    """A checked copy of a submission."""

    folder: Path
    """holds the notebook and the student's other files: only plain files and folders"""
    cells: list[CheckedCell]
    """the notebook's"""
    notes: list[str] = field(default_factory=list)


@contextlib.contextmanager
def take_in(path: Path, expected: Expected) -> Iterator[Submission]:
    """A checked copy of the submission at `path`, removed when the block ends.

    Raises Refused, and GraderFault if the failure is this machine's.
    """
    with tempfile.TemporaryDirectory(prefix="coursekit-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / "submission"
        folder.mkdir()
        copy_submission(
            path, folder, expected.notebook, expected.answer_file if expected.answer_files else None
        )
        submission = _find_notebook(folder, expected)
        _gather_answers(submission, folder, expected.answer_files)
        yield submission


def _find_notebook(folder: Path, expected: Expected) -> Submission:
    """The assignment's notebook, or the released one if answer files were submitted without a notebook."""
    found = [path for path in folder.rglob("*.ipynb") if path.is_file()]
    found.sort(key=lambda p: (p.name != expected.notebook, len(p.parts), str(p)))
    if not found:
        answers = [path for name in expected.answer_files if (path := _nearest(folder, name))]
        if not answers:
            raise Refused(f"there is no notebook in it: submit {expected.what}")
        return Submission(answers[0].parent, expected.cells)
    readable: list[tuple[int, bool, int, Path, list[CheckedCell], list[str]]] = []
    failed: Refused | None = None
    for path in found[:20]:
        try:
            found_cells, notes = read_notebook(path)
        except Refused as error:
            failed = failed or error
            continue
        ours = sum(cells.grade_id(cell) in expected.known_ids for cell in found_cells)
        readable.append((-ours, path.name != expected.notebook, len(readable), path, found_cells, notes))
    if failed and not readable:
        raise failed
    *_, path, found_cells, notes = min(readable, key=lambda row: row[:3])
    if path.name != expected.notebook:
        name = shown(path.name)
        notes.insert(0, f"the notebook is named {name}, not {expected.notebook}: it was graded anyway")
    if len(found) > 1:
        notes.insert(0, f"there are {len(found)} notebooks: graded {shown(str(path.relative_to(folder)))}")
    return Submission(path.parent, found_cells, notes)


def _nearest(folder: Path, name: str) -> Path | None:
    """The file of that name at the highest level of `folder`, if there is one."""
    found = [path for path in folder.rglob(name) if path.is_file()]
    return min(found, key=lambda path: (len(path.parts), str(path)), default=None)


def _gather_answers(submission: Submission, folder: Path, answer_files: dict[str, bytes]) -> None:
    """Put every answer file beside the notebook: from elsewhere in the submission, or else as released."""
    for name, released in answer_files.items():
        target = submission.folder / name
        if target.is_file():
            continue
        found = _nearest(folder, name)
        if found is None:
            submission.notes.append(f"{name} is missing: graded as released, without any answers")
        else:
            place = shown(str(found.relative_to(folder)))
            submission.notes.append(f"{name} is not beside the notebook: graded {place}")
        data = released if found is None else found.read_bytes()
        if target.is_dir():
            shutil.rmtree(target)
        target.write_bytes(data)


def add_files(submission: Submission, files: Path) -> None:
    """Put the assignment's own files beside the notebook, over the student's copies."""
    for source in sorted(files.rglob("*")) if files.is_dir() else []:
        target = submission.folder / source.relative_to(files)
        if source.is_dir():
            if not target.is_dir():
                target.unlink(missing_ok=True)  # a student's file with that name
            continue
        if target.is_file() and target.read_bytes() != source.read_bytes():
            submission.notes.append(f"{target.name} was changed: graded with the original")
        if target.is_dir():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
