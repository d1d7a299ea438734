"""Building an assignment: what comes out, when it refuses, and that the same input gives the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from courses import tiny
from nbformat.v4 import new_code_cell, new_output

from coursekit import snapshot
from coursekit.build import build, stale
from coursekit.build.release import released
from coursekit.build.source import read_source
from coursekit.build.testfiles import indented, test_files
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.limits import Limits

ROOT = Path(__file__).parent.parent
BUILT = ("release", "solutions", "autograder")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The tiny course, built and verified once. Tests that change it work on a copy."""
    assignment = tiny.course(tmp_path_factory.mktemp("course"))
    build(assignment)
    return assignment


@pytest.fixture
def copied(built: Assignment, tmp_path: Path) -> Assignment:
    shutil.copytree(built.course.root, tmp_path / "course")
    return Assignment(Course(tmp_path / "course"), built.name)


@pytest.fixture(scope="session")
def nbgraders(built: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the same source, and the release that nbgrader makes of it."""
    root = tmp_path_factory.mktemp("nbgrader")
    shutil.copytree(built.course.root / "source", root / "source")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    nbgrader(root, "generate_assignment", "tiny")
    return root


def nbgrader(root: Path, *arguments: str) -> None:
    run = [sys.executable, "-m", "nbgrader", *arguments, "--log-level=ERROR"]
    subprocess.run(run, cwd=root, check=True, timeout=120)


def files(root: Path, *folders: str) -> dict[str, bytes]:
    """The bytes of every file below the given folders of `root`."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_file(assignment: Assignment, question: str) -> str:
    return (assignment.autograder / "tests" / f"{question}.py").read_text()


test_file.__test__ = False
test_files.__test__ = False


# What is built


def test_builds_three_folders_and_nothing_else(built: Assignment) -> None:
    assert sorted(files(built.course.root, *BUILT)) == [
        "autograder/tiny/assignment.json",
        "autograder/tiny/autograder.zip",
        "autograder/tiny/files/hand_in.py",
        "autograder/tiny/files/helper.py",
        "autograder/tiny/snapshots.json",
        "autograder/tiny/tests/scale.py",
        "autograder/tiny/tests/total.py",
        "autograder/tiny/times.json",
        "release/tiny/hand_in.py",
        "release/tiny/helper.py",
        "release/tiny/tiny.ipynb",
        "solutions/tiny/hand_in.py",
        "solutions/tiny/helper.py",
        "solutions/tiny/tiny.ipynb",
    ]
    assert sorted(path.name for path in built.course.root.iterdir()) == [
        "autograder",
        "release",
        "solutions",
        "source",
    ]


def test_description_resolves_limits(built: Assignment) -> None:
    description = json.loads((built.autograder / "assignment.json").read_text())
    limits = {**Limits().as_dict(), "case_seconds": 20}
    assert description == {
        "assignment": "tiny",
        "title": "Tiny",
        "notebook": "tiny.ipynb",
        "limits": limits,
        "questions": [
            {"name": "scale", "points": 5, "test": "tests/scale.py", "limits": limits},
            {"name": "total", "points": 5, "test": "tests/total.py", "limits": limits},
        ],
        "files": ["hand_in.py", "helper.py"],
        "answer_files": [],
        "writes": [],
        "dataset": "",
    }


def test_release_equals_what_nbgrader_generates(built: Assignment, nbgraders: Path) -> None:
    assert files(nbgraders, "release") == files(built.course.root, "release")


def test_release_names_the_task_and_hides_the_rest(built: Assignment) -> None:
    release = read(built.release / "tiny.ipynb")
    assert (
        'raise NotImplementedError("Task 1: write \\"scale\\"")' in tiny.cell(release, "solve_scale").source
    )
    assert 'raise NotImplementedError("solve_total")' in tiny.cell(release, "solve_total").source
    text = (built.release / "tiny.ipynb").read_text()
    for secret in ("HIDDEN", "SOLUTION", "scaled_values", "snapshot", "ignores its factor"):
        assert secret not in text


def test_solution_is_executed_with_figures_and_without_hidden_tests(built: Assignment) -> None:
    solution = read(built.solution / "tiny.ipynb")
    code = [cell for cell in solution.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert code[3].outputs[0].text == "… s <object object at 0x…>\n"
    assert "image/png" in code[3].outputs[1].data
    assert "return scaled_values" in tiny.cell(solution, "solve_scale").source
    text = (built.solution / "tiny.ipynb").read_text()
    assert "HIDDEN" not in text and "SOLUTION" not in text and "ignores its factor" not in text


def test_otter_run_agrees(built: Assignment, tmp_path: Path) -> None:
    notebook = built.solution / "tiny.ipynb"
    bundle = built.autograder / "autograder.zip"
    run = ["otter", "run", "-a", str(bundle), "-o", str(tmp_path), str(notebook)]
    subprocess.run(
        [sys.executable, "-m", *run], cwd=tmp_path, check=True, timeout=120, stdout=subprocess.DEVNULL
    )
    tests = json.loads((tmp_path / "results.json").read_text())["tests"]
    assert sum(test.get("score", 0) for test in tests) == 10
    assert sum(test.get("max_score", 0) for test in tests) == 10


def test_nbgrader_autograde_agrees(built: Assignment, nbgraders: Path) -> None:
    shutil.copytree(built.solution, nbgraders / "submitted" / "ann" / "tiny")
    shutil.copytree(built.autograder, nbgraders / "autograder" / "tiny")
    nbgrader(nbgraders, "autograde", "tiny")
    nbgrader(nbgraders, "export")
    header, row = (line.split(",") for line in (nbgraders / "grades.csv").read_text().split())
    assert float(dict(zip(header, row, strict=True))["score"]) == 10


def test_a_manual_answer_is_built_and_waits_for_a_person_in_nbgrader(tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    assignment = tiny.course(tmp_path, tiny.with_discussion())
    build(assignment)  # full marks and no marks leave the manual points out
    questions = json.loads((assignment.autograder / "assignment.json").read_text())["questions"]
    assert [question["name"] for question in questions] == ["scale", "discussion", "total"]
    assert questions[1] == {"name": "discussion", "points": 3, "manual": True}
    assert not (assignment.autograder / "tests" / "discussion.py").exists()
    assert tiny.cell(read(assignment.release / "tiny.ipynb"), "discussion").source == "YOUR ANSWER HERE"
    worked = tiny.cell(read(assignment.solution / "tiny.ipynb"), "discussion").source
    assert worked == "A larger factor makes larger values."
    assert stale(assignment) == []

    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    nbgrader(tmp_path, "generate_assignment", "tiny", "--force")
    shutil.copytree(assignment.solution, tmp_path / "submitted" / "ann" / "tiny")
    nbgrader(tmp_path, "autograde", "tiny")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        [notebook] = gradebook.find_submission("tiny", "ann").notebooks
        assert {grade.name: grade.needs_manual_grade for grade in notebook.grades} == {
            "scale": False, "discussion": True, "total": False,
        }  # fmt: skip
        assert (notebook.score, notebook.max_score) == (10, 13)


def test_a_file_that_the_solution_writes_goes_along_with_it(tmp_path: Path) -> None:
    source = tiny.notebook()
    source.cells[4].source += "\nprint('made', file=open('made.txt', 'w'))"
    source.metadata["coursekit"]["writes"] = ["made.txt"]
    assignment = tiny.course(tmp_path, source)
    build(assignment, verify=False)
    made = assignment.solution / "made.txt"
    assert made.read_text() == "made\n"
    assert not (assignment.release / "made.txt").exists()
    assert stale(assignment) == []
    made.unlink()
    assert stale(assignment) == ["solutions/tiny/tiny.ipynb"]
    source.metadata["coursekit"]["writes"] = ["other.txt"]
    assert "did not write 'other.txt'" in refused(source, tmp_path / "refused", verify=True)


def test_bundle_has_fixed_times_and_permissions(built: Assignment) -> None:
    with zipfile.ZipFile(built.autograder / "autograder.zip") as bundle:
        entries = {entry.filename: entry for entry in bundle.infolist()}
        environment = bundle.read("environment.yml").decode()
    assert list(entries) == sorted(entries)
    assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}
    assert entries["run_autograder"].external_attr >> 16 == 0o100755
    assert entries["files/helper.py"].external_attr >> 16 == 0o100644
    assert "numpy" in environment and "matplotlib" in environment and "helper" not in environment


# The same input gives the same bytes


def test_same_bytes_in_another_place_and_process(built: Assignment, tmp_path: Path) -> None:
    assignment = tiny.course(tmp_path / "elsewhere")
    script = (
        "from pathlib import Path\nfrom coursekit.build import build\n"
        "from coursekit.core.course import Assignment, Course\n"
        f"build(Assignment(Course(Path({str(assignment.course.root)!r})), 'tiny'), verify=False)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "123", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True, timeout=120)
    found = files(built.course.root, *BUILT)
    del found["autograder/tiny/times.json"]  # of this machine, and only where the solution is graded
    assert files(assignment.course.root, *BUILT) == found


def test_unchanged_solution_is_not_executed_again(copied: Assignment) -> None:
    path = copied.solution / "tiny.ipynb"
    solution = read(path)
    solution.cells[4].outputs = [new_output("stream", text="as another machine printed it\n")]
    nbformat.write(solution, path)
    build(copied, verify=False)
    assert "as another machine printed it" in path.read_text()
    (copied.source / "helper.py").write_text("one = 2\n")
    build(copied, verify=False)
    assert "as another machine printed it" not in path.read_text()


def test_times_are_recorded_again_only_if_solution_or_tests_have_changed(copied: Assignment) -> None:
    path = copied.autograder / "times.json"
    times = json.loads(path.read_text())
    assert times["cases"].keys() == {f"{q}: {q} - {n}" for q in ("scale", "total") for n in (1, 2)}
    path.write_text(path.read_text().replace('"load": ', '"load": 1'))
    kept = path.read_text()
    assert stale(copied) == []
    build(copied)
    assert path.read_text() == kept
    path.write_text(kept.replace(times["key"], "another"))
    assert stale(copied) == ["autograder/tiny/times.json"]
    build(copied)
    assert json.loads(path.read_text())["key"] == times["key"]
    path.unlink()
    assert stale(copied) == []


def test_snapshots_that_differ_by_rounding_are_kept(copied: Assignment) -> None:
    path = copied.autograder / "snapshots.json"
    stored = json.loads(path.read_text())
    stored["scale_thirds"]["values"][1] *= 1 + 1e-12
    path.write_text(rounded := snapshot.dumps(stored))
    build(copied, verify=False)
    assert path.read_text() == rounded
    stored["scale_thirds"]["values"][1] *= 2
    path.write_text(snapshot.dumps(stored))
    build(copied, verify=False)
    assert path.read_text() == rounded.replace(
        str(json.loads(rounded)["scale_thirds"]["values"][1]), str(3 / 7)
    )


# Stale or current


def test_fresh_build_is_current_and_droppings_do_not_matter(copied: Assignment) -> None:
    (copied.release / ".ipynb_checkpoints").mkdir()
    (copied.release / ".ipynb_checkpoints" / "tiny-checkpoint.ipynb").write_text("{}")
    assert stale(copied) == []


def test_stale_names_what_changed_is_missing_or_left_over(copied: Assignment) -> None:
    (copied.release / "helper.py").write_text("one = 3\n")
    (copied.autograder / "tests" / "total.py").unlink()
    (copied.solution / "old.txt").write_text("")
    assert stale(copied) == [
        "release/tiny/helper.py",
        "solutions/tiny/old.txt",
        "autograder/tiny/tests/total.py",
    ]


def test_stale_after_a_change_of_the_source(copied: Assignment) -> None:
    source = tiny.notebook()
    tiny.cell(source, "total").source = tiny.TOTAL_TEST.replace("longer lists", "other lists").rstrip()
    tiny.course(copied.course.root, source)
    hidden_only = [f"autograder/tiny/{name}" for name in ("autograder.zip", "tests/total.py", "times.json")]
    assert stale(copied) == hidden_only
    tiny.cell(source, "solve_total").source = tiny.TOTAL.replace("sum(", "0 + sum(").rstrip()
    tiny.course(copied.course.root, source)
    assert stale(copied) == ["solutions/tiny/tiny.ipynb", *hidden_only]


def test_everything_is_stale_before_the_first_build(tmp_path: Path) -> None:
    names = stale(tiny.course(tmp_path))
    assert "release/tiny/tiny.ipynb" in names and "solutions/tiny/tiny.ipynb" in names


# A failed build leaves the old one


def refused(source: nbformat.NotebookNode, tmp_path: Path, *, verify: bool = False) -> str:
    """The message with which the build of the tiny course with this notebook fails."""
    assignment = tiny.course(tmp_path, source)
    for folder in BUILT:
        (tmp_path / folder / "tiny").mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "tiny" / "old").write_text("kept")
    before = files(tmp_path, *BUILT)
    with pytest.raises(CourseError) as caught:
        build(assignment, verify=verify)
    assert files(tmp_path, *BUILT) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    return str(caught.value)


def changed(name: str, old: str, new: str) -> nbformat.NotebookNode:
    """The tiny notebook with `old` replaced by `new` in the cell `name`."""
    source = tiny.notebook()
    cell = tiny.cell(source, name)
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    return source


@pytest.mark.parametrize(
    ("cell", "old", "new", "message"),
    [
        ("scale", "scale([1.5], 3)", "scael([1.5], 3)", "cell 'scale' reads 'scael', which no cell before"),
        ("scale", "scale([1.5], 3)", "total([1.5])", "cell 'scale' reads 'total', which no cell before it"),
        ("scale", "np.arange(6) / 7", "plot", "cell 'scale' reads 'plot', which only cell 2"),
        ("total", "rows = [[1, 2, 3], [4]]", "rows = text", "'text', which only cell 'scale' defines"),
        ("total", "assert total([1, 2]) == 3", "rows = [[1]]\nassert total([1, 2]) == 3", None),
        ("total", "rows = ", "rows = %timeit ", "cell 'total': the hidden part is not plain Python"),
        ("total", "rows = ", "global rows\nrows = ", "cell 'total' declares 'rows' global"),
        ("total", ', "total is wrong for longer lists"', "", "cell 'total': the hidden assertion 'assert"),
        ("total", '"total is wrong for longer lists"', 'f"{rows}"', "cell 'total': the hidden assertion"),
        ("scale", ', err_msg="scale ignores its factor"', "", "cell 'scale': the hidden assertion 'np.test"),
        ("scale", "list(scale([1, 2]))", "print(1)", "cell 'scale' prints"),
        ("scale", '"scale_thirds"', '"a" + "b"', "cell 'scale': write the snapshot's name as"),
        ("scale", "from coursekit import snapshot", "import coursekit.snapshot as snapshot", "'scale'"),
        ("scale", "np.arange(6) / 7", "np.random.rand(6)", "cell 'scale' raised CourseError: The snapshot"),
        ("solve_total", "### BEGIN SOLUTION", "### BEGIN SOLUTON", "cell 'solve_total': '### BEGIN SOLUTON'"),
        ("solve_total", "    ### END SOLUTION", "", "cell 'solve_total': regions must begin and end in turn"),
        ("total", "### END HIDDEN TESTS", "", "cell 'total': regions must begin and end in turn"),
        ("solve_total", "sum(", "1 / 0 + sum(", "cell 'total' raised ZeroDivisionError"),
        ("solve_total", "def total(values):\n    ###", "###", "cell 'solve_total' is not valid Python"),
    ],
)
def test_build_fails_and_names_the_cell(
    tmp_path: Path, cell: str, old: str, new: str, message: str | None
) -> None:
    source = changed(cell, old, new)
    if new == "plot":
        source.cells.insert(1, tiny.exploring("plot = [1]"))
    if message is None:  # a name of the visible part, read in the hidden one
        tiny.cell(source, "total").source = tiny.cell(source, "total").source.replace(
            "[[1, 2, 3], [4]]", "rows"
        )
        message = "cell 'total': the hidden part reads 'rows', which the visible part defines"
    assert message in refused(source, tmp_path)


def test_duplicate_and_missing_grade_ids(tmp_path: Path) -> None:
    source = tiny.notebook()
    tiny.cell(source, "total").metadata.nbgrader.grade_id = "scale"
    del tiny.cell(source, "imports").metadata.nbgrader["grade_id"]
    message = refused(source, tmp_path)
    assert "cell 'scale' has the grade_id 'scale' of cell 'scale'" in message
    assert "cell 2 ('import numpy as np') has no grade_id" in message


def test_points_without_a_hidden_case(tmp_path: Path) -> None:
    source = tiny.notebook()
    cell = tiny.cell(source, "total")
    cell.source = cell.source.partition("\n")[0]
    assert "cell 'total' has 5 points but no hidden case" in refused(source, tmp_path)
    cell.metadata.nbgrader.points = 0
    build(tiny.course(tmp_path / "free", source), verify=False)


@pytest.mark.parametrize("hidden", ["# to be written", "total([1, 2, 3])"])
def test_points_with_a_hidden_case_that_cannot_fail(tmp_path: Path, hidden: str) -> None:
    source = tiny.notebook()
    cell = tiny.cell(source, "total")
    visible = cell.source.partition("\n### BEGIN")[0]
    cell.source = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    assert "cell 'total' has 5 points but its hidden case asserts nothing" in refused(source, tmp_path)
    cell.source = cell.source.replace(
        hidden, "if total([1, 2]) != 3:\n    raise AssertionError('it is the sum')"
    )
    build(tiny.course(tmp_path / "raises", source), verify=False)


def test_outputs_in_the_source(tmp_path: Path) -> None:
    source = tiny.notebook()
    tiny.cell(source, "scale").outputs = [new_output("stream", text="42")]
    assert "cell 'scale' has outputs: clear all outputs" in refused(source, tmp_path)


@pytest.mark.parametrize(
    "leak", ["scaled_values = np.asarray(values) * factor", "# scaled_values = np.asarray(values) * factor"]
)
def test_solution_text_left_in_the_release(tmp_path: Path, leak: str) -> None:
    source = changed("scale", "# Try it on one row.", f"values, factor = [1], 2\n{leak}")
    assert "cell 'scale' of the release contains a line of the solution of cell 'solve_scale'" in refused(
        source, tmp_path
    )


def test_whole_solution_in_a_scratch_cell(tmp_path: Path) -> None:
    source = tiny.notebook()
    copy = tiny.SCALE.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", "")
    source.cells.append(new_code_cell(copy, id="scratch"))
    assert "cell 8 ('def scale(values, factor=2):') of the release contains a line" in refused(
        source, tmp_path
    )


def test_stub_with_another_signature(tmp_path: Path) -> None:
    redefined = "\n\ndef total(values, start):\n    return start\n    ### END SOLUTION"
    source = changed("solve_total", "\n    ### END SOLUTION", redefined)
    assert (
        "cell 'solve_total': the stub is total(values) but the solution is total(values, start)"
        in refused(source, tmp_path)
    )


def test_function_without_a_stub(tmp_path: Path) -> None:
    source = tiny.notebook()
    whole = "### BEGIN SOLUTION\ndef total(values):\n    return sum(scale(values, 1))\n### END SOLUTION"
    tiny.cell(source, "solve_total").source = whole
    assert "cell 'solve_total': the release has no stub of total" in refused(source, tmp_path)


def test_solution_that_loses_points(tmp_path: Path) -> None:
    source = changed("total", "[6, 4]", "[6, 5]")
    assert "cell 'total': the solution earns 0 of 5 points under sealed grading" in refused(
        source, tmp_path, verify=True
    )


def test_release_that_earns_points(tmp_path: Path) -> None:
    source = tiny.notebook()
    tiny.cell(
        source, "total"
    ).source = "pass\n### BEGIN HIDDEN TESTS\nassert 1 + 1 == 2, 'never'\n### END HIDDEN TESTS"
    assert "cell 'total': the unchanged release earns 5 points" in refused(source, tmp_path, verify=True)


def test_test_cell_that_shows_something(tmp_path: Path) -> None:
    source = changed("total", "### BEGIN HIDDEN TESTS", "total([1])\n### BEGIN HIDDEN TESTS")
    assert "cell 'total' prints when it passes ('np.int64(1)')" in refused(source, tmp_path)


def test_unknown_limit(tmp_path: Path) -> None:
    source = tiny.notebook()
    tiny.cell(source, "total").metadata["coursekit"] = {"limits": {"case_minutes": 1}}
    assert "cell 'total''s metadata: There is no limit 'case_minutes'" in refused(source, tmp_path)


@pytest.mark.parametrize(
    ("cell", "settings", "message"),
    [
        (None, {"wrties": ["made.txt"]}, "the notebook's metadata: there is no setting 'wrties'"),
        (None, {"writes": "made.txt"}, "'writes' is a list of file names, not 'made.txt'"),
        (None, {"writes": ["../made.txt"]}, "it writes '../made.txt', which must be a file beside it"),
        (
            "total",
            {"limit": {"case_seconds": 300}},
            "cell 'total''s metadata: there is no setting 'limit'",
        ),
        ("total", "Task 2", '"coursekit" is not an object'),
        (None, None, 'in the metadata of the notebook, "coursekit" is not an object'),
    ],
)
def test_settings_are_known_and_well_formed(
    tmp_path: Path, cell: str | None, settings: object, message: str
) -> None:
    source = tiny.notebook()
    (tiny.cell(source, cell) if cell else source).metadata["coursekit"] = settings
    assert message in refused(source, tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 1}, "Run 'nbgrader update'"),
        ({"points": None}, "cell 'total' has the points None: they must be a number"),
        ({"locked": "yes"}, "nbgrader can't make the release: a cell's metadata"),
    ],
)
def test_what_nbgrader_would_not_take_is_said(tmp_path: Path, change: dict, message: str) -> None:
    source = tiny.notebook()
    tiny.cell(source, "total").metadata.nbgrader.update(change)
    assert message in refused(source, tmp_path)


