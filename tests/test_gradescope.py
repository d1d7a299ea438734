"""Gradescope: its results.json, the zip that is uploaded there, and grading as its containers do it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import gradescope_spec
import nbformat
import psutil
import pytest
from courses import tiny
from gradescope_spec import Markup, problems, shown
from nbformat.v4 import new_code_cell

from coursekit.build import build
from coursekit.cli import main
from coursekit.core.course import Assignment
from coursekit.core.reference import Reference
from coursekit.core.result import DataUsed, Kind, Note, QuestionResult, Result, Status, Text, Verdict
from coursekit.exports.gradescope import Gradescope, dumps, message_json, results_json
from coursekit.gradescope import memory
from coursekit.gradescope.metadata import Metadata
from coursekit.gradescope.packing import pack
from coursekit.outputs.base import ClassReport

HOSTILE = "</p></pre><script>alert(1)</script> <img src=x onerror=y> ![a](b) \x1b[31m \u202e & \ud800"
PARTS = (
    Text(Kind.HINT, "You divide by the wrong number."),
    Verdict(False, False),
    Text(Kind.STATEMENT, "assert f(1) == 2"),
    Text(Kind.MESSAGE, f"{HOSTILE}\n  array([1])"),
    Text(Kind.PRINTED, f"Hidden test: passed.\n{HOSTILE}"),
    Verdict(True, True),
)
USUAL = {
    "id": 409194023,
    "created_at": "2026-11-01T10:00:00.5-07:00",
    "assignment": {"due_date": "2026-11-01T23:59:00-07:00", "late_due_date": None, "group_size": None},
    "submission_method": "upload",
    "users": [{"email": "ada@example.org", "id": 1, "name": "Ada"}],
    "previous_submissions": [],
}


def result(**changes):
    questions = (
        QuestionResult("forward", 0.0, 10.0, Status.FAILED, PARTS),
        QuestionResult("backward", 20.0, 20.0, Status.PASSED, (Verdict(False, True), Verdict(True, True))),
        QuestionResult("part", 2.5, 5.0, Status.FAILED, (Verdict(True, False),)),
        QuestionResult("discussion", 0.0, 3.0, Status.MANUAL, (Text(Kind.ANSWER, HOSTILE),)),
    )
    usual = Result(
        Reference("ada"), "two_layers", 38.0, questions, True, "landlock",
        DataUsed("MNIST", "Trained on MNIST."), 12.5, notes=(Note(HOSTILE, HOSTILE),), digest="ab" * 32,
    )  # fmt: skip
    return replace(usual, **changes)


# ---- results.json


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sealed": False, "sandbox": "none"},
        {"error": HOSTILE, "questions": ()},
        {"not_renewed": "x"},
        {"notes": tuple(Note(HOSTILE) for _ in range(200))},
    ],
)
def test_results_keep_to_the_specification(changes):
    found = results_json(result(**changes), ["Late.", HOSTILE])
    assert problems(dumps(found)) == []
    assert problems(dumps(message_json(["Too many tries."], 7.5))) == []


def test_only_passed_and_failed_and_what_a_person_grades_is_said():
    tests = results_json(result())["tests"]
    assert [test["status"] for test in tests] == ["failed", "passed", "failed", "failed"]
    assert [(test["score"], test["max_score"]) for test in tests] == [(0, 10), (20, 20), (2.5, 5), (0, 3)]
    assert [test["number"] for test in tests] == ["1", "2", "3", "4"]
    assert "Not graded yet: a person gives these 3 points." in Markup(tests[3]["output"]).text
    assert tests[3]["tags"] == ["by hand"]


def test_a_students_text_is_never_markup():
    found = results_json(result(), [HOSTILE])
    for output in (found["output"], *(test["output"] for test in found["tests"])):
        read = Markup(output)
        assert read.tags <= {"p", "strong", "em", "pre", "br"}
        assert read.attributes == []
        assert "\x1b" not in output and "\u202e" not in output and "\ud800" not in output
    assert "<script>alert(1)</script>" in shown(found)  # as text
    first = found["tests"][0]["output"]
    assert first.startswith("<p><em>Hint: You divide by the wrong number.</em></p>")
    assert first.count("<strong>") == 2  # a printed verdict is none


def test_unsealed_is_the_first_thing_on_the_page():
    assert Markup(results_json(result(sealed=False, sandbox="none"))["output"]).text.startswith("NOT SEALED")
    assert "Graded sealed" in shown(results_json(result()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: [found], "one object"),
        (lambda found: {**found, "max_score": 3}, "max_score"),
        (lambda found: {**found, "tests": [{**found["tests"][0], "status": "manual"}]}, "status is 'manual'"),
        (lambda found: {**found, "tests": [{**found["tests"][0], "visibility": "hidden"}]}, "hidden"),
        (lambda found: {**found, "tests": [{**found["tests"][0], "score": 11}]}, "11 of 10"),
        (lambda found: {**found, "tests": []}, "score"),
        (lambda found: {**found, "execution_time": "1"}, "execution_time"),
    ],
)
def test_the_specification_is_really_checked(change, said):
    assert any(said in problem for problem in problems(json.dumps(change(results_json(result())))))


def test_a_file_for_each_student(tmp_path):
    assignment = tiny.course(tmp_path)
    students = ["o'brien", "Zoë", "00429"]
    results = [result(reference=Reference(name)) for name in students]
    written = Gradescope().write(ClassReport(assignment, "Tiny", [], results))
    assert sorted(path.stem for path in written) == sorted(students)
    assert all(problems(path.read_text()) == [] for path in written)
    again = Gradescope().write(
        ClassReport(assignment, "Tiny", [], [results[0], replace(results[1], fault=True)])
    )
    assert sorted((assignment.exported / "gradescope").iterdir()) == again, "or an old one is uploaded again"
    assert len(again) == 1


def test_points_that_count_stand_above_those_of_the_tests():
    found = results_json(result(), counts=20.25)
    assert found["score"] == 20.25 and "Of 22.5 points, 20.25 count." in shown(found)
    assert "score" not in results_json(result(), counts=22.5)


# ---- submission_metadata.json


def metadata(tmp_path, **changes) -> Metadata:
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps({**USUAL, **changes}))
    return Metadata.read(path)


def earlier(time, score=1.0, **results):
    return {"submission_time": time, "score": score, "results": results}


NOT_COUNTED = {"extra_data": {"coursekit": {"counts": False}}}


def test_whose_it_is(tmp_path):
    users = [{"id": 1, "name": "Zoë <b>", "email": "z@example.org"}, {"id": 2, "name": "李雷"}]
    found = metadata(tmp_path, users=users, previous_submissions=[earlier("2026-10-31T10:00:00-07:00")])
    assert found.reference == Reference(
        "submission-409194023", "Zoë <b> and 李雷", "2026-11-01T10:00:00.500000-07:00", 2,
        {"gradescope": "409194023", "email": "z@example.org", "group": "409194023"},
    )  # fmt: skip
    assert found.said() == ["This counts for 2 people: Zoë <b> and 李雷."]


@pytest.mark.parametrize(
    ("created", "said"),
    [
        ("2026-11-02T07:59:00+01:00", None),
        ("2026-11-02T07:59:20+01:00", "1 min"),
        ("2026-11-02T02:04:00-07:00", "2 h 5 min"),
        ("2026-11-05T02:04:00-07:00", "3 d 2 h"),
    ],
)
def test_lateness_is_told_by_the_times_of_gradescope(tmp_path, created, said):
    found = metadata(tmp_path, created_at=created).said()
    assert [sentence.partition(" after")[0] for sentence in found] == ([f"Handed in {said}"] if said else [])


def test_tries_of_a_day_are_counted_by_the_time_of_submission(tmp_path):
    before = [
        earlier("2026-11-01T00:30:00-07:00", "3.0"),
        earlier("2026-10-31T23:30:00-07:00", 2.0),  # the day before
        earlier("2026-11-01T16:00:00+00:00", 4.5),  # 9 o'clock there
        earlier("2026-11-01T09:30:00-07:00", 4.5, **NOT_COUNTED),
        earlier("2026-11-01T11:30:00-07:00", 9.0),  # later than this one, which is graded again
        earlier("not a time", None),
        earlier("0001-01-01T00:00:00+14:00"),
        earlier("9999-12-31T23:59:59-12:00"),
    ]
    found = metadata(tmp_path, previous_submissions=before)
    assert found.tries_that_day() == 2
    assert found.reference.attempt == 9


def test_what_was_not_graded_does_not_stand(tmp_path):
    before = [earlier("2026-10-01T00:00:00Z", 4.0), earlier("2026-10-02T00:00:00Z", 0.0, **NOT_COUNTED)]
    assert metadata(tmp_path, previous_submissions=before).standing == 4.0
    assert metadata(tmp_path, previous_submissions=before[1:]).standing is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "[" * 100_000, '{"users": 3, "assignment": [], "created_at": 7, "id": {}}',
     '{"previous_submissions": [{"score": "nan"}, {"score": 1e999}, 3, {"results": []}], "users": [{"name": []}]}'],
)  # fmt: skip
def test_damaged_metadata_keep_nobody_from_being_graded(tmp_path, text):
    path = tmp_path / "submission_metadata.json"
    path.write_text(text)
    found = Metadata.read(path)
    assert (found.standing, found.tries_that_day(), found.said()) == (None, 0, [])
    assert found.reference.student == "submission-unknown"


# ---- the zip, and grading


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    assignment = tiny.course(tmp_path_factory.mktemp("course"), tiny.with_discussion())
    build(assignment)
    return assignment


@pytest.fixture(scope="module")
def packed(built: Assignment) -> Path:
    path = built.course.root / "gradescope" / "tiny.zip"
    pack(built, path, tries_a_day=2)
    return path


def test_the_zip_is_as_gradescope_wants_it_and_always_the_same(built, packed, tmp_path):
    pack(built, tmp_path / "again.zip", tries_a_day=2)
    assert packed.read_bytes() == (tmp_path / "again.zip").read_bytes()
    with zipfile.ZipFile(packed) as found:
        names = set(found.namelist())
        assert {
            "setup.sh",
            "run_autograder",
            "coursekit/__init__.py",
            "tests/scale.py",
            "otter_config.json",
        } <= names
        assert found.getinfo("run_autograder").external_attr >> 16 & 0o111
        assert found.read("run_autograder").startswith(b"#!")
        pins = found.read("constraints.txt").decode()
        assert "@" not in found.read("run_autograder").decode().split("timeout ")[1].split()[1]
        script = found.read("setup.sh")
    assert "numpy==" in pins and "nbconvert==" in pins
    assert not any(
        part in name for name in names for part in ("__pycache__", "coursekit/verify", "coursekit/cli")
    )
    assert subprocess.run(["bash", "-n"], input=script, check=False).returncode == 0


def test_an_assignment_that_was_changed_since_is_not_packed(built, tmp_path):
    shutil.copytree(built.course.root / "source", tmp_path / "source")
    shutil.copytree(built.autograder, tmp_path / "autograder" / "tiny")
    shutil.copytree(built.release, tmp_path / "release" / "tiny")
    (tmp_path / "source" / "tiny" / "helper.py").write_text("one = 1.0\n")
    done = command(tmp_path, "gradescope", "tiny")
    assert done.returncode == 2 and "run 'coursekit build tiny'" in done.stderr
    assert not (tmp_path / "gradescope").exists()


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coursekit", *arguments], cwd=root, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def image(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of Gradescope's image, in another place."""
    root = tmp_path_factory.mktemp("autograder")
    with zipfile.ZipFile(packed) as found:
        found.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "data").mkdir()
    return root


