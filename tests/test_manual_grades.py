"""Points that a person gives, in a file that spreadsheets have had in their hands."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from courses.results import ANSWER, TWINS, Page, built, gradebook, page, put, result, waits

from coursekit.core.text import number
from coursekit.report import report

pytestmark = pytest.mark.quick


@pytest.fixture
def assignment(tmp_path):
    return built(tmp_path)


def sheet(assignment):
    """by_hand.csv as a spreadsheet reads it, by student."""
    with (assignment.results / "by_hand.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def fill_in(assignment, points, comment="", student="ada", **how):
    """Write points into ada's row and save it as a spreadsheet might."""
    rows = sheet(assignment)
    rows[student] |= {"points": points, "comment": comment}
    save(assignment, rows.values(), **how)


def save(assignment, rows, delimiter=",", encoding="utf-8", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(next(iter(rows))), delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    (assignment.results / "by_hand.csv").write_bytes(text.getvalue().encode(encoding, errors="replace"))


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"delimiter": ";", "encoding": "cp1252"},
        {"delimiter": "\t", "encoding": "utf-8-sig"},
        {"delimiter": ";", "quoting": csv.QUOTE_ALL},
        {"delimiter": "\t", "encoding": "utf-16"},
    ],
    ids=["commas", "semicolons", "tabs", "all quoted", "UTF-16"],
)
def test_a_persons_points_are_taken_up(assignment, how):
    put(assignment, waits("ada"), waits("bela"))
    assert report(assignment).problems == [
        "Still to be graded by hand: 2. Write the points into by_hand.csv, then run 'coursekit report'."
    ]
    row = sheet(assignment)["ada"]
    assert (row["question"], row["points"], row["of"]) == ("backward", "", "20")
    assert row["answer"] == ANSWER.replace("=HYPER", "'=HYPER")

    fill_in(assignment, "7,5", "Say <b>why</b>.", **how)
    done = report(assignment)
    assert [one.score for one in done.results] == [27.5, 20]
    assert done.problems[0].startswith("Still to be graded by hand: 1.")
    seen = Page(page(assignment, "ada"))
    assert "Say <b>why</b>." in seen.text and "Batch normalisation helps" in seen.text
    assert "7.5 / 20" in seen.text and "so far" not in seen.text
    assert [row["backward"] for row in gradebook(assignment)] == ["7.5", "manual"]
    assert report(assignment).results == done.results, "and again, from the file that the report wrote"
    assert json.loads((assignment.results / "ada.json").read_text()) == waits("ada"), "results stay as graded"


