"""A hand-in as formgrader shows it: the student's cells, with the names by which nbgrader finds its scores.

formgrader renders what it is given: HTML in Markdown, outputs in HTML or JavaScript, raw cells. So a student's text is
cleaned here, with nbconvert's Markdown and bleach, and only pictures and plain text are kept of the outputs.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

from coursekit.core import cells
from coursekit.core.result import Kind, QuestionResult, Result, Status
from coursekit.core.text import harmless, number
from coursekit.grading.autograder import Autograder
from coursekit.intake.notebook import READ_HERE, CheckedCell
from coursekit.intake.release import Release, text_of
from coursekit.intake.submission import Submission

MISSING = "No cell of this name was handed in."
MAX_TEXT = 5_000
"""characters of one output"""
MAX_PICTURE, MAX_PICTURES = 1 << 20, 4 << 20
"""bytes of one picture, and of all of a notebook"""
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
NO_FORMULAS = "tex2jax_ignore mathjax_ignore"
"""classes whose text MathJax leaves alone: a formula can hold a link, or a style that covers the page"""
TAGS = frozenset(
    """a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i li ol p pre s span strong sub sup table tbody
    td th thead tr u ul
    """.split()
)


def notebook(submission: Submission | None, autograder: Autograder, result: Result) -> Any:
    """The notebook to be shown, as nbformat's node.

    Read-only cells and tests are the release's, since those were graded; each of its named cells is there once.
    submission: None if nothing in it could be read.
    """
    from nbformat import v4

    release = {name: cell for cell in autograder.release.cells if (name := cells.grade_id(cell))}
    shown: list[Any] = []
    done: set[str] = set()
    outputs = dict(_outputs(submission)) if submission else {}
    originals = submission.matched.originals if submission else {}
    answers = submission.matched.answers if submission else {}
    for cell in submission.cells if submission else ():
        name = originals.get(cell["number"])
        if name is None or name in done:
            shown.append(_of_student(cell, autograder.release, outputs.get(cell["number"], [])))
            continue
        done.add(name)
        shown.append(_of_release(release[name], cell, answers, result, outputs.get(cell["number"], [])))
    _insert_missing(shown, autograder, done, answers, result)
    if submission:
        shown += _answer_files(submission, autograder)
    for place, cell in enumerate(shown):
        cell["id"] = f"cell-{place}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=shown, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _insert_missing(
    shown: list[Any], autograder: Autograder, done: set[str], answers: Mapping[str, str], result: Result
) -> None:
    """Put in the release's named cells that are not there, each behind the one before it in the release."""
    place = 0
    for cell in autograder.release.cells:
        name = cells.grade_id(cell)
        if name is None:
            continue
        if name in done:
            place = next(n for n, one in enumerate(shown) if cells.grade_id(one) == name) + 1
        else:
            shown.insert(place, _of_release(cell, None, answers, result, []))
            place += 1


def _of_release(
    original: CheckedCell,
    mine: CheckedCell | None,
    answers: Mapping[str, str],
    result: Result,
    outputs: list[Any],
) -> Any:
    """A named cell, with the student's text where students write."""
    name = cells.grade_id(original) or ""
    if cells.is_manual(original):
        made = _new(original["cell_type"], answers.get(name) or MISSING)
    elif cells.is_solution(original):
        made = _new("code", mine["source"] if mine else f"# {MISSING}", outputs)
    elif cells.is_test(original):
        question = result.question(name)
        made = _new("code", original["source"], _verdict(question) if question else [])
    else:
        made = _new(original["cell_type"], original["source"], outputs, trusted=True)
    made.metadata["nbgrader"] = original["metadata"]["nbgrader"]
    return made


def _of_student(cell: CheckedCell, release: Release, outputs: list[Any]) -> Any:
    """A cell without a name. What is as in the release may have formulas."""
    return _new(cell["cell_type"], cell["source"], outputs, trusted=text_of(cell) in release.by_text)


def _new(kind: str, source: str, outputs: list[Any] | None = None, *, trusted: bool = False) -> Any:
    from nbformat import v4

    if kind == "code":
        return v4.new_code_cell(source, outputs=outputs or [])
    if kind == "markdown" or kind == "heading":
        return v4.new_markdown_cell(source if trusted else safe_markdown(source))
    return v4.new_markdown_cell(f"<pre>{_one_line(html.escape(source))}</pre>")