def graded(image: Path, root: Path, files: dict[str, str | Path], python: str = sys.executable, **changes):
    """What a new container's run_autograder writes for a submission of these files."""
    shutil.copytree(image, root)
    (root / "submission").mkdir()
    for name, content in files.items():
        text = content.read_text() if isinstance(content, Path) else content
        (root / "submission" / name).write_text(text)
    (root / "submission_metadata.json").write_text(json.dumps({**USUAL, **changes}))
    environment = {**os.environ, "PYTHONPATH": str(root / "source")}
    done = subprocess.run(
        ["sh", root / "run_autograder", root, python, root / "data"],
        env=environment, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    text = (root / "results" / "results.json").read_text()
    assert gradescope_spec.problems(text) == []
    return json.loads(text), done.stdout


def notebook(built: Assignment, *changes: tuple[str, str], first: str = "") -> str:
    """The worked solution with replaced texts and another first cell."""
    found = nbformat.read(built.solution / "tiny.ipynb", as_version=4)
    for old, new in changes:
        assert any(old in cell.source for cell in found.cells)
        for cell in found.cells:
            cell.source = cell.source.replace(old, new)
    if first:
        found.cells.insert(0, new_code_cell(first))
    return nbformat.writes(found)


def score(found) -> float:
    return found.get("score", sum(test["score"] for test in found["tests"]))


def test_a_submission_is_graded_sealed(built, image, tmp_path):
    found, _ = graded(image, tmp_path / "autograder", {"My work (1).ipynb": notebook(built)})
    assert score(found) == 10
    assert found["extra_data"]["coursekit"]["sealed"] and "Graded sealed" in shown(found)
    assert "A larger factor makes larger values." in shown(found)


def test_a_wrong_answer_is_told_without_the_hidden_test(built, image, tmp_path):
    wrong = notebook(built, ("np.asarray(values) * factor", "np.asarray(values) * 2"))
    found, log = graded(image, tmp_path / "autograder", {"tiny.ipynb": wrong})
    assert score(found) == 0
    assert "scale ignores its factor" in shown(found)
    assert "4.5" not in json.dumps(found) and "4.5" in log  # for instructors
    assert found["stdout_visibility"] == "hidden"


def test_no_character_in_the_log_is_the_graders_end(built, image, tmp_path):
    raising = notebook(
        built, ("scaled_values = np.asarray(values) * factor", 'raise ValueError(chr(0xD800) + "\\x1b[31m")')
    )
    found, log = graded(image, tmp_path / "autograder", {"tiny.ipynb": raising})
    assert score(found) == 0 and "Your code raised ValueError" in shown(found)
    assert "\\ud800" in log


def test_what_hostile_code_writes_is_not_the_result(built, image, tmp_path):
    root = tmp_path / "autograder"
    hostile = HOSTILE_CELL.replace("ROOT", str(root))
    found, _ = graded(image, root, {"tiny.ipynb": notebook(built, first=hostile)})
    assert score(found) == 10
    assert "LEAK" not in json.dumps(found)
    assert (root / "source" / "settings.json").read_bytes() == (
        image / "source" / "settings.json"
    ).read_bytes()


HOSTILE_CELL = """\
import os
for name in ("results/results.json", "source/settings.json"):
    try:
        open("ROOT/" + name, "w").write("{}")
    except OSError:
        pass
try:
    raise ValueError("LEAK", os.listdir("ROOT/source/tests"))
except OSError:
    pass
"""


def test_code_that_uses_up_the_time_is_not_told_that_the_grader_failed(built, image, tmp_path):
    short = tmp_path / "image"
    shutil.copytree(image, short)
    script = short / "run_autograder"
    script.write_text(re.sub(r"(--kill-after=5) \d+", r"\1 8", script.read_text()))
    endless = notebook(built, first="while True: pass")
    before = [earlier("2026-10-01T07:00:00-07:00", 3.0)]
    found, _ = graded(short, tmp_path / "a", {"tiny.ipynb": endless}, previous_submissions=before)
    assert score(found) == 3.0 and found["extra_data"]["coursekit"]["counts"] is False
    assert "endless or slow loop" in shown(found) and "The grader itself failed" not in shown(found)


def test_further_tries_of_a_day_keep_the_score(built, image, tmp_path):
    before = [earlier(f"2026-11-01T0{hour}:00:00-07:00", hour / 2) for hour in (7, 9)]
    found, _ = graded(image, tmp_path / "autograder", {"tiny.ipynb": "x"}, previous_submissions=before)
    assert score(found) == 4.5
    assert "2 submissions are graded in a day" in shown(found) and "4.5 points" in shown(found)
    assert found["extra_data"]["coursekit"]["counts"] is False


def test_a_grader_that_fails_says_so_and_shows_nothing(built, image, tmp_path):
    broken = tmp_path / "image"
    shutil.copytree(image, broken)
    (broken / "source" / "course" / "autograder" / "tiny" / "tests" / "scale.py").write_text("secret = 1 +")
    before = [earlier("2026-10-01T07:00:00-07:00", 3.0)]
    found, log = graded(broken, tmp_path / "a", {"tiny.ipynb": notebook(built)}, previous_submissions=before)
    assert score(found) == 3.0
    assert "The grader itself failed" in shown(found) and "submit the same files again" in shown(found)
    assert "secret" not in json.dumps(found) and "Traceback" in log
    found, _ = graded(image, tmp_path / "b", {"tiny.ipynb": notebook(built)}, python="/nonexistent/python")
    assert score(found) == 0 and "no grade" in found["output"]


def test_without_a_sandbox_nothing_is_graded_unless_the_teacher_wants_it(built, image, tmp_path):
    """A kernel without Landlock, in a container without namespaces, is imitated by a filter of system calls."""
    confined = tmp_path / "python"
    confined.write_text(f"#!{sys.executable}\n{WITHOUT_SANDBOX}")
    confined.chmod(0o755)
    work = {"tiny.ipynb": notebook(built)}
    found, log = graded(image, tmp_path / "a", work, python=str(confined))
    assert score(found) == 0 and "NOTHING WAS GRADED" in shown(found)
    assert "bubblewrap" in log and "landlock" in log
    unsealed = tmp_path / "image"
    shutil.copytree(image, unsealed)
    settings = unsealed / "source" / "settings.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "unsealed": True}))
    found, _ = graded(unsealed, tmp_path / "b", work, python=str(confined))
    assert score(found) == 10 and shown(found).startswith("NOT SEALED")


WITHOUT_SANDBOX = """\
import os, sys
import pyseccomp
refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in ("unshare", "mount", "landlock_create_ruleset", "clone3"):
    refused.add_rule(pyseccomp.ERRNO(38 if name in ("clone3", "landlock_create_ruleset") else 1), name)
for bit in (17, 25, 26, 27, 28, 29, 30):
    refused.add_rule(pyseccomp.ERRNO(1), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 1 << bit, 1 << bit))
refused.load()
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.slow
def test_otter_run_takes_the_same_zip(built, packed, tmp_path):
    shutil.copy(built.solution / "tiny.ipynb", tmp_path)
    shutil.copy(built.release / "helper.py", tmp_path)
    run = [sys.executable, "-m", "otter", "run", "-a", packed, tmp_path / "tiny.ipynb", "-o", tmp_path]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    found = json.loads((tmp_path / "results.json").read_text())
    assert sum(test["score"] for test in found["tests"] if "score" in test) == 10


def test_the_commands_are_there():
    assert {"gradescope", "handout"} <= set(main.commands)


# ---- memory


@pytest.mark.parametrize(
    ("files", "own", "limit", "killed"),
    [
        ({"memory.max": "805306368\n", "memory.events": "low 0\noom 2\noom_kill 3\n"}, "0::/\n", 768, 3),
        ({"memory.max": "max\n"}, "0::/\n", None, 0),
        ({"a/b/memory.max": "1048576\n", "memory.max": "max\n"}, "0::/a/b\n", 1, 0),
        (
            {
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "memory/docker/x/memory.limit_in_bytes": "805306368\n",
                "memory/docker/x/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
            },
            "5:cpu:/\n4:memory:/docker/x\n",
            768,
            1,
        ),
        ({}, "", None, 0),
    ],
)
def test_the_containers_memory_is_told_in_either_version_of_cgroups(
    tmp_path, monkeypatch, files, own, limit, killed
):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "own").write_text(own)
    monkeypatch.setattr(memory, "CGROUPS", tmp_path)
    monkeypatch.setattr(memory, "OWN", tmp_path / "own")
    assert memory.limit() == (psutil.virtual_memory().total if limit is None else limit << 20)
    assert memory.killed() == killed


def test_in_a_container_that_is_too_small_nothing_is_graded(built, image, tmp_path):
    demanding = tmp_path / "image"
    shutil.copytree(image, demanding)
    settings = demanding / "source" / "settings.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "memory_mib": 1 << 30}))
    found, _ = graded(demanding, tmp_path / "a", {"tiny.ipynb": notebook(built)})
    assert score(found) == 0 and f"grading needs {1 << 30}" in shown(found)
    assert found["extra_data"]["coursekit"]["counts"] is False