@pytest.mark.parametrize("what", TWINS)
def test_points_are_their_students_alone(assignment, what):
    """Each answer's row is found by its text: whatever its key is, points written there are that student's."""
    points = dict(zip(TWINS[what], ("3", "5"), strict=True))
    put(assignment, *[waits(student, f"earns {earns}") for student, earns in points.items()])
    report(assignment)
    with (assignment.results / "by_hand.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    for row in rows:
        row["points"] = row["answer"].removeprefix("earns ")
    save(assignment, rows)
    made = report(assignment)
    assert made.problems == []
    assert {one.student: number(one.score - 20) for one in made.results} == points


def change(assignment, edit):
    """by_hand.csv, with `edit` done to the list of its rows."""
    with (assignment.results / "by_hand.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    edit(rows)
    save(assignment, rows)


def earned(made):
    return {one.student: one.score - 20 for one in made.results}


def test_a_spreadsheet_that_trims_names_credits_each_with_their_own(assignment):
    put(assignment, waits("alice", "mine"), waits("alice ", "mine"), waits("bela"))
    report(assignment)

    def fill(rows):
        for row, points in zip(rows, ("3", "5", "7"), strict=True):
            row |= {"points": points, "student": row["student"].strip()}

    change(assignment, fill)
    made = report(assignment)
    assert (earned(made), made.problems) == ({"alice": 3, "alice ": 5, "bela": 7}, [])
    assert any("'alice, backward' is 'alice , backward'" in remark for remark in made.remarks)
    again = report(assignment)
    assert earned(again) == earned(made)
    assert not any("by_hand" in remark for remark in again.remarks), "the names in the file are right again"


def test_trimmed_names_whose_versions_are_gone_credit_nobody(assignment):
    put(assignment, waits("alice", "mine"), waits("alice ", "mine"))
    report(assignment)

    def fill(rows):
        for row, points in zip(rows, ("3", "5"), strict=True):
            row |= {"points": points, "student": "alice", "version": ""}

    change(assignment, fill)
    made = report(assignment)
    assert earned(made) == {"alice": 0, "alice ": 0}
    assert made.problems[0].startswith("alice, backward: 2 rows have this name, so none was used.")


def test_a_row_under_anothers_name_is_not_that_ones(assignment):
    put(assignment, waits("alice", ""), waits("bela", ""))
    report(assignment)

    def swap(rows):  # one column sorted without the others
        rows[0] |= {"student": "bela", "points": "3"}
        rows[1] |= {"student": "alice", "points": "5"}

    change(assignment, swap)
    made = report(assignment)
    assert earned(made) == {"alice": 0, "bela": 0}
    assert "bela, backward: this row was made for 'alice, backward'" in " ".join(made.problems)


def test_two_rows_of_one_answer_are_told_and_the_others_count(assignment):
    put(assignment, waits("alice"), waits("bela"))
    report(assignment)

    def double(rows):
        rows[0]["points"], rows[1]["points"] = "3", "5"
        rows.append(rows[0] | {"points": "20", "version": ""})

    change(assignment, double)
    made = report(assignment)
    assert earned(made) == {"alice": 0, "bela": 5}
    assert made.problems[0].startswith("alice, backward: 2 rows have this name, so none was used.")
    change(assignment, lambda rows: rows.remove(next(row for row in rows if row["points"] == "3")))
    assert earned(report(assignment)) == {"alice": 20, "bela": 5}


@pytest.mark.parametrize(
    ("student", "cell", "shown"),
    [
        ("alice ", "alice", "'alice, backward' is probably 'alice , backward'"),
        ("Alice", "alice", "'alice, backward' is probably 'Alice, backward'"),
        ("zo\xeb", "zoe\u0308", "'zoe\\u0308, backward' is probably 'zo\xeb, backward'"),
        ("zoe\u0308", "zo\xeb", "'zo\xeb, backward' is probably 'zoe\\u0308, backward'"),
        ("=1+1", "=1+1", "'=1+1, backward' is probably ''=1+1, backward'"),
        ("a\u202eb", "a\u202eb", "'a\\u202eb, backward' is probably 'a\\u202eb, backward'"),
    ],
)
@pytest.mark.parametrize("version", [True, False], ids=["with version", "without"])
def test_a_row_whose_name_was_changed_counts_by_its_version_or_is_reported_with_whose_it_probably_is(
    assignment, student, cell, shown, version
):
    put(assignment, waits(student), waits("bela"))
    report(assignment)

    def rename(rows):
        [row] = [row for row in rows if row["student"] != "bela"]
        row |= {"student": cell, "points": "3"} | ({} if version else {"version": ""})

    change(assignment, rename)
    made = report(assignment)
    if version:
        assert earned(made) == {student: 3, "bela": 0}
        assert shown.replace("probably ", "") in made.remarks[0]
    else:
        assert earned(made) == {student: 0, "bela": 0}
        assert shown in made.problems[0]


def test_no_guess_is_made_where_two_are_possible(assignment):
    put(assignment, waits("alice "), waits(" alice"))
    report(assignment)
    change(assignment, lambda rows: rows.append(rows[0] | {"student": "alice", "points": "3", "version": ""}))
    made = report(assignment)
    assert "1 row names a student or question with no result" in made.problems[0]
    assert "probably" not in made.problems[0]


def test_a_name_that_no_student_can_have_is_told(assignment):
    put(assignment, waits("alice"))
    report(assignment)
    change(assignment, lambda rows: rows.append(rows[0] | {"student": "al\0ice\nx", "points": "3"}))
    made = report(assignment)
    assert earned(made) == {"alice": 0}
    assert (
        "1 row names a student or question with no result" in made.problems[0]
        and "\0" not in made.problems[0]
    )


def test_points_of_a_sheet_of_the_first_version_go_on(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    old = f"v{hashlib.sha256(ANSWER.encode()).hexdigest()[:8]}"
    change(assignment, lambda rows: rows[0].update(points="7", version=old))
    made = report(assignment)
    assert (earned(made), made.problems) == ({"ada": 7}, [])


def test_full_points_by_hand_are_a_pass(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    fill_in(assignment, "20")
    [graded] = report(assignment).results
    assert (graded.score, graded.questions[2].outcome) == (40, "passed")


@pytest.mark.parametrize("points", ["21", "-1", "nan", "8/10", "=1+1"])
def test_what_are_no_points_is_said_and_kept(assignment, points):
    put(assignment, waits("ada"))
    report(assignment)
    fill_in(assignment, points)
    found = report(assignment)
    assert f"ada, backward: {points!r} is not a number of points from 0 to 20." in found.problems
    assert found.results[0].score == 20
    assert sheet(assignment)["ada"]["points"] == points


def test_nothing_that_a_person_wrote_is_lost(assignment):
    put(assignment, waits("ada"), waits("007"))
    report(assignment)
    fill_in(assignment, "8")
    rows = sheet(assignment)
    rows["007"] |= {"student": "7", "points": "20"}  # what a spreadsheet makes of it
    save(assignment, [row | {"seen by": "me"} for row in rows.values()])
    put(assignment, waits("ada", "another answer"))
    problems = report(assignment).problems
    assert "ada, backward: the points are for an earlier answer" in problems[0]
    rows = sheet(assignment)
    assert rows["ada"]["points"] == "8" and rows["ada"]["answer"].startswith("Batch normalisation helps")
    assert rows["007"]["points"] == "20" and rows["007"]["seen by"] == "me"
    (assignment.results / "007.json").unlink()
    assert (
        "by_hand.csv: 1 row names a student or question with no result: 007, backward."
        in report(assignment).problems[1]
    )
    assert sheet(assignment)["007"]["points"] == "20"
    fill_in(assignment, "")
    report(assignment)
    assert sheet(assignment)["ada"]["answer"] == "another answer"


def test_a_row_that_ends_early_keeps_what_it_has(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    path = assignment.results / "by_hand.csv"
    head = path.read_text().partition("\n")[0]
    path.write_text(f"{head},mine\nada,backward,3,20,good\n")
    assert [one.score for one in report(assignment).results] == [23]


def test_a_sheet_that_is_no_file_is_said(assignment):
    put(assignment, waits("ada"))
    (assignment.results / "by_hand.csv").mkdir()
    [problem] = report(assignment).problems
    assert problem.startswith("by_hand.csv was not read: ")


@pytest.mark.parametrize("text", ["student;points\nada;3\n", "PK\x03\x04", 'student,question\n"ada'])
def test_a_sheet_that_cannot_be_read_is_left_alone(assignment, text):
    put(assignment, waits("ada"))
    path = assignment.results / "by_hand.csv"
    path.write_text(text)
    [problem] = report(assignment).problems
    assert problem.startswith("by_hand.csv was not read: ")
    assert path.read_text() == text


def test_where_nothing_is_graded_by_hand_there_is_no_sheet(assignment):
    put(assignment, result("ada"))
    report(assignment)
    assert not (assignment.results / "by_hand.csv").exists()
