"""What is done in the sandbox in a quicker way than Python, numpy and IPython do it, with the same outcome."""

from __future__ import annotations

import json
import platform
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from coursekit.sandbox.inside import large_pages, stand_ins, wire
from coursekit.sandbox.inside.wire import randomness

pytestmark = pytest.mark.quick
ROOT = Path(__file__).parent.parent


def inside(code):
    """The words that this prints in a process of its own, which is given the folder of what is in the sandbox."""
    command = [sys.executable, "-I", "-c", code, str(Path(stand_ins.__file__).parent)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


# ---- IPython's transformations


def texts():
    for path in sorted(ROOT.glob("s*/*/*.ipynb")):  # source and solutions
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


ODD = [
    "",
    "\n\n   \nx = 1",
    "    x = 1\n    y = 2",
    ">>> x = 1\n>>> y = 2",
    "In [1]: x = 1",
    "%matplotlib inline\nx = 1",
    "x = %timeit -n1 -r1 y\n",
    "files = !ls",
    "!pip install numpy",
    "np.array?",
    "# is this right?\nx = 5 % 3  # or this?",
    "y = (7\n% 2)\nz = 'a?'",
    "%%time\nx = 1",
    "await f()",
    "x = 1 +",
    "s = '\\d'",
    "def f():\n    %time g()\n    return 1",
    "'''\n%time\n!ls\n'''",
    "x = (" * 500,
    "x = 1\0",
]


@pytest.mark.parametrize("text", ODD)
def test_a_cell_is_transformed_as_ipython_does_it(text):
    assert outcome(stand_ins.Transformers(), text) == outcome(TransformerManager(), text)


def test_the_cells_of_the_course_are_transformed_as_ipython_does_it():
    found = list(texts())
    assert len(found) > 200
    ours, theirs = stand_ins.Transformers(), TransformerManager()
    assert [ours.transform_cell(text) for text in found] == [theirs.transform_cell(text) for text in found]


def outcome(transformers, text):
    try:
        return transformers.transform_cell(text)
    except Exception as error:
        return type(error)


# ---- random states


DRAWS = {
    "nothing": lambda: None,
    "numpy's": lambda: np.random.rand(),
    "a normal number": lambda: np.random.randn(),
    "two normal numbers": lambda: np.random.randn(2),
    "Python's": lambda: random.random(),
    "Python's normal number": lambda: random.gauss(0, 1),
    "a seed": lambda: np.random.seed(3),
    "Python's seed": lambda: random.seed(3),
    "a generator of its own": lambda: np.random.default_rng(1).random(),
}


@pytest.fixture(autouse=True)
def states():
    before, numpys = random.getstate(), np.random.get_state()
    yield
    random.setstate(before)
    np.random.set_state(numpys)


@pytest.mark.parametrize("normal_waits", [False, True])
@pytest.mark.parametrize("draws", DRAWS)
def test_a_random_state_is_the_last_one_only_if_nothing_was_drawn(draws, normal_waits):
    np.random.seed(7)
    random.seed(7)
    if normal_waits:
        np.random.randn()
    last = wire.random_state()
    DRAWS[draws]()
    now = wire.random_state()
    assert wire.random_state(last) == now
    assert (now == last) == (draws in ("nothing", "a generator of its own"))
    assert (wire.random_state(last) is last) == (now == last)


def test_the_normal_number_that_waits_is_noticed_when_it_is_drawn():
    """numpy draws two at a time, so its words are the same before and after the second."""
    np.random.seed(7)
    np.random.randn()
    last = wire.random_state()
    np.random.randn()
    assert wire.random_state()[0] == last[0]
    assert wire.random_state(last) != last


def test_a_numpy_that_keeps_its_words_elsewhere_is_asked_each_time(monkeypatch):
    assert randomness._address(np.random.get_bit_generator()), "this numpy keeps them where it says"
    assert not randomness._address(np.random.PCG64(1))
    monkeypatch.setattr(randomness, "_ADDRESS", 0)
    last = wire.random_state()
    assert wire.random_state(last) is last
    np.random.rand()
    assert wire.random_state(last) == wire.random_state() != last


def test_another_generator_has_no_state():
    """A notebook can put in one. Then what it draws can't be compared, but the rest of it can."""
    before = np.random.get_bit_generator()
    random.seed(5)
    last, drawn = wire.random_state(), random.random()
    try:
        np.random.set_bit_generator(np.random.PCG64(1))
        assert wire.random_state() is wire.random_state(last) is None
        wire.set_random_state(last)
        assert random.random() == drawn
    finally:
        np.random.set_bit_generator(before)


# ---- threads

THREADS = """
import _thread, sys, time
sys.path.insert(0, sys.argv[1])
import server

found = [server.is_alone()]
sys.setswitchinterval(1000)  # a new thread begins only when this one waits
lock = _thread.allocate_lock()
lock.acquire()
_thread.start_new_thread(lock.acquire, ())
found.append(server.is_alone())
time.sleep(0.2)
found.append(server.is_alone())
lock.release()
until = time.monotonic() + 20
while not server.is_alone() and time.monotonic() < until:
    time.sleep(0.01)
found.append(server.is_alone())
print(*found)
"""


def test_a_thread_counts_from_its_start_to_its_end():
    assert inside(THREADS) == ["True", "False", "False", "True"]


# ---- memory

FILLED = """
import mmap, re, sys, time
sys.path.insert(0, sys.argv[1])
from large_pages import into_large_pages

def large():
    return sum(map(int, re.findall(r"AnonHugePages: +([0-9]+) kB", open("/proc/self/smaps").read())))

memory = mmap.mmap(-1, 16 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(mmap.MADV_NOHUGEPAGE)
text = bytes(range(256)) * (16 << 12)
memory[:] = text
memory.madvise(mmap.MADV_HUGEPAGE)
before = large()
for _ in range(50):  # the kernel passes over pages that it is busy with
    into_large_pages()
    if large() >= 8 << 10:
        break
    time.sleep(0.1)
print(before, large(), memory[:] == text)
"""
SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def test_memory_is_put_into_large_pages_and_says_the_same():
    if tuple(map(int, re.findall(r"\d+", platform.release())[:2])) < (6, 1):
        pytest.skip("this Linux can't do it: it is older than 6.1")
    if not SETTING.exists() or "[never]" in SETTING.read_text():
        pytest.skip("large pages are switched off here")
    before, after, same = inside(FILLED)
    assert int(after) - int(before) >= 4 << 10, "two of its eight large pages at least"
    assert same == "True"


def test_a_kernel_that_refuses_large_pages_is_no_fault(monkeypatch):
    monkeypatch.setattr(large_pages, "MADV_COLLAPSE", 9999)
    large_pages.into_large_pages()
