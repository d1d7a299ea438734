"""What editors and platforms do to cells."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.verify.handins.making import Due, hand_in
from coursekit.verify.handins.work import (
    Cell,
    Notebook,
    Work,
    above,
    answers_in_cells,
    answers_in_words,
    changed,
    find,
    locked,
    needing,
    own,
    place_of,
    to,
    without_metadata,
)

# Kinds of cells


@hand_in(answers_in_cells)
def answer_as_text(work: Work, folder: Path) -> Due:
    """A slip on "m" made an answer Markdown."""
    return _as(work, folder, "markdown", work.answers[:1])


@hand_in(answers_in_cells)
def answer_as_raw(work: Work, folder: Path) -> Due:
    """A slip on "r" made an answer raw."""
    return _as(work, folder, "raw", work.answers[-1:])


@hand_in(answers_in_cells)
def all_answers_as_text(work: Work, folder: Path) -> Due:
    """All answers became Markdown, metadata and all."""
    return _as(work, folder, "markdown", work.answers)


def _as(work: Work, folder: Path, kind: str, names: list[str]) -> Due:
    notebook = work.worked()
    for name in names:
        to(kind, find(notebook, name))
    work.fill(folder, notebook)
    return Due(noted=tuple(map(re.escape, names[:1])))


@hand_in(answers_in_cells)
def answer_as_text_without_metadata(work: Work, folder: Path) -> None:
    """An answer became Markdown, and the metadata of all cells is gone."""
    notebook = work.worked()
    to("markdown", find(notebook, work.answers[0]))
    work.fill(folder, without_metadata(notebook))


@hand_in(answers_in_cells)
def wrong_answer_as_text(work: Work, folder: Path) -> Due:
    """A wrong answer became Markdown: it is run, and is still wrong."""
    notebook = work.worked()
    find(notebook, work.mistake.cell)["source"] = work.wrong()
    to("markdown", find(notebook, work.mistake.cell))
    work.fill(folder, notebook)
    return Due(loses=work.loses)


@hand_in()
def test_as_text(work: Work, folder: Path) -> None:
    """A test became Markdown: it is run all the same."""
    notebook = work.worked()
    to("markdown", find(notebook, work.tests[0]))
    work.fill(folder, notebook)


@hand_in()
def given_code_as_raw(work: Work, folder: Path) -> None:
    """The first read-only cell, with the imports, became raw: the release's is run."""
    notebook = work.worked()
    to("raw", next(locked(notebook)))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def own_helper_as_text(work: Work, folder: Path) -> None:
    """A note that looks a little like code, in a text cell of the student's own, is not run."""
    notebook = work.worked()
    name = cells_function(work.text_of(work.answers[0]))
    text = f"{name} = None  # my first idea, which was wrong\n"
    notebook["cells"].insert(place_of(notebook, work.answers[0]) + 1, own(text, markdown=True))
    work.fill(folder, notebook)


def cells_function(source: str) -> str:
    """The first function or class in an answer."""
    found = re.search(r"^(?:def|class) (\w+)", source, re.M)
    if not found:
        raise CourseError("The answer defines nothing.")
    return found[1]


# Split and joined


HELPER = "def part_of_it(x):\n    return 2 * x\n"


def _split(work: Work, notebook: Notebook) -> tuple[Cell, Cell]:
    """The first answer in two cells: a helper, and the function that needs it."""
    cell = find(notebook, work.answers[0])
    second = copy.deepcopy(cell)
    second["source"] = changed(cell["source"], needing("assert part_of_it(2) == 4"))
    second["id"] = "second-part"
    cell["source"] = HELPER
    notebook["cells"].insert(notebook["cells"].index(cell) + 1, second)
    return cell, second


@hand_in(answers_in_cells)
def split_answer(work: Work, folder: Path) -> None:
    """An answer was split, and its name stayed with the first part."""
    notebook = work.worked()
    _split(work, notebook)[1]["metadata"] = {}
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def split_answer_named_below(work: Work, folder: Path) -> None:
    """An answer was split, and its name stayed with the second part."""
    notebook = work.worked()
    _split(work, notebook)[0]["metadata"] = {}
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def split_answer_named_twice(work: Work, folder: Path) -> None:
    """An answer was split, and both parts have its name: both are the answer."""
    notebook = work.worked()
    _split(work, notebook)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def split_answer_without_metadata(work: Work, folder: Path) -> None:
    """An answer was split, and the metadata of all cells is gone."""
    notebook = work.worked()
    _split(work, notebook)
    work.fill(folder, without_metadata(notebook))


