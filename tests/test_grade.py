"""Grading through the command: what a class gets, whatever is in it."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import nbformat
import psutil
import pytest
from click.testing import CliRunner
from courses import tiny

from coursekit import grade_class as grading_classes
from coursekit import store
from coursekit.cli import main
from coursekit.core.course import Course
from coursekit.core.reference import Reference
from coursekit.executors import processes
from coursekit.executors.processes import Processes
from coursekit.grading import job, submission
from coursekit.intake import unpack
from coursekit.intake.digest import digest_of
from coursekit.layouts.base import student_name
from coursekit.layouts.nbgrader import Nbgrader
from coursekit.layouts.paths import of_path
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.base import Check
from coursekit.sandbox.inside import wire

pytestmark = pytest.mark.skipif(
    not any(sandbox.check(backend).works for backend in sandbox.sealed()),
    reason="no sandbox works on this machine",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from coursekit.build import build

    assignment = tiny.course(tmp_path_factory.mktemp("course"))
    build(assignment, verify=False)
    return assignment.course.root


@pytest.fixture
def course(built, tmp_path, monkeypatch):
    """A course of its own for one test, with the working folder in it."""
    root = tmp_path / "course"
    shutil.copytree(built, root)
    monkeypatch.chdir(root)
    return root


def test_ctrl_c_is_a_sentence_and_what_was_graded_stays(course):
    """A terminal sends it to every process of the command."""
    hand_in(course, "ada")
    hand_in(course, "bela", extra=["while True: pass"])
    command = [sys.executable, "-m", "coursekit", "grade", "--jobs", "2"]

    def as_in_a_terminal():
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=as_in_a_terminal
    ) as grading:
        assert grading.stdout.readline().startswith("1/2 tiny, ada: 10/10")
        os.killpg(grading.pid, signal.SIGINT)
        _, said = grading.communicate(timeout=30)
    assert said == "coursekit: stopped. What was finished is kept: the same command does the rest.\n"
    assert grading.returncode == 130
    assert [path.stem for path in (course / "results/tiny").glob("*.json")] == ["ada"]


EXITS = ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "raise KeyboardInterrupt", "exit()"]


def run(*arguments, code=0):
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def hand_in(course, student, answers=(), extra=(), release=False, files=()):
    """A submission: the worked solution with some cells' text replaced, and extra cells on top."""
    folder = course / "submitted" / student / "tiny"
    shutil.copytree(course / ("release" if release else "solutions") / "tiny", folder)
    notebook = nbformat.read(folder / "tiny.ipynb", 4)
    for name, source in dict(answers).items():
        tiny.cell(notebook, name).source = source
    for source in reversed(extra):
        notebook.cells.insert(0, nbformat.v4.new_code_cell(source, id=f"extra{len(notebook.cells)}"))
    nbformat.write(notebook, folder / "tiny.ipynb")
    for name, text in dict(files).items():
        (folder / name).write_text(text)
    return folder


def graded(*paths):
    return json.loads(run("grade", "tiny", *map(str, paths), "--json", "-").stdout)


def one(folder):
    [result] = graded(folder)
    return result


