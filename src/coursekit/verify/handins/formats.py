"""What bytes the notebook and the answer files consist of."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path
from typing import Any

from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.verify.handins.making import Due, hand_in
from coursekit.verify.handins.work import (
    Notebook,
    Work,
    alone,
    answers_in_cells,
    answers_in_files,
    dumped,
    find,
)
from coursekit.verify.handins.zips import zipped


def _as_bytes(work: Work, folder: Path, data: bytes) -> None:
    work.fill_files(folder)
    (folder / work.notebook_name).write_bytes(data)


# Older and other writers of notebooks


@hand_in()
def format_3(work: Work, folder: Path) -> Due:
    """IPython's format 3: worksheets, and "input" in place of "source"."""
    notebook = work.worked()
    sheet: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        cell.pop("id", None)
        if cells.is_code(cell):
            code = {"input": cell.pop("source"), "language": "python", "collapsed": False, "prompt_number": 1}
            sheet.append({"cell_type": "code", "metadata": cell["metadata"], "outputs": [], **code})
        else:
            sheet.append(cell)
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": work.name}}
    _as_bytes(work, folder, json.dumps(old | {"worksheets": [{"cells": sheet, "metadata": {}}]}).encode())
    return Due(noted=("format 3",), words=work.words)


@hand_in()
def format_3_with_headings(work: Work, folder: Path) -> Due:
    """The same with its cells for headings, and several worksheets."""
    notebook = work.worked()
    sheets: list[list[dict[str, Any]]] = [[]]
    for cell in notebook["cells"]:
        cell.pop("id", None)
        if cells.is_code(cell):
            sheets[-1].append(
                {"cell_type": "code", "metadata": cell["metadata"], "input": cell["source"].split("\n")}
            )
            sheets[-1][-1].update(language="python", outputs=[])
            sheets[-1][-1]["input"] = [f"{line}\n" for line in cell["source"].split("\n")]
        elif cell["source"].startswith("## "):
            heading, _, text = cell["source"].partition("\n")
            sheets.append([{"cell_type": "heading", "level": 2, "metadata": {}, "source": heading[3:]}])
            sheets[-1].append({**cell, "source": text.strip()})
        else:
            sheets[-1].append(cell)
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    whole = old | {"worksheets": [{"cells": one, "metadata": {}} for one in sheets]}
    _as_bytes(work, folder, json.dumps(whole).encode())
    return Due(words=work.words)


@hand_in()
def format_of_2015(work: Work, folder: Path) -> None:
    """Format 4.0, without ids, each source as one text."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell.pop("id")
    _as_bytes(work, folder, json.dumps(notebook | {"nbformat_minor": 0}).encode())


@hand_in()
def format_of_the_future(work: Work, folder: Path) -> None:
    """A minor version that does not exist yet, with keys that nobody knows."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell["attachments"] = {}
        cell["provenance"] = [{"by": "jane"}]
    _as_bytes(work, folder, json.dumps(notebook | {"nbformat_minor": 9, "signature": "…"}).encode())


@hand_in()
def ids_twice(work: Work, folder: Path) -> None:
    """All cells have the same id, as some program of old left them."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell["id"] = "same"
    work.fill(folder, notebook)


@hand_in()
def odd_metadata(work: Work, folder: Path) -> None:
    """Metadata of other types than they should be, in cells that need none."""
    notebook = work.worked()
    odd: list[Any] = [None, [], {"tags": None}, {"tags": "x"}, {"nbgrader": None}, {"collapsed": "no"}]
    plain = [cell for cell in notebook["cells"] if not cell["metadata"]]
    if len(plain) < len(odd):
        raise CourseError("There are too few cells without metadata.")
    for cell, metadata in zip(plain, odd, strict=False):
        cell["metadata"] = metadata
    work.fill(folder, notebook)


@hand_in()
def one_line(work: Work, folder: Path) -> None:
    """All of the notebook in one line, with everything beyond ASCII escaped."""
    _as_bytes(work, folder, json.dumps(work.worked(), separators=(",", ":")).encode())


# Encodings


@hand_in()
def utf_16(work: Work, folder: Path) -> Due:
    """PowerShell's ">" wrote UTF-16."""
    _as_bytes(work, folder, b"\xff\xfe" + dumped(work.worked()).decode().encode("utf-16-le"))
    return Due(words=work.words)


@hand_in()
def utf_16_other_way_round(work: Work, folder: Path) -> None:
    """UTF-16 with the other order of bytes."""
    _as_bytes(work, folder, b"\xfe\xff" + dumped(work.worked()).decode().encode("utf-16-be"))