@pytest.mark.parametrize("missing", ["nbformat", "nbformat_minor", "cells"])
def test_a_notebook_without_its_format_is_none(tmp_path: Path, missing: str) -> None:
    assignment = tiny.course(tmp_path)
    path = assignment.source / assignment.notebook_name
    path.write_text(json.dumps({k: v for k, v in json.loads(path.read_text()).items() if k != missing}))
    with pytest.raises(CourseError, match="not a notebook|not a valid notebook"):
        build(assignment, verify=False)


@pytest.mark.parametrize("value", [0, -1, float("nan"), True, "30", None])
def test_limits_must_be_positive_numbers(value: object) -> None:
    with pytest.raises(CourseError, match="case_seconds"):
        Limits().merged({"case_seconds": value})


def test_interrupted_replacement_puts_the_old_folders_back(
    copied: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(copied.course.root, *BUILT)
    (copied.source / "helper.py").write_text("one = 4\n")
    rename = Path.rename

    def fails_at_the_end(self: Path, target: Path) -> Path:
        if target == copied.autograder and self.parent.name == "new":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_at_the_end)
    with pytest.raises(KeyboardInterrupt):
        build(copied, verify=False)
    monkeypatch.undo()
    assert files(copied.course.root, *BUILT) == before


# Test files in detail