def gradebook(assignment):
    with (assignment.results / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def scores(result):
    return {test["name"]: test["score"] for test in result["tests"]}


def test_the_solution_earns_everything_and_the_release_nothing(course):
    result = one(Path("solutions/tiny"))
    assert result["score"] == 10
    assert scores(result) == {"scale": 5, "total": 5}
    assert result["extra_data"] | {"seconds": 0, "graded": "", "digest": ""} == {
        "student": "solutions", "assignment": "tiny", "max_score": 10, "sealed": True, "notes": [], "error": None,
        "fault": False, "sandbox": sandbox.strongest(), "data": "none", "seconds": 0, "graded": "",
        "digest": "", "not_renewed": None,
    }  # fmt: skip
    assert all(
        test.keys() == {"name", "score", "max_score", "status", "output", "visibility"}
        for test in result["tests"]
    )
    result = one(Path("release/tiny"))
    assert result["score"] == 0
    assert 'Not written yet: Task 1: write "scale"' in result["tests"][0]["output"]


def test_an_answer_in_words_is_left_to_a_person(tmp_path, monkeypatch):
    from coursekit.build import build

    assignment = tiny.course(tmp_path, tiny.with_discussion())
    build(assignment, verify=False)
    monkeypatch.chdir(tmp_path)
    hand_in(tmp_path, "ada")
    (tmp_path / "submitted" / "bela").mkdir()
    (tmp_path / "submitted" / "bela" / "tiny.zip").write_bytes(b"not a zip")
    shown = run("grade", "tiny").stdout
    assert "by hand" in shown
    ada, bela = (json.loads((assignment.results / f"{name}.json").read_text()) for name in ("ada", "bela"))
    assert (ada["score"], ada["extra_data"]["max_score"]) == (10, 13)
    assert [test["name"] for test in ada["tests"]] == ["scale", "discussion", "total"]
    by_hand = ada["tests"][1]
    assert (by_hand["status"], by_hand["score"], by_hand["max_score"]) == ("manual", 0, 3)
    assert by_hand["output"].endswith(":\n\nA larger factor makes larger values.")
    assert {test["status"] for test in bela["tests"]} == {"failed"}
    assert "to be graded by hand" in (assignment.feedback / "ada.html").read_text()
    assert (assignment.results / "gradebook.csv").read_text().count("manual") == 1
    assert "A larger factor makes larger values." in (assignment.results / "by_hand.csv").read_text()
    assert "Still to be graded by hand: 1." in shown


def test_a_class_is_graded_with_gradebook_and_feedback_and_grading_again_does_what_is_new(course):
    hand_in(course, "ada")
    hand_in(course, "blank", release=True)
    linked = hand_in(course, "linked") / "tiny.ipynb"
    linked.unlink()
    linked.symlink_to("/etc/passwd")
    first = run("grade").output
    assert "3/3" in first
    assert "'tiny.ipynb': a link" in first
    rows = list(csv.DictReader((course / "results/tiny/gradebook.csv").open(encoding="utf-8-sig")))
    assert [(row["student"], float(row["score"])) for row in rows] == [
        ("ada", 10),
        ("blank", 0),
        ("linked", 0),
    ]
    assert sorted(path.name for path in (course / "feedback/tiny").iterdir()) == [
        "ada.html",
        "blank.html",
        "linked.html",
    ]

    kept = (course / "results/tiny/ada.json").stat().st_mtime_ns
    (course / "results/tiny/blank.json").unlink()  # as if the run had been killed before it
    assert "2 of 3 have a current result already" in run("grade").output
    assert (course / "results/tiny/ada.json").stat().st_mtime_ns == kept
    shutil.rmtree(course / "submitted/linked")
    hand_in(course, "linked")
    run("grade")
    assert json.loads((course / "results/tiny/linked.json").read_text())["score"] == 10


def test_several_assignments_are_graded_together_and_one_that_nobody_handed_in_is_passed_over(course):
    from coursekit.build import build

    for name in ("second", "third"):
        shutil.copytree(course / "source/tiny", course / "source" / name)
        (course / "source" / name / "tiny.ipynb").rename(course / "source" / name / f"{name}.ipynb")
    build(Course(course).assignment("second"), verify=False)
    hand_in(course, "ada")
    hand_in(course, "bob")
    shutil.copytree(course / "solutions/second", course / "submitted/bob/second")
    done = run("grade").output
    assert "3/3" in done
    graded = {
        path.relative_to(course / "results"): json.loads(path.read_text())["score"]
        for path in (course / "results").glob("*/*.json")
    }
    assert graded == {Path("tiny/ada.json"): 10, Path("tiny/bob.json"): 10, Path("second/bob.json"): 10}
    assert sorted(path.name for path in (course / "feedback").iterdir()) == ["second", "tiny"]
    assert "3 of 3 have a current result already" in run("grade").output
    both = json.loads(run("grade", "--json", "-").stdout)
    assert [(one["extra_data"]["assignment"], one["extra_data"]["student"]) for one in both] == [
        ("second", "bob"),
        ("tiny", "ada"),
        ("tiny", "bob"),
    ]


def test_the_graders_own_failure_is_no_students_zero_and_is_graded_again(course, monkeypatch):
    hand_in(course, "ada")
    result = course / "results/tiny/ada.json"
    with monkeypatch.context() as broken:
        broken.setattr(wire, "random_state", Mock(side_effect=OSError(errno.ENOBUFS, "no buffers")))
        done = run("grade", code=1)
        assert "that is not the submission's fault: scale: [Errno 105] no buffers" in done.output
        assert json.loads(result.read_text())["extra_data"]["fault"]
        assert "not the submission&#39;s fault" in (course / "feedback/tiny/ada.html").read_text()
    done = run("grade")
    assert "current result" not in done.output
    assert json.loads(result.read_text())["score"] == 10


def test_a_regrade_that_the_graders_own_failure_ends_keeps_the_result(course, monkeypatch):
    hand_in(course, "ada")
    hand_in(course, "bela", release=True)
    run("grade")
    path = course / "results/tiny/ada.json"
    before = json.loads(path.read_text())
    with monkeypatch.context() as broken:
        broken.setattr(wire, "random_state", Mock(side_effect=OSError(errno.ENOBUFS, "no buffers")))
        done = run("grade", "--regrade", code=1)
    assert "tiny, ada: 10/10, not renewed" in done.output
    assert "ada: not renewed, these are the points of before." in done.output and "no buffers" in done.output
    kept = json.loads(path.read_text())
    assert "no buffers" in kept["extra_data"].pop("not_renewed")
    assert before["extra_data"].pop("not_renewed") is None
    assert kept == before
    assert "These are your points of before" in (course / "feedback/tiny/ada.html").read_text()
    done = run("grade")
    assert "current result" not in done.output
    assert json.loads(path.read_text())["extra_data"]["not_renewed"] is None
    assert "Points that are not those" not in done.output
    assert not (course / "results/tiny/history").exists()


def test_a_grader_that_is_killed_keeps_the_result(course, monkeypatch):
    hand_in(course, "ada")
    run("grade")
    with monkeypatch.context() as killed:
        killed.setattr(processes, "grade", lambda *arguments: os.kill(os.getpid(), signal.SIGKILL))
        assert "the grader's process ended (-9)" in run("grade", "--regrade", code=1).output
    result = json.loads((course / "results/tiny/ada.json").read_text())
    assert (result["score"], result["extra_data"]["fault"]) == (10, False)


def test_whether_a_hand_in_has_changed_is_told_by_its_content(course):
    folder = hand_in(course, "ada")
    path = folder / "tiny.ipynb"
    run("grade")
    result = json.loads((course / "results/tiny/ada.json").read_text())
    assert result["extra_data"]["digest"] == digest_of(folder)
    os.utime(path, (1, 1))
    shutil.copytree(folder, course / "copy")
    shutil.rmtree(folder)
    shutil.copytree(course / "copy", folder)
    assert "1 of 1 have a current result already" in run("grade").output

    info, text = path.stat(), path.read_text()
    assert text.count("np.asarray(values) * factor") == 1
    path.write_text(text.replace("np.asarray(values) * factor", "np.asarray(values) + factor"))
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (info.st_size, info.st_mtime_ns)
    done = run("grade").output
    assert "current result" not in done
    changed = json.loads((course / "results/tiny/ada.json").read_text())
    assert changed["score"] < 10
    assert result["extra_data"]["digest"] != changed["extra_data"]["digest"] == digest_of(folder)
    assert changed["extra_data"]["digest"] in (course / "feedback/tiny/ada.html").read_text()
    assert "Points that are not those of the result before:\n  ada: scale: 5 → 0 of 5" in done
    assert json.loads((course / "results/tiny/history/ada.0001.json").read_text()) == result


def test_of_a_hand_in_that_changes_while_it_is_graded_no_digest_is_named(course, monkeypatch):
    folder = hand_in(course, "ada")
    [collected] = grading_classes.collect(
        [Course(course).assignment("tiny")], Nbgrader(), sandbox.strongest
    ).every

    def change_and_grade(*arguments):
        (folder / "new.py").write_text("x = 1")
        return real(*arguments)

    real = submission.grade_submission
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(submission, "grade_submission", change_and_grade)
        result = job.grade(collected)
    assert (result.score, result.digest) == (10, "")
    assert result.stamp != job.stamp(collected, digest_of(folder)), "the next run grades it again"


def test_students_whose_names_look_the_same_are_told(course):
    for student in ("zo\xeb", "zoe\u0308", "bela"):
        hand_in(course, student, release=True)
    output = run("grade").output
    assert output.index("2 students have names that look the same") < output.index("1/3")
    assert r"'zoe\u0308', 'zo\xeb'" in output


def rebuild(assignment, edit):
    """Change the source notebook, and build the assignment again."""
    from coursekit.build import build

    path = assignment.source / "tiny.ipynb"
    source = nbformat.read(path, 4)
    edit(source)
    nbformat.write(source, path)
    build(assignment, verify=False)


def test_after_a_rebuild_old_hand_ins_are_graded_to_the_same_maximum(tmp_path, monkeypatch):
    from coursekit.build import build

    assignment = tiny.course(tmp_path, tiny.with_discussion())
    build(assignment, verify=False)
    monkeypatch.chdir(tmp_path)
    for student in ("ada", "bela"):
        hand_in(tmp_path, student)
    hand_in(tmp_path, "cleo", {"solve_scale": "pass"})
    run("grade")
    sheet = assignment.results / "by_hand.csv"
    sheet.write_text(sheet.read_text().replace('"discussion",""', '"discussion","2"'))
    run("report")
    assert {row["score"] for row in gradebook(assignment)} == {"12", "2"}

    def change(source):
        tiny.cell(source, "scale").metadata["nbgrader"]["points"] = 8
        tiny.cell(source, "total").metadata["nbgrader"]["grade_id"] = "sum_of_all"
        tiny.cell(source, "discussion").metadata["nbgrader"]["grade_id"] = "reflection"

    rebuild(assignment, change)
    done = run("report").output
    assert "3 of 3 results are of another build of the assignment, and of 13 points instead of 16" in done
    hand_in(tmp_path, "dora")  # she has the new release
    done = run("grade").output
    assert "current result" not in done and "another build" not in done
    rows = {row["student"]: row for row in gradebook(assignment)}
    assert {row["max_score"] for row in rows.values()} == {"16"}
    shown = ("score", "scale", "reflection", "sum_of_all")
    assert [rows["ada"][name] for name in shown] == ["15", "8", "2", "5"]
    assert [rows["dora"][name] for name in shown] == ["13", "8", "manual", "5"]
    assert rows["cleo"]["scale"] == "0"
    said = "scale: 5 of 5 → 8 of 8; discussion: by hand of 3 → withdrawn; total: 5 of 5 → withdrawn; "
    assert f"  ada: {said}reflection: new, by hand of 3; sum_of_all: new, 5 of 5\n" in done
    assert "discussion is gone from the assignment and reflection has come, so the points in 3 rows" in done


def test_a_withdrawn_question_is_withdrawn_for_all(course):
    hand_in(course, "ada")
    hand_in(course, "bela", {"solve_total": "pass"})
    run("grade")
    assignment = Course(course).assignment("tiny")
    rebuild(assignment, lambda source: source.cells.remove(tiny.cell(source, "total")))
    done = run("grade").output
    assert [(row["score"], row["max_score"]) for row in gradebook(assignment)] == [("5", "5")] * 2
    assert "  ada: total: 5 of 5 → withdrawn" in done and "  bela: total: 0 of 5 → withdrawn" in done


def test_a_changed_given_file_or_released_cell_is_another_build(course):
    from coursekit.build import build

    hand_in(course, "ada")
    run("grade")
    assignment = Course(course).assignment("tiny")
    (assignment.source / "helper.py").write_text("one = 2\n")
    build(assignment, verify=False)
    assert "current result" not in run("grade").output
    assert "1 of 1 have a current result already" in run("grade").output
    rebuild(
        assignment,
        lambda source: tiny.cell(source, "imports").update(
            source="import numpy as np\nimport matplotlib.pyplot as plt\nfrom helper import one\n"
        ),
    )
    assert "current result" not in run("grade").output


@pytest.mark.parametrize("text", ["raise SystemExit('give me points')", "import os; os._exit(7)"])
def test_a_module_beside_the_notebook_runs_in_no_start_of_the_sandbox(course, text):
    result = one(
        hand_in(
            course, "planter", files=[(f"{name}.py", text) for name in ("glob", "tempfile", "unicodedata")]
        )
    )
    assert (result["score"], result["extra_data"]["fault"]) == (10, False)


def test_a_full_disk_is_no_students_zero(course, monkeypatch):
    folder = hand_in(course, "ada")
    with monkeypatch.context() as full:
        full.setattr(unpack, "_copy", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
        [result] = json.loads(run("grade", "tiny", str(folder), "--json", "-", code=1).stdout)
        assert "not the submission's fault: [Errno 28] No space left" in result["extra_data"]["error"]
    assert one(folder)["score"] == 10


def test_what_is_handed_in_while_the_class_is_graded_is_graded_by_the_next_run(course, monkeypatch):
    folder = hand_in(course, "ada", release=True)

    def grade_and_hand_in_again(*arguments):
        for ended in run_jobs(*arguments):
            shutil.rmtree(folder)
            hand_in(course, "ada")
            yield ended

    run_jobs = Processes.run
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Processes, "run", grade_and_hand_in_again)
        run("grade")
    assert json.loads((course / "results/tiny/ada.json").read_text())["score"] == 0
    assert "current result" not in run("grade").output
    assert json.loads((course / "results/tiny/ada.json").read_text())["score"] == 10


def test_what_in_submitted_is_not_graded_is_named(course):
    hand_in(course, "ada")
    (course / "submitted/cleo").mkdir()
    (course / "submitted/cleo/homework.ipynb").write_text("{}")
    (course / "submitted/all.zip").write_text("")
    output = " ".join(run("grade").output.split())
    assert f"cleo in {course}/submitted contains nothing called tiny." in output
    assert f"all.zip in {course}/submitted is not a student's folder." in output


def test_of_several_submissions_beside_each_other_the_newest_is_graded_and_the_result_says_so(course):
    folder = hand_in(course, "ada", {"solve_scale": "pass"})
    for path in [folder, *folder.iterdir()]:
        os.utime(path, (1000, 1000))
    shutil.copy(course / "solutions/tiny/tiny.ipynb", folder.parent / "tiny (1).ipynb")
    shutil.copy(course / "release/tiny/tiny.ipynb", folder.parent / "tiny.ipynb")
    os.utime(folder.parent / "tiny.ipynb", (2000, 2000))
    assert "ada: 10/10" in run("grade").output
    [note, *_] = json.loads((course / "results/tiny/ada.json").read_text())["extra_data"]["notes"]
    assert note == "'tiny (1).ipynb' was graded, the newest of 3 submissions; left: 'tiny.ipynb', 'tiny'"


def test_a_submission_of_the_assignment_with_the_longer_name_is_that_ones(tmp_path):
    for name in ("tiny", "tiny_two"):
        (tmp_path / "source" / name).mkdir(parents=True)
        (tmp_path / "source" / name / f"{name}.ipynb").write_text("{}")
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    for name in ("Tiny-1.ipynb", "tiny_two (2).zip", "notes.ipynb"):
        (tmp_path / "submitted" / "ada" / name).touch()
    course = Course(tmp_path)
    found = {one.name: [each.path.name for each in Nbgrader().find(one)] for one in course.assignments()}
    assert found == {"tiny": ["Tiny-1.ipynb"], "tiny_two": ["tiny_two (2).zip"]}


@pytest.mark.parametrize("name", ["tiny/tiny.ipynb", "tiny.ipynb", "tiny.zip"])
def test_a_path_in_a_students_folder_is_that_students(tmp_path, name):
    path = tmp_path / "handed/ada" / name
    path.parent.mkdir(parents=True)
    path.touch()
    assert of_path(path, "tiny").student == "ada"


LONG = "n" * 250


@pytest.mark.parametrize("long", [LONG, "ö" * 120, "a" + "ö" * 120, "漢" * 80, os.fsdecode(b"\xff" * 240)])
def test_no_two_names_become_one(long):
    short = student_name(long)
    again = student_name(short)
    assert len({long, short, again, student_name(again)}) == 4
    assert all(len(os.fsencode(name)) <= 200 for name in (short, again))
    assert student_name(long) == short


@pytest.mark.parametrize(
    "name", ["ada", "..", "log", "n" * 200, "ada-0123456789abcdef", "x" * 120, "é", "e\u0301"]
)
def test_an_ordinary_name_stays(name):
    assert student_name(name) == name


def test_a_folder_called_as_a_shortened_name_takes_nobodys_result(course):
    short = student_name(LONG)
    hand_in(course, LONG)
    hand_in(course, short, release=True)
    for _ in range(2):
        shown = run("grade").output
        results = [json.loads(path.read_text()) for path in (course / "results/tiny").glob("*.json")]
        points = {one["extra_data"]["student"]: one["score"] for one in results}
        assert points == {short: 10, student_name(short): 0}
    assert "2 of 2 have a current result already" in shown
    assert (
        len(list((course / "feedback/tiny").iterdir()))
        == len(list((course / "results/tiny/log").iterdir()))
        == 2
    )


def test_a_result_of_another_student_is_not_current(course):
    hand_in(course, "ada")
    run("grade")
    assignment = Course(course).assignment("tiny")
    [ada] = grading_classes.collect([assignment], Nbgrader(), sandbox.strongest).every
    known = store.digests(assignment)
    assert store.current(assignment, ada, known)
    (course / "results/tiny/ada.json").rename(course / "results/tiny/bela.json")
    assert not store.current(assignment, replace(ada, reference=Reference("bela")), known)


def test_results_that_would_lie_in_one_file_are_told_and_the_others_graded(course, monkeypatch):
    for student in ("ada", "Ada", "bela"):
        hand_in(course, student)

    def unusable(names, folder):
        return {name: "is taken" for name in names if name.lower() == "ada.json"}

    monkeypatch.setattr(grading_classes, "unusable", unusable)
    output = run("grade", code=1).output
    for student in ("ada", "Ada"):
        assert f"submitted/{student}/tiny is not graded: '{student}.json' is taken. Rename" in output
    assert [path.name for path in (course / "results/tiny").glob("*.json")] == ["bela.json"]


def test_a_link_in_submitted_is_named_and_the_others_are_graded(course):
    hand_in(course, "ada")
    (course / "submitted/eve").symlink_to("ada")
    output = " ".join(run("grade").output.split())
    assert f"eve in {course}/submitted is a link, which is not followed" in output
    assert [path.name for path in (course / "results/tiny").glob("*.json")] == ["ada.json"]


def test_submitted_itself_may_be_a_link(course, tmp_path):
    hand_in(course, "ada")
    (course / "submitted").rename(tmp_path / "elsewhere")
    (course / "submitted").symlink_to(tmp_path / "elsewhere")
    run("grade")
    assert json.loads((course / "results/tiny/ada.json").read_text())["score"] == 10
    assert one(course / "submitted/ada/tiny")["score"] == 10


@pytest.mark.parametrize("place", ["eve", "eve/tiny", "eve/tiny/tiny.ipynb", "eve.ipynb"])
def test_a_path_that_is_a_students_link_is_refused(course, place):
    hand_in(course, "ada")
    (course / "submitted/eve").symlink_to("ada")
    (course / "submitted/eve.ipynb").symlink_to("ada/tiny/tiny.ipynb")
    result = one(course / "submitted" / place)
    assert (result["score"], result["extra_data"]["student"]) == (0, "eve")
    assert "is a link" in result["extra_data"]["error"]


def test_a_path_with_dots_is_its_folders(course, monkeypatch):
    folder = hand_in(course, "ada")
    monkeypatch.chdir(folder)
    for path in (".", "../tiny", "../../ada/tiny/tiny.ipynb"):
        assert of_path(Path(path), "tiny").student == "ada"


@pytest.mark.parametrize("place", ["nowhere/results.json", "submitted"])
def test_a_place_for_json_that_cannot_be_written_is_said_before_anything_is_graded(course, place):
    folder = hand_in(course, "ada")
    refused = run("grade", "tiny", str(folder), "--json", place, code=2)
    assert f"Cannot write {place}: its folder does not exist" in refused.stderr


def test_results_that_cannot_be_written_are_said_in_a_sentence(course):
    hand_in(course, "ada")
    (course / "results").write_text("")
    assert "can't be written" in run("grade", code=2).stderr


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"questions": [{"name": 1}]}'])
def test_a_damaged_autograder_is_said_in_a_sentence(course, text):
    hand_in(course, "ada")
    (course / "autograder/tiny/assignment.json").write_text(text)
    assert "run 'coursekit build tiny'" in run("grade", code=2).stderr


