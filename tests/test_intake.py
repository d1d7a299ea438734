"""What is taken in, what is refused and why, and which cells of a submission are run."""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
import zipfile
from pathlib import Path

import pytest

from coursekit.core.errors import Refused
from coursekit.intake import unpack
from coursekit.intake.digest import digest_of
from coursekit.intake.matching import match as match_with
from coursekit.intake.notebook import read_notebook
from coursekit.intake.release import Release
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


def taken(path, release=(), **more):
    with take_in(path, Expected("hw.ipynb", Release(list(release)), **more)) as submission:
        return submission, sorted(p.name for p in submission.folder.rglob("*"))


def notes_of(submission):
    return [note for note in submission.notes if note != "none of the notebook's cells is this assignment's"]


def run_of(submission):
    return [source for _, source in submission.matched.to_run]


def test_a_folder_comes_with_its_own_files(tmp_path):
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "helper.py").write_text("x = 1")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "hw-checkpoint.ipynb").write_text(PLAIN)
    submission, names = taken(tmp_path)
    assert names == ["helper.py", "hw.ipynb", "lib"]
    assert not submission.folder.exists()


def test_the_time_of_submission_is_not_given_to_the_students_code(tmp_path):
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    submission, names = taken(tmp_path)
    assert names == ["hw.ipynb"] and not notes_of(submission)
    (tmp_path / "timestamp.txt").write_text("7 8 9")
    assert taken(tmp_path)[1] == ["hw.ipynb", "timestamp.txt"], "data of the student's"


def test_a_notebook_alone_and_a_zip_are_the_same(tmp_path):
    (tmp_path / "ada.ipynb").write_text(PLAIN)
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("hand-in/hw.ipynb", PLAIN)
        archive.writestr("__MACOSX/._hw.ipynb", "junk")
    assert taken(tmp_path / "ada.ipynb")[0].matched == taken(tmp_path / "ada.zip")[0].matched


def test_a_colon_in_a_zips_folder_is_a_character_like_others(tmp_path):
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("Homework: Ada/hw.ipynb", PLAIN)
    assert run_of(taken(tmp_path / "ada.zip")[0]) == ["x = 1"]


def test_another_name_is_taken_with_a_note(tmp_path):
    (tmp_path / "my copy (2).ipynb").write_text(PLAIN)
    assert "named 'my copy (2).ipynb'" in notes_of(taken(tmp_path)[0])[0]


def test_of_several_notebooks_the_one_with_the_most_work_is_taken(tmp_path):
    (tmp_path / "hw.ipynb").write_text(notebook(*RELEASE))
    worked = [cell("def f(): return 1", "f", solution=True), cell("def g(): return 2", "g", solution=True)]
    (tmp_path / "hw-Copy1.ipynb").write_text(notebook(*worked))
    (tmp_path / "hw (1).ipynb").write_text(notebook(*worked[:1]))
    release = [*RELEASE, cell("def g(): ...", "g", solution=True)]
    submission, _ = taken(tmp_path, release)
    assert {"def f(): return 1", "def g(): return 2"} <= set(run_of(submission))
    assert submission.notes[0] == (
        "there are 3 notebooks: graded 'hw-Copy1.ipynb', which has the most answers (2); left: 'hw (1).ipynb' (1), "
        "'hw.ipynb' (0)"
    )


def test_of_several_notebooks_with_as_much_work_the_newest_is_taken(tmp_path):
    for place, (name, answer) in enumerate({"b.ipynb": 1, "a.ipynb": 2, "c.ipynb": 3}.items()):
        (tmp_path / name).write_text(notebook(cell(f"def f(): return {answer}", "f", solution=True)))
        os.utime(tmp_path / name, (1000 - 100 * abs(place - 1), 1000 - 100 * abs(place - 1)))
    assert "def f(): return 2" in run_of(taken(tmp_path, RELEASE)[0])


def test_the_notebook_of_another_assignment_is_told_as_that(tmp_path):
    (tmp_path / "hw.ipynb").write_text(notebook(*RELEASE))
    other = Release([cell("def z(): ...", "z", solution=True)])
    with pytest.raises(Refused, match="the notebook of another assignment, hw1: submit hw.ipynb"):
        taken(tmp_path, other.cells, others=lambda: {"hw1": Release(RELEASE)})


