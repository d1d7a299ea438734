"""Attacks are held off, and one that were not would be noticed; all of them: coursekit verify attacks."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses import tiny, weighed

from coursekit.build import build
from coursekit.cli import main
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading
from coursekit.grading.autograder import read_autograder
from coursekit.sandbox import choose as sandbox
from coursekit.verify.attacks import leaks, pages
from coursekit.verify.attacks.reading import choose, read_attack, read_attacks
from coursekit.verify.attacks.running import chosen, run
from coursekit.verify.attacks.traces import Traces

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("optimization_techniques")
EVERY = 20  # of the attacks: a minute's worth

needs_sandbox = pytest.mark.skipif(
    not any(sandbox.check(backend).works for backend in sandbox.sealed()),
    reason="no sandbox works on this machine",
)
pytestmark = pytest.mark.xdist_group("attacks")  # they take two cores by themselves

EARNS = "def scale(values, factor=2):\n    return np.asarray(values) * factor"
READS = """
import glob
files = glob.glob("{root}/coursekit-verify-*/*/*/course/*.txt")
functions_do(lambda *a, **k: [print(open(path).read()) for path in files])
for path in files:
    open(path.replace("grades", "left"), "w").close()  # not loot(): others may run these tests on the same machine
"""
KILLS = "import os\nos.kill(os.getppid(), 9)"
SPOILS = """
import glob
for path in glob.glob("{root}/coursekit-verify-*/*/*/course/submitted/neighbour/*/*.ipynb"):
    text = open(path).read()
    open(path, "w").write(text.replace("np.asarray(values) * factor", "None"))
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    assignment = tiny.course(tmp_path_factory.mktemp("course"))
    build(assignment, verify=False)
    return assignment


def attack(folder, name, code, header="Holds: nothing."):
    path = folder / f"{name}.py"
    path.write_text(f'"""Tries something.\n\n{header}\n"""\n{code}\n')
    return read_attack(path)


def test_there_are_enough_attacks_and_each_says_what_it_tries():
    attacks = read_attacks(ASSIGNMENT)
    assert len(attacks) >= 60
    assert {one.files for one in attacks} == {True, False}
    assert len({one.tries for one in attacks}) == len(attacks)
    assert [one.name for one in attacks if not one.tries.endswith(".")] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = 1", "does not say what it tries"),
        ('"""Tries."""', "no line 'Holds"),
        ('"""Tries.\n\nHolds: it.\nBase: answers\n"""', "neither release nor solution"),
        ('"""Tries.\n\nHolds: it.\nPlace: middle\n"""', "neither top nor bottom"),
        ('"""Tries.\n\nHolds: it.\nUnsealed: never\n"""', "no, <reason>"),
        ('"""Tries.\n\nHolds: it."""\n(', "can't be read as Python"),
    ],
)
def test_an_attack_that_is_not_well_formed_is_named(tmp_path, text, why):
    (tmp_path / "some_attack.py").write_text(text)
    with pytest.raises(CourseError, match=f"some_attack.py .*{why}"):
        read_attack(tmp_path / "some_attack.py")


def test_a_header_goes_on_over_lines_and_has_defaults(tmp_path):
    header = "Holds: what holds it,\nand more.\nQuestions: scale, total\nUnsealed: no, a bomb"
    found = attack(tmp_path, "two_words", "", header)
    assert (found.name, found.tries, found.holds) == (
        "two-words",
        "Tries something.",
        "what holds it, and more.",
    )
    assert (found.questions, found.unsealed) == (("scale", "total"), "a bomb")
    assert (found.base, found.place, found.solved) == ("release", "bottom", False)
    with pytest.raises(CourseError, match="write"):
        read_attack(found.path, files=True)


def test_what_a_person_grades_is_left_out_so_that_a_class_of_attacks_can_be_reported(tmp_path):
    assignment = tiny.course(tmp_path, tiny.with_discussion())
    build(assignment, verify=False)
    autograder = read_autograder(assignment.autograder, assignment.release)
    assert autograder.manual == {"discussion": 3}
    reduced = chosen(autograder)
    assert reduced.manual == {} and reduced.points == autograder.points - 3


@needs_sandbox
def test_a_sample_of_the_attacks_is_held_off():
    try:
        loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))
    outcomes = run(ASSIGNMENT, choose(ASSIGNMENT, every=EVERY))
    assert [problem for outcome in outcomes for problem in outcome.problems] == []
    assert all(outcome.verdict == "held" for outcome in outcomes)


@pytest.mark.parametrize("backend", sandbox.sealed())
def test_attacks_reach_the_dataset_where_the_sandbox_shows_it(tmp_path, backend):
    if not sandbox.check(backend).works:
        pytest.skip(f"{backend} does not work here")
    assignment = weighed.assignment(weighed.with_dataset(Course(tmp_path / "course")))
    loading.prepare(assignment.course, "weights")
    build(assignment, verify=False)
    code = (
        "functions_do(lambda *a, **k: through(f'read {open(DATA + \"/grams.txt\").read()}, beside {GIVEN}'))"
    )
    [outcome] = run(assignment, [attack(tmp_path, "reads", code)], jobs=1, backend=backend)
    assert [word for word, _ in outcome.problems] == ["got through"]
    assert "read 2, beside ['hand_in', 'helper']" in outcome.problems[0][1]