def test_a_grader_process_that_dies_is_a_fault(course, monkeypatch):
    hand_in(course, "ada")
    monkeypatch.setattr(submission, "_run", lambda *_: os._exit(3))
    done = run("grade", code=1)
    assert "the grader's process ended (3)" in done.output
    assert json.loads((course / "results/tiny/ada.json").read_text())["extra_data"]["fault"]


def test_a_failed_hidden_test_shows_the_instructors_message_and_no_more(course):
    wrong = "def scale(values, factor=2):\n    return np.asarray(values) * 2"
    result = one(hand_in(course, "wrong", {"solve_scale": wrong}))
    assert scores(result) == {"scale": 0, "total": 0}
    output = result["tests"][0]["output"]
    assert output == "Visible test: passed.\n\nHidden test: failed.\nscale ignores its factor"
    run("grade", "tiny", "submitted/wrong/tiny")
    assert "desired" in (course / "results/tiny/log/wrong.txt").read_text().lower()


def test_a_failed_visible_test_shows_the_test_the_traceback_and_what_was_printed(course):
    result = one(hand_in(course, "wrong", {"solve_scale": "def scale(values, factor=2):\n    return [1]"}))
    assert 'At: assert list(scale([1, 2])) == [2, 4], "scale([1, 2])' in result["tests"][0]["output"]
    result = one(
        hand_in(
            course,
            "broken",
            {"solve_scale": "def scale(values, factor=2):\n    print('here')\n    return values / 0"},
        )
    )
    output = result["tests"][0]["output"]
    assert "Your code raised TypeError: unsupported operand" in output
    assert 'cell 3 (Task 1: write "scale"), line 3, in scale\n    return values / 0' in output
    assert "Your code printed:\nhere" in output
    assert 'Hidden test: failed.\nYour code raised TypeError in Task 1: write "scale".' in output


