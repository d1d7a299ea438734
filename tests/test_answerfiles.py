"""Answer files: Python files beside the notebook that students write in, from the source to the grade."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses import tiny

from coursekit.build import build, stale
from coursekit.build.answerfiles import as_file, as_notebook
from coursekit.build.source import read_source
from coursekit.cli import main
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.samples import known
from coursekit.samples import students as sample
from coursekit.verify import agreement, mistakes, mutants, variants

ROOT = Path(__file__).parent.parent
WRONG = tiny.SHAPES.replace("** 2", "* 2")
HELPER = "    ### BEGIN SOLUTION\n    def helped(self):\n        pass\n    ### END SOLUTION\n\n"
MISTAKES = """
from coursekit.samples.known import Mistake

MISTAKES = [
    Mistake("perimeter", "shapes.py", (("[0, 0] ** 2", "[0, 0] * 4"),), "area", "That is the perimeter."),
    Mistake("adds", "solve_scale", (("* factor", "+ factor"),), "scale", "Times, not plus.", frozenset({"total"})),
]
"""
VARIANTS = '''
from coursekit.samples.students import Student

SHORT = """
import numpy as np


class square:
    def __init__(self, side):
        self.params = dict(side=np.full((1, 1), side))

    def area(self, scale=1):
        return (scale * self.params["side"].item()) ** 2
"""
VARIANTS = [
    Student("short", "writes the file anew", files={"shapes.py": SHORT}),
    Student("prints", "changes the file", files={"shapes.py": lambda text: text + "\\nprint(square(2).area())\\n"}),
    Student("file-alone", "hands in one file", hands_in=frozenset({"shapes.py"}), honest=False,
            loses=frozenset({"scale", "total"})),
]
'''


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    assignment = tiny.course_with_answer_file(tmp_path_factory.mktemp("course"))
    (assignment.source / "mistakes.py").write_text(MISTAKES)
    (assignment.source / "variants.py").write_text(VARIANTS)
    shutil.copy(ROOT / "nbgrader_config.py", assignment.course.root)
    build(assignment)
    return assignment


@pytest.fixture
def handed(assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``ada/tiny`` with the worked solution, and the course as the working folder."""
    monkeypatch.chdir(assignment.course.root)
    return Path(shutil.copytree(assignment.solution, tmp_path / "ada" / "tiny"))


def graded(*paths: Path) -> list[dict]:
    result = CliRunner().invoke(main, ["grade", "tiny", *map(str, paths), "--json", "-"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def one(path: Path) -> dict:
    [result] = graded(path)
    return result


def points(result: dict) -> dict[str, float]:
    return {test["name"]: test["score"] for test in result["tests"]}


# The build


def test_the_release_is_stripped_and_the_solution_whole(assignment: Assignment) -> None:
    release = (assignment.release / "shapes.py").read_text()
    assert '        raise NotImplementedError("Task 3: square.__init__")\n' in release
    assert '        raise NotImplementedError("Task 4: square.area")\n' in release
    assert "SOLUTION" not in release and "grown_side" not in release
    assert release.startswith(
        '# %%\n"""Shapes, to be finished."""\n\nimport numpy as np\n\n\nclass square:\n'
    )
    marks = ("### BEGIN SOLUTION\n", "### END SOLUTION\n")
    lines = tiny.SHAPES.splitlines(True)
    worked = "".join(line for line in lines if not line.endswith(marks))
    assert (assignment.solution / "shapes.py").read_text() == worked
    description = json.loads((assignment.autograder / "assignment.json").read_text())
    assert (description["files"], description["answer_files"]) == (["hand_in.py", "helper.py"], ["shapes.py"])
    assert stale(assignment) == []


def test_no_solution_is_in_the_autograder(assignment: Assignment) -> None:
    names = sorted(path.name for path in (assignment.autograder / "files").iterdir())
    assert names == ["hand_in.py", "helper.py"]
    with zipfile.ZipFile(assignment.autograder / "autograder.zip") as archive:
        assert [name for name in archive.namelist() if "shapes" in name] == []
    test = (assignment.autograder / "tests" / "area.py").read_text()
    assert "def test_area_hidden(square)" in test and "shapes" not in test


@pytest.mark.parametrize(
    "text", [tiny.SHAPES, '# %%\nx = 1\n\n# %% A title\ny = """\n# z\n"""\n', "# %%\n# only\n"]
)
def test_a_file_becomes_a_notebook_and_the_same_file_again(text: str) -> None:
    assert as_file(as_notebook("shapes.py", text.encode())).decode() == text


def test_nbgrader_writes_the_same_release_and_grades_the_students_file(
    assignment: Assignment, tmp_path: Path
) -> None:
    shutil.copytree(assignment.course.root / "source", tmp_path / "source")
    shutil.copytree(assignment.autograder, tmp_path / "autograder" / "tiny")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)

    def nbgrader(*arguments: str) -> None:
        run = [sys.executable, "-m", "nbgrader", *arguments, "--log-level=ERROR"]
        subprocess.run(run, cwd=tmp_path, check=True, timeout=180)

    nbgrader("generate_assignment", "tiny")
    for path in assignment.release.iterdir():
        assert (tmp_path / "release" / "tiny" / path.name).read_bytes() == path.read_bytes()
    for student, text in (("ada", tiny.SHAPES), ("bela", WRONG)):
        shutil.copytree(assignment.solution, tmp_path / "submitted" / student / "tiny")
        (tmp_path / "submitted" / student / "tiny" / "shapes.py").write_text(text)
    nbgrader("autograde", "tiny")
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        scores = {s: gradebook.find_submission("tiny", s).score for s in ("ada", "bela")}
    assert scores == {"ada": 15, "bela": 10}


def test_nbgrader_leaves_no_release_when_a_file_cannot_be_stripped(tmp_path: Path) -> None:
    tiny.course_with_answer_file(tmp_path, tiny.SHAPES.replace("        ### END SOLUTION\n", "", 1))
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    run = [sys.executable, "-m", "nbgrader", "generate_assignment", "tiny"]
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, timeout=120).returncode
    assert not (tmp_path / "release" / "tiny").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("        ### END SOLUTION\n", "", "cell 'shapes.py, Task 3: square.__init__': regions must begin and end"),
        ("### BEGIN SOLUTION\n        grown", "### BEGIN SOLUTIONS\n        grown", "is misspelt"),
        ("# %%\n", "", "shapes.py, line 1: begin a cell here, with a line '# %%' above "),
        ("# %%\n", "# %%\r\n", "shapes.py has Windows line endings"),
        ("def area(self, scale=1):\n", "def area(self, scale=1:\n", "shapes.py is not valid Python"),
        ("    def area", f"{HELPER}    def area", "the release has no stub of square.helped"),
    ],
)  # fmt: skip
def test_a_wrong_answer_file_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in tiny.SHAPES
    with pytest.raises(CourseError) as caught:
        build(tiny.course_with_answer_file(tmp_path, tiny.SHAPES.replace(old, new, 1)), verify=False)
    assert message in str(caught.value)


