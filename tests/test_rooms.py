"""The seams: a new output or layout is one file; jobs are plain data; programs read what they always read."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses import tiny

from coursekit import executors, grade_class, layouts, outputs, store
from coursekit.cli import main
from coursekit.core.reference import Reference
from coursekit.executors.base import Executor
from coursekit.grading.job import grade as grade_job
from coursekit.layouts.nbgrader import Nbgrader
from coursekit.sandbox.choose import strongest

pytestmark = [pytest.mark.quick, pytest.mark.xdist_group("rooms")]  # one build for all

MARKDOWN = '''
"""A table of the class in Markdown."""

from coursekit.core.files import replace_text
from coursekit.outputs.base import Output


class Markdown(Output):
    name = "markdown"

    def write(self, report):
        path = report.assignment.results / "class.md"
        lines = [f"| {result.student} | {result.score:g} |" for result in report.results]
        replace_text(path, "\\n".join(["| student | score |", "|---|---|", *lines]) + "\\n")
        return path
'''
LAYOUT = '''
"""All submissions in one folder, as <student>_<assignment>.ipynb; the platform knows more than their names."""

from coursekit.layouts.base import Collected, Layout, student_name
from coursekit.core.reference import Reference


class OneFolder(Layout):
    name = "one-folder"

    def find(self, assignment):
        paths = sorted((assignment.course.root / "inbox").glob(f"*_{assignment.name}.ipynb"))
        return [Collected(self._reference(path.stem.partition("_")[0]), path) for path in paths]

    def _reference(self, name):
        return Reference(student_name(name), name.title(), "2026-11-26T10:00:00Z", 2, {"toy": "7"})
'''


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from coursekit.build import build

    assignment = tiny.course(tmp_path_factory.mktemp("course"))
    build(assignment, verify=False)
    return assignment


def added(package, folder: Path, name: str, text: str, monkeypatch) -> None:
    """Put a file into a package's folder: a second one, that the package looks into too."""
    folder.mkdir()
    (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])


def run(*arguments):
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_layout_and_an_output_are_one_file_each(built, tmp_path, monkeypatch):
    added(outputs, tmp_path / "outputs", "markdown", MARKDOWN, monkeypatch)
    added(layouts, tmp_path / "layouts", "one_folder", LAYOUT, monkeypatch)
    monkeypatch.chdir(built.course.root)
    inbox = built.course.root / "inbox"
    inbox.mkdir()
    for student, folder in (("ada", built.solution), ("bela", built.release)):
        (inbox / f"{student}_tiny.ipynb").write_text((folder / "tiny.ipynb").read_text())
    shown = run("grade", "tiny", "--layout", "one-folder")
    assert "markdown   results/tiny/class.md" in shown
    assert (built.results / "class.md").read_text().splitlines()[2:] == ["| ada | 10 |", "| bela | 0 |"]
    ada = store.read(built, "ada").reference
    assert ada == Reference("ada", "Ada", "2026-11-26T10:00:00Z", 2, {"toy": "7"})
    assert "Feedback for <strong>Ada</strong>" in (built.feedback / "ada.html").read_text()


def test_an_unknown_layout_is_said_in_a_sentence(built, monkeypatch):
    monkeypatch.chdir(built.course.root)
    done = CliRunner().invoke(main, ["grade", "tiny", "--layout", "moodle"])
    assert done.exit_code == 2
    assert "There is no layout 'moodle': choose from nbgrader." in done.output


class Here(Executor):
    """One after the other, from what was sent and not from what is in memory."""

    name = "here"

    def run(self, jobs, progress=lambda job, step: None):
        for job in jobs:
            yield pickle.loads(pickle.dumps(grade_job(pickle.loads(pickle.dumps(job)))))


def test_a_job_is_plain_data_that_any_executor_can_work_through(built):
    [job] = grade_class.jobs_of(
        built, [layouts.base.Collected(Reference("ada"), built.solution)], strongest()
    )
    assert len(pickle.dumps(job)) < 2000
    [result] = Here().run([job])
    assert (result.score, result.key) == (10, job.key)
    [same] = executors.executor().run([job])
    assert same.questions == result.questions


def test_a_job_of_another_build_is_the_graders_fault(built):
    from dataclasses import replace

    from coursekit.core.errors import GraderFault

    [job] = grade_class.jobs_of(
        built, [layouts.base.Collected(Reference("ada"), built.solution)], strongest()
    )
    with pytest.raises(GraderFault, match="has been rebuilt meanwhile"):
        grade_job(replace(job, digest="0" * 64))


RESULT = {"score", "tests", "extra_data"}
TEST = {"name", "score", "max_score", "status", "output", "visibility"}
EXTRA = {
    "student",
    "assignment",
    "max_score",
    "sealed",
    "sandbox",
    "data",
    "error",
    "fault",
    "notes",
    "seconds",
}


def test_programs_find_the_keys_that_they_always_found(built, monkeypatch):
    monkeypatch.chdir(built.course.root)
    results = json.loads(run("grade", "tiny", "solutions/tiny", "--json", "-"))
    assert isinstance(results, list)
    for result in results:
        assert result.keys() == RESULT
        assert result["extra_data"].keys() == EXTRA | {"graded", "digest", "not_renewed"}
        for test in result["tests"]:
            assert test.keys() == TEST
            assert isinstance(test["output"], str) and test["status"] in ("passed", "failed", "manual")


def test_the_stored_form_holds_the_same_keys_and_more(built, monkeypatch):
    monkeypatch.chdir(built.course.root)
    (built.course.root / "submitted/ada").mkdir(parents=True)
    (built.course.root / "submitted/ada/tiny").symlink_to(built.solution)
    [job] = grade_class.collect([built], Nbgrader(), strongest).every
    result = tiny.graded(built, built.solution)
    assert result.keys() == RESULT
    stored = grade_class.grade_one(built, built.solution, "ada").to_json()
    assert stored.keys() > RESULT and stored["schema"] == 2
    assert stored["tests"][0]["parts"][0] == {"kind": "verdict", "hidden": False, "passed": True}


def test_importing_coursekit_changes_no_other_module():
    code = "import sys; before = set(sys.modules); import coursekit; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['coursekit']"
