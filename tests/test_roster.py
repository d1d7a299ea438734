"""``coursekit roster``: lists as the learning platforms give them, and what becomes of ``roster.csv``."""

from __future__ import annotations

import contextlib
import csv
import io
import random

import pytest
from click.testing import CliRunner
from courses.results import NAME, built

from coursekit.cli import main
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.core.spreadsheet import as_cell, in_cell
from coursekit.roster import Roster
from coursekit.roster.merge import merge
from coursekit.roster.people import spellings, squeezed, unusable
from coursekit.roster.platforms import read_people

pytestmark = pytest.mark.quick

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,"Optimizers, part 1 (901)",Current Score
,,,,,Manual Posting,
    Points Possible,,,,,100,
"Byron, Ada",7001,00429,abyron,Monday,90,90
"o'brien, Zoë",7002,00430,zobrien,Monday and Tuesday,,
李雷,7003,00431,lilei,Tuesday,80,80
"Student, Test",7999,,5f2c0d1e,Monday,,
"""
MOODLE = """\
Vorname;Nachname;E-Mail-Adresse;Rollen;Gruppen
Ada;Byron;ada@example.org;Studierende/r;Gruppe A
Zoë;o'brien;zoe@example.org;Studierende/r;
雷;李;li@example.org;Studierende/r;"Gruppe A, Gruppe B"
Tea;Cher;tea@example.org;Trainer/in;
"""
WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade
Participant 501,Ada Byron,00429,ada@example.org,Submitted,,100.00
Participant 502,Zoë o'brien,00430,zoe@example.org,No submission,,100.00
"""
FINNISH = """\
Tunniste,Koko nimi,Sähköpostiosoite,Tila
Osallistuja 501,Ada Byron,ada@example.org,Palautettu
Osallistuja 502,Zoë o'brien,zoe@example.org,Ei palautettu
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Ada,Byron,00429,ada@example.org,Student,Mon
Zoë,o'brien,,zoe@example.org,Student,
Tea,Cher,99,tea@example.org,Instructor,
"""
NBGRADER = """\
id,first_name,last_name,email,lms_user_id
abyron,Ada,Byron,ada@example.org,7001
lilei,雷,李,,7003
"""
PLAIN = "Student ID\tName\tE-mail\n00429\tByron, Ada\tada@example.org\n00430\tZoë o'brien\t\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with the assignment two_layers, in which the commands run."""
    found = built(tmp_path).course
    monkeypatch.chdir(tmp_path)
    return found


def take(course, text, *options, exit_code=0, name="list.csv"):
    """Run the command on a file with this text or these bytes; returns what it printed."""
    path = course.root / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = CliRunner().invoke(main, ["roster", str(path), *options])
    assert ran.exit_code == exit_code, ran.output
    return ran.output


