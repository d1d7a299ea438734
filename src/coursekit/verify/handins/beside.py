"""What lies beside the work."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from coursekit.verify.handins.making import Due, hand_in
from coursekit.verify.handins.work import Work, above, alone, changed, dumped, needing
from coursekit.verify.handins.zips import zipped


def _environment(folder: Path, files: int) -> None:
    """A virtual environment, with a link to the machine's Python, as venv makes it."""
    library = folder / "lib" / "python3.8" / "site-packages" / "numpy"
    library.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to("/usr/bin/python3")
    (folder / "lib64").symlink_to("lib")
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.8.10\n")
    for number in range(files):
        (library / f"part{number}.py").write_text("VALUE = 1\n")


@hand_in()
def environment(work: Work, folder: Path) -> Due:
    """A virtual environment called env, with links and 1,500 files."""
    work.fill(folder)
    _environment(folder / "env", 1500)
    return Due(noted=(r"\benv\b",), words=work.words)


@hand_in()
def environment_of_another_name(work: Work, folder: Path) -> None:
    """An environment under a name of the student's own: pyvenv.cfg tells what it is."""
    work.fill(folder)
    _environment(folder / "ml-course", 1500)


@hand_in()
def environment_of_windows(work: Work, folder: Path) -> None:
    """Windows's venv: Lib, Scripts, and a big python.exe."""
    work.fill(folder)
    (folder / "venv" / "Scripts").mkdir(parents=True)
    (folder / "venv" / "Scripts" / "python.exe").write_bytes(b"MZ" + bytes(30 << 20))
    (folder / "venv" / "Lib" / "site-packages").mkdir(parents=True)
    (folder / "venv" / "Lib" / "site-packages" / "mkl.dll").write_bytes(b"MZ" + bytes(50 << 20))


@hand_in()
def environment_in_the_zip(work: Work, folder: Path) -> Due:
    """The whole folder was zipped, with the environment and its links."""
    entries = {f"hw/{name}": data for name, data in work.files().items()}
    entries |= {f"hw/venv/lib/python3.8/site-packages/p{number}.py": b"x = 1\n" for number in range(1500)}
    links = {"hw/venv/bin/python": "/usr/bin/python3", "hw/venv/lib64": "lib"}
    zipped(folder.with_name(f"{work.name}.zip"), entries, links=links)
    return Due(noted=("venv",))


@hand_in()
def modules_of_node(work: Work, folder: Path) -> None:
    """node_modules, with links in .bin and folders in folders."""
    work.fill(folder)
    place = folder / "node_modules" / ".bin"
    place.mkdir(parents=True)
    (place / "tool").symlink_to("../tool/cli.js")
    deep = folder.joinpath("node_modules", *["a", "node_modules"] * 14)
    deep.mkdir(parents=True)
    (deep / "index.js").write_text("module.exports = 1\n")


@hand_in()
def repository(work: Work, folder: Path) -> None:
    """A clone, with 1,200 objects of git's, settings of editors and notebooks of checkpoints."""
    work.fill(folder)
    for number in range(1200):
        place = folder / ".git" / "objects" / f"{number % 256:02x}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:038x}").write_bytes(b"x\x01")
    for name in (".vscode/settings.json", ".idea/workspace.xml", ".gitattributes", "desktop.ini"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}\n")


@hand_in()
def checkpoints(work: Work, folder: Path) -> None:
    """Jupyter's checkpoint of the notebook as it was at the beginning."""
    work.fill(folder)
    work.fill(folder / ".ipynb_checkpoints", work.released(), f"{work.name}-checkpoint.ipynb", files=False)


@hand_in()
def checkpoint_beside_it(work: Work, folder: Path) -> None:
    """The same, after somebody moved all files into one folder."""
    work.fill(folder)
    work.fill(folder, work.released(), f"{work.name}-checkpoint.ipynb", files=False)


@hand_in()
def shadows_of_a_mac(work: Work, folder: Path) -> None:
    """A memory stick gave each file a shadow whose name begins with "._"."""
    work.fill(folder)
    for path in list(folder.iterdir()):
        (folder / f"._{path.name}").write_bytes(b"\0\5\26\7\0\2\0\0Mac OS X        " + b"\0" * 90)


@hand_in()
def dataset(work: Work, folder: Path) -> Due:
    """The dataset, which everybody has: more bytes than are kept."""
    work.fill(folder)
    (folder / "data").mkdir()
    for name in ("train-images-idx3-ubyte", "copy of train-images-idx3-ubyte"):
        _sparse(folder / "data" / name, 47 << 20)
    return Due(noted=("data",))


@hand_in()
def weights_and_a_video(work: Work, folder: Path) -> Due:
    """Trained weights, and a video for the presentation."""
    work.fill(folder)
    _sparse(folder / "model.pt", 90 << 20)
    _sparse(folder / "demo.mp4", 300 << 20)
    return Due(noted=(r"demo\.mp4", r"model\.pt"))


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(b"\0\0\x08\x03")
        file.truncate(size)


