"""What the work is called, and how it is wrapped."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import Path

from coursekit.core import cells
from coursekit.verify.handins.making import Due, hand_in
from coursekit.verify.handins.work import (
    Notebook,
    Work,
    alone,
    answers_in_cells,
    answers_in_files,
    dumped,
    makes_files,
)
from coursekit.verify.handins.zips import with_raw_names, zipped


def _named(work: Work, folder: Path, name: str) -> Due:
    """The worked notebook under another name; a note says so."""
    work.fill(folder, name=name)
    return Due(noted=(f"{re.escape(name)}|{re.escape(ascii(name)[1:-1])}",))


@hand_in()
def as_it_should_be(work: Work, folder: Path) -> Due:
    """The worked solution in a folder, as the instructions ask for it."""
    work.fill(folder)
    return Due(quiet=True, words=work.words)


@hand_in()
def as_it_should_be_zipped(work: Work, folder: Path) -> Due:
    """A zip of exactly what is to be handed in."""
    zipped(folder.with_name(f"{work.name}.zip"), work.files())
    return Due(quiet=True, words=work.words)


@hand_in(alone)
def second_download(work: Work, folder: Path) -> Due:
    """The browser called the second download "name (1)"."""
    path = work.fill(folder.parent, name=f"{work.name} (1).ipynb")
    return Due(path)


@hand_in()
def second_download_in_a_folder(work: Work, folder: Path) -> Due:
    """A second download, in the assignment's folder."""
    return _named(work, folder, f"{work.name} (1).ipynb")


@hand_in()
def renamed_by_canvas(work: Work, folder: Path) -> Due:
    """Canvas put the student's name, two numbers and an attempt around the name."""
    return _named(work, folder, f"doejane_LATE_48213_3370021_{work.name}-2.ipynb")


@hand_in()
def duplicated_in_jupyter(work: Work, folder: Path) -> Due:
    """JupyterLab's "Duplicate" made name-Copy1, and the original was deleted."""
    return _named(work, folder, f"{work.name}-Copy1.ipynb")


@hand_in()
def final_final(work: Work, folder: Path) -> Due:
    """The student's own way to keep versions."""
    return _named(work, folder, f"{work.name}_FINAL_final v2.ipynb")


@hand_in()
def capitals(work: Work, folder: Path) -> Due:
    """A file system without case gave the name and its ending back in capitals."""
    return _named(work, folder, f"{work.name.upper()}.IPYNB")


@hand_in(alone)
def capitals_alone(work: Work, folder: Path) -> Due:
    """A single file with its ending in capitals."""
    return Due(work.fill(folder.parent, name=f"{work.name}.IPYNB"))


@hand_in()
def saved_as_json(work: Work, folder: Path) -> Due:
    """The phone knew that a notebook is JSON, and said so in the name."""
    return _named(work, folder, f"{work.name}.ipynb.json")


@hand_in(alone)
def saved_as_json_alone(work: Work, folder: Path) -> Due:
    """The same, as a single file."""
    return Due(work.fill(folder.parent, name=f"{work.name}.ipynb.json"))


@hand_in()
def saved_as_text(work: Work, folder: Path) -> Due:
    """Windows hides endings, and "Save as" added .txt."""
    return _named(work, folder, f"{work.name}.ipynb.txt")


@hand_in()
def ending_twice(work: Work, folder: Path) -> Due:
    """The ending was typed though it was there already."""
    return _named(work, folder, f"{work.name}.ipynb.ipynb")


@hand_in()
def letters_of_other_languages(work: Work, folder: Path) -> Due:
    """A name with umlauts in macOS's decomposed form, a dash and an emoji."""
    return _named(work, folder, unicodedata.normalize("NFD", f"Lösung – {work.name} ✅ (Müller).ipynb"))


@hand_in()
def long_name(work: Work, folder: Path) -> Due:
    """Name, number, course and date in one file name of 240 characters."""
    work.fill(folder, name=f"{'jane-doe-0123456-' * 12}{work.name}"[:230] + ".ipynb")
    return Due()


