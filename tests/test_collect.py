"""`coursekit collect`: from a platform's download, as it is, to submitted/ and collected/."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platforms
import pytest
from click.testing import CliRunner
from courses import tiny
from platforms import CLASS, GROUP, LATE, STRANGER, TWINS, notebook, zipped

from coursekit import attempts, collect, layouts, store
from coursekit.cli import main
from coursekit.collect import download as downloads
from coursekit.core.course import Course
from coursekit.intake import timestamp
from coursekit.intake.digest import digest_of

ALONE = [one for one in CLASS if one.number not in GROUP]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with two assignments, which need not be built."""
    root = tmp_path / "course"
    for name, title in (("tiny", "Scaling Things"), ("other_work", "Other Work")):
        (root / "source" / name).mkdir(parents=True)
        (root / "source" / name / f"{name}.ipynb").write_text("{}")
        (root / "autograder" / name).mkdir(parents=True)
        (root / "autograder" / name / "assignment.json").write_text(json.dumps({"title": title}))
    monkeypatch.chdir(root)
    return Course(root)


def run(*arguments, code=0):
    result = CliRunner().invoke(main, ["collect", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def there(course, assignment="tiny"):
    """What is in submitted/: the number and the attempt in each student's notebook, by the student's folder."""
    found = {}
    for path in sorted(course.submitted.glob(f"*/{assignment}")):
        [file] = [one for one in path.rglob("*") if one.suffix in (".ipynb", ".zip")]
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                data = archive.read(archive.namelist()[0])
        else:
            data = file.read_bytes()
        source = json.loads(data)["cells"][0]["source"]
        found[path.parent.name] = tuple(map(int, re.findall(r"\d+", source)[:2]))
    return found


def of_class(students=CLASS, attempt=1):
    return {one.id: (one.number, attempt) for one in students}


def kept(course, student, assignment="tiny"):
    return attempts.read(course.assignment(assignment), student)


def tree(course):
    """Every file that collect has written, with its bytes."""
    tops = (course.submitted, course.collected)
    return {
        str(path.relative_to(course.root)): path.read_bytes()
        for top in tops
        for path in sorted(top.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


# ---- each platform's download


MAKERS = {
    "canvas": lambda path: platforms.canvas(path / "submissions.zip", "tiny"),
    "moodle": lambda path: platforms.moodle(path / "CS1-tiny-77.zip", "tiny"),
    "moodle with _": lambda path: platforms.moodle(path / "CS1-tiny-77.zip", "tiny", form="folders_"),
    "moodle, flat": lambda path: platforms.moodle(path / "CS1-tiny-77.zip", "tiny", form="flat"),
    "gradescope": lambda path: platforms.gradescope(path / "assignment_9100_export.zip", "tiny"),
    "nbgrader": lambda path: platforms.nbgrader(path / "submitted", "tiny"),
    "flat": lambda path: platforms.flat(path / "from mail", "tiny"),
    "git": lambda path: platforms.git(path / "clones", "tiny"),
}
IDS = {"canvas": "canvas", "github": "github"}


@pytest.mark.parametrize("maker", MAKERS)
def test_everybodys_hand_in_arrives_under_the_rosters_id(course, tmp_path, maker):
    """Moodle's names can't tell the twins apart; each has a folder all the same."""
    platforms.roster(course.root / "roster.csv", **IDS)
    what = MAKERS[maker](tmp_path)
    output = run(what, *(["--groups"] if maker == "canvas" else []))
    assert f"--from {maker.split()[0].strip(',')}" in output and "for tiny" in output
    found = there(course)
    expected = of_class()
    if maker == "canvas":  # the group's work, which the zip has once
        expected |= {CLASS[number].id: (GROUP[0], 1) for number in GROUP}
    if maker == "gradescope":
        expected |= {CLASS[number].id: (GROUP[0], 1) for number in GROUP}
    if maker.startswith("moodle"):
        for number in TWINS:
            del expected[CLASS[number].id]
            expected[f"Kim_Lee_{CLASS[number].moodle}"] = (number, 1)
        assert "2 of people who are not in roster.csv" in output
        assert "Kim Lee is the name of several people" in output
    assert found == expected
    assert (
        f"30 hand-ins of 30 students: 30 new, 0 collected before{', 3 late' * (maker == 'canvas')}" in output
    )


@pytest.mark.parametrize("maker", MAKERS)
def test_without_a_roster_nobody_shares_a_folder(course, tmp_path, maker):
    run(MAKERS[maker](tmp_path))
    numbers = [number for number, _ in there(course).values()]
    if maker == "canvas":
        assert sorted(numbers) == [one.number for one in CLASS if one.number not in GROUP[1:]]
    elif maker == "gradescope":
        assert sorted(numbers) == sorted([*(one.number for one in ALONE), *[GROUP[0]] * 3])
    else:
        assert sorted(numbers) == [one.number for one in CLASS]


@pytest.mark.parametrize("maker", MAKERS)
def test_collecting_again_adds_nothing(course, tmp_path, maker):
    what = MAKERS[maker](tmp_path)
    run(what)
    before = tree(course)
    assert ": 0 new, " in run(what)
    assert tree(course) == before


def test_moodle_with_hidden_names_and_typed_in_text(course, tmp_path):
    run(platforms.moodle(tmp_path / "tiny.zip", "tiny", form="blind"))
    one = kept(course, f"Teilnehmerin_{CLASS[3].moodle}").counts
    assert (one.display_name, dict(one.ids)) == ("", {"moodle": CLASS[3].moodle})
    typed = course.submitted / f"Teilnehmerin_{CLASS[3].moodle}" / "tiny/onlinetext.html"
    assert typed.read_bytes() == b"<p>Please be kind.</p>"


def test_canvas_with_hidden_names(course, tmp_path):
    run(platforms.canvas(tmp_path / "submissions.zip", "tiny", CLASS[:3], anonymous=True))
    assert there(course) == {f"anon-x{number:04}": (number, 1) for number in range(3)}
    assert [one for one in attempts.students(course.assignment("tiny")) if kept(course, one).counts.late] == [
        "anon-x0001"
    ]


def test_names_as_they_were_found_in_the_wild(course, tmp_path):
    """Canvas's and Moodle's, in other people's repositories and blog posts."""
    work = notebook(CLASS[0])
    names = ["smithbob_340934_208490284_tiny.ipynb", "smithbob_340934_208490285_BobsScreenshot.png",
             "johndoe_LATE_987122_46871556_tiny (1).ipynb", "wellslane_334244_394803489_MyAssignment1.zip"]  # fmt: skip
    run(zipped(tmp_path / "cs101-tiny_submissions.zip", dict.fromkeys(names, work)))
    assert attempts.students(course.assignment("tiny")) == [
        "johndoe_987122",
        "smithbob_340934",
        "wellslane_334244",
    ]
    shutil.rmtree(course.collected)
    names = ["Jonathan Hoyte_657737_assignsubmission_file_/src/tiny.ipynb",
             "Sato Jiro_123102_assignsubmission_file_課題.ipynb",
             "1-00_3030895_assignsubmission_onlinetext_onlinetext.html",
             "Бородинов Александр Андреевич ИТб-4301-01-00_2010273_assignsubmission_file_tiny.ipynb"]  # fmt: skip
    run(zipped(tmp_path / "CS1-tiny-2201.zip", dict.fromkeys(names, work)))
    students = attempts.students(course.assignment("tiny"))
    assert [kept(course, one).counts.ids["moodle"] for one in students] == [
        "3030895",
        "657737",
        "123102",
        "2010273",
    ]
    assert students[-1] == "Бородинов_Александр_Андреевич_ИТб-4301-01-00_2010273"
    assert (course.submitted / "Jonathan_Hoyte_657737/tiny/src/tiny.ipynb").exists()


def test_a_student_of_canvas_with_several_files_and_a_typed_text(course, tmp_path):
    extra = {
        "leiding_7_901_tiny-1.ipynb": notebook(CLASS[0]),
        "leiding_7_902_my report-2.docx": b"own name",
        "leiding_7_903_numbers_2026.csv": b"1",
        "leiding_7_text.html": b"<p>typed</p>",
        "_8_904_tiny.ipynb": notebook(CLASS[1]),
    }
    run(platforms.canvas(tmp_path / "submissions.zip", "tiny", CLASS[:2], extra=extra))
    names = {path.name for path in (course.submitted / "leiding_7/tiny").iterdir()}
    assert names == {"tiny.ipynb", "my report-2.docx", "numbers_2026.csv", "text.html"}
    assert (course.submitted / "8/tiny/tiny.ipynb").exists(), "a name of which nothing is left"


# ---- times


def test_times_come_from_the_platform_and_go_into_nbgraders_file(course, tmp_path):
    from nbgrader.utils import parse_utc

    for name, maker in (("nbgrader", platforms.nbgrader), ("git", platforms.git)):
        run(maker(tmp_path / name, "tiny", ALONE))
        for one in ALONE:
            student = one.id if name == "nbgrader" else one.github
            expected = one.submitted() if name == "nbgrader" else one.submitted().replace(microsecond=0)
            assert datetime.fromisoformat(kept(course, student).counts.submitted) == expected
            written = (course.submitted / student / "tiny" / "timestamp.txt").read_text()
            assert parse_utc(written).replace(tzinfo=UTC) == expected


def test_a_time_that_a_person_has_written_counts(course, tmp_path):
    platforms.roster(course.root / "roster.csv", **IDS)
    run(platforms.gradescope(tmp_path / "export.zip", "tiny", ALONE[:2]))
    run(platforms.canvas(tmp_path / "submissions.zip", "other_work", ALONE[:2]))
    for name in ("tiny", "other_work"):
        (course.submitted / "00429" / name / "timestamp.txt").write_text("2026-11-01 12:00:00 UTC")
        found = layouts.layouts()["nbgrader"].find(course.assignment(name))
        times = {one.student: one.reference.submitted for one in found}
        assert times["00429"] == "2026-11-01T12:00:00+00:00"
        others = "" if name == "other_work" else ALONE[1].submitted().isoformat()
        assert [time for student, time in times.items() if student != "00429"] == [others]
    run(tmp_path / "export.zip")
    assert "2026-11-01" in (course.submitted / "00429/tiny/timestamp.txt").read_text(), "it stays"


def test_gradescope_says_when_and_which_attempt(course, tmp_path):
    run(platforms.gradescope(tmp_path / "export.zip", "tiny", attempt=3))
    one = kept(course, "00429").counts
    assert datetime.fromisoformat(one.submitted) == CLASS[0].submitted(3)
    assert (one.number, one.files) == (3, "3")
    assert dict(one.ids) == {
        "gradescope": str(int(CLASS[0].gradescope) + 300000),
        "email": CLASS[0].email,
        "sis": "00429",
    }
    members = tuple(CLASS[number].name for number in GROUP)
    assert [kept(course, CLASS[number].id).counts.group for number in GROUP] == [members] * 3


def test_an_exchange_gives_every_attempt(course, tmp_path):
    run(platforms.inbound(tmp_path / "inbound", "tiny", ALONE[:4]))
    assert there(course) == of_class(ALONE[:4], 2)
    assert [one.number for one in kept(course, "00429").attempts] == [1, 2]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-11-20 10:00:00.000000 UTC", 10),
        ("2026-11-20 10:00:00 UTC\n", 10),
        ("2026-11-20 10:00:00.250000", 10),
        ("2026-11-20 10:00:00.000000000 Z", 10),
        ("2026-11-20T10:00:00+00:00", 10),
        ("2026-11-20 10:00:00.123456 +0200", 8),
        ("2026-11-20 10:00:00 -08:00", 18),
        ("2026-11-20 10:00:00.1 America/Los_Angeles", 18),
        ("2026-11-20 10:00:00 Nowhere/City", None),
        ("2026-11-20 10:00:00 ../../etc/passwd", None),
        ("2026-13-45 10:00:00 UTC", None),
        ("9999-12-31 23:59:59 -0100", None),
        ("0001-01-01 00:00:00 +0100", None),
        ("2026-11-20 10:00:00 +9999", None),
        ("yesterday", None),
        ("", None),
        ("٢٠٢٦-11-20 10:00:00", None),
    ],
)
def test_a_time_is_read_as_it_is_written_or_not_at_all(text, hours):
    found = timestamp.parsed(text)
    expected = None if hours is None else datetime(2026, 11, 20, hours, tzinfo=UTC)
    assert (found and found.replace(microsecond=0)) == expected
    if found:
        assert timestamp.parsed(timestamp.written(found)) == found


def test_a_student_can_not_set_the_time_where_the_platform_does_not_say_it(course, tmp_path):
    time = b"2020-01-01 00:00:00 UTC"
    extra = {f"ada_1_{number}_{name}": time for number, name in enumerate(("timestamp.txt", "Timestamp.TXT"))}
    extra["ada_1_3_tiny.ipynb"] = notebook(CLASS[0])
    output = run(platforms.canvas(tmp_path / "submissions.zip", "tiny", CLASS[:3], extra=extra), code=1)
    assert "ada_1_0_timestamp.txt is left out: nbgrader would take it for the time of submission." in output
    assert [path.name for path in (course.submitted / "ada_1/tiny").iterdir()] == ["tiny.ipynb"]
    assert kept(course, "ada_1").counts.submitted == ""


# ---- attempts


def test_the_newest_attempt_counts_whichever_zip_comes_first(course, tmp_path):
    first = platforms.canvas(tmp_path / "submissions.zip", "tiny", ALONE)
    second = platforms.canvas(tmp_path / "submissions (1).zip", "tiny", ALONE[:5], attempt=2)
    platforms.roster(course.root / "roster.csv", **IDS)
    for order in ((first, second), (second, first), (second, first, second)):
        shutil.rmtree(course.submitted, ignore_errors=True)
        shutil.rmtree(course.collected, ignore_errors=True)
        for path in order:
            run(path)
        assert there(course) == of_class(ALONE) | of_class(ALONE[:5], 2), order
        assert len(kept(course, "00429").attempts) == 2
        places = sorted(path.name for path in (course.collected / "tiny/00429").iterdir())
        assert places == ["1", "2", "attempts.json"]
    assert (course.submitted / "00429/tiny/tiny.ipynb").exists(), "without the -1 that Canvas adds"


def test_work_that_is_handed_in_again_after_other_work_counts(course, tmp_path):
    for upload, attempt in ((1, 1), (2, 2), (3, 1)):
        path = zipped(tmp_path / f"{upload}.zip", {f"ada_7_{upload}_tiny.ipynb": notebook(CLASS[0], attempt)})
        run(path)
    assert there(course) == {"ada_7": (0, 1)}
    assert kept(course, "ada_7").counts.number == 3
    run(tmp_path / "2.zip")
    assert kept(course, "ada_7").counts.number == 3


def test_where_a_platform_does_not_tell_old_work_from_work_handed_in_again_a_person_decides(course, tmp_path):
    for number in (1, 2):
        name = "Ada_9_assignsubmission_file/tiny.ipynb"
        zipped(tmp_path / f"{number}.zip", {name: notebook(CLASS[0], number)})
        run(tmp_path / f"{number}.zip")
    output = run(tmp_path / "1.zip")
    assert "Ada_9's tiny: this is attempt 1 again, and attempt 2 counts." in output
    assert "--attempt 'Ada_9=1'" in output and there(course) == {"Ada_9": (0, 2)}
    run(tmp_path / "1.zip", "--attempt", "Ada_9=1")
    assert there(course) == {"Ada_9": (0, 1)}


def test_a_person_can_pick_the_attempt_that_counts(course, tmp_path):
    run(platforms.inbound(tmp_path / "inbound", "tiny", ALONE[:3], (1, 2, 3)))
    assert "2 students" not in run("--attempt", "1")
    assert there(course) == of_class(ALONE[:3], 1)
    run("--attempt", "00429=2", "--assignment", "tiny")
    assert there(course) == of_class(ALONE[:3], 1) | of_class(ALONE[:1], 2)
    later = platforms.inbound(tmp_path / "later", "tiny", ALONE[:1], (4,))
    assert "00429's tiny: attempt 4 is new; attempt 2 counts, since it was picked." in run(later)
    assert there(course)["00429"] == (0, 2)
    assert run("--attempt", "newest") == "The attempt that counts is set for 3 students.\n"
    assert there(course) == of_class(ALONE[:3], 3) | of_class(ALONE[:1], 4)
    assert "zoe has no attempt 9 at tiny (there is 1, 2, 3)." in run("--attempt", "zoe=9", code=1)
    assert "Nothing of nobody has been collected." in run("--attempt", "nobody=1", code=1)
    for wrong in ("0", "-1", "x", "=2", "ada=", "1.5"):
        assert "is not N, STUDENT=N" in run("--attempt", wrong, code=2)


# ---- groups and strangers


def test_a_groups_folder_in_moodle_belongs_to_its_members(course, tmp_path):
    platforms.roster(course.root / "roster.csv", **IDS)
    files = {"Team 7_55_assignsubmission_file_/tiny.ipynb": notebook(CLASS[11])}
    run(zipped(tmp_path / "CS-tiny-1.zip", files))
    assert there(course) == {CLASS[number].id: (11, 1) for number in GROUP}
    one = kept(course, "group-b").counts
    assert dict(one.ids) == {"group": "Team 7"}, "55 is the group's id, and no participant's"
    assert one.display_name == "Alan Turing" and "Grace Hopper" in one.group
    assert "0 new, 3 collected before" in run(tmp_path / "CS-tiny-1.zip")


def test_a_groups_work_in_canvas_is_its_members_where_its_name_says_so(course, tmp_path):
    files = {f"team7_{CLASS[12].canvas}_900_tiny.ipynb": notebook(CLASS[12])}
    work = zipped(tmp_path / "submissions.zip", files)
    platforms.roster(course.root / "roster.csv", **IDS)
    run(work)
    assert there(course) == {CLASS[number].id: (12, 1) for number in GROUP}
    assert dict(kept(course, "group-b").counts.ids) == {"canvas": CLASS[12].canvas, "group": "Team 7"}


def test_a_hand_in_under_a_name_that_is_not_the_students_is_said(course, tmp_path):
    name = f"team9_{CLASS[12].canvas}_900_tiny.ipynb"
    work = zipped(tmp_path / "a.zip", {name: notebook(CLASS[12])})
    platforms.roster(course.root / "roster.csv", **IDS)
    said = run(work, platforms.canvas(tmp_path / "b.zip", "tiny", ALONE))
    assert "group-b's hand-in has the name team9 on canvas" in said and "--groups" in said
    assert said.count("has the name") == 1


def test_a_groups_work_and_ones_own_in_one_download_of_which_nothing_tells_the_later(course, tmp_path):
    platforms.roster(course.root / "roster.csv", **IDS)
    files = {
        "Team 7_55_assignsubmission_file_/tiny.ipynb": notebook(CLASS[11]),
        "Alan Turing_57_assignsubmission_file_/tiny.ipynb": notebook(CLASS[12]),
    }
    said = run(zipped(tmp_path / "CS-tiny-1.zip", files))
    assert "group-b's tiny: 2 hand-ins, and moodle does not tell which is later" in said
    assert "--attempt 'group-b=" in said and said.count("does not tell which") == 1


def test_strangers_are_collected_and_named(course, tmp_path):
    platforms.roster(course.root / "roster.csv", **IDS)
    output = run(platforms.gradescope(tmp_path / "export.zip", "tiny", [*ALONE, STRANGER]))
    assert "1 of people who are not in roster.csv" in output
    assert f"Not in roster.csv: {STRANGER.email}." in output
    assert there(course) == of_class([*ALONE]) | {STRANGER.email: (99, 1)}


def test_a_stranger_never_gets_the_folder_of_somebody_in_the_roster(course, tmp_path):
    platforms.roster(course.root / "roster.csv", CLASS[:3], **IDS)
    folder = tmp_path / "clones"
    for user in ("zoe", CLASS[1].github):
        (folder / f"tiny-{user}").mkdir(parents=True)
        (folder / f"tiny-{user}" / "tiny.ipynb").write_bytes(
            notebook(CLASS[1] if user != "zoe" else STRANGER)
        )
        platforms.commit(folder / f"tiny-{user}", CLASS[1].submitted())
    run(folder)
    found = there(course)
    assert found.pop("zoe") == (1, 1)
    [(name, what)] = found.items()
    assert what == (99, 1) and name.startswith("zoe_")


def test_a_person_keeps_the_folder_that_they_had_before_there_was_a_roster(course, tmp_path):
    what = platforms.canvas(tmp_path / "submissions.zip", "tiny", ALONE[:2])
    run(what)
    platforms.roster(course.root / "roster.csv", **IDS)
    output = run(what)
    assert "00429 was collected as lovelaceada_4000 before, and keeps that folder." in output
    assert there(course) == {"lovelaceada_4000": (0, 1), "müllerzoë_4007": (1, 1)}
    assert kept(course, "lovelaceada_4000").counts.display_name == "Ada Lovelace"
    run(platforms.canvas(tmp_path / "b.zip", "other_work", ALONE[:2]))
    assert list(there(course, "other_work")) == ["00429", "zoe"]


def test_a_namesake_with_another_id_is_somebody_else(course, tmp_path):
    """Of two people with one name only one is in the roster, and only the other one hands in."""
    first, second = (CLASS[number] for number in TWINS)
    platforms.roster(course.root / "roster.csv", [*CLASS[:2], first], **IDS)
    run(platforms.canvas(tmp_path / "a.zip", "tiny", [*CLASS[:2], second]))
    assert there(course) == of_class(CLASS[:2]) | {f"leekim_{second.canvas}": (second.number, 1)}


def test_a_folder_that_turns_out_to_be_anothers_gets_no_second_persons_work(course, tmp_path):
    """The roster had no ids, and knew one of two namesakes; with the ids it says whose the hand-in was."""
    first, second = (CLASS[number] for number in TWINS)
    platforms.roster(course.root / "roster.csv", [first])
    run(platforms.canvas(tmp_path / "a.zip", "tiny", [second]))
    assert there(course) == {first.id: (second.number, 1)}, "nothing told that yet"
    platforms.roster(course.root / "roster.csv", [first, second], **IDS)
    both = platforms.canvas(tmp_path / "b.zip", "tiny", [first, second], attempt=2)
    said = run(both, code=1)
    assert f"collected/tiny/{first.id} has work of {second.id}" in said
    assert there(course)[second.id] == (second.number, 2)
    assert len(kept(course, first.id).attempts) == 1
    shutil.rmtree(course.collected / "tiny" / first.id)
    shutil.rmtree(course.submitted / first.id)
    run(both)
    assert there(course) == of_class([first, second], 2)


def test_one_person_has_one_folder_in_all_assignments(course, tmp_path):
    run(platforms.canvas(tmp_path / "a.zip", "tiny", ALONE[:3]))
    run(platforms.canvas(tmp_path / "b.zip", "other_work", ALONE[:3]))
    assert list(there(course)) == list(there(course, "other_work"))


# ---- what a download may have become


def test_names_in_every_encoding_are_one_person(course, tmp_path):
    """UTF-8 that does not say so, and what macOS makes of a name when it unzips."""
    one, files = CLASS[1], {}
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, f"Zoë Müller_{one.moodle}_assignsubmission_file_/tiny.ipynb")
        files[form] = {name: notebook(one)}
    paths = [
        zipped(tmp_path / "a tiny.zip", files["NFC"]),
        zipped(tmp_path / "b tiny.zip", files["NFC"], utf8=False),
    ]
    paths.append(zipped(tmp_path / "c tiny.zip", files["NFD"]))
    for path in paths:
        run(path)
    assert there(course) == {f"Zoë_Müller_{one.moodle}": (1, 1)}
    assert len(kept(course, f"Zoë_Müller_{one.moodle}").attempts) == 1
    assert [path.name for path in course.submitted.iterdir()] == [f"Zoë_Müller_{one.moodle}"], (
        "in the form NFC"
    )


def test_a_persons_own_folder_in_another_unicode_form_is_the_same_person(course, tmp_path):
    for form in ("NFD", "NFC"):
        folder = tmp_path / form
        folder.mkdir()
        (folder / unicodedata.normalize(form, "Zoë_tiny.ipynb")).write_bytes(notebook(CLASS[1]))
        run(folder)
    assert there(course) == {"Zoë": (1, 1)}


@pytest.mark.parametrize("maker", ["canvas", "moodle", "gradescope"])
def test_a_download_that_was_unzipped_wrapped_or_zipped_again(course, tmp_path, maker):
    what = MAKERS[maker](tmp_path)
    run(what)
    clean = there(course)
    by_hand = platforms.unzipped(what, tmp_path / "Downloads" / "tiny (2)" / "submissions")
    (by_hand / ".DS_Store").write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "again tiny.zip", "w") as again:
        for path in sorted(by_hand.rglob("*")):
            if path.is_file():
                again.write(path, f"submissions/{path.relative_to(by_hand)}")
                again.writestr(f"__MACOSX/submissions/{path.parent.name}/._{path.name}", b"x")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(what, f"some folder/{what.name}")
    for path in (by_hand, by_hand.parent, tmp_path / "again tiny.zip", tmp_path / "outer.zip"):
        output = run(path)
        assert " 0 new" in output and "left" not in output, (path, output)
    assert there(course) == clean