@pytest.mark.parametrize(
    ("name", "data", "note"),
    [
        ("hw.ipynb.json", PLAIN.encode(), "named 'hw.ipynb.json'"),
        ("hw.ipynb.txt", PLAIN.encode(), "named"),
        ("HW.IPYNB", PLAIN.encode(), "named"),
        ("hw-Copy1.ipynb", PLAIN.encode("utf-16"), "named"),
        ("hw.py", b"#!/usr/bin/env python\n# coding: utf-8\n\n# Title\n\n# In[3]:\n\nx = 1\n", "as a script"),
        ("hw.py", b"# %% [markdown]\n# Title\n\n# %%\nx = 1\n", "as a script"),
        (
            "hw.ipynb",
            json.dumps(
                {
                    "nbformat": 3,
                    "nbformat_minor": 0,
                    "metadata": {"name": ""},
                    "worksheets": [
                        {"metadata": {}, "cells": [{"cell_type": "code", "input": ["x = 1"], "outputs": []}]}
                    ],
                }
            ).encode(),
            "of format 3",
        ),
        ("hw.ipynb", PLAIN.replace("x = 1", "x = 1 # \xe4").encode("cp1252"), "Windows-1252"),
    ],
)
def test_a_notebook_under_any_name_and_of_any_form_is_read(tmp_path, name, data, note):
    (tmp_path / name).write_bytes(data)
    submission, _ = taken(tmp_path)
    assert [one for one in run_of(submission) if one.startswith("x = 1")]
    assert any(note in one for one in submission.notes), submission.notes


def test_outputs_play_no_part_however_large_they_are(tmp_path):
    big = cell("x = 1") | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "0" * (6 << 20)}]}
    (tmp_path / "hw.ipynb").write_text(notebook(big, metadata={"widgets": {"state": "1" * 100_000}}))
    with take_in(tmp_path, Expected("hw.ipynb")) as submission:
        assert run_of(submission) == ["x = 1"]
        assert (submission.folder / "hw.ipynb").stat().st_size < 1000
        assert read_notebook(submission.folder / "hw.ipynb").cells[0]["source"] == "x = 1"


def test_answer_files_are_found_under_other_names_and_in_other_folders(tmp_path):
    released = {"net.py": b"def f():\n    ...\n\ndef g():\n    ...\n", "utils.py": b"def h():\n    ...\n"}
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "net (1).py").write_text("def f():\n    return 1\ndef g():\n    return 2\n")
    (tmp_path / "net.py").write_bytes(released["net.py"])
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "homework.py").write_text("def h():\n    return 3\n")
    with take_in(tmp_path, Expected("hw.ipynb", answer_files=released)) as submission:
        assert "return 2" in (submission.folder / "net.py").read_text()
        assert "return 3" in (submission.folder / "utils.py").read_text()
    assert submission.notes[-2:] == [
        "net.py is there under another name: graded 'net (1).py'",
        "utils.py is there under another name: graded 'src/homework.py'",
    ]


@pytest.mark.parametrize(
    "name, beside, found",
    [
        ("report (1).docx", (), True),
        ("Report.DOCX", (), True),
        ("hand-in/report.docx", (), True),
        ("report.docx.docx", ("notes.docx",), True),
        ("ada_report_final.docx", ("~$a_report_final.docx", "essay.docx"), True),
        ("Ada Lovelace.docx", ("~$a Lovelace.docx",), True),
        ("Ada Lovelace.docx", ("essay.docx",), False),
        ("report.pdf", (), False),
        ("z/report.docx", tuple(f"{number}.png" for number in range(1100)), True),
    ],
)
def test_a_report_is_found_under_another_name_or_in_another_folder(tmp_path, name, beside, found):
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    for each in (*beside, name):
        (tmp_path / each).parent.mkdir(exist_ok=True)
        (tmp_path / each).write_text(each)
    with take_in(tmp_path, Expected("hw.ipynb", writes=("report.docx",))) as submission:
        report = submission.folder / "report.docx"
        assert report.is_file() == found
        assert not found or report.read_text() == name
    assert any(note.startswith("report.docx is ") for note in submission.notes) == found


