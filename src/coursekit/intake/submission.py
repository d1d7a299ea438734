"""Take in a submission: copy and check it, find the work in it, and put the assignment's own files beside it."""

from __future__ import annotations

import ast
import contextlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from coursekit.core import cells
from coursekit.core.errors import Refused
from coursekit.core.scratch import scratch_folder
from coursekit.intake.code import Form, Parsed, parse
from coursekit.intake.matching import Matched, match
from coursekit.intake.names import is_notebook, likeness
from coursekit.intake.notebook import READ_HERE, CheckedCell, Notebook, read_notebook
from coursekit.intake.opening import shown
from coursekit.intake.release import Release
from coursekit.intake.script import decoded, is_script
from coursekit.intake.unpack import copy_submission

MAX_READ = 40
"""notebooks, or Python files, of a submission that are looked into"""
MAX_PYTHON_BYTES = 1 << 20
_TEXT = ("", ".json", ".txt")
"""endings of a notebook that was saved under another name"""
_PRINTED = (".html", ".htm", ".pdf")
"""endings of what students export in place of the notebook"""
_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
"""endings of archives that are not unpacked"""


@dataclass(frozen=True)
class Expected:
    """The parts of a submission, and the replacements for parts that are missing.

    notebook: its file name. release: the released notebook. answer_files: the Python files that students write in, as
    released. given: the names of the assignment's other files. writes: the files that the notebook writes when it is
    run, such as a report, and that students submit with it. others: the course's other assignments, each with its
    released notebook; looked up only for a notebook that is not this assignment's.
    """

    notebook: str
    release: Release = field(default_factory=lambda: Release([]))
    answer_files: dict[str, bytes] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    writes: tuple[str, ...] = ()
    others: Callable[[], Mapping[str, Release]] = dict

    @property
    def what(self) -> str:
        return " or ".join([self.notebook, *self.answer_files])

    @cached_property
    def answer_code(self) -> dict[str, Parsed | None]:
        """The statements of each answer file as released."""
        return {name: parse(data.decode("utf-8", "replace")) for name, data in self.answer_files.items()}

    def is_work(self, name: str) -> int:
        """How likely a file's name is that of a file to submit; 0 if it is not at all."""
        written = any(_ending(one) in name.casefold() for one in self.writes)
        return self.is_code(name) or int(written)

    def is_code(self, name: str) -> int:
        """How likely a file's name is that of the notebook, its export, or an answer file; 0 if it is not at all."""
        suffix = Path(name).suffix.lower()
        if not (is_notebook(name) or suffix == ".py" or suffix in _TEXT):
            return 0
        like = max(likeness(name, one) for one in (self.notebook, *self.answer_files))
        return like + (is_notebook(name) or suffix == ".py")


@dataclass
class Submission:
    """A checked copy of a submission."""

    folder: Path
    """holds the notebook and the student's other files: only plain files and folders"""
    matched: Matched
    """the notebook's cells, matched with the release's"""
    notes: list[str] = field(default_factory=list)
    cells: Sequence[CheckedCell] = ()
    """the notebook's cells as the student has them; none if answer files were submitted without a notebook"""
    notebook: Path | None = None
    """the notebook's file in the folder, if it was submitted"""


@contextlib.contextmanager
def take_in(path: Path, expected: Expected) -> Iterator[Submission]:
    """A checked copy of the submission at `path`, removed when the block ends.

    Raises Refused, and GraderFault if the failure is this machine's.
    """
    with scratch_folder() as scratch:
        folder = Path(scratch) / "submission"
        folder.mkdir()
        left_out = copy_submission(path, folder, expected.notebook, expected.is_work)
        try:
            answers = _AnswerFiles(folder, expected)
            submission = _find_notebook(folder, expected, answers)
            answers.gather(submission)
            _gather_written(folder, expected, submission)
        except Refused as refused:
            raise Refused("; ".join([str(refused), *left_out[:3]])) from None
        submission.notes += left_out
        yield submission


# ---- the notebook


@dataclass
class _Candidate:
    """A file that may be the notebook."""

    path: Path
    place: str
    notebook: Notebook
    matched: Matched
    known: int
    """how many of its cells are the release's"""
    likeness: int

    @property
    def rank(self) -> tuple[int, int, int, float, int, str]:
        """The most work first, then the expected name, then the newest."""
        newest = -self.path.stat().st_mtime
        return (
            -self.matched.written,
            -self.likeness,
            -min(self.known, 1),
            newest,
            self.place.count("/"),
            self.place,
        )