def test_a_solution_in_a_given_file_is_refused(tmp_path: Path) -> None:
    assignment = tiny.course_with_answer_file(tmp_path)
    (assignment.source / "helper.py").write_text('one = 1\n# grown_side = self.params["side"] * scale\n')
    with pytest.raises(
        CourseError, match="helper.py of the release contains a line of the solution of cell 'shapes.py"
    ):
        build(assignment, verify=False)


def test_delimiters_in_a_given_file_are_refused(tmp_path: Path) -> None:
    assignment = tiny.course_with_answer_file(tmp_path)
    (assignment.source / "helper.py").write_text("one = 1\n### END SOLUTION\n")
    with pytest.raises(CourseError, match=r"cell 'helper\.py': regions must begin and end"):
        build(assignment, verify=False)


def test_a_test_cell_must_not_import_an_answer_file(tmp_path: Path) -> None:
    assignment = tiny.course_with_answer_file(tmp_path)
    path = assignment.source / "tiny.ipynb"
    path.write_text(
        path.read_text().replace("one_square = square(3)", "import shapes; one_square = shapes.square(3)")
    )
    with pytest.raises(CourseError, match="cell 'area': 'import shapes' imports an answer file"):
        build(assignment, verify=False)


def test_a_changed_answer_file_makes_the_build_stale(assignment: Assignment, tmp_path: Path) -> None:
    shutil.copytree(assignment.course.root, tmp_path / "course")
    copied = Assignment(Course(tmp_path / "course"), "tiny")
    (copied.source / "shapes.py").write_text(tiny.SHAPES.replace("grown_side", "longer_side"))
    recorded = {"autograder/tiny/hints.json", "autograder/tiny/times.json"}
    assert {"solutions/tiny/shapes.py", "solutions/tiny/tiny.ipynb", *recorded} == set(stale(copied))


def test_the_released_file_is_plain_python(assignment: Assignment) -> None:
    ast.parse((assignment.release / "shapes.py").read_text(), feature_version=(3, 8))
    assert set(read_source(assignment).answer_files) == {"shapes.py"}


# Grading


ALL = {"scale": 5, "total": 5, "area": 5}
FILE_ALONE = {"scale": 0, "total": 0, "area": 5}


def test_a_folder_a_zip_and_files_without_the_notebook_are_graded_the_same(handed: Path) -> None:
    assert points(one(handed)) == ALL
    archive = handed.parent / "ada.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(handed / "tiny.ipynb", "x/tiny.ipynb")
        out.write(handed / "shapes.py", "x/shapes.py")
    assert points(one(archive)) == ALL
    # The answers in the notebook's own cells are gone with it; the file counts as before.
    with zipfile.ZipFile(archive, "w") as out:
        out.write(handed / "shapes.py", "x/shapes.py")
    assert points(one(archive)) == FILE_ALONE
    (handed / "tiny.ipynb").unlink()
    result = one(handed)
    assert result["extra_data"]["notes"] == []
    assert points(result) == FILE_ALONE


