"""Check a results.json by Gradescope's specification of it: its keys, their types and values. Knows no writer."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

NUMBER, TEXT, ANYTHING = (int, float), (str,), (dict, list, str, int, float, bool)
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
WHOLE = {
    "score": NUMBER,
    "execution_time": NUMBER,
    "output": TEXT,
    "output_format": TEXT,
    "test_output_format": TEXT,
    "test_name_format": TEXT,
    "visibility": TEXT,
    "stdout_visibility": TEXT,
    "extra_data": ANYTHING,
    "tests": (list,),
    "leaderboard": (list,),
}
TEST = {
    "score": NUMBER,
    "max_score": NUMBER,
    "status": TEXT,
    "name": TEXT,
    "name_format": TEXT,
    "number": TEXT,
    "output": TEXT,
    "output_format": TEXT,
    "tags": (list,),
    "visibility": TEXT,
    "extra_data": ANYTHING,
}
VALUES = {
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "name_format": FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "status": {"passed", "failed"},
}


def problems(text: str) -> list[str]:
    """What Gradescope would not understand, or not show, in this text of a results.json."""
    try:
        found = json.loads(text, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError) as error:
        return [f"not JSON: {error}"]
    if not isinstance(found, dict):
        return [f"a {type(found).__name__} in place of one object"]
    said = _object(found, WHOLE, "the object")
    tests = found.get("tests", [])
    for place, test in enumerate(tests):
        said += _object(test, TEST, f"test {place}")
        said += [
            f"test {place} has a tag that is no text" for tag in test.get("tags", []) if type(tag) is not str
        ]
        if "max_score" in test and not 0 <= test.get("score", 0) <= test["max_score"]:
            said.append(f"test {place} has {test.get('score')} of {test['max_score']} points")
    if "score" not in found and not any("score" in test for test in tests):
        said.append("neither the object nor any test has a score")
    for entry in found.get("leaderboard", []):
        if not {"name", "value"} <= entry.keys() <= {"name", "value", "order"}:
            said.append("a leaderboard's entry has other keys")
    if any(test.get("visibility", "visible") != "visible" for test in tests):
        said.append("a test is hidden, so the total is hidden from students")
    return said


def _object(found: dict[str, Any], keys: dict[str, tuple[type, ...]], what: str) -> list[str]:
    said = [f"{what} has the key {key!r}" for key in found.keys() - keys.keys()]
    for key, kinds in keys.items():
        if key in found and type(found[key]) not in kinds:
            said.append(f"{what}: {key} is a {type(found[key]).__name__}")
        elif key in found and key in VALUES and found[key] not in VALUES[key]:
            said.append(f"{what}: {key} is {found[key]!r}")
    return said


class Markup(HTMLParser):
    """The tags in a piece of HTML, and the text that a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[Any] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(found: dict[str, Any]) -> str:
    """All that a student reads in a results.json."""
    return Markup("\n".join([found["output"], *(test["output"] for test in found["tests"])])).text
