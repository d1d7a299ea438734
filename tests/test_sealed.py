"""Calls into the student's process: by value, with identity, in-place changes, random state and handles."""

from __future__ import annotations

import errno
import fcntl
import random
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from coursekit.core.errors import CaseEnded, CourseError, GraderFault
from coursekit.core.limits import Limits
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox import seccomp
from coursekit.sandbox.loading import LoadedNotebook, Notebook
from coursekit.sandbox.mounts import INSIDE

pytestmark = pytest.mark.quick

NOTEBOOK = """
import collections, dataclasses, os, random, sys, time
import numpy as np

def same(x): return x
def draw(): return np.random.rand(3), random.random()
def fail(kind, *args): raise kind(*args)
def boom(name):
    if name == "exit": os._exit(3)
    if name == "loop":
        while True: pass
    if name == "crash":
        import ctypes; ctypes.string_at(0)
    if name == "system exit": sys.exit("bye")
    if name == "memory": return bytearray(1 << 40)
    if name == "custom":
        class Odd(ValueError): pass
        raise Odd("odd")
    if name == "lying message":
        class Mute(Exception):
            def __str__(self): raise RuntimeError("no")
        raise Mute()
    if name == "huge message": raise ValueError("x" * 50_000_000)
    if name == "stop": raise StopIteration
    if name == "deep":
        return boom(name)
def change(d):
    d["W"] -= 1
    d["new"] = [1, 2]
    d.pop("old", None)
    return d
def change_and_fail(x):
    x += 1
    raise ValueError("after the change")
kept = []
def keep(x):
    kept.append(x)
def total_kept(): return float(sum(x.sum() for x in kept))
def alias():
    a = np.zeros(2)
    return {"V": a, "G": a}
def add_to_v(d):
    d["V"] += 1
class Counter:
    step = 1
    def __init__(self, start=0): self.count, self.log = start, [start]
    def add(self, by=1):
        self.count += by
        self.log.append(self.count)
        return self
def closure(x):
    return lambda y: x + y
def generator(n): return (i * i for i in range(n))
@dataclasses.dataclass
class Cache:
    mask: np.ndarray
Pair = collections.namedtuple("Pair", "left right")
def odd(kind):
    return {"dataclass": lambda: Cache(np.ones(2)), "namedtuple": lambda: Pair(np.ones(2), 5),
            "ordered": lambda: collections.OrderedDict(a=1, b=2),
            "default": lambda: collections.defaultdict(list, a=[1]),
            "matrix": lambda: np.asmatrix(np.eye(2)), "objects": lambda: np.array([1.5, 2], dtype=object),
            "fortran": lambda: np.asfortranarray(np.arange(6.).reshape(2, 3)), "none": lambda: None}[kind]()
def left(pair): return type(pair).__name__, pair.left
def kind_of(x): return type(x).__name__
class Liar(np.ndarray):
    def __eq__(self, other): return True
    def __array_function__(self, *args): return True
class Anything:
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __array__(self, dtype=None, copy=None): return np.zeros(3)
def lie(kind): return np.zeros(3).view(Liar) if kind == "array" else Anything()
def cycle():
    a = [1]; a.append(a); return a
def talk(): print("hello from inside"); return 1
"""


@pytest.fixture(scope="module", params=["bubblewrap", "landlock", "none"])
def student(request):
    backend = request.param
    if backend != "none" and not sandbox.check(backend).works:
        pytest.skip(f"{backend} does not work here: {sandbox.check(backend).missing}")
    with LoadedNotebook(
        backend, Limits(), Notebook([(1, NOTEBOOK), (2, "1/0"), (3, "%%time\nmagic = 1")]), None
    ) as student:
        yield student


@pytest.fixture
def call(student):
    with student.case(20) as case:
        yield lambda name, *args, **kwargs: case.request("get", name)(*args, **kwargs)