# Python in place of a notebook


def exported(work: Work, notebook: Notebook, mark: str) -> bytes:
    """A notebook as a Python file: `mark` above each code cell, text as comments, magics as calls."""
    parts = ["#!/usr/bin/env python\n# coding: utf-8\n"]
    for cell in notebook["cells"]:
        source = cell["source"]
        if not cells.is_code(cell):
            parts.append("\n".join(f"# {line}".rstrip() for line in source.split("\n")) + "\n")
            continue
        lines = [
            re.sub(r"^%(\w+) ?(.*)$", lambda m: f"get_ipython().run_line_magic({m[1]!r}, {m[2]!r})", line)
            for line in source.split("\n")
        ]
        parts.append(f"{mark}\n\n\n" + "\n".join(lines) + "\n\n")
    return "\n".join(parts).encode()


@hand_in()
def python_export(work: Work, folder: Path) -> Due:
    """ "Download as Python" in place of the notebook: nbconvert's "# In[ ]:" above each cell."""
    work.fill_files(folder)
    (folder / f"{work.name}.py").write_bytes(exported(work, work.worked(), "# In[ ]:"))
    return Due(noted=(rf"{work.name}\.py",) if work.answers else ())


@hand_in(answers_in_cells, alone)
def python_export_alone(work: Work, folder: Path) -> Due:
    """The same as a single file, of a notebook that had been run: "# In[12]:"."""
    folder.parent.mkdir(parents=True)
    path = folder.with_name(f"{work.name}.py")
    path.write_bytes(exported(work, work.worked(), "# In[12]:"))
    return Due(path)


@hand_in(answers_in_cells)
def python_export_of_wrong_work(work: Work, folder: Path) -> Due:
    """An export with a known mistake in it: right and wrong answers count as in a notebook."""
    notebook = work.worked()
    next(c for c in notebook["cells"] if cells.grade_id(c) == work.mistake.cell)["source"] = work.wrong()
    work.fill_files(folder)
    (folder / f"{work.name}.py").write_bytes(exported(work, notebook, "# In[ ]:"))
    return Due(loses=work.loses)


@hand_in(answers_in_cells)
def python_export_of_vs_code(work: Work, folder: Path) -> Due:
    """VS Code's and jupytext's export: "# %%" above each cell."""
    work.fill_files(folder)
    (folder / f"{work.name}.py").write_bytes(exported(work, work.worked(), "# %%"))
    return Due()


# Answer files


def _answers_named(work: Work, folder: Path, rename: str) -> Due:
    """Every answer file renamed: {stem} stands for its stem."""
    work.fill(folder)
    names = []
    for name in work.answer_files:
        names.append(rename.format(stem=Path(name).stem))
        (folder / name).rename(folder / names[-1])
    return Due(noted=tuple(re.escape(name) for name in names))


@hand_in(answers_in_files)
def answer_file_numbered(work: Work, folder: Path) -> Due:
    """Canvas numbered the second attempt's Python file."""
    return _answers_named(work, folder, "{stem}-1.py")


@hand_in(answers_in_files)
def answer_file_downloaded_twice(work: Work, folder: Path) -> Due:
    """The browser numbered the Python file."""
    return _answers_named(work, folder, "{stem} (2).py")


@hand_in(answers_in_files)
def answer_file_with_a_name_in_front(work: Work, folder: Path) -> Due:
    """The platform put the student's name before the Python file's."""
    return _answers_named(work, folder, "doejane_48213_3370021_{stem}.py")


@hand_in(answers_in_files)
def answer_file_as_text(work: Work, folder: Path) -> Due:
    """The mail program did not let .py through, so it became .py.txt."""
    return _answers_named(work, folder, "{stem}.py.txt")


@hand_in(answers_in_files)
def answer_file_final(work: Work, folder: Path) -> Due:
    """The student's own version name for a Python file."""
    return _answers_named(work, folder, "{stem}_final.py")


