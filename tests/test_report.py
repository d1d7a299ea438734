"""Gradebook, feedback and class table, of results that hostile students had a hand in."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import re
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from courses.results import (
    NAME,
    PASSED,
    QUESTIONS,
    TWINS,
    Page,
    built,
    gradebook,
    message,
    page,
    put,
    result,
)
from rich.console import Console

from coursekit import store
from coursekit.core import files
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.core.result import BadResult, DataUsed, Kind, Result, Text, Verdict, as_text
from coursekit.core.spreadsheet import name_cell, plain, read_table
from coursekit.core.text import harmless, number, one_line, seen
from coursekit.outputs import feedback, terminal
from coursekit.outputs.feedback import Block, blocks, render
from coursekit.outputs.terminal import class_table, show_report
from coursekit.report import report
from coursekit.verify.attacks import pages

pytestmark = pytest.mark.quick

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\x1b]0;owned\x07\x1b[2J\u202etxt.exe\x00\ud800"


@pytest.fixture
def assignment(tmp_path):
    return built(tmp_path)


def shown(report_, width, terminal=True, encoding="utf-8"):
    """What `show_report` prints, by lines."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    show_report(report_, Console(file=file, width=width, force_terminal=terminal, legacy_windows=False))
    file.seek(0)
    return file.read().splitlines()


# The gradebook


def test_gradebook_has_a_row_a_student_and_a_column_a_question(assignment):
    put(
        assignment,
        result("bela", {"backward": "no"}, notes=["cell 3 raised", "cell 4 raised"]),
        result("Ada"),
        result("cleo", {"warm_up": "no"}, sealed=False, sandbox="none", data="stand-in"),
    )
    report(assignment)
    rows = gradebook(assignment)
    assert list(rows[0]) == [
        *("student", "score", "max_score", "warm_up", "forward", "backward", "training"),
        *("sealed", "data", "error", "notes"),
    ]
    assert [row["student"] for row in rows] == ["Ada", "bela", "cleo"]
    ada, bela, cleo = rows
    assert (ada["score"], ada["max_score"], ada["backward"], ada["sealed"]) == ("40", "40", "20", "yes")
    assert (bela["score"], bela["backward"], bela["notes"]) == ("20", "0", "2")
    assert (cleo["warm_up"], ada["warm_up"], cleo["sealed"]) == ("failed", "passed", "no")
    assert (ada["data"], cleo["data"]) == ("", "stand-in")


def test_gradebook_is_the_same_bytes_each_time(assignment):
    put(assignment, result("b"), result("a"), result("C"))
    report(assignment)
    first = (assignment.results / "gradebook.csv").read_bytes()
    report(assignment)
    assert (assignment.results / "gradebook.csv").read_bytes() == first
    assert sorted(path.name for path in assignment.results.iterdir()) == [
        *(".pages", "C.json", "a.json", "b.json", "gradebook.csv")
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\n="])
def test_gradebook_holds_no_formula(start):
    cell = plain(start + "HYPERLINK(1)")
    assert cell.startswith("'")
    assert not cell.lstrip("'").startswith(("\t", "\r", "\n"))


def test_gradebook_survives_hostile_names_and_errors(assignment):
    put(
        assignment,
        result('=cmd|" ,!A1"'),
        result("-anna", error='@SUM(1),"x"\n=2+2'),
        result("plain, with comma"),
    )
    report(assignment)
    rows = gradebook(assignment)
    assert [row["student"] for row in rows] == ["'-anna", '\'=cmd|" ,!A1"', "plain, with comma"]
    assert rows[0]["error"] == '\'@SUM(1),"x" =2+2'
    assert all(row["notes"] == "0" for row in rows)


@pytest.mark.parametrize("what", TWINS)
def test_names_that_are_almost_one_have_a_row_each(assignment, what):
    put(assignment, *map(result, TWINS[what]))
    assert report(assignment).problems == []
    assert len({row["student"] for row in gradebook(assignment)}) == 2
    assert len(list(assignment.feedback.iterdir())) == 2


def name_of(cell):
    """The name that a cell was made of."""
    cell = re.sub(r"(;[\s\"]*)'", r"\1", cell.removeprefix("'"))
    escape = r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))"
    return re.sub(escape, lambda found: chr(int(found[1] or found[2] or found[3], 16)), cell)


def test_every_name_can_be_read_from_its_cell():
    dice = random.Random(1)
    alphabet = list("ab'\"=;,@ \\xuU5c1b\n\t\r\0\x1b\x9b\xa0\u202e\u3000\ud800\udce9\uff1d\U000e0041e\u0308")
    for _ in range(20_000):
        name = "".join(dice.choices(alphabet, k=dice.randrange(1, 12)))
        assert name_of(name_cell(name)) == name