def test_loading_notes_a_cell_that_raises_and_goes_on(student):
    assert {"same", "magic"} <= student.load.names
    assert student.load.raised[2].type == "ZeroDivisionError"
    assert student.load.raised[2].frames[-1][:2] == ("cell 2", 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -(2**70),
        2**200,
        1.5,
        float("inf"),
        "text ü \ud800",
        b"\0bytes",
        1 + 2j,
        (1, (2, ("x",))),
        [],
        [[1], {}],
        {"a": {1: (2, 3)}, (1, 2): None, 1.5: True},
        {1, 2},
        slice(1, None, 2),
        range(3),
        Ellipsis,
        np.float32(0.1),
        np.bool_(True),
    ],
)
def test_plain_values_cross_both_ways(call, value):
    back = call("same", value)
    assert type(back) is type(value)
    assert back == value


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f2", "f4", "f8", "longdouble", "c16"])
@pytest.mark.parametrize("shape", [(), (0, 3), (1,), (2, 3, 4)])
def test_arrays_cross_both_ways(call, dtype, shape):
    value = np.asarray(np.arange(int(np.prod(shape))).reshape(shape), dtype)
    back = call("same", (value,))[0]
    assert back.dtype == value.dtype
    np.testing.assert_array_equal(back, value)


def test_a_large_array_crosses_by_shared_memory(call):
    value = np.arange(4_000_000.0).reshape(2, -1)
    assert call("same", value) is value
    value[1, -1] = 5
    assert call("same", (value[1],))[0][-1] == 5


def test_a_large_array_crosses_while_the_kernel_moves_its_pages(call, monkeypatch):
    control, busy = fcntl.fcntl, [True, True, True]

    def seal(fd, command, *arguments):
        if command == fcntl.F_ADD_SEALS and busy and busy.pop():
            raise OSError(errno.EBUSY, "Device or resource busy")
        return control(fd, command, *arguments)

    monkeypatch.setattr(fcntl, "fcntl", seal)
    big = np.arange(1 << 20, dtype=float)
    np.testing.assert_array_equal(call("same", big), big)
    assert not busy


def test_changes_in_place_are_changes_here(call):
    weights = np.ones(3)
    d = {"W": weights, "old": 1}
    assert call("change", d) is d
    assert d.keys() == {"W", "new"}
    assert d["new"] == [1, 2]
    assert d["W"] is weights
    np.testing.assert_array_equal(weights, 0)


def test_changes_before_an_exception_are_changes_here(call):
    x = np.zeros(2)
    with pytest.raises(ValueError, match="after the change"):
        call("change_and_fail", x)
    np.testing.assert_array_equal(x, 1)


def test_what_the_test_changes_is_changed_in_the_students_process(call):
    x = np.ones(3)
    call("keep", x)
    x[0] = 100
    assert call("total_kept") == 102


def test_aliases_stay_aliases(call):
    d = call("alias")
    assert d["V"] is d["G"]
    call("add_to_v", d)
    np.testing.assert_array_equal(d["G"], 1)


def test_random_state_travels_both_ways(call):
    np.random.seed(3)
    random.seed(3)
    expected = np.random.rand(3), random.random(), np.random.rand(), random.random()
    np.random.seed(3)
    random.seed(3)
    drawn, one = call("draw")
    np.testing.assert_array_equal(drawn, expected[0])
    assert (one, np.random.rand(), random.random()) == expected[1:]


def test_instances_stay_inside_and_can_be_used(student):
    with student.case(20) as case:
        counter = case.request("get", "Counter")(start=5)
        assert counter.add(by=2).count == 7
        counter.count = 10
        counter.log[0] = 99
        assert counter.add().count == 11
        assert counter.log == [99, 7, 11]
        assert case.request("get", "closure")(np.ones(2))(1).tolist() == [2, 2]
        assert list(case.request("get", "generator")(4)) == [0, 1, 4, 9]
        with pytest.raises(AttributeError):
            _ = counter.nothing


@pytest.mark.parametrize("kind", ["dataclass", "namedtuple", "ordered", "default", "matrix", "fortran"])
def test_odd_caches_come_back_as_what_they_were(student, kind):
    with student.case(20) as case:
        cache = case.request("get", "odd")(kind)
        names = {
            "dataclass": "Cache",
            "namedtuple": "Pair",
            "ordered": "OrderedDict",
            "default": "defaultdict",
            "matrix": "matrix",
            "fortran": "ndarray",
        }
        assert case.request("get", "kind_of")(cache) == names[kind]


def test_array_likes_are_taken_by_value(call):
    np.testing.assert_array_equal(call("odd", "objects"), [1.5, 2])
    np.testing.assert_array_equal(call("odd", "fortran"), np.arange(6).reshape(2, 3))
    left, right = call("odd", "namedtuple")
    assert right == 5
    assert left.tolist() == [1, 1]