def test_names_become_parameters_and_imports(built: Assignment) -> None:
    text = test_file(built, "scale")
    assert "\nimport numpy as np\n" in text and "matplotlib" not in text
    assert "def test_scale_public(scale):" in text and "def test_scale_hidden(scale):" in text
    assert "coursekit import" not in text
    assert "    # Try it on one row." in text


def generated(tmp_path: Path, hidden: str, before: str = "") -> str:
    """The test file for a hidden part, after a given cell `before`."""
    source = tiny.notebook()
    source.cells.insert(2, tiny.given("given", before or "pass"))
    tiny.cell(source, "total").source = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    read_in = read_source(tiny.course(tmp_path, source))
    return test_files(read_in, released(read_in.notebook), {})["total.py"]


@pytest.mark.parametrize(
    ("hidden", "before", "parameters"),
    [
        ("def check(values):\n    assert total(values), 'no'\ncheck([1])", "", "total"),
        ("assert [total([one]) for values in [[1]] if values], 'no'", "one = 1", "one, total"),
        ("values = [1]\nassert total(values), 'no'", "values = [2]", "total"),
        ("values = values + [1]\nassert total(values), 'no'", "values = [2]", "total, values"),
        ("values += [1]\nassert total(values), 'no'", "values = [2]", "total, values"),
        ("assert (lambda x=two: total([x]))(), 'no'", "one, (two, *rest) = 1, (2, 3)", "total, two"),
        ("assert total([i]) or i, 'no'", "for i in range(3):\n    pass", "i, total"),
        ("assert total([1]) and sum([1]), 'no'", "def sum(values):\n    return 1", "sum, total"),
        ("for sum in [1]:\n    assert total([sum]), 'no'", "", "total"),
        ("try:\n    total(None)\nexcept TypeError as e:\n    assert e, 'no'", "", "total"),
        ("class K:\n    n = [1]\n    def m(self):\n        return total(n)\nn = [1]", "", "total"),
        ("if (n := total([1])):\n    assert n, 'no'", "", "total"),
    ],
)
def test_what_a_case_reads(tmp_path: Path, hidden: str, before: str, parameters: str) -> None:
    assert f"def test_total_hidden({parameters}):" in generated(tmp_path, hidden, before)


