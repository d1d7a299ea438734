"""What goes to learning platforms, read by readers of their formats that know nothing of what wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses.results import NAME, built, message, put, result, waits
from readers import (
    ENGLISH,
    GERMAN,
    JAPANESE,
    CanvasCourse,
    CanvasUser,
    MoodleAssignment,
    Participant,
    classroom50,
    junit,
    junit_points,
)

from coursekit import attempts
from coursekit.attempts import Attempt, Attempts
from coursekit.cli import main
from coursekit.exports import exports
from coursekit.exports.classroom50 import factor_for, whole
from coursekit.exports.moodle import Moodle, comment
from coursekit.intake.digest import digest_of
from coursekit.report import gather
from coursekit.standings import Standing

pytestmark = pytest.mark.quick

FORMULA = "=cmd|' /C calc'!A0"
PEOPLE = {
    "kim": CanvasUser(101, "Kim, Min", "s101", "kim1@example.org"),
    "kim2": CanvasUser(102, "Kim, Min", "s102", "kim2@example.org"),
    "00429": CanvasUser(103, "Null, Vera", "00429", "vera"),
    "429": CanvasUser(104, "Voll, Karl", "429", "karl"),
    "zoë": CanvasUser(105, "Łęcka, Zoë", "s105", "zoë"),
    "lilei": CanvasUser(106, "李雷", "s106", "lilei"),
    "o'brien": CanvasUser(107, "O'Brien, Pat", "s107", "o'brien"),
    "calc": CanvasUser(108, FORMULA, "s108", "calc"),
}
WORK = 4711
"""the assignment's number in Canvas"""
POINTS = {student: 20 + n / 4 for n, student in enumerate(PEOPLE)}


@pytest.fixture
def assignment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return built(tmp_path)


def graded(student, points, **reference):
    """A result with that many points, from 10 to 40."""
    found = result(student)
    found["tests"][2]["score"] = points - 20
    found["score"] = points
    return found | {"reference": {"student": student, **reference}}


def course(scores=()):
    """The class in Canvas: Idle, who hands nothing in, is in it too."""
    users = [*PEOPLE.values(), CanvasUser(200, "Idle, Ida", "s200", "ida")]
    return CanvasCourse(users, {12: ("Syllabus quiz", 5.0), WORK: ("Two layers & more", 40.0)}, dict(scores))


def ids(student):
    return {"canvas": str(PEOPLE[student].id)}


def put_class(assignment, **points):
    for student, own in (POINTS | points).items():
        put(assignment, graded(student, own, ids=ids(student), display_name=PEOPLE[student].name))


def expected(**changed):
    return {(PEOPLE[student].id, WORK): points for student, points in (POINTS | changed).items()}


def export(*arguments, code=0):
    """Run the command; returns what it says."""
    ran = CliRunner().invoke(main, ["export", *map(str, arguments)])
    assert ran.exit_code == code, ran.output
    return ran.output


def written(assignment, name="canvas.csv"):
    return (assignment.exported / name).read_bytes()


# ---- Canvas


@pytest.mark.parametrize(
    "form", [{}, {"separator": ";", "comma": True}, {"bom": False}, {"first_last": True}], ids=str
)
def test_every_point_arrives_at_the_right_id_in_canvas(assignment, tmp_path, form):
    put_class(assignment)
    (tmp_path / "gradebook.csv").write_bytes(course().export(**form))
    export("canvas", "--template", tmp_path / "gradebook.csv")
    made = course().imported(written(assignment))
    assert made.scores == expected()
    assert (made.asked, made.deleted) == ([], [])
    assert (b";" if form.get("separator") else b",") in written(assignment).splitlines()[0]
    assert (b"21,25" in written(assignment)) == bool(form.get("comma"))


def test_a_gradebook_that_excel_has_saved_comes_back_as_canvas_reads_it(assignment, tmp_path):
    put_class(assignment)
    (tmp_path / "gradebook.csv").write_bytes(course().export("\t").decode("utf-8-sig").encode("utf-16"))
    export("canvas", "--template", tmp_path / "gradebook.csv")
    assert course().imported(written(assignment)).scores == expected()


