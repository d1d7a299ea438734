"""What must hold of everything that a student's bytes can reach: a target is a function of bytes.

It returns when all is well, whatever the bytes are: refused as documented, or taken as what is allowed. Anything
else raises: an AssertionError of its own, or the exception that should not have come out.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import html.parser
import io
import json
import os
import random
import re
import socket
import sys
import tempfile
import time
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import msgpack
import numpy as np
from rich.console import Console

from coursekit.collect import collecting
from coursekit.core.course import Course
from coursekit.core.errors import CaseEnded, CourseError, Refused
from coursekit.core.limits import Limits
from coursekit.core.result import BadResult, Result
from coursekit.grading.messages import Places, described
from coursekit.intake import contents
from coursekit.intake import notebook as notebooks
from coursekit.intake import submission as submissions
from coursekit.intake import unpack as intake
from coursekit.intake.digest import digest_of
from coursekit.intake.matching import Matched, match
from coursekit.intake.release import Release
from coursekit.outputs import feedback, gradebook
from coursekit.outputs import terminal as table
from coursekit.outputs.base import ClassReport, QuestionInfo
from coursekit.sandbox import fork, loading
from coursekit.sandbox import raised as exceptions
from coursekit.sandbox.inside import wire
from coursekit.sandbox.process import Process
from coursekit.sandbox.proxies import PROXIES, Nothing, Proxy, plain
from coursekit.verify.attacks import pages

MAX_INPUT = 1 << 14  # bytes; every limit below can be reached with fewer
MAX_MESSAGES = 24
SECONDS = 5

# Limits for intake that an input of MAX_INPUT bytes can be over.
SMALL = {"MAX_BYTES": 1 << 18, "MAX_FILES": 20, "MAX_NOTEBOOK_BYTES": 1 << 13, "MAX_NOTEBOOKS": 5}
SMALL_CONTENTS = {"MAX_DEPTH": 6, "MAX_SEEN": 200}
SMALL_NOTEBOOK = {"MAX_CELLS": 30}


# ---- values


ATOMS = wire.KEYS
SEQUENCES = {list, tuple, set, frozenset}
SCALARS = {*(dtype.type for dtype in wire.DTYPES.values()), np.str_, np.bytes_, np.datetime64, np.timedelta64}


def assert_plain(value: Any) -> None:
    """Nothing in `value` is of a type that the grader does not know, or lies about what it holds."""
    pending, seen = [value], set()
    while pending:
        one = pending.pop()
        kind = type(one)
        if kind in ATOMS or kind in SCALARS or id(one) in seen:
            continue
        seen.add(id(one))
        if kind in SEQUENCES:
            pending.extend(one)
        elif kind is dict:
            pending.extend(one.keys())
            pending.extend(one.values())
        elif kind is slice:
            pending.extend((one.start, one.stop, one.step))
        elif kind in (np.ndarray, Nothing):
            assert_sound(one)
        else:
            assert kind in PROXIES or kind is OrderedDict or issubclass(kind, np.dtype), kind


def assert_sound(array: np.ndarray) -> None:
    """An array's elements are of its type: bools are 0 or 1, characters exist."""
    assert array.dtype in wire.DTYPES.values() or wire.OTHER_DTYPE.fullmatch(array.dtype.str), array.dtype
    assert array.nbytes <= MAX_INPUT * 2
    if array.dtype == bool:
        assert array.tobytes().count(0) + array.tobytes().count(1) == array.size
    array.tolist()
    if array.size < 100:
        repr(array)


def messages(data: bytes) -> Iterator[Any]:
    """The msgpack objects that `data` begins with."""
    unpacker = msgpack.Unpacker(unicode_errors="surrogatepass", strict_map_key=False)
    unpacker.feed(data)
    with contextlib.suppress(ValueError, TypeError, RecursionError, msgpack.UnpackException):
        for count, message in enumerate(unpacker):
            if count == MAX_MESSAGES:
                return
            yield message