@hand_in(answers_in_cells)
def joined_answers(work: Work, folder: Path) -> None:
    """Two answers are in one cell, and the other cell is gone."""
    notebook = work.worked()
    first, second = (find(notebook, name) for name in work.answers[:2])
    first["source"] += "\n\n\n" + second["source"]
    notebook["cells"].remove(second)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def joined_answers_in_the_second(work: Work, folder: Path) -> None:
    """Two answers are in the second's cell, and the first cell is gone: below the first answer's test."""
    notebook = work.worked()
    first, second = (find(notebook, name) for name in work.answers[:2])
    second["source"] = first["source"] + "\n\n\n" + second["source"]
    notebook["cells"].remove(first)
    work.fill(folder, notebook)


def _neighbours(notebook: Notebook, work: Work) -> tuple[Cell, Cell]:
    """A test, and the next answer below it."""
    for test in work.tests:
        for cell in notebook["cells"][place_of(notebook, test) :]:
            if cells.grade_id(cell) in work.answers:
                return find(notebook, test), cell
    raise CourseError("No answer is below a test.")


@hand_in(answers_in_cells)
def test_joined_with_answer(work: Work, folder: Path) -> Due:
    """A test and the next answer are one cell, which is the test's."""
    notebook = work.worked()
    test, answer = _neighbours(notebook, work)
    test["source"] += "\n\n" + answer["source"]
    notebook["cells"].remove(answer)
    work.fill(folder, notebook)
    return Due(noted=(re.escape(cells.grade_id(test) or ""),))


@hand_in(answers_in_cells)
def answer_joined_with_test(work: Work, folder: Path) -> None:
    """An answer and its test are one cell, which is the answer's; the test's is gone."""
    notebook = work.worked()
    answer, test = find(notebook, work.answers[0]), find(notebook, work.tests[0])
    answer["source"] += "\n\n" + test["source"]
    notebook["cells"].remove(test)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def answer_above_the_test_in_its_cell(work: Work, folder: Path) -> None:
    """An answer was written into its test's cell, above the test; the stub is untouched."""
    notebook = work.worked()
    answer, test = find(notebook, work.answers[0]), find(notebook, work.tests[0])
    test["source"] = answer["source"] + "\n\n" + test["source"]
    answer["source"] = find(work.released(), work.answers[0])["source"]
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def wrong_answer_joined_with_test(work: Work, folder: Path) -> Due:
    """A wrong answer is in its test's cell, whose assertions were deleted: the release's are asked."""
    notebook = work.worked()
    answer, test = find(notebook, work.mistake.cell), find(notebook, work.mistake.question)
    test["source"] = work.wrong() + '\n\nprint("passed")\n'
    answer["source"] = find(work.released(), work.mistake.cell)["source"]
    work.fill(folder, notebook)
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def answer_joined_with_given_code(work: Work, folder: Path) -> None:
    """An answer is at the end of a read-only cell above it, and its own cell is gone."""
    notebook = work.worked()
    answer = find(notebook, work.answers[0])
    given = _given_above(notebook, answer)
    given["source"] += "\n\n\n" + answer["source"]
    notebook["cells"].remove(answer)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def given_code_joined_with_answer(work: Work, folder: Path) -> None:
    """A read-only cell is at the beginning of the answer below it, and its own cell is gone."""
    notebook = work.worked()
    answer = find(notebook, work.answers[0])
    given = _given_above(notebook, answer)
    answer["source"] = given["source"] + "\n\n\n" + answer["source"]
    notebook["cells"].remove(given)
    work.fill(folder, notebook)


def _given_above(notebook: Notebook, answer: Cell) -> Cell:
    found = [c for c in locked(notebook) if notebook["cells"].index(c) < notebook["cells"].index(answer)]
    if not found:
        raise CourseError("No read-only cell is above the answer.")
    return found[-1]


# Read-only cells


@hand_in(answers_in_cells)
def import_in_given_code(work: Work, folder: Path) -> Due:
    """An import was added to the read-only cell with the imports, and the answer needs it."""
    notebook = _needing(work, "assert math.sqrt(4) == 2")
    given = next(locked(notebook))
    given["source"] += "\nimport math\n"
    work.fill(folder, notebook)
    return Due(noted=(re.escape(cells.grade_id(given) or ""),))