def test_ids_of_the_hand_ins_and_of_the_course_are_enough(assignment, tmp_path):
    put_class(assignment)
    (tmp_path / "course.toml").write_text(f'[assignments.{NAME}]\ncanvas = "{WORK}"\n')
    export("canvas")
    made = course().imported(written(assignment))
    assert made.scores == expected()
    assert (made.asked, made.deleted) == ([], [])


def test_names_survive_and_none_is_a_formula(assignment, tmp_path):
    put_class(assignment)
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    export("canvas", "--template", tmp_path / "gradebook.csv")
    text = written(assignment).decode("utf-8-sig")
    assert '"O\'Brien, Pat"' in text and "李雷" in text and "Łęcka, Zoë" in text
    assert not re.search(r'(?:^|[,;])"?[=+@]', text, re.M)


def test_without_an_id_no_assignment_is_made_by_accident(assignment):
    put_class(assignment)
    said = export("canvas", code=2)
    assert "--template" in said and "course.toml" in said
    assert not (assignment.exported / "canvas.csv").exists()
    export("canvas", "--title", "Two layers & more")
    assert course().imported(written(assignment)).scores == expected()


def test_an_id_that_the_gradebook_lacks_is_refused(assignment, tmp_path):
    put_class(assignment)
    (tmp_path / "course.toml").write_text(f'[assignments.{NAME}]\ncanvas = "99"\n')
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--template", tmp_path / "gradebook.csv", code=2)
    assert "the id 99" in said and "Syllabus quiz (12)" in said


def test_only_changed_rows_at_two_decimals(assignment, tmp_path):
    put_class(assignment, kim=30.126)
    before = {key: points for key, points in expected(kim=30.13).items() if key[0] != 107}
    before[105, WORK] = 3.0
    (tmp_path / "gradebook.csv").write_bytes(course(before).export())
    export("canvas", "--changed", "--template", tmp_path / "gradebook.csv")
    made = course(before).imported(written(assignment))
    assert made.scores == {(105, WORK): POINTS["zoë"], (107, WORK): POINTS["o'brien"]}

    (tmp_path / "gradebook.csv").write_bytes(course(expected(kim=30.13)).export())
    assert "nothing to import" in export("canvas", "--changed", "--template", tmp_path / "gradebook.csv")
    assert not (assignment.exported / "canvas.csv").exists(), "or the old one would be imported again"
    assert "--template" in export("canvas", "--changed", code=2)


def test_after_an_extension_only_that_student_is_exported_again(assignment, tmp_path):
    put_class(assignment)
    late = graded("zoë", 30, ids=ids("zoë"), submitted="2026-10-06T10:00:00+00:00")
    put(assignment, late)
    (tmp_path / "course.toml").write_text(
        f'time_zone = "UTC"\n[late]\npolicy = "percent"\npercent_per_day = 10\n[assignments.{NAME}]\ncanvas = {WORK}\n'
        "due = 2026-10-05T18:00:00Z\n"
    )
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    export("canvas", "--template", tmp_path / "gradebook.csv")
    first = course().imported(written(assignment)).scores
    assert first == expected(zoë=27.0)

    (tmp_path / "roster.csv").write_text(f"id,name,canvas,extension: {NAME}\nzoë,Zoë,105,2 days\n")
    (tmp_path / "gradebook.csv").write_bytes(course(first).export())
    export("canvas", "--changed", "--template", tmp_path / "gradebook.csv")
    assert course(first).imported(written(assignment)).scores == {(105, WORK): 30.0}


def test_a_percentage_or_a_letter_in_canvas_is_no_number_of_points(assignment, tmp_path):
    put_class(assignment)
    shown = course(expected()).export()
    for points, other in (("20.00", "20%"), ("20.25", "B+")):
        assert points.encode() in shown
        shown = shown.replace(points.encode(), other.encode(), 1)
    (tmp_path / "gradebook.csv").write_bytes(shown)
    export("canvas", "--changed", "--template", tmp_path / "gradebook.csv")
    assert course().imported(written(assignment)).scores == {(101, WORK): 20, (102, WORK): 20.25}