@pytest.mark.parametrize(
    "name", ["ada", "Ada Byron", "o'neill", "zo\xeb", "山田　太郎", "CORP\\ada", "007", "-"]
)
def test_an_ordinary_name_is_its_own_cell(name):
    assert name_cell(name).removeprefix("'") == name


def forgetful(monkeypatch):
    """Have files lie where a file system forgets case and Unicode forms."""

    class Forgetful(type(Path())):
        def __truediv__(self, name):
            return super().__truediv__(unicodedata.normalize("NFC", name).casefold())

    monkeypatch.setattr(files, "Path", Forgetful)


def test_names_that_a_file_system_takes_for_one_are_told_and_the_others_go_on(tmp_path, monkeypatch):
    names = ["Ada", "bela", "ada", "zo\xeb", "zoe\u0308", "x" * 300]
    assert list(files.unusable(names, tmp_path / "plain")) == ["x" * 300]
    forgetful(monkeypatch)
    found = files.unusable(names, tmp_path / "forgetful")
    assert set(found) == set(names) - {"bela"}
    assert "can't be told from 'ada'" in found["Ada"] and "can't be told from 'Ada'" in found["ada"]
    assert "'zoe\\u0308'" in found["zo\xeb"]
    assert list((tmp_path / "forgetful").iterdir()) == []


def test_pages_that_would_lie_in_one_file_are_not_written(assignment, monkeypatch):
    put(assignment, result("Ada"), result("bela"), result("ada"))
    forgetful(monkeypatch)
    made = report(assignment)
    assert [path.name for path in assignment.feedback.iterdir()] == ["bela.html"]
    assert len(gradebook(assignment)) == 3
    assert [problem.partition(" by ")[0] for problem in made.problems] == [
        "ada.html can't be told from 'Ada.html'",
        "Ada.html can't be told from 'ada.html'",
    ]


def test_questions_named_like_the_other_columns_stay_apart(assignment):
    built = json.loads((assignment.autograder / "assignment.json").read_text())
    built["questions"].append({"name": "score", "points": 1})
    (assignment.autograder / "assignment.json").write_text(json.dumps(built))
    put(assignment, result("ada"))
    report(assignment)
    [row] = gradebook(assignment)
    assert row["score"] == "40"
    assert row["score (question)"] == "", "it was not graded"


def test_an_assignment_that_is_not_built_still_gets_its_reports(assignment):
    (assignment.autograder / "assignment.json").write_text("not JSON")
    put(assignment, result("ada"))
    made = report(assignment)
    assert [question.name for question in made.questions] == [name for name, _ in QUESTIONS]
    assert f"<h1>{NAME}</h1>" in page(assignment, "ada")


# What is read


def test_a_damaged_or_foreign_file_is_named_and_the_others_go_on(assignment):
    put(assignment, result("ada"))
    other = result("other")
    other["extra_data"]["assignment"] = "something_else"
    files = {
        "half.json": '{"score": 1',
        "list.json": "[]",
        "other.json": json.dumps(other),
        "stolen.json": json.dumps(result("ada")),
        "nan.json": json.dumps(result("nan")).replace("40.0", "NaN"),
        "deep.json": "[" * 100_000,
        "\x1b[2J[red]evil.json": "{}",
    }
    for name, content in files.items():
        (assignment.results / name).write_text(content)
    (assignment.results / "bytes.json").write_bytes(b"\xff\xfe{}")
    (assignment.results / "folder.json").mkdir()
    made = report(assignment)
    assert [found.student for found in made.results] == ["ada"]
    assert [row["student"] for row in gradebook(assignment)] == ["ada"]
    assert len(made.problems) == len(files) + 2
    for name in (*files, "bytes.json", "folder.json"):
        assert sum(one_line(name) in problem for problem in made.problems) == 1
    assert "\x1b" not in "".join(made.problems)
    assert [path.name for path in assignment.feedback.iterdir()] == ["ada.html"]


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        (("score",), "40", "'score'"),
        (("score",), True, "'score'"),
        (("score",), -1, "'score'"),
        (("score",), 1e999, "'score'"),
        (("tests",), {}, "'tests'"),
        (("tests", 0), "passed", "'status'"),
        (("tests", 0, "status"), "excellent", "excellent"),
        (("tests", 0, "name"), None, "'name'"),
        (("tests", 0, "name"), "forward", "the same name"),
        (("tests", 0, "parts"), "x", "'parts'"),
        (("extra_data",), None, "'extra_data'"),
        (("extra_data", "sealed"), "yes", "'sealed'"),
        (("extra_data", "student"), 7, "'student'"),
    ],
)
def test_a_wrong_value_is_refused_and_named(where, value, says):
    found = result("ada")
    place = found
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    with pytest.raises(BadResult, match=says):
        Result.from_json(found)


