"""Hand in: a table of what is there and what is missing, and one zip to submit.

    hand_in()                           # in the notebook's last cell, after saving
    hand_in("Ada Lovelace")             # the same, with your name in the zip's name
    python hand_in.py "Ada Lovelace"    # in a terminal

It looks at the files as they were last saved. It changes none of them and refuses nothing: the zip is written even if
something is missing. Needs Python 3.8 or later and nothing else.
"""

import ast
import contextlib
import getpass
import html
import json
import os
import re
import sys
import textwrap
import time
import unicodedata
import warnings
import zipfile
from collections import namedtuple
from pathlib import Path

ASSIGNMENT = {
    "name": "l_layer_network",
    "title": "Deep Learning Basics: an L-Layer Network",
    "notebook": "l_layer_network.ipynb",
    "heading": "# Deep Learning Basics: an L-Layer Network",
    "answer_files": [],
    "writes": [
        "report.docx",
    ],
    "given": [
        "digits.py",
        "hand_in.py",
        "report_writer.py",
    ],
    "answers": [
        {"task": "Task 1: initialize_parameters", "id": "solution-initialize_parameters", "file": "", "names": ["initialize_parameters"]},
        {"task": "Task 2: linear_forward", "id": "solution-linear_forward", "file": "", "names": ["linear_forward"]},
        {"task": "Task 3: softmax", "id": "solution-softmax", "file": "", "names": ["softmax"]},
        {"task": "Task 4: relu", "id": "solution-relu", "file": "", "names": ["relu"]},
        {"task": "Task 5: linear_activation_forward", "id": "solution-linear_activation_forward", "file": "", "names": ["linear_activation_forward"]},
        {"task": "Task 6: apply_batchnorm", "id": "solution-apply_batchnorm", "file": "", "names": ["apply_batchnorm"]},
        {"task": "Task 7: L_model_forward", "id": "solution-L_model_forward", "file": "", "names": ["L_model_forward"]},
        {"task": "Task 8: compute_cost", "id": "solution-compute_cost", "file": "", "names": ["compute_cost"]},
        {"task": "Task 9: Linear_backward", "id": "solution-Linear_backward", "file": "", "names": ["Linear_backward"]},
        {"task": "Task 10: relu_backward", "id": "solution-relu_backward", "file": "", "names": ["relu_backward"]},
        {"task": "Task 11: softmax_backward", "id": "solution-softmax_backward", "file": "", "names": ["softmax_backward"]},
        {"task": "Task 12: linear_activation_backward", "id": "solution-linear_activation_backward", "file": "", "names": ["linear_activation_backward"]},
        {"task": "Task 13: L_model_backward", "id": "solution-L_model_backward", "file": "", "names": ["L_model_backward"]},
        {"task": "Task 14: Update_parameters", "id": "solution-Update_parameters", "file": "", "names": ["Update_parameters"]},
        {"task": "Task 15: Predict", "id": "solution-Predict", "file": "", "names": ["Predict"]},
        {"task": "Task 16: L_layer_model", "id": "solution-L_layer_model", "file": "", "names": ["L_layer_model"]},
        {"task": "discussion", "id": "discussion", "file": "", "text": "YOUR ANSWER HERE"},
    ],
}

OK, LOOK, TODO = "ok", "look", "TODO"
MANY_BYTES = 20_000_000  # many learning platforms take no larger file
MAX_FILES = 100
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
MAGIC = re.compile(r"^(\s*)(?:%%(?:time|capture).*|[%!?].*|[\w, ]+=\s*[%!].*|[\w.]+\?\??\s*)$", re.M)

Row = namedtuple("Row", "mark what state")
Cell = namedtuple("Cell", "number code text grade_id count error")
Notebook = namedtuple("Notebook", "path data cells problem")


def hand_in(name=""):
    """Show what is there and what is missing, and write the zip. name: yours, by default the login name."""
    make(name)


