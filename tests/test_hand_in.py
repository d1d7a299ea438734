"""``hand_in.py``: what it says is there and missing, what is in its zip, and that the zip earns what the work earns."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import tiny
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from coursekit.build import build
from coursekit.build.handing_in import hand_in_file
from coursekit.build.release import released
from coursekit.build.source import read_source
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError

ROOT = Path(__file__).parent.parent
HAND_IN = "from hand_in import hand_in\n\nhand_in()"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """A small assignment with an answer file, an answer in words and a report that the notebook writes, built."""
    source = tiny.with_discussion()
    source.metadata["coursekit"]["writes"] = ["report.docx"]
    source.cells += [
        tiny.given("shapes", "from shapes import square"),
        tiny.test("area", tiny.SHAPES_TEST),
        new_code_cell('print("a report", file=open("report.docx", "w"))', id="report"),
        new_code_cell(
            HAND_IN, id="hand-in", metadata={"tags": ["skip-execution", "otter_ignore", "hand-in"]}
        ),
    ]
    assignment = tiny.course(tmp_path_factory.mktemp("course"), source)
    (assignment.source / "shapes.py").write_text(tiny.SHAPES)
    build(assignment)
    return assignment


@pytest.fixture
def untouched(course: Assignment, tmp_path: Path) -> Path:
    return Path(shutil.copytree(course.release, tmp_path / "work"))


@pytest.fixture
def solved(course: Assignment, tmp_path: Path) -> Path:
    return Path(shutil.copytree(course.solution, tmp_path / "work"))


def said(folder: Path, *arguments: str, **environment: str) -> str:
    """What ``python hand_in.py`` prints in a folder; it has to succeed."""
    run = [sys.executable, "hand_in.py", *arguments]
    done = subprocess.run(
        run, cwd=folder, env={**os.environ, **environment}, capture_output=True, timeout=60, check=True
    )
    assert done.stderr == b""
    return done.stdout.decode(environment.get("PYTHONIOENCODING", "utf-8"))


def line(text: str, begins: str) -> str:
    """The line of the table that begins in this way, with its continuation, spaces squeezed."""
    lines = text.splitlines()
    [at] = [number for number, one in enumerate(lines) if " ".join(one.split()).startswith(begins)]
    end = next(number for number in range(at + 1, len(lines)) if not lines[number].startswith("      "))
    return " ".join(" ".join(lines[at:end]).split())


def in_zip(folder: Path, name: str = "tiny-Ada.zip") -> dict[str, bytes]:
    assert [path.name for path in folder.glob("*.zip")] == [name]
    return entries(folder / name)


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def edited(folder: Path, change: Callable[[Any], object], name: str = "tiny.ipynb") -> None:
    """Change the notebook in a folder as a student does."""
    notebook = nbformat.read(folder / name, 4)
    change(notebook)
    nbformat.write(notebook, folder / name)


def answered(text: str, name: str = "solve_total") -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        tiny.cell(notebook, name).source = text

    return change


@pytest.fixture
def program(solved: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program as a module of this process, in the solved folder."""
    monkeypatch.chdir(solved)
    found = importlib.util.spec_from_file_location("tiny_hand_in", solved / "hand_in.py")
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


# What is there and what is missing


def test_an_untouched_release(untouched: Path) -> None:
    text = said(untouched, "Ada")
    for task in ('Task 1: write "scale"', "solve_total", "Task 3: square.__init__", "Task 4: square.area"):
        assert line(text, f"TODO {task}") == f"TODO {task} not written yet"
    assert "no answer in its cell yet" in line(text, "TODO discussion")
    assert line(text, "TODO report.docx") == "TODO report.docx missing"
    assert "all of them: Kernel > Restart" in line(text, "look cells never run")
    assert "0 of 5 answers are written. See the lines marked 6 TODO, 1 look" in text
    assert in_zip(untouched) == {
        name: (untouched / name).read_bytes() for name in ("tiny.ipynb", "shapes.py")
    }