def test_the_rosters_ids_are_used_but_not_moodles_which_are_another_assignments(assignment, tmp_path):
    people = "".join(f"{name},{one.id},{7209 - one.id}\n" for name, one in PEOPLE.items())
    (tmp_path / "roster.csv").write_text(f"id,canvas,moodle\n{people}")
    put(assignment, *(graded(student, points) for student, points in POINTS.items()))
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    export("canvas", "--template", tmp_path / "gradebook.csv")
    assert course().imported(written(assignment)).scores == expected()
    (tmp_path / "grades.csv").write_bytes(moodle().worksheet())
    assert "no row has an id" in export("moodle", "--template", tmp_path / "grades.csv", code=1)
    given, _ = moodle().upload(written(assignment, "moodle.csv"))
    assert given and given.items() <= grades().items(), "nobody gets another's points"


def test_excused_and_missing_students_are_left_alone(assignment, tmp_path):
    put_class(assignment)
    scores = {(101, WORK): "EX", (200, WORK): 12.0, (102, WORK): "N/A"}
    (tmp_path / "gradebook.csv").write_bytes(course(scores).export())
    said = export("canvas", "--template", tmp_path / "gradebook.csv")
    made = course(scores).imported(written(assignment))
    assert not {101, 102, 200} & {user for user, _ in made.scores} and made.deleted == []
    assert "excused" in said and "not assigned" in said
    export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv")
    made = course(scores).imported(written(assignment))
    assert 200 not in {user for user, _ in made.scores} and made.asked == [], "points of a teacher's stay"
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv")
    assert course().imported(written(assignment)).scores == expected() | {(200, WORK): 0}


def test_nobody_gets_a_zero_who_may_have_handed_in(assignment, tmp_path):
    put_class(assignment)
    put(assignment, graded("somebody", 30))
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    assert "No zeros" in export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv", code=1)
    assert course().imported(written(assignment)).scores == expected()
    (assignment.results / "somebody.json").unlink()
    (tmp_path / "submitted/ida" / NAME).mkdir(parents=True)
    (tmp_path / "submitted/ida" / NAME / f"{NAME}.ipynb").write_text("{}")
    said = export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv", code=1)
    assert "has no result yet" in said
    (tmp_path / "course.toml").write_text(f'[assignments.{NAME}]\ncanvas = "{WORK}"\n')
    (tmp_path / "roster.csv").write_text("id,name,canvas\nida,Idle Ida,200\n")
    assert "No zeros" in export("canvas", "--zeros", code=1)
    assert course().imported(written(assignment)).scores == expected()
    (tmp_path / "grades.csv").write_bytes(moodle().worksheet())
    assert "No zeros" in export("moodle", "--zeros", "--template", tmp_path / "grades.csv", code=1)


def test_students_are_found_by_the_ids_of_their_folders_but_never_by_their_names(assignment, tmp_path):
    put(assignment, graded("00429", 30), graded("429", 31), graded("vera2", 32, display_name="Null, Vera"))
    put(assignment, graded("KIM2@example.org", 33))
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--template", tmp_path / "gradebook.csv", code=1)
    assert course().imported(written(assignment)).scores == {
        (103, WORK): 30,
        (104, WORK): 31,
        (102, WORK): 33,
    }
    assert "vera2: no row has an id of this student" in said


def test_an_id_of_the_courses_own_is_not_taken_for_another_students_in_canvas(assignment, tmp_path):
    (tmp_path / "roster.csv").write_text("id,name,login\n101,Null Vera,\n102,Voll Karl,karl\n")
    put(assignment, graded("101", 30), graded("102", 31))
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--template", tmp_path / "gradebook.csv", code=1)
    assert course().imported(written(assignment)).scores == {(104, WORK): 31}
    assert "101: no row has an id of this student" in said


def test_an_id_that_is_not_the_rosters_is_said(assignment, tmp_path):
    (tmp_path / "roster.csv").write_text("id,canvas\nkim,101\n")
    put(assignment, graded("kim", 30, ids={"canvas": "999"}))
    assert "roster.csv has other ids or emails of kim than the hand-in" in " ".join(
        gather(assignment).remarks
    )