def test_what_an_environment_or_a_system_leaves_behind_is_left_out(tmp_path):
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "._hw.ipynb").write_bytes(b"\0\5\26\7")
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "python").symlink_to("/usr/bin/python3")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    (tmp_path / "node_modules" / "x").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("1")
    submission, names = taken(tmp_path)
    assert names == ["data", "hw.ipynb", "x.csv"]
    assert notes_of(submission) == ["left out: 'env', 'node_modules': an environment"]


def test_a_zip_within_a_folder_or_a_zip_is_unpacked_if_the_work_is_in_it(tmp_path):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("hw.ipynb", PLAIN)
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(inner, folder / "homework.zip")
    assert run_of(taken(folder)[0]) == ["x = 1"]
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(inner, "Ada/homework.zip")
    assert run_of(taken(tmp_path / "outer.zip")[0]) == ["x = 1"]


def test_windows_line_endings_lists_of_lines_and_a_byte_order_mark(tmp_path):
    text = notebook({"cell_type": "code", "source": ["a = 1\r\n", "b = 2"], "metadata": {}})
    (tmp_path / "hw.ipynb").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert run_of(taken(tmp_path)[0]) == ["a = 1\nb = 2"]


def test_damaged_cells_are_left_out_with_a_note(tmp_path):
    (tmp_path / "hw.ipynb").write_text(notebook(3, {"cell_type": "code", "source": {"a": 1}}, cell("x = 1")))
    submission, _ = taken(tmp_path)
    assert run_of(submission) == ["x = 1"]
    assert notes_of(submission) == ["cell 1 is damaged: left out", "cell 2 is damaged: left out"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not a notebook"),
        ("[" * 100_000, "not a notebook"),
        ('"text"', "not a notebook"),
        ("{}", "no cells"),
        ('{\n "cells": [\n  {"a": }\n]}', "line 3, column 9"),
        (
            '{\n "cells": [\n<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> main\n]}',
            "line 3 is the mark of a merge",
        ),
        ("<!DOCTYPE html><html></html>", "a web page of the notebook"),
        ("%PDF-1.7", "is a PDF"),
        ("", "not a notebook"),
        (notebook(*[1] * 6000), "more than 5,000 cells"),
    ],
)
def test_what_is_not_a_notebook_is_refused(tmp_path, text, why):
    (tmp_path / "hw.ipynb").write_text(text)
    with pytest.raises(Refused, match=why):
        taken(tmp_path)


def test_links_and_fifos_are_left_out(tmp_path):
    with pytest.raises(Refused, match="no notebook"):
        taken(tmp_path)
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "data").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    submission, names = taken(tmp_path)
    assert names == ["hw.ipynb"]
    assert notes_of(submission) == [
        "left out: 'data': a link, and links are not followed",
        "left out: 'pipe': not a plain file",
    ]
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
    if what in ("a file", "a folder in it"):
        submission, names = taken(neighbours / "eve" / "hw")
        assert "helper.py" not in names
        assert any(victim.name in note for note in submission.notes)
    else:
        with pytest.raises(Refused):
            taken(neighbours / "eve" / "hw")
    assert victim.is_symlink() or victim.is_fifo()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_second_name_of_somebody_elses_file_is_not_taken_and_of_ones_own_is(neighbours):
    mine = neighbours / "eve" / "hw" / "twice.py"
    mine.hardlink_to(neighbours / "eve" / "hw" / "lib" / "helper.py")
    assert "twice.py" in taken(neighbours / "eve" / "hw")[1]
    for path in (neighbours / "eve" / "hw", neighbours / "eve" / "hw" / "hw.ipynb"):
        os.chown(path, 65534, 65534)
    submission, names = taken(neighbours / "eve" / "hw")
    assert "twice.py" not in names
    assert any("'twice.py' is a link to a file of somebody else's" in note for note in submission.notes)
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