def test_solved_work_is_complete_and_all_of_it_is_in_the_zip(solved: Path) -> None:
    (solved / "tiny-Ada.zip").write_text("an earlier one")
    (solved / "notes.txt").write_text("private")
    text = said(solved, "Ada")
    assert "5 of 5 answers are written. All is there." in text
    assert "TODO" not in text and "look" not in text
    assert "written, 6 words" in line(text, "ok discussion")
    assert "run from top to bottom" in line(text, "ok cells")
    assert in_zip(solved) == {
        name: (solved / name).read_bytes() for name in ("tiny.ipynb", "shapes.py", "report.docx")
    }


STUB = 'raise NotImplementedError("solve_total")'


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (f"def total(values):\n    x = 0\n    {STUB}", "TODO solve_total not written yet"),
        (
            f"def total(values):\n    if values:\n        {STUB}\n    return 0",
            "TODO solve_total not written yet",
        ),
        (f"def total(values):\n    return sum(values)\n    {STUB}", "ok solve_total written"),
        (f"def total(values):\n    return sum(values)\n    # {STUB}", "ok solve_total written"),
        ("def total(values):\n    raise NotImplementedError('no such thing')", "ok solve_total written"),
        ("total = lambda values: sum(values)", "ok solve_total written"),
        ("%matplotlib inline\n!ls\n\ndef total(values):\n    return sum(values)", "ok solve_total written"),
        ("%%time\ndef total(values):\n    return sum(values)", "ok solve_total written"),
        ("def totals(values):\n    return sum(values)", "look solve_total not found: nothing defines total"),
        (
            "def total(values):\nreturn sum(values)",
            "look solve_total line 2 of cell 7 (def total(values):) is not",
        ),
        ("def total(values):\n    return '\\d', " + "(" * 300 + ")" * 300, "look solve_total line"),
        ("", "look solve_total not found: nothing defines total"),
    ],
)
def test_an_answer_in_code(solved: Path, text: str, state: str) -> None:
    edited(solved, answered(text))
    assert line(said(solved), state.partition(" ")[0] + " solve_total").startswith(state)


def test_a_stub_beside_a_written_answer_does_not_count(untouched: Path) -> None:
    own = new_code_cell("def total(values):\n    return sum(values)")
    edited(untouched, lambda notebook: notebook.cells.insert(2, own))
    assert line(said(untouched), "ok solve_total")
    (untouched / "helpers.py").write_text("def scale(values, factor=2):\n    return values\n")
    edited(untouched, lambda notebook: notebook.cells.append(new_code_cell("from helpers import scale")))
    text = said(untouched)
    assert line(text, "ok Task 1") and line(text, "ok helpers.py") == "ok helpers.py your own module"


def test_answers_are_found_without_any_metadata(solved: Path) -> None:
    def strip(notebook: Any) -> None:
        for cell in notebook.cells:
            cell.metadata = {}

    edited(solved, strip)
    text = said(solved)
    assert line(text, "ok solve_total") and line(text, "ok Task 1")
    assert "its cell is not found: is your answer there?" in line(text, "look discussion")


def test_an_answer_that_is_no_function_is_written_when_its_stub_is_gone(tmp_path: Path) -> None:
    source = tiny.notebook()
    source.cells.append(tiny.solution("rate", "### BEGIN SOLUTION\nrate = 0.5\n### END SOLUTION"))
    read = read_source(tiny.course(tmp_path / "course", source))
    release = released(read.notebook)
    (tmp_path / "hand_in.py").write_bytes(hand_in_file(read, release)["hand_in.py"])
    nbformat.write(release, tmp_path / "tiny.ipynb")
    assert line(said(tmp_path), "TODO rate not written yet")
    edited(tmp_path, answered("rate = 1", "rate"))
    assert line(said(tmp_path), "ok rate written")


