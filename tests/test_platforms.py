"""From a learning platform and back: a class of 30 is collected, graded and exported, and every point arrives.

The downloads are made by platforms.py, and what goes back is read by readers.py and gradescope_spec.py, which know
nothing of each other or of what writes the files. Each student has a number of points of their own.
"""

from __future__ import annotations

import csv
import json

import gradescope_spec
import nbformat
import platforms
import pytest
from click.testing import CliRunner
from courses import tiny
from nbformat.v4 import new_markdown_cell, new_notebook
from platforms import CLASS, GROUP, LATE, STRANGER
from readers import CanvasCourse, CanvasUser, MoodleAssignment, Participant

from coursekit.build import build
from coursekit.cli import main

WORTH = (1, 2, 4, 8, 16)
"""points of the questions: each sum up to 31 is that of one choice among them"""
AGAIN = tuple(one for one in CLASS if one.number % 7 == 3)
"""those who hand in a second time"""
CANVAS_ID = 4711
SOLUTION = """\
def power_{n}(x):
    ### BEGIN SOLUTION
    return x ** {n}
    ### END SOLUTION
"""
TEST = """\
assert power_{n}(1) == 1, "1 to any power is 1"
### BEGIN HIDDEN TESTS
assert power_{n}(3) == 3 ** {n}, "power_{n}(3) is not 3 to the power of {n}"
### END HIDDEN TESTS
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An assignment of five questions, built once."""
    root = tmp_path_factory.mktemp("powers")
    cells = [new_markdown_cell("# Powers", id="title")]
    for n, points in enumerate(WORTH, 2):
        cells += [
            tiny.solution(f"solve_{n}", SOLUTION.format(n=n), task=f'Task {n}: write "power_{n}"'),
            tiny.test(f"power_{n}", TEST.format(n=n), points),
        ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    source = new_notebook(cells=cells, metadata={"coursekit": {"title": "Powers"}, "kernelspec": kernel})
    assignment = tiny.course(root, source)
    build(assignment)
    return assignment


@pytest.fixture
def course(built, tmp_path, monkeypatch):
    """A course of its own, with that assignment, for a class that hands in notebooks of many points."""
    root = tmp_path / "course"
    root.mkdir()
    for name in ("source", "release", "autograder"):
        (root / name).symlink_to(built.course.root / name)
    (root / "course.toml").write_text(
        'time_zone = "UTC"\n[late]\npolicy = "percent"\npercent_per_day = 10\n'
        f"[assignments.tiny]\ndue = {platforms.DUE:%Y-%m-%dT%H:%M:%S}\ncanvas = {CANVAS_ID}\n"
    )
    release = nbformat.read(built.release / "tiny.ipynb", as_version=4)
    monkeypatch.setattr(platforms, "notebook", lambda one, attempt=1: hand_in(release, one, attempt))
    monkeypatch.chdir(root)
    return root


def points_of(one, attempt=1):
    return (one.number + 1 + 7 * (attempt - 1)) % 32


def counted(one):
    """The points of a student's newest attempt; of a group, those of its first member's."""
    first = CLASS[GROUP[0]] if one.number in GROUP else one
    return points_of(first, 2 if first in AGAIN else 1)


def hand_in(release, one, attempt):
    """A notebook in which the questions of that many points are answered."""
    source = nbformat.from_dict(json.loads(nbformat.writes(release)))
    for n, points in enumerate(WORTH, 2):
        if points_of(one, attempt) & points:
            tiny.cell(source, f"solve_{n}").source = f"def power_{n}(x):\n    return x ** {n}"
    return nbformat.writes(source).encode()


def run(*arguments, code=0):
    ran = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    assert ran.exit_code == code, ran.output
    return ran.output


def grade():
    said = run("grade", "tiny")
    assert "failed" not in said.split("feedback")[0], said


def later(one):
    """What is left of a student's points when lateness costs something: two days have begun."""
    first = CLASS[GROUP[0]] if one.number in GROUP else one
    return round(counted(one) * (0.8 if first.number in LATE else 1), 2)


def work_together(path):
    """Write the group into roster.csv as a teacher does: Canvas's export does not say who works together."""
    heads, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    for row in rows:
        if row[heads.index("id")] in [CLASS[n].id for n in GROUP]:
            row[heads.index("group")] = "Team 7"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])


