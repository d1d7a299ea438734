"""A new assignment from the template builds, grades and holds its promises at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses import tiny
from plain_user import run_plain

from coursekit.build import build, stale
from coursekit.build.new import create
from coursekit.cli import main
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.verify import mistakes, variants


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    root = tmp_path_factory.mktemp("course")
    (root / "source").mkdir()
    made = create(Course(root), "my_first")
    build(made)
    return made


def test_it_is_small_and_complete(assignment: Assignment) -> None:
    assert sorted(path.name for path in assignment.source.iterdir()) == [
        "mistakes.py",
        "my_first.ipynb",
        "sample.py",
        "variants.py",
    ]
    [question] = json.loads((assignment.autograder / "assignment.json").read_text())["questions"]
    assert question["name"] == "standardize" and question["points"] == 10
    text = (assignment.release / "my_first.ipynb").read_text()
    assert "# My first" in text and "my_first.ipynb" in text
    assert "Task 1: write standardize" in text and "np.std(" not in text and "HIDDEN" not in text
    assert stale(assignment) == []


def test_its_banks_hold(assignment: Assignment) -> None:
    caught = mistakes.run(assignment)
    assert len(caught) == 2 and not [one.problem for one in caught if one.problem]
    [(variant, result)] = variants.run(assignment)
    assert variants.problem(variant, result) == "" and result.score == 10


def test_its_release_earns_nothing(assignment: Assignment) -> None:
    notebook = assignment.release / assignment.notebook_name
    found = tiny.graded(assignment, notebook, "blank")
    assert found["score"] == 0
    assert "Not written yet: Task 1: write standardize" in found["tests"][0]["output"]


@pytest.mark.parametrize("name", ["", "My first", "../out", "a/b", "1st", "x" * 61, "ünder"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CourseError, match="can't be an assignment's name"):
        create(Course(tmp_path), name)
    assert not list(tmp_path.iterdir())


def test_what_is_there_stays(assignment: Assignment) -> None:
    before = (assignment.source / "my_first.ipynb").read_bytes()
    with pytest.raises(CourseError, match="already exists"):
        create(assignment.course, "my_first")
    assert (assignment.source / "my_first.ipynb").read_bytes() == before


def test_the_command_says_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["new", "second"])
    assert done.exit_code == 0 and "coursekit build second" in done.output
    assert CliRunner().invoke(main, ["new", "second"]).exit_code == 2


def test_a_folder_that_can_not_be_written_is_told_in_a_sentence() -> None:
    """Whatever the command: there is no traceback."""
    code = (
        "import os; os.makedirs('course/source'); os.chmod('course/source', 0o555); os.chdir('course')\n"
        "from coursekit.cli import main\n"
        "main(['new', 'second'])"
    )
    done = run_plain(code)
    assert done.returncode == 2
    assert done.stderr.startswith("coursekit: ") and len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith("source/second: Permission denied. Make it writable, or free some space.\n")
