"""Students whose names are spreadsheet formulas, terminal controls, markup, line ends, or no text at all.

Holds: a name is shown on one line with invisible characters made visible, and no gradebook cell is a formula.
Unsealed: no, otter names nobody, and nbgrader's gradebook leaves it to its exporters.
"""

import json
import os

NAMES = [
    "=cmd|' calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r\n=1+1", "＝1+1", '"=1+1', ",=1+1",
    "\x1b[2J\x1b]0;owned\x07", "two\nlines,1000,1000", "<img src=x onerror=alert(1)>", "\u202eada", "{{7*7}}",
    os.fsdecode(b"caf\xe9"), "..json", "[red]ada[/red]".replace("/", ""), "x" * 250,
]  # fmt: skip
GRADED = 3


def write(folder, notebook, answers):
    """A few are graded; the others hand in nothing, so that it is soon done."""
    notebook.cells.clear()
    for number, name in enumerate(NAMES):
        other = folder.parents[1] / name / folder.name
        other.mkdir(parents=True)
        if number < GRADED:
            (other / f"{folder.name}.ipynb").write_text(json.dumps(notebook))