def make(name=""):
    """The same; returns the zip's path, or None if none was written."""
    notebook, others = find_notebook()
    folder = notebook.path.parent if notebook else next(filter(answer_files, folders()), Path.cwd())
    paths = answer_files(folder)
    if not (notebook or paths):
        wanted = " or ".join([ASSIGNMENT["notebook"], *ASSIGNMENT["answer_files"]])
        where = "Put hand_in.py beside it, and run it there. In Colab, run it in a cell of the notebook."
        show([], [f"There is no {wanted} in {folder}, so there is nothing to hand in. {where}"])
        return None
    paths.update({file: folder / file for file in ASSIGNMENT["writes"] if (folder / file).is_file()})
    files = {file: path.read_bytes() for file, path in paths.items()}
    answers = answer_rows(notebook, files)
    rows = [*answers, *notebook_rows(notebook, others)]
    for file in [*ASSIGNMENT["answer_files"], *ASSIGNMENT["writes"]]:
        rows.append(file_row(file, paths[file]) if file in paths else Row(TODO, file, "missing"))
    files.update({ASSIGNMENT["notebook"]: notebook.data} if notebook else {})
    for file, data in own_modules(folder, notebook, files).items():
        rows.append(Row(OK, file, "your own module"))
        files[file] = data
    path, problem = write_zip(folder, zip_name(name), files)
    show(rows, [summary(rows, answers), problem, *closing(path, files, name)])
    if path and "google.colab" in sys.modules:
        with contextlib.suppress(Exception):  # it is in the folder that was named
            from google.colab import files as colab

            colab.download(str(path))
    return path


# Finding the notebook and the answer files


def folders():
    """Where to look: the working folder, and this file's, which is another one after os.chdir()."""
    here = Path(globals().get("__file__", "hand_in.py")).absolute().parent
    return list(dict.fromkeys([Path.cwd(), here]))


def find_notebook():
    """The notebook to hand in, or None, and the others of this assignment.

    It is the one that this runs in, if Jupyter says which; else the one with the most answers, then the one with the
    expected name, then the newest.
    """
    if "google.colab" in sys.modules:
        with contextlib.suppress(Exception):  # whatever goes wrong there, a file that was uploaded will do
            return colab_notebook(), []
    running = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    running = Path(getattr(sys.modules["__main__"], "__vsc_ipynb_file__", running)).name

    def worth(one):
        name = one.path.name
        answers = written(answer_rows(one, {}))
        return name == running, answers, name == ASSIGNMENT["notebook"], saved(one.path)

    for folder in folders():
        paths = sorted((path for path in folder.glob("*") if path.suffix.lower() == ".ipynb"), key=saved)
        ours = sorted(filter(is_ours, map(read_notebook, paths[-MAX_FILES:])), key=worth)
        if ours:
            return ours[-1], ours[:-1]
    return None, []


def colab_notebook():
    """The notebook as it is now in Google Colab, where it is in no folder."""
    from google.colab import _message

    content = _message.blocking_request("get_ipynb", request="", timeout_sec=60)["ipynb"]
    data = json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return Notebook(Path.cwd() / ASSIGNMENT["notebook"], data, cells_of(content), "")


def read_notebook(path):
    """A notebook file. One that can't be read has no cells, and a sentence that says why."""
    data = b""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        return Notebook(path, data, cells_of(json.loads(text)), "")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        problem = f"can't be read as a notebook{line}: open it in Jupyter, and save it again"
        return Notebook(path, data, [], problem)


def cells_of(content):
    """The cells of a parsed notebook. Raises LookupError, TypeError or AttributeError if it is none."""
    found = []
    for number, cell in enumerate(content["cells"], 1):
        text = "".join(cell.get("source") or "")
        outputs = cell.get("outputs") or []
        errors = [str(one.get("ename")) for one in outputs if one.get("output_type") == "error"]
        grade_id = (cell.get("metadata") or {}).get("nbgrader", {}).get("grade_id")
        count = cell.get("execution_count")
        count = count if isinstance(count, int) else None
        found.append(
            Cell(number, cell.get("cell_type") == "code", text, grade_id, count, "".join(errors[:1]))
        )
    return found


def is_ours(notebook):
    """Whether a notebook is one of this assignment: by its name, else by its first heading."""
    if Path(ASSIGNMENT["notebook"]).stem.lower() in notebook.path.name.lower():
        return True
    return any(ASSIGNMENT["heading"] in cell.text.splitlines() for cell in notebook.cells)


