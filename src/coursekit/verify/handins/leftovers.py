"""What students leave in cells."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.verify.handins.making import Due, add, hand_in
from coursekit.verify.handins.work import (
    Change,
    Notebook,
    Work,
    above,
    answers_in_cells,
    answers_in_files,
    below,
    changed,
    defined,
    find,
    needing,
    own,
    place_of,
)

# A cell that raises


def _raising(*lines: str) -> Change:
    """A helper, which the answer needs, stands between lines that raise and the answer."""

    def change(source: str) -> str:
        helper = "def part_of_it(x):\n    return math.sqrt(4 * x * x)\n\n\n"
        return above(*lines)("import math\n\n\n" + helper + needing("assert part_of_it(2) == 4")(source))

    return change


RAISING = {
    "number_asked_for": (
        "A number was asked for, and nobody is there to type it.",
        "n = int(input('How many? '))",
    ),
    "missing_file": ("A file that stayed at home is read.", "table = np.loadtxt('C:/Users/jane/losses.csv')"),
    "open_file": ("The same with open().", "notes = open('/home/jane/notes.txt').read()"),
    "stray_name": ("A name that was tried out and deleted.", "what_is_this"),
    "stray_call": ("A call of something that is not defined any more.", "print(old_result.shape)"),
    "division": ("A calculation that fails.", "ratio = 1 / 0"),
    "failed_check": ("The student's own check, which fails.", "assert 2 + 2 == 5, 'check this again'"),
    "folder": ("A folder that is not here.", "import os; os.chdir('C:/Users/jane/homework')"),
    "exit": ("sys.exit() was used as a brake.", "import sys; sys.exit()"),
    "unknown_magic": ("A magic of an extension that is not here.", "%lprun -f f f(1)"),
    "widgets": ("A widget's events, without a browser.", "import google.colab.widgets as w; w.Grid(2, 2)"),
}


def _above(line: str, *, noted: bool) -> object:
    def make(work: Work, folder: Path) -> Due:
        work.with_first(folder, _raising(line))
        return Due(noted=(r"line 1\b",) if noted else ())

    return make


for _name, (_story, _line) in RAISING.items():
    add(
        f"raises-above-{_name.replace('_', '-')}",
        _story,
        "leftovers",
        _above(_line, noted=False),
        answers_in_cells,
    )


@hand_in(answers_in_cells)
def raises_in_its_third_line(work: Work, folder: Path) -> Due:
    """A cell raises in its third line: what is defined above and below counts, and the note names the line."""
    work.with_first(folder, _raising("a = 1", "b = a + 1", "c = b + not_defined"))
    return Due(noted=(r"line 3\b",))


@hand_in(answers_in_cells)
def raises_between_two_definitions(work: Work, folder: Path) -> None:
    """A call was left between two functions."""

    def change(source: str) -> str:
        helper = "def part_of_it(x):\n    return 2 * x\n\n\nprint(part_of_it(not_defined))\n\n\n"
        return helper + needing("assert part_of_it(2) == 4")(source)

    work.with_first(folder, change)


@hand_in(answers_in_cells)
def raises_twice(work: Work, folder: Path) -> None:
    """Two lines raise, one above a helper and one above the answer."""

    def change(source: str) -> str:
        helper = "not_defined\n\n\ndef part_of_it(x):\n    return 2 * x\n\n\nneither_is_this\n\n\n"
        return helper + needing("assert part_of_it(2) == 4")(source)

    work.with_first(folder, change)


@hand_in(answers_in_cells)
def raises_in_every_answer(work: Work, folder: Path) -> None:
    """Every answer begins with a look at a variable that is not there in grading."""
    notebook = work.worked()
    for name in work.answers:
        cell = find(notebook, name)
        cell["source"] = above("print(not_there.shape)")(cell["source"])
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def looks_at_the_data(work: Work, folder: Path) -> None:
    """An answer begins with a look at the data, whose cell is not run in grading."""
    work.with_first(folder, above(f"print({_explored(work)}.shape)"))


def _explored(work: Work) -> str:
    """A variable of a cell that is not run in grading."""
    for cell in work.released()["cells"]:
        if cells.is_code(cell) and cells.is_skipped(cell):
            names = [n.id for n in ast.walk(_parsed(cell["source"])) if _is_set(n)]
            if names:
                return names[-1]
    raise CourseError("No cell that is not run sets a variable.")


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


@hand_in()
def missing_library(work: Work, folder: Path) -> None:
    """A library that is not installed here is imported, and never used: in a cell, or in the Python file."""
    if importlib.util.find_spec("tensorflow"):
        raise CourseError("tensorflow is installed here: the case needs a library that is not.")
    work.with_first(folder, above("import tensorflow as tf"))


@hand_in()
def missing_library_in_an_own_cell(work: Work, folder: Path) -> None:
    """The student's own cell of imports: the first is missing here, and the second is needed."""
    if not work.answers:
        notebook = work.worked()
        notebook["cells"].insert(1, own("import tensorflow as tf\nimport math\n"))
        work.fill(folder, notebook)
        return
    notebook = work.worked()
    cell = find(notebook, work.answers[0])
    cell["source"] = changed(cell["source"], needing("assert math.sqrt(4) == 2"))
    notebook["cells"].insert(
        place_of(notebook, work.answers[0]), own("import tensorflow as tf\nimport math\n")
    )
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def raises_above_a_wrong_answer(work: Work, folder: Path) -> Due:
    """A line raises above a wrong answer: it is carried out, and is still wrong."""
    work.with_answer(folder, work.mistake.cell, lambda source: above("not_defined")(work.mistaken(source)))
    return Due(loses=work.loses)