def test_a_class_of_one_is_no_wrapping(course, tmp_path):
    one = CLASS[:1]
    run(platforms.moodle(tmp_path / "tiny.zip", "tiny", one))
    run(platforms.nbgrader(tmp_path / "submitted", "tiny", one))
    place = tmp_path / "mail" / "bela"
    place.mkdir(parents=True)
    (place / "tiny.ipynb").write_bytes(notebook(CLASS[2]))
    run(tmp_path / "mail")
    assert there(course) == {f"Ada_Lovelace_{CLASS[0].moodle}": (0, 1), "00429": (0, 1), "bela": (2, 1)}


def test_names_that_differ_in_case_or_not_at_all(course, tmp_path):
    """Ann and ann, and two of one name, are four people, and each later download finds them again."""
    four = [CLASS[6], CLASS[7], *(CLASS[number] for number in TWINS)]
    run(platforms.moodle(tmp_path / "tiny.zip", "tiny", four))
    run(platforms.flat(tmp_path / "mail", "tiny", four))
    assert len(there(course)) == 8
    assert there(course)["Ann"] == (6, 1) and there(course)["ann"] == (7, 1)
    assert " 0 new" in run(tmp_path / "tiny.zip") and " 0 new" in run(tmp_path / "mail")


def test_a_folder_of_a_persons_own(course, tmp_path):
    """Copies that a browser made, a title for a name, a report beside, and files of nobody."""
    folder = tmp_path / "other work by mail"
    folder.mkdir()
    files = {
        "Scaling Things - ada.ipynb": 0, "tiny_bela (1).ipynb": 1, "o'brien.ipynb": 3, "李雷_tiny.ipynb": 2,
        "tiny.ipynb": 5,
    }  # fmt: skip
    for name, number in files.items():
        (folder / name).write_bytes(notebook(CLASS[number]))
    (folder / "grades.csv").write_text("1")
    (folder / "empty").mkdir()
    output = run(folder, code=1)
    assert there(course) == {"ada": (0, 1), "bela": (1, 1), "李雷": (2, 1)}
    assert there(course, "other_work") == {"o'brien": (3, 1)}, "for the folder's name says so"
    assert "tiny.ipynb belongs to nobody." in output
    assert "grades.csv belongs to nobody." in output
    assert "empty/ is left out: an empty folder." in output
    assert output.splitlines()[-1] == "4 hand-ins of 4 students: 4 new, 0 collected before, 3 left over."