@hand_in(answers_in_files)
def answer_file_in_capitals(work: Work, folder: Path) -> Due:
    """The Python file's name came back in other case."""
    work.fill(folder)
    for name in work.answer_files:
        (folder / name).rename(folder / name.title().replace(".Py", ".py"))
    return Due()


@hand_in(answers_in_files)
def answer_file_in_a_folder(work: Work, folder: Path) -> Due:
    """The Python file is in a folder src, beside the notebook."""
    work.fill(folder)
    (folder / "src").mkdir()
    for name in work.answer_files:
        (folder / name).rename(folder / "src" / name)
    return Due()


@hand_in(answers_in_files)
def answer_file_alone(work: Work, folder: Path) -> Due:
    """Only the Python file was handed in, numbered by the browser."""
    folder.parent.mkdir(parents=True)
    name, text = next(iter(work.answer_files.items()))
    path = folder.with_name(f"{Path(name).stem} (1).py")
    path.write_text(text)
    return Due(path)


@hand_in(makes_files)
def made_file_numbered(work: Work, folder: Path) -> Due:
    """The report that goes with the notebook was numbered by the browser."""
    work.fill(folder)
    for name in work.made_files:
        (folder / name).rename(folder / f"{Path(name).stem} (1){Path(name).suffix}")
    return Due()


@hand_in(makes_files)
def made_file_in_a_folder(work: Work, folder: Path) -> Due:
    """The report is in a folder of its own."""
    work.fill(folder)
    (folder / "report").mkdir()
    for name in work.made_files:
        (folder / name).rename(folder / "report" / name)
    return Due()


@hand_in(makes_files)
def made_file_above_the_notebook(work: Work, folder: Path) -> Due:
    """The notebook is in a folder, the report above it."""
    work.fill_files(folder)
    work.fill(folder / "notebook", files=False)
    return Due()


# Wrapped


