"""The course's assignments, and how to know which of them a download or a hand-in is for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath

from coursekit.core.course import Assignment, Course
from coursekit.intake.names import is_notebook, likeness

_JUNK = re.compile(r"[\W_]+")
_BETWEEN_WORDS = r"[\W_]{0,3}"


class Known:
    """The assignments of a course by name and title, and by the files that students hand in."""

    def __init__(self, course: Course) -> None:
        self.assignments = {assignment.name: assignment for assignment in course.assignments()}

    @cached_property
    def _names(self) -> dict[str, list[re.Pattern[str]]]:
        return {
            name: [_pattern(text) for text in (name, _title(assignment)) if _JUNK.sub("", text)]
            for name, assignment in self.assignments.items()
        }

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """The names of the files that come with each assignment and no other."""
        found = {
            name: {path.name for path in assignment.release.glob("*.py")}
            for name, assignment in self.assignments.items()
        }
        return {
            name: files - {file for other, theirs in found.items() if other != name for file in theirs}
            for name, files in found.items()
        }

    @cached_property
    def handed_out(self) -> frozenset[str]:
        """The names of all files that students get, or hand in under that name."""
        notebooks = {assignment.notebook_name for assignment in self.assignments.values()}
        given = {path.name for one in self.assignments.values() for path in one.release.glob("*.*")}
        return frozenset(notebooks | given)

    def named(self, text: str) -> str:
        """The assignment whose name or title is in a text, as words of their own; of several, the longest.

        Empty if it is none, or if two are of one length.
        """
        text = unicodedata.normalize("NFKC", text).casefold()
        found: dict[int, set[str]] = {}
        for name, patterns in self._names.items():
            lengths = [len(_JUNK.sub("", match[0])) for one in patterns if (match := one.search(text))]
            if lengths:
                found.setdefault(max(lengths), set()).add(name)
        best = found[max(found)] if found else set()
        return best.pop() if len(best) == 1 else ""

    def without(self, text: str) -> str:
        """A text without the name or title of the assignment that it names, and without what joined the two."""
        if name := self.named(text):
            text = unicodedata.normalize("NFC", text)
            found = [match for one in self._names[name] if (match := one.search(text))]
            if found:
                longest = max(found, key=lambda match: len(match[0]))
                text = f"{text[: longest.start()]} {text[longest.end() :]}"
        return text.strip(" _-–.,+#()[]")

    def of_files(self, places: Iterable[PurePosixPath]) -> str:
        """The assignment that the names of a hand-in's files tell; empty if it is none, or not only one."""
        files = [place.name for place in places]
        found: dict[int, set[str]] = {}
        for name in self.assignments:
            like = [likeness(file, f"{name}.ipynb") for file in files if is_notebook(file)]
            like += [
                likeness(file.rsplit(".", 1)[0], name) for file in files if file.lower().endswith(".zip")
            ]
            like += [3 for file in files if file in self._files[name]]
            if best := max(like, default=0):
                found.setdefault(best, set()).add(name)
        best_names = found[max(found)] if found else set()
        longest = sorted(best_names, key=len)[-1:]
        inside = [one for one in best_names if longest and one in longest[0]]
        return longest[0] if longest and len(inside) == len(best_names) else ""

    def restored(self, name: str) -> str:
        """A file's name without the number that a platform has added; unchanged if it was not handed out so."""
        plain = re.sub(r"-\d{1,3}(?=\.[^.]+$)", "", name)
        return plain if plain in self.handed_out else name


def _pattern(text: str) -> re.Pattern[str]:
    """Finds a name or title as words of their own, whatever stands between the words."""
    words = [re.escape(word) for word in _JUNK.split(unicodedata.normalize("NFKC", text).casefold()) if word]
    return re.compile(rf"(?<![^\W_]){_BETWEEN_WORDS.join(words)}(?![^\W_])", re.IGNORECASE)


def _title(assignment: Assignment) -> str:
    """The title in the built autograder; empty if it is not built."""
    title = assignment.description().get("title")
    return title if isinstance(title, str) else ""