def test_no_object_of_the_students_answers_for_a_comparison(call):
    array = call("lie", "array")
    assert type(array) is np.ndarray
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(array, np.ones(3))
    other = call("lie", "object")
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(other, np.ones(3))
    assert not np.any(other == np.ones(3))
    assert not np.any(other == "anything")


def test_a_list_that_holds_itself_crosses(call):
    value = call("cycle")
    assert value[1] is value


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("custom", ValueError, "odd"),
        ("lying message", Exception, "could not be made"),
        ("memory", MemoryError, ""),
        ("system exit", RuntimeError, "SystemExit: bye"),
        ("huge message", ValueError, "xxx"),
        ("deep", RecursionError, ""),
        ("stop", RuntimeError, "StopIteration"),
    ],
)
def test_exceptions_arrive_as_the_built_in_type_with_a_traceback(call, name, kind, message):
    with pytest.raises(kind) as caught:
        call("boom", name)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 5000
    assert any("boom" in frame for frame in caught.value.raised.frames)


@pytest.mark.parametrize(
    ("name", "why"),
    [("loop", "did not finish"), ("exit", "ended the process"), ("crash", "ended the process")],
)
def test_a_hang_or_a_crash_costs_that_case_alone(student, name, why):
    with pytest.raises(CaseEnded, match=why), student.case(1.5) as case:
        case.request("get", "boom")(name)
    with student.case(20) as case:
        assert case.request("get", "same")(1) == 1


def test_the_graders_own_loops_over_a_students_values_end_too(student):
    with pytest.raises(CaseEnded), student.case(1) as case:
        for _ in range(case.request("get", "same")(10**12)):
            pass


def test_cases_do_not_see_each_other(student):
    for _ in range(2):
        with student.case(20) as case:
            case.request("get", "keep")(np.ones(1))
            assert case.request("get", "total_kept")() == 1


def test_handles_of_another_case_are_refused(student):
    with student.case(20) as case:
        foreign = case.request("get", "same")
    with student.case(20) as case, pytest.raises(TypeError):
        case.request("get", "same")(foreign)


def test_what_the_code_prints_is_kept(student):
    mark = student.printed()
    with student.case(20) as case:
        case.request("get", "talk")()
    assert "hello from inside" in student.printed_since(mark)


def load(cells, added=frozenset(), **limits):
    notebook = Notebook(list(enumerate(cells, 1)), own_cells=added)
    return LoadedNotebook(sandbox.strongest(unsafe=True), Limits().merged(limits), notebook, None)


def test_of_a_cell_that_ends_the_process_or_never_ends_the_definitions_are_kept():
    ending = "import os\nos._exit(1)\ndef f(): return g()\nc = 3"
    with load(
        ["a = 1", ending, "while True: pass\ndef g(): return c", "b = a + 1"], load_seconds=2
    ) as student:
        assert {"a", "b", "c"} <= student.load.names
        assert "ended the process" in student.load.reduced[2]
        assert "did not end within 2 s" in student.load.reduced[3]
        assert not student.load.skipped
        with student.case(20) as case:
            assert case.request("get", "f")() == 3


def test_a_cell_whose_definitions_end_the_process_is_left_out():
    ending = "def f(x=__import__('os')._exit(1)): pass"
    with load(["a = 1", ending, "b = a + 1"], load_seconds=2) as student:
        assert {"a", "b"} <= student.load.names
        assert "ended the process" in student.load.skipped[2]


@pytest.mark.slow
def test_after_many_cells_that_never_end_those_behind_them_are_reduced_and_the_rest_is_loaded():
    slow = "import time; time.sleep(60)"
    cells = ["a = 1", *[slow] * 6, "b = a + 1", "d = a\ndef c(): pass"]
    own = frozenset({2, 3, 4, 5, 6, 7, 9})
    with load(cells, added=own, load_seconds=1) as student:
        assert {"a", "b", "c"} <= student.load.names
        assert "d" not in student.load.names
        assert "did not end within 1 s" in student.load.reduced[5]
        assert "4 cells before it had to be left out" in student.load.reduced[6]
    with pytest.raises(
        CourseError, match=r"cell 9: did not end .* without the cells 2, .* 8\. .* skip-execution"
    ):
        load(["a = 1", *[slow] * 8], load_seconds=1).__enter__()