def test_hidden_arguments_reach_no_text(course):
    spy = """
import glob, os
def scale(values, factor=2):
    text = repr(values)
    for path in glob.glob("/tmp/*.spy") + glob.glob(os.path.expanduser("~/*.spy")): text += open(path).read()
    for folder in ("/tmp", os.path.expanduser("~")):
        try: open(folder + "/%s.spy" % os.getpid(), "w").write(text)
        except OSError: pass
    print("SPY", text)
    raise ValueError("SPY" + text)
"""
    result = one(hand_in(course, "spy", {"solve_scale": spy}))
    text = json.dumps([result["tests"], result["extra_data"]["notes"]])
    assert "SPY[1, 2]" in text  # the visible argument
    assert "1.5" not in text
    assert "0.142" not in text


FORGERS = {
    "its type": """
def forge(error, text):
    return {"type": "SPY" + text, "name": "SPY" + text, "message": text, "frames": []}
""",
    "its traceback": """
def forge(error, text):
    return {"type": "ValueError", "name": "V", "message": text, "frames": [["cell 1" + text, 71250, text, text]]}
""",
    "its size": """
def forge(error, text):
    return {"type": "ValueError", "name": "V", "message": "m", "frames": [["f" * 10**7, 1, "", ""]] * 90}
""",
}