@pytest.mark.slow
def test_canvas_gets_every_point_at_the_right_id(course, tmp_path):
    users = [CanvasUser(int(one.canvas), one.name, one.id, one.email) for one in CLASS]
    canvas = CanvasCourse(users, {12: ("Quiz", 5.0), CANVAS_ID: ("Powers", 31.0)})
    (tmp_path / "Grades.csv").write_bytes(canvas.export())
    run("roster", tmp_path / "Grades.csv")
    work_together(course / "roster.csv")
    first = platforms.canvas(tmp_path / "submissions.zip", "tiny", (*CLASS, STRANGER))
    run("collect", first, "--groups", "--assignment", "tiny")
    run("collect", platforms.canvas(tmp_path / "submissions (1).zip", "tiny", AGAIN, attempt=2))
    grade()
    said = run("export", "canvas", "tiny", "--template", tmp_path / "Grades.csv", code=1)
    assert "stranger" in said.casefold()
    made = canvas.imported((course / "exported" / "tiny" / "canvas.csv").read_bytes())
    assert made.scores == {(int(one.canvas), CANVAS_ID): counted(one) for one in CLASS}
    assert made.asked == made.deleted == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["folders", "flat"])
def test_moodle_gets_every_point_at_the_right_id(course, tmp_path, form):
    platforms.roster(course / "roster.csv")
    run("collect", platforms.moodle(tmp_path / "CS1-tiny-77.zip", "tiny", form=form))
    run("collect", platforms.moodle(tmp_path / "CS1-tiny-77 (1).zip", "tiny", AGAIN, form=form, attempt=2))
    grade()
    people = [Participant(int(one.moodle), one.name, one.email) for one in CLASS]
    moodle = MoodleAssignment(people, 31.0, comma=True, separator=";")
    (tmp_path / "worksheet.csv").write_bytes(moodle.worksheet())
    run("export", "moodle", "tiny", "--template", tmp_path / "worksheet.csv")
    grades, comments = moodle.upload((course / "exported" / "tiny" / "moodle.csv").read_bytes())
    alone = {int(one.moodle): points_of(one, 2 if one in AGAIN else 1) for one in CLASS}
    assert grades == alone
    assert all(f"{points} of 31 points" in comments[number] for number, points in alone.items())


@pytest.mark.slow
def test_gradescope_gets_every_point_at_the_right_id_and_lateness_costs(course, tmp_path):
    platforms.roster(course / "roster.csv")
    run(
        "collect",
        platforms.gradescope(tmp_path / "a.zip", "tiny", (*CLASS, STRANGER)),
        "--assignment",
        "tiny",
    )
    others = [one for one in AGAIN if one.number not in GROUP]
    again = platforms.gradescope(tmp_path / "b.zip", "tiny", others, attempt=2)
    run("collect", again, "--assignment", "tiny")
    grade()
    run("export", "gradescope", "tiny")
    for one in CLASS:
        found = (course / "exported" / "tiny" / "gradescope" / f"{one.id}.json").read_text()
        assert gradescope_spec.problems(found) == []
        whole = json.loads(found)
        score = whole.get("score", sum(test["score"] for test in whole["tests"]))
        assert score == pytest.approx(later(one)), one
    # An extension that is granted afterwards needs no grading.
    roster = (course / "roster.csv").read_text().splitlines()
    rows = [f"{row},{'5 days' if row.startswith(CLASS[8].id + ',') else ''}" for row in roster[1:]]
    (course / "roster.csv").write_text("\n".join([f"{roster[0]},extension: tiny", *rows]) + "\n")
    before = (course / "results" / "tiny" / f"{CLASS[8].id}.json").stat().st_mtime_ns
    run("export", "gradescope", "tiny")
    whole = json.loads((course / "exported" / "tiny" / "gradescope" / f"{CLASS[8].id}.json").read_text())
    assert sum(test["score"] for test in whole["tests"]) == counted(CLASS[8])
    assert whole.get("score", counted(CLASS[8])) == counted(CLASS[8])
    assert (course / "results" / "tiny" / f"{CLASS[8].id}.json").stat().st_mtime_ns == before


@pytest.mark.slow
def test_nbgraders_gradebook_gets_every_point_under_the_right_name(course, tmp_path):
    from coursekit import formgrader
    from coursekit.core.course import Course

    run("collect", platforms.nbgrader(tmp_path / "submitted", "tiny"))
    run("collect", platforms.nbgrader(tmp_path / "later" / "submitted", "tiny", AGAIN, attempt=2))
    grade()
    run("export", "nbgrader", "tiny")
    with formgrader.opened(Course(course)) as gradebook:
        found = {one.student.id: one.score for one in gradebook.assignment_submissions("tiny")}
    assert found == {one.id: points_of(one, 2 if one in AGAIN else 1) for one in CLASS}