def test_the_last_line_counts_one_as_one(course, tmp_path):
    assert (
        run(platforms.canvas(tmp_path / "tiny.zip", "tiny", CLASS[:1]))
        .splitlines()[-1]
        .startswith("1 hand-in of 1 student: 1 new")
    )
    assert run("--attempt", "1").endswith("The attempt that counts is set for 1 student.\n")
    assert run("--attempt", "5", code=1).endswith("Nothing was collected, 1 left over.\n")


def test_a_download_is_told_with_its_ending_and_another_platforms_is_refused(course, tmp_path):
    what = platforms.canvas(tmp_path / "tiny.zip", "tiny", CLASS[:2])
    assert run(what).startswith("tiny.zip is taken for a submissions zip from Canvas")
    said = run(what, "--from", "moodle", code=2)
    assert "Nothing in tiny.zip is named as in a submissions zip from Moodle. Without --from" in said


def test_one_clone_is_no_folder_of_students(course, tmp_path):
    """Its files would be: a module of the student's own has a student's name as good as any."""
    clones = platforms.git(tmp_path / "clones", "tiny", CLASS[:1])
    [clone] = clones.iterdir()
    (clone / "helper.py").write_text("x = 1\n")
    for platform in ((), ("--from", "git")):
        assert "is one clone: name the folder that the clones are in." in run(clone, *platform, code=2)
    assert there(course) == {}
    run(clones)
    assert len(there(course)) == 1