def test_an_answer_file_that_is_partly_written_broken_or_missing(solved: Path) -> None:
    text = (solved / "shapes.py").read_text()
    (solved / "shapes.py").write_text(
        text + '\n    def area(self):\n        raise NotImplementedError("Task 4: square.area")\n'
    )
    told = said(solved, "Ada")
    assert line(told, "TODO Task 4") and line(told, "ok Task 3")
    (solved / "shapes.py").write_text(text + "def (\n")
    assert f"line {text.count(chr(10)) + 1} of shapes.py is not valid Python" in line(
        said(solved, "Ada"), "look Task 4"
    )
    (solved / "shapes.py").unlink()
    text = said(solved, "Ada")
    assert line(text, "TODO shapes.py missing") and "shapes.py" not in in_zip(solved)


def test_an_answer_file_alone_is_handed_in(solved: Path) -> None:
    (solved / "tiny.ipynb").unlink()
    assert line(said(solved, "Ada"), "TODO tiny.ipynb missing")
    assert list(in_zip(solved)) == ["shapes.py", "report.docx"]


def test_renamed_files_get_their_names_in_the_zip(solved: Path, course: Assignment) -> None:
    for name, other in (("tiny.ipynb", "tiny-Copy1.ipynb"), ("shapes.py", "shapes (1).py")):
        (solved / name).rename(solved / other)
        shutil.copy(course.release / name, solved / name)  # untouched
    text = said(solved, "Ada")
    assert "in the zip as tiny.ipynb" in line(text, "ok tiny-Copy1.ipynb")
    assert "in the zip as shapes.py" in line(text, "ok shapes (1).py")
    assert "left out, 0 answers, but newer" in line(text, "look tiny.ipynb")
    found = in_zip(solved)
    assert found["tiny.ipynb"] == (solved / "tiny-Copy1.ipynb").read_bytes()
    assert found["shapes.py"] == (solved / "shapes (1).py").read_bytes()
    assert sorted(found) == ["report.docx", "shapes.py", "tiny.ipynb"]


def test_another_assignments_notebook_is_not_taken(solved: Path) -> None:
    (solved / "tiny.ipynb").rename(solved / "homework.ipynb")
    other = nbformat.v4.new_notebook(cells=[new_markdown_cell("# Other"), new_code_cell("total = 1")])
    nbformat.write(other, solved / "other.ipynb")
    assert "in the zip as tiny.ipynb" in line(said(solved, "Ada"), "ok homework.ipynb")
    (solved / "homework.ipynb").unlink()
    (solved / "shapes.py").unlink()
    done = subprocess.run(
        [sys.executable, "hand_in.py"], cwd=solved, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "There is no tiny.ipynb or shapes.py in" in done.stdout


def test_cells_never_run_out_of_order_and_with_an_error(solved: Path) -> None:
    def runs(notebook: Any) -> None:
        tiny.cell(notebook, "imports").execution_count = 9
        tiny.cell(notebook, "scale").execution_count = None
        error = new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])
        tiny.cell(notebook, "total").outputs = [error]

    edited(solved, runs)
    text = said(solved)
    assert line(text, "look cells never run").endswith(
        "cell 4 (# Try it on one row.): Kernel > Restart Kernel and Run All Cells"
    )
    assert "cell 3 (def scale(values, factor=2):)" in line(text, "look cells run before the one above")
    assert "ZeroDivisionError" in line(text, "look cells ended in an error")
    assert "5 of 5 answers are written. See the lines marked 3 look; you can hand in all the same." in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"cells": [\n<<<<<<< HEAD\n]}', "can't be read as a notebook (line 2)"),
        (b"", "can't be read as a notebook (line 1)"),
        (b"<html>\xff", "can't be read as a notebook"),
        (b'{"cells": {"a": 1}}', "can't be read as a notebook"),
        (b'{"worksheets": []}', "can't be read as a notebook"),
        (b'{"cells": [' + b"[" * 100_000, "can't be read as a notebook"),
        (b"[" * 100_000, "can't be read as a notebook"),
    ],
)
def test_a_notebook_that_cannot_be_read_is_handed_in_all_the_same(
    solved: Path, data: bytes, told: str
) -> None:
    (solved / "tiny.ipynb").write_bytes(data)
    text = said(solved, "Ada")
    assert told in line(text, "TODO tiny.ipynb")
    assert line(text, "ok Task 4") and "solve_total" not in text
    assert in_zip(solved)["tiny.ipynb"] == data