@hand_in(answers_in_files)
def raises_in_the_answer_file(work: Work, folder: Path) -> None:
    """The Python file ends with a trial that raises when it is imported."""
    work.with_first(folder, below("", "print(not_defined)"))


@hand_in(answers_in_files)
def exits_in_the_answer_file(work: Work, folder: Path) -> None:
    """The Python file ends the program that it was tried with."""
    work.with_first(folder, below("", "import sys\nsys.exit()"))


@hand_in(answers_in_files)
def half_a_function_in_the_answer_file(work: Work, folder: Path) -> None:
    """The Python file ends with a function that was begun at midnight: no notebook can import it."""
    work.with_first(folder, below("", "def faster(X, y:\n    return"))


@hand_in(answers_in_files)
def scribble_at_the_top_of_the_answer_file(work: Work, folder: Path) -> None:
    """Two words stand above everything in the Python file: it can't be imported."""
    work.with_first(folder, above("to do"))


# Harmless


HARMLESS = {
    "widget-backend": ("A backend for the browser.", "%matplotlib widget"),
    "notebook-backend": ("An older backend for the browser.", "%matplotlib notebook"),
    "qt-backend": ("A backend with windows.", "%matplotlib qt5"),
    "config-retina": ("Pictures for a better screen.", "%config InlineBackend.figure_format = 'retina'"),
    "pip": ("Packages are installed, with ! and %.", "!pip install -q torch\n%pip install numpy==1.26.4"),
    "conda": ("The same with conda.", "%conda install -y seaborn"),
    "shell": (
        "Commands of the machine at home.",
        "!nvidia-smi\n!wget -q https://example.org/data.zip\n!ls -la ~",
    ),
    "cd": ("The folder is changed to one on a drive.", "%cd /content/drive/MyDrive/homework"),
    "colab-drive": (
        "Colab's drive is mounted.",
        "from google.colab import drive\ndrive.mount('/content/drive')",
    ),
    "colab-files": (
        "Colab's upload and download.",
        "from google.colab import files, output\nup = files.upload()\nfiles.download('x.csv')\noutput.clear()",
    ),
    "extensions": (
        "Extensions that are not here.",
        "%load_ext tensorboard\n%load_ext nb_black\n%load_ext autoreload",
    ),
    "tensorboard": (
        "An extension that is not here, and its magic.",
        "%load_ext tensorboard\n%tensorboard --logdir .",
    ),
    "autoreload": ("An extension that is here.", "%load_ext autoreload\n%autoreload 2"),
    "debugger": ("The debugger after each error.", "%pdb on\n%xmode Verbose"),
    "time": ("The cell is timed.", "%%time"),
    "capture": ("The cell's outputs are captured.", "%%capture shown"),
    "magics": ("Magics that show something.", "%pwd\n%who\n%env RATE=0.1\n%precision 4"),
    "question": ("Help was asked for.", "?print\nlen?"),
    "quit": ("quit() and exit(), typed in the wrong window.", "quit()\nexit()"),
    "display": (
        "Rich output.",
        "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>x</b>'))\nclear_output(wait=True)",
    ),
    "await": ("A top-level await.", "import asyncio\nawait asyncio.sleep(0)"),
    "print-much": ("A megabyte is printed.", "for n in range(60000): print('epoch', n, 0.123456789)"),
}
"""lines for the top of a cell: by name, a story and the lines"""
ANYWHERE = {
    "input": ("input() waits for a key.", "name = input('Press enter to go on')"),
    "tk-backend": (
        "A backend with windows, chosen in Python.",
        "import matplotlib\nmatplotlib.use('TkAgg')\nimport matplotlib.pyplot as plt",
    ),
    "show": (
        "A picture waits until its window is closed.",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show(block=True)\nplt.pause(0.01)",
    ),
    "interactive": (
        "pyplot's interactive mode, and a click that is waited for.",
        "import matplotlib.pyplot as plt\nplt.ion()\nplt.plot([1, 2])\nplt.waitforbuttonpress(1)",
    ),
    "breakpoint": ("A breakpoint.", "breakpoint()"),
    "set-trace": ("An older breakpoint.", "import pdb\npdb.set_trace()"),
    "clear": ("The terminal is cleared.", "import os\nos.system('clear')\nos.system('pause')"),
    "log": ("Printed text goes to a file from now on.", "import sys\nsys.stdout = open('log.txt', 'w')"),
    "logging": ("Everything is logged.", "import logging\nlogging.basicConfig(level=logging.DEBUG)"),
    "recursion": ("A limit that crashed things.", "import sys\nsys.setrecursionlimit(10 ** 6)"),
    "warnings": ("Warnings are switched off.", "import warnings\nwarnings.filterwarnings('ignore')"),
    "browser": ("A page is opened.", "import webbrowser\nwebbrowser.open('https://numpy.org')"),
    "sleep": ("A pause.", "import time\ntime.sleep(2)"),
}
"""the same for the top of a cell or a Python file"""