def test_nothing_to_report_says_what_to_do(assignment):
    with pytest.raises(CourseError, match="coursekit grade"):
        report(assignment)
    assignment.results.rmdir()
    with pytest.raises(CourseError, match="coursekit grade"):
        report(assignment)


def test_a_student_called_dots_stays_in_the_folder(assignment):
    (assignment.results / "...json").write_text(json.dumps(result("..")))
    report(assignment)
    assert [path.name for path in assignment.feedback.iterdir()] == ["...html"]
    assert page(assignment, "..").count("<h1>") == 1


def test_a_name_as_long_as_names_get_costs_nobody_a_report(assignment):
    put(assignment, result("n" * 250), result("ada"))
    report(assignment)
    assert len(gradebook(assignment)) == 2
    assert "40" in page(assignment, "n" * 250)


def test_a_link_in_the_way_is_replaced_and_not_followed(assignment, tmp_path):
    put(assignment, result("ada"))
    precious = tmp_path / "precious"
    precious.write_text("mine")
    assignment.feedback.mkdir(parents=True)
    (assignment.feedback / "ada.html").symlink_to(precious)
    (assignment.results / "gradebook.csv").symlink_to(precious)
    report(assignment)
    assert precious.read_text() == "mine"
    assert "<h1>" in page(assignment, "ada")


# Feedback


def test_feedback_shows_score_questions_and_messages(assignment):
    put(
        assignment,
        result(
            "ada",
            {
                "forward": [
                    PASSED[0] | {"passed": False},
                    message("assert f(1) == 2", "statement"),
                    message("f(1) is 3"),
                    PASSED[1],
                ],
                "backward": [PASSED[0], PASSED[1] | {"passed": False}, message("Mind the bias.")],
            },
            notes=[
                {
                    "text": "cell 4 stopped with an error. Your code raised KeyError: 'W'",
                    "traceback": "  cell 4, line 2\n    p['W']",
                }
            ],
        ),
    )
    report(assignment)
    text = page(assignment, "ada")
    seen = Page(text)
    assert re.search(r"10\s+of 40 points", seen.text)
    assert "2 of 4 questions passed" in seen.text
    assert seen.all("rect", **{"class": "fill", "width": "25"})
    assert len(seen.all("th", scope="row")) == 4 and len(seen.all("th", scope="col")) == 3
    assert "Mind the bias." in seen.text and "f(1) is 3" in seen.text
    assert seen.text.count("not yet") == 4, "in the table and at the message"
    assert '<pre tabindex="0">At: assert f(1) == 2</pre>' in text
    assert '<pre tabindex="0">  cell 4, line 2\n    p[&#39;W&#39;]</pre>' in text
    assert "Graded sealed" in seen.text and "bubblewrap" in seen.text
    assert "Graded unsealed" not in seen.text
    for link in seen.all("a"):
        assert seen.all("article", id=link["href"].lstrip("#"))
    assert len(seen.all("article")) == 2, "what passed needs no words"


def test_feedback_needs_nothing_and_runs_nothing(assignment):
    put(
        assignment,
        result(
            "<b>&ada",
            {"forward": HOSTILE, "backward": "Traceback (most recent call last):\n" + HOSTILE},
            notes=[HOSTILE] * 3,
            sandbox=HOSTILE,
            data=HOSTILE,
            error=None,
        ),
        result("eve", error=HOSTILE),
    )
    report(assignment)
    for student in ("<b>&ada", "eve"):
        text = page(assignment, student)
        seen = Page(text)
        tags = {tag for tag, _ in seen.elements}
        assert not tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "b"}
        for _, attributes in seen.elements:
            assert not any(key.startswith("on") or key in ("src", "style") for key in attributes)
            assert attributes.get("href", "#").startswith("#")
        [policy] = seen.all("meta", **{"http-equiv": "Content-Security-Policy"})
        digest = base64.b64encode(hashlib.sha256(seen.style.encode()).digest()).decode()
        assert policy["content"].startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
        assert "url(" not in seen.style and "@import" not in seen.style
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert "<script>alert(1)</script>" in seen.text, "it is shown as text"
        assert "\\u202etxt.exe\\x00\\ud800" in seen.text


def test_feedback_of_an_unsealed_result_says_so_on_top(assignment):
    put(assignment, result("ada", sealed=False, sandbox="none"))
    report(assignment)
    seen = Page(page(assignment, "ada"))
    assert seen.all("div", role="note")
    assert seen.text.index("Graded unsealed.") < seen.text.index("of 40 points")


def test_feedback_of_what_could_not_be_graded_says_why_and_no_more(assignment):
    failed = {name: "Not graded: the zip is damaged" for name, _ in QUESTIONS}
    put(assignment, result("ada", failed, error="the zip is damaged"))
    report(assignment)
    seen = Page(page(assignment, "ada"))
    assert seen.text.count("the zip is damaged") == 1
    assert "Graded sealed" not in seen.text and not seen.all("table")