def blobs_of(value: Any) -> list[bytearray]:
    return [bytearray(blob) for blob in value if type(blob) is bytes] if type(value) is list else []


def values(data: bytes) -> None:
    """Messages of [value, objects, arrays' bytes], one after the other, to wire.Shared.accept."""
    case = fork.Fork(None)
    shared = case.channel.shared
    fixed = np.arange(3.0)
    fixed.flags.writeable = False
    given = [np.zeros(3), [1, [2]], {"W": np.ones((2, 2), np.float32)}, {1, 2}, fixed, OrderedDict(a=[1])]
    shared.export(given)
    for message in messages(data):
        if type(message) is not list or len(message) != 3:
            return
        encoded, objects, blobs = message
        try:
            value, changed = shared.accept(encoded, objects, blobs_of(blobs))
        except wire.WireError:
            return
        assert_plain(value)
        assert_plain([changed, *shared._objects.values()])
        assert fixed.tolist() == [0, 1, 2]
        with contextlib.suppress(wire.WireError):
            shared.export([value, *given])
        shared.prune()


def random_state(data: bytes) -> None:
    """A random state from a message to wire.set_random_state."""
    for state in messages(data):
        seed()
        with contextlib.suppress(wire.WireError):
            wire.set_random_state(state)
        assert_draws()


def seed() -> None:
    np.random.seed(1)
    random.seed(1)


def assert_draws() -> None:
    for drawn in (np.random.rand(2000).tolist(), [random.random() for _ in range(2000)]):
        assert all(0 <= number < 1 for number in drawn)
        assert len(set(drawn)) > 1, "it draws the same for ever"
    assert abs(np.random.randn()) < 12 and abs(random.gauss(0, 1)) < 12


# ---- the grader's end of a socket


