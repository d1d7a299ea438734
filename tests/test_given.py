"""Given functions are the release's, whatever a notebook makes of their names; pools are begun again in each fork."""

from __future__ import annotations

import nbformat
import pytest
from courses import tiny

from coursekit.build import build

pytestmark = pytest.mark.xdist_group("trust")

GIVEN = '''\
import json
from pathlib import Path

LEAST = 2

class Weight:
    """A given class."""
    def __init__(self, kilos): self.kilos = kilos
    def doubled(self): return 2 * self.kilos

def least(): return LEAST

def read_note(path="note.json"):
    """What the note that is handed in says."""
    try:
        found = json.loads(Path(path).read_text())
        return {"text": str(found["text"]), "enough": len(found["text"]) >= least()}
    except (OSError, ValueError, KeyError, TypeError):
        return {"text": "", "enough": False}
'''
CALLS_THEIRS = '''\
def scaled_twice(values):
    """A given function that calls a student's."""
    return scale(scale(values))

def applied(function, values): return function(values)
'''
TESTS = {
    "note": 'found = read_note()\nassert found["text"] == "seen" and found["enough"], "m"',
    "twice": 'np.testing.assert_allclose(scaled_twice([1.0, 2]), [4, 8], err_msg="m")',
    "weight": 'assert scale([Weight(4).doubled()])[0] == 16, "m"',
    "applied": 'np.testing.assert_allclose(applied(scale, [1.0]), [2], err_msg="m")\nassert least() == 2, "m"',
    "handed_over": 'assert scale([1])[0] == 2 and applied(read_note, "none.json")["enough"] is False, "m"',
}
LIES = """
def read_note(path="note.json"): return {"text": "seen", "enough": True}
def least(): return 0
def scaled_twice(values): return [4, 8]
def applied(function, values): return [2]
class Weight:
    def __init__(self, kilos): pass
    def doubled(self): return 8
"""
INSIDE = """
import json, pathlib
Weight.doubled = lambda self: 8
scaled_twice.__code__ = (lambda values: [4, 8]).__code__
json.loads = lambda text: {"text": "seen"}
pathlib.Path.read_text = lambda self: '{"text": "seen"}'
read_note.__code__ = (lambda path="": {"text": "seen", "enough": True}).__code__
"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    source = tiny.notebook()
    scale = source.cells[2]
    source.cells = [source.cells[1], tiny.given("given", GIVEN), scale, tiny.given("theirs", CALLS_THEIRS)]
    source.metadata["coursekit"] = {"title": "Given", "writes": ["note.json"], "limits": {"case_seconds": 5}}
    source.cells.append(tiny.exploring('Path("note.json").write_text(json.dumps({"text": "seen"}))'))
    for name, text in TESTS.items():
        source.cells.append(
            tiny.test(name, f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS", points=1)
        )
    assignment = tiny.course(tmp_path_factory.mktemp("given"), source)
    build(assignment)
    return assignment


def grade(assignment, folder, *code, base="release", files=None):
    """The names of the questions that are earned with the code of some cells added to the release or the solution."""
    notebook = nbformat.read(getattr(assignment, base) / assignment.notebook_name, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(text) for text in code]
    nbformat.write(notebook, folder / assignment.notebook_name)
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    result = tiny.graded(assignment, folder, "someone")
    assert not result["extra_data"]["error"]
    return sorted(test["name"] for test in result["tests"] if test["score"])


@pytest.mark.parametrize("lies", [LIES, INSIDE])
def test_a_given_function_that_is_defined_again_is_the_given_one(assignment, tmp_path, lies):
    assert grade(assignment, tmp_path, lies) == []


def test_modules_beside_the_notebook_are_none_that_a_given_function_imports(assignment, tmp_path):
    files = {"json.py": "def loads(text): return {'text': 'seen'}", "pathlib/__init__.py": "raise SystemExit"}
    assert "note" not in grade(assignment, tmp_path, files=files)


def test_what_is_handed_in_beside_the_notebook_is_there(assignment, tmp_path):
    note = {"note.json": '{"text": "seen"}'}
    assert "note" in grade(assignment, tmp_path, files=note)
    assert grade(assignment, tmp_path, LIES, base="solution", files=note) == sorted(TESTS)


POOLS = """
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

def twice(value): return 2 * value

pool = {pool}
first = list(pool.map(twice, [1, 2, 3]))

def scale(values, factor=2):
    return np.array([x / 2 * factor for x in pool.map(twice, list(values))])
"""
WAITS = """
import queue, threading
asked, answered = queue.Queue(), queue.Queue()
def work():
    while True:
        answered.put(2 * np.asarray(asked.get()))
threading.Thread(target=work, daemon=True, name="worker").start()
def scale(values, factor=2):
    asked.put(values)
    return answered.get()
"""


@pytest.mark.parametrize("pool", ["ThreadPoolExecutor(3)", "ThreadPool(2)", "ProcessPoolExecutor(2)"])
def test_a_pool_that_was_used_while_loading_works_in_every_test(assignment, tmp_path, pool):
    assert {"twice", "applied"} <= set(grade(assignment, tmp_path, POOLS.format(pool=pool)))


def test_a_thread_that_is_waited_for_in_vain_is_named_as_the_reason(assignment, tmp_path):
    notebook = nbformat.read(assignment.release / assignment.notebook_name, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import numpy as np\n" + WAITS))
    nbformat.write(notebook, tmp_path / assignment.notebook_name)
    result = tiny.graded(assignment, tmp_path, "someone")
    told = next(test["output"] for test in result["tests"] if test["name"] == "twice")
    assert "starts a thread while it is loaded" in told
    assert "Start the thread in the function that needs it" in told