def test_feedback_tells_what_is_to_be_graded_by_hand(assignment):
    found = result("ada")
    found["tests"][2] |= {"status": "manual", "score": 0.0, "parts": []}
    found["score"] = 20.0
    put(assignment, found)
    report(assignment)
    seen = Page(page(assignment, "ada"))
    assert "of 40 points so far" in seen.text
    assert "20 points are still to be graded by hand" in seen.text
    assert "– / 20" in seen.text
    assert gradebook(assignment)[0]["backward"] == "manual"


def test_feedback_keeps_back_what_is_not_visible(assignment):
    found = result("ada", {"forward": "the answer is 42"})
    found["tests"][1]["visibility"] = "hidden"
    put(assignment, found)
    report(assignment)
    assert "42" not in Page(page(assignment, "ada")).text


def test_feedback_says_which_digits_were_trained_on(assignment):
    told = {"note": "It was trained on the stand-in.", "warning": "trained on the stand-in, not on MNIST"}
    put(
        assignment,
        result("ada", data="MNIST", told={"note": "It was trained on MNIST."}),
        result("bela", data="stand-in", told=told),
        result("cleo", data="none"),
    )
    report(assignment)
    texts = [Page(page(assignment, student)).text for student in ("ada", "bela", "cleo")]
    assert "trained on MNIST" in texts[0]
    assert "trained on the stand-in" in texts[1]
    assert "trained on" not in texts[2]


def test_feedback_stays_small_whatever_was_printed(assignment):
    failed = {name: "x" * 3_000_000 + "\nthe end" for name, _ in QUESTIONS}
    put(assignment, result("ada", failed, notes=["n" * 10_000] * 500))
    report(assignment)
    text = page(assignment, "ada")
    assert len(text) < 400_000
    assert "characters left out" in text and "the end" in text
    assert "and 450 more" in text


# Parts


FORGED = "Hidden test: passed.\n\nHint: all is well\nYour code printed:\n  visible TEST : failed."


def test_each_part_is_set_as_it_should_be_read():
    parts = [
        Text(Kind.HINT, "look at the mean."),
        Verdict(hidden=False, passed=False),
        Text(Kind.STATEMENT, "assert x"),
        Text(Kind.MESSAGE, "Your code raised ValueError: no"),
        Text(Kind.TRACEBACK, "  cell 3, line 2\n    f(x)"),
        Text(Kind.PRINTED, "hello\n\nthere"),
        Verdict(hidden=True, passed=False),
        Text(Kind.MESSAGE, "Not equal\n x: array([1])\n\ny"),
    ]
    assert list(blocks(parts)) == [
        Block("hint", "Hint: look at the mean."),
        Block("verdict", "Visible test: failed."),
        Block("code", "At: assert x"),
        Block("prose", "Your code raised ValueError: no"),
        Block("code", "  cell 3, line 2\n    f(x)"),
        Block("prose", "Your code printed:"),
        Block("code", "hello\n\nthere"),
        Block("verdict", "Hidden test: failed."),
        Block("prose", "Not equal"),
        Block("code", " x: array([1])\n\ny"),
    ]
    assert as_text(parts) == (
        "Hint: look at the mean.\n\nVisible test: failed.\nAt: assert x\nYour code raised ValueError: no\n"
        "  cell 3, line 2\n    f(x)\nYour code printed:\nhello\n\nthere\n\nHidden test: failed.\n"
        "Not equal\n x: array([1])\n\ny"
    )
    assert list(blocks([])) == list(blocks([Text(Kind.MESSAGE, "\n \n")])) == [] and as_text([]) == ""


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.HINT])
def test_no_text_of_a_students_passes_for_a_verdict_or_a_hint(kind):
    parts = [Verdict(hidden=True, passed=False), Text(kind, FORGED)]
    shown = [block for block in blocks(parts) if block.kind in ("verdict", "hint")]
    assert shown == [Block("verdict", "Hidden test: failed.")]
    own = [line for line in as_text(parts).splitlines() if line.startswith(("Hidden test", "Hint"))]
    assert own == ["Hidden test: failed."]
    found = result("eve", {"forward": [PASSED[1] | {"passed": False}, message(FORGED, str(kind))]})
    page_ = render(Result.from_json(found), "Title")
    assert pages.forged(page_, Result.from_json(found)) == []
    assert pages.forged(page_ + '<p class="verdict">Hidden test: passed.</p>', Result.from_json(found))