def test_strange_cells_and_another_encoding_are_read(solved: Path) -> None:
    notebook = json.loads((solved / "tiny.ipynb").read_text())
    notebook["cells"] += [{}, {"cell_type": "code", "source": None, "outputs": None, "execution_count": "?"}]
    (solved / "tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-16")
    assert "5 of 5 answers" in said(solved)


# The zip


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Ada Lovelace", "tiny-Ada_Lovelace.zip"),
        ("Zoë Müller", "tiny-Zoë_Müller.zip"),
        ("Zoe\u0308", "tiny-Zoë.zip"),
        ("../../etc/passwd", "tiny-etc_passwd.zip"),
        ('a\\b:c*?"<>|\n\0\u202e', "tiny-a_b_c.zip"),
        ("李小龙", "tiny-李小龙.zip"),
        ("...", "tiny-student.zip"),
        ("n" * 500, f"tiny-{'n' * 40}.zip"),
        (12345, "tiny-12345.zip"),
    ],
)
def test_names(program: Any, name: Any, file: str) -> None:
    assert program.make(name) == Path.cwd() / file
    assert [path.name for path in Path.cwd().glob("*.zip")] == [file]


def test_without_a_name_it_is_the_login_or_student(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.getpass, "getuser", lambda: "ada")
    assert program.zip_name("") == program.zip_name(None) == "tiny-ada.zip"

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(program.getpass, "getuser", nobody)
    assert program.zip_name("") == "tiny-student.zip"


def failing(program: Any, monkeypatch: pytest.MonkeyPatch, folders: tuple[Path, ...]) -> None:
    """Writing into these folders fails half-way, as on a full disk."""

    class Full(zipfile.ZipFile):
        def writestr(self, *arguments: Any, **settings: Any) -> None:
            super().writestr(*arguments, **settings)
            if Path(str(self.filename)).parent in folders:
                raise OSError(28, "No space left on device")

    monkeypatch.setattr(program.zipfile, "ZipFile", Full)


def test_a_folder_that_cannot_be_written_into(
    program: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home := tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(home))
    before = sorted(Path.cwd().iterdir())
    failing(program, monkeypatch, (Path.cwd(),))
    assert program.make("Ada") == home / "tiny-Ada.zip"
    assert sorted(entries(home / "tiny-Ada.zip")) == ["report.docx", "shapes.py", "tiny.ipynb"]
    text = capsys.readouterr().out
    assert f"No zip could be written into {Path.cwd()} (No space left on device)." in text
    assert f"in {home}" in text
    (home / "tiny-Ada.zip").write_text("the last good one")
    failing(program, monkeypatch, (Path.cwd(), home))
    assert program.make("Ada") is None
    assert (
        "submit these files yourself.\nIn it: shapes.py, report.docx, tiny.ipynb" in capsys.readouterr().out
    )
    assert (home / "tiny-Ada.zip").read_text() == "the last good one" and list(home.iterdir()) == [
        home / "tiny-Ada.zip"
    ]
    assert sorted(Path.cwd().iterdir()) == before