def placed(cells, places, reads, **more):
    notebook = Notebook(list(enumerate(cells, 1)), places=places, reads=reads, **more)
    return LoadedNotebook(sandbox.strongest(unsafe=True), Limits(), notebook, None)


def test_a_test_is_run_as_the_notebook_was_at_its_place():
    cells = ["def f(): return sum([1, 2])", "sum = 0", "def f(): return 7"]
    with placed(cells, {"early": 1, "late": 3}, {"early": frozenset({"f"})}) as student:
        assert student.load.changes == {"early": {"f": 3, "sum": 2}}
        assert student.names_at("early") >= {"f"} and "sum" not in student.names_at("early")
        assert student.names_at("late") is None, "it is the notebook itself"
        for at, value in (("early", 3), ("", 7), ("late", 7), ("early", 3)):
            with student.case(20, at) as case:
                assert case.request("get", "f")() == value


def test_what_a_function_needs_through_others_is_among_what_has_changed():
    cells = ["def f(): return g()\ndef g(): return len('ab')", "len = None", "g = 1\nh = 2"]
    with placed(cells, {"f": 1}, {"f": frozenset({"f"})}) as student:
        assert student.load.changes == {"f": {"g": 3, "len": 2}}


def test_a_place_is_there_again_after_the_process_was_ended():
    # By a process of its own and a little later: the fork ends with the process that it kills, maybe before it answers.
    soon = "    if not os.fork():\n        time.sleep(0.1); os.kill(held, signal.SIGKILL); os._exit(0)"
    cells = [f"import os, signal, time\ndef f():\n    held = os.getppid()\n{soon}", "def g(): return 1"]
    with placed(cells, {"f": 1}, {}, restarts=3) as student:
        for _ in range(3):
            with student.case(20, "f") as case:
                assert case.request("get", "f")() is None, "it has killed the process that it was forked from"
                time.sleep(0.5)
            with student.case(20) as case:
                assert case.request("get", "g")() == 1


def test_a_cell_that_raises_keeps_what_it_defines_below_the_line():
    cells = [
        "a = 1\nint('x')\nb = f(2)\nLIMIT = 3\nimport math\ndef f(): return math.pi + LIMIT\nclass C: pass"
    ]
    with load(cells) as student:
        assert {"a", "LIMIT", "f", "C", "math"} <= student.load.names
        assert "b" not in student.load.names
        assert student.load.kept[1] == ["LIMIT", "math", "f", "C"]
        with student.case(20) as case:
            assert case.request("get", "f")() == pytest.approx(np.pi + 3)


def test_a_statement_that_is_not_python_is_left_out_and_not_its_cell():
    cells = ["def f(): return 1\nthis is not python\n@staticmethod\ndef g(:\n    pass\ndef h(): return f()"]
    with load(cells) as student:
        assert {"f", "h"} <= student.load.names
        assert "g" not in student.load.names


FILES = {
    "mine": "import not_installed\nimport math\ndef f(): return math.pi\nprint(nowhere)\ndef g(): return f()",
    "broken": "def f(): return 1\ndef g(: pass\ndef h(): return f()",
    "strange": "name = 'caf\xe9'\ndef k(): return name",
    "nested": "from mine import g\nfrom broken import h, nothing\ndef both(): return g() + h()",
    "fallback": "from not_installed import fast\ndef fast(): return 1",
}


def load_files(tmp_path, *cells):
    for name, text in FILES.items():
        (tmp_path / f"{name}.py").write_bytes(text.encode("latin-1"))
    notebook = Notebook(list(enumerate(cells, 1)), tmp_path)
    return LoadedNotebook(sandbox.strongest(unsafe=True), Limits(), notebook, None)


