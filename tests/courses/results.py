"""Results of a made-up assignment, as they lie on disk, and what is written from them."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser

from coursekit.core.course import Course

NAME = "two_layers"
QUESTIONS = [("warm_up", 0), ("forward", 10), ("backward", 20), ("training", 10)]
PASSED = [{"kind": "verdict", "hidden": hidden, "passed": True} for hidden in (False, True)]
ANSWER = "Batch normalisation helps, λ hurts.\n\n=HYPERLINK(1)\n" + "word " * 100
TWINS = {
    "a space at the end": ("alice", "alice "),
    "a space before": ("alice", " alice"),
    "two spaces": ("al ice", "al  ice"),
    "another space": ("al ice", "al\xa0ice"),
    "a line end": ("al ice", "al\nice"),
    "a tab": ("al ice", "al\tice"),
    "an escape": ("al\x1bice", "al\\x1bice"),
    "an escaped escape": ("al\\x1bice", "al\\x5cx1bice"),
    "a backslash": ("al\\", "al\\\\"),
    "case": ("alice", "Alice"),
    "Unicode form": ("zo\xeb", "zoe\u0308"),
    "a compatible letter": ("alice", "\uff41lice"),
    "a mark that is not seen": ("alice", "alice\u200f"),
    "no UTF-8": ("caf\udce9", "caf\\udce9"),
    "a formula": ("=1+1", "'=1+1"),
    "an apostrophe": ("'alice", "''alice"),
    "a formula after a space": (" =1", "' =1"),
    "a formula after a semicolon": ("a;=1", "a;'=1"),
    "an apostrophe after a semicolon": ("a;'1", "a;''1"),
    "what is beyond 200 characters": ("n" * 240 + "a", "n" * 240 + "b"),
    "quotes": ('al"ice', 'al""ice'),
    "a full stop": ("alice", "alice."),
}
"""pairs of names that are almost one"""


def built(tmp_path):
    """A built assignment of four questions, without results."""
    (tmp_path / "source" / NAME).mkdir(parents=True)
    (tmp_path / "source" / NAME / f"{NAME}.ipynb").write_text("{}")
    found = Course(tmp_path).assignment(NAME)
    found.autograder.mkdir(parents=True)
    questions = [{"name": name, "points": points} for name, points in QUESTIONS]
    built = {"assignment": NAME, "title": "Two layers & more", "questions": questions}
    (found.autograder / "assignment.json").write_text(json.dumps(built))
    found.results.mkdir(parents=True)
    return found


def result(student, failed=(), **extra):
    """A result in which `failed` ({question: text or parts}) failed and the rest passed."""
    failed = {name: [message(said)] if isinstance(said, str) else said for name, said in dict(failed).items()}
    tests = [
        {
            "name": name,
            "score": 0.0 if name in failed else float(points),
            "max_score": float(points),
            "status": "failed" if name in failed else "passed",
            "parts": failed.get(name, PASSED),
            "visibility": "visible",
        }
        for name, points in QUESTIONS
    ]
    score = sum(test["score"] for test in tests)
    notes = [note if isinstance(note, dict) else {"text": note} for note in extra.pop("notes", ())]
    facts = {"sealed": True, "sandbox": "bubblewrap", "seconds": 1.5, "error": None}
    named = {"student": student, "assignment": NAME, "max_score": 40.0}
    told = {"notes": notes, "data": extra.pop("told", {})}
    return {"schema": 2, "score": score, "tests": tests, "extra_data": {**named, **facts, **extra}, **told}


def message(text, kind="message"):
    return {"kind": kind, "text": text}


def waits(student, answer=ANSWER):
    """A result in which `backward` waits for a person."""
    found = result(student)
    parts = [message("A person reads it:"), message(answer, "answer")]
    found["tests"][2] |= {"status": "manual", "score": 0.0, "parts": parts}
    found["score"] = 20.0
    return found


def put(assignment, *results):
    for found in results:
        path = assignment.results / f"{found['extra_data']['student']}.json"
        path.write_text(json.dumps(found))


def gradebook(assignment):
    with (assignment.results / "gradebook.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def page(assignment, student):
    return (assignment.feedback / f"{student}.html").read_text(encoding="utf-8")


class Page(HTMLParser):
    """What a browser would see: the elements with their attributes, and the text of the page."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.style, self._in = [], "", "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, tag):
        self._in = ""

    def handle_data(self, found):
        if self._in == "style":
            self.style += found
        else:
            self.text += found

    def all(self, tag, **attributes):
        return [a for t, a in self.elements if t == tag and attributes.items() <= a.items()]