# ---- which assignment


def test_a_slip_in_the_assignment_is_told(course, tmp_path):
    what = platforms.canvas(tmp_path / "submissions.zip", "tiny", CLASS[:3])
    said = "By their files' names, 3 of 3 hand-ins in submissions.zip are for tiny."
    assert said in run(what, "--assignment", "other_work")
    assert "By their files' names" not in run(what, "--assignment", "tiny")


def test_the_assignment_is_known_by_the_zip_the_title_or_the_files(course, tmp_path):
    odd = {number: f"hw{number}.ipynb" for number in range(30)}
    for name in ("cs101-tiny_submissions.zip", "scaling-things_submissions.zip", "Scaling Things-2 (1).zip"):
        shutil.rmtree(course.submitted, ignore_errors=True)
        shutil.rmtree(course.collected, ignore_errors=True)
        run(platforms.canvas(tmp_path / name, "tiny", ALONE[:3], names=odd))
        assert len(there(course)) == 3, name
    some = dict.fromkeys(range(9), "hw.ipynb")
    run(platforms.canvas(tmp_path / "submissions.zip", "other_work", ALONE[:12], names=some))
    assert len(there(course, "other_work")) == 12, "three files tell, and none says otherwise"


def test_where_nothing_says_the_assignment_the_choices_are_listed(course, tmp_path):
    odd = {number: f"hw{number}.ipynb" for number in range(30)}
    what = platforms.canvas(tmp_path / "submissions.zip", "tiny", ALONE[:3], names=odd)
    output = run(what, code=2)
    assert "Which assignment is submissions.zip for?" in output and "one of other_work, tiny." in output
    assert not course.submitted.exists()
    run(what, "--assignment", "tiny")
    assert len(there(course)) == 3
    torn = platforms.canvas(tmp_path / "tiny_submissions.zip", "other_work", ALONE[:3])
    assert "its name says tiny, the files in it other_work" in run(torn, code=2)
    assert "There is no assignment 'no'" in run(torn, "--assignment", "no", code=2)
    assert "There is no platform 'blackboard': choose from canvas" in run(
        torn, "--from", "blackboard", code=2
    )