def answer_files(folder):
    """The answer files that are in a folder, by name. One may have been renamed, such as "name-1.py"."""

    def worth(path):
        return written(answer_rows(None, {name: path.read_bytes()})), path.name == name, saved(path)

    found = {}
    for name in ASSIGNMENT["answer_files"]:
        paths = [folder / name, *sorted(folder.glob(Path(name).stem + "?*.py"))[:MAX_FILES]]
        paths = [path for path in paths if path.is_file()]
        found.update({name: max(paths, key=worth)} if paths else {})
    return found


def saved(path):
    return path.stat().st_mtime if path.exists() else 0


# Which answers are written


def answer_rows(notebook, files):
    """A row for each answer in the notebook and in the answer files. files: their bytes by name."""
    cells = notebook.cells if notebook else []
    code = {"": [(cell.text, parse(cell.text), called(cell)) for cell in cells if cell.code]}
    for file in set(ASSIGNMENT["answer_files"]) & set(files):
        text = files[file].decode("utf-8-sig", "replace")
        code[file] = [(text, parse(text), file)]
    rows = []
    for answer in ASSIGNMENT["answers"]:
        if notebook and notebook.problem and not answer["file"]:
            continue
        if "text" in answer:
            mark, state = judge_words(answer, cells)
        else:
            mark, state = judge_code(answer, code.get(answer["file"], []))
        rows.append(Row(mark, answer["task"], state))
    return rows


def written(rows):
    return sum(row.mark == OK for row in rows)


def judge_words(answer, cells):
    """Mark and state of an answer in words."""
    stub = answer["text"].split()
    texts = [(cell.text.split(), cell.grade_id) for cell in cells]
    texts = [text for text, name in texts if name == answer["id"] or text == stub]
    if not texts:
        return LOOK, "its cell is not found: is your answer there?"
    words = max(0 if text == stub else len(text) for text in texts)
    return (OK, f"written, {words} words") if words else (TODO, "no answer in its cell yet")


def judge_code(answer, code):
    """Mark and state of an answer in code. code: text, syntax tree or SyntaxError, and name of each cell or file.

    A stub doesn't count if the answer is written in another cell.
    """
    nodes = {name: [] for name in answer["names"]}
    for _, tree, _ in code:
        defined = {} if isinstance(tree, SyntaxError) else definitions(tree)
        for name in nodes:
            nodes[name] += [defined[name]] if name in defined else []
            nodes[name] += [None] if "*" in defined else []  # from my_module import *
    task = answer["task"]
    if not nodes and any(is_stub(tree, task) for _, tree, _ in code):
        return TODO, "not written yet"
    left = [name for name, found in nodes.items() if found and all(is_stub(node, task) for node in found)]
    if left:
        return TODO, "not written yet" + (": " + ", ".join(left) if len(left) < len(nodes) else "")
    missing = [name for name, found in nodes.items() if not found]
    for text, tree, where in code:
        if isinstance(tree, SyntaxError) and any(name.split(".")[-1] in text for name in missing):
            return LOOK, f"line {tree.lineno or 1} of {where} is not valid Python"
    return (LOOK, "not found: nothing defines " + ", ".join(missing)) if missing else (OK, "written")


def parse(text):
    """The syntax tree of a cell or file, without IPython's own lines; the SyntaxError if it is not Python."""
    if re.match(r"\s*%%(?!time|capture)", text):
        text = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes such as "\d"
        for source in (text, MAGIC.sub(r"\1pass", text)):
            try:
                return ast.parse(source)
            except SyntaxError as error:
                problem = error
            except (ValueError, RecursionError, MemoryError):
                problem = SyntaxError("too deep, or with a null byte")
    return problem


def definitions(tree, inside=""):
    """What statements define, by dotted name: functions and classes with their node, imports and aliases with None."""
    found = {}
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, DEFINITIONS):
            found[inside + node.name] = node
            if isinstance(node, ast.ClassDef):
                found.update(definitions(node, inside + node.name + "."))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update({inside + (alias.asname or alias.name): None for alias in node.names})
        elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Lambda, ast.Name, ast.Attribute)):
            found.update(
                {inside + target.id: None for target in node.targets if isinstance(target, ast.Name)}
            )
        elif isinstance(node, (ast.stmt, ast.excepthandler)):
            found.update(definitions(node, inside))
    return found