def test_large_outputs_stay_and_are_told(program: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(program, "MANY_BYTES", 1000)
    path = program.make("Ada")
    assert entries(path)["tiny.ipynb"] == Path("tiny.ipynb").read_bytes()
    assert "Many platforms take no file of that size" in capsys.readouterr().out


def test_own_modules_go_along_and_nothing_else(solved: Path) -> None:
    (solved / "mine.py").write_text(
        "import numpy as np, deeper\nfrom package.part import x\nimport helper, shapes\n"
    )
    (solved / "deeper.py").write_text("import mine\n")
    (solved / "package").mkdir()
    (solved / "package" / "part.py").write_text("x = 1\n")
    (solved / "package" / "data.bin").write_bytes(b"\0")
    (solved / "unused.py").write_text("")
    (solved / "script.py").write_text("")
    edited(
        solved,
        lambda notebook: notebook.cells.append(new_code_cell("if 1:\n    import mine\n%run script.py")),
    )
    said(solved, "Ada")
    assert sorted(in_zip(solved)) == [
        "deeper.py", "mine.py", "package/part.py", "report.docx", "script.py", "shapes.py", "tiny.ipynb",
    ]  # fmt: skip


# Where it runs


def test_a_terminal_that_knows_only_ascii_and_another_working_folder(solved: Path, tmp_path: Path) -> None:
    assert "tiny-Zo?.zip" in said(solved, "Zoë", PYTHONIOENCODING="ascii")
    (elsewhere := tmp_path / "elsewhere").mkdir()
    subprocess.run([sys.executable, solved / "hand_in.py", "Bo"], cwd=elsewhere, check=True, timeout=60)
    assert (solved / "tiny-Bo.zip").exists() and list(elsewhere.iterdir()) == []
    assert "python hand_in.py" in said(solved, "--help")


def test_it_runs_where_there_is_no___file__(solved: Path) -> None:
    run = "exec(open('hand_in.py').read(), names := {'__name__': 'x'}); names['make']('Ada')"
    subprocess.run([sys.executable, "-c", run], cwd=solved, check=True, timeout=60)
    assert len(in_zip(solved)) == 3


def test_in_a_kernel_it_shows_a_table_and_asks_to_save_first(solved: Path) -> None:
    from nbclient import NotebookClient

    calls = [new_code_cell("x = 1"), new_code_cell("from hand_in import hand_in\nhand_in('Ada')")]
    notebook = nbformat.v4.new_notebook(cells=calls)
    NotebookClient(notebook, resources={"metadata": {"path": str(solved)}}, timeout=60).execute()
    [output] = notebook.cells[1].outputs
    assert "not saved since you last ran a cell: save it" in line(
        output.data["text/plain"], "TODO tiny.ipynb"
    )
    assert "<td" in output.data["text/html"] and len(in_zip(solved)) == 3


def in_kernel(monkeypatch: pytest.MonkeyPatch, *ran: str) -> None:
    """As in a kernel that has run these cells."""
    shell = types.SimpleNamespace(history_manager=types.SimpleNamespace(input_hist_raw=["", *ran, HAND_IN]))
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]