def test_a_course_with_one_assignment_asks_nothing(course, tmp_path):
    shutil.rmtree(course.root / "source/other_work")
    odd = {number: f"hw{number}.ipynb" for number in range(30)}
    run(platforms.canvas(tmp_path / "submissions.zip", "tiny", ALONE[:3], names=odd))
    assert len(there(course)) == 3


def test_one_download_with_several_assignments(course, tmp_path):
    folder = platforms.nbgrader(tmp_path / "submitted", "tiny", ALONE[:3])
    platforms.nbgrader(folder, "other_work", ALONE[1:4])
    platforms.nbgrader(folder, "gone", ALONE[:1])
    output = run(folder, code=1)
    assert there(course) == of_class(ALONE[:3]) and there(course, "other_work") == of_class(ALONE[1:4])
    assert "00429/gone/ (2 files) belongs to nobody." in output
    assert "6 hand-ins of 4 students: 6 new" in output
    shutil.rmtree(course.submitted)
    shutil.rmtree(course.collected)
    output = run(folder, "--assignment", "tiny", code=1)
    assert there(course) == of_class(ALONE[:3]) and not there(course, "other_work")
    assert "obrien's hand-in is for other_work: say another --assignment." in output


# ---- a person's own hand-ins in submitted/


def test_what_a_person_has_put_there_is_not_overwritten(course, tmp_path):
    what = platforms.nbgrader(tmp_path / "handed", "tiny", ALONE[:4])
    own = course.submitted / "00429/tiny"
    own.mkdir(parents=True)
    (own / "tiny.ipynb").write_bytes(notebook(STRANGER))
    (own / "timestamp.txt").write_text("2026-11-01 08:00:00 UTC")
    zipped(course.submitted / "tiny.zip", {})  # a file where a student's folder would be
    (course.submitted / "obrien").write_text("a file")
    (course.submitted / "zoe").mkdir()
    zipped(course.submitted / "zoe/tiny (1).zip", {"tiny.ipynb": b""})
    (tmp_path / "elsewhere").mkdir()
    (course.submitted / "lei").symlink_to(tmp_path / "elsewhere")
    output = run(what, code=1)
    assert "submitted/00429/tiny was not put there by collect, or was changed since: it stays" in output
    assert "submitted/zoe/tiny (1).zip was not put there by collect" in output
    assert "submitted/lei is a link, which is not followed" in output
    assert "submitted/obrien is a file where the student's folder has to be" in output
    assert there(course) == {"00429": (99, 1)} and not list((tmp_path / "elsewhere").iterdir())
    assert kept(course, "00429").counts.number == 1, "collected all the same"
    [about] = [one.reference for one in layouts.nbgrader.Nbgrader().find(course.assignment("tiny"))
               if one.student == "00429"]  # fmt: skip
    assert (about.submitted, about.attempt) == ("2026-11-01T08:00:00+00:00", 0), (
        "the attempt's are not its own"
    )

    (course.submitted / "obrien").unlink()
    run(what, "--force", code=1)  # the link stays
    assert there(course) == of_class([ALONE[0], ALONE[1], ALONE[3]])
    assert not (course.submitted / "zoe/tiny (1).zip").exists()