def is_stub(node, task):
    """Whether the statements in a node still raise the task's NotImplementedError. After a return, nothing counts."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        block = getattr(node, name, None)
        for one in block if isinstance(block, list) else []:
            if is_stub(one, task) or (isinstance(one, ast.Raise) and is_error(one.exc, task)):
                return True
            if isinstance(one, (ast.Return, ast.Raise)):
                break
    return False


def is_error(node, task):
    """Whether an expression is NotImplementedError(task)."""
    call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotImplementedError"
    return call and [getattr(argument, "value", None) for argument in node.args] == [task]


# The notebook and the other files


def notebook_rows(notebook, others):
    """The notebook's row, rows about runs, and a row for each other notebook of the assignment."""
    if not notebook:
        asked = any(not answer["file"] for answer in ASSIGNMENT["answers"])
        return [Row(TODO if asked else LOOK, ASSIGNMENT["notebook"], "missing")]
    if notebook.problem:
        return [Row(TODO, notebook.path.name, notebook.problem)]
    rows = []
    if unsaved(notebook):
        state = "not saved since you last ran a cell: save it (Ctrl+S or Cmd+S), then run this again"
        rows.append(Row(TODO, notebook.path.name, state))
    else:
        rows += [file_row(ASSIGNMENT["notebook"], notebook.path), *run_rows(notebook)]
    for other in others:
        if other.data != notebook.data:
            newer = saved(other.path) > saved(notebook.path)
            state = f"left out, {written(answer_rows(other, {}))} answers" + ", but newer" * newer
            rows.append(Row(LOOK if newer else OK, other.path.name, state))
    return rows


def file_row(name, path):
    """The row of a file that is there; `path` may be another name for it."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(saved(path)))
    when = f"saved {when}" if path.exists() else "as it is now"
    return Row(OK, path.name, when + ("" if path.name == name else f", in the zip as {name}"))


def run_rows(notebook):
    """Rows about cells that were never run, were run out of order, or ended in an error."""
    code = [cell for cell in notebook.cells if is_run(cell)]
    run = [cell for cell in code if cell.count is not None]
    late = [cell for before, cell in zip(run, run[1:]) if cell.count <= before.count]
    rerun = ": Kernel > Restart Kernel and Run All Cells"
    kinds = [
        ("cells never run", [cell for cell in code if cell.count is None], rerun),
        ("cells run before the one above", late, rerun),
        ("cells ended in an error", [cell for cell in run if cell.error], ""),
    ]
    rows = [Row(LOOK, kind, listed(found, len(code)) + what) for kind, found, what in kinds if found]
    return rows or [Row(OK, "cells", "run from top to bottom, without an error")]


def listed(cells, all_of_them):
    told = ", ".join(called(cell) + (f": {cell.error}" if cell.error else "") for cell in cells[:3])
    more = f" and {len(cells) - 3} more" if cells[3:] else ""
    return "all of them" if len(cells) == all_of_them else told + more


def is_run(cell):
    """Whether a cell is expected to be run: code, but not the one that hands in."""
    return cell.code and cell.text.strip() and not re.search(r"\bhand_in\b", cell.text)


def unsaved(notebook):
    """Whether the last cell that this kernel ran is not in the saved notebook as it ran it."""
    history = getattr(getattr(shell(), "history_manager", None), "input_hist_raw", [])
    ran = [(count, text.strip()) for count, text in enumerate(history) if not re.search(r"\bhand_in\b", text)]
    known = [(cell.count, cell.text.strip()) for cell in notebook.cells]
    return bool(ran[1:]) and ran[-1] not in known and "google.colab" not in sys.modules


def own_modules(folder, notebook, files):
    """The student's own Python files that the notebook or an answer file imports or runs: bytes by name."""
    waiting = [cell.text for cell in notebook.cells if cell.code] if notebook else []
    waiting += [data.decode("utf-8-sig", "replace") for name, data in files.items() if name.endswith(".py")]
    found, known = {}, {*ASSIGNMENT["given"], *files}
    while waiting and len(found) < MAX_FILES:
        for names in re.findall(r"^\s*(?:import|from|%run)\s+([\w., \t]+)", waiting.pop(), re.M):
            for name in re.findall(r"(?:^|,)\s*(\w+)", names):
                for path in [folder / (name + ".py"), *sorted((folder / name).rglob("*.py"))]:
                    file = path.relative_to(folder).as_posix()
                    if file not in known and path.is_file():
                        known.add(file)
                        found[file] = path.read_bytes()
                        waiting.append(found[file].decode("utf-8-sig", "replace"))
    return found