def test_what_was_collected_and_never_came_to_submitted_is_no_zero(assignment, tmp_path):
    put_class(assignment)
    attempts.write(assignment, "ida", Attempts((Attempt(1, "ab", "1"),)))
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv", code=1)
    assert course().imported(written(assignment)).scores == expected()
    assert "Work of ida is in collected/ and not in submitted/" in said


def test_what_came_without_a_name_is_not_said_to_be_found_by_a_roster(assignment, tmp_path):
    put(assignment, graded("ada", 40, ids={"canvas": "4000"}))
    put(assignment, graded("anon-3Kq9x", 40, ids={"canvas_anonymous": "3Kq9x"}))
    (tmp_path / "grades.csv").write_text("Student,ID,Section,Two Layers (901)\nP,4000,A,\nQ,4007,A,\n")
    for options in (
        ("--title", "Two Layers (901)"),
        ("--template", tmp_path / "grades.csv", "--title", "Two Layers (901)"),
    ):
        said = export("canvas", *options, code=1)
        assert "Canvas had hidden the names. When it shows them again, remove" in said
        assert "roster" not in said


def test_two_hand_ins_of_one_student_are_said_and_not_written(assignment, tmp_path):
    put(assignment, graded("vera", 30), graded("00429", 31), graded("karl", 32))
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--template", tmp_path / "gradebook.csv", code=1)
    assert course().imported(written(assignment)).scores == {(104, WORK): 32}
    assert "00429 and vera have the same row" in said


def test_two_hand_ins_of_one_student_are_not_two_rows_without_a_gradebook(assignment, tmp_path):
    put(assignment, graded("vera", 30, ids=ids("00429")), graded("00429", 31, ids=ids("00429")))
    put(assignment, graded("login", 32, ids={"login": "lilei"}), graded("karl", 33, ids=ids("429")))
    (tmp_path / "course.toml").write_text(f'[assignments.{NAME}]\ncanvas = "{WORK}"\n')
    said = export("canvas", code=1)
    assert course().imported(written(assignment)).scores == {(106, WORK): 32, (104, WORK): 33}
    assert "00429 and vera are one student in Canvas" in said


def test_what_the_grader_failed_at_is_not_exported(assignment, tmp_path):
    put_class(assignment)
    failed = result("kim", error="The grader failed", fault=True) | {
        "reference": {"student": "kim", "ids": ids("kim")}
    }
    put(assignment, failed)
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv", code=1)
    made = course().imported(written(assignment))
    assert (101, WORK) not in made.scores and "kim: not exported" in said


def test_what_waits_for_a_person_altogether_is_no_zero_and_the_rest_is_said(assignment, tmp_path):
    put_class(assignment)
    essay = graded("kim", 10, ids=ids("kim"))
    for test in essay["tests"]:
        test |= {"status": "manual", "score": 0.0}
    part = waits("zoë") | {"reference": {"student": "zoë", "ids": ids("zoë")}}
    old = graded("karl", 30, ids=ids("429"))
    old["extra_data"] |= {"student": "429", "not_renewed": "no memory"}
    old["reference"]["student"] = "429"
    refused = result("calc", dict.fromkeys(("forward", "backward", "training"), "-"), error="It is a PDF")
    put(assignment, essay, part, old, refused | {"reference": {"student": "calc", "ids": ids("calc")}})
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--zeros", "--template", tmp_path / "gradebook.csv", code=1)
    points = course().imported(written(assignment)).scores
    assert (101, WORK) not in points and "kim: not exported, since all of it waits" in said
    assert points[105, WORK] == 20 and "zoë: 1 of its answers still waits" in said
    assert points[104, WORK] == 30 and "429: the grader failed to renew it" in said
    assert points[108, WORK] == 0 and "calc: it could not be graded (It is a PDF)" in said