def _at_the_top(lines: str) -> object:
    def make(work: Work, folder: Path) -> None:
        work.with_first(folder, above(*lines.split("\n")))

    return make


for _name, (_story, _lines) in HARMLESS.items():
    add(f"harmless-{_name}", _story, "leftovers", _at_the_top(_lines), answers_in_cells)
for _name, (_story, _lines) in ANYWHERE.items():
    add(f"harmless-{_name}", _story, "leftovers", _at_the_top(_lines))

IN_A_FUNCTION = {
    "input": ("input() in a function: it waits at each call.", "input('Next?')"),
    "breakpoint": ("A breakpoint in a function.", "breakpoint()"),
    "set-trace": ("IPython's breakpoint in a function.", "import IPython.core.debugger as d; d.set_trace()"),
    "show": (
        "A picture in a function, which waits.",
        "import matplotlib.pyplot as p; p.figure(); p.plot([1]); p.show(block=True)",
    ),
    "print": ("A function prints a thousand lines.", "for _n in range(1000): print('here', _n)"),
}


def _in_each_function(lines: str) -> object:
    def make(work: Work, folder: Path) -> None:
        work.with_first(folder, needing(lines))

    return make


for _name, (_story, _lines) in IN_A_FUNCTION.items():
    # a picture in each method of the modules would take minutes in the notebook, too
    _where = (answers_in_cells,) if _name == "show" else ()
    add(f"function-with-{_name}", _story, "leftovers", _in_each_function(_lines), *_where)


