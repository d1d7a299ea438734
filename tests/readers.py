"""What learning platforms do with the files that go back to them, written from their specifications.

Nothing here is shared with what writes those files: a mistake in a format would have to be made twice. The sources are
canvas-lms lib/gradebook_importer.rb, Moodle's mod/assign/feedback/offline and feedback/file/importziplib.php,
Classroom 50's schemas/result-v1.schema.json with runner.py, and the JUnit format of Jenkins.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

# ---- Canvas


@dataclass
class CanvasUser:
    id: int
    name: str
    sis: str = ""
    login: str = ""


@dataclass
class CanvasImport:
    """What an import would do. asked: everything about which Canvas asks the teacher."""

    scores: dict[tuple[int, int], float | str] = field(default_factory=dict)
    deleted: list[tuple[int, int]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@dataclass
class CanvasCourse:
    """A course in Canvas: its users, its assignments with their points, and the scores so far."""

    users: list[CanvasUser]
    assignments: dict[int, tuple[str, float]]
    scores: dict[tuple[int, int], float | str] = field(default_factory=dict)

    def export(self, separator=",", comma=False, bom=True, first_last=False) -> bytes:
        """The gradebook as a teacher downloads it."""
        names = ["LastName", "FirstName"] if first_last else ["Student"]
        header = [*names, "ID", "SIS User ID", "SIS Login ID", "Section"]
        header += [f"{title} ({number})" for number, (title, _) in self.assignments.items()]
        header += ["Assignments Current Score", "Final Grade"]

        def shown(value):
            text = f"{value:.2f}" if isinstance(value, int | float) else str(value)
            return text.replace(".", ",") if comma else text

        rows = [header, ["", *[""] * (len(header) - 1)]]
        rows[1][len(names) + 4 : -2] = ["Manual Posting"] + [""] * (len(self.assignments) - 1)
        possible = [shown(points) for _, points in self.assignments.values()]
        rows.append(
            ["    Points Possible", *[""] * (len(names) + 3), *possible, "(read only)", "(read only)"]
        )
        for user in [*self.users, CanvasUser(999, "Student, Test", "", "5f3a9c")]:
            last, _, first = user.name.partition(", ")
            cells = [last, first] if first_last else [user.name]
            cells += [str(user.id), user.sis, user.login, "Neural networks, group 1"]
            cells += [shown(self.scores.get((user.id, number), "")) for number in self.assignments]
            rows.append([*cells, shown(50.0), "F"])
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
        return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()

    def imported(self, data: bytes) -> CanvasImport:
        """What Canvas makes of a file."""
        made = CanvasImport()
        text = data.decode("utf-8")
        separator = self._separator(text.splitlines(keepends=True)[:3])
        lines = [
            line for line in csv.reader(io.StringIO(text), delimiter=separator, strict=True) if any(line)
        ]
        rows = [[self._with_point(cell) for cell in line] for line in lines]
        header = rows[0]
        by_names = (
            len(header) > 4 and "LastName" in header[0] and "FirstName" in header[1] and "ID" in header[2]
        )
        assert by_names or (len(header) > 3 and "Student" in header[0] and "ID" in header[1]), header
        id_at = 2 if by_names else 1
        after = id_at + 1
        sis_at = login_at = None
        if re.search(r"SIS\s+Login\s+ID", header[after]):
            login_at, after = after, after + 1
        elif re.search(r"SIS\s+User\s+ID", header[after]) and re.search(
            r"SIS\s+Login\s+ID", header[after + 1]
        ):
            sis_at, login_at, after = after, after + 1, after + 2
            after += bool(re.search(r"Integration\s+ID", header[after]))
            after += bool(re.search(r"Root\s+Account", header[after]))
        assert "Section" in header[after], header
        columns = {}
        for at, title in enumerate(header[after + 1 :], after + 1):
            if re.search(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)", title):
                continue
            columns[at] = self._assignment(title, made)
        possible = {}
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                possible = {at: row[at] for at in columns}
                continue
            if all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.I) for cell in row):
                continue
            user = self._user(row, id_at, sis_at, login_at, by_names, made)
            for at, number in columns.items():
                if (
                    user is not None
                    and number is not None
                    and not re.search(r"read\s+only", possible.get(at, ""))
                ):
                    self._score(user, number, row[at].strip(), made)
        return made

    @staticmethod
    def _separator(lines: list[str]) -> str:
        counts = {}
        for separator in ";,":
            widths = {len(next(csv.reader([line], delimiter=separator))) for line in lines}
            counts[separator] = widths.pop() if len(widths) == 1 else 0
        return ";" if counts[";"] > counts[","] else ","

    @staticmethod
    def _with_point(cell: str) -> str:
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *whole, last = re.split("[,.]", cell)
        return f"{''.join(whole)}.{last}" if whole else last

    def _assignment(self, title: str, made: CanvasImport) -> int | None:
        named = re.fullmatch(r"(.*)\s\((\d+)\)", title)
        if named and int(named[2]) in self.assignments:
            return int(named[2])
        for number, (own, _) in self.assignments.items():
            if own == title:
                return number
        made.asked.append(f"a new assignment: {title}")
        return None

    def _user(self, row, id_at, sis_at, login_at, by_names, made) -> int | None:
        wanted = re.match(r"\s*(\d*)", row[id_at])[1]
        for user in self.users:
            if wanted and user.id == int(wanted):
                return user.id
        for at, attribute in ((sis_at, "sis"), (login_at, "login")):
            for user in self.users:
                if at is not None and row[at] and getattr(user, attribute) == row[at]:
                    return user.id
        name = f"{row[0]}, {row[1]}" if by_names else row[0]
        for user in self.users:
            if user.name == name:
                return user.id
        made.asked.append(f"a student: {row}")
        return None

    def _score(self, user: int, number: int, cell: str, made: CanvasImport) -> None:
        before = self.scores.get((user, number), "")
        if cell in ("", "-"):
            if before != "":
                made.deleted.append((user, number))
            return
        value: float | str = "EX" if cell.upper() == "EX" else float(cell)
        made.scores[user, number] = value


# ---- Moodle

ENGLISH = {
    "id": "Identifier", "who": "Participant ", "name": "Full name", "email": "Email address", "status": "Status",
    "grade": "Grade", "most": "Maximum grade", "can": "Grade can be changed", "yes": "Yes", "no": "No",
    "handed_in": "Last modified (submission)", "graded": "Last modified (grade)", "comments": "Feedback comments",
    "time": "Wednesday, 7 October 2026, 9:15 AM",
}  # fmt: skip
GERMAN = {
    "id": "ID", "who": "Teilnehmer/in", "name": "Vollständiger Name", "email": "E-Mail-Adresse", "status": "Status",
    "grade": "Bewertung", "most": "Bestwertung", "can": "Bewertung kann geändert werden", "yes": "Ja", "no": "Nein",
    "handed_in": "Zuletzt geändert (Abgabe)", "graded": "Zuletzt geändert (Bewertung)",
    "comments": "Feedback als Kommentar", "time": "Mittwoch, 7. Oktober 2026, 09:15",
}  # fmt: skip
JAPANESE = {
    "id": "識別子", "who": "参加者", "name": "フルネーム", "email": "メールアドレス", "status": "ステータス",
    "grade": "評点", "most": "最大評点", "can": "評点変更可", "yes": "はい", "no": "いいえ",
    "handed_in": "最終更新日時 (提出)", "graded": "最終更新日時 (評点)", "comments": "フィードバックコメント",
    "time": "2026年 10月 7日(水曜日) 09:15",
}  # fmt: skip


@dataclass
class Participant:
    id: int
    name: str
    email: str = ""
    grade: float | None = None
    comment: str = ""
    locked: bool = False


@dataclass
class MoodleAssignment:
    """An assignment in Moodle, in one language, with a decimal comma or point."""

    people: list[Participant]
    most: float
    words: dict[str, str] = field(default_factory=lambda: ENGLISH)
    comma: bool = False
    separator: str = ","
    encoding: str = "utf-8"
    with_comments: bool = True
    workflow: bool = False
    online_text: str = ""

    def worksheet(self) -> bytes:
        """The grading worksheet as a teacher downloads it."""
        words = self.words
        header = [words[key] for key in ("id", "name", "email", "status", "grade", "most")]
        header += ["Marking workflow state"] * self.workflow + [words["can"], words["handed_in"]]
        header += ["Online text"] * bool(self.online_text) + [words["graded"]]
        header += [words["comments"]] * self.with_comments
        rows = [header]
        for one in self.people:
            grade = "" if one.grade is None else self._shown(one.grade)
            row = [f"{words['who']}{one.id}", one.name, one.email, "Submitted", grade, self._shown(self.most)]
            row += ["Not marked"] * self.workflow + [
                words["no"] if one.locked else words["yes"],
                words["time"],
            ]
            row += [self.online_text] * bool(self.online_text) + ["-" if one.grade is None else words["time"]]
            rows.append(row + [one.comment] * self.with_comments)
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator="\n").writerows(rows)
        return text.getvalue().encode(self.encoding)

    def _shown(self, value: float) -> str:
        return f"{value:.2f}".replace(".", ",") if self.comma else f"{value:.2f}"

    def upload(self, data: bytes) -> tuple[dict[int, float], dict[int, str]]:
        """The grades and comments that change. The file must have the form in which it was downloaded."""
        rows, sheet = self._rows(data), self._rows(self.worksheet())
        assert rows[0] == sheet[0]
        at = {name: rows[0].index(self.words[name]) for name in ("id", "grade", "graded")}
        comments = rows[0].index(self.words["comments"]) if self.with_comments else None
        people = {one.id: one for one in self.people}
        grades, said = {}, {}
        for row, before in zip(rows[1:], sheet[1:], strict=True):
            kept = [n for n in range(len(row)) if n not in (at["grade"], comments)]
            assert [row[n] for n in kept] == [before[n] for n in kept], "nothing else may change"
            one = people[int(row[at["id"]][len(self.words["who"]) :])]
            cell = row[at["grade"]].strip()
            value = float(cell.replace(",", ".") if self.comma else cell) if cell else None
            if value is not None and value != one.grade and not one.locked and 0 <= value <= self.most:
                grades[one.id] = value
            if comments is not None and row[comments] != one.comment:
                said[one.id] = row[comments]
        return grades, said

    def _rows(self, data: bytes) -> list[list[str]]:
        before = csv.field_size_limit(1 << 30)
        try:
            text = io.StringIO(data.decode(self.encoding), newline="")
            return list(csv.reader(text, delimiter=self.separator, strict=True))
        finally:
            csv.field_size_limit(before)

    def upload_zip(self, data: bytes) -> dict[int, dict[str, bytes]]:
        """The feedback files that everybody gets; a file whose name Moodle can't read is an error."""
        found: dict[int, dict[str, bytes]] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for path in archive.namelist():
                parts = path.split("_", 4)
                assert "/" not in path and not path.startswith((".", "~")) and len(parts) == 5, path
                assert parts[2:4] == ["assignfeedback", "file"] and parts[1].isdigit(), path
                assert int(parts[1]) in {one.id for one in self.people}, path
                found.setdefault(int(parts[1]), {})[parts[4]] = archive.read(path)
        return found