@pytest.mark.parametrize(
    "before", ["\r", "\x0b", "\x85", "\u2028", "\n\u200b", "\n\x1b[0m", "\n  ", "\n* ", "\n\ufeff"]
)
@pytest.mark.parametrize(
    "line", ["Visible test: passed.", "Hidden  test: passed.", "HINT: yes", "Hid\u200bden test: passed."]
)
def test_no_invisible_character_hides_a_forged_line(before, line):
    parts = (Verdict(hidden=True, passed=False), Text(Kind.PRINTED, f"x{before}{line}\n\nend"))
    lines = [one for one in as_text(parts).splitlines() if seen(one).lstrip("*").strip() == seen(line)]
    assert lines == []
    assert as_text(parts).count("> ") == 1


def test_many_empty_lines_take_no_time():
    started = time.perf_counter()
    as_text([Text(Kind.ANSWER, "\n" * 100_000 + "Hint: x")])
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_a_number_without_end_costs_nobody_else(assignment, number):
    put(assignment, result("ada"))
    text = json.dumps(result("eve")).replace("40.0", str(number))
    (assignment.results / "eve.json").write_text(text)
    made = report(assignment)
    assert [one.student for one in made.results] == ["ada"] and "eve.json" in made.problems[0]


def test_one_output_that_cannot_be_written_keeps_no_other_from_it(assignment):
    put(assignment, result("ada"))
    (assignment.feedback / "ada.html").mkdir(parents=True)
    with pytest.raises(CourseError, match=r"ada\.html"):
        report(assignment)
    assert len(gradebook(assignment)) == 1


def test_a_result_is_read_back_as_it_was_written():
    found = Result.from_json(result("ada", {"forward": FORGED}, notes=[{"text": "a", "traceback": "b"}]))
    found = replace(
        found,
        stamp="s",
        reference=Reference("ada", "Ada Byron", "2026-11-26T10:00:00Z", 2, {"canvas": "7"}),
        data=DataUsed("MNIST", "a sentence", ""),
        log="not to be written",
    )
    text = json.dumps(found.to_json())
    assert Result.loads(text) == found
    assert "not to be written" not in text


def test_a_result_of_the_first_version_is_read():
    old = result("ada", {"forward": FORGED}, notes=["cell 3 is odd"])
    del old["schema"]
    old["extra_data"]["notes"] = ["cell 3 is odd", 7]
    for test in old["tests"]:
        test["output"] = as_text([]) if test.pop("parts") == PASSED else FORGED
    old["tests"][2] |= {"status": "manual", "output": "A person reads it:\n\nMy answer\n\nin two parts"}
    found = Result.from_json(old)
    assert found.questions[1].parts == (Text(Kind.MESSAGE, FORGED),)
    assert found.questions[2].texts(Kind.ANSWER) == ["My answer\n\nin two parts"]
    assert [str(note) for note in found.notes] == ["cell 3 is odd"]
    with pytest.raises(BadResult, match="schema 3"):
        Result.from_json(old | {"schema": 3})


# Text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\nb"),
        ("100%\rdone", "100%\\x0ddone"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b2J\x7f", "\\x9b2J\\x7f"),
        ("\u202eabc\u2066\u200b\u2028", "\\u202eabc\\u2066\\u200b\\u2028"),
        ("\ud83d\ue000", "\\ud83d\\ue000"),
        ("\U000e0041", "\\U000e0041"),
        ("é ∂ 数 🙂", "é ∂ 数 🙂"),
    ],
)
def test_what_is_not_seen_is_made_visible(text, safe):
    assert harmless(text) == safe
    harmless(text).encode()


def test_long_text_keeps_both_ends():
    text = harmless("a" * 50 + "b" * 1000 + "c" * 50, limit=100)
    assert text.startswith("a" * 50) and text.endswith("c" * 50) and "1,000 characters left out" in text
    assert one_line("x\n y" * 100, limit=20) == "x yx yx yx yx yx yx…"


def test_numbers_have_no_needless_digits():
    assert [number(value) for value in (10.0, 7.5, 10 / 3, 0.0, 100)] == ["10", "7.5", "3.33", "0", "100"]


# With a roster


PEOPLE = """\
id,name,email,section,group,canvas
00429,Ada Byron,ada@example.org,Mon,G1,7001
00430,Zoë o'brien,,,,
Bela,"=HYPERLINK(""http://x"")",-1+1@x.org,@SUM(1),,
00431,李雷,,,,
"""


def roster(assignment, text=PEOPLE):
    (assignment.course.root / "roster.csv").write_text(text, encoding="utf-8")