@hand_in()
def pictures(work: Work, folder: Path) -> None:
    """1,500 pictures, one for each step of training."""
    work.fill(folder)
    (folder / "frames").mkdir()
    for number in range(1500):
        (folder / "frames" / f"step{number:05d}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))


@hand_in()
def pictures_beside_it(work: Work, folder: Path) -> None:
    """The same right beside the notebook, with names that come before it."""
    work.fill(folder)
    for number in range(1500):
        (folder / f"a-step{number:05d}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))


@hand_in()
def link_to_nowhere(work: Work, folder: Path) -> Due:
    """A link whose target stayed at home, and one that leads to itself."""
    work.fill(folder)
    (folder / "notes").symlink_to("/home/jane/notes")
    (folder / "round").symlink_to("round")
    return Due(noted=("notes",))


@hand_in()
def link_to_a_folder_above(work: Work, folder: Path) -> None:
    """A link to the folder that it is in: who follows it never ends."""
    work.fill(folder)
    (folder / "all").symlink_to(".")


@hand_in()
def pipe(work: Work, folder: Path) -> None:
    """A named pipe, which some editor left: reading it never ends."""
    work.fill(folder)
    os.mkfifo(folder / "a-pipe")


@hand_in(alone)
def notebook_is_a_link(work: Work, folder: Path) -> Due:
    """The notebook itself is a link: it is not followed, and the sentence says so."""
    elsewhere = work.fill(folder.parent / "elsewhere")
    folder.mkdir()
    (folder / work.notebook_name).symlink_to(elsewhere)
    return Due(refused=("link",))


@hand_in()
def whole_course(work: Work, folder: Path) -> None:
    """All of the course's notebooks: this one is among them."""
    work.fill(folder)
    for one in work.assignment.course.assignments():
        if one.name != work.name:
            shutil.copy(one.solution / one.notebook_name, folder / one.notebook_name)


@hand_in()
def notebooks_of_the_students_own(work: Work, folder: Path) -> None:
    """Thirty notebooks in which something was tried out."""
    work.fill(folder)
    tried = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    for number in range(30):
        (folder / f"Untitled{number or ''}.ipynb").write_text(json.dumps(tried))


@hand_in()
def given_file_changed(work: Work, folder: Path) -> Due:
    """A given file was changed beyond recognition: the original is used."""
    work.fill(folder)
    names = sorted(path.name for path in (work.assignment.autograder / "files").glob("*.py"))
    (folder / names[0]).write_text("raise SystemExit('I broke this file')\n")
    return Due(noted=(names[0],))


@hand_in()
def given_files_numbered(work: Work, folder: Path) -> None:
    """The given files came again with the second download."""
    work.fill(folder)
    for path in (work.assignment.autograder / "files").glob("*.py"):
        shutil.copy(path, folder / f"{path.stem} (1).py")


HELPER = "def twice(x):\n    return 2 * x\n"


@hand_in()
def helper_in_a_file(work: Work, folder: Path) -> None:
    """The student's own helper is in a Python file beside the notebook, and is needed."""
    change = needing("assert my_helpers.twice(2) == 4")
    work.with_first(folder, lambda source: above("import my_helpers")(change(source)))
    (folder / "my_helpers.py").write_text(HELPER)


@hand_in()
def helper_in_a_package(work: Work, folder: Path) -> None:
    """The helper is in a package, a folder with __init__.py."""
    change = needing("assert twice(2) == 4")
    work.with_first(folder, lambda source: above("from mylib.helpers import twice")(change(source)))
    (folder / "mylib").mkdir()
    (folder / "mylib" / "__init__.py").touch()
    (folder / "mylib" / "helpers.py").write_text(HELPER)


@hand_in()
def small_data(work: Work, folder: Path) -> None:
    """A small table of the student's own, which the answer reads, beside a large one, which it doesn't."""
    change = needing("assert open('my_table.csv').read().startswith('rate')")
    work.with_first(folder, change)
    (folder / "my_table.csv").write_text("rate,loss\n0.1,2.3\n")
    _sparse(folder / "everything.csv", 200 << 20)


@hand_in()
def html_and_pdf(work: Work, folder: Path) -> None:
    """A print-out of the notebook lies beside it, as HTML and PDF."""
    work.fill(folder)
    (folder / f"{work.name}.html").write_text("<!DOCTYPE html><html><body>…</body></html>")
    (folder / f"{work.name}.pdf").write_bytes(b"%PDF-1.4\n" + bytes(5000))


@hand_in()
def broken_notebook_beside_it(work: Work, folder: Path) -> None:
    """A notebook that can't be read lies beside the one that can."""
    work.fill(folder)
    (folder / "backup.ipynb").write_bytes(dumped(work.worked())[:5000])


@hand_in()
def python_export_beside_it(work: Work, folder: Path) -> None:
    """The notebook's export as Python lies beside it, made before anything was written."""
    work.fill(folder)
    stubs = "\n\n".join(c["source"] for c in work.released()["cells"] if c["cell_type"] == "code")
    (folder / f"{work.name}.py").write_text(changed(stubs, above("# coding: utf-8", "", "# In[1]:", "")))


@hand_in()
def wrong_work_with_everything_beside_it(work: Work, folder: Path) -> Due:
    """A known mistake, in a folder with an environment, links and videos: it is still a mistake."""
    work.with_answer(folder, work.mistake.cell, work.mistaken)
    _environment(folder / "env", 1200)
    _sparse(folder / "demo.mp4", 300 << 20)
    return Due(loses=work.loses)