@hand_in()
def reset(work: Work, folder: Path) -> None:
    """The first cell begins afresh."""
    notebook = work.worked()
    notebook["cells"].insert(0, own("%reset -f\n%clear"))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def module_written_by_a_magic(work: Work, folder: Path) -> None:
    """A cell writes a module beside the notebook, and the answer imports it."""
    notebook = work.worked()
    cell = find(notebook, work.answers[0])
    cell["source"] = above("import my_written_helpers")(
        changed(cell["source"], needing("assert my_written_helpers.twice(2) == 4"))
    )
    written = own("%%writefile my_written_helpers.py\ndef twice(x):\n    return 2 * x\n")
    notebook["cells"].insert(place_of(notebook, work.answers[0]), written)
    work.fill(folder, notebook)


@hand_in()
def figures(work: Work, folder: Path) -> Due:
    """Sixty cells draw a picture each; Jupyter closes them, and they need more memory together than there is."""
    notebook = work.worked()
    drawn = "import matplotlib.pyplot as plt, numpy as np\nplt.figure()\nplt.imshow(np.ones((2000, 2000)))\nplt.show()"
    notebook["cells"] += [own(f"{drawn}  # {number}") for number in range(60)]
    work.fill(folder, notebook)
    return Due(words=work.words)


# Names used again


def _again(work: Work, folder: Path, *sources: str) -> None:
    notebook = work.worked()
    notebook["cells"] += map(own, sources)
    work.fill(folder, notebook)


def _functions(work: Work) -> list[str]:
    """What the answers define and tests ask for."""
    asked = {name for question in work.autograder.questions for name in question.names}
    every = [name for place in work.answers or work.answer_files for name in defined(work.text_of(place))]
    found = [name for name in every if name in asked]
    if not found:
        raise CourseError("No test asks for what the answers define.")
    return found


@hand_in()
def built_in_names_at_the_end(work: Work, folder: Path) -> Due:
    """The last cell uses built-in names for its variables."""
    _again(
        work,
        folder,
        "sum = 0\nlist = []\nmax = 3\nlen = 5\nrange = None\nstr = 'x'\nsorted = True\ndict = {}\n",
    )
    return Due()


@hand_in()
def modules_at_the_end(work: Work, folder: Path) -> None:
    """The last cell uses the modules' names for its variables."""
    _again(work, folder, "np = 3\nplt = None\ntime = 12.5\n")


@hand_in()
def functions_at_the_end(work: Work, folder: Path) -> Due:
    """The last cell uses the functions' names for its variables; the note says which."""
    names = _functions(work)
    _again(work, folder, "\n".join(f"{name} = None" for name in names))
    return Due(noted=(rf"\b{re.escape(names[0])}\b",))


@hand_in()
def function_becomes_its_result(work: Work, folder: Path) -> Due:
    """A cell below the test keeps a function's result under the function's own name."""
    _, name, _ = work.leaf
    _again(work, folder, f"{name} = {name}.__doc__")
    return Due(noted=(rf"\b{name}\b",))


@hand_in()
def function_deleted(work: Work, folder: Path) -> None:
    """The last cell tidies up."""
    _again(work, folder, f"del {', '.join(_functions(work))}")


@hand_in()
def loop_variable(work: Work, folder: Path) -> None:
    """A loop in the last cell runs over a function's name."""
    _again(work, folder, f"for {_functions(work)[0]} in range(3):\n    pass")


@hand_in()
def experiment_at_the_end(work: Work, folder: Path) -> Due:
    """The last cell tries out another version of a function, which is wrong: the tests had passed above it."""
    _, name, _ = work.leaf
    _again(work, folder, f"def {name}(*args, **kwargs):\n    return 0  # is it faster?\n")
    return Due(noted=(rf"\b{name}\b",))