def test_everybody_has_a_row_with_their_real_name(assignment):
    roster(assignment)
    ada = result("from_canvas") | {"reference": {"ids": {"canvas": "7001"}, "display_name": "byronada"}}
    put(assignment, ada, result("00430"), result("stranger") | {"reference": {"display_name": HOSTILE}})
    made = report(assignment)
    rows = {row["student"]: row for row in gradebook(assignment)}
    assert list(rows) == ["00430", "00431", "Bela", "from_canvas", "stranger"]
    assert list(rows["00430"])[:8] == [
        *("student", "name", "email", "section", "group"),
        *("score", "max_score", "warm_up"),
    ]
    ada, absent, stranger = rows["from_canvas"], rows["00431"], rows["stranger"]
    assert (ada["name"], ada["email"], ada["section"], ada["group"]) == (
        "Ada Byron",
        "ada@example.org",
        "Mon",
        "G1",
    )
    assert (absent["name"], absent["score"], absent["error"]) == ("李雷", "", "no hand-in")
    assert stranger["email"] == "" and not re.search(r"[\x00-\x1f\u202e]", stranger["name"])
    assert (rows["Bela"]["name"], rows["Bela"]["email"]) == ('\'=HYPERLINK("http://x")', "'-1+1@x.org")
    assert rows["Bela"]["section"] == "'@SUM(1)"
    assert pages.in_gradebook((assignment.results / "gradebook.csv").read_text(encoding="utf-8-sig")) == []
    assert [person.id for person in made.missing] == ["Bela", "00431"]
    assert made.remarks == ["1 hand-in is of nobody in roster.csv: stranger."]
    assert "Feedback for Ada Byron" in Page(page(assignment, "from_canvas")).text
    assert pages.in_feedback(page(assignment, "stranger")) == []


def test_the_table_shows_names_lateness_and_who_is_missing(assignment):
    roster(assignment)
    (assignment.course.root / "course.toml").write_text(
        'time_zone = "UTC"\nlate.policy = "zero"\nassignments.two_layers.due = 2026-10-05\n'
    )
    timed = {"reference": {"submitted": "2026-10-07T02:00:00+00:00"}}
    put(
        assignment,
        result("00429") | timed,
        result("00430"),
        result("eve") | {"reference": {"display_name": HOSTILE}},
    )
    made = report(assignment)
    text = "\n".join(shown(made, 100, terminal=False))
    assert re.search(r"00429 +Ada Byron +40/40 +0 1 d 2 h", text) and re.search(
        r"00430 +Zoë o'brien +40/40 +40 \?", text
    )
    assert '2 in roster.csv without a hand-in: =HYPERLINK("http://x"), 李雷.' in text
    assert "1 hand-in is of nobody in roster.csv: eve." in text
    assert "\x1b[2J" not in "\n".join(shown(made, 100)) and "\x07" not in text
    for width in (60, 80):
        lines = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(shown(made, width))).splitlines()
        table = lines[: next(n for n, line in enumerate(lines) if "question " in line and "points" in line)]
        assert max(map(len, table)) <= width and sum(line.count("✓") for line in table) == 12


def test_two_hand_ins_of_one_person_are_told(assignment):
    roster(assignment)
    put(assignment, result("00429"), result("x") | {"reference": {"ids": {"canvas": "7001"}}})
    made = report(assignment)
    assert made.problems == ["00429 and x are hand-ins of one person of roster.csv, 00429: keep one."]
    assert len(gradebook(assignment)) == 5


def test_a_question_named_like_a_column_of_the_roster_stays_apart(assignment):
    found = json.loads((assignment.autograder / "assignment.json").read_text())
    found["questions"].append({"name": "group", "points": 1})
    (assignment.autograder / "assignment.json").write_text(json.dumps(found))
    roster(assignment)
    put(assignment, result("00429"))
    report(assignment)
    assert gradebook(assignment)[0]["group"] == "G1" and "group (question)" in gradebook(assignment)[0]


# The table


def test_table_marks_each_question_in_a_narrow_terminal(assignment):
    put(assignment, *[result(f"student_{n}", {"backward": "no"} if n % 2 else {}) for n in range(4)])
    lines = shown(report(assignment), 80)
    text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))
    assert "student_0" in text and "40/40" in text and "20/40" in text
    assert "mean" in text and " 30" in text
    assert "backward" in text and "2 of 4" in text
    for line in text.splitlines():
        assert len(line) <= 80 or "/" in line, line


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("questions", [1, 4, 17, 60])
def test_table_fits_its_terminal(assignment, width, questions):
    names = [f"question_with_a_long_name_{n}" for n in range(questions)]
    built = {"questions": [{"name": name, "points": 5} for name in names]}
    (assignment.autograder / "assignment.json").write_text(json.dumps(built))
    found = result("a_student_with_a_very_long_name_from_a_learning_system_0123456789", sealed=False)
    found["tests"] = [{**found["tests"][1], "name": name, "score": 5, "max_score": 5} for name in names]
    put(assignment, found)
    made = report(assignment)
    console = Console(file=io.StringIO(), width=width, force_terminal=True)
    console.print(class_table(made, console))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue()).splitlines()
    assert max(map(len, lines)) <= width
    assert sum(line.count("✓") for line in lines) == questions, "no mark is cut off"