@pytest.mark.parametrize("what", FORGERS)
def test_a_forged_exception_tells_nothing_of_hidden_arguments(course, what):
    forger = f"""
{FORGERS[what]}
import sys
sys.modules["server"].describe = lambda error: forge(error, str(error))
def scale(values, factor=2):
    raise ValueError("SPY" + repr(values))
"""
    result = one(hand_in(course, "forger", {"solve_scale": forger}))
    hidden = result["tests"][0]["output"].split("Hidden test:")[1]
    assert result["score"] == 0
    assert "SPY" not in hidden
    assert "1.5" not in hidden
    assert "71250" not in hidden
    assert len(json.dumps(result)) < 100_000


def test_a_line_number_cannot_spell_a_hidden_argument(course):
    speller = """
def scale(values, factor=2):
    exec(compile("\\n" * int(np.asarray(values)[0] * 1000) + "raise ValueError", "cell 3", "exec"))
"""
    result = one(hand_in(course, "speller", {"solve_scale": speller}))
    assert "line 1501" not in result["tests"][0]["output"]
    assert "Hidden test: failed.\nYour code raised ValueError in Task 1" in result["tests"][0]["output"]


def test_an_exceptions_type_cannot_spell_a_hidden_argument(course):
    speller = """
KINDS = [Warning, SystemExit, KeyboardInterrupt, BufferError, EOFError, BlockingIOError, ChildProcessError]
def scale(values, factor=2):
    raise KINDS[int(np.asarray(values)[0] * 10) % 7]
"""
    result = one(hand_in(course, "kinds", {"solve_scale": speller}))
    assert "Hidden test: failed.\nYour code raised an exception in Task 1" in result["tests"][0]["output"]


