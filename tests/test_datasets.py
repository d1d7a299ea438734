"""A course's own datasets: loaded by name, found or prepared, and shown to a student's code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from courses import tiny
from courses.weighed import WEIGHTS, assignment, with_dataset, write

from coursekit.build import build, checks
from coursekit.build.source import read_source
from coursekit.cli import main
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.datasets import Dataset, Located, loading
from coursekit.grading import find_data
from coursekit.grading.autograder import read_autograder
from coursekit.sandbox import choose as sandbox


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return with_dataset(Course(tmp_path))


def graded(made: Assignment, submission: Path) -> dict:
    return tiny.graded(made, submission, "ada")


# The loader


def test_a_course_brings_its_own_and_its_neighbours_are_found(course):
    before = list(sys.path)
    dataset = loading.load(course, "weights")
    assert isinstance(dataset, Dataset) and dataset.label == "weights of apples"
    assert loading.load(course, "weights") is dataset
    assert sys.path == before and "weights" not in sys.modules and "numbers_in_it" not in sys.modules


def test_courses_with_a_dataset_of_one_name_do_not_mix(course, tmp_path):
    other = with_dataset(Course(tmp_path / "other"))
    write(other, WEIGHTS.replace("apples", "pears"))
    assert loading.load(course, "weights").label == "weights of apples"
    assert loading.load(other, "weights").label == "weights of pears"


@pytest.mark.parametrize(
    "name", ["", "../weights", "a/b", "Weights", "1st", "weights.py", "ünder", ".", "weights\n"]
)
def test_a_name_that_cannot_be_one_is_refused(course, name):
    with pytest.raises(CourseError, match="can't be a dataset's name"):
        loading.load(course, name)


def test_a_missing_file_is_named(course):
    with pytest.raises(CourseError, match=r"no dataset 'apples': .*data/apples\.py is missing"):
        loading.load(course, "apples")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must define DATASET"),
        ("DATASET = 3", "must define DATASET"),
        ("from coursekit.datasets import Dataset\nDATASET = Dataset", "must define DATASET"),
        ("import nowhere_to_be_found", r"can't be loaded: ModuleNotFoundError: .*nowhere_to_be_found"),
        ("x =", "can't be loaded: SyntaxError"),
        (WEIGHTS.replace('variable = "WEIGHTS_DIR"', ""), "needs a variable"),
        (WEIGHTS.replace('"weights of apples"', '""'), "needs a label"),
    ],
    ids=["empty", "number", "class", "import", "syntax", "variable", "label"],
)
def test_a_file_without_a_dataset_is_a_sentence(course, text, why):
    write(course, text, "broken")
    with pytest.raises(CourseError, match=f"broken.py {why}"):
        loading.load(course, "broken")


def test_a_folder_that_is_not_there_is_a_sentence(course):
    with pytest.raises(CourseError, match="Run 'coursekit data' first"):
        loading.locate(course, "weights")


def test_no_name_is_no_dataset(tmp_path):
    assert loading.locate(Course(tmp_path), "") is None
    assert loading.prepare(Course(tmp_path), "") is None


def test_by_default_preparing_is_finding(course):
    class Found(Dataset):
        label, variable = "found", "FOUND_DIR"

        def locate(self, data):
            return self.at(data)

    assert Found().prepare(course.data, offline=True) == Located(course.data, "FOUND_DIR", "found")


# The setting


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("apples", "apples.py is missing"),
        ("../weights", "can't be a dataset's name"),
        (3, "'dataset' must name one"),
        (["weights"], "'dataset' must name one"),
    ],
)
def test_the_build_refuses_a_setting_that_names_no_dataset(course, name, why):
    made = assignment(course, name)
    with pytest.raises(CourseError, match=f"the notebook's metadata: .*{why}"):
        checks.check_source(read_source(made))


def test_data_prepares_what_the_assignments_name(course, monkeypatch):
    assignment(course)
    monkeypatch.chdir(course.root)
    missing = CliRunner().invoke(main, ["data", "--offline"])
    assert missing.exit_code != 0 and "is not a folder" in missing.output
    done = CliRunner().invoke(main, ["data"])
    assert (done.exit_code, done.stdout) == (
        0,
        f"weights: weights of apples, in {course.data / 'weights'}.\n",
    )
    assert CliRunner().invoke(main, ["data", "--offline"]).stdout == done.stdout


def test_a_course_without_datasets_needs_none(tmp_path, monkeypatch):
    tiny.course(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["data"])
    assert (done.exit_code, done.output) == (0, "No assignment needs a dataset.\n")


# Grading


def test_a_students_code_reads_the_dataset(course, monkeypatch):
    made = assignment(course)
    loading.prepare(course, "weights")
    build(made)  # which executes the solution, and grades it sealed
    assert json.loads((made.autograder / "assignment.json").read_text())["dataset"] == "weights"
    assert read_autograder(made.autograder, made.release).dataset == "weights"
    result = graded(made, made.solution)
    assert (result["score"], result["extra_data"]["data"]) == (10, "weights of apples")
    (course.data / "weights" / "grams.txt").write_text("5")
    assert graded(made, made.solution)["score"] < 10, "it is read when it is graded"


@pytest.mark.parametrize("backend", sandbox.sealed())
def test_each_sandbox_shows_the_dataset_read_only(course, backend, monkeypatch):
    if not sandbox.check(backend).works:
        pytest.skip(f"{backend} does not work here")
    made = assignment(course)
    loading.prepare(course, "weights")
    build(made, verify=False)
    notebook = nbformat.read(made.solution / made.notebook_name, 4)
    notebook.cells.append(
        nbformat.v4.new_code_cell('open(os.environ["WEIGHTS_DIR"] + "/grams.txt", "w").write("9")')
    )
    nbformat.write(notebook, course.root / made.notebook_name)
    monkeypatch.setattr(sandbox, "strongest", lambda *_: backend)
    assert graded(made, course.root / made.notebook_name)["score"] == 10
    assert (course.data / "weights" / "grams.txt").read_text() == "2"


def test_grading_prepares_a_dataset_that_is_missing(course):
    made = assignment(course)
    loading.prepare(course, "weights")
    build(made, verify=False)
    (course.data / "weights" / "grams.txt").unlink()
    (course.data / "weights").rmdir()
    found = find_data(course, read_autograder(made.autograder, made.release).dataset)
    assert found == Located(
        course.data / "weights", "WEIGHTS_DIR", "weights of apples", "The apples are from one tree."
    )
    assert (found.folder / "grams.txt").read_text() == "2"


def test_a_build_without_the_dataset_says_so(course):
    with pytest.raises(CourseError, match="'weights' is missing"):
        build(assignment(course))


def test_an_assignment_without_one_never_looks_for_data(tmp_path, monkeypatch):
    def looked(*_, **__):
        raise AssertionError("there is no dataset to load")

    monkeypatch.setattr(loading, "load", looked)
    made = tiny.course(tmp_path)
    (made.source / "digits.py").write_text("GIVEN = 1\n")  # no file's name is a sign
    build(made)
    manifest = made.autograder / "assignment.json"
    assert json.loads(manifest.read_text())["dataset"] == ""
    result = graded(made, made.solution)
    assert (result["score"], result["extra_data"]["data"]) == (10, "none")
    assert not made.course.data.exists()


def test_an_autograder_from_before_datasets_had_names_has_to_be_built_again(tmp_path):
    made = tiny.course(tmp_path)
    build(made, verify=False)
    manifest = made.autograder / "assignment.json"
    fields = json.loads(manifest.read_text())
    del fields["dataset"]
    manifest.write_text(json.dumps(fields))
    with pytest.raises(
        CourseError, match="run 'coursekit build tiny'"
    ):  # graded without data, it would give zeros
        read_autograder(made.autograder, made.release)
    manifest.write_text(json.dumps(fields | {"dataset": 3}))
    with pytest.raises(CourseError, match="damaged"):
        read_autograder(made.autograder, made.release)