def test_without_a_sandbox_attacks_succeed_and_each_check_notices(small, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    made = [
        attack(tmp_path, "earns", EARNS),
        attack(tmp_path, "reads", READS.format(root=tmp_path)),
        attack(tmp_path, "kills", KILLS),
        attack(tmp_path, "spoils", SPOILS.format(root=tmp_path)),
        attack(tmp_path, "tells", "functions_do(lambda *a, **k: through('the door is open'))"),
        attack(tmp_path, "harmless", "", "Holds: nothing.\nBase: solution"),
    ]
    found = {one.attack.name: one for one in run(small, made, jobs=1, backend="none")}
    assert (found["earns"].score, found["earns"].verdict) == (5, "scored 5 of 0")
    assert found["reads"].verdict == "left behind, leaked"
    assert ("leaked", "the student's result contains a canary of the course's folder") in found[
        "reads"
    ].problems
    assert "no result" in found["kills"].verdict
    assert "harmed" in found["spoils"].verdict
    assert ("harmed", "the next submission's result is not the same as before") in found["spoils"].problems
    assert found["tells"].problems == (("got through", "'not refused, as it must be: the door is open'"),)
    assert found["harmless"].verdict == "held"


def test_what_is_left_behind_is_noticed(tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("1")
    gone = tmp_path / "gone"
    gone.write_text("1")
    traces = Traces([tmp_path])
    assert traces.left() == []
    kept.write_text("2")
    gone.unlink()
    (tmp_path / "new").mkdir()
    process = subprocess.Popen(["sleep", "60"])
    assert sorted(traces.left()) == [
        f"'{gone}' is gone",
        f"'{kept}' was changed",
        f"'{tmp_path}/new' is left",
        "the process sleep 60 is left running",
    ]
    assert process.wait(5) < 0


def test_what_ends_in_time_is_not_left_behind(tmp_path):
    traces = Traces([tmp_path])
    subprocess.Popen(["sleep", "0.5"])
    started = time.monotonic()
    assert traces.left() == []
    assert time.monotonic() - started < 3


def test_secrets_are_found_however_they_are_spaced_and_not_in_own_text(small):
    secrets = leaks.collect(small, {"the home folder": "canary-1"})
    line = 'assert [total(row) for row in rows] == [6, 4], "total is wrong for longer lists"'
    assert secrets.found_in(f"…\n{line.replace(' ', '  ')}") == ["a hidden line of total"]
    assert secrets.found_in(line, own=line) == []
    assert secrets.found_in("x canary-1 y") == ["a canary of the home folder"]
    assert secrets.found_in("0.8571428571428571") == ["the snapshot scale_thirds"]
    assert secrets.found_in('assert total([1, 2]) == 3, "total([1, 2]) should be 3"') == []  # it is released


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("<script>x</script>", "<script>"),
        ("<p onclick='x'>", "onclick="),
        ("<a href='JavaScript:x'>", "href="),
        ("<a href='https://example.org'>", "a link out"),
        ("<p>\x1b[2J", "control character"),
        ("", "content security policy"),
    ],
)
def test_a_page_that_acts_is_noticed(page, what):
    assert any(what in found for found in pages.in_feedback(page))


def test_a_gradebook_with_a_formula_is_noticed():
    assert pages.in_gradebook("student,score\n'=1+1,3\nada,1\n") == []
    assert len(pages.in_gradebook('student,score\n"=1+1",3\n@SUM(1),-1\n')) == 3


@needs_sandbox
def test_the_command_prints_a_row_for_each_attack(small, monkeypatch):
    monkeypatch.chdir(small.course.root)
    result = CliRunner().invoke(
        main,
        [
            "verify",
            "attacks",
            "tiny",
            "--only",
            "object-equals-everything",
            "--only",
            "zip-links",
            "--markdown",
        ],
    )
    assert result.exit_code == 0, result.output
    assert result.output.count("| 0 / 0 | held |") == 2
    assert "tiny: 2 attacks, 2 held off." in result.output
    assert CliRunner().invoke(main, ["verify", "attacks", "tiny", "--only", "no-such"]).exit_code == 2


@pytest.mark.skipif(not sandbox.check("bubblewrap").works, reason="bubblewrap does not work here")
def test_other_graders_are_fooled_in_a_container(small, tmp_path):
    from coursekit.verify.attacks.unsealed import run_unsealed

    patch = "np.testing.assert_allclose = np.allclose = lambda *a, **k: True\n"
    agrees = attack(tmp_path, "agrees", patch + "scale = lambda values, factor=2: [2 * x for x in values]")
    bomb = attack(tmp_path, "bomb", "", "Holds: nothing.\nUnsealed: no, a bomb")
    found = run_unsealed(small, [agrees, bomb])
    assert found == {
        "otter run": {"agrees": "scored 5 of 0", "bomb": "not tried: a bomb"},
        "nbgrader autograde": {"agrees": "scored 5 of 0", "bomb": "not tried: a bomb"},
    }