@hand_in(answers_in_cells)
def import_in_the_middle_of_given_code(work: Work, folder: Path) -> None:
    """The same, in alphabetical order between the other imports."""
    notebook = _needing(work, "assert math.sqrt(4) == 2")
    given = next(locked(notebook))
    given["source"] = changed(
        given["source"], lambda text: re.sub(r"^import numpy", "import math\nimport numpy", text, flags=re.M)
    )
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def import_above_given_code(work: Work, folder: Path) -> None:
    """The same, as the first line."""
    notebook = _needing(work, "assert math.sqrt(4) == 2")
    given = next(locked(notebook))
    given["source"] = changed(given["source"], above("import math"))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def helper_in_given_code(work: Work, folder: Path) -> None:
    """A helper was written below the read-only code above the answer."""
    notebook = _needing(work, "assert part_of_it(2) == 4")
    _given_above(notebook, find(notebook, work.answers[0]))["source"] += "\n\n\n" + HELPER
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def helper_in_a_test(work: Work, folder: Path) -> None:
    """A helper was written below the first test, and a later answer needs it."""
    notebook = work.worked()
    test, answer = _neighbours(notebook, work)
    answer["source"] = changed(answer["source"], needing("assert part_of_it(2) == 4"))
    test["source"] += "\n\n\n" + HELPER
    work.fill(folder, notebook)


def _needing(work: Work, statement: str) -> Notebook:
    """The worked notebook, whose first answer needs something."""
    notebook = work.worked()
    cell = find(notebook, work.answers[0])
    cell["source"] = changed(cell["source"], needing(statement))
    return notebook


@hand_in()
def given_code_spoiled(work: Work, folder: Path) -> Due:
    """A quote was deleted in a read-only cell, by a cat or by hand: it can't be parsed any more."""
    notebook = work.worked()
    given = list(locked(notebook))[-1]
    given["source"] = changed(given["source"], lambda text: text.replace('"', "", 1).replace("(", "", 1))
    work.fill(folder, notebook)
    return Due(noted=(re.escape(cells.grade_id(given) or ""),))


@hand_in()
def given_code_and_tests_deleted(work: Work, folder: Path) -> None:
    """Only what the student wrote is left, with its text: no test, and no read-only cell."""
    notebook = work.worked()
    notebook["cells"] = [c for c in notebook["cells"] if not cells.is_locked(c)]
    work.fill(folder, notebook)


@hand_in()
def text_deleted(work: Work, folder: Path) -> None:
    """All explanations were deleted, to see the code better."""
    notebook = work.worked()
    notebook["cells"] = [c for c in notebook["cells"] if cells.is_code(c) or cells.grade_id(c)]
    work.fill(folder, notebook)


@hand_in()
def white_space(work: Work, folder: Path) -> None:
    """An editor added blanks at ends of lines, and empty lines around each cell."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell["source"] = "\n" + cell["source"].replace("\n\n", "\n    \n") + "\n\n"
    work.fill(folder, notebook)


# Order


@hand_in(answers_in_cells)
def answer_below_its_test(work: Work, folder: Path) -> None:
    """An answer was moved below its test."""
    notebook = work.worked()
    answer = find(notebook, work.answers[0])
    notebook["cells"].remove(answer)
    notebook["cells"].insert(place_of(notebook, work.tests[0]) + 1, answer)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def answers_at_the_end(work: Work, folder: Path) -> None:
    """All answers were moved to the end, in their order."""
    notebook = work.worked()
    moved = [find(notebook, name) for name in work.answers]
    notebook["cells"] = [c for c in notebook["cells"] if c not in moved] + moved
    work.fill(folder, notebook)


@hand_in()
def tests_at_the_top(work: Work, folder: Path) -> None:
    """All tests were moved to the top."""
    notebook = work.worked()
    moved = [find(notebook, name) for name in work.tests]
    notebook["cells"] = moved + [c for c in notebook["cells"] if c not in moved]
    work.fill(folder, notebook)


# Metadata lost


@hand_in()
def no_metadata(work: Work, folder: Path) -> Due:
    """nbconvert's ClearMetadataPreprocessor took all metadata, and with them every name."""
    work.fill(folder, without_metadata(work.worked()))
    return Due(words=work.words)


@hand_in(answers_in_cells)
def no_metadata_and_wrong(work: Work, folder: Path) -> Due:
    """The same with a known mistake."""
    notebook = work.worked()
    find(notebook, work.mistake.cell)["source"] = work.wrong()
    work.fill(folder, without_metadata(notebook))
    return Due(loses=work.loses)


@hand_in()
def no_metadata_and_nothing_done(work: Work, folder: Path) -> Due:
    """The release without its metadata: it earns nothing."""
    folder.mkdir(parents=True)
    for name, text in work.stub_files.items():
        (folder / name).write_text(text)
    work.fill(folder, without_metadata(work.released()), files=False)
    return Due(loses=None)


