"""HTML, script, formulas and terminal controls in everything that feedback shows: output, errors, frames, file names.

Holds: feedback is made with escaping, a policy that runs nothing, and no invisible characters.
Unsealed: no, otter writes no pages, and nbgrader's are notebooks, which run what they hold by design.
"""

import json
import re

import nbformat

from coursekit.core import cells

EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\x1b]0;x\x07\u202e\x00=1+1{{7*7}}&lt;b&gt;"
)
CODE = """
evil = {evil!r}


class Evil(Exception):
    pass


Evil.__name__ = Evil.__qualname__ = evil


def shout(*arguments, **keywords):
    print("</pre></article>" + evil)
    exec(compile("raise Evil(evil)", "<img src=x onerror=alert(1)>", "exec"))


for name in {names!r}:
    globals()[name] = shout
"""
NAME = "<img src=x onerror=alert(1)>=1+1\x1b[31m.ipynb"


def write(folder, notebook, answers):
    names = [name for answer in answers.values() for name in re.findall(r"^def (\w+)", answer, re.M)]
    sources = [CODE.format(evil=EVIL, names=names), "shout()", "raise KeyError(evil)", "if <b>bold</b>:"]
    evil = [nbformat.v4.new_code_cell(source, id=f"evil-{n}") for n, source in enumerate(sources)]
    tests = [cell for cell in notebook.cells if cells.is_test(cell)]
    notebook.cells = [*(cell for cell in notebook.cells if cell not in tests), *evil, *tests]
    notebook.metadata["title"] = EVIL
    (folder / NAME).write_text(json.dumps(notebook))
    (folder / "javascript:alert(1).py").write_text("")