def _find_notebook(folder: Path, expected: Expected, answers: _AnswerFiles) -> Submission:
    """The assignment's notebook, or the released one if answer files were submitted without a notebook."""
    found, failed = _candidates(folder, expected, answers.unwritten())
    foreign = [one for one in found if not one.known and not one.matched.written]
    ours = [one for one in found if one not in foreign]
    notes = [f"left out: {why}" for why in failed] if ours else []
    if not ours and answers.found:
        notes += [
            f"left out: {shown(one.place)}: it has no cell of this assignment's notebook" for one in foreign
        ]
        return Submission(answers.folder, match(expected.release, expected.release.cells), notes + failed)
    if not found:
        raise Refused(failed[0] if failed else _nothing(folder, expected))
    best, *others = sorted(ours or found, key=lambda one: one.rank)
    _refuse_other_assignments(best, expected)
    for one in others[:MAX_READ]:
        if one.path.stat().st_size > READ_HERE:
            one.path.unlink()
    if best.likeness < 3:
        name = shown(best.path.name)
        notes.insert(0, f"the notebook is named {name}, not {expected.notebook}: it was graded anyway")
    others += [one for one in foreign if one is not best and one not in others]
    if others:
        notes.insert(0, _which(best, others))
    if not ours:
        notes.append("none of the notebook's cells is this assignment's")
    notes += best.notebook.notes + best.matched.notes
    return Submission(best.path.parent, best.matched, notes, best.notebook.cells, best.path)


def _which(best: _Candidate, others: list[_Candidate]) -> str:
    """Which of several notebooks is graded, and why."""
    text = f"there are {len(others) + 1} notebooks: graded {shown(best.place)}"
    if any(one.matched.written < best.matched.written for one in others):
        text += f", which has the most answers ({best.matched.written})"
    left = ", ".join(f"{shown(one.place)} ({one.matched.written})" for one in others[:3])
    return f"{text}; left: {left}" if left else text


def _candidates(
    folder: Path, expected: Expected, unwritten: frozenset[str]
) -> tuple[list[_Candidate], list[str]]:
    """The notebooks that can be read, and a sentence for each that can't."""
    found: list[_Candidate] = []
    failed: list[str] = []
    paths = _notebooks(folder, expected)
    paths.sort(key=lambda path: (-likeness(path.name, expected.notebook), -path.stat().st_size, path))
    for path in paths[:MAX_READ]:
        place = str(path.relative_to(folder))
        try:
            notebook = read_notebook(path)
        except Refused as refused:
            failed.append(str(refused))
            continue
        matched = match(expected.release, notebook.cells, unwritten)
        known = _known(notebook, expected.release)
        found.append(
            _Candidate(path, place, notebook, matched, known, likeness(path.name, expected.notebook))
        )
    return found, failed


def _notebooks(folder: Path, expected: Expected) -> list[Path]:
    """The files that may be the notebook; where there is none, its exports as a script."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [p for p in files if p.suffix.lower() != ".py" and expected.is_code(p.name)]
    if found:
        return found
    scripts = [p for p in files if p.suffix.lower() == ".py" and p.name not in expected.given]
    return [p for p in scripts if p.name not in expected.answer_files and _is_export(p, expected)]


def _is_export(path: Path, expected: Expected) -> bool:
    """Whether a Python file is the notebook, saved as a script: it has marks between cells, or answers in it."""
    text = _text(path)
    if is_script(text) or likeness(path.name, expected.notebook) > 1:
        return True
    parsed = parse(text)
    return bool(parsed and set(parsed.definitions) & set(expected.release.stubs))


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return decoded(file.read(MAX_PYTHON_BYTES))[0]


def _known(notebook: Notebook, release: Release) -> int:
    """How many code cells of a notebook the release has, by name or text."""
    return sum(bool(cells.is_code(cell) and release.find(cell)) for cell in notebook.cells)


def _refuse_other_assignments(found: _Candidate, expected: Expected) -> None:
    """Refuse a notebook that has more cells of another assignment of the course than of this one."""
    if 2 * found.known >= sum(map(cells.is_code, expected.release.cells)):
        return
    for name, release in expected.others().items():
        if _known(found.notebook, release) > found.known:
            raise Refused(
                f"{shown(found.place)} is the notebook of another assignment, {name}: submit {expected.what}"
            )


def _nothing(folder: Path, expected: Expected) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(files) == 1 and files[0].name in expected.given:
        wanted = " or ".join(expected.answer_files) or expected.notebook
        return f"{shown(files[0].name)} is not a file to write in: submit {wanted}"
    for path in files:
        if path.suffix.lower() in _PRINTED:
            return (
                f"there is no notebook in it: {shown(path.name)} is a page to read, and only the notebook "
                f"itself can be graded. Submit {expected.what}"
            )
        if path.suffix.lower() in _ARCHIVES:
            kind = path.suffix[1:].upper()
            name = shown(path.name)
            return f"there is no notebook in it: {name} is a {kind} archive; submit {expected.what}, or a zip"
    return f"there is no notebook in it: submit {expected.what}"


# ---- the Python files that students write in


class _AnswerFiles:
    """The student's version of each answer file, wherever it is and whatever it is called now."""

    def __init__(self, folder: Path, expected: Expected) -> None:
        self._folder, self._expected = folder, expected
        self._parsed: dict[Path, Parsed | None] = {}
        self.found = {name: path for name in expected.answer_files if (path := self._best(name))}

    @property
    def folder(self) -> Path:
        """Where the first of them is."""
        return next(iter(self.found.values())).parent

    @cached_property
    def _files(self) -> list[Path]:
        files = sorted(p for p in self._folder.rglob("*") if p.is_file() and _is_python(p))
        return [path for path in files if path.name not in self._expected.given]

    def _best(self, name: str) -> Path | None:
        """The file with the most work, then the one with the right name, then the newest."""
        if not self._files:
            return None
        wanted = _methods(self._expected.answer_code[name])
        ranked = []
        for path in self._files[: 5 * MAX_READ]:
            like = likeness(path.name, name)
            if not like and path.name in self._expected.answer_files:
                continue  # it is another one
            has = _methods(self._code(path)) if wanted else {}
            shared = wanted.keys() & has.keys()
            if not like and (not wanted or 2 * len(shared) < len(wanted)):
                continue
            written = sum(has[one] != wanted[one] for one in shared)
            ranked.append((-written, -like, *_newest_first(path, self._folder)))
        return min(ranked)[-1] if ranked else None

    def unwritten(self) -> frozenset[str]:
        """The functions and classes that are there as released, or not at all."""
        found: set[str] = set()
        for name, released in self._expected.answer_code.items():
            path = self.found.get(name)
            mine = self._code(path) if path else None
            same = mine.definitions if mine else {}
            if released and (mine or not path):
                found |= {one for one, form in released.definitions.items() if same.get(one, form) == form}
        return frozenset(found)

    def _code(self, path: Path) -> Parsed | None:
        if path not in self._parsed:
            self._parsed[path] = parse(_text(path))
        return self._parsed[path]

    def gather(self, submission: Submission) -> None:
        """Put every answer file beside the notebook: from elsewhere in the submission, or else as released."""
        for name, released in self._expected.answer_files.items():
            target, found = submission.folder / name, self.found.get(name)
            data = released if found is None else found.read_bytes()
            text, encoding = decoded(data)
            if encoding:
                submission.notes.append(f"{name} is not in UTF-8: read as {encoding}")
                data = text.encode("utf-8", errors="replace")
            if found == target:
                if encoding:
                    target.write_bytes(data)
                continue
            if found is None:
                submission.notes.append(f"{name} is missing: graded as released, without any answers")
            else:
                submission.notes.append(_where(name, found, self._folder))
            if target.is_dir():
                shutil.rmtree(target)
            target.write_bytes(data)