def test_whether_the_notebook_was_saved_after_the_last_run(
    program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state() -> str:
        rows = program.notebook_rows(program.find_notebook()[0], [])
        return str(next(row.state for row in rows if row.what == "tiny.ipynb"))

    text = tiny.cell(nbformat.read("tiny.ipynb", 4), "imports").source
    in_kernel(monkeypatch)
    assert state().startswith("saved")
    in_kernel(monkeypatch, text)
    assert state().startswith("saved")
    in_kernel(monkeypatch, text, text)  # run again, in the file it still has the first run's number
    assert state().startswith("not saved")
    in_kernel(monkeypatch, text + "  # edited")
    assert state().startswith("not saved")


def test_of_two_notebooks_the_running_one_is_taken(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy("tiny.ipynb", "tiny-Copy1.ipynb")
    assert program.find_notebook()[0].path.name == "tiny.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(Path("tiny-Copy1.ipynb").absolute()))
    assert program.find_notebook()[0].path.name == "tiny-Copy1.ipynb"


def in_colab(monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Any]) -> list[str]:
    """As in Google Colab, where `ask` answers for the page. Returns the list of downloads, empty so far."""
    downloads: list[str] = []
    colab: Any = types.ModuleType("google.colab")
    colab._message = types.SimpleNamespace(blocking_request=ask)
    colab.files = types.SimpleNamespace(download=downloads.append)
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    return downloads


def test_in_colab_the_notebook_comes_from_the_page_and_the_zip_is_downloaded(
    program: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(Path("tiny.ipynb").read_text())
    Path("tiny.ipynb").unlink()

    def ask(kind: str, **settings: Any) -> Any:
        assert kind == "get_ipynb" and settings["timeout_sec"] <= 60
        return {"ipynb": content}

    downloads = in_colab(monkeypatch, ask)
    path = program.make("Ada")
    assert downloads == [str(path)]
    assert json.loads(entries(path)["tiny.ipynb"]) == content and sorted(entries(path)) == [
        "report.docx", "shapes.py", "tiny.ipynb",
    ]  # fmt: skip
    text = capsys.readouterr().out
    assert "5 of 5 answers are written. All is there." in text
    assert line(text, "ok tiny.ipynb") == "ok tiny.ipynb as it is now"


def test_in_colab_without_an_answer_an_uploaded_notebook_will_do(
    program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*arguments: Any, **settings: Any) -> Any:
        raise TimeoutError

    downloads = in_colab(monkeypatch, ask)
    path = program.make("Ada")
    assert entries(path)["tiny.ipynb"] == Path("tiny.ipynb").read_bytes() and downloads == [str(path)]


def test_the_table_as_html_escapes_everything(program: Any) -> None:
    page = program.as_html([program.Row("ok", "<b>&", "<script>")], ["<img src=x>"])
    assert "&lt;b&gt;&amp;" in page and "&lt;script&gt;" in page and "&lt;img src=x&gt;" in page
    assert "<script" not in page and "<img" not in page


@pytest.mark.parametrize("assignment", Course(ROOT).assignments(), ids=lambda assignment: assignment.name)
def test_python_3_8_can_read_it_and_it_needs_nothing_else(assignment: Assignment) -> None:
    tree = ast.parse((assignment.release / "hand_in.py").read_text(), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    at_top = {
        name.name.partition(".")[0] for node in imports if isinstance(node, ast.Import) for name in node.names
    }
    at_top |= {
        node.module.partition(".")[0]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
    }
    assert at_top <= sys.stdlib_module_names
    older = shutil.which("python3.8")
    if older and subprocess.run([older, "-c", ""], capture_output=True, check=False).returncode == 0:
        subprocess.run([older, "-c", "import hand_in"], cwd=assignment.release, check=True, timeout=60)


# In the build and in grading


def test_every_notebook_ends_with_a_cell_that_no_grader_runs() -> None:
    for assignment in Course(ROOT).assignments():
        for folder in (assignment.release, assignment.solution):
            notebook = nbformat.read(folder / assignment.notebook_name, 4)
            last = notebook.cells[-1]
            assert "hand_in()" in last.source and last.outputs == [] and last.execution_count is None
            assert {"skip-execution", "otter_ignore", "hand-in"} == set(last.metadata.tags)
            assert not list(folder.glob("*.zip"))


def test_a_file_of_that_name_is_refused_in_the_source(tmp_path: Path) -> None:
    assignment = tiny.course(tmp_path)
    (assignment.source / "hand_in.py").write_text("")
    with pytest.raises(CourseError, match=r"hand_in\.py is written by the build"):
        build(assignment, verify=False)


def test_the_zip_of_solved_work_earns_everything(course: Assignment, solved: Path) -> None:
    said(solved, "Ada")
    result = tiny.graded(course, solved / "tiny-Ada.zip")
    assert result["score"] == 15 and not result.get("output")


def test_the_cell_is_harmless_in_the_sandbox_where_its_tags_are_lost(
    course: Assignment, solved: Path
) -> None:
    edited(solved, lambda notebook: notebook.cells[-1].metadata.clear())
    assert tiny.graded(course, solved)["score"] == 15


@pytest.mark.slow
def test_the_zip_of_the_real_thing_earns_100_points(tmp_path: Path) -> None:
    assignment = Course(ROOT).assignment("optimizers")
    work = Path(shutil.copytree(assignment.solution, tmp_path / "work"))
    said(work, "Ada Lovelace")
    assert list(in_zip(work, "optimizers-Ada_Lovelace.zip")) == [assignment.notebook_name]
    assert tiny.graded(assignment, work / "optimizers-Ada_Lovelace.zip")["score"] == 100
