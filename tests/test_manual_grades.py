"""Points that a person gives, in a file that spreadsheets have had in their hands."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time

import pytest
from courses.results import ANSWER, TWINS, Page, built, gradebook, page, put, result, waits

from coursekit import manual_rows
from coursekit.core.spreadsheet import BOM, MAX_CELL, may_have_become, read_table
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


def save(assignment, rows, delimiter=",", encoding="utf-8", quoting=csv.QUOTE_MINIMAL, terminator="\r\n"):
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(next(iter(rows))), delimiter=delimiter, quoting=quoting, lineterminator=terminator
    )
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
        f"Still to be graded by hand: 2. Write the points into results/{assignment.name}/by_hand.csv, then run "
        "'coursekit report'."
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
    rows = rows_of(assignment)
    assert len(rows) == 2
    for row in rows:
        row["points"] = row["answer"].removeprefix("earns ")
    save(assignment, rows)
    made = report(assignment)
    assert made.problems == []
    assert {one.student: number(one.score - 20) for one in made.results} == points


def rows_of(assignment):
    with (assignment.results / "by_hand.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def change(assignment, edit):
    """by_hand.csv, with `edit` done to the list of its rows."""
    rows = rows_of(assignment)
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


# What spreadsheets make of it


STUDENTS = ("007", "1e5", "20261234567", "1-2", "zo\xeb", "山田", "true")
BECOME = {
    "007": ("7", "7,0"),
    "1e5": ("1,00E+05", "100000", "1.00E+05"),
    "20261234567": ("2,02612E+10", "2.02612E+10", "20261234567,00"),
    "1-2": ("02. Jan", "1-Feb", "01.02.2026", "2026-01-02"),
    "zo\xeb": ("zoÃ«", "zoe\u0308", "ZO\xcb"),
    "山田": ("??", " 山田"),
    "true": ("TRUE", "WAHR"),
}


@pytest.mark.parametrize("form", range(3))
@pytest.mark.parametrize(
    "how",
    [
        {"delimiter": ";", "encoding": "cp1252"},
        {"delimiter": ";", "encoding": "utf-8-sig", "quoting": csv.QUOTE_ALL},
        {"delimiter": "\t", "encoding": "utf-16"},
        {"delimiter": "\t", "encoding": "utf-16-le"},
        {"delimiter": ",", "encoding": "utf-16-be", "terminator": "\n"},
        {"delimiter": ",", "encoding": "utf-8", "terminator": "\r"},
    ],
    ids=["German Excel", "German Excel, UTF-8", "Unicode text", "no mark", "big-endian", "an old Mac"],
)
def test_a_sheet_survives_a_spreadsheet(assignment, how, form):
    put(assignment, *[waits(student, f"earns {n}") for n, student in enumerate(STUDENTS, 1)])
    report(assignment)
    rows = rows_of(assignment)
    for row in rows:
        became = BECOME[row["student"]]
        row["student"] = became[form % len(became)]
        row |= {"points": row["answer"].removeprefix("earns ") + ",5", "of": "20,00", "comment": "Größe?"}
    save(assignment, rows, **how)
    made = report(assignment)
    assert made.problems == []
    assert earned(made) == {student: n + 0.5 for n, student in enumerate(STUDENTS, 1)}
    assert "Größe?" in Page(page(assignment, "007")).text
    again = report(assignment)
    assert (earned(again), again.problems, again.remarks) == (earned(made), [], [])


@pytest.mark.parametrize("student", STUDENTS)
def test_what_a_spreadsheet_makes_of_a_name_is_recognised(student):
    for cell in BECOME[student][: 2 if student in ("山田", "true") else 3]:
        assert may_have_become(student, cell) or cell == "WAHR"
    others = [name for name in STUDENTS if name != student]
    assert not any(may_have_become(name, cell) for name in others for cell in BECOME[student])


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("7", "8"),
        ("1e5", "1,01E+05"),
        ("ada", "adam"),
        ("1-2", "03. Feb"),
        ("20261234567", "2,02613E+10"),
        ("x", ""),
    ],
)
def test_what_a_spreadsheet_does_not_make_of_a_name(name, cell):
    assert not may_have_become(name, cell)


def test_a_long_number_keeps_15_digits():
    assert may_have_become("12345678901234567890", "12345678901234500000")
    assert may_have_become("12345678901234567890", "1,23457E+19")
    assert not may_have_become("12345678901234567890", "12345678901234400000")


def test_numbers_that_become_one_are_told_apart_by_their_versions(assignment):
    put(assignment, waits("007", ""), waits("7", ""), waits("07", ""))
    report(assignment)

    def fill(rows):
        for row in rows:
            row |= {"points": str(len(row["student"])), "student": "7"}

    change(assignment, fill)
    made = report(assignment)
    assert (earned(made), made.problems) == ({"007": 3, "07": 2, "7": 1}, [])


def test_numbers_that_become_one_credit_nobody_without_versions(assignment):
    put(assignment, waits("007"), waits("07"))
    report(assignment)
    change(assignment, lambda rows: rows.append(rows[0] | {"student": "7", "points": "3", "version": ""}))
    made = report(assignment)
    assert earned(made) == {"007": 0, "07": 0}
    assert "'7, backward' may be '007, backward' or '07, backward'." in made.problems[0]


def test_two_rows_for_one_answer_under_changed_names_are_not_chosen_from(assignment):
    put(assignment, waits("007"))
    report(assignment)

    def double(rows):
        rows[0] |= {"student": "7", "points": "3"}
        rows.append(rows[0] | {"points": "5"})

    change(assignment, double)
    made = report(assignment)
    assert earned(made) == {"007": 0}
    assert "'7, backward' is probably '007, backward'" in made.problems[0]
    assert sorted(row["points"] for row in rows_of(assignment)) == ["", "3", "5"], "both are kept"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("lovelace_ad", "is probably 'lovelace_ada, backward'."),
        ("hoper_grace", "is probably 'hopper_grace, backward'."),
        ("Grace Hopper", "student or question with no result"),
        ("smith_a", "may be 'smith_aa, backward' or 'smith_ab, backward'."),
    ],
)
def test_a_row_that_fits_nobody_is_named_with_the_likeliest_student(assignment, cell, says):
    put(assignment, *map(waits, ("lovelace_ada", "hopper_grace", "smith_aa", "smith_ab")))
    report(assignment)
    change(assignment, lambda rows: rows.append(rows[0] | {"student": cell, "points": "3", "version": ""}))
    made = report(assignment)
    assert set(earned(made).values()) == {0}
    assert f"{cell}, backward" in made.problems[0] and says in made.problems[0]
    assert "3" in [row["points"] for row in rows_of(assignment) if row["student"] == cell]


def test_among_many_numbers_the_likeliest_is_found():
    found = {(str(20260000 + 7 * n), "backward") for n in range(1400)}
    assert manual_rows._likeliest(("2026-1001", "backward"), found) == [("20261001", "backward")]


def test_names_that_are_long_and_alike_take_no_time(assignment):
    put(assignment, *[waits("a" * 199 + str(n)) for n in range(10)])
    report(assignment)
    found = {("a" * 150 + str(n), "backward") for n in range(500)}
    started = time.process_time()
    for n in range(20):
        manual_rows._likeliest(("a" * 149 + str(n), "backward"), found)
    assert time.process_time() - started < 10, "0.2 ms each, on an idle machine"


def test_the_sheet_opens_right_in_excel_and_keeps_the_separator_that_it_was_saved_with(assignment):
    put(assignment, waits("zo\xeb"), waits("bela"))
    report(assignment)
    path = assignment.results / "by_hand.csv"
    assert path.read_bytes().startswith(BOM.encode() + b'"student","question"')
    fill_in(assignment, "7", student="zo\xeb", delimiter=";", encoding="cp1252")
    report(assignment)
    assert path.read_bytes().startswith(BOM.encode() + b'"student";"question"')
    assert "zo\xeb" in path.read_text(encoding="utf-8-sig")


def test_a_sheet_without_changes_is_not_written(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    path = assignment.results / "by_hand.csv"
    before = path.stat()
    report(assignment)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_a_person_saves_meanwhile_is_not_overwritten(assignment, monkeypatch):
    put(assignment, waits("ada"))
    report(assignment)
    put(assignment, waits("bela"))
    real = manual_rows.Sheet.restore_names

    def save_meanwhile(self):
        fill_in(assignment, "7")
        return real(self)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(manual_rows.Sheet, "restore_names", save_meanwhile)
        assert "by_hand.csv was saved while it was read" in report(assignment).problems[-1]
    assert earned(report(assignment)) == {"ada": 7, "bela": 0}


def test_an_answer_of_hidden_characters_leaves_a_sheet_that_can_be_read(assignment):
    put(assignment, waits("eve", "\U000e0041" * 19_000), waits("ada"))
    report(assignment)
    assert len(sheet(assignment)["eve"]["answer"]) == MAX_CELL
    fill_in(assignment, "7")
    assert earned(report(assignment)) == {"ada": 7, "eve": 0}


def test_bytes_that_cp1252_does_not_know_are_kept(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    text = ",".join(manual_rows.COLUMNS) + "\nada,backward,3,20,ab,,"
    data = text.encode().replace(b"ab,", b"a\x81\xe4b,")
    (assignment.results / "by_hand.csv").write_bytes(data)
    report(assignment)
    assert sheet(assignment)["ada"]["comment"] == "a\x81äb"


@pytest.mark.parametrize("data", [b"\xff\xfes\0t\0u", b"\xff\xfe\0\xd8s\0", b"\0"])
def test_damaged_utf_16_is_said_and_left_alone(assignment, data):
    put(assignment, waits("ada"))
    (assignment.results / "by_hand.csv").write_bytes(data)
    [problem] = report(assignment).problems
    assert problem.startswith("by_hand.csv was not read: ")
    assert (assignment.results / "by_hand.csv").read_bytes() == data


def test_columns_may_be_in_any_order_and_case_and_a_persons_own_come_along():
    table = read_table(b"Points\tSTUDENT\tSeen by\t\n3\tada\tme\t\n\t\t\t\n", ["student", "points"])
    assert table.rows == [{"student": "ada", "points": "3", "Seen by": "me"}]


# An assignment that was built again


def rebuilt(assignment, old, new, worth=20.0, answer=lambda found: found):
    """All results, graded again after the question `old` got another name and worth."""
    for path in assignment.results.glob("*.json"):
        found = json.loads(path.read_text())
        for test in found["tests"]:
            if test["name"] == old:
                test |= {"name": new, "max_score": worth}
                test["parts"][-1]["text"] = answer(test["parts"][-1]["text"])
        path.write_text(json.dumps(found))
    path = assignment.autograder / "assignment.json"
    built = json.loads(path.read_text())
    for question in built["questions"]:
        if question["name"] == old:
            question |= {"name": new, "points": worth}
    path.write_text(json.dumps(built))


def grade_by_hand(assignment, **points):
    change(assignment, lambda rows: [row.update(points=points[row["student"]]) for row in rows])


def test_points_under_a_questions_old_name_go_on(assignment):
    put(assignment, waits("ada", "a"), waits("bela", "b"))
    report(assignment)
    grade_by_hand(assignment, ada="8", bela="20")
    rebuilt(assignment, "backward", "gradients")
    made = report(assignment)
    assert (earned(made), made.problems) == ({"ada": 8, "bela": 20}, [])
    assert (
        "backward is gone from the assignment and gradients has come, so the points in 2 rows"
        in made.remarks[0]
    )
    again = report(assignment)
    assert (earned(again), again.problems, again.remarks) == (earned(made), [], [])
    assert {row["question"] for row in rows_of(assignment)} == {"gradients"}


def test_of_two_renamed_questions_each_keeps_its_points(assignment):
    def both(student, one, two):
        found = waits(student, one)
        found["tests"][3] |= found["tests"][2] | {"name": "training", "max_score": 10.0}
        found["tests"][3] |= {"parts": [{"kind": "answer", "text": two}]}
        return found | {"score": 10.0}

    put(assignment, both("ada", "a1", "a2"), both("bela", "b1", "b2"))
    report(assignment)
    change(assignment, lambda rows: [row.update(points=str(n)) for n, row in enumerate(rows)])
    before = {(row["student"], row["question"]): row["points"] for row in rows_of(assignment)}
    rebuilt(assignment, "backward", "x", 20.0)
    rebuilt(assignment, "training", "y", 10.0)
    report(assignment)
    names = {"backward": "x", "training": "y"}
    after = {(row["student"], row["question"]): row["points"] for row in rows_of(assignment)}
    assert after == {(student, names[question]): points for (student, question), points in before.items()}


@pytest.mark.parametrize(("worth", "points"), [(20.0, 8), (10.0, 0)])
def test_points_for_answers_that_are_not_found_again_go_on_if_the_question_is_worth_the_same(
    assignment, worth, points
):
    """An old hand-in may have no cell that the new build takes for the answer."""
    put(assignment, waits("ada", "a"), waits("bela", "b"))
    report(assignment)
    grade_by_hand(assignment, ada="8", bela="8")
    rebuilt(assignment, "backward", "gradients", worth, lambda found: "No cell")
    made = report(assignment)
    assert earned(made) == {"ada": points, "bela": points}
    assert sorted(row["points"] for row in rows_of(assignment) if row["points"]) == ["8", "8"]
    said = " ".join(made.problems)
    assert ("are for an earlier answer" in said) == bool(points)
    assert ("2 rows name a student or question with no result" in said) == (not points)


def test_a_question_that_is_worth_something_else_is_told_and_points_beyond_it_do_not_count(assignment):
    put(assignment, waits("ada", "a"), waits("bela", "b"))
    report(assignment)
    grade_by_hand(assignment, ada="8", bela="20")
    rebuilt(assignment, "backward", "backward", 10.0)
    made = report(assignment)
    assert earned(made) == {"ada": 8, "bela": 0}
    said = " ".join(made.problems)
    assert (
        "bela, backward: '20' is not a number of points from 0 to 10. They were given when it was worth 20"
        in said
    )
    assert "1 answer to backward got points when it was worth 20, and now it is worth 10." in said
    change(assignment, lambda rows: [row.update(of="10", points="8") for row in rows])
    made = report(assignment)
    assert (earned(made), made.problems) == ({"ada": 8, "bela": 8}, [])


def test_points_for_a_withdrawn_question_stay_in_the_file(assignment):
    put(assignment, waits("ada"), waits("bela"))
    report(assignment)
    fill_in(assignment, "8")
    for student in ("ada", "bela"):
        found = result(student)
        found["tests"].pop(2)
        put(assignment, found)
    made = report(assignment)
    assert "1 row names a student or question with no result: ada, backward." in " ".join(made.problems)
    assert [(row["student"], row["points"]) for row in rows_of(assignment)] == [("ada", "8")], (
        "bela's was empty"
    )
    put(assignment, waits("ada"))
    assert earned(report(assignment))["ada"] == 8


def test_points_for_what_a_test_grades_now_are_told(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    fill_in(assignment, "8")
    put(assignment, result("ada", {"backward": "Not graded: the zip is damaged"}))
    made = report(assignment)
    assert earned(made) == {"ada": 0}
    assert "1 row has points for what no person has to grade now: 'ada, backward'." in made.problems[0]
    put(assignment, waits("ada"))
    made = report(assignment)
    assert (earned(made), made.problems) == ({"ada": 8}, [])


def test_an_emptied_version_says_that_the_points_are_for_this_answer(assignment):
    put(assignment, waits("ada"))
    report(assignment)
    fill_in(assignment, "8")
    put(assignment, waits("ada", "another"))
    assert "are for an earlier answer" in report(assignment).problems[0]
    change(assignment, lambda rows: rows[0].update(version=""))
    made = report(assignment)
    assert (earned(made), made.problems) == ({"ada": 8}, [])
    assert sheet(assignment)["ada"]["version"]