@pytest.mark.parametrize(
    "source, kept, value",
    [
        ("from mine import f, g", ["f", "g"], "g"),
        ("import mine as m, broken\nboth = m.g", ["m", "broken"], "both"),
        (
            "from broken import f, g, h\nlater = [h()]\ndef last(): return later[0]",
            ["f", "h", "last"],
            "last",
        ),
        ("from nested import both", ["both"], "both"),
        ("from strange import k", ["k"], "k"),
    ],
)
def test_a_file_that_cant_be_imported_keeps_what_it_defines(tmp_path, source, kept, value):
    with load_files(tmp_path, source) as student:
        assert list(student.load.raised) == [1]
        assert student.load.kept[1] == kept
        with student.case(20) as case:
            assert case.request("get", value)() in (
                pytest.approx(np.pi),
                1,
                pytest.approx(np.pi + 1),
                "caf\xe9",
            )


def test_an_import_that_the_notebook_is_prepared_to_miss_is_missed_as_in_the_notebook(tmp_path):
    source = "try:\n    from fallback import fast\nexcept ImportError:\n    def fast(): return 2"
    with load_files(tmp_path, source) as student:
        assert not student.load.raised
        with student.case(20) as case:
            assert case.request("get", "fast")() == 2


def test_a_cell_that_needs_what_stands_below_it_is_run_again_at_the_end():
    with load(["TABLE = {'f': f}", "y = nowhere", "def f(): return 1"]) as student:
        assert student.load.again == [1]
        assert "TABLE" in student.load.names
        assert list(student.load.raised) == [2]


ASKING = """
name = input("Your name? ")
import getpass, pdb, matplotlib
getpass.getpass()
pdb.set_trace()
breakpoint()
matplotlib.use("TkAgg")
%matplotlib widget
%load_ext not_there
!pip install nothing
%pip install nothing
from google.colab import drive, files
drive.mount("/content/drive")
files.download("x")
import matplotlib.pyplot as plt
plt.switch_backend("QtAgg")
plt.plot([1, 2])
plt.show(block=True)
plt.pause(1)
done = matplotlib.get_backend().lower()
"""


def test_what_asks_for_a_person_a_window_or_the_network_is_passed_over():
    with load(
        [ASKING, "import matplotlib.pyplot as plt\nleft = plt.get_fignums()", "exit()", "quit()\nx = 1"]
    ) as student:
        assert not student.load.raised.keys() - {3, 4}
        assert set(student.load.stand_ins) == {"input", "debugger", "install", "magic", "colab"}
        assert "x" in student.load.names
        with student.case(20) as case:
            assert (case.request("get", "done"), case.request("get", "left")) == ("agg", [])


LEAVES = """
import os, time
for _ in range(40):
    if not os.fork():
        os.setsid()
        time.sleep(1000)
def f(): return 1
"""


def test_places_where_no_process_could_be_made_are_not_waited_for():
    cells = [
        "def f(): return 1",
        LEAVES + "for _ in range(40):\n    if not os.fork(): time.sleep(1000)",
        "f = None",
    ]
    started = time.monotonic()
    with placed(cells, {"f": 2}, {"f": ["f"]}) as student:
        assert time.monotonic() - started < 30
        with student.case(20) as case:
            assert case.request("get", "f") is None


def test_threads_that_a_notebook_leaves_behind_leave_room_for_the_tests():
    endless = "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,)).start()"
    with load(["def f(): return 1", endless, "def g(): return f()"]) as student:
        assert "start new thread" in student.load.raised[2].message
        for _ in range(3):
            with student.case(20) as case:
                assert case.request("get", "g")() == 1


def test_processes_that_a_notebook_leaves_behind_are_ended_after_loading():
    with load([LEAVES]) as student:
        assert len(student._process.processes()) <= len(student._process._own) + 1
        for _ in range(3):
            with student.case(20) as case:
                assert case.request("get", "f")() == 1


@pytest.mark.parametrize("failures", [2, 3])
def test_a_sandbox_that_does_not_start_is_tried_again(monkeypatch, failures):
    used = sandbox.named(sandbox.strongest(unsafe=True))
    monkeypatch.setitem(vars(used), "checked", replace(used.checked, warm=False))
    kind = type(used)
    start, started = kind.command, []

    def command(*arguments):
        started.append(1)
        program = ["sh", "-c", "echo no such thing >&2; exit 4"]
        return program if len(started) <= failures else start(*arguments)

    monkeypatch.setattr(kind, "command", command)
    if failures == 3:
        with pytest.raises(GraderFault, match=r"did not start \['no such thing'\] \(exit code 4\)"):
            load(["a = 1"]).__enter__()
    else:
        with load(["a = 1"]) as student:
            assert "a" in student.load.names
    assert len(started) == 3