@hand_in(answers_in_cells)
def no_metadata_and_a_stub(work: Work, folder: Path) -> None:
    """No metadata, and below an answer is a copy of its stub."""
    notebook = work.worked()
    name = work.answers[0]
    notebook["cells"].insert(place_of(notebook, name) + 1, own(find(work.released(), name)["source"]))
    work.fill(folder, without_metadata(notebook))


@hand_in(answers_in_cells)
def no_metadata_and_other_words(work: Work, folder: Path) -> None:
    """No metadata, and the answers have neither docstrings nor comments any more."""
    notebook = work.worked()
    for name in work.answers:
        cell = find(notebook, name)
        cell["source"] = changed(cell["source"], _without_docstrings)
    work.fill(folder, without_metadata(notebook))


def _without_docstrings(source: str) -> str:
    import ast

    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node)
            and len(node.body) > 1
        ):
            del node.body[0]
    return ast.unparse(tree)


def _platform(work: Work, folder: Path, metadata: Any, whole: dict[str, Any], *first: Cell) -> Due:
    """Saved by a platform: metadata(number) is what it puts in place of each cell's."""
    notebook = work.worked()
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = metadata(number)
        cell.pop("id")
    notebook["cells"][:0] = first
    work.fill(folder, {**notebook, **whole})
    return Due(words=work.words)


@hand_in()
def saved_by_colab(work: Work, folder: Path) -> Due:
    """Colab: names of its own, and a first cell that mounts a drive, installs and changes the folder."""
    mount = own(
        "from google.colab import drive\ndrive.mount('/content/drive')\n"
        "%cd /content/drive/MyDrive/homework\n!pip install -q numpy matplotlib"
    )
    whole = {
        "nbformat_minor": 0,
        "metadata": {
            "colab": {"provenance": [], "toc_visible": True},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "accelerator": "GPU",
        },
    }
    return _platform(work, folder, lambda number: {"id": f"h{number:011d}"}, whole, mount)


@hand_in()
def saved_by_kaggle(work: Work, folder: Path) -> Due:
    """Kaggle: times of execution, and its first cell, which lists a folder that is not here."""
    first = own("import os\nfor name in os.listdir('/kaggle/input'):\n    print(name)\n")
    times = {"iopub.status.busy": "2026-03-01T23:58:00Z", "shell.execute_reply": "2026-03-01T23:58:01Z"}
    return _platform(
        work,
        folder,
        lambda number: {"execution": times, "trusted": True, "_uuid": f"{number:040x}"},
        {"nbformat_minor": 4},
        first,
    )


@hand_in()
def saved_by_deepnote(work: Work, folder: Path) -> Due:
    """Deepnote: its own names for cells, and a last cell that praises it."""
    return _platform(
        work,
        folder,
        lambda number: {"cell_id": f"{number:032x}", "deepnote_cell_type": "code"},
        {"nbformat_minor": 0, "metadata": {"deepnote": {}, "deepnote_execution_queue": []}},
    )


@hand_in()
def saved_by_vs_code(work: Work, folder: Path) -> Due:
    """VS Code: metadata of its own, no kernel's name."""
    return _platform(
        work,
        folder,
        lambda number: {"vscode": {"languageId": "python"}},
        {"nbformat_minor": 2, "metadata": {"language_info": {"name": "python"}, "orig_nbformat": 4}},
    )