def rows(course):
    with (course.root / "roster.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def put(course, text):
    (course.root / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode())


def column(course, name):
    return [row[name] for row in rows(course)]


# Each platform's list


def test_a_canvas_export_gives_people_and_neither_points_nor_the_test_student(course):
    said = take(course, CANVAS)
    assert "a Canvas gradebook export" in said and "3 added, 0 changed, 0 as before" in said
    assert column(course, "id") == column(course, "sis") == ["00429", "00430", "00431"]
    assert column(course, "name") == ["Ada Byron", "Zoë o'brien", "李雷"]
    assert column(course, "canvas") == ["7001", "7002", "7003"]
    assert column(course, "login") == ["abyron", "zobrien", "lilei"]
    assert column(course, "section") == ["Monday", "Monday and Tuesday", "Tuesday"]


def test_a_moodle_list_is_read_in_the_sites_language_and_without_teachers(course):
    said = take(course, MOODLE)
    assert "a Moodle list" in said and "3 added" in said and "line 5" in said
    assert column(course, "id") == ["ada@example.org", "zoe@example.org", "li@example.org"]
    assert column(course, "name") == ["Ada Byron", "Zoë o'brien", "雷 李"]
    assert column(course, "group") == ["Gruppe A", "", "Gruppe A, Gruppe B"]


def test_a_moodle_worksheet_gives_the_participants_ids(course):
    assert "a Moodle list" in take(course, WORKSHEET)
    assert column(course, "id") == ["00429", "00430"]
    assert column(course, "moodle") == ["501", "502"]


def test_a_list_whose_headers_nobody_knows_is_read_by_its_content(course):
    assert "a Moodle list" in take(course, FINNISH)
    assert column(course, "id") == column(course, "email") == ["ada@example.org", "zoe@example.org"]
    assert column(course, "name") == ["Ada Byron", "Zoë o'brien"]
    assert column(course, "moodle") == ["501", "502"]


def test_a_blind_worksheet_says_who_nobody_is(course):
    said = take(course, "Identifier,Status,Grade\nParticipant 501,Submitted,\n", exit_code=1)
    assert "0 added" in said and "line 2: there is no name, no email and no id" in said


def test_a_gradescope_roster_gives_students_only(course):
    said = take(course, GRADESCOPE)
    assert "a Gradescope roster" in said and "2 added" in said and "line 4" in said
    assert column(course, "id") == ["00429", "zoe@example.org"]
    assert column(course, "sis") == ["00429", ""]


def test_nbgraders_list_keeps_its_ids(course):
    assert "nbgrader's list of students" in take(course, NBGRADER)
    assert column(course, "id") == ["abyron", "lilei"]


def test_a_plain_csv_is_read_whatever_its_columns_are_called(course):
    assert "a plain CSV" in take(course, PLAIN)
    assert column(course, "id") == ["00429", "00430"]
    assert column(course, "name") == ["Ada Byron", "Zoë o'brien"]


def test_from_says_what_the_file_is(course):
    assert "a Moodle list" in take(course, "Name,ID\nAda,4711\n", "--from", "moodle")
    assert "did you mean 'canvas'" in take(course, CANVAS, "--from", "canvass", exit_code=2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_spreadsheets_form_of_the_file_does_not_matter(course, encoding, separator, end):
    lines = [
        ["id", "name", "section"],
        ["00429", "Zoë, o'brien", 'the "first"\n one'],
        ["00430", "Ada", "b;c,d"],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(lines)
    take(course, text.getvalue().encode(encoding))
    assert column(course, "id") == ["00429", "00430"]
    assert column(course, "name") == ["o'brien Zoë", "Ada"]
    assert column(course, "section") == ['the "first" one', "b;c,d"]


def test_excels_line_about_the_separator_is_no_header(course):
    take(course, "sep=;\r\nid;name\r\n00429;Ada\r\n")
    assert column(course, "id") == ["00429"]


# Hostile and damaged lines


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("../../etc", "slash"),
        (".hidden", "full stop"),
        ("a\\b", "slash"),
        ("=cmd|' /C calc'!A0", "formula"),
        ("-rf", "formula"),
        ("1,23E+08", "spreadsheet has shortened"),
        ("#NAME?", "spreadsheet's error"),
        ("x" * 300, "too long"),
    ],
)
def test_an_id_that_can_be_no_folder_is_refused_with_its_line(course, id, says):
    text = io.StringIO()
    csv.writer(text).writerows([["id", "name"], ["00429", "Ada"], [id, "Eve"], ["00431", "李雷"]])
    said = take(course, text.getvalue(), exit_code=1)
    assert "2 added" in said and "line 3: " in said and says in said
    assert column(course, "id") == ["00429", "00431"]


def test_another_of_a_platforms_ids_is_taken_where_one_can_be_no_folder(course):
    take(course, CANVAS.replace("00430", "20/430"))
    assert column(course, "id") == ["00429", "zobrien", "00431"]
    assert column(course, "sis")[1] == "20/430"


def test_what_is_not_seen_is_not_taken_along(course):
    take(course, "id,name\n\u200b00429\u202e,\x1b[2JAda\u202e  By\u00adron\n")
    assert column(course, "id") == ["00429"]
    assert column(course, "name") == ["[2JAda Byron"]


def test_formulas_stay_text_and_a_formula_for_a_text_is_that_text(course):
    text = io.StringIO()
    csv.writer(text).writerows(
        [["id", "name"], ['="00429"', '=HYPERLINK("http://x")'], ["00430", "'t Hooft"]]
    )
    for added in (2, 0):
        assert f"{added} added, 0 changed" in take(course, text.getvalue())
        assert column(course, "id") == ["00429", "00430"]
        assert column(course, "name") == ['\'=HYPERLINK("http://x")', "''t Hooft"]
    assert [person.name for person in Roster.read(course).people] == ['=HYPERLINK("http://x")', "'t Hooft"]


@pytest.mark.parametrize(
    "text", ["=1", "'=1", " =1", "a;=1", "a;'=1", "'t Hooft", "''x", "-", "o'brien", "; '-x", ""]
)
def test_a_cell_says_what_was_written_into_it(text):
    assert in_cell(as_cell(text)) == text


def test_two_people_of_one_name_are_two_people(course):
    text = "id,name,email\n1,Ada Byron,a@x.org\n2,Ada Byron,b@x.org\n"
    take(course, text)
    assert "0 added, 0 changed, 2 as before" in take(course, text)
    assert column(course, "email") == ["a@x.org", "b@x.org"]
    roster = Roster.read(course)
    assert roster.match(Reference("byron", "Ada Byron")) is None
    assert [roster.label(person) for person in roster.people] == ["Ada Byron (1)", "Ada Byron (2)"]


def test_names_alone_do_unless_two_are_the_same(course):
    said = take(course, "Name,Section\nAda Byron,1\n李雷,1\nAda Byron,2\n", exit_code=1)
    assert column(course, "id") == ["李雷"]
    assert "line 2: another line has the name 'Ada Byron' too" in said and "line 4: " in said


def test_a_line_that_contradicts_another_is_not_used(course):
    said = take(course, "id,name\n1,Ada\n1,Eve\n1,Ada\n", exit_code=1)
    assert "line 3: '1' is in line 2 already" in said and "line 4" not in said
    assert column(course, "name") == ["Ada"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no line below"),
        (b"id,name\n", "no line below"),
        (b"ada@x.org,Ada\nb@x.org,Bela\n", "must name its columns"),
        (b"colour,size\nred,1\n", "no column with names"),
        (b'id,name\n1,"Ada\n', "not a CSV file"),
        (b"PK\x03\x04abc", "workbook"),
        (b"id,name\n" + b"x" * 200_000 + b",y\n", "not a CSV file"),
        (b"\xff\xfea", "can't be read"),
    ],
)
def test_what_is_no_list_of_people_is_refused_and_changes_nothing(course, data, says):
    said = take(course, data, exit_code=2)
    assert says in said and "list.csv" in said
    assert not (course.root / "roster.csv").exists()


