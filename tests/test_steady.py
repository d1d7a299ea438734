"""Tests for grading/steady.py: at which tests' places a notebook has to be held."""

import time

import pytest

from coursekit.grading.steady import places_to_hold

ANSWER = "def f(x):\n    return np.maximum(0, x)"
IMPORTS = "import numpy as np"


def held(*cells, reads=("f",), place=2, files=(), given=()):
    """The places to hold with one test; the cells in square brackets are the release's."""
    numbered = list(enumerate(cell.strip("[]") if cell.startswith("[") else cell for cell in cells))
    released = [number for number, cell in enumerate(cells) if cell.startswith("[")]
    return places_to_hold(numbered, released, {"t": place}, {"t": reads}, dict(files), dict(given))


@pytest.mark.parametrize(
    "more",
    [
        "def g(x):\n    return f(x) + 1",
        "[print(f(np.ones(3)))]",
        "out = {'a': f(np.ones(3))}\nout['a'] = 2\nfor i in range(3):\n    out[i] = i",
        "class A:\n    def __init__(self):\n        self.W = {}\n    def forward(self, x):\n        self.W['x'] = x",
        "def update(parameters):\n    for key in parameters:\n        parameters[key] -= 1",
        "count = 1\nprint(f(count))",
        "def g(x, act=Relu()):\n    return act(x)\n\nclass Relu:\n    def __call__(self, x):\n        return x",
        "[np.seterr(all='raise')]",
        "%%time\nprint(f(1))",
        "class Adam:\n    def step(self, g):\n        self.t += 1\n        return type(self).__name__",
        "def batches(x):\n    yield from x",
        "with np.errstate(all='ignore'):\n    out = f(1)",
    ],
)
def test_what_changes_nothing_needs_no_held_process(more):
    assert held(IMPORTS, ANSWER, more) == {}


@pytest.mark.parametrize(
    "more",
    [
        "def f(x):\n    return 0",
        "f = None",
        "try:\n    pass\nexcept ValueError as f:\n    pass",
        "if True:\n    def f(x):\n        return 1",
        "for f in range(3):\n    pass",
        "from numpy import *",
        "np.seterr(all='raise')",
        "np.maximum = None",
        "f.x = 1",
        "f.parts['x'] = 1",
        "f.parts.append(1)",
        "del f",
        "exec('f = 1')",
        "globals()['f'] = 1",
        "def g():\n    global f\n    f = 1",
        "def g():\n    f.x = 1",
        "def g(cache=[]):\n    cache.append(1)",
        "@lru_cache\ndef g():\n    pass",
        "class A:\n    shared = {}",
        "import os\nos.chdir('/')",
        "import mine",
        "getattr(np, 'seterr')(all='raise')",
        "def g(x, act=Counter()):\n    act()\n\nclass Counter:\n    def __call__(self):\n        self.n = 1",
        "def g(x, act=unknown()):\n    act()",
        "x = = 1",
        "%load_ext mine",
        "np = None",
        "class f:\n    t = 0\n    def step(self):\n        f.t += 1",
        "def g(x):\n    if not hasattr(g, 'cache'):\n        g.cache = {}",
        "def g(x):\n    g.cache['x'] = x",
        "def g(layer, rate):\n    layer.rate = rate",
        "def g(x, act=A()):\n    act(x)\n\nclass A:\n    def __init__(self):\n        self.seen = []\n"
        "    def __call__(self, x):\n        self.seen.append(x)",
        "def g():\n    import numpy as n\n    n.maximum = abs",
        "def g():\n    from numpy import random\n    random.parts.append(1)",
        "from numpy import seterr as s\ns(all='raise')",
        "from matplotlib import rcParams\nrcParams['x'] = 1",
        "np.warnings.filterwarnings('error')",
        "a = [f := abs, 1]",
        "match {}:\n    case {**f}:\n        pass",
        "%%capture f\nprint(1)",
        "reset -f",
        "x = " + " + ".join(["1"] * 3000),
        "!ls\n" * 600,
        "x = 1\n" * 20_000,
        "x = '\0'",
        "x = '\ud800'",
    ],
)
def test_what_may_change_something_has_the_notebook_held(more):
    assert held(IMPORTS, ANSWER, more) == {"t": 2}


def test_what_the_release_defines_may_keep_something_too():
    counting = "[def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)]"
    assert held(IMPORTS, counting, "[print(f(1))]") == {"t": 2}
    assert held(IMPORTS, counting, ANSWER, reads=("np",)) == {}


def test_no_text_takes_long():
    started = time.monotonic()
    held(IMPORTS, ANSWER, "!ls\n" * 400 + "x = 1\n" * 5000, "y = [" * 90 + "]" * 90, "if x:\n pass\n" * 3000)
    assert time.monotonic() - started < 5


def test_a_test_that_reads_what_can_change_is_held_and_no_other():
    cells = [(0, IMPORTS), (1, ANSWER), (2, "settings = [1, 2]"), (3, "def g():\n    return settings")]
    places = {"f": 2, "settings": 3, "g": 4}
    reads = {"f": ["f"], "settings": ["settings"], "g": ["g"]}
    assert places_to_hold(cells, [], places, reads, {}, {}) == {"settings": 3, "g": 4}


def test_what_a_test_needs_must_stand_above_it():
    assert held(IMPORTS, "def f(x):\n    return g(x)", "def g(x):\n    return x") == {"t": 2}
    assert held(IMPORTS, "def g(x):\n    return x", "def f(x):\n    return g(x)", place=3) == {}
    assert held(IMPORTS, "print(1)", ANSWER) == {"t": 2}


def test_a_builtin_that_is_replaced_further_down_has_the_notebook_held():
    assert held(IMPORTS, "def f(x):\n    return sum(x)", "sum = 0") == {"t": 2}


def test_the_python_files_that_students_write_in_count_too():
    plain = "import numpy as np\n\nSIZE = [1]\n\nclass f:\n    pass\n\nif __name__ == '__main__':\n    print(SIZE)\n"
    counting = "count = [0]\n\ndef f():\n    count[0] += 1\n"
    cells = (IMPORTS, "[from mlp import f]", "[print(f())]")
    assert held(*cells, files=[("mlp.py", plain)]) == {}
    assert held(*cells, files=[("mlp.py", counting)]) == {"t": 2}
    assert held(*cells, files=[("mlp.py", "print(1)")]) == {"t": 2}
    assert held(*cells, files=[("mlp.py", "import other")]) == {"t": 2}
    assert (
        held(*cells, files=[("mlp.py", "import utils\n\ndef f():\n    pass")], given=[("utils.py", "")]) == {}
    )
    assert held(*cells, files=[("mlp.py", "f = [1]")]) == {"t": 2}
    assert held(IMPORTS, "[import mlp]", "mlp.S['n'] = 1", reads=("mlp",), files=[("mlp.py", "S = {}")]) == {
        "t": 2
    }
    shared = [("mlp.py", "S = {}\n\ndef f():\n    pass")]
    assert held(IMPORTS, "[from mlp import S, f]", "S['n'] = 1", reads=("S",), files=shared) == {"t": 2}
    assert held(IMPORTS, "[from mlp import *]", "f()", files=shared) == {}
    assert held(IMPORTS, "[from mlp import *]", "f()", reads=("S",), files=shared) == {"t": 2}