# The zip


def zip_name(name):
    """The zip's name, with a student's name that every file system takes."""
    with contextlib.suppress(ImportError, KeyError, OSError):  # a machine that knows no users
        name = name or getpass.getuser()
    text = unicodedata.normalize("NFC", str(name or "student"))
    text = "".join(c if unicodedata.category(c)[0] in "LMN" or c in ".-" else "_" for c in text)
    text = re.sub("_+", "_", text)[:40].strip("._-")
    return "{}-{}.zip".format(ASSIGNMENT["name"], text or "student")


def write_zip(folder, name, files):
    """Write the zip, whole or not at all, into the folder, else into the home folder: its path or None, a problem."""
    problem = ""
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE") or folder
    for place in (folder, Path(home)):
        temporary = place / f".{name}.{os.getpid()}"
        try:
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                for entry, data in files.items():
                    archive.writestr(entry, data)
            temporary.replace(place / name)
            return place / name, problem
        except OSError as error:
            problem = problem or f"No zip could be written into {place} ({error.strerror or error})."
            with contextlib.suppress(OSError):
                temporary.unlink()
    return None, problem


# What is shown


def summary(rows, answers):
    text = f"{written(answers)} of {len(answers)} answers are written." if answers else ""
    marks = [(sum(row.mark == mark for row in rows), mark) for mark in (TODO, LOOK)]
    told = ", ".join(f"{count} {mark}" for count, mark in marks if count)
    more = f"See the lines marked {told}; you can hand in all the same." if told else "All is there."
    return f"{text} {more}".strip()


def closing(path, files, name):
    """The lines about the zip."""
    contents = "In it: " + ", ".join(files)
    if path is None:
        advice = "Make room, close the zip if it is open, and run this again; or submit these files yourself."
        return [advice, contents]
    size = path.stat().st_size
    lines = [f"Submit this file: {path.name} ({max(1, size // 1000):,} kB), in {path.parent}", contents]
    if size > MANY_BYTES:
        lines.append(
            "Many platforms take no file of that size. If yours refuses it, clear the notebook's outputs"
        )
        lines.append("(Edit > Clear Outputs of All Cells), save, and run this again: outputs earn no points.")
    if not name:
        lines.append('With your name: hand_in("Ada Lovelace"), or python hand_in.py "Ada Lovelace"')
    return lines


def called(cell):
    """A cell's name: its number from the top and its first line."""
    first = cell.text.strip().split("\n")[0]
    return f"cell {cell.number} ({textwrap.shorten(first, 36, placeholder=' ...')})"


def shell():
    """IPython's shell, or None in a terminal's Python."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def show(rows, lines):
    """A table in a notebook, text elsewhere."""
    lines = [line for line in lines if line]
    width = min(44, max((len(row.what) for row in rows), default=0))
    text = [ASSIGNMENT["title"]]
    for row in rows:
        head = f"{row.mark:4}  {row.what:{width}}  "
        text += textwrap.wrap(head + row.state, 110, subsequent_indent=" " * (width + 8))
    text = "\n".join([*text, "", *lines])
    if hasattr(shell(), "kernel"):
        from IPython.display import display

        display({"text/plain": text, "text/html": as_html(rows, lines)}, raw=True)
    else:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding, "replace"))


def as_html(rows, lines):
    colours = {OK: "", LOOK: "background: #fff3c4; color: black", TODO: "background: #ffd9d4; color: black"}
    table = ""
    for row in rows:
        cells = "".join(f'<td style="text-align: left">{html.escape(text)}</td>' for text in row)
        table += f'<tr style="{colours[row.mark]}">{cells}</tr>'
    paragraphs = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    return f"<b>{html.escape(ASSIGNMENT['title'])}</b><table>{table}</table>{paragraphs}"


if __name__ == "__main__":
    if any(argument.startswith("-") for argument in sys.argv[1:]):
        print(__doc__)
    else:
        sys.exit(0 if make(" ".join(sys.argv[1:])) else 1)
