"""``course.toml``: due dates, lateness, and what counts of the points in the report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from courses.results import NAME, Page, built, gradebook, page, put, result, waits

from coursekit import attempts
from coursekit.attempts import Attempt, Attempts
from coursekit.cli import main
from coursekit.core.dates import days_begun, in_words, later, moment, placed, shown, span
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.report import gather, report
from coursekit.roster import Roster
from coursekit.schedule import Schedule
from coursekit.standings import time_of

pytestmark = pytest.mark.quick

ZURICH = ZoneInfo("Europe/Zurich")
DUE = f"""\
title = "Neural networks"
time_zone = "Europe/Zurich"
[assignments.{NAME}]
due = 2026-10-05
"""
PERCENT = '[late]\npolicy = "percent"\npercent_per_day = 10\n'
ON_TIME, LATE = "2026-10-05T20:00:00+02:00", "2026-10-06T12:00:00+02:00"


@pytest.fixture
def assignment(tmp_path):
    return built(tmp_path)


def another(assignment, name):
    """A second assignment of the course."""
    folder = assignment.course.root / "source" / name
    folder.mkdir()
    (folder / f"{name}.ipynb").write_text("{}")
    found = assignment.course.assignment(name)
    found.results.mkdir(parents=True)
    return found


def came(student, submitted, failed=(), **reference):
    """A result of a submission that came at that time."""
    return result(student, failed) | {"reference": {"student": student, "submitted": submitted, **reference}}


def write(assignment, toml, roster=""):
    (assignment.course.root / "course.toml").write_text(toml)
    if roster:
        (assignment.course.root / "roster.csv").write_text(roster)


def standing(assignment, student="ada"):
    return gather(assignment).standings[student]


# Moments


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2026-10-05", "2026-10-05 23:59 CEST"),
        ("2026-10-05 18:00", "2026-10-05 18:00 CEST"),
        ("2026-10-05T18:00:00", "2026-10-05 18:00 CEST"),
        ("2026-10-05T18:00:00Z", "2026-10-05 20:00 CEST"),
        ("2026-10-05 18:00 -04:00", "2026-10-06 00:00 CEST"),
        ("5.10.2026", "2026-10-05 23:59 CEST"),
        ("05.10.2026 18:00 Uhr", "2026-10-05 18:00 CEST"),
        ("15/10/2026 08:00", "2026-10-15 08:00 CEST"),
        ("10/15/2026 6:00 PM", "2026-10-15 18:00 CEST"),
        ("5 Oct 2026, 6 pm", "2026-10-05 18:00 CEST"),
        ("October 5th, 2026 at 12:30am", "2026-10-05 00:30 CEST"),
        ("Mon, 5-Oct-2026", "2026-10-05 23:59 CEST"),
        ("2026-10-05 24:00", "2026-10-05 23:59 CEST"),
        ("2026-12-05", "2026-12-05 23:59 CET"),
    ],
)
def test_a_date_may_be_written_in_many_ways(text, means):
    assert shown(moment(text, ZURICH), ZURICH) == means


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "5/10/2026",
        "2026-02-30",
        "2026-10-05 25:00",
        "05.10.26",
        "2026",
        "9999-01-01",
        "2026-10-05 13 pm",
    ]
    + ["2026-10-05 18:00 +99:00", "٢٠٢٦-١٠-٠٥x"],
)
def test_what_may_be_another_date_is_none(text):
    with pytest.raises(ValueError):
        moment(text, ZURICH)


def test_the_end_of_a_day_is_its_end():
    end = moment("2026-10-05", ZURICH)
    assert datetime(2026, 10, 5, 23, 59, 59, tzinfo=ZURICH) < end < datetime(2026, 10, 6, tzinfo=ZURICH)
    assert end == moment("2026-10-05 23:59", ZURICH) == placed(datetime(2026, 10, 5).date(), ZURICH)


def test_of_an_hour_that_comes_twice_the_later_one_is_meant_and_one_that_never_comes_is_an_hour_later():
    assert moment("2026-10-25 02:30", ZURICH) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert moment("2026-03-29 02:30", ZURICH) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days", "seconds"),
    [
        *[
            ("3 days", 3, 0),
            ("+3 days", 3, 0),
            ("+ 3d", 3, 0),
            ("3", 3, 0),
            ("3,0", 3, 0),
            ("+3", 3, 0),
            ("1 week", 7, 0),
        ],
        *[("36 hours", 0, 36 * 3600), ("1.5 days", 0, 36 * 3600), ("1,5 d", 0, 36 * 3600)],
        *[("1 day 12 hours", 1, 12 * 3600), ("1 day and 30 min", 1, 1800), ("2 wks, 1 hr", 14, 3600)],
    ],
)
def test_a_length_of_time_may_be_written_in_many_ways(text, days, seconds):
    assert (span(text).days, span(text).seconds) == (days, seconds)


@pytest.mark.parametrize(
    "text",
    ["", "-3 days", "three days", "3 apples", "3 4", "3 days 4", "1e9", "9999 days", "5.10", "1,5", "5.10."],
)
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(ValueError):
        span(text)


def test_days_are_those_of_the_calendar_when_clocks_are_changed():
    due = moment("2026-10-24 18:00", ZURICH)
    assert later(due, span("1 day"), ZURICH) == moment("2026-10-25 18:00", ZURICH)
    assert later(due, span("24 hours"), ZURICH) == moment("2026-10-25 17:00", ZURICH)
    for when, days in (
        ("2026-10-24 18:00", 0),
        ("2026-10-24 18:01", 1),
        ("2026-10-25 18:00", 1),
        ("2026-10-25 18:01", 2),
        ("2027-10-24 18:00", 365),
    ):
        assert days_begun(due, moment(when, ZURICH), ZURICH) == days
    spring = moment("2026-03-28 18:00", ZURICH)
    assert [days_begun(spring, moment(f"2026-03-29 {at}", ZURICH), ZURICH) for at in ("18:00", "18:01")] == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("seconds", "words", "short"),
    [
        (1, "1 minute", "1 min"),
        (3600, "1 hour", "1 h"),
        (27 * 3600, "1 day 3 hours", "1 d 3 h"),
        (49 * 3600 + 60, "2 days 1 hour", "2 d 1 h"),
    ],
)
def test_lengths_of_time_are_said_as_people_do(seconds, words, short):
    assert in_words(seconds) == words and in_words(seconds, short=True) == short


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-05T20:00:00+02:00", "2026-10-05 18:00"),
        ("2026-10-05T18:00:00Z", "2026-10-05 18:00"),
        ("2026-10-05T20:00:00", "2026-10-05 18:00"),
        ("", ""),
        ("yesterday", ""),
        ("0001-01-01T00:00:00+14:00", ""),
    ],
)
def test_the_time_of_a_submission_is_read(text, utc):
    found = time_of(Reference("ada", submitted=text), Schedule(zone=ZURICH))
    assert (f"{found:%Y-%m-%d %H:%M}" if found else "") == utc


# course.toml


def test_without_the_file_nothing_is_due(assignment):
    assert Schedule.read(assignment.course) == Schedule()


def test_everything_in_the_file_is_read(assignment):
    another(assignment, "later")
    write(
        assignment,
        '\ufefftitle = "Networks"\ntime_zone = "Europe/Zurich"\n'
        '[late]\npolicy = "percent"\npercent_per_day = 10\nat_most = 50\ngrace = "15 minutes"\nfree_days = 5\n'
        f'[assignments.{NAME}]\ndue = 2026-10-05T18:00:00\ncanvas = 901\ngradescope = "77"\n'
        '[assignments.later]\ndue = "10 Oct 2026"\nlate = { policy = "zero", free_days = 2 }\n',
    )
    found = Schedule.read(assignment.course)
    assert (found.title, str(found.zone), found.free_days) == ("Networks", "Europe/Zurich", 5)
    assert [shown(found.due[name], ZURICH) for name in (NAME, "later")] == [
        "2026-10-05 18:00 CEST",
        "2026-10-10 23:59 CEST",
    ]
    assert found.platform_id("canvas", NAME) == "901" and found.platform_id("gradescope", NAME) == "77"
    assert found.platform_id("moodle", NAME) is None and found.platform_id("canvas", "no such") is None
    first, second = found.policy(NAME), found.policy("later")
    assert (first.kind, first.percent, first.at_most, first.grace.seconds) == ("percent", 10, 50, 900)
    assert (second.kind, second.grace.seconds, second.free_days) == ("zero", 900, 2)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("titel = 'x'", "titel is unknown: did you mean 'title'? The keys at the top of the file are title,"),
        ("title = 3", "title is 3: write a text in quotes"),
        ("title = x", "is not TOML"),
        ("[assignments.tiny]\ndue = 26.10.2026", "dates such as 26.10.2026 go into quotes"),
        ("time_zone = 'Europe/Zürich'", "did you mean 'Europe/Zurich'?"),
        ("time_zone = '../../etc/passwd'", "time_zone is '../../etc/passwd'"),
        ("time_zone = 'CEST'", "no time zone"),
        (
            "[assignments.two_layer]",
            "two_layer is no assignment of this course: did you mean 'two_layers'?",
        ),
        ("assignments = 3", "write [assignments]"),
        ("[assignments]\ntwo_layers = 2026-10-05", "write [assignments.two_layers]"),
        ("[assignments.two_layers]\ndue = 2026-10-05", "due needs a time zone"),
        ("[assignments.two_layers]\ndeu = 1", "assignments.two_layers.deu is unknown: did you mean 'due'?"),
        (
            "time_zone = 'UTC'\n[assignments.two_layers]\ndue = '5/10/2026'",
            "may be in month 5 or in month 10",
        ),
        ("time_zone = 'UTC'\n[assignments.two_layers]\ndue = 18:00:00", "A time needs its day"),
        ("time_zone = 'UTC'\n[assignments.two_layers]\ndue = 9999-12-31", "is in the year 9999"),
        ("time_zone = 'UTC'\n[assignments.two_layers]\ndue = true", "due is True: write a date"),
        ("[assignments.two_layers]\ncanvas = []", "canvas is []: write the platform's id"),
        ("[assignments.two_layers]\ncanvs = 1", "did you mean 'canvas'?"),
        ("[late]\npolicy = 'percents'", "did you mean 'percent'? Write one of"),
        ("[late]\npolicy = 'percent'", "late.percent_per_day is missing"),
        ("[late]\npolicy = 'percent'\npercent_per_day = 110", "write a number from 0 to 100"),
        ("[late]\npolicy = 'percent'\npercent_per_day = nan", "write a number from 0 to 100"),
        ("[late]\npolicy = 'percent'\npercent_per_day = '10%'", "write a number from 0 to 100"),
        ("[late]\npolicy = 'zero'\nat_most = 50", 'late.at_most is for policy = "percent"'),
        ("[late]\npolicy = 'zero'\ngrace = 'a bit'", 'write a length of time, such as "15 minutes"'),
        ("[late]\npolicy = 'zero'\ngrace = 15", 'write a length of time, such as "15 minutes"'),
        ("[late]\npolicy = 'zero'\nfree_days = 1.5", "write a number of days"),
        ("[late]\nfree_days = 5", "has no use where lateness costs nothing"),
        (
            "[late]\npolicy = 'zero'\n[assignments.two_layers.late]\nfree_days = 1",
            "write free_days into [late] too",
        ),
        ("[late]\ngracee = '1 h'", "late.gracee is unknown: did you mean 'grace'? The keys in [late] are"),
        ("x = " + "[" * 5000, "course.toml"),
    ],
)
def test_a_mistake_in_the_file_names_the_key_and_the_remedy(assignment, toml, says):
    write(assignment, toml)
    with pytest.raises(CourseError, match=r"course\.toml") as error:
        Schedule.read(assignment.course)
    assert says in str(error.value)


def test_a_file_in_another_encoding_is_refused(assignment):
    (assignment.course.root / "course.toml").write_bytes("title = 'Zoë'".encode("utf-16"))
    with pytest.raises(CourseError, match="UTF-8"):
        Schedule.read(assignment.course)


@pytest.mark.parametrize("file", ["course.toml", "roster.csv"])
def test_grading_does_not_begin_with_a_mistake_in_a_file(assignment, monkeypatch, file):
    (assignment.course.root / file).write_text("nonsense = [\n")
    monkeypatch.chdir(assignment.course.root)
    ran = CliRunner().invoke(main, ["grade"])
    assert ran.exit_code == 2 and file in ran.output


# What counts


@pytest.mark.parametrize(
    ("late", "submitted", "counts", "why"),
    [
        ("", ON_TIME, 40, "On time."),
        ("", LATE, 40, "12 hours late. That costs nothing."),
        ("[late]\npolicy = 'zero'", LATE, 0, "12 hours late. Late hand-ins count nothing."),
        ("[late]\npolicy = 'zero'", "2026-10-05T23:59:59+02:00", 40, "On time."),
        (
            "[late]\npolicy = 'zero'\ngrace = '1 h'",
            "2026-10-06T00:30:00+02:00",
            40,
            "30 minutes late. That is within",
        ),
        ("[late]\npolicy = 'zero'\ngrace = '1 h'", "2026-10-06T01:30:00+02:00", 0, "1 hour 30 minutes late."),
        (PERCENT, LATE, 36, "12 hours late. 1 day begun at 10 % costs 4 of the 40 points earned."),
        (PERCENT, "2026-10-07T03:00:00+02:00", 32, "1 day 3 hours late. 2 days begun at 10 % each cost 8 of"),
        (
            PERCENT,
            "2026-10-30T00:00:00+01:00",
            0,
            "24 days 1 hour late. 25 days begun at 10 % each, 100 % at most, cost 40 of",
        ),
        (
            PERCENT + "at_most = 15",
            "2026-10-08T12:00:00+02:00",
            34,
            "3 days begun at 10 % each, 15 % at most, cost 6",
        ),
        (PERCENT + "free_days = 2", LATE, 40, "That takes 1 free day (1 of 2 left) and costs nothing."),
        (
            PERCENT + "free_days = 2",
            "2026-10-08T12:00:00+02:00",
            36,
            "That takes 2 free days (0 of 2 left). 1 day begun",
        ),
        ("[late]\npolicy = 'zero'\nfree_days = 2", "2026-10-07T12:00:00+02:00", 40, "and costs nothing"),
        (
            "[late]\npolicy = 'zero'\nfree_days = 2",
            "2026-10-08T12:00:00+02:00",
            0,
            "Late hand-ins count nothing.",
        ),
    ],
)
def test_what_counts_follows_from_the_policy(assignment, late, submitted, counts, why):
    write(assignment, DUE.replace("[assign", f"{late}\n[assign"))
    put(assignment, came("ada", submitted))
    found = standing(assignment)
    assert (found.raw, found.counts) == (40, counts)
    assert why in found.why


def test_percents_may_be_of_all_points_possible_and_never_give_less_than_nothing(assignment):
    write(assignment, DUE.replace("[assign", PERCENT + 'percent_of = "possible"\n[assign'))
    put(
        assignment,
        came("ada", LATE, {"backward": "no"}),
        came("eve", "2026-10-13T12:00:00+02:00", {"backward": "no"}),
    )
    assert standing(assignment).counts == 16 and standing(assignment, "eve").counts == 0
    assert "costs 4 of the 40 points possible." in standing(assignment).why


def test_an_assignment_can_have_a_policy_of_its_own(assignment):
    write(assignment, DUE.replace("[assign", PERCENT + "[assign") + 'late.policy = "none"\n')
    put(assignment, came("ada", LATE))
    assert standing(assignment).counts == 40


def test_without_a_time_it_counts_in_full_and_that_is_said(assignment):
    write(assignment, DUE.replace("[assign", "[late]\npolicy = 'zero'\n[assign"))
    put(assignment, came("ada", LATE), result("bela"), came("cleo", "no idea"))
    made = gather(assignment)
    assert [made.standings[one].counts for one in ("ada", "bela", "cleo")] == [0, 40, 40]
    assert "No time of submission is known of bela and cleo: their hand-ins count in full." in made.remarks


def test_who_is_late_by_the_platforms_word_alone_is_named(assignment):
    """Canvas marks late hand-ins, and gives no times."""
    put(assignment, result("ada"), result("bela"))
    for student, late in (("ada", False), ("bela", True)):
        one = Attempt(1, "0" * 64, "1", "", late, "canvas", student, "", "", {})
        attempts.write(assignment, student, Attempts((one,), placed=1))
    said = "Canvas marks as late, and does not say by how much: bela. Nothing is deducted here."
    assert said in gather(assignment).remarks


def test_an_extension_that_is_granted_later_needs_no_grading(assignment):
    late = DUE.replace("[assign", "[late]\npolicy = 'zero'\n[assign")
    write(assignment, late)
    put(assignment, came("ada", LATE), came("bela", LATE))
    report(assignment)
    assert [row["counts"] for row in gradebook(assignment)] == ["0", "0"]
    graded = {path.name: path.read_bytes() for path in assignment.results.glob("*.json")}
    write(assignment, late, f"id,name,extension: {NAME}\nada,Ada,1 day\nbela,Bela,2026-10-06 11:59\n")
    report(assignment)
    ada, bela = gradebook(assignment)
    assert (ada["counts"], ada["why"], ada["due"]) == ("40", "On time.", "2026-10-06 23:59 CEST (extension)")
    assert (bela["counts"], bela["late"]) == ("0", "1 minute")
    assert graded == {path.name: path.read_bytes() for path in assignment.results.glob("*.json")}


@pytest.mark.parametrize(
    "said", ["2026-10-07", "7.10.2026", "2 days", "+2", "2", "Oct 7, 2026 11:59 pm", "48 hours"]
)
def test_extensions_may_be_written_in_several_ways(assignment, said):
    write(assignment, DUE, f'id,extension: {NAME}\nada,"{said}"\n')
    put(assignment, came("ada", ON_TIME))
    assert standing(assignment).due == "2026-10-07 23:59 CEST (extension)"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("soon", "is no length of time"),
        ("2026-10-01", "is before the due date"),
        ("6/10/2026", "may be in month"),
        ("\x1b[2Jx", "'[2Jx' of ada"),
    ],
)
def test_an_extension_that_cannot_be_read_is_told_and_the_due_date_counts(assignment, said, says):
    write(assignment, DUE, f"id,extension: {NAME}\nada,{said}\n")
    put(assignment, came("ada", LATE))
    made = gather(assignment)
    [problem] = made.problems
    assert problem.startswith("roster.csv, line 2: the extension ") and problem.endswith(
        "The due date counts."
    )
    assert says in problem
    assert made.standings["ada"].late == pytest.approx(12 * 3600, abs=1)


def test_an_extension_of_what_is_never_due_is_told(assignment):
    write(assignment, "", f"id,extension: {NAME}\nada,3 days\nbela,-\n")
    put(assignment, came("ada", LATE))
    assert ["has no effect" in problem for problem in gather(assignment).problems] == [True]


# Free days of the course


def course_of_three(assignment, submitted):
    """Three assignments, due in another order than that of their names, and what two students handed in."""
    first, last = another(assignment, "zero_th"), another(assignment, "a_last")
    write(
        assignment,
        'time_zone = "Europe/Zurich"\n[late]\npolicy = "percent"\npercent_per_day = 10\nfree_days = 3\n'
        f"[assignments.zero_th]\ndue = 2026-10-01\n[assignments.{NAME}]\ndue = 2026-10-05\n"
        "[assignments.a_last]\ndue = 2026-10-09\n",
    )
    for one, when in zip((first, assignment, last), submitted, strict=True):
        found = came("ada", when)
        found["extra_data"]["assignment"] = one.name
        put(one, found)
    return first, assignment, last


def test_free_days_go_to_hand_ins_in_order_of_due_dates(assignment):
    every = course_of_three(
        assignment,
        ("2026-10-02T12:00:00+02:00", "2026-10-06T12:00:00+02:00", "2026-10-11T12:00:00+02:00"),
    )
    found = [standing(one) for one in every]
    assert [one.counts for one in found] == [40, 40, 36]
    assert "takes 1 free day (2 of 3 left)" in found[0].why
    assert "takes 1 free day (1 of 3 left)" in found[1].why
    assert "takes 1 free day (0 of 3 left). 1 day begun at 10 % costs" in found[2].why


def test_free_days_are_used_by_hand_ins_that_are_not_graded_yet(assignment):
    first, now, _ = course_of_three(assignment, ("", "2026-10-07T12:00:00+02:00", ON_TIME))
    (first.results / "ada.json").unlink()
    folder = assignment.course.root / "submitted/ada/zero_th"
    folder.mkdir(parents=True)
    (folder / "zero_th.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text("2026-10-03 12:00:00 UTC")
    assert "takes 1 free day (0 of 3 left). 1 day begun" in standing(now).why


def test_a_hand_in_of_unknown_time_or_in_time_uses_none(assignment):
    every = course_of_three(assignment, ("", "2026-10-05T12:00:00+02:00", "2026-10-12T12:00:00+02:00"))
    assert standing(every[2]).counts == 40 and "(0 of 3 left)" in standing(every[2]).why


def test_an_assignment_can_keep_its_part_of_the_free_days_small(assignment):
    every = course_of_three(assignment, ("2026-10-03T12:00:00+02:00", ON_TIME, "2026-10-11T12:00:00+02:00"))
    path = assignment.course.root / "course.toml"
    path.write_text(path.read_text().replace("due = 2026-10-01\n", "due = 2026-10-01\nlate.free_days = 1\n"))
    assert [standing(one).counts for one in every] == [36, 40, 40]


def test_an_extension_saves_free_days(assignment):
    every = course_of_three(
        assignment,
        ("2026-10-03T12:00:00+02:00", "2026-10-06T12:00:00+02:00", "2026-10-11T12:00:00+02:00"),
    )
    assert [standing(one).counts for one in every] == [40, 40, 32]
    (assignment.course.root / "roster.csv").write_text("id,extension: zero_th\nada,2\n")
    assert [standing(one).counts for one in every] == [40, 40, 40]


def test_free_days_of_one_person_with_two_names_are_one_budget(assignment):
    every = course_of_three(assignment, ("2026-10-04T12:00:00+02:00", ON_TIME, ON_TIME))
    (assignment.course.root / "roster.csv").write_text("id,login\n00429,ada\n")
    other = came("00429", "2026-10-10T12:00:00+02:00")
    other["extra_data"]["assignment"] = "a_last"
    (every[2].results / "ada.json").unlink()
    put(every[2], other)
    assert standing(every[2], "00429").counts == 36


def test_results_of_another_assignment_that_cannot_be_read_are_told(assignment):
    every = course_of_three(assignment, (ON_TIME, ON_TIME, ON_TIME))
    (every[0].results / "eve.json").write_text("{")
    assert any("coursekit report zero_th" in problem for problem in gather(assignment).problems)


# In what teachers and students see


def test_gather_writes_nothing(assignment):
    write(assignment, DUE, "id,name\nada,Ada Byron\n")
    put(assignment, came("ada", LATE), waits("bela"))
    before = sorted(assignment.course.root.rglob("*"))
    gather(assignment)
    assert sorted(assignment.course.root.rglob("*")) == before


def test_points_of_a_person_count_too(assignment):
    write(assignment, DUE.replace("[assign", PERCENT + "[assign"))
    found = came("ada", LATE)
    found["tests"][2] |= {"status": "manual", "score": 0.0, "parts": []}
    put(assignment, found)
    report(assignment)
    assert standing(assignment).counts == 18
    sheet = assignment.results / "by_hand.csv"
    sheet.write_text(sheet.read_text().replace('"backward","","20"', '"backward","10","20"'))
    assert standing(assignment).counts == 27


def test_the_page_says_in_words_what_was_earned_and_what_counts(assignment):
    write(
        assignment,
        DUE.replace("[assign", PERCENT + "[assign"),
        "id,name\nada,Ada Byron\nbela,Bela\ncleo,Cleo\n",
    )
    put(assignment, came("ada", LATE), came("bela", ON_TIME), result("cleo"))
    report(assignment)
    late, timely, untimed = (
        " ".join(Page(page(assignment, one)).text.split()) for one in ("ada", "bela", "cleo")
    )
    assert "Feedback for Ada Byron, Neural networks" in late
    assert "36 of 40 points count" in late and "Your work earned 40 points." in late
    assert "12 hours late. 1 day begun at 10 % costs 4 of the 40 points earned." in late
    assert "It was due 2026-10-05 23:59 CEST and handed in 2026-10-06 12:00 CEST." in late
    assert "40 of 40 points On" not in timely and "40 of 40 points" in timely and "On time." in timely
    assert "earned" not in timely
    assert (
        "No time of submission is known, so it counts in full. It was due 2026-10-05 23:59 CEST." in untimed
    )


def test_files_that_are_not_there_change_nothing(assignment):
    put(assignment, came("ada", LATE))
    made = report(assignment)
    assert list(gradebook(assignment)[0])[:4] == ["student", "score", "max_score", "warm_up"]
    assert made.standings["ada"].counts == 40 and made.standings["ada"].why == ""
    assert "late" not in Page(page(assignment, "ada")).text


def test_the_examples_in_the_documentation_are_right(tmp_path):
    text = (Path(__file__).parent.parent / "docs" / "instructors.md").read_text()
    course = built(tmp_path).course
    for name in ("l_layer_network", "optimizers"):
        another(course.assignment(NAME), name)
    (tmp_path / "roster.csv").write_text(text.partition("```csv\n")[2].partition("```")[0])
    (tmp_path / "course.toml").write_text(text.partition("```toml\n")[2].partition("```")[0])
    schedule, people = Schedule.read(course), Roster.read(course).people
    assert [one.id for one in people] == ["00429", "00430", "00431"] and people[2].ids["moodle"] == "503"
    extended = [schedule.due_for("optimizers", one.extensions.get("optimizers", "")) for one in people[::2]]
    assert [shown(one, ZURICH) for one in extended] == ["2026-10-29 18:00 CET", "2026-10-26 18:00 CET"]
    assert (schedule.policy("optimizers").kind, schedule.policy("l_layer_network").kind) == (
        "zero",
        "percent",
    )