# ---- JUnit


def junit(data: bytes) -> dict[str, dict[str, str]]:
    """Of each suite, the outcome of each case: passed, or what the child element is called, with its message."""
    root = ElementTree.fromstring(data)
    assert root.tag == "testsuites"
    found = {}
    for suite in root:
        assert suite.tag == "testsuite"
        cases = suite.findall("testcase")
        for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(word)) == sum(case.find(tag) is not None for case in cases)
        assert int(suite.get("tests")) == len(cases)
        outcomes = {}
        for case in cases:
            assert case.get("classname") and case.get("name")
            children = [child for child in case if child.tag in ("failure", "error", "skipped")]
            assert len(children) < 2
            outcomes[case.get("name")] = (
                f"{children[0].tag}: {children[0].get('message')}" if children else "passed"
            )
        found[suite.get("name")] = outcomes
    return found


def junit_points(data: bytes) -> dict[str, float]:
    """The points of each suite."""
    return {
        suite.get("name"): float(one.get("value"))
        for suite in ElementTree.fromstring(data)
        for one in suite.iter("property")
        if one.get("name") == "points"
    }


# ---- Classroom 50

REQUIRED = """
    schema classroom assignment assignment_type owner submission commit release review datetime score max-score tests
""".split()


def classroom50(data: bytes, environment: dict[str, str]) -> dict:
    """The result, if Classroom 50 takes it for a run in that environment."""
    found = json.loads(data)
    assert set(REQUIRED) <= set(found) <= {*REQUIRED, "graded_at", "submitted_by"}
    assert found["schema"] == "classroom50/result/v1"
    assert found["classroom"] == environment["CLASSROOM"] and found["assignment"] == environment["ASSIGNMENT"]
    assert found["owner"].lower() == environment["USERNAME"].lower()
    assert found["assignment_type"] == environment.get("MODE", "individual")
    assert found["submission"].startswith("submit/")
    assert all(isinstance(found[key], str) and found[key] for key in ("commit", "release", "review"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", found["datetime"])
    for one in [found, *found["tests"]]:
        assert type(one["score"]) is int and type(one["max-score"]) is int
        assert 0 <= one["score"] <= one["max-score"]
    for one in found["tests"]:
        assert isinstance(one["test-name"], str) and one["test-name"] and type(one["passed"]) is bool
    return found