def test_imports_of_every_kind(tmp_path: Path) -> None:
    text = generated(
        tmp_path,
        "import math\nassert math.isclose(total([1]), path.sep and close(1, 1)), 'no'",
        "from math import (\n    isclose as close,\n    pi,\n)\nimport os.path as path",
    )
    assert "\nfrom math import isclose as close\nimport os.path as path\n" in text
    assert "pi" not in text.partition("OK_FORMAT")[0]
    assert "    import math\n" in text


def test_indenting_leaves_strings_alone() -> None:
    source = 'x = """a\n  b\n"""\n\nif x:\n    y = f"""{\n1}\n c"""  # d\nz = [\n1]\n"e\\\nf"'
    assert indented(source) == (
        '    x = """a\n  b\n"""\n\n    if x:\n        y = f"""{\n1}\n c"""  # d\n    z = [\n    1]\n    "e\\\nf"'
    )


def test_quotes_in_messages_survive(tmp_path: Path) -> None:
    message = "say \"no\", 'no' and \\\\ too"
    text = generated(tmp_path, f'assert total([1]), "{message}"'.replace('"no"', '\\"no\\"'))
    assert "say \\\"no\\\", 'no' and" in text
    compile(text, "total.py", "exec")


# Snapshots outside a build


def test_snapshot_is_found_from_a_folder_below_the_course(
    built: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(built.autograder, tmp_path / "autograder" / "tiny")
    here = tmp_path / "autograded" / "ann" / "tiny"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    recorded = [0, 3 / 7, 6 / 7, 9 / 7, 12 / 7, 15 / 7]
    snapshot.assert_allclose(recorded, "scale_thirds", err_msg="off")
    for wrong in ([recorded], recorded[:5], 0.0, "text", None, [*recorded[:5], float("nan")]):
        with pytest.raises(AssertionError, match="^off$"):
            snapshot.assert_allclose(wrong, "scale_thirds", err_msg="off")
    with pytest.raises(CourseError, match="No snapshot 'other'"):
        snapshot.assert_equal([1], "other")


def test_a_file_that_assignments_share_is_a_link_within_source(copied: Assignment, tmp_path: Path) -> None:
    other = copied.source.parent / "other"
    other.mkdir()
    (other / "given.py").write_text("two = 2\n")
    link = copied.source / "given.py"
    link.symlink_to("../other/given.py")
    assert read_source(copied).files["given.py"] == b"two = 2\n"
    link.unlink()
    (tmp_path / "outside.py").write_text("")
    link.symlink_to(tmp_path / "outside.py")
    with pytest.raises(CourseError, match="is a link out of source"):
        read_source(copied)