def safe_markdown(source: str) -> str:
    """A student's Markdown as one harmless block of HTML, which Markdown leaves as it is."""
    import bleach
    from nbconvert.filters import markdown2html

    cleaned = bleach.clean(
        markdown2html(source), tags=TAGS, attributes={"a": ["href"]}, protocols={"http", "https", "mailto"}
    )
    return f'<div class="{NO_FORMULAS}">{_one_line(cleaned)}</div>'


def _one_line(text: str) -> str:
    """HTML without line ends, at which Markdown could end the block."""
    return text.replace("\r", "").replace("\n", "&#10;")


def _verdict(question: QuestionResult) -> list[Any]:
    """What coursekit says about a question, as its test cell's output."""
    from nbformat import v4

    points = f"{number(question.score)} of {number(question.max_score)} points"
    text = f"coursekit: {points}.\n\n{harmless(question.output)}".strip() + "\n"
    return [v4.new_output("stream", name="stdout", text=text)]


# ---- outputs


def _outputs(submission: Submission) -> Iterator[tuple[int, list[Any]]]:
    """The harmless outputs of the student's cells, by the cells' numbers. Of a very large notebook, there are none."""
    path = submission.notebook
    if path is None or path.stat().st_size > READ_HERE:
        return
    try:
        found = json.loads(path.read_bytes())["cells"]
    except (ValueError, LookupError, TypeError, RecursionError):  # a script, or an old format
        return
    left = MAX_PICTURES
    for cell in submission.cells:
        at = cell["number"] - 1
        raw = found[at].get("outputs") if at < len(found) and isinstance(found[at], dict) else None
        made = []
        for one in raw if isinstance(raw, list) else ():
            output, size = _output(one, left)
            left -= size
            made += [output] if output else []
        yield cell["number"], made


def _output(found: Any, left: int) -> tuple[Any, int]:
    """An output with nothing in it but a picture or plain text, and the picture's bytes."""
    from nbformat import v4

    if not isinstance(found, dict):
        return None, 0
    if text := _text(found.get("text")):
        return v4.new_output("stream", name="stdout", text=text), 0
    if trace := _text(found.get("traceback")):
        return v4.new_output("stream", name="stderr", text=trace), 0
    data = found.get("data")
    if not isinstance(data, dict):
        return None, 0
    for kind, start in PICTURES.items():
        picture = _picture(data.get(kind), start)
        if picture and len(picture) <= left:
            shown = {kind: base64.b64encode(picture).decode()}
            alt = {kind: {"alt": "A picture that the student's code made"}}
            return v4.new_output("display_data", shown, metadata=alt), len(picture)
    text = _text(data.get("text/plain"))
    return (v4.new_output("display_data", {"text/plain": text}) if text else None), 0


def _text(found: Any) -> str:
    lines = [found] if isinstance(found, str) else found
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return ""
    return harmless("".join(lines), MAX_TEXT)


def _picture(found: Any, start: bytes) -> bytes:
    text = "".join(found) if isinstance(found, list) and all(isinstance(one, str) for one in found) else found
    if not isinstance(text, str) or len(text) > 2 * MAX_PICTURE:
        return b""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if data.startswith(start) and len(data) <= MAX_PICTURE else b""


def _answer_files(submission: Submission, autograder: Autograder) -> Iterator[Any]:
    """The Python files that students write in, each as a cell of its own at the end."""
    for name in autograder.answer_files:
        path = submission.folder / name
        if path.is_file():
            text = path.read_bytes()[:READ_HERE].decode("utf-8", "replace")
            yield _new("code", f"# {name}\n{text}")


def hints(result: Result, autograder: Autograder) -> dict[str, str]:
    """The author's hints for what failed, by the answer cell above each test."""
    found: dict[str, list[str]] = {}
    answer = ""
    for cell in autograder.release.cells:
        name = cells.grade_id(cell) or ""
        if cells.is_solution(cell) and not cells.is_manual(cell):
            answer = name
        question = result.question(name) if cells.is_test(cell) else None
        if question and answer and question.status == Status.FAILED:
            found.setdefault(answer, []).extend(question.texts(Kind.HINT))
    return {name: "\n\n".join(texts) for name, texts in found.items() if texts}