@hand_in(answers_in_cells)
def wrong_above_and_overwritten(work: Work, folder: Path) -> Due:
    """A wrong answer, and its name is used again at the end: it is wrong at both places."""
    notebook = work.worked()
    cell = find(notebook, work.mistake.cell)
    cell["source"] = work.wrong()
    asked = [n for n in _functions(work) if n in defined(cell["source"])]
    notebook["cells"].append(own("\n".join(f"{name} = None" for name in asked)))
    work.fill(folder, notebook)
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def mended_at_the_end(work: Work, folder: Path) -> None:
    """A wrong answer was mended in the last cell, below its test."""
    notebook = work.worked()
    find(notebook, work.mistake.cell)["source"] = work.wrong()
    notebook["cells"].append(own(work.text_of(work.mistake.cell)))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def overwritten_right_below_the_test(work: Work, folder: Path) -> None:
    """Below its test, the function that nothing else needs is used up."""
    place, name, _ = work.leaf
    notebook = work.worked()
    _insert_below_test(work, notebook, place, f"{name} = 1")
    work.fill(folder, notebook)


def _insert_below_test(work: Work, notebook: Notebook, answer: str, source: str) -> None:
    start = place_of(notebook, answer)
    for number, cell in enumerate(notebook["cells"][start:], start + 1):
        if cells.is_test(cell):
            notebook["cells"].insert(number, own(source))
            return
    raise CourseError("There is no test below the answer.")


# numpy 1.x


NUMPY_1 = {
    "functions": "assert np.product([2.0, 3.0]) == 6 and np.cumproduct([2, 3])[1] == 6\n"
    "assert np.alltrue([1, 1]) and np.sometrue([0, 1]) and np.round_(1.26, 1) == 1.3",
    "constants": "assert np.Inf > 1 and np.isnan(np.NaN) and np.infty == np.PINF == -np.NINF",
    "aliases": "assert np.float(1) == 1.0 and np.int('2') == 2 and isinstance('x', np.str)\n"
    "assert np.zeros(2, dtype=np.float).dtype == float and np.array([None], dtype=np.object).dtype == object",
    "types": "assert np.float_(1.5) == 1.5 and np.complex_(1j) == 1j and np.unicode_('x') == 'x'\n"
    "assert np.array([True]).dtype == np.bool8",
    "sets-and-stacks": "assert np.in1d([1, 5], [5])[1] and np.row_stack([[1], [2]]).shape == (2, 1)",
    "integrals": "assert np.trapz([1.0, 3.0]) == 2.0",
    "float-arrays": "assert np.asfarray([1, 2]).dtype == float and np.mat([[1, 2]]).shape == (1, 2)",
    "methods": "assert np.array([1, 5]).ptp() == 4 and len(np.ones(1).tostring()) == 8\n"
    "_a = np.zeros(2); _a.itemset(0, 3.0); assert _a[0] == 3",
    "float-of-one": "assert float(np.array([[0.5]])) == 0.5 and int(np.ones((1, 1))) == 1",
    "math-of-one": "import math; assert math.sqrt(np.array([4.0])) == 2 and round(float(np.array([1.26])), 1) == 1.3",
    "item-of-one": "_a = np.zeros(3); _a[1] = np.array([2.0]); assert _a.sum() == 2",
    "copy": "assert np.array([1.0, 2.0], copy=False).sum() == 3 and np.array([1], dtype=float, copy=False)[0] == 1",
    "math": "assert np.math.sqrt(4) == 2 and np.math.pi > 3",
    "generators": "assert np.sum(x * x for x in [1, 2]) == 5",
    "empty": "assert not np.array([])",
    "imports": "from numpy import product, trapz; assert product([2, 3]) == 6 and trapz([1.0, 3.0]) == 2.0",
}
"""statements that numpy 1.x carries out, some with a warning"""


def _under_numpy_1(statements: str) -> object:
    def make(work: Work, folder: Path) -> None:
        work.with_first(folder, needing(statements))

    return make


for _name, _statements in NUMPY_1.items():
    add(
        f"numpy-1-{_name}",
        "Code for numpy 1.x, in each function of an answer.",
        "leftovers",
        _under_numpy_1(_statements),
    )


@hand_in()
def numpy_1_with_a_note(work: Work, folder: Path) -> Due:
    """Code for numpy 1.x: the note names what newer versions have not."""
    work.with_first(folder, needing("assert np.product([2.0, 3.0]) == 6"))
    return Due(noted=("product",))
