"""Several notebooks, several answer files, several cells with an answer: which one counts."""

from __future__ import annotations

import copy
import os
import re
import time
from pathlib import Path

from coursekit.core import cells
from coursekit.verify.handins.making import Due, hand_in
from coursekit.verify.handins.work import (
    Notebook,
    Work,
    alone,
    answers_in_cells,
    answers_in_files,
    find,
    own,
    place_of,
    write,
)
from coursekit.verify.handins.zips import zipped

HOUR = 3600


def _aged(path: Path, hours: float) -> None:
    """Make a file, or a folder and everything in it, so many hours old."""
    then = time.time() - hours * HOUR
    for one in [*(path.rglob("*") if path.is_dir() else ()), path]:
        os.utime(one, (then, then))


def _wrong(work: Work) -> Notebook:
    notebook = work.worked()
    find(notebook, work.mistake.cell)["source"] = work.wrong()
    return notebook


def _half(work: Work) -> Notebook:
    """The second half of the answers are stubs."""
    notebook, released = work.worked(), work.released()
    for name in work.answers[len(work.answers) // 2 :]:
        find(notebook, name)["source"] = find(released, name)["source"]
    return notebook


# Notebooks


@hand_in(answers_in_cells)
def blank_and_copy(work: Work, folder: Path) -> Due:
    """The work is in a copy, and the blank notebook under the right name was saved last."""
    work.fill(folder, name=f"{work.name}-Copy1.ipynb")
    _aged(folder / f"{work.name}-Copy1.ipynb", 2)
    work.fill(folder, work.released(), files=False)
    return Due(noted=(re.escape(f"{work.name}-Copy1.ipynb"),))


@hand_in(answers_in_cells)
def work_and_blank_copy(work: Work, folder: Path) -> None:
    """A copy was made before the work began, and was saved last."""
    _aged(work.fill(folder), 2)
    work.fill(folder, work.released(), f"{work.name}-Copy1.ipynb", files=False)


@hand_in(answers_in_cells)
def half_and_all(work: Work, folder: Path) -> Due:
    """Half of the work under the right name, all of it under another: the one with the most work counts."""
    work.fill(folder, name="final.ipynb")
    _aged(folder / "final.ipynb", 2)
    work.fill(folder, _half(work), files=False)
    return Due(noted=(r"final\.ipynb",))


@hand_in(answers_in_cells)
def two_versions(work: Work, folder: Path) -> Due:
    """Two complete versions: the one with the right name counts, though the other is newer and wrong."""
    _aged(work.fill(folder), 2)
    work.fill(folder, _wrong(work), f"{work.name}_old.ipynb", files=False)
    return Due(noted=(re.escape(f"{work.name}_old.ipynb"),))


@hand_in(answers_in_cells)
def two_versions_of_which_the_wrong_one_counts(work: Work, folder: Path) -> Due:
    """The same, but the one with the right name has a mistake."""
    work.fill(folder, _wrong(work))
    work.fill(folder, name="try 2.ipynb", files=False)
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def two_folders(work: Work, folder: Path) -> None:
    """Two complete notebooks of the same name in two folders: the newer counts."""
    work.fill_files(folder)
    _aged(work.fill(folder / "a", _wrong(work), files=False), 48)
    _aged(work.fill(folder / "b", files=False), 2)


@hand_in(answers_in_cells)
def two_folders_of_which_the_newer_is_wrong(work: Work, folder: Path) -> Due:
    """The same, but somebody broke the newer one."""
    work.fill_files(folder)
    _aged(work.fill(folder / "a", files=False), 48)
    _aged(work.fill(folder / "b", _wrong(work), files=False), 2)
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def blank_notebook_and_zip(work: Work, folder: Path) -> None:
    """The folder has the blank notebook, and a zip with the work."""
    work.fill(folder, work.released(), files=False)
    zipped(folder / "my work.zip", work.files())


# A folder, a zip and a notebook beside each other


@hand_in(answers_in_cells)
def newer_zip_beside_the_folder(work: Work, folder: Path) -> Due:
    """The zip was handed in after the folder, which has a mistake."""
    work.fill(folder, _wrong(work))
    _aged(folder, 48)
    _aged(zipped(folder.with_name(f"{work.name}.zip"), work.files()), 2)
    return Due(noted=(re.escape(f"{work.name}.zip"),))


@hand_in(answers_in_cells)
def older_zip_beside_the_folder(work: Work, folder: Path) -> None:
    """The zip was handed in before the folder, and has a mistake."""
    _aged(zipped(folder.with_name(f"{work.name}.zip"), work.files(_wrong(work))), 48)
    work.fill(folder)
    _aged(folder, 2)


@hand_in(answers_in_cells, alone)
def newer_notebook_beside_the_folder(work: Work, folder: Path) -> None:
    """The notebook was handed in after folder and zip, which have a mistake."""
    work.fill(folder, _wrong(work))
    _aged(folder, 48)
    _aged(zipped(folder.with_name(f"{work.name}.zip"), work.files(_wrong(work))), 24)
    _aged(work.fill(folder.parent), 2)


# Answer files


@hand_in(answers_in_files)
def blank_answer_file_and_copy(work: Work, folder: Path) -> Due:
    """The Python file as it was given is there under its name, and the work under a numbered one."""
    work.fill(folder)
    for name in work.answer_files:
        (folder / name).rename(folder / f"{Path(name).stem}-1.py")
        (folder / name).write_text(work.stub_files[name])
    return Due(noted=(r"-1\.py",))


@hand_in(answers_in_files)
def blank_answer_file_and_folder(work: Work, folder: Path) -> None:
    """The Python file as it was given is beside the notebook, and the work in a folder."""
    work.fill(folder)
    (folder / "my solution").mkdir()
    for name in work.answer_files:
        (folder / name).rename(folder / "my solution" / name)
        (folder / name).write_text(work.stub_files[name])


@hand_in(answers_in_files)
def answer_file_and_wrong_copy(work: Work, folder: Path) -> None:
    """A complete copy with a mistake lies beside the Python file, and is newer: the right name counts."""
    work.fill(folder)
    _aged(folder, 2)
    for name in work.answer_files:
        (folder / f"{Path(name).stem}_backup.py").write_text(work.mistaken(work.answer_files[name]))


@hand_in(answers_in_files)
def answer_file_wrong_and_right_copy(work: Work, folder: Path) -> Due:
    """The same, but the one with the right name has the mistake."""
    work.fill(folder)
    for name, text in work.answer_files.items():
        (folder / f"{Path(name).stem}_backup.py").write_text(text)
        (folder / name).write_text(work.mistaken(text))
    _aged(folder, 2)
    return Due(loses=work.loses)


@hand_in(answers_in_files)
def answers_in_the_notebook(work: Work, folder: Path) -> Due:
    """Everything was written in a cell of the notebook, and the Python file is as it was given."""
    return _in_the_notebook(work, folder, below=True)


@hand_in(answers_in_files)
def answers_in_the_notebook_above(work: Work, folder: Path) -> Due:
    """The same above the cell that imports the stubs over it."""
    return _in_the_notebook(work, folder, below=False)


@hand_in(answers_in_files)
def answers_in_the_notebook_alone(work: Work, folder: Path) -> None:
    """The same, and the Python file was not handed in at all."""
    _in_the_notebook(work, folder, below=True)
    for name in work.answer_files:
        (folder / name).unlink()


@hand_in(answers_in_files)
def wrong_answers_in_the_notebook(work: Work, folder: Path) -> Due:
    """The same with a mistake: it is no better for the stub beside it."""
    _in_the_notebook(work, folder, below=True, change=work.mistaken)
    return Due(loses=work.loses)


def _in_the_notebook(work: Work, folder: Path, *, below: bool, change=lambda text: text) -> Due:
    notebook = work.worked()
    modules = {Path(name).stem for name in work.answer_files}
    imports = next(
        n
        for n, cell in enumerate(notebook["cells"])
        if cells.is_locked(cell) and any(f"from {module} import" in cell["source"] for module in modules)
    )
    for text in work.answer_files.values():
        notebook["cells"].insert(imports + below, own(change(text)))
    work.fill(folder, notebook)
    for name, text in work.stub_files.items():
        (folder / name).write_text(text)
    return Due()


# Cells


def _beside_stub(work: Work, notebook: Notebook, name: str, text: str, *, above: bool) -> None:
    """The text in an own cell beside the answer's cell, which has the stub."""
    cell = find(notebook, name)
    cell["source"] = find(work.released(), name)["source"]
    notebook["cells"].insert(place_of(notebook, name) + (not above), own(text))


@hand_in(answers_in_cells)
def own_cell_above_the_stub(work: Work, folder: Path) -> Due:
    """The answer is in a cell of the student's own, and the untouched stub below takes its name."""
    notebook = work.worked()
    _beside_stub(work, notebook, work.answers[0], work.text_of(work.answers[0]), above=True)
    work.fill(folder, notebook)
    return Due(noted=(re.escape(work.answers[0]) + "|stub",))


@hand_in(answers_in_cells)
def own_cell_below_the_stub(work: Work, folder: Path) -> None:
    """The answer is in a cell of the student's own below the stub."""
    notebook = work.worked()
    _beside_stub(work, notebook, work.answers[0], work.text_of(work.answers[0]), above=False)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def own_cells_above_all_stubs(work: Work, folder: Path) -> None:
    """Every answer is in a cell of the student's own above its stub."""
    notebook = work.worked()
    for name in work.answers:
        _beside_stub(work, notebook, name, work.text_of(name), above=True)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def own_cell_at_the_end(work: Work, folder: Path) -> None:
    """All stubs are untouched, and all answers in one cell at the end of the notebook."""
    notebook, released = work.worked(), work.released()
    for name in work.answers:
        find(notebook, name)["source"] = find(released, name)["source"]
    notebook["cells"].append(own("\n\n\n".join(map(work.text_of, work.answers))))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def wrong_own_cell_above_the_stub(work: Work, folder: Path) -> Due:
    """A wrong answer above an untouched stub: it is run, and is still wrong."""
    notebook = work.worked()
    _beside_stub(work, notebook, work.mistake.cell, work.wrong(), above=True)
    work.fill(folder, notebook)
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def later_own_cell_counts(work: Work, folder: Path) -> None:
    """A mistake in the answer's cell, and the mended function in a cell below: the later counts."""
    notebook = _wrong(work)
    notebook["cells"].insert(place_of(notebook, work.mistake.cell) + 1, own(work.text_of(work.mistake.cell)))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def later_own_cell_counts_though_it_is_wrong(work: Work, folder: Path) -> Due:
    """The answer was right, and made wrong in a cell below it, before its test."""
    notebook = work.worked()
    notebook["cells"].insert(place_of(notebook, work.mistake.cell) + 1, own(work.wrong()))
    work.fill(folder, notebook)
    return Due(loses=work.loses)


def _twice(work: Work, folder: Path, name: str, first: str, second: str) -> None:
    """Two cells with one grade_id."""
    notebook = work.worked()
    cell = find(notebook, name)
    other = copy.deepcopy(cell)
    cell["source"], other["source"], other["id"] = first, second, "copy-of-it"
    notebook["cells"].insert(place_of(notebook, name) + 1, other)
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def copied_cell_of_which_the_second_is_a_stub(work: Work, folder: Path) -> Due:
    """The answer's cell was copied while it was a stub, and the stub is below the answer."""
    name = work.answers[0]
    _twice(work, folder, name, work.text_of(name), find(work.released(), name)["source"])
    return Due(noted=(re.escape(name),))


@hand_in(answers_in_cells)
def copied_cell_of_which_the_first_is_a_stub(work: Work, folder: Path) -> None:
    """The same, and the answer is in the copy."""
    name = work.answers[0]
    _twice(work, folder, name, find(work.released(), name)["source"], work.text_of(name))


@hand_in(answers_in_cells)
def copied_cell_of_which_the_second_is_mended(work: Work, folder: Path) -> None:
    """A mistake was mended in a copy of the cell."""
    _twice(work, folder, work.mistake.cell, work.wrong(), work.text_of(work.mistake.cell))


@hand_in(answers_in_cells)
def copied_cell_of_which_the_second_is_wrong(work: Work, folder: Path) -> Due:
    """The later of two written answers counts, as in the notebook, and it is wrong."""
    _twice(work, folder, work.mistake.cell, work.text_of(work.mistake.cell), work.wrong())
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def stub_beside_wrong_work(work: Work, folder: Path) -> Due:
    """A wrong answer, and a copy of its stub below: neither earns anything."""
    stub = find(work.released(), work.mistake.cell)["source"]
    _twice(work, folder, work.mistake.cell, work.wrong(), stub)
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def all_cells_twice(work: Work, folder: Path) -> None:
    """The notebook was pasted into itself: first all stubs, then all answers, with the same names."""
    notebook = work.released()
    again = copy.deepcopy(work.worked()["cells"])
    for number, cell in enumerate(again):
        cell["id"] = f"pasted-{number}"
    notebook["cells"] += again
    work.fill(folder, notebook)


# Of another assignment, of an older release


def _anothers(work: Work) -> tuple[str, ...]:
    return (rf"another assignment|{work.other.name}",)


@hand_in()
def notebook_of_another_assignment(work: Work, folder: Path) -> Due:
    """The notebook of another assignment was handed in here: the sentence says so."""
    write(folder / work.other.notebook_name, work.other.worked())
    return Due(refused=_anothers(work))


@hand_in()
def notebook_of_another_assignment_under_this_name(work: Work, folder: Path) -> Due:
    """The same, renamed."""
    write(folder / work.notebook_name, work.other.worked())
    return Due(refused=_anothers(work))


@hand_in(answers_in_cells)
def older_release(work: Work, folder: Path) -> Due:
    """The work is in an older release, whose cells had other names, and a test and a given cell other words."""
    notebook = work.worked()
    for cell in notebook["cells"]:
        cell.pop("id")
        cell["metadata"].pop("coursekit", None)
        if name := cells.grade_id(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = f"part-{name.lower()}"
    for cell in [find(notebook, f"part-{work.tests[0].lower()}"), *_given(notebook)[:1]]:
        cell["source"] = "# As in spring.\n" + cell["source"]
    work.fill(folder, notebook | {"nbformat_minor": 4})
    return Due(noted=("release|version|older|earlier",))


def _given(notebook: Notebook) -> list[dict]:
    return [c for c in notebook["cells"] if cells.is_code(c) and cells.is_locked(c) and not cells.is_test(c)]
