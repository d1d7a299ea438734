"""What is taken in, what is refused and why, and which cells of a submission are run."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from coursekit.core.errors import Refused
from coursekit.intake import unpack
from coursekit.intake.digest import digest_of
from coursekit.intake.matching import match
from coursekit.intake.submission import Expected, take_in

pytestmark = pytest.mark.quick


def cell(source, name=None, kind="code", **roles):
    meta = (
        {"nbgrader": {"grade_id": name, "grade": False, "solution": False, "locked": False} | roles}
        if name
        else {}
    )
    return {"cell_type": kind, "source": source, "metadata": meta, "number": 0}


def notebook(*cells, **fields):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | fields)


PLAIN = notebook(cell("x = 1"))


def taken(path, ids=frozenset(), **more):
    with take_in(path, Expected("hw.ipynb", ids, **more)) as submission:
        return submission, sorted(p.name for p in submission.folder.rglob("*"))


def test_a_folder_comes_with_its_own_files(tmp_path):
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "helper.py").write_text("x = 1")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "hw-checkpoint.ipynb").write_text(PLAIN)
    submission, names = taken(tmp_path)
    assert names == ["helper.py", "hw.ipynb", "lib"]
    assert not submission.folder.exists()


def test_a_notebook_alone_and_a_zip_are_the_same(tmp_path):
    (tmp_path / "ada.ipynb").write_text(PLAIN)
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("hand-in/hw.ipynb", PLAIN)
        archive.writestr("__MACOSX/._hw.ipynb", "junk")
    assert taken(tmp_path / "ada.ipynb")[0].cells == taken(tmp_path / "ada.zip")[0].cells


def test_a_colon_in_a_zips_folder_is_a_character_like_others(tmp_path):
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("Homework: Ada/hw.ipynb", PLAIN)
    assert taken(tmp_path / "ada.zip")[0].cells


def test_another_name_is_taken_with_a_note(tmp_path):
    (tmp_path / "my copy (2).ipynb").write_text(PLAIN)
    assert "named 'my copy (2).ipynb'" in taken(tmp_path)[0].notes[0]


def test_of_several_notebooks_the_one_with_the_questions_is_taken(tmp_path):
    (tmp_path / "a.ipynb").write_text(PLAIN)
    (tmp_path / "b.ipynb").write_text(notebook(cell("y = 2", "q1", solution=True)))
    submission, _ = taken(tmp_path, ids=frozenset({"q1"}))
    assert submission.cells[0]["source"] == "y = 2"


def test_windows_line_endings_lists_of_lines_and_a_byte_order_mark(tmp_path):
    text = notebook({"cell_type": "code", "source": ["a = 1\r\n", "b = 2"], "metadata": {}})
    (tmp_path / "hw.ipynb").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert taken(tmp_path)[0].cells[0]["source"] == "a = 1\nb = 2"


def test_damaged_cells_are_left_out_with_a_note(tmp_path):
    (tmp_path / "hw.ipynb").write_text(notebook(3, {"cell_type": "code", "source": {"a": 1}}, cell("x = 1")))
    submission, _ = taken(tmp_path)
    assert len(submission.cells) == 1
    assert submission.notes == ["cell 1 is damaged: left out", "cell 2 is damaged: left out"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not a notebook"),
        ("[" * 100_000, "not a notebook"),
        ('"text"', "not a notebook"),
        ("{}", "no cells"),
        (notebook(nbformat=3), "format 4"),
        (json.dumps({"worksheets": [], "nbformat": 3}), "format 4"),
        ("", "not a notebook"),
        (notebook(*[1] * 6000), "more than 5,000 cells"),
    ],
)
def test_what_is_not_a_notebook_is_refused(tmp_path, text, why):
    (tmp_path / "hw.ipynb").write_text(text)
    with pytest.raises(Refused, match=why):
        taken(tmp_path)


def test_links_fifos_and_empty_folders_are_refused(tmp_path):
    with pytest.raises(Refused, match="no notebook"):
        taken(tmp_path)
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "data").symlink_to("/etc")
    with pytest.raises(Refused, match="'data' is a link"):
        taken(tmp_path)
    (tmp_path / "data").unlink()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="'pipe' is not a plain file"):
        taken(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "hw.ipynb")
    with pytest.raises(Refused, match="link is a link"):
        taken(tmp_path / "link")


@pytest.fixture
def neighbours(tmp_path):
    """The folder submitted/, in which ada has handed in a notebook, and eve a folder with a module."""
    submitted = tmp_path / "submitted"
    for student, source in (("ada", "secret = 1"), ("eve", "x = 1")):
        (submitted / student / "hw" / "lib").mkdir(parents=True)
        (submitted / student / "hw" / "hw.ipynb").write_text(notebook(cell(source)))
        (submitted / student / "hw" / "lib" / "helper.py").write_text(source)
    return submitted


def test_a_students_folder_that_is_a_link_is_not_followed(neighbours):
    shutil.rmtree(neighbours / "eve")
    (neighbours / "eve").symlink_to("ada")
    before = digest_of(neighbours / "eve" / "hw")
    with pytest.raises(Refused, match="'eve' is a link"):
        taken(neighbours / "eve" / "hw")
    (neighbours / "ada" / "hw" / "new.py").write_text("")
    assert digest_of(neighbours / "eve" / "hw") == before, "it tells nothing of what lies behind"


def test_folders_above_the_students_may_be_links(neighbours, tmp_path):
    (tmp_path / "link").symlink_to(neighbours)
    assert taken(tmp_path / "link" / "ada" / "hw")[1] == ["helper.py", "hw.ipynb", "lib"]
    path = neighbours / "ada" / "hw"
    assert digest_of(tmp_path / "link" / "ada" / "hw") == digest_of(path)


SWAPPED = {
    "the student's folder": "eve",
    "what was handed in": "eve/hw",
    "a folder in it": "eve/hw/lib",
    "the notebook": "eve/hw/hw.ipynb",
    "a file": "eve/hw/lib/helper.py",
}


@pytest.mark.parametrize("what", SWAPPED)
@pytest.mark.parametrize("by", ["a link", "a pipe"])
def test_what_is_swapped_while_it_is_copied_is_not_followed(neighbours, monkeypatch, what, by):
    """Between each look at a name and its opening, the name is given to something else."""
    victim = neighbours / SWAPPED[what]
    target = neighbours / "ada" / victim.relative_to(neighbours / "eve")
    real = os.open, os.scandir

    def swap(path):
        if Path(os.fsdecode(path)).name == victim.name and not victim.is_symlink() and not victim.is_fifo():
            victim.rename(victim.with_name(f".{victim.name}"))
            victim.symlink_to(target) if by == "a link" else os.mkfifo(victim)

    def open_(path, *arguments, **more):
        swap(path)
        return real[0](path, *arguments, **more)

    def scandir(path="."):
        if not isinstance(path, int):
            swap(path)
        return real[1](path)

    monkeypatch.setattr(os, "open", open_)
    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(Refused):
        taken(neighbours / "eve" / "hw")
    assert victim.is_symlink() or victim.is_fifo()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_second_name_of_somebody_elses_file_is_refused_and_of_ones_own_is_not(neighbours):
    mine = neighbours / "eve" / "hw" / "twice.py"
    mine.hardlink_to(neighbours / "eve" / "hw" / "lib" / "helper.py")
    assert "twice.py" in taken(neighbours / "eve" / "hw")[1]
    for path in (neighbours / "eve" / "hw", neighbours / "eve" / "hw" / "hw.ipynb"):
        os.chown(path, 65534, 65534)
    with pytest.raises(Refused, match="'twice.py' is a link to a file of somebody else's"):
        taken(neighbours / "eve" / "hw")
    mine.unlink()
    (neighbours / "eve" / "eve.ipynb").hardlink_to(neighbours / "eve" / "hw" / "hw.ipynb")
    with pytest.raises(Refused, match="eve.ipynb is a link to a file of somebody else's"):
        taken(neighbours / "eve" / "eve.ipynb")


def test_a_folder_without_an_end_is_fingerprinted_all_the_same(tmp_path):
    deep = tmp_path
    for _ in range(100):
        deep /= "d"
    deep.mkdir(parents=True)
    (tmp_path / "circle").symlink_to(tmp_path)
    assert digest_of(tmp_path) == digest_of(tmp_path)
    with pytest.raises(Refused):
        taken(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) < 100, "nothing is left open"


def test_too_many_and_too_large_is_refused(tmp_path, monkeypatch):
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    monkeypatch.setattr(unpack, "MAX_BYTES", 1000)
    (tmp_path / "big").write_bytes(b"x" * 1001)
    with pytest.raises(Refused, match="larger than"):
        taken(tmp_path)
    (tmp_path / "big").unlink()
    monkeypatch.setattr(unpack, "MAX_FILES", 10)
    for n in range(11):
        (tmp_path / f"f{n}").write_text("")
    with pytest.raises(Refused, match="more than 10 files"):
        taken(tmp_path)


def entry(name, mode=0, data=b"x"):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, data


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([entry("../evil.py")], "outside"),
        ([entry("/etc/passwd")], "outside"),
        ([entry("a/../../b")], "outside"),
        ([entry("a\\b")], "outside"),
        ([entry("link", stat.S_IFLNK | 0o777, b"/etc/passwd")], "is a link"),
        ([entry("dev", stat.S_IFCHR | 0o666)], "not a plain file"),
        ([entry("a" * 1500)], "name"),
        ([entry("x.py"), entry("x.py")], "twice"),
        ([entry(f"f{n}") for n in range(1001)], "more than 1,000"),
        ([entry("a"), entry("a/b")], "can't be read"),
        ([entry("bomb", data=b"\0" * (65 << 20))], "larger than 64 MiB"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_is_not_plain_files_below_its_folder_is_refused(tmp_path, entries, why):
    with zipfile.ZipFile(tmp_path / "ada.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw.ipynb", PLAIN)
        for info, data in entries:
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    with pytest.raises(Refused, match=why):
        taken(tmp_path / "ada.zip")
    assert not (tmp_path.parent / "evil.py").exists()


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw.ipynb", PLAIN)
        archive.writestr("bomb", b"\0" * 10_000_000)
    data = path.read_bytes().replace((10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(Refused, match="can't be read"):
        taken(path)
    path.write_bytes(b"PK not a zip")
    with pytest.raises(Refused, match="damaged"):
        taken(path)


RELEASE = [
    cell("import math", "imports", locked=True),
    cell("def f(): ...", "f", solution=True),
    cell("assert f()", "test_f", grade=True, locked=True, points=1),
    cell("def given(): return f()", "given", locked=True),
    cell("plot()", None) | {"metadata": {"tags": ["skip-execution"]}},
]


def submitted(*changes):
    found = [dict(cell) for cell in RELEASE]
    for change in changes:
        change(found)
    for number, each in enumerate(found, 1):
        each["number"] = number
    return found


def sources(found):
    return [source for _, source in found.to_run]


def test_tests_and_exploring_cells_are_not_run():
    assert sources(match(RELEASE, submitted())) == ["import math", "def f(): ...", "def given(): return f()"]
    assert match(RELEASE, submitted()).notes == []


def test_locked_cells_are_the_releases(tmp_path):
    found = match(RELEASE, submitted(lambda c: c[3].update(source="def given(): return 42")))
    assert found.to_run[-1][1] == "def given(): return f()"
    assert "'given' was edited" in found.notes[0]


def test_deleted_locked_cells_are_put_back_in_their_place():
    found = match(RELEASE, submitted(lambda c: c.pop(0)))
    assert sources(found) == ["import math", "def f(): ...", "def given(): return f()"]
    assert "'imports' is missing" in found.notes[0]
    assert sources(match(RELEASE, submitted(lambda c: c.pop(3))))[-1] == "def given(): return f()"


def test_missing_renamed_and_doubled_cells_are_noted():
    def rename(found):
        found[1] = cell("def f(): return 1", "other", solution=True)

    found = match(RELEASE, submitted(rename))
    assert "def f(): return 1" in sources(found)
    assert any("'f' is missing or renamed" in note for note in found.notes)
    found = match(
        RELEASE, submitted(lambda c: c.append(dict(c[3])), lambda c: c.append(cell("def f(): 2", "f")))
    )
    assert sources(found).count("def given(): return f()") == 1
    assert sources(found)[-1] == "def f(): 2"
    assert any("occurs 2 times" in note for note in found.notes)
    found = match(RELEASE, submitted(lambda c: c.pop(2)))
    assert any("test cell 'test_f' is missing" in note for note in found.notes)


def test_a_notebook_that_lost_its_metadata_is_run_all_the_same():
    bare = [each | {"metadata": {}} for each in submitted(lambda c: c[1].update(source="def f(): return 7"))]
    assert sources(match(RELEASE, bare)) == ["import math", "def f(): return 7", "def given(): return f()"]