def test_hand_ins_without_a_result_of_theirs_are_said(assignment, tmp_path):
    put_class(assignment)
    for student in ("kim", "zoë", "ida"):
        (tmp_path / "submitted" / student / NAME).mkdir(parents=True)
        (tmp_path / "submitted" / student / NAME / f"{NAME}.ipynb").write_text("{}")
    known = graded("kim", 30, ids=ids("kim"))
    known["extra_data"]["digest"] = digest_of(tmp_path / "submitted/kim" / NAME)
    other = graded("zoë", 31, ids=ids("zoë"))
    other["extra_data"]["digest"] = "ab" * 32
    put(assignment, known, other)
    (tmp_path / "gradebook.csv").write_bytes(course().export())
    said = export("canvas", "--template", tmp_path / "gradebook.csv", code=1)
    assert "The hand-in of ida has no result: run 'coursekit grade'" in said
    assert "The hand-in of zoë is not the one that was graded" in said
    report = gather(assignment)
    assert (report.ungraded, report.outdated) == (["ida"], ["zoë"])
    assert "no hand-in in submitted/ of 00429, 429" in " ".join(report.remarks)


def test_another_worth_in_canvas_and_a_read_only_column_are_said(assignment, tmp_path):
    put_class(assignment)
    other = course()
    other.assignments[WORK] = ("Two layers & more", 10.0)
    (tmp_path / "gradebook.csv").write_bytes(other.export())
    assert "worth 10 points in Canvas, and 40 here" in export(
        "canvas", "--template", tmp_path / "gradebook.csv", code=1
    )
    read_only = course().export().replace(b"40.00", b"(read only)")
    (tmp_path / "gradebook.csv").write_bytes(read_only)
    assert "read-only" in export("canvas", "--template", tmp_path / "gradebook.csv", code=2)


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b'Student,ID\n"', b"\0" * 50, "名".encode("utf-16") * 20]
)
def test_what_is_no_gradebook_is_refused_in_a_sentence(assignment, tmp_path, data):
    put_class(assignment)
    (tmp_path / "gradebook.csv").write_bytes(data)
    for platform in ("canvas", "moodle"):
        assert "gradebook.csv" in export(platform, "--template", tmp_path / "gradebook.csv", code=2)


# ---- Moodle


def moodle(**form):
    people = [Participant(7000 + user.id, user.name, user.login) for user in PEOPLE.values()]
    return MoodleAssignment([*people, Participant(7200, "Idle, Ida", "ida")], 40.0, **form)


def put_moodle_class(assignment):
    for student, points in POINTS.items():
        put(assignment, graded(student, points, ids={"moodle": str(7000 + PEOPLE[student].id)}))


def grades(**changed):
    return {7000 + PEOPLE[student].id: points for student, points in (POINTS | changed).items()}


