"""Files beside the notebook with odd names: line ends, no UTF-8, commands, options, control characters, 255 characters.

Holds: names are passed on as bytes, never to a shell, and are shown with invisible characters made visible.
Base: solution
"""

import os

import nbformat

NAMES = [
    "new\nline.py", os.fsdecode(b"caf\xe9.py"), os.fsdecode(b"\xff\xfe"), "x" * 255, " ", "-rf", "--help", "*", "~",
    "$(touch coursekit-attack)", "`touch coursekit-attack`", "; touch coursekit-attack", "\x1b[31mred.py", "%s%n",
    "<img src=x onerror=alert(1)>.py", "\u202egnp.py", "NUL", "con.py", "..ipynb", "=1+1.csv",
]  # fmt: skip


def write(folder, notebook, answers):
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    (folder / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook))
    for name in NAMES:
        (folder / name).write_text("")