def _where(name: str, found: Path, folder: Path) -> str:
    """The note on a file that is not where it should be."""
    what = "is not beside the notebook" if found.name == name else "is there under another name"
    return f"{name} {what}: graded {shown(str(found.relative_to(folder)))}"


def _is_python(path: Path) -> bool:
    return path.suffix.lower() == ".py" or path.name.lower().endswith((".py.txt", ".py.download"))


def _methods(parsed: Parsed | None) -> dict[str, Form]:
    """The functions and methods in a Python file, by their dotted names, with their forms."""
    found = {}
    for node in [statement.node for statement in parsed.statements] if parsed else ():
        for inner in [node, *(node.body if isinstance(node, ast.ClassDef) else ())]:
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                name = inner.name if inner is node else f"{getattr(node, 'name', '')}.{inner.name}"
                found[name] = Form(inner)
    return found


# ---- the files that the notebook writes


def _gather_written(folder: Path, expected: Expected, submission: Submission) -> None:
    """Put what the notebook has written beside it, from elsewhere in the submission or under another name."""
    for name in expected.writes:
        target = submission.folder / name
        if not target.exists() and (found := _written(folder, expected, name)):
            submission.notes.append(_where(name, found, folder))
            shutil.copyfile(found, target)


def _written(folder: Path, expected: Expected, name: str) -> Path | None:
    """The file whose name is most like the expected one, then the newest; with quite another name only one alone."""
    others = {*expected.given, *expected.writes} - {name}
    ranked = []
    for path in folder.rglob("*"):
        mine, ending, _ = path.name.casefold().partition(_ending(name))
        if ending and path.is_file() and path.name not in others and not mine.startswith("~$"):
            like = 3 if path.name == name else likeness(mine, Path(name).stem)
            ranked.append((-like, *_newest_first(path, folder)))
    best = min(ranked, default=None)
    is_alone = len(ranked) == 1 and sum(_ending(one) == _ending(name) for one in expected.writes) == 1
    return best[-1] if best and (best[0] or is_alone) else None


def _newest_first(path: Path, folder: Path) -> tuple[float, int, str, Path]:
    """Sorts files of a folder: the newest, then the one in the fewest folders, then by the alphabet."""
    place = str(path.relative_to(folder))
    return -path.stat().st_mtime, place.count("/"), place, path


def _ending(name: str) -> str:
    """What a file is known by when its name has been changed."""
    return (Path(name).suffix or name).casefold()


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