def test_a_file_that_is_not_there_is_said(course):
    ran = CliRunner().invoke(main, ["roster", "nowhere.csv"])
    assert ran.exit_code == 2 and "nowhere.csv does not exist" in ran.output


def test_a_damaged_list_is_read_or_refused_and_leaves_a_roster_that_can_be_read(course):
    dice = random.Random(5)
    bits = [
        *(b'"', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"=", b"'", b"@", b"../", b"\t"),
        "\u202e٣".encode(),
    ]
    read = 0
    for _ in range(200):
        text = dice.choice([CANVAS, MOODLE, WORKSHEET, FINNISH, GRADESCOPE, NBGRADER, PLAIN])
        data = bytearray(text.encode(dice.choice(["utf-8", "utf-16"])))
        for _ in range(dice.randrange(1, 8)):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(8)] = dice.choice([b"", *bits])
        with contextlib.suppress(CourseError):
            merge(course, read_people(bytes(data)))
            read += 1
        assert all(not unusable(person.id) for person in Roster.read(course).people)
    assert read > 50


def test_a_name_with_a_comma_that_is_not_in_quotes_moves_no_cells(course):
    said = take(course, "id,name,email\n00429,Byron, Ada,ada@x.org\n00430,Zoë,z@x.org,,\n", exit_code=1)
    assert "line 2: it has more cells than the first line" in said
    assert column(course, "id") == ["00430"]


def test_a_line_of_canvas_without_a_name_is_somebody_all_the_same(course):
    take(course, CANVAS + ",7004,00433,nn,Monday,,\n")
    assert column(course, "id")[-1] == "00433"


# Adding to what is there


def test_what_a_teacher_wrote_stays(course):
    put(
        course,
        f"id;name;email;extension: {NAME};my notes\n"
        "00429;Ada;ada@example.org;3 days;'=likes ;cats\n"
        "007;Bond;;;\n".replace("'=likes ;cats", '"\'=likes ;cats"'),
    )
    said = take(course, GRADESCOPE)
    assert "1 added, 1 changed, 0 as before" in said
    assert "Ada (00429): name Ada → Ada Byron, section Mon, sis 00429" in said
    assert "1 in roster.csv and not in this list, left as they are: 007" in said
    text = (course.root / "roster.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text == [
        f"id;name;email;section;sis;extension: {NAME};my notes",
        '00429;Ada Byron;ada@example.org;Mon;00429;3 days;"\'=likes ;cats"',
        "007;Bond;;;;;",
        "zoe@example.org;Zoë o'brien;zoe@example.org;;;;",
    ]
    assert Roster.read(course).people[0].extensions == {NAME: "3 days"}