def test_a_single_file_belongs_to_the_student_of_its_folder(handed: Path) -> None:
    result = one(handed / "shapes.py")
    assert (result["extra_data"]["student"], points(result)) == ("ada", FILE_ALONE)
    other = handed.parent / "carl.py"
    shutil.copy(handed / "shapes.py", other)
    result = one(other)
    assert (result["extra_data"]["student"], result["score"]) == ("carl", 5)
    result = one(handed / "helper.py")
    assert result["extra_data"]["error"] == "'helper.py' is not a file to write in: submit shapes.py"
    both = ["grade", "tiny", str(handed / "shapes.py"), str(handed / "helper.py")]
    assert "if they are one submission, name their folder" in CliRunner().invoke(main, both).output


def test_the_students_file_counts_and_the_given_ones_do_not(handed: Path) -> None:
    (handed / "shapes.py").write_text(WRONG)
    (handed / "helper.py").write_text("one = 2\n")
    result = one(handed)
    assert result["extra_data"]["notes"] == ["helper.py was changed: graded with the original"]
    assert points(result) == ALL | {"area": 0}


def test_a_missing_file_is_graded_as_released(handed: Path) -> None:
    (handed / "shapes.py").unlink()
    result = one(handed)
    note = "shapes.py is missing: graded as released, without any answers"
    assert result["extra_data"]["notes"] == [note]
    told = result["tests"][-1]["output"]
    assert told.startswith("Visible test: failed.\nNot written yet: Task 3: square.__init__")
    assert points(result) == ALL | {"area": 0}


def test_a_file_in_another_folder_is_found(handed: Path) -> None:
    (handed / "work").mkdir()
    (handed / "shapes.py").rename(handed / "work" / "shapes.py")
    (handed / "shapes.py").mkdir()
    result = one(handed)
    note = "shapes.py is not beside the notebook: graded 'work/shapes.py'"
    assert (result["extra_data"]["notes"], result["score"]) == ([note], 15)


def test_neither_notebook_nor_file(handed: Path) -> None:
    (handed / "tiny.ipynb").unlink()
    (handed / "shapes.py").unlink()
    error = "there is no notebook in it: submit tiny.ipynb or shapes.py"
    assert one(handed)["extra_data"]["error"] == error


def test_a_syntax_error_in_the_file_costs_what_needs_it_and_is_shown(handed: Path) -> None:
    (handed / "shapes.py").write_text(tiny.SHAPES.replace("scale=1):", "scale=1)"))
    result = one(handed)
    assert points(result) == ALL | {"area": 0}
    [note] = result["extra_data"]["notes"]
    assert "SyntaxError" in note and "shapes.py, line 17" in note


# Known mistakes and variants


def test_mistakes_in_a_file_get_their_hints(assignment: Assignment) -> None:
    assert [caught.problem for caught in mistakes.run(assignment)] == ["", ""]
    hints = json.loads((assignment.autograder / "hints.json").read_text())
    assert hints["mistakes"][0]["wrong"]


def test_a_mistake_names_a_text_of_the_file() -> None:
    lost = known.Mistake("lost", "shapes.py", (("no such text", ""),), "area", "…")
    with pytest.raises(CourseError, match=r"lost replaces 'no such text', which is not in 'shapes\.py'"):
        lost.as_student({"shapes.py": tiny.SHAPES})


def test_variants_and_samples_change_files(assignment: Assignment, tmp_path: Path) -> None:
    *whole, alone = variants.run(assignment)
    assert [variants.problem(*one) for one in whole] == ["", ""]
    assert alone[1].score == 5
    sample.write_submission(assignment, alone[0], tmp_path / "alone")
    assert [path.name for path in (tmp_path / "alone").iterdir()] == ["shapes.py"]


def test_mutants_of_a_file_are_caught(assignment: Assignment) -> None:
    found = mutants.run(assignment)
    of_file = [mutant for mutant in found.graded if mutant.cell == "shapes.py"]
    assert len(of_file) > 5
    assert [mutant.diff for mutant in found.survivors if mutant in of_file] == []


def test_the_three_graders_agree(assignment: Assignment) -> None:
    changed = {"shapes.py": lambda text: text.replace("** 2", "* 2")}
    students = [
        sample.Student("ada", "hands in the worked solution"),
        sample.Student("bela", "doubles", files=changed, loses=frozenset({"area"})),
        sample.Student(
            "cleo",
            "hands in the file alone",
            hands_in=frozenset({"shapes.py"}),
            loses=frozenset({"scale", "total"}),
        ),
    ]
    rows = agreement.compare(assignment, students)
    assert agreement.problems(rows) == []
    assert {row.student.name: row.graded["otter"].total for row in rows} == {"ada": 15, "bela": 10, "cleo": 0}
    assert {one.why for one in rows[2].graded.values()} == {"", agreement.NO_NOTEBOOK}