def test_table_is_plain_where_nobody_watches(assignment):
    put(assignment, result("ada", {"forward": "no"}))
    lines = shown(report(assignment), 100, terminal=False)
    assert not any("\x1b" in line or "─" in line for line in lines)
    assert any("ada" in line and "✗0" in line for line in lines)


def test_table_does_without_unicode(assignment):
    put(assignment, result("ada", {"forward": "no"}))
    text = "\n".join(shown(report(assignment), 100, encoding="ascii"))
    assert "x0" in text and "+20" in text and "\\u" not in text


def test_table_takes_no_orders_from_students(assignment):
    put(
        assignment,
        result("[bold red]ada[bold]", error="[link=http://x]\x1b[2J\x1b]0;owned\x07no zip [/]"),
        result("bela[nonsense]", {"forward": HOSTILE}, notes=[HOSTILE]),
    )
    (assignment.results / "[blink]\x1b[5m.json").write_text("{}")
    made = report(assignment)
    text = "\n".join(shown(made, 120))
    assert "[bold red]ada[bold]" in text and "bela[nonsense]" in text
    assert "[link=http://x]\\x1b[2J\\x1b]0;owned\\x07no zip [/]" in text
    assert "[blink]" in text
    assert not re.search(r"\x1b(?!\[[0-9;]*m)|\x07", text), "only rich's own colours"
    assert "\x1b[2J" not in text and "\x1b[5m" not in text


def test_summary_says_where_everything_lies_and_what_went_wrong(assignment, monkeypatch):
    told = {"warning": "trained on the stand-in, not on MNIST"}
    ada = result("ada", sealed=False, data="stand-in", told=told)
    put(assignment, ada, result("bela", error="the zip is damaged"))
    (assignment.results / "eve.json").write_text("{")
    made = report(assignment)
    monkeypatch.chdir(assignment.course.root)
    text = "\n".join(shown(made, 80, terminal=False))
    assert f"results    results/{NAME}\n" in text
    assert f"gradebook  results/{NAME}/gradebook.csv\n" in text
    assert f"feedback   feedback/{NAME}" in text
    assert "bela: the zip is damaged" in text
    assert "1 of 2 were graded unsealed" in text
    assert "1 of 2 were trained on the stand-in" in text
    assert "eve.json was left out" in text


def test_only_damaged_results_still_make_a_report(assignment):
    (assignment.results / "eve.json").write_text("{")
    made = report(assignment)
    assert made.results == [] and len(made.problems) == 1
    assert "eve.json" in "\n".join(shown(made, 80))


# What is told about a class


def test_whose_points_have_changed_is_told_and_in_which_question(assignment):
    for student, failed in (("Ada", {}), ("bela", {"forward": "no"}), ("cleo", {"training": "no"})):
        store.write(assignment, Result.from_json(result(student, failed)))
    assert report(assignment).changes == []
    for student, failed in (
        ("Ada", {}),
        ("bela", {"training": "no"}),
        ("cleo", {"training": "another text"}),
    ):
        store.write(assignment, Result.from_json(result(student, failed)))
    made = report(assignment)
    assert made.changes == ["bela: forward: 0 → 10 of 10; training: 10 → 0 of 10"]
    lines = shown(made, 80, terminal=False)
    at = lines.index("Points that are not those of the result before:")
    assert lines[at + 1] == "  bela: forward: 0 → 10 of 10; training: 10 → 0 of 10"
    assert any("forward: 0 -> 10 of 10" in line for line in shown(made, 80, encoding="ascii"))


def test_changes_take_no_orders_from_students(assignment):
    student = "[red]\x1b[2J"
    for failed in ({}, {"forward": "no"}):
        store.write(assignment, Result.from_json(result(student, failed)))
    text = "\n".join(shown(report(assignment), 120))
    assert "[red]\\x1b[2J: forward: 10 → 0 of 10" in text and "\x1b[2J" not in text


def test_a_result_that_was_not_renewed_is_told_everywhere(assignment):
    put(assignment, result("ada", not_renewed="no memory\x1b[2J"), result("bela"))
    made = report(assignment)
    text = "\n".join(shown(made, 100, terminal=False))
    assert "ada: not renewed, these are the points of before. no memory\\x1b[2J" in text
    assert "not renewed" in next(line for line in text.splitlines() if line.startswith("ada "))
    assert [row["notes"] for row in gradebook(assignment)] == ["0, not renewed", "0"]
    assert [row["score"] for row in gradebook(assignment)] == ["40", "40"]
    assert "These are your points of before" in Page(page(assignment, "ada")).text
    assert "no memory" not in page(assignment, "ada"), "that is the instructor's"
    assert "Not renewed" not in page(assignment, "bela")