def test_lists_of_several_platforms_become_one_roster(course):
    take(course, CANVAS)
    said = take(course, WORKSHEET)
    assert "0 added, 2 changed" in said
    said = take(course, MOODLE)
    assert "0 added" in said, "by email, and the third by the name, which only one has"
    ada = Roster.read(course).people[0]
    assert dict(ada.ids) == {"canvas": "7001", "sis": "00429", "login": "abyron", "moodle": "501"}
    assert (ada.id, ada.email, ada.group) == ("00429", "ada@example.org", "Gruppe A")
    assert "0 added, 0 changed, 3 as before" in take(course, MOODLE)


@pytest.mark.parametrize("first", [CANVAS, NBGRADER])
def test_an_id_here_may_be_a_login_there(course, first):
    take(course, first)
    take(course, NBGRADER if first == CANVAS else CANVAS)
    assert len(rows(course)) == 3
    assert set(column(course, "login")) == {"abyron", "zobrien", "lilei"}
    assert Roster.read(course).people[0].id == ("00429" if first == CANVAS else "abyron")


def test_a_number_that_is_a_login_of_somebody_else_is_nobodys_id(course):
    put(course, "id,name,canvas\n1,Ada,429\n")
    take(course, "id,name\n429,Bela\n")
    assert column(course, "id") == ["1", "429"]


def test_a_number_that_is_another_persons_id_does_not_make_the_two_one(course):
    put(course, "id,name,email\n4028,Ada Byron,ada@example.org\n4029,Zoë O'Brien,zoe@example.org\n")
    said = take(
        course,
        "First Name,Last Name,SID,Email\nBob,Builder,4028,bob@example.org\nZoë,Newname,4029,zoe@example.org\n",
        exit_code=1,
    )
    assert column(course, "name") == ["Ada Byron", "Zoë Newname"]
    assert "line 2: its id is that of Ada Byron (4028)" in said


def test_an_empty_cell_removes_nothing(course):
    take(course, CANVAS)
    assert "0 added, 0 changed, 1 as before" in take(course, "id,name,section,login\n00429,,,\n")
    assert rows(course)[0]["login"] == "abyron"


def test_ids_of_two_people_in_one_line_change_neither(course):
    put(course, "id,name,email\n1,Ada,a@x.org\n2,Bela,b@x.org\n")
    said = take(course, "id,name,email\n1,Ada,b@x.org\n", exit_code=1)
    assert "its ids and its email are those of Ada (1) and of Bela (2)" in said
    assert column(course, "email") == ["a@x.org", "b@x.org"]


def test_an_id_that_lost_its_zeros_is_told_and_makes_nobody_new(course):
    take(course, CANVAS)
    said = take(course, "id,name\n429,Ada Byron\n", exit_code=1)
    assert "'429' may be Ada Byron (00429), whose id a spreadsheet has changed" in said
    assert len(rows(course)) == 3


def test_what_a_spreadsheet_has_changed_does_not_come_into_the_roster(course):
    """Zeros that come back do."""
    take(course, CANVAS)
    before = rows(course)
    ids = {row["canvas"]: row["sis"] for row in before}
    assert any(sis.startswith("0") for sis in ids.values())
    spoilt = "Student,ID,SIS User ID,Section\n"
    spoilt += "".join(f'"{row["name"]}",{row["canvas"]},{row["sis"].lstrip("0")},\n' for row in before)
    said = take(course, spoilt)
    assert "A spreadsheet has changed these in" in said and "Ada Byron (00429): sis 00429 → 429" in said
    assert "0 added, 0 changed, 3 as before" in said
    assert rows(course) == before
    put(course, "id,name,sis\n1,Ada Byron,429\n2,Zoë,zoÃ«\n")
    take(course, "id,sis\n1,00429\n2,zoë\n")
    assert column(course, "sis") == ["00429", "zoë"]
    assert "sis zoë → zoÃ«" in take(course, "id,sis\n1,00430\n2,zoÃ«\n")
    assert column(course, "sis") == ["00430", "zoë"]