def test_the_limits_bind_what_is_kept_and_the_work_comes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "MAX_BYTES", 1000)
    monkeypatch.setattr(unpack, "MAX_FILES", 10)
    (tmp_path / "video.mp4").write_bytes(b"x" * 1001)
    for n in range(20):
        (tmp_path / f"a{n:02}").write_text("")
    (tmp_path / "hw.ipynb").write_text(PLAIN)
    (tmp_path / "helper.py").write_text("")
    submission, names = taken(tmp_path)
    assert {"hw.ipynb", "helper.py", "a08"} <= set(names)
    assert "a09" not in names
    assert run_of(submission) == ["x = 1"]
    assert (
        len([note for note in submission.notes if "that are kept" in note or "limit of 10 files" in note])
        == 2
    )


def entry(name, mode=0, data=b"x"):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, data


def zip_of(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw.ipynb", PLAIN)
        for info, data in entries:
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/passwd", "a/../../b", "..\\evil.py", "C:\\evil.py", "\\\\server\\evil.py"]
)
def test_a_zip_with_a_path_that_leaves_its_folder_is_refused(tmp_path, name):
    with pytest.raises(Refused, match="outside"):
        taken(zip_of(tmp_path / "ada.zip", [entry(name)]))
    assert not (tmp_path.parent / "evil.py").exists()


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([entry("link", stat.S_IFLNK | 0o777, b"/etc/passwd")], "a link, and links are not followed"),
        ([entry("dev", stat.S_IFCHR | 0o666)], "not a plain file"),
        ([entry("a" * 1500)], "name"),
        ([entry("x.py"), entry("x.py")], "it is in the zip twice"),
        ([entry(f"f{n}") for n in range(1001)], "beyond the limit of 1,000 files"),
        ([entry("a"), entry("a/b")], "there is another file or folder"),
        ([entry("bomb", data=b"\0" * (65 << 20))], "larger than the 64 MiB"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_a_zip_only_plain_files_within_the_limits_are_kept(tmp_path, entries, why):
    submission, names = taken(zip_of(tmp_path / "ada.zip", entries))
    assert run_of(submission) == ["x = 1"]
    assert any(why in note for note in submission.notes), submission.notes
    assert not {"link", "dev", "bomb"} & set(names)


def test_a_zip_made_by_windows_is_unpacked_as_it_was_meant(tmp_path):
    _, names = taken(zip_of(tmp_path / "ada.zip", [entry("lib\\"), entry("lib\\helper.py")]))
    assert {"lib", "helper.py"} <= set(names)


def test_a_zip_that_lies_about_its_sizes_costs_what_it_lies_about(tmp_path):
    path = zip_of(tmp_path / "ada.zip", [entry("bomb", data=b"\0" * 10_000_000)])
    data = path.read_bytes().replace((10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    submission, names = taken(path)
    assert "bomb" not in names
    assert any("'bomb': it can't be read" in note for note in submission.notes)
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


def match(release, found):
    return match_with(Release(release), found)


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
    assert "another release of this assignment, in which 1 of its cells" in found.notes[0]
    found = match(
        RELEASE, submitted(lambda c: c.append(dict(c[3])), lambda c: c.append(cell("def f(): 2", "f")))
    )
    assert sources(found).count("def given(): return f()") == 1
    assert sources(found)[-1] == "def f(): 2"
    assert any("occurs 2 times" in note for note in found.notes)
    found = match(RELEASE, submitted(lambda c: c.pop(2)))
    assert any("test cell 'test_f' is missing" in note for note in found.notes)


def bare(found):
    return [each | {"metadata": {}} for each in found]


def test_a_notebook_that_lost_its_metadata_is_run_all_the_same():
    found = match(RELEASE, bare(submitted(lambda c: c[1].update(source="def f(): return 7"))))
    assert sources(found) == ["import math", "def f(): return 7", "def given(): return f()"]
    assert found.places == {"test_f": 2}
    assert found.notes[0].startswith("4 of 4 cells have lost their names")


def test_an_answer_that_became_markdown_is_run_as_code_also_within_a_fence():
    for text in ("def f(): return 7", "```python\ndef f(): return 7\n```"):
        found = match(RELEASE, submitted(lambda c, text=text: c[1].update(cell_type="markdown", source=text)))
        assert "def f(): return 7" in sources(found)
        assert "cell 2 ('f') is markdown, and holds code: it was run as code" in found.notes
    text = "A `def f()` would be easy."
    found = match(RELEASE, submitted(lambda c: c.insert(1, cell(text, kind="markdown"))))
    assert text not in sources(found)


def test_an_answer_that_was_split_or_joined_with_others_is_run():
    def split(found):
        found[1]["source"] = "def f():\n    x = 1"
        found.insert(2, cell("    return x"))

    found = match(RELEASE, submitted(split))
    assert "def f():\n    x = 1\n    return x" in sources(found)

    def join(found):
        found[2]["source"] = "def f(): return 8\n\n" + found[2]["source"]
        del found[1]

    found = match(RELEASE, submitted(join))
    assert [one.strip() for one in sources(found)][1:2] == ["def f(): return 8"]
    assert any("'f' is missing or renamed: its answer is in cell 2" in note for note in found.notes)


def test_what_was_added_to_a_read_only_cell_is_run_behind_the_original():
    def add(found):
        found[0]["source"] += "\nimport random\ndef helper(): return 1"
        found[3]["source"] = "def given(): return 42\nmine = 2"

    found = match(RELEASE, submitted(add))
    ran = [one.strip() for one in sources(found)]
    assert ran[:2] == ["import math", "import random\ndef helper(): return 1"]
    assert ran[-2:] == ["def given(): return f()", "mine = 2"]


def test_of_several_cells_the_written_one_counts_and_of_two_written_ones_the_later():
    stub = "def f(): ..."
    for place in (1, 2):
        found = match(
            RELEASE, submitted(lambda c, n=place: c.insert(n, cell("def f(): return 7", "f", solution=True)))
        )
        assert stub not in sources(found)
        assert "def f(): return 7" in sources(found)

    def write_two(found):
        found[1]["source"] = "def f(): return 1"
        found.insert(2, cell("def f(): return 2", "f", solution=True))

    ran = sources(match(RELEASE, submitted(write_two)))
    assert ran.index("def f(): return 1") < ran.index("def f(): return 2")


@pytest.mark.parametrize(
    "unit", [" ", "def ", "def x", "class\n", "```", "```\n", "# In", ". ", ";", "def\\\n"]
)
def test_a_cell_that_is_made_to_take_long_takes_no_time(unit):
    text = unit * (500_000 // len(unit)) + "x"
    whatever = [cell(text, kind=kind) for kind in ("code", "markdown", "raw")]
    started = time.process_time()
    match(RELEASE, submitted(lambda c: c.extend(whatever), lambda c: c[1].update(source=text)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("place", [1, 2, 4])
def test_an_answer_in_a_cell_of_the_students_own_beats_an_untouched_stub(place):
    found = match(RELEASE, submitted(lambda c: c.insert(place, cell("x = 3\ndef f(): return x"))))
    assert not any("..." in source for source in sources(found))
    assert any("stub of `f`" in note for note in found.notes)
    assert found.written == 1


def test_the_answer_in_words_is_found_by_its_place_where_its_name_is_lost():
    release = [
        cell("## Discussion", "heading", kind="markdown", locked=True),
        cell("Write here.", "discussion", kind="markdown", solution=True, grade=True, points=5),
        cell("## End", "end", kind="markdown", locked=True),
    ]
    mine = [dict(release[0]), cell("It works since …", kind="markdown"), dict(release[2])]
    for number, each in enumerate(mine, 1):
        each["number"] = number
    found = match(release, bare(mine))
    assert found.answers == {"discussion": "It works since …"}
    assert any("'discussion' was taken from cell 2" in note for note in found.notes)


def test_an_answer_in_words_goes_on_in_the_students_own_text_right_behind_it():
    release = [
        cell("Write here.", "discussion", kind="markdown", solution=True, grade=True, points=5),
        cell("## End", "end", kind="markdown", locked=True),
    ]
    mine = [
        release[0] | {"source": "It works."},
        cell("And why:", kind="markdown"),
        cell("", kind="markdown"),
        cell("since …", kind="raw"),
        cell("1 + 1"),
        cell("My notes.", kind="markdown"),
        release[1],
        cell("More notes.", kind="markdown"),
    ]
    for number, each in enumerate(mine, 1):
        each["number"] = number
    found = match(release, mine)
    assert found.answers == {"discussion": "It works.\n\nAnd why:\n\nsince …"}
    assert found.notes == ["the answer 'discussion' goes on in cell 2, 4"]