def test_a_file_beside_what_was_collected_is_told(course, tmp_path):
    """Grading would take the newer one: the attempt's time is not its time."""
    what = platforms.nbgrader(tmp_path / "handed", "tiny", ALONE[:1])
    run(what)
    zipped(course.submitted / "00429/tiny.zip", {"tiny.ipynb": notebook(STRANGER)})
    assert "submitted/00429/tiny.zip was not put there by collect" in run(what, code=1)
    [one] = layouts.nbgrader.Nbgrader().find(course.assignment("tiny"))
    assert one.path.name == "tiny.zip" and (one.reference.submitted, one.reference.attempt) == ("", 0)
    (course.submitted / "00429/tiny.zip").unlink()
    [one] = layouts.nbgrader.Nbgrader().find(course.assignment("tiny"))
    assert one.reference.submitted == ALONE[0].submitted().isoformat() and one.reference.attempt == 1


def test_what_a_person_has_changed_is_not_overwritten(course, tmp_path):
    run(platforms.inbound(tmp_path / "inbound", "tiny", ALONE[:2], (1,)))
    file = course.submitted / "00429/tiny/tiny.ipynb"
    file.write_bytes(notebook(STRANGER))
    again = platforms.inbound(tmp_path / "later", "tiny", ALONE[:2], (2,))
    assert "was changed since: it stays, and attempt 2 does not count" in run(again, code=1)
    assert there(course) == {"00429": (99, 1), "zoe": (1, 2)}
    shutil.rmtree(file.parent)
    run(again)
    assert there(course) == of_class(ALONE[:2], 2), "what was removed is put there again"


def test_collecting_from_where_it_is_collected_to_is_refused(course, tmp_path):
    run(platforms.nbgrader(tmp_path / "handed", "tiny", ALONE[:2]))
    for place in (course.submitted, course.submitted / "00429", course.collected / "tiny"):
        assert "which is where hand-ins are collected to" in run(place, code=2)


# ---- interruption


@pytest.mark.slow
def test_a_killed_collect_leaves_whole_hand_ins_and_the_next_completes_it(course, tmp_path):
    what = platforms.nbgrader(tmp_path / "handed", "tiny", ALONE)
    run(what)
    clean, found_then = tree(course), []
    for enough in (1, 4, 11, 26):
        for folder in (course.submitted, course.collected):
            shutil.rmtree(folder)
        process = subprocess.Popen(
            [sys.executable, "-m", "coursekit", "collect", what], cwd=course.root, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while len(list(course.submitted.glob("*"))) < enough and time.monotonic() < deadline:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found_then.append(len(there(course)))
        for student, found in there(course).items():
            assert found == of_class(ALONE)[student]
        for student in attempts.students(course.assignment("tiny")):
            for one in kept(course, student).attempts:
                assert digest_of(course.collected / "tiny" / student / one.files) == one.digest
        run(what)
        assert tree(course) == clean, enough
    assert min(found_then) < len(ALONE), "none was killed in the middle"


def test_what_a_killed_collect_left_behind_is_removed(course, tmp_path):
    what = platforms.nbgrader(tmp_path / "handed", "tiny", ALONE[:2])
    run(what)
    clean = tree(course)
    for folder in (course.submitted / "zoe", course.collected / "tiny/zoe"):
        for ending in ("part", "old"):
            left = folder / f".0123456789abcdef.{ending}"
            left.mkdir()
            (left / "tiny.ipynb").write_text("half")
    (course.collected / "tiny/zoe/2").mkdir()  # renamed, and not yet noted
    (course.submitted / "zoe/tiny").rename(course.submitted / "zoe/.fedcba9876543210.old")
    run(what)
    assert tree(course) == clean
    run(platforms.inbound(tmp_path / "inbound", "tiny", ALONE[1:2], (2,)))
    assert there(course)["zoe"] == (1, 2)


def test_a_full_disk_is_said_before_anything_is_written(course, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=10))
    output = run(platforms.canvas(tmp_path / "submissions.zip", "tiny", ALONE), code=2)
    assert "free some space" in output and not course.submitted.exists()


# ---- hostile downloads


def raw(path, entries, change=lambda info: None):
    """A zip with these entries, each changed before it is written."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            change(info)
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    "name", ["../../evil.ipynb", "/tmp/evil.ipynb", "a/../../b.ipynb", "..\\..\\x.ipynb", "C:\\x"]
)
def test_a_zip_that_leaves_its_folder_is_refused(course, tmp_path, name):
    what = raw(tmp_path / "tiny.zip", [(name, b"{}"), ("ada_1_2_tiny.ipynb", b"{}")])
    assert "would be written outside its folder" in run(what, code=2)
    assert not course.submitted.exists()


def test_links_passwords_and_twins_in_a_zip_are_left_out_and_said(course, tmp_path):
    def change(info):
        if "link" in info.filename:
            info.external_attr = 0o120777 << 16
        if "pipe" in info.filename:
            info.external_attr = 0o010666 << 16

    entries = [
        ("ada_1_2_tiny.ipynb", notebook(CLASS[0])), ("bela_2_3_link.ipynb", b"/etc/passwd"),
        ("carl_3_4_pipe.ipynb", b""), ("dora_4_5_tiny.ipynb", b"first"),
        ("dora_4_5_tiny.ipynb", notebook(CLASS[1])), (f"emil_5_6_{'x' * 300}.ipynb", b"{}"),
    ]  # fmt: skip
    with pytest.warns(UserWarning, match="Duplicate name"):
        what = raw(tmp_path / "tiny.zip", entries, change)
    output = run(what, code=1)
    assert there(course) == {"ada_1": (0, 1), "dora_4": (1, 1)}
    assert "bela_2_3_link.ipynb is left out: a link, and links are not followed." in output
    assert "carl_3_4_pipe.ipynb is left out: not a plain file." in output
    assert "dora_4_5_tiny.ipynb (the first of two) is left out" in output
    assert "is left out: a name that is too long." in output


def test_an_encrypted_and_a_damaged_zip(course, tmp_path):
    what = platforms.canvas(tmp_path / "tiny.zip", "tiny", ALONE[:3])
    data = bytearray(what.read_bytes())
    first = data.find(b"PK\x03\x04")
    data[first + 60 : first + 90] = b"\xff" * 30  # in the compressed bytes of the first file
    what.write_bytes(data)
    output = run(what, code=1)
    assert "lovelaceada_4000_901000_tiny.ipynb is left out: it can't be read" in output
    assert "lovelaceada_4000's tiny is not collected: there is nothing in it." in output
    assert len(there(course)) == 2
    what.write_bytes(bytes(data[: len(data) // 2]))
    assert "the zip is damaged" in run(what, code=2)
    for data in (b"<html>please log in</html>", b"", notebook(CLASS[0]), b"\x1f\x8b a .tar.gz"):
        what.write_bytes(data)
        output = run(what, code=2)
        assert "neither a zip nor a folder, though it is called .zip: download it again" in output
    other = what.rename(tmp_path / "tiny.tar.gz")
    assert "another archive has to be unpacked" in run(other, code=2)
    assert "has no file in it: download it again" in run(zipped(tmp_path / "empty.zip", {}), code=2)
    locked = raw(tmp_path / "locked tiny.zip", [("ada_1_2_tiny.ipynb", b"{}")])
    data = bytearray(locked.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(data)
    assert "encrypted: make a zip without a password" in run(locked, code=1)


def test_a_bomb_is_bounded(course, tmp_path, monkeypatch):
    """The platform's zip says how large its files are; nothing larger is written, and only what fits."""
    monkeypatch.setattr(collect.keeping, "MAX_BYTES", 1 << 20)
    files = {"ada_1_2_tiny.ipynb": notebook(CLASS[0]), "ada_1_3_bomb.bin": bytes(64 << 20)}
    output = run(zipped(tmp_path / "tiny.zip", files), code=1)
    assert "ada_1_3_bomb.bin is left out: beyond the" in output
    assert [path.name for path in (course.submitted / "ada_1/tiny").iterdir()] == ["tiny.ipynb"]
    monkeypatch.setattr(downloads, "MOST", downloads.Most(seen=1))
    assert "there are more than 1 files in the zip" in run(tmp_path / "tiny.zip", code=2)