def test_a_namesake_with_another_id_is_somebody_else(course):
    put(course, "id,name,sis\n1,Ada Byron,1\n")
    take(course, "First Name,Last Name,SID,Email\nAda,Byron,2,b@x.org\n")
    assert column(course, "sis") == ["1", "2"]


# Reading the roster


def test_without_a_file_the_roster_is_empty(course):
    assert Roster.read(course) == Roster()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,email\nAda,a@x\n", "no column 'id'"),
        ("id,ID\n1,2\n", "two columns 'id'"),
        ("id,name\n1,Ada\n\n1,Eve\n", "line 4: the id '1' is in line 2 too"),
        ('id,name\n1,"A\nda"\n../x,Eve\n', "line 4: the id '../x' can't be"),
        ("id,name\n,Ada\n", "line 2: there is no id"),
        ("id,name\n1,Ada,Byron\n", "line 2: there are more cells"),
        ("id,extension: two_layer\n1,3\n", "did you mean 'two_layers'"),
        ("id,extension two_layer\n1,3\n", "did you mean 'two_layers'"),
        ("id,extension: x\n1,3\n", "names no assignment"),
        (
            "id,extension: two_layers,extension_two_layers\n1,3,4\n",
            "two columns with extensions for two_layers",
        ),
    ],
)
def test_a_mistake_in_the_roster_is_said_with_its_line(course, text, says):
    put(course, text)
    with pytest.raises(CourseError, match="roster.csv") as error:
        Roster.read(course)
    assert says in str(error.value)


@pytest.mark.parametrize("head", ["extension: two_layers", "Extension:Two_Layers", "extension two_layers"])
def test_a_column_of_extensions_may_be_written_in_several_ways(course, head):
    put(course, f"id,{head},extensions were granted by\n1,+3 days,me\n2,,\n")
    first, second = Roster.read(course).people
    assert (first.extensions, second.extensions) == ({NAME: "+3 days"}, {})


PEOPLE = """\
id,name,email,canvas,sis,login,moodle,github
00429,Ada King Byron,ada@example.org,7001,00429,abyron,501,ada-codes
00430,Zoë o'brien,zoe@example.org,7002,00430,zobrien,502,
00431,李雷,,7003,00431,lilei,503,
bjo\u0308rn,,,,,,,
1,Sam Smith,,,,,,
2,Sam Smith,,,,,,
"""


@pytest.mark.parametrize(
    ("reference", "id"),
    [
        (Reference("00429"), "00429"),
        (Reference("429"), None),
        (Reference("501"), None),
        (Reference("7001"), "00429"),
        (Reference("00429", ids={"canvas": "7002"}), None),
        (Reference("00429", ids={"email": "ada@new.example.org"}), "00429"),
        (Reference("x", ids={"canvas": "7002"}), "00430"),
        (Reference("x", ids={"email": "ADA@example.org"}), "00429"),
        (Reference("x", ids={"canvas": "7001", "moodle": "502"}), None),
        (Reference("x", ids={"canvas": "7001", "group": "502"}), "00429"),
        (Reference("Ada-Codes"), "00429"),
        (Reference("zoe@example.org"), "00430"),
        (Reference("x", "Ada King Byron"), "00429"),
        (Reference("kingbyronada"), "00429"),
        (Reference("x", "o'brien, Zoe\u0308"), "00430"),
        (Reference("x", "李雷"), "00431"),
        (Reference("bjo\u0308rn"), "björn"),
        (Reference("x", "李雷", ids={"canvas": "666"}), None),
        (Reference("x", "李雷", ids={"moodle": "812"}), "00431"),
        (Reference("x", "Sam Smith"), None),
        (Reference("x", "Ada"), None),
        (Reference("x", ""), None),
    ],
)
def test_whose_submission_it_is(course, reference, id):
    put(course, PEOPLE)
    person = Roster.read(course).match(reference)
    assert (person and person.id) == id


def test_a_person_is_found_by_what_only_they_have(course):
    put(course, PEOPLE)
    roster = Roster.read(Course(course.root))
    assert roster.find("canvas", "7003").name == "李雷"
    assert roster.find("name", "sam smith") is None and roster.find("github", "") is None
    assert roster.find("id", "1").name == "Sam Smith"


def test_spellings_begin_with_any_word():
    assert spellings("Ada King  Byron") == {"adakingbyron", "kingbyronada", "byronadaking"}
    assert squeezed("O'Brien, Zoë-Ann_2") == "obrienzoëann2"