BUSY = {
    "equal hashes": "return {k * (2**61 - 1) for k in range(20000)}",
    "a long range": "return range(10**9)",
    "a state that draws zeros for ever": "np.random.set_state(('MT19937', np.zeros(624, 'u4'), 624, 0, 0.0)); return 0",
    "lists in lists": "x = [1]\n    for _ in range(40): x = [x, x]\n    return x",
}


@pytest.mark.parametrize("what", BUSY)
def test_values_that_would_keep_the_grader_busy_cost_their_question_alone(course, what):
    path = course / "autograder/tiny/assignment.json"
    path.write_text(path.read_text().replace('"case_seconds": 20', '"case_seconds": 2'))
    result = one(hand_in(course, "busy", {"solve_total": f"def total(values):\n    {BUSY[what]}"}))
    assert scores(result) == {"scale": 5, "total": 0}
    assert result["extra_data"]["seconds"] < 25


CHEATS = {
    "patches numpy.testing": """
import numpy as np, numpy.testing
for name in dir(np.testing):
    if name.startswith("assert"): setattr(np.testing, name, lambda *a, **k: None)
""",
    "patches builtins": """
import builtins
builtins.all = lambda *a: True
builtins.sum = lambda *a: 3
builtins.list = lambda *a: [2, 4]
""",
    "strips asserts": """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Strip())
""",
}
LIAR = """
class Liar(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __iter__(self): return iter([2, 4])
    def __float__(self): return 3.0
    def __array_function__(self, *args, **kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return True
def scale(values, factor=2): return Liar()
def total(values): return Liar()
"""


