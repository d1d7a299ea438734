"""What students get: complete, the same each time, and without a trace of source, hidden tests or solutions."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import nbformat
import pytest
from click.testing import CliRunner, Result
from courses import tiny

from coursekit.build import build
from coursekit.cli import main
from coursekit.core.course import Assignment, Course
from coursekit.grade_class import grade_one
from coursekit.handout import Released, platforms
from coursekit.handout.base import dataset_files
from coursekit.handout.colab import CELL_ID

ROOT = Path(__file__).parent.parent
URL = "https://example.org/course/tiny"
EVERY = ("jupyter", "zylabs", "colab", "gradescope")
COURSE = Course(ROOT)


def command(root: Path, *arguments: str) -> Result:
    """The command as it runs in that folder."""
    with contextlib.chdir(root):
        return CliRunner().invoke(main, arguments)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    assignment = tiny.course_with_answer_file(tmp_path_factory.mktemp("course"))
    build(assignment)
    return assignment


@pytest.fixture
def copied(built: Assignment, tmp_path: Path) -> Assignment:
    shutil.copytree(built.course.root, tmp_path / "course", ignore=shutil.ignore_patterns("handout"))
    return Assignment(Course(tmp_path / "course"), "tiny")


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def handed_out(assignment: Assignment, platform: str, *more: str) -> dict[str, bytes]:
    done = command(assignment.course.root, "handout", assignment.name, "--for", platform, *more)
    assert done.exit_code == 0, done.stderr
    return contents(assignment.course.root / "handout" / f"{assignment.name}-{platform}.zip")


@pytest.mark.parametrize("platform", EVERY)
def test_a_zip_has_what_was_released_and_a_page_for_the_teacher(built, platform):
    found = handed_out(built, platform, *(["--url", URL] if platform == "colab" else []))
    released = {path.name: path.read_bytes() for path in built.release.iterdir()}
    page = found.pop("README.txt").decode()
    assert found.keys() == released.keys()
    different = {name for name in found if found[name] != released[name]}
    assert different == ({"tiny.ipynb"} if platform == "colab" else set())
    assert platform in page and len(page.splitlines()) <= 14
    assert max(map(len, page.splitlines())) <= 120


@pytest.mark.parametrize("platform", EVERY)
def test_the_same_release_gives_the_same_bytes(built, platform):
    more = ["--url", URL] if platform == "colab" else []
    path = built.course.root / "handout" / f"tiny-{platform}.zip"
    handed_out(built, platform, *more)
    before = path.read_bytes()
    path.unlink()
    handed_out(built, platform, *more)
    assert path.read_bytes() == before


def secrets(assignment: Assignment) -> set[str]:
    """Pieces of what no student may see: lines of hidden tests and solutions, expected arrays, known mistakes."""
    found = set()
    sources = [assignment.source / assignment.notebook_name, *assignment.source.glob("*.py")]
    for path in sources:
        text = path.read_text()
        if path.suffix == ".ipynb":
            text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
        for region in re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", text, re.DOTALL):
            found |= {line.strip() for line in region.splitlines()}
    snapshots = assignment.autograder / "snapshots.json"
    if snapshots.is_file():
        found |= set(re.findall(r'"([A-Za-z0-9+/=]{40,})"', snapshots.read_text()))
    return {piece for piece in found if len(piece) >= 25}


@pytest.mark.parametrize("name", [assignment.name for assignment in COURSE.assignments()])
def test_no_test_solution_or_expected_array_is_in_it(name, tmp_path):
    assignment = COURSE.assignment(name)
    public = "".join(path.read_text() for path in assignment.release.iterdir())
    public += "\n".join(
        cell.source for cell in nbformat.read(assignment.release / assignment.notebook_name, 4).cells
    )
    hidden = {piece for piece in secrets(assignment) if piece not in public}
    assert len(hidden) > 50  # else this test looks for nothing
    released = Released.read(assignment, URL)
    dataset = dataset_files(released)
    for platform in platforms().values():
        path = tmp_path / f"{platform.name}.zip"
        platform.write(released, path)
        for file, data in contents(path).items():
            if data == dataset.get(file):
                continue
            assert not file.startswith(("tests", "attacks")) and file not in ("mistakes.py", "sample.py")
            text = data.decode("utf-8", "replace")
            if file.endswith(".ipynb"):
                text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
            assert not [piece for piece in hidden if piece in text], file
            assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "solution.txt").write_text("return 1\n"),
        lambda folder: (folder / "helper.py").write_text("one = 2\n"),
        lambda folder: shutil.copy(folder.parents[1] / "solutions" / "tiny" / "tiny.ipynb", folder),
    ],
    ids=["a file too many", "another given file", "the solution in the notebook's place"],
)
def test_a_release_that_the_build_did_not_make_is_not_handed_out(copied, spoil):
    spoil(copied.release)
    done = command(copied.course.root, "handout", "tiny")
    assert done.exit_code == 2 and "run 'coursekit build tiny'" in done.stderr
    assert not (copied.course.root / "handout").exists()


def test_what_the_build_passes_over_is_left_out(copied):
    for name in ("mistakes.py", ".solution.ipynb", "__pycache__/helper.pyc"):
        (copied.release / name).parent.mkdir(exist_ok=True)
        (copied.release / name).write_text("MISTAKES = []\n")
    names = handed_out(copied, "jupyter").keys()
    assert names == {"README.txt", "tiny.ipynb", "helper.py", "shapes.py", "hand_in.py"}


def test_zylabs_gets_the_data_beside_the_notebook():
    assignment = COURSE.assignment("optimizers")
    found = platforms()["zylabs"].files(Released.read(assignment))
    assert {name for name in found if name.endswith(".gz")} == {
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    }


@pytest.mark.parametrize(
    "url", ["", "file:///etc/", "example.org/x", "https://example.org/?a=1", "javascript:x"]
)
def test_colab_needs_the_address_of_a_folder(built, url):
    done = command(built.course.root, "handout", "tiny", "--for", "colab", "--url", url)
    assert done.exit_code == 2 and "https://" in done.stderr


def test_colabs_first_cell_fetches_what_is_missing_and_nothing_else(built, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built.release)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        found = json.loads(handed_out(built, "colab", "--url", url)["tiny.ipynb"])
        first = found["cells"][0]
        code = "".join(first["source"])
        ast.parse(code, feature_version=(3, 8))
        (tmp_path / "shapes.py").write_text("mine\n")
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)
    finally:
        server.shutdown()
    assert first["id"] == CELL_ID
    assert (tmp_path / "shapes.py").read_text() == "mine\n"
    assert (tmp_path / "helper.py").read_bytes() == (built.release / "helper.py").read_bytes()
    assert (tmp_path / "hand_in.py").is_file()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def test_a_notebook_from_colab_earns_what_the_same_work_earns_elsewhere(built, tmp_path):
    """Colab loses the tags of cells; the cell finds everything there, so nothing of it shows in the result."""
    first = json.loads(handed_out(built, "colab", "--url", "https://example.invalid/x")["tiny.ipynb"])[
        "cells"
    ][0]
    shutil.copytree(built.solution, tmp_path / "work")
    path = tmp_path / "work" / "tiny.ipynb"
    work = json.loads(path.read_text())
    work["cells"].insert(0, {**first, "metadata": {}})
    path.write_text(json.dumps(work))
    result = grade_one(built, tmp_path / "work", "someone")
    assert result.score == 15
    assert not [str(note) for note in result.notes if "cell 1" in str(note)]


def test_an_unknown_platform_is_named(built):
    done = command(built.course.root, "handout", "--for", "blackboard")
    assert done.exit_code == 2 and "gradescope, jupyter, zylabs" in done.stderr


@pytest.mark.parametrize("assignment", COURSE.assignments(), ids=lambda one: one.name)
def test_what_students_get_is_python_3_8(assignment, tmp_path):
    found = platforms()["colab"].files(Released.read(assignment, URL))
    for name, data in found.items():
        texts = [data.decode()] if name.endswith(".py") else []
        if name.endswith(".ipynb"):
            cells = nbformat.reads(data.decode(), as_version=4).cells
            texts = [cell.source for cell in cells if cell.cell_type == "code"]
        for text in texts:
            lines = [line for line in text.splitlines() if not line.lstrip().startswith(("%", "!"))]
            ast.parse("\n".join(lines), feature_version=(3, 8))


def test_it_is_ignored_by_git():
    for path in ("handout/a.zip", "gradescope/a.zip"):
        assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, env=os.environ).returncode == 0