@contextlib.contextmanager
def line(send: Callable[[socket.socket], None]) -> Iterator[socket.socket]:
    """The grader's end of a connection whose other end sends that and no more."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(SECONDS)
        send(theirs)
        theirs.shutdown(socket.SHUT_WR)
        yield ours


def send_frames(data: bytes) -> Callable[[socket.socket], None]:
    """Sends `data`, messages of [header, arrays' bytes], as sound frames."""

    def send(sock: socket.socket) -> None:
        for message in messages(data):
            header, blobs = message if type(message) is list and len(message) == 2 else (message, [])
            with contextlib.suppress(ValueError, OverflowError):  # what msgpack can't pack can't be sent
                wire.send(sock, header, [memoryview(blob) for blob in blobs_of(blobs)])

    return send


def frames(data: bytes) -> None:
    """Bytes to wire.receive."""
    with line(lambda sock: sock.sendall(data)) as sock:
        for _ in range(MAX_MESSAGES):
            try:
                _, blobs, fds = wire.receive(sock, time.monotonic() + SECONDS, 1 << 13, 1 << 13)
            except (wire.WireError, EOFError):
                return
            assert sum(map(len, blobs)) <= 1 << 13 and not fds
            assert len(blobs) <= 1 << 10, "more arrays than the header can describe"


class Broken(BaseException):
    """A promise that was broken where a test would take an Exception for the student's."""


class WatchedCase(fork.Fork):
    """A Case whose every request ends as documented. Raises Broken."""

    def request(self, op: str, *args: Any) -> Any:
        try:
            value = super().request(op, *args)
            assert_plain(value)
            return value
        except Exception as error:
            try:
                assert op == "next" or type(error) is not StopIteration
                assert_raised(error)
            except Exception as broken:
                raise Broken from broken
            raise


def assert_raised(error: Exception) -> None:
    """It is a student's exception, and its text has bounds; or the end of a loop."""
    if type(error) is not StopIteration:
        assert isinstance(error, Exception)
        assert sum(len(part.text) for part in described(error.raised, Places())) < 10_000


def replies(data: bytes) -> None:
    """Messages of [reply, arrays' bytes] to Case.request, from a test that uses what it gets in every way."""
    seed()
    with line(send_frames(data)) as sock:
        case = WatchedCase(fork.Connection(sock, -1))
        case.limit(SECONDS)
        value = None
        try:
            for use in USES:
                with contextlib.suppress(Exception):  # the student's, or of what they made a number or a list
                    found = use(case, value)
                    value = found if isinstance(found, Proxy) else value
        except CaseEnded as ended:
            assert ended.kind in ("endless", "gone", "unusable", "form", "changing", "contradiction")
            assert len(str(ended)) < 2000
        except Broken as broken:
            raise AssertionError("not an end that is documented") from broken.__cause__
        finally:
            assert_draws()


USES: list[Callable[[Any, Any], Any]] = [
    lambda case, it: case.request("get", "f"),
    lambda case, it: case.request("call", it, ([1.5, np.ones(2)],), {}) if isinstance(it, Proxy) else None,
    lambda case, it: plain(it),
    lambda case, it: len(it) == len(it),
    lambda case, it: str(it) + repr(it) + format(it, "") if isinstance(it, Proxy) else None,
    lambda case, it: {it: hash(it)} if isinstance(it, Proxy) else None,
    lambda case, it: it == it,
    lambda case, it: -it + it,
    lambda case, it: [*it.keys(), *it.items(), it.get(1)],
    lambda case, it: 1 in it,
    lambda case, it: list(it) == list(it),
    lambda case, it: [dir(it), it.__doc__, copy.deepcopy(it)],
    lambda case, it: it == 3,
    lambda case, it: np.asarray(it) if isinstance(it, Proxy) else None,
    lambda case, it: it.attribute if isinstance(it, Proxy) else None,
    lambda case, it: it[0] if isinstance(it, Proxy) else None,
    lambda case, it: len(it) + int(it) + float(it) if isinstance(it, Proxy) else None,
    lambda case, it: bool(it) if isinstance(it, Proxy) else None,
    lambda case, it: (
        [value for value, _ in zip(it, range(3), strict=False)] if isinstance(it, Proxy) else None
    ),
    lambda case, it: case.request("call", it, (it, {"a": np.zeros(2)}), {}),
    lambda case, it: case.request("plain", it),
]


def load(data: bytes) -> None:
    """Messages of [message, arrays' bytes] to the grader while it has the notebook loaded."""
    with line(send_frames(data)) as sock:
        notebook = loading.Notebook([(1, "x = 1"), (2, "y")])
        student = loading.LoadedNotebook("none", Limits(load_seconds=SECONDS), notebook, None)
        output = SimpleNamespace(since=lambda mark: "", close=lambda: None)
        ended = SimpleNamespace(wait=lambda seconds: 1, returncode=1, pid=0, poll=lambda: 1)
        with contextlib.suppress(loading._LoadEnded):
            student._load(Process(ended, sock, output, None))
        assert type(student.load.names) is frozenset
        assert {type(name) for name in student.load.names} <= {str}
        assert student.load.raised.keys() <= {1, 2}
        for raised in student.load.raised.values():
            assert_raised(exceptions.to_exception(raised))
        for names in (student.load.stand_ins, *student.load.kept.values(), *student.load.changes.values()):
            assert {type(name) for name in names} <= {str}


# ---- what is handed in


def _cell(source: str, name: str | None = None, **roles: Any) -> dict[str, Any]:
    roles = {"grade_id": name, "grade": False, "solution": False, "locked": False} | roles
    return {"cell_type": "code", "source": source, "metadata": {"nbgrader": roles} if name else {}}


RELEASE = [
    _cell("import math", "imports", locked=True),
    _cell("def f(): ...", "f", solution=True),
    _cell("assert f()", "test_f", grade=True, locked=True, points=1),
    _cell("def given(): return f()", "given", locked=True),
    _cell("plot()") | {"metadata": {"tags": ["skip-execution"]}},
]
RELEASED = Release(RELEASE)
WRITES = {
    "os.mkdir",
    "os.rename",
    "os.symlink",
    "os.link",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.truncate",
}
_watched: list[str] = []  # the folder that may be written to, while something is taken in
_written: list[str] = []  # what was, elsewhere


def _watch_writes(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watched:
        return
    if event == "open":
        path, _, flags = arguments
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            return
    elif event in WRITES:
        path = arguments[1] if event in ("os.symlink", "os.link") else arguments[0]
    else:
        return
    if isinstance(path, int):
        return
    path = Path(os.fsdecode(path))
    real = path.parent.resolve() / path.name
    # Cleaning up removes names relative to a folder that is open, which look like names in the working folder.
    cleans_up = event in ("os.remove", "os.rmdir") and path.name == str(path)
    if not (real.is_relative_to(_watched[0]) or cleans_up):
        _written.append(f"{event} {real}")


sys.addaudithook(_watch_writes)


@contextlib.contextmanager
def watching(folder: Path) -> Iterator[None]:
    """Fails when anything is written that is not below `folder`."""
    _written.clear()
    _watched.append(os.path.realpath(folder))
    try:
        yield
    finally:
        _watched.clear()
    assert not _written, _written


class CountingZip(zipfile.ZipFile):
    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        assert len(self.filelist) <= contents.MAX_SEEN, "too long a list was read"


@contextlib.contextmanager
def small_limits() -> Iterator[None]:
    with (
        mock.patch.multiple(intake, **SMALL),
        mock.patch.multiple(
            contents,
            **SMALL_CONTENTS,
            zipfile=SimpleNamespace(
                ZipFile=CountingZip, ZipInfo=zipfile.ZipInfo, BadZipFile=zipfile.BadZipFile
            ),
        ),
        mock.patch.multiple(notebooks, **SMALL_NOTEBOOK),
    ):
        yield


@contextlib.contextmanager
def arena() -> Iterator[Path]:
    """A folder for one input, with `temporary` in it as the place for temporary files."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="fuzz-", dir=memory if os.access(memory, os.W_OK) else None
    ) as name:
        here = Path(name)
        (here / "temporary").mkdir()
        before, tempfile.tempdir = tempfile.tempdir, str(here / "temporary")
        try:
            yield here
        finally:
            tempfile.tempdir = before


def take(here: Path, path: Path) -> None:
    """Take in `path` and look at what comes of it, as grading does."""
    original = here / "original"
    (original / "data").mkdir(parents=True)
    (original / "digits.py").write_text("x = 1")
    (original / "data" / "more.txt").write_text("more")
    temporary = here / "temporary"
    with warnings.catch_warnings(), watching(temporary), small_limits():
        warnings.simplefilter("ignore")
        try:
            with submissions.take_in(path, submissions.Expected("hw.ipynb", RELEASED)) as submission:
                assert submission.folder.resolve().is_relative_to(temporary.resolve())
                assert_taken(next(temporary.iterdir()))
                assert_matched(submission.matched, submission.notes)
                submissions.add_files(submission, original)
                assert (submission.folder / "digits.py").read_text() == "x = 1"
                assert (submission.folder / "data" / "more.txt").read_text() == "more"
        except Refused as refused:
            assert str(refused)
    assert not list(temporary.iterdir()), "it is still there"


def assert_taken(folder: Path) -> None:
    """Plain files and folders only, and not more than the limits allow."""
    found = [Path(at) / name for at, folders, files in os.walk(folder) for name in (*folders, *files)]
    files = [path for path in found if not (path.is_dir() and not path.is_symlink())]
    assert all(path.is_file() and not path.is_symlink() for path in files)
    assert len(files) <= intake.MAX_FILES + intake.MAX_NOTEBOOKS
    assert sum(path.stat().st_size for path in files) <= intake.MAX_BYTES + 2 * intake.MAX_NOTEBOOK_BYTES


def assert_cells(cells: list[dict[str, Any]], notes: list[str]) -> None:
    assert len(cells) <= notebooks.MAX_CELLS
    for cell in cells:
        kinds = {key: type(value) for key, value in cell.items()}
        assert kinds == {"cell_type": str, "source": str, "metadata": dict, "number": int}
    assert_matched(match(RELEASED, cells), notes)


def assert_matched(matched: Matched, notes: list[str]) -> None:
    run, more = matched.to_run, matched.notes
    assert all(type(number) is int and type(source) is str for number, source in run)
    assert len({number for number, _ in run}) == len(run)
    assert {"import math", "def given(): return f()"} <= {source for _, source in run}, "locked cells are run"
    assert matched.places.keys() == {"test_f"}
    assert all(0 <= place <= len(run) for place in matched.places.values())
    assert all(type(note) is str and len(note) < 2000 for note in notes + more)


def notebook(data: bytes) -> None:
    """A notebook's bytes to read_notebook and plan."""
    with arena() as here, small_limits():
        path = here / "temporary" / "hw.ipynb"
        path.write_bytes(data)
        try:
            found = notebooks.read_notebook(path)
        except Refused as refused:
            assert str(refused)
            return
        assert_cells(found.cells, found.notes)


def archive(data: bytes) -> None:
    """A zip's bytes to take_in."""
    with arena() as here:
        (here / "ada.zip").write_bytes(data)
        take(here, here / "ada.zip")


def folder(data: bytes) -> None:
    """A folder, given as messages of [kind, name, contents], to take_in."""
    with arena() as here:
        make_folder(here / "ada", data)
        digest_of(here / "ada")
        take(here, here / "ada")


def download(data: bytes) -> None:
    """A zip's bytes to collect, twice: what is written is below the course, whole, and the same the second time."""
    with arena() as here:
        (here / "tiny.zip").write_bytes(data)
        course = Course(here / "temporary" / "course")
        for name in ("tiny", "other"):
            (course.root / "source" / name).mkdir(parents=True)
            (course.root / "source" / name / f"{name}.ipynb").write_text("{}")
        (course.root / "roster.csv").write_text("id,name,group,canvas\n1,Ada,a,7\n2,Bob,a,8\n")
        found, before = None, None
        for _ in range(2):
            with warnings.catch_warnings(), watching(here / "temporary"), small_limits():
                warnings.simplefilter("ignore")
                with contextlib.suppress(CourseError):
                    found = collecting.collect(
                        course, [here / "tiny.zip"], collecting.Wanted(), lambda text: None
                    )
            after = collected(course)
            assert before is None or (after == before and (found is None or not found.new))
            before = after
        shown = "\n".join([*found.left, *found.remarks, found.counts()]) if found else ""
        assert not HIDDEN.search(shown)


def collected(course: Course) -> dict[str, bytes]:
    """What is in submitted/ and collected/: plain files alone, each submission a folder of a student's folder."""
    found = {}
    for top in (course.submitted, course.collected):
        for path in top.rglob("*"):
            assert not path.is_symlink() and (path.is_dir() or path.is_file())
            place = path.relative_to(top)
            assert not place.parts[0].startswith(".") or place.name == ".lock", place
            if path.is_file():
                found[f"{top.name}/{place}"] = path.read_bytes()
    for student in course.submitted.glob("*"):
        assert {one.name for one in student.iterdir()} <= {"tiny", "other"}
    return found


def make_folder(folder: Path, data: bytes) -> None:
    """The files (kind 0), folders (1), pipes (2) and links (3) that `data` asks for; links come last."""
    folder.mkdir()
    wanted = [
        item for item in messages(data) if type(item) is list and list(map(type, item)) == [int, bytes, bytes]
    ]
    for kind, name, text in sorted(wanted, key=lambda item: item[0] % 4):
        path = folder / os.fsdecode(name)
        if b"\0" in name + text[:4000] * (kind % 4 == 3) or ".." in path.parts or name[:1] == b"/":
            continue
        with contextlib.suppress(OSError):  # it is there already, or no name for a file
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind % 4 == 0:
                path.write_bytes(text)
            elif kind % 4 == 1:
                path.mkdir()
            elif kind % 4 == 2:
                os.mkfifo(path)
            elif path.parent.resolve().is_relative_to(folder.resolve()):
                path.symlink_to(os.fsdecode(text))


# ---- what is shown


HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]")
FORMULA = re.compile(r"(^\s*|;[\s\"]*)[=+\-@＝＋－＠]")
MARKUP = dict.fromkeys(map(ord, "<>&\"'{}%#"), "x")


class Page(html.parser.HTMLParser):
    """The elements of a page, in order, and how many marks of markup it is made of."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.marks = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.marks += 1
        self.elements.append((tag, attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.marks += 1

    def handle_decl(self, decl: str) -> None:
        self.marks += 1


def shown(data: bytes) -> None:
    """A result whose texts are [student, error, sandbox, data, question, output, status, note…] to all reports."""
    for message in messages(data):
        if type(message) is not list:
            return
        texts = [text if type(text) is str else "" for text in message] + [""] * 7
        student, error, sandbox, digits, question, output, status, *notes = texts
        part = {"kind": KINDS[len(output) % len(KINDS)], "text": output}
        verdict = {"kind": "verdict", "hidden": True, "passed": False}
        found = {
            "schema": 2,
            "score": 5.0,
            "tests": [
                {
                    "name": name,
                    "score": 2.5,
                    "max_score": 5.0,
                    "status": stood,
                    "parts": [verdict, part],
                }
                for name, stood in ((question, "failed"), ("forward", status or "passed"))
            ],
            "extra_data": {
                "student": student,
                "assignment": "hw",
                "max_score": 10.0,
                "sealed": not sandbox,
                "sandbox": sandbox,
                "data": digits,
                "error": error or None,
            },
            "data": {"note": digits, "warning": error},
            "notes": [{"text": note, "traceback": output} for note in notes],
        }
        try:
            result = Result.from_json(json.loads(json.dumps(found)))
        except BadResult:
            continue
        assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result
        asked = [QuestionInfo(question, 5.0), QuestionInfo("forward", 5.0)]
        tame = Result.from_json(without_markup(found))
        page = feedback.render(result, "Homework")
        assert_page(page, feedback.render(tame, "Homework"))
        assert not pages.forged(page, result)
        text = io.StringIO()
        report = ClassReport(SimpleNamespace(name="hw", results=Path("r")), "Homework", asked, [result])
        csv.writer(text, lineterminator="\n").writerows(gradebook.table(report))
        assert_gradebook(text.getvalue())
        assert_terminal(report)


KINDS = ("message", "printed", "traceback", "hint", "statement", "answer", "comment")


def without_markup(value: Any) -> Any:
    """`value` with another letter for each that HTML or the template could take for its own."""
    if type(value) is list:
        return [without_markup(item) for item in value]
    if type(value) is dict:
        return {key: without_markup(item) for key, item in value.items()}
    return value.translate(MARKUP) if type(value) is str else value


def assert_page(text: str, tame: str) -> None:
    """The page has the elements that it has without the student's markup, and nothing that is not seen."""
    assert not HIDDEN.search(text)
    assert len(text.encode()) < 300_000
    page = Page(text)
    assert page.marks == text.count("<"), "a < that is none of the template's"
    assert page.elements == Page(tame).elements


def assert_gradebook(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) == 2 and len(rows[0]) == len(rows[1]) == 9
    for cell in (*rows[0], *rows[1]):
        assert "\n" not in cell and not HIDDEN.search(cell) and not FORMULA.search(cell), cell


def assert_terminal(report: ClassReport) -> None:
    file = io.StringIO()
    table.show_report(
        report, Console(file=file, width=80, force_terminal=True, legacy_windows=False, _environ={})
    )
    assert not HIDDEN.search(re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue()))


TARGETS: dict[str, Callable[[bytes], None]] = {
    check.__name__: check
    for check in (frames, values, replies, load, random_state, notebook, archive, folder, download, shown)
}
GROUPS = {
    "decoder": ["frames", "values", "replies", "load", "random_state"],
    "intake": ["notebook", "archive", "folder", "download"],
    "results": ["shown"],
}