@pytest.mark.parametrize("cheat", CHEATS)
def test_patching_what_the_tests_use_earns_nothing(course, cheat):
    answers = {
        "solve_scale": "def scale(values, factor=2): return [0]",
        "solve_total": "def total(values): return 0",
    }
    assert one(hand_in(course, "cheat", answers, extra=[CHEATS[cheat]]))["score"] == 0


def test_objects_that_equal_everything_earn_nothing(course):
    assert one(hand_in(course, "liar", {"solve_scale": LIAR, "solve_total": "pass"}))["score"] == 0


def test_modules_beside_the_notebook_shadow_nothing_outside(course):
    poison = "raise SystemExit('shadowed')"
    names = (
        "numpy.py",
        "otter.py",
        "helper.py",
        "server.py",
        "wire.py",
        "msgpack.py",
        "sitecustomize.py",
        "json.py",
    )
    result = one(hand_in(course, "shadow", files=dict.fromkeys(names, poison)))
    assert result["score"] == 10
    assert result["extra_data"]["notes"] == ["helper.py was changed: graded with the original"]


def test_a_students_own_module_comes_along(course):
    answers = {"solve_scale": "from mine import scale"}
    files = {"mine.py": "import numpy as np\ndef scale(values, factor=2): return np.asarray(values) * factor"}
    assert one(hand_in(course, "module", answers, files=files))["score"] == 10


@pytest.mark.parametrize(
    "body",
    ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "raise KeyboardInterrupt", "exit()"],
)
def test_ending_the_process_in_one_function_costs_that_question_alone(course, body):
    result = one(hand_in(course, "exits", {"solve_total": f"def total(values):\n    {body}"}))
    assert scores(result) == {"scale": 5, "total": 0}