FORMS = {
    "English": {"words": ENGLISH},
    "German": {"words": GERMAN, "comma": True},
    "German, by Excel": {"words": GERMAN, "comma": True, "separator": ";", "encoding": "utf-8-sig"},
    "Japanese": {"words": JAPANESE},
    "UTF-16 with tabs": {"separator": "\t", "encoding": "utf-16"},
    "workflow and online text": {"workflow": True, "online_text": "2026 10:15 =1+1;\n<b>x</b>" * 9000},
    "without comments": {"with_comments": False},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_grade_arrives_at_the_right_participant_in_moodle(assignment, tmp_path, form):
    put_moodle_class(assignment)
    there = moodle(**form)
    (tmp_path / "grades.csv").write_bytes(there.worksheet())
    export("moodle", "--template", tmp_path / "grades.csv")
    given, said = there.upload(written(assignment, "moodle.csv"))
    assert given == grades()
    assert len(said) == (len(POINTS) if there.with_comments else 0)
    if said:
        assert "20.25 of 40 points" in said[7102]


def test_locked_rows_get_nothing_in_moodle(assignment, tmp_path):
    put_moodle_class(assignment)
    there = moodle(words=GERMAN, comma=True)
    there.people[0].locked = True
    (tmp_path / "grades.csv").write_bytes(there.worksheet())
    assert "kim: locked in Moodle" in export("moodle", "--template", tmp_path / "grades.csv", code=1)
    there.people[0].locked = False  # so that the reader would take them
    given, said = there.upload(written(assignment, "moodle.csv").replace(b"Nein", b"Ja"))
    assert 7101 not in given and 7101 not in said and len(given) == len(POINTS) - 1


def test_grades_out_of_range_are_not_written(assignment, tmp_path):
    put_moodle_class(assignment)
    there = moodle()
    there.most = 21.0
    (tmp_path / "grades.csv").write_bytes(there.worksheet())
    said = export("moodle", "--template", tmp_path / "grades.csv", code=1)
    assert "more than Moodle's 21" in said and "worth 21 points in Moodle, and 40 here" in said
    assert max(there.upload(written(assignment, "moodle.csv"))[0].values()) <= 21


def test_full_points_in_parts_of_a_point_are_not_more_than_all(assignment, tmp_path):
    put_moodle_class(assignment)
    found = graded("kim", 40, ids={"moodle": "7101"})
    for test, points in zip(found["tests"][1:], (0.1, 32.2, 7.7), strict=True):
        test |= {"score": points, "max_score": points}
    put(assignment, found)
    (tmp_path / "grades.csv").write_bytes(moodle().worksheet())
    export("moodle", "--template", tmp_path / "grades.csv")
    assert moodle().upload(written(assignment, "moodle.csv"))[0][7101] == 40


def test_comments_of_a_teacher_stay_and_ours_are_renewed(assignment, tmp_path):
    put_moodle_class(assignment)
    there = moodle()
    there.people[0].comment, there.people[1].comment = "Well done!", comment(gather(assignment).results[0])
    (tmp_path / "grades.csv").write_bytes(there.worksheet())
    assert "a comment of yours" in export("moodle", "--template", tmp_path / "grades.csv")
    given, said = there.upload(written(assignment, "moodle.csv"))
    assert 7101 not in said and 7102 in said and 7101 in given


def test_nothing_of_a_students_is_markup_or_a_formula_in_a_comment(assignment):
    evil = "<script>x</script> a;=1+1 &lt;=\n=HYPERLINK(1)\x1b[31m\u202e"
    put(
        assignment,
        result("ada", {"forward": [message(evil), message(evil, "hint"), message(evil, "printed")]}),
    )
    said = comment(gather(assignment).results[0])
    assert "\n" not in said and "<script" not in said and "\x1b" not in said and "\u202e" not in said
    assert not re.search(r";\s*[=+@]", said) and not said.startswith("=")
    assert said.count("&lt;script") == 2, "what it printed is in the feedback page alone"


def test_the_lateness_is_in_the_comment(assignment, tmp_path):
    put_moodle_class(assignment)
    report = gather(assignment)
    report.standings["kim"] = Standing(POINTS["kim"], 15.0, 90_000, "1 day late: 25 % less.")
    (tmp_path / "grades.csv").write_bytes(moodle().worksheet())
    Moodle(template=tmp_path / "grades.csv").write(report)
    given, said = moodle().upload(written(assignment, "moodle.csv"))
    assert given == grades(kim=15.0) and "1 day late: 25 % less." in said[7101]


def test_the_feedback_zip_has_the_names_that_moodle_reads(assignment, tmp_path):
    put_moodle_class(assignment)
    (tmp_path / "grades.csv").write_bytes(moodle().worksheet())
    export("moodle", "--feedback", "--template", tmp_path / "grades.csv")
    found = moodle().upload_zip(written(assignment, "moodle-feedback.zip"))
    assert set(found) == set(grades())
    for student, points in POINTS.items():
        [(name, page)] = found[7000 + PEOPLE[student].id].items()
        assert name == f"{NAME}.html"
        assert f"{points:g}".encode() in page


def test_moodle_needs_its_worksheet_and_points(assignment, tmp_path):
    put_moodle_class(assignment)
    assert "grading worksheet" in export("moodle", code=2)
    scale = moodle().worksheet().replace(b"40.00", b"Good")
    (tmp_path / "grades.csv").write_bytes(scale)
    assert "A scale" in export("moodle", "--template", tmp_path / "grades.csv", code=2)


def test_a_worksheet_that_is_named_after_another_assignment_is_refused(assignment, tmp_path):
    put(assignment, *(graded(student, points) for student, points in POINTS.items()))
    (tmp_path / "source/one_layer").mkdir()
    (tmp_path / "source/one_layer/one_layer.ipynb").write_text("{}")
    for name, code in (("Grades-CS1-One layer-77.csv", 2), ("Grades-CS1-Two Layers-78.csv", 1)):
        (tmp_path / name).write_bytes(moodle().worksheet())
        said = export("moodle", "--template", tmp_path / name, code=code)
        assert ("named after one_layer" in said) == (code == 2)


def test_zeros_in_moodle_only_when_asked(assignment, tmp_path):
    put_moodle_class(assignment)
    (tmp_path / "grades.csv").write_bytes(moodle().worksheet())
    export("moodle", "--zeros", "--template", tmp_path / "grades.csv")
    given, said = moodle().upload(written(assignment, "moodle.csv"))
    assert given == grades() | {7200: 0.0} and 7200 not in said


# ---- JUnit


def test_junit_has_a_suite_for_each_submission(assignment):
    put(
        assignment,
        result("ada"),
        result("bela", {"forward": "shape \x00\x1b[31m\ufffe ]]> <b>"}),
        waits("cho\x07"),
    )
    put(assignment, result("dan", error="no notebook"))
    export("junit")
    found = junit(written(assignment, "junit.xml"))
    assert set(found["ada"].values()) == {"passed"}
    assert found["bela"]["forward"].startswith("failure: 0 of 10 points. shape")
    assert found["cho\\x07"]["backward"] == "skipped: waits for a person"
    assert found["dan"]["forward"] == "error: no notebook"
    assert junit_points(written(assignment, "junit.xml"))["bela"] == 30


# ---- Classroom 50

RUNNER = {
    "CLASSROOM": "nn-2026",
    "ASSIGNMENT": "two-layers",
    "USERNAME": "Octo-Ada",
    "SUBMISSION_TAG": "submit/2026-11-27T10-00-00Z-abc1234",
    "COMMIT_URL": "https://github.com/c/r/commit/abc1234",
    "RELEASE_URL": "https://github.com/c/r/releases/tag/submit%2F1",
    "MODE": "group",
}


def test_classroom50_takes_the_result(assignment, tmp_path, monkeypatch):
    put(assignment, graded("ada", 33.5, ids={"github": "Octo-Ada"}), graded("bela", 40))
    assert "CLASSROOM" in export("classroom50", code=2)
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    export("classroom50", "--out", tmp_path / "result.json")
    found = classroom50((tmp_path / "result.json").read_bytes(), RUNNER)
    assert (found["score"], found["max-score"]) == (34, 40)
    assert [test["test-name"] for test in found["tests"]] == ["warm_up", "forward", "backward", "training"]
    export("classroom50", "--student", "bela")
    assert classroom50(written(assignment, "result.json"), RUNNER)["score"] == 40
    assert "name the student's folder" in export("classroom50", "--student", "nobody", code=2)


@pytest.mark.parametrize(
    ("maxima", "factor"), [([10, 20], 1), ([2.5, 10], 2), ([0.25, 1], 4), ([0.1], 10), ([1 / 3], 1000)]
)
def test_points_of_classroom50_are_whole(maxima, factor):
    assert factor_for(maxima) == factor
    for most in maxima:
        assert whole(most, most, factor) == round(most * factor)
        assert whole(most - 0.001, most, factor) < whole(most, most, factor), "a loss is never full marks"
        assert whole(0, most, factor) == 0
    assert whole(0, 0, 1) == 0


# ---- all of them


def test_each_platform_is_a_command_with_help():
    for name in exports():
        assert "[ASSIGNMENT]" in export(name, "--help")


def test_another_platform_is_refused_with_the_choices(assignment):
    assert "There is no platform 'blackboard' to export to: choose from canvas, " in export(
        "blackboard", code=2
    )


def test_no_results_is_said(assignment):
    assert "There are no results" in export("junit", code=2)


def test_the_exporter_in_the_readme_works(assignment, tmp_path, monkeypatch):
    import coursekit.exports as package

    readme = (Path(package.__file__).parent / "README.md").read_text()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "percent.py").write_text(readme.split("```python\n")[1].split("```")[0])
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / "more")])
    put(assignment, graded("ada", 30), graded("=1", 40))
    export("percent", "--heading", "who;share")
    assert written(assignment, "percent.csv").decode() == "who;share\n'=1;100\nada;75\n"