@hand_in()
def byte_order_mark(work: Work, folder: Path) -> None:
    """Notepad put a byte order mark before UTF-8."""
    _as_bytes(work, folder, b"\xef\xbb\xbf" + dumped(work.worked()))


@hand_in()
def line_ends_of_windows(work: Work, folder: Path) -> None:
    """Windows's line ends, in the file and in every cell."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    _as_bytes(work, folder, json.dumps(notebook, indent=1).replace("\n", "\r\n").encode())


@hand_in()
def line_ends_of_old_macs(work: Work, folder: Path) -> None:
    """Line ends of old Macs in every cell."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r")
    work.fill(folder, notebook)


def _answers_as(work: Work, folder: Path, encoding: str, mark: bytes = b"", ends: str = "\n") -> None:
    work.fill(folder)
    for name, text in work.answer_files.items():
        (folder / name).write_bytes(mark + text.replace("\n", ends).encode(encoding))


@hand_in(answers_in_files)
def answer_file_with_byte_order_mark(work: Work, folder: Path) -> None:
    """Notepad saved the Python file: a byte order mark and Windows's line ends."""
    _answers_as(work, folder, "utf-8", b"\xef\xbb\xbf", "\r\n")


@hand_in(answers_in_files)
def answer_file_in_utf_16(work: Work, folder: Path) -> None:
    """PowerShell's ">" wrote the Python file in UTF-16."""
    _answers_as(work, folder, "utf-16-le", b"\xff\xfe", "\r\n")


# Outputs and metadata


@hand_in()
def outputs(work: Work, folder: Path) -> None:
    """Run before it was handed in: numbers, text, pictures and a traceback below the cells."""
    notebook = work.worked()
    picture = base64.b64encode(os.urandom(100_000)).decode()
    for number, cell in enumerate(c for c in notebook["cells"] if cells.is_code(c)):
        cell["execution_count"] = number
        cell["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": ["epoch 1\n", "epoch 2\n"]},
            {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}},
            {
                "output_type": "error",
                "ename": "NameError",
                "evalue": "x",
                "traceback": ["\x1b[0;31mNameError"],
            },
        ]
    work.fill(folder, notebook)


@hand_in(alone)
def outputs_of_200_mb(work: Work, folder: Path) -> None:
    """A loop printed all night: 200 MB, of which all but the last are outputs."""
    _heavy(work, folder, {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["#"]}]}, 200)


@hand_in()
def output_of_a_picture(work: Work, folder: Path) -> None:
    """One picture of 60 MB below a cell."""
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "#"}}
    _heavy(work, folder, {"outputs": [picture]}, 60)


@hand_in()
def widgets(work: Work, folder: Path) -> None:
    """The state of widgets in the notebook's metadata: 60 MB of progress bars."""
    notebook = work.worked()
    notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {"a": {"value": "#"}}}
    }
    _stretch(work, folder, notebook, 60)


@hand_in()
def attachments(work: Work, folder: Path) -> None:
    """Photos of handwritten formulas as attachments of a text cell: 45 MB."""
    notebook = work.worked()
    text = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    text["attachments"] = {"photo.jpg": {"image/jpeg": "#"}}
    _stretch(work, folder, notebook, 45)


def _heavy(work: Work, folder: Path, keys: dict[str, Any], size: int) -> None:
    notebook = work.worked()
    next(c for c in notebook["cells"] if cells.is_code(c)).update(keys)
    _stretch(work, folder, notebook, size)


def _stretch(work: Work, folder: Path, notebook: Notebook, size: int) -> None:
    """Write a notebook with `size` MB in place of a text "#"."""
    work.fill_files(folder)
    head, mark, tail = dumped(notebook).partition(b'"#"')
    if not mark:
        raise CourseError("There is nothing to stretch.")
    with (folder / work.notebook_name).open("wb") as file:
        file.write(head + b'"')
        for _ in range(10 * size):
            file.write((b"0123456789" * 10 + b"\\n") * 981)
        file.write(b'"' + tail)


# What can't be read


def _line(data: bytes, where: bytes) -> int:
    return data[: data.index(where)].count(b"\n") + 1