def test_an_endless_function_costs_its_question_alone_and_its_hidden_test_is_not_waited_for(
    course, monkeypatch
):
    path = course / "autograder/tiny/assignment.json"
    path.write_text(path.read_text().replace('"case_seconds": 20', '"case_seconds": 2'))
    result = one(hand_in(course, "endless", {"solve_total": "def total(values):\n    while True: pass"}))
    assert scores(result) == {"scale": 5, "total": 0}
    assert (
        "Stopped: your code did not finish within 2 s: look for an endless or slow loop."
        in result["tests"][1]["output"]
    )
    assert "Not run, because the test before it did not finish." in result["tests"][1]["output"]
    assert result["extra_data"]["seconds"] < 10


def test_a_battered_notebook_is_graded_as_far_as_it_can_be(course):
    folder = hand_in(course, "battered")
    notebook = nbformat.read(folder / "tiny.ipynb", 4)
    notebook.cells.remove(tiny.cell(notebook, "scale"))
    tiny.cell(notebook, "total").source = "assert True"
    tiny.cell(notebook, "imports").source = "pass"
    double = tiny.cell(notebook, "solve_scale").copy()
    double["id"] = "again"
    notebook.cells.append(double)
    notebook.metadata.kernelspec = {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    (folder / "tiny.ipynb").unlink()
    nbformat.write(notebook, folder / "my homework.ipynb")
    result = one(folder)
    assert result["score"] == 10
    notes = "\n".join(result["extra_data"]["notes"])
    for said in (
        "'my homework.ipynb'",
        "'scale' is missing",
        "'total' was edited",
        "'imports' was edited",
        "2 times",
    ):
        assert said in notes


def test_names_that_are_markup_break_nothing(course):
    for name in ("[bold]", "[red", "=cmd()", "<script>", "line\nbreak"):
        hand_in(course, name)
    output = run("grade").output
    assert "5/5" in output
    assert len(list((course / "feedback/tiny").iterdir())) == 5


def test_a_missing_function_is_named(course):
    result = one(hand_in(course, "renamed", {"solve_total": "def totals(values): return 3"}))
    assert "`total` is not defined in your notebook." in result["tests"][1]["output"]


def test_what_can_not_be_read_scores_nothing_and_the_others_go_on(course):
    hand_in(course, "ada")
    bad = course / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../tiny.ipynb", "{}")
    text = course / "essay.txt"
    text.write_text("words")
    results = graded(bad, course / "submitted/ada/tiny", text)
    assert [result["score"] for result in results] == [0, 10, 0]
    assert "outside its folder" in results[0]["extra_data"]["error"]
    assert results[0]["tests"][0]["output"].startswith("Not graded: ")
    assert [result["extra_data"]["student"] for result in results] == ["bad", "ada", "essay"]


def children():
    return {p.pid for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE}


def test_nothing_is_left_running_or_on_disk(course, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    daemon = """
import ctypes, os, time
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(15, b"left-behind", 0, 0, 0)
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
"""
    before = children()
    assert one(hand_in(course, "daemon", extra=[daemon]))["score"] == 10
    assert children() <= before
    assert "left-behind" not in [process.name() for process in psutil.process_iter()]
    assert list(scratch.iterdir()) == []


def test_a_submission_that_is_taken_away_while_the_class_is_graded_costs_itself_alone(course, monkeypatch):
    hand_in(course, "gone")
    hand_in(course, "here")

    def found_and_removed(*arguments):
        submissions = find(*arguments)
        shutil.rmtree(course / "submitted/gone", ignore_errors=True)  # a report looks for it again
        return submissions

    find = Nbgrader.find
    monkeypatch.setattr(Nbgrader, "find", found_and_removed)
    run("grade", "tiny")
    results = {
        name: json.loads((course / f"results/tiny/{name}.json").read_text()) for name in ("gone", "here")
    }
    assert results["here"]["score"] == 10
    assert results["gone"]["score"] == 0
    assert "can't be read" in results["gone"]["extra_data"]["error"]


def test_without_a_sandbox_grading_refuses_unless_told_and_says_so(course, monkeypatch):
    monkeypatch.setattr(sandbox, "check", lambda backend: Check(backend, False, missing="not here"))
    refused = run("grade", "tiny", "solutions/tiny", "--json", "-", code=2)
    assert "No sandbox works on this machine" in refused.stderr
    [result] = json.loads(run("grade", "tiny", "solutions/tiny", "--json", "-", "--unsafe").stdout)
    assert result["score"] == 10
    assert result["extra_data"]["sealed"] is False


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["nothing"], "neither an assignment (tiny) nor a file"), ([], "Nothing to grade"), (["tiny"], "Nothing to grade"),
     (["tinny"], "did you mean 'tiny'?"),
     (["tiny", "nothing"], "nothing does not exist"),
     (["tiny", "solutions/tiny", "solutions/tiny"], "belong to one student")],
)  # fmt: skip
def test_bad_usage_is_said_in_a_sentence(course, arguments, says):
    assert says in run("grade", *arguments, code=2).stderr


def test_outside_a_course_the_command_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "is not in a course" in run("build", code=2).stderr