def test_names_with_control_characters_are_harmless(course, tmp_path):
    files = {
        "\x1b[31mred\x1b[0m_1_2_tiny.ipynb": notebook(CLASS[0]),
        "a\nb: 99 new_2_3_tiny.ipynb": notebook(CLASS[1]),
        "\x1b]0;title\x07stray": b"",
        ".hidden_3_4_tiny.ipynb": notebook(CLASS[2]),
        "‮evil.txt": b"",
        "._4_5_tiny.ipynb": notebook(CLASS[3]),
    }
    output = run(zipped(tmp_path / "tiny.zip", files), code=1)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", output)
    assert len(there(course)) == 3
    assert all(
        path.name.isprintable() and not path.name.startswith(".") for path in course.submitted.iterdir()
    )
    assert all(path.parent == course.submitted for path in course.submitted.iterdir())


@pytest.mark.parametrize("name", ["..", ".", "...", "a/b", "CON", "x" * 400, "ü" * 200, "\udcff", "", " "])
def test_a_students_name_is_never_a_path(course, name):
    from coursekit.collect.people import safe

    found = safe(name)
    assert "/" not in found and not found.startswith(".") and found and len(os.fsencode(found)) <= 200
    (course.root / found).mkdir()


def test_a_folder_with_links_and_pipes(course, tmp_path):
    what = platforms.nbgrader(tmp_path / "handed", "tiny", ALONE[:2])
    (what / "mallory").symlink_to(what / "00429")
    (what / "zoe/tiny/passwd").symlink_to("/etc/passwd")
    os.mkfifo(what / "zoe/tiny/pipe")
    output = run(what, code=1)
    assert there(course) == of_class(ALONE[:2])
    for name in ("mallory", "zoe/tiny/passwd"):
        assert f"{name} is left out: a link, and links are not followed." in output
    assert "zoe/tiny/pipe is left out: not a plain file." in output
    assert {path.name for path in (course.submitted / "zoe/tiny").iterdir()} == {
        "tiny.ipynb",
        "timestamp.txt",
    }


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch hit']",
        "submission_1: &a [*a, *a]",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nsubmission_1: {:submitters: *c}",
        "[" * 5000,
        "{? [a] : b}",
        "- a",
        "",
        "\x00",
        "submission_1:\n  :submitters: yes",
        "submission_1:\n  :submitters:\n  - ada",
        "submission_1:\n  :submitters:\n  - :name: [a]\n    :sid: {}",
    ],
)
def test_gradescopes_file_is_read_as_text_alone(course, tmp_path, text):
    files = {"submission_metadata.yml": text.encode(), "submission_1/tiny.ipynb": notebook(CLASS[0])}
    what = zipped(tmp_path / "export tiny.zip", files)
    done = CliRunner().invoke(main, ["collect", str(what)], catch_exceptions=False)
    assert done.exit_code in (1, 2)
    assert not (course.root / "hit").exists() and not list(course.submitted.glob("*/tiny"))
    assert "submission_1" in done.output or "submission_metadata.yml" in done.output


def test_a_submission_without_files_is_told(course, tmp_path):
    about = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\nsubmission_2:\n  :submitters:\n"
    about += "  - :name: Bob\n    :sid: '2'\n"
    files = {"submission_metadata.yml": about.encode(), "submission_1/tiny.ipynb": notebook(CLASS[0])}
    assert "2's tiny is not collected: there is nothing in it." in run(
        zipped(tmp_path / "e.zip", files), code=1
    )
    assert [path.name for path in (course.collected / "tiny").iterdir()] == ["1"]


def test_gradescopes_numbers_stay_as_they_are(course, tmp_path):
    """00429 and 1e5 without quotation marks are no numbers, and a person without an email or a number has a name."""
    about = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 00429\n  :created_at: 2026-11-20 10:00:00 Z\n"
    about += "submission_2:\n  :submitters:\n  - :name: Bob\n    :sid: 1e5\n"
    about += "submission_3:\n  :submitters:\n  - :name: No\n    :sid: \n    :email: \n  :created_at: soon\n"
    files = {f"submission_{number}/tiny.ipynb": notebook(CLASS[number]) for number in (1, 2, 3)}
    output = run(zipped(tmp_path / "e.zip", files | {"submission_metadata.yml": about.encode()}), code=1)
    assert there(course) == {"00429": (1, 1), "1e5": (2, 1), "No_3": (3, 1)}
    assert "its time, soon, can't be read" in output


# ---- clones