@hand_in()
def saved_by_pycharm(work: Work, folder: Path) -> Due:
    """PyCharm: "#%%" as each cell's name, beside what was there."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell["metadata"]["pycharm"] = {"name": "#%%\n", "is_executing": True}
    work.fill(folder, notebook)
    return Due(words=work.words, quiet=True)


@hand_in()
def copied_by_hand(work: Work, folder: Path) -> None:
    """All code cells, tests too, were copied one by one into a new notebook."""
    notebook = without_metadata(work.worked())
    notebook["cells"] = [c for c in notebook["cells"] if cells.is_code(c)]
    work.fill(folder, notebook | {"metadata": {}})


@hand_in(answers_in_cells)
def answers_copied_by_hand(work: Work, folder: Path) -> None:
    """Only the imports and the answers are in a new notebook, a cell for each."""
    cells_ = [own("import numpy as np\nimport matplotlib.pyplot as plt\nimport time")]
    cells_ += [own(work.text_of(name)) for name in work.answers]
    work.fill(folder, work.worked() | {"cells": cells_, "metadata": {}})


@hand_in(answers_in_cells)
def answers_in_one_cell(work: Work, folder: Path) -> None:
    """The same, in a single cell."""
    source = "\n\n".join(
        ["import numpy as np, time\nimport matplotlib.pyplot as plt", *map(work.text_of, work.answers)]
    )
    work.fill(folder, work.worked() | {"cells": [own(source)], "metadata": {}})


@hand_in(answers_in_cells)
def wrong_answers_copied_by_hand(work: Work, folder: Path) -> Due:
    """Answers in a new notebook, one with a known mistake."""
    texts = [work.wrong() if name == work.mistake.cell else work.text_of(name) for name in work.answers]
    first = own("import numpy as np, time\nimport matplotlib.pyplot as plt")
    work.fill(folder, work.worked() | {"cells": [first, *map(own, texts)], "metadata": {}})
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def names_changed_by_nbgrader(work: Work, folder: Path) -> None:
    """Answers' names were replaced by nbgrader's own random ones."""
    notebook = work.worked()
    for number, name in enumerate(work.answers):
        find(notebook, name)["metadata"]["nbgrader"]["grade_id"] = f"cell-{number:016x}"
    work.fill(folder, notebook)


# Answers in words


@hand_in(answers_in_words)
def words_without_metadata(work: Work, folder: Path) -> Due:
    """Only the answer in words lost its metadata."""
    notebook = work.worked()
    find(notebook, work.discussion)["metadata"] = {}
    work.fill(folder, notebook)
    return Due(words=work.words)


def _words_beside(work: Work, folder: Path, *, above: bool) -> Due:
    notebook = work.worked()
    cell = find(notebook, work.discussion)
    text, cell["source"] = cell["source"], find(work.released(), work.discussion)["source"]
    notebook["cells"].insert(place_of(notebook, work.discussion) + (not above), own(text, markdown=True))
    work.fill(folder, notebook)
    return Due(words=work.words)


@hand_in(answers_in_words)
def words_below_the_placeholder(work: Work, folder: Path) -> Due:
    """The answer in words is in a text cell of the student's own below the placeholder."""
    return _words_beside(work, folder, above=False)


@hand_in(answers_in_words)
def words_above_the_placeholder(work: Work, folder: Path) -> Due:
    """The same above the placeholder."""
    return _words_beside(work, folder, above=True)


@hand_in(answers_in_words)
def words_in_the_question(work: Work, folder: Path) -> Due:
    """The answer was typed into the question's own cell, below the question."""
    notebook = work.worked()
    cell = find(notebook, work.discussion)
    question = notebook["cells"][place_of(notebook, work.discussion) - 1]
    if question["cell_type"] != "markdown":
        raise CourseError("There is no question above the answer in words.")
    question["source"] += "\n\n" + cell["source"]
    cell["source"] = find(work.released(), work.discussion)["source"]
    work.fill(folder, notebook)
    return Due(words=work.words)


@hand_in(answers_in_words)
def words_as_code(work: Work, folder: Path) -> Due:
    """The answer in words became code: it is read, and not run."""
    return _words_as(work, folder, "code")


@hand_in(answers_in_words)
def words_as_raw(work: Work, folder: Path) -> Due:
    """The answer in words became raw."""
    return _words_as(work, folder, "raw")


def _words_as(work: Work, folder: Path, kind: str) -> Due:
    notebook = work.worked()
    to(kind, find(notebook, work.discussion))
    work.fill(folder, notebook)
    return Due(words=work.words)


@hand_in(answers_in_words)
def words_in_two_cells(work: Work, folder: Path) -> Due:
    """The answer in words was split, and the second part has no name."""
    notebook = work.worked()
    _split_words(work, notebook)
    work.fill(folder, notebook)
    return Due(words=work.words)


@hand_in(answers_in_words)
def words_in_two_cells_without_metadata(work: Work, folder: Path) -> Due:
    """The same, and the metadata of all cells is gone."""
    notebook = work.worked()
    _split_words(work, notebook)
    work.fill(folder, without_metadata(notebook))
    return Due(words=work.words)


def _split_words(work: Work, notebook: Notebook) -> None:
    cell = find(notebook, work.discussion)
    first, mark, second = cell["source"].partition("\n\n")
    if not mark:
        raise CourseError("The answer in words has only one paragraph.")
    cell["source"] = first
    notebook["cells"].insert(place_of(notebook, work.discussion) + 1, own(second, markdown=True))


@hand_in(answers_in_words)
def words_twice(work: Work, folder: Path) -> Due:
    """The cell for the answer in words was copied, and the copy is still the placeholder."""
    notebook = work.worked()
    stub = copy.deepcopy(find(work.released(), work.discussion)) | {"id": "copied"}
    notebook["cells"].insert(place_of(notebook, work.discussion) + 1, stub)
    work.fill(folder, notebook)
    return Due(words=work.words)