@hand_in(answers_in_cells)
def merge_conflict(work: Work, folder: Path) -> Due:
    """Git's markers of a merge conflict are in the file: the sentence names the line, and what to do."""
    data = dumped(work.worked())
    lines = data.split(b"\n")
    place = next(n for n, line in enumerate(lines) if b'"source"' in line) + 1
    lines[place:place] = [b"<<<<<<< HEAD", lines[place], b"=======", b'    "x = 1\\n",', b">>>>>>> main"]
    _as_bytes(work, folder, b"\n".join(lines))
    return Due(refused=(rf"line {place + 1}\b", "merge|conflict", "<<<<<<<|mark|solve"))


@hand_in(answers_in_cells)
def half_a_notebook(work: Work, folder: Path) -> Due:
    """The upload broke off in the middle: the sentence names the line."""
    data = dumped(work.worked())
    data = data[: len(data) // 2]
    _as_bytes(work, folder, data)
    last = data.count(b"\n") + 1
    return Due(refused=(rf"line ({'|'.join(str(last - n) for n in range(3))})\b",))


@hand_in(answers_in_cells)
def comma_too_many(work: Work, folder: Path) -> Due:
    """The file was edited as text, and a comma is left: the sentence names the line."""
    data = dumped(work.worked())
    place = data.rindex(b"\n  }\n ],")
    broken = data[:place] + b"," + data[place:]
    _as_bytes(work, folder, broken)
    line = broken[:place].count(b"\n") + 1
    return Due(refused=(rf"line ({line}|{line + 1})\b",))


@hand_in(answers_in_cells)
def page_in_place_of_the_notebook(work: Work, folder: Path) -> Due:
    """ "Save page as" on a website gave a web page with the notebook's name."""
    page = b"<!DOCTYPE html>\n<html lang='en'>\n<head><title>GitHub</title></head>\n<body></body>\n</html>\n"
    _as_bytes(work, folder, page)
    return Due(refused=("HTML|web page",))


@hand_in(answers_in_cells)
def html_only(work: Work, folder: Path) -> Due:
    """The notebook was handed in as HTML: the sentence says which file is wanted."""
    work.fill_files(folder)
    (folder / f"{work.name}.html").write_text("<!DOCTYPE html><html><body><pre>…</pre></body></html>")
    return Due(refused=("HTML|web page", r"\.ipynb"))


@hand_in(alone)
def pdf_only(work: Work, folder: Path) -> Due:
    """The notebook was handed in as a PDF."""
    folder.parent.mkdir(parents=True)
    path = folder.with_name(f"{work.name}.pdf")
    path.write_bytes(b"%PDF-1.5\n" + bytes(3000))
    return Due(path, refused=("PDF", r"\.ipynb"))


@hand_in(answers_in_cells)
def pdf_in_place_of_the_notebook(work: Work, folder: Path) -> Due:
    """A PDF whose name was changed into a notebook's."""
    _as_bytes(work, folder, b"%PDF-1.5\n" + bytes(3000))
    return Due(refused=("PDF",))


@hand_in(answers_in_cells)
def empty_file(work: Work, folder: Path) -> Due:
    """The disk was full, and the notebook has no bytes."""
    _as_bytes(work, folder, b"")
    return Due(refused=("empty",))


@hand_in(answers_in_files)
def unreadable_notebook_beside_the_answer_file(work: Work, folder: Path) -> Due:
    """The notebook can't be read, but all answers are in the Python file, which can."""
    _as_bytes(work, folder, dumped(work.worked())[:5000])
    return Due(noted=(re.escape(work.notebook_name),))


@hand_in()
def damaged_zip(work: Work, folder: Path) -> Due:
    """The upload of a zip broke off."""
    path = zipped(folder.with_name(f"{work.name}.zip"), work.files())
    path.write_bytes(path.read_bytes()[:-300])
    return Due(refused=("zip",))


@hand_in()
def zip_with_a_password(work: Work, folder: Path) -> Due:
    """A zip that is encrypted: the sentence asks for one without a password."""
    path = zipped(folder.with_name(f"{work.name}.zip"), work.files())
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    path.write_bytes(data)
    return Due(refused=("password",))


@hand_in(answers_in_cells)
def one_damaged_cell(work: Work, folder: Path) -> Due:
    """A cell in which nothing is to be graded has no source: a note says which, and the rest counts."""
    notebook = work.worked()
    place = notebook["cells"].index(find(notebook, work.answers[-1])) + 1
    notebook["cells"].insert(place, {"cell_type": "code", "metadata": {}, "outputs": []})
    folder.mkdir(parents=True)
    work.fill_files(folder)
    (folder / work.notebook_name).write_text(json.dumps(notebook))
    return Due(noted=(rf"cell {place + 1}\b",))