def test_the_time_of_a_clones_last_commit_is_read_from_any_store(course, tmp_path):
    folder = platforms.git(tmp_path / "clones", "tiny", ALONE[:4])
    clones = [folder / f"tiny-{one.github}" for one in ALONE[:4]]

    def git(clone, *command):
        subprocess.run(["git", *command], cwd=clone, check=True, capture_output=True)

    git(clones[0], "gc", "--aggressive")
    git(clones[0], "pack-refs", "--all")
    git(clones[1], "checkout", "--detach")
    (clones[2] / "later.txt").write_text("not committed")
    shutil.rmtree(clones[3] / ".git/objects")
    output = run(folder, code=1)
    times = [kept(course, one.github).counts.submitted for one in ALONE[:4]]
    assert times[:3] == [one.submitted().replace(microsecond=0).isoformat() for one in ALONE[:3]]
    assert times[3] == "" and f"{ALONE[3].github}: its last commit can't be read" in output
    assert (course.submitted / ALONE[2].github / "tiny/later.txt").exists()
    assert not list(course.submitted.rglob(".git"))


def test_nothing_of_a_clone_is_run(course, tmp_path):
    hit = tmp_path / "hit"
    script = tmp_path / "clones/tiny-mallory/run.sh"
    folder = platforms.git(tmp_path / "clones", "tiny", ALONE[:1])
    clone = folder / "tiny-mallory"
    shutil.copytree(folder / f"tiny-{ALONE[0].github}", clone)
    script.write_text(f"#!/bin/sh\ntouch {hit}\n")
    script.chmod(0o755)
    with (clone / ".git/config").open("a") as config:
        config.write(
            f"[core]\n fsmonitor = {script}\n hooksPath = {clone}\n pager = {script}\n sshCommand = {script}\n"
            f"[log]\n showSignature = true\n[gpg]\n program = {script}\n[alias]\n cat-file = !{script}\n"
            f"[extensions]\n partialClone = origin\n[protocol]\n allow = always\n"
            f'[remote "origin"]\n url = ext::{script}\n promisor = true\n uploadpack = {script}\n'
        )
    (clone / ".git/hooks/post-checkout").write_text(script.read_text())
    missing = folder / "tiny-missing"
    shutil.copytree(clone, missing)
    (missing / ".git/refs/heads/main").write_text("0" * 39 + "1\n")  # a commit that Git would fetch
    outside = folder / "tiny-outside"
    shutil.copytree(clone, outside)
    shutil.rmtree(outside / ".git")
    (outside / ".git").write_text(f"gitdir: {clone}/.git\n")
    (folder / "tiny-head").mkdir()
    shutil.copytree(clone, folder / "tiny-head", dirs_exist_ok=True)
    (folder / "tiny-head/.git/HEAD").write_text(
        "ref: refs/heads/../../../../tiny-mallory/.git/refs/heads/main\n"
    )
    output = run(folder, code=1)
    assert not hit.exists()
    assert kept(course, "mallory").counts.submitted
    for name in ("missing", "outside", "head"):
        assert f"{name}: its last commit can't be read" in output and not kept(course, name).counts.submitted


# ---- grading what was collected


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from coursekit.build import build

    assignment = tiny.course(tmp_path_factory.mktemp("built"))
    build(assignment, verify=False)
    return assignment


@pytest.mark.slow
def test_a_later_time_or_name_changes_the_result_without_grading_again(built, tmp_path, monkeypatch):
    monkeypatch.chdir(built.course.root)
    solution = (built.solution / "tiny.ipynb").read_bytes()
    (tmp_path / "inbound/ada+tiny+2026-11-20 10:00:00 UTC").mkdir(parents=True)
    (tmp_path / "inbound/ada+tiny+2026-11-20 10:00:00 UTC/tiny.ipynb").write_bytes(solution)
    late = zipped(tmp_path / "tiny.zip", {"bela_LATE_7_8_tiny.ipynb": solution})
    run(tmp_path / "inbound")
    run(late)

    def grade():
        done = CliRunner().invoke(main, ["grade", "tiny"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    grade()
    ada, bela = (store.read(built, student) for student in ("ada", "bela_7"))
    assert (ada.score, ada.reference.submitted, ada.reference.attempt) == (10, "2026-11-20T10:00:00+00:00", 1)
    assert bela.reference.ids == {"canvas": "7"} and ada.digest == bela.digest, (
        "the time is no part of the work"
    )
    assert "Canvas marks this hand-in as late" in [note.text for note in bela.notes]

    (built.course.root / "roster.csv").write_text("id,name,canvas\nada,Ada Lovelace,\nbela_7,Béla,7\n")
    (tmp_path / "inbound/ada+tiny+2026-11-20 10:00:00 UTC").rename(
        tmp_path / "inbound/ada+tiny+2026-11-21 10:00:00 UTC"
    )
    run(tmp_path / "inbound")
    run(late)
    assert "2 of 2 have a current result already." in grade()
    again = store.read(built, "ada")
    assert (
        again.reference.submitted == "2026-11-21T10:00:00+00:00"
        and again.reference.display_name == "Ada Lovelace"
    )
    assert again.seconds == ada.seconds and not (built.results / "history").exists()
    assert "Feedback for <strong>Béla</strong>" in (built.feedback / "bela_7.html").read_text()


@pytest.mark.slow
def test_nbgrader_grades_what_was_collected(built, tmp_path):
    """Its autograde takes submitted/ as it is, with the time."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    root = tmp_path / "course"
    shutil.copytree(built.course.root / "source", root / "source")
    shutil.copytree(built.course.root / "release", root / "release")
    handed = tmp_path / "handed/zoe/tiny"
    shutil.copytree(built.solution, handed)
    (handed / "timestamp.txt").write_text("2026-11-20 10:00:00 Europe/Berlin")
    what = handed.parents[1]
    subprocess.run([sys.executable, "-m", "coursekit", "collect", what], cwd=root, check=True)
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "c"
    api = NbGraderAPI(config=config)
    assert api.generate_assignment("tiny")["success"]
    done = api.autograde("tiny", "zoe")
    assert done["success"], done
    with Gradebook(f"sqlite:///{root}/gradebook.db", "c") as gradebook:
        found = gradebook.find_submission("tiny", "zoe")
        assert found.timestamp == datetime(2026, 11, 20, 9, 0)


# ---- a platform of one's own


def test_the_readmes_smallest_platform_works(course, tmp_path, monkeypatch):
    readme = (Path(collect.__file__).parent / "README.md").read_text()
    [code] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "brightspace.py").write_text(code)
    monkeypatch.setattr(collect, "__path__", [*collect.__path__, str(folder)])
    files = {
        f"{one.number}-812 - {one.name} - Nov 20, 2026 1000 PM/tiny.ipynb": notebook(one) for one in ALONE
    }
    files["index.html"] = b"<html>"
    output = run(zipped(tmp_path / "tiny Download.zip", files))
    assert "--from brightspace" in output and len(there(course)) == len(ALONE)


def test_late_ones_are_counted(course, tmp_path):
    output = run(platforms.canvas(tmp_path / "submissions.zip", "tiny", ALONE))
    assert f"{len(LATE)} late" in output
    assert CLASS[1].submitted() - timedelta(hours=1) > platforms.DUE