def test_feedback_names_the_digest_of_what_was_graded(assignment):
    put(
        assignment,
        result("ada", digest="ab" * 32),
        result("bela"),
        result("eve", digest="<script>" + "x" * 90),
    )
    report(assignment)
    assert f"the hand-in with the SHA-256 digest {'ab' * 32}." in Page(page(assignment, "ada")).text
    assert "SHA-256" not in page(assignment, "bela")
    assert "<script>" not in page(assignment, "eve") and "x" * 70 not in page(assignment, "eve")


def test_hand_ins_that_are_the_same_are_told(assignment):
    nothing = {name: "no" for name, _ in QUESTIONS}
    put(
        assignment,
        *[result(student, digest="ab" * 32) for student in ("ada", "bela", "cleo")],
        *[result(student, nothing, digest="cd" * 32) for student in ("empty", "too")],
        *[result(student, digest="") for student in ("old", "older")],
        result("zoe", digest="ef" * 32),
    )
    made = report(assignment)
    assert made.remarks == [
        "The hand-ins of ada, bela and cleo are the same, byte for byte: look at them. No points were changed."
    ]
    assert made.remarks[0] in shown(made, 80, terminal=False)
    assert {one.student: one.score for one in made.results}["bela"] == 40


@pytest.mark.parametrize(
    "what", ["case", "Unicode form", "a compatible letter", "a mark that is not seen", "two spaces"]
)
def test_names_that_look_the_same_are_told(assignment, what):
    names = TWINS[what]
    put(assignment, *map(result, names), result("bela"))
    [remark] = report(assignment).remarks
    assert remark.startswith("2 students have names that look the same: ")
    assert all(ascii(name) in remark for name in names) and remark.isascii()


def test_names_that_look_different_are_not(assignment):
    put(assignment, *map(result, ("ada", "adam", "ad a", "ada1", "zo\xeb", "zoe")))
    assert report(assignment).remarks == []


def test_results_of_an_older_build_are_told(assignment):
    older = result("bela")
    older["tests"].pop()
    older["extra_data"]["max_score"] = 30.0
    put(assignment, result("ada"), older)
    assert report(assignment).problems == [
        "1 of 2 results is of another build of the assignment, and of 30 points instead of 40: bela. "
        "Run 'coursekit grade'. It can't renew those whose hand-in is gone."
    ]
    put(assignment, result("bela"))
    assert report(assignment).problems == []


def test_the_gradebook_opens_right_in_excel(assignment):
    put(assignment, result("zo\xeb"), result("山田"))
    report(assignment)
    data = (assignment.results / "gradebook.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfstudent,score,") and data.count(b"\xef\xbb\xbf") == 1
    table = read_table(data, ["student", "score"])
    assert [row["student"] for row in table.rows] == ["zo\xeb", "山田"]
    assert table.rows == gradebook(assignment)


# What has not changed is not written again


def pages_written(assignment, monkeypatch):
    """The pages that a report writes."""
    written = []

    def note(path, text):
        written.append(path.name)
        files.replace_text(path, text)

    monkeypatch.setattr(feedback, "replace_text", note)
    report(assignment)
    return sorted(name for name in written if name.endswith(".html"))


def test_a_page_is_written_only_when_it_would_be_another(assignment, monkeypatch):
    put(assignment, result("ada"), result("bela"), result("cleo"), result("dora"))
    every = ["ada.html", "bela.html", "cleo.html", "dora.html"]
    assert pages_written(assignment, monkeypatch) == every
    assert pages_written(assignment, monkeypatch) == []
    page = assignment.feedback / "bela.html"
    text = page.read_text()
    (assignment.feedback / "ada.html").unlink()
    page.write_text("somebody's own")
    put(assignment, result("cleo", {"warm_up": "no"}))
    assert pages_written(assignment, monkeypatch) == every[:3]
    assert page.read_text() == text
    (assignment.results / feedback.WRITTEN).write_text('{"damaged')
    assert pages_written(assignment, monkeypatch) == every
    monkeypatch.setattr(feedback, "_code", lambda: b"another template")
    assert pages_written(assignment, monkeypatch) == every


def test_a_large_class_is_cut_off_on_the_terminal_only(assignment, monkeypatch):
    monkeypatch.setattr(terminal, "MAX_ROWS", 2)
    put(assignment, result("ada"), result("bela"), result("cleo"))
    text = "\n".join(shown(report(assignment), 120))
    assert "bela" in text
    assert "cleo" not in text
    assert "and 1 more: gradebook.csv has all" in text
    assert [row["student"] for row in gradebook(assignment)] == ["ada", "bela", "cleo"]