def _zip(work: Work, notebook: Notebook | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in work.files(notebook).items():
            archive.writestr(name, data)
    return packed.getvalue()


@hand_in()
def folder_in_a_folder(work: Work, folder: Path) -> None:
    """The unpacked download, as a folder in the folder, with a space in its name."""
    work.fill(folder / "my homework" / work.name)


@hand_in()
def zip_in_a_folder(work: Work, folder: Path) -> Due:
    """The platform made a folder of the upload, and the upload was a zip."""
    zipped(folder / "homework.zip", work.files())
    return Due(noted=("homework.zip",))


@hand_in()
def zip_deep_in_a_folder(work: Work, folder: Path) -> None:
    """The same, some folders further down."""
    zipped(folder / "Downloads" / "week 3" / "homework.zip", work.files())


@hand_in()
def zip_in_a_zip(work: Work, folder: Path) -> Due:
    """A zip was zipped again, to be sure."""
    zipped(folder.with_name(f"{work.name}.zip"), {"homework.zip": _zip(work)})
    return Due(noted=("homework.zip",))


@hand_in()
def zip_in_capitals(work: Work, folder: Path) -> Due:
    """A zip whose ending is in capitals."""
    return Due(zipped(folder.with_name(f"{work.name}.ZIP"), work.files()))


@hand_in()
def zip_of_a_folder(work: Work, folder: Path) -> None:
    """A zip of the folder, which Explorer's "Send to" and Finder's "Compress" make."""
    entries = {f"{work.name}/{name}": data for name, data in work.files().items()}
    zipped(folder.with_name(f"{work.name}.zip"), entries, folders=(f"{work.name}/",))


@hand_in()
def zip_of_a_mac(work: Work, folder: Path) -> None:
    """Finder's zip: each file has a shadow in __MACOSX, which ends like a notebook and is none."""
    entries: dict[str, bytes | str] = {}
    for name, data in work.files().items():
        entries[f"{work.name}/{name}"] = data
        entries[f"__MACOSX/{work.name}/._{name}"] = b"\0\5\26\7" + b"\0" * 160
    entries[f"{work.name}/.DS_Store"] = b"\0\0\0\1Bud1" + b"\0" * 6000
    zipped(folder.with_name(f"{work.name}.zip"), entries, folders=(f"{work.name}/", "__MACOSX/"))


@hand_in()
def zip_with_backslashes(work: Work, folder: Path) -> None:
    """An older Windows program wrote folders with backslashes."""
    entries = {f"homework\\week 3\\{name}": data for name, data in work.files().items()}
    zipped(folder.with_name(f"{work.name}.zip"), entries, folders=("homework\\", "homework\\week 3\\"))


@hand_in()
def zip_of_windows_with_umlauts(work: Work, folder: Path) -> None:
    """Explorer wrote a folder's name in the code page of a German Windows."""
    _in_encoding(work, folder, "Übung für Jürgen", "cp850")


@hand_in()
def zip_of_windows_in_chinese(work: Work, folder: Path) -> None:
    """The same in the code page of a Chinese Windows."""
    _in_encoding(work, folder, "神经网络作业", "gbk")


@hand_in()
def zip_of_a_mac_with_umlauts(work: Work, folder: Path) -> None:
    """Finder wrote UTF-8 without the flag for it, in decomposed form."""
    _in_encoding(work, folder, unicodedata.normalize("NFD", "Übung für Jürgen"), "utf-8")


def _in_encoding(work: Work, folder: Path, name: str, encoding: str) -> None:
    raw = name.encode(encoding)
    plain = "q" * len(raw)
    entries = {f"{plain}/{file}": data for file, data in work.files().items()}
    path = zipped(folder.with_name(f"{work.name}.zip"), entries, folders=(f"{plain}/",))
    with_raw_names(path, {plain: raw})


@hand_in()
def zip_called_something_else(work: Work, folder: Path) -> Due:
    """A zip under the student's own name."""
    return Due(zipped(folder.with_name("Jane Doe homework (3).zip"), work.files()))


@hand_in()
def zip_numbered(work: Work, folder: Path) -> Due:
    """A zip within the folder whose ending is in capitals and numbered."""
    zipped(folder / f"{work.name} (1).ZIP", work.files())
    return Due()


# Refused


@hand_in()
def zip_that_leaves_the_folder(work: Work, folder: Path) -> Due:
    """A path in the zip leads out of the folder."""
    zipped(folder.with_name(f"{work.name}.zip"), {**work.files(), "../../outside.py": "x = 1\n"})
    return Due(refused=("outside",))


@hand_in()
def zip_that_leaves_the_folder_on_windows(work: Work, folder: Path) -> Due:
    """The same with backslashes, which are folders there."""
    zipped(folder.with_name(f"{work.name}.zip"), {**work.files(), "..\\..\\outside.py": "x = 1\n"})
    return Due(refused=("outside",))


@hand_in()
def zip_from_a_drive(work: Work, folder: Path) -> Due:
    """Paths with a drive letter: they do not stay in the folder either."""
    entries = {f"C:\\Users\\jane\\{name}": data for name, data in work.files().items()}
    zipped(folder.with_name(f"{work.name}.zip"), entries)
    return Due(refused=(r"C:",))


@hand_in()
def rar(work: Work, folder: Path) -> Due:
    """An archive that is no zip: the sentence says what to hand in."""
    folder.mkdir(parents=True)
    (folder / "homework.rar").write_bytes(b"Rar!\x1a\7\1\0" + dumped(work.worked())[:3000])
    return Due(refused=(r"\brar", r"\.ipynb|zip"))


@hand_in()
def nothing_done(work: Work, folder: Path) -> Due:
    """The release, as it was given out: it is graded, and earns nothing."""
    folder.mkdir(parents=True)
    for name, text in work.stub_files.items():
        (folder / name).write_text(text)
    work.fill(folder, work.released(), files=False)
    return Due(loses=None)