def test_a_notebook_that_ends_its_own_process_later_is_restarted():
    with load(["import os, threading\nthreading.Timer(1, os._exit, [0]).start()\nx = 5"]) as student:
        import time

        time.sleep(1.5)
        with student.case(20) as case:
            assert case.request("get", "x") == 5


def test_the_filter_can_keep_signals_inside():
    """For a kernel whose Landlock is too old to."""
    program = """
import fcntl, os, sys
sys.path.insert(0, sys.argv[1])
import jail
jail.filter_system_calls(bytes.fromhex(sys.argv[2]))
for attempt in (lambda: os.kill(os.getppid(), 0), lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())):
    try: attempt()
    except PermissionError: print("refused")
"""
    arguments = [str(INSIDE), seccomp.compiled(deny_signals=True).hex()]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["refused", "refused"], done.stderr


@pytest.mark.skipif(not sandbox.check("bubblewrap").works, reason="needs bubblewrap")
def test_the_sandbox_shows_nothing_of_the_machine():
    probe = """
import os, socket, subprocess
def tried(action):
    try: return str(action())
    except BaseException as error: return type(error).__name__
facts = {
    "uid": os.getuid(), "environment": sorted(os.environ), "home": sorted(os.listdir("/home")), "root": os.listdir("/"),
    "processes": len([p for p in os.listdir("/proc") if p.isdigit()]),
    "socket": tried(socket.socket), "write": tried(lambda: open("/usr/x", "w")),
    "etc": tried(lambda: os.listdir("/etc")),
    "status": open("/proc/self/status").read(), "fork bomb": 0,
}
children = []
try:
    for _ in range(200):
        pid = os.fork()
        if pid == 0:
            import time; time.sleep(20); os._exit(0)
        children.append(pid)
except OSError: pass
facts["fork bomb"] = len(children)
for pid in children: os.kill(pid, 9)
"""
    with load([probe]) as student, student.case(20) as case:
        facts = case.request("get", "facts")
    assert facts["uid"] != 0
    assert facts["home"] == ["student"]
    assert not {"root", "work", "var", "mnt", "srv", "opt"} & {
        name for name in facts["root"] if name not in sys.prefix.split("/") + sys.base_prefix.split("/")
    }
    assert facts["processes"] <= 4
    assert facts["socket"] == "PermissionError"
    assert facts["write"] == "OSError"
    assert "passwd" not in facts["etc"]
    assert facts["fork bomb"] < 64
    status = dict(line.split(":\t", 1) for line in facts["status"].splitlines() if ":\t" in line)
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) & int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"
    assert not {"SECRET", "MNIST_DIR", "HOSTNAME", "OLDPWD"} & set(facts["environment"])


def test_a_notebook_with_another_global_generator_is_graded():
    with (
        load(
            ["import numpy as np\nnp.random.set_bit_generator(np.random.PCG64(1))\ndef f(x): return x + 1"]
        ) as student,
        student.case(20) as case,
    ):
        assert case.request("get", "f")(2) == 3


SPOIL = "def spoil(*_): globals()['g'] = lambda: 'replaced'\n"
BY_ITSELF = {
    "a thread": "import threading, time\ndef go():\n    while True: spoil(); time.sleep(0.01)\n"
    "threading.Thread(target=go, daemon=True).start()",
    "a thread that threading does not know": "import _thread, time\ndef go():\n"
    "    while True: spoil(); time.sleep(0.01)\n_thread.start_new_thread(go, ())",
    "a timer": "import signal\nsignal.signal(signal.SIGALRM, spoil)\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
}


@pytest.mark.parametrize("what", BY_ITSELF)
def test_what_replaces_given_functions_by_itself_is_undone_in_each_fork(what):
    """It may do it at any time: so it is not enough to undo it once, for all forks."""
    given = "def g(): return 'given'"
    cells = [given, SPOIL + BY_ITSELF[what], "def f(): return g()"]
    notebook = Notebook(list(enumerate(cells, 1)), given_names={given: ("g",)})
    with LoadedNotebook(sandbox.strongest(unsafe=True), Limits(), notebook, None) as student:
        for _ in range(3):
            time.sleep(0.1)
            with student.case(20) as case:
                assert case.request("get", "f")() == "given"
