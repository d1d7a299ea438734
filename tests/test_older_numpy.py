"""What students take from an older numpy works in the sandbox as it did, and a note says what to write instead."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
import time

import numpy as np
import pytest

from coursekit.core.limits import Limits
from coursekit.grading import older_numpy
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.inside import numpy_names
from coursekit.sandbox.loading import LoadedNotebook, Notebook
from coursekit.sandbox.mounts import INSIDE

pytestmark = pytest.mark.quick

SAME = {
    # The tables of numpy's 2.0 migration guide: removed members, and those that were to be removed later.
    "DataSource": "np.lib.npyio.DataSource",
    "Inf": "np.inf",
    "Infinity": "np.inf",
    "NINF": "-np.inf",
    "NZERO": "-0.0",
    "NaN": "np.nan",
    "PINF": "np.inf",
    "PZERO": "0.0",
    "add_docstring": "np.lib.add_docstring",
    "add_newdoc": "np.lib.add_newdoc",
    "byte_bounds": "np.lib.array_utils.byte_bounds",
    "cfloat": "np.complex128",
    "clongfloat": "np.clongdouble",
    "complex_": "np.complex128",
    "float_": "np.float64",
    "infty": "np.inf",
    "longcomplex": "np.clongdouble",
    "longfloat": "np.longdouble",
    "mat": "np.asmatrix",
    "round_": "np.round",
    "row_stack": "np.row_stack",
    "singlecomplex": "np.complex64",
    "string_": "np.bytes_",
    "tracemalloc_domain": "np.lib.tracemalloc_domain",
    "unicode_": "np.str_",
    # The release notes of 2.0, which name more: exceptions, and what had been deprecated before.
    "AxisError": "np.exceptions.AxisError",
    "ComplexWarning": "np.exceptions.ComplexWarning",
    "ModuleDeprecationWarning": "np.exceptions.ModuleDeprecationWarning",
    "NAN": "np.nan",
    "RankWarning": "np.exceptions.RankWarning",
    "TooHardError": "np.exceptions.TooHardError",
    "VisibleDeprecationWarning": "np.exceptions.VisibleDeprecationWarning",
    "alltrue": "np.all",
    "bool8": "np.bool_",
    "bytes0": "np.bytes_",
    "cumproduct": "np.cumprod",
    "int0": "np.intp",
    "math": "__import__('math')",
    "object0": "np.object_",
    "product": "np.prod",
    "sometrue": "np.any",
    "str0": "np.str_",
    "uint0": "np.uintp",
    "void0": "np.void",
    # Gone before: 1.24 and 1.18.
    "complex": "complex",
    "float": "float",
    "int": "int",
    "object": "object",
    "os": "__import__('os')",
    "rank": "np.ndim",
    "str": "str",
    "sys": "__import__('sys')",
    "typeDict": "np.sctypeDict",
    "unicode": "str",
    "warnings": "__import__('warnings')",
}
"""what was numpy's, and the same thing today"""

AS_BEFORE = {
    "np.alen([[1, 2], [3, 4], [5, 6]])": 3,
    "np.alen(7)": 1,
    "not np.array([]), not np.zeros((0, 3)), np.array([]) or 4": (True, True, 4),
    "not np.array([2]), not np.array([[0.0]]), not np.array('')": (False, True, True),
    "np.asscalar(np.array([[4.5]]))": 4.5,
    "np.asfarray([1, 2])": np.array([1.0, 2.0]),
    "np.asfarray([1, 2], dtype=int)": np.array([1.0, 2.0]),
    "np.asfarray([1, 2], dtype=np.float32)": np.array([1, 2], np.float32),
    "np.cast['f']([1, 2])": np.array([1, 2], np.float32),
    "np.cast[int](2.75)": np.array(2),
    "np.compare_chararrays(np.array(['a']), np.array(['a ']), '==', True)": np.array([True]),
    "np.deprecate(len)([1, 2])": 2,
    "np.deprecate_with_doc('no more')(len)([1, 2])": 2,
    "np.disp('shown')": None,
    "np.fastCopyAndTranspose([[1, 2], [3, 4]])": np.array([[1, 3], [2, 4]]),
    "np.find_common_type([np.float32], [np.int64, np.float64])": np.dtype(np.float32),
    "np.find_common_type([np.int64], [np.float32])": np.dtype(np.float64),
    "np.find_common_type([np.float32], [complex])": np.dtype(np.complex128),
    "np.find_common_type(['f4', 'i8'], [])": np.dtype(np.float64),
    "np.find_common_type([], ['i4'])": np.dtype(np.int32),
    "np.format_parser(['f8'], ['weight'], []).dtype.names": ("weight",),
    "np.get_array_wrap(np.ones(2)) is not None": True,
    "np.in1d([[1, 2], [3, 4]], [2, 3])": np.array([False, True, True, False]),
    "np.issctype(np.float32), np.issctype(3)": (True, False),
    "np.issubclass_(np.float64, float), np.issubclass_(3, float)": (True, False),
    "np.issubsctype(np.float32, np.floating)": True,
    "np.lookfor('sum')": None,
    "np.maximum_sctype(np.float32) is np.longdouble": True,
    "np.msort([[3, 1], [2, 5]])": np.array([[2, 1], [3, 5]]),
    "np.nbytes[np.float32], np.nbytes['d']": (4, 8),
    "np.obj2sctype(float) is np.float64": True,
    "np.recfromcsv(io.StringIO('a,b\\n1,2')).a.tolist()": 1,
    "np.recfromtxt(io.StringIO('1 2')).tolist()": [1, 2],
    "np.safe_eval('[1, 2]')": [1, 2],
    "np.sctype2char(np.float32)": "f",
    "np.float64 in np.sctypes['float']": True,
    "np.set_string_function(None)": None,
    "np.source(len)": None,
    "np.trapz([1, 2, 4], dx=0.5)": 2.25,
    "np.who()": None,
    # methods of arrays and of scalars
    "np.array([[1, 5], [2, 9]]).ptp()": 8,
    "np.array([[1, 5], [2, 9]]).ptp(axis=0)": np.array([1, 4]),
    "np.array([[1, 5], [2, 9]]).ptp(1, keepdims=True)": np.array([[4], [7]]),
    "np.ptp(np.array([[1, 5], [2, 9]]), axis=1)": np.array([4, 7]),
    "np.float64(3).ptp(), np.ptp(np.float64(3))": (0.0, 0.0),
    "np.matrix([[1, 5], [2, 9]]).ptp(0).tolist()": [[1, 4]],
    "np.ma.array([1, 5, 9], mask=[0, 0, 1]).ptp()": 4,
    "np.array([1, 256], dtype='>i2').newbyteorder()": np.array([256, 1], dtype="<i2"),
    "np.array([1, 2], np.uint8).tostring()": b"\1\2",
    "np.uint8(7).tostring()": b"\7",
    "items((4, 1.0), ((0, 1), 2.0), (1, 0, 3.0), (-1, 9.0))": np.array([[0, 2, 0], [3, 1, 9.0]]),
    "item(5.0)": np.array(5.0),
    # calls that fail today
    "np.array([1, 2], copy=False, ndmin=2)": np.array([[1, 2]]),
    "np.array(kept, copy=False) is kept": True,
    "np.array([[1, 2], [3]]).tolist()": [[1, 2], [3]],
    "np.asarray([np.ones(2), np.ones(3)]).dtype.char": "O",
    "np.fromstring(b'\\1\\2', dtype=np.uint8)": np.array([1, 2], np.uint8),
    "np.fromstring(b'\\1\\2\\3\\4', '<u2', 1)": np.array([513], np.uint16),
    "np.fromstring('1 2', sep=' ')": np.array([1.0, 2.0]),
    "np.vstack(row for row in [[1], [2]])": np.array([[1], [2]]),
    "np.hstack(map(np.array, [[1], [2]]))": np.array([1, 2]),
    "np.stack(zip([1, 2], [3, 4]))": np.array([[1, 3], [2, 4]]),
    "np.column_stack(map(np.array, [[1], [2]]))": np.array([[1, 2]]),
    # what numpy 2.3 still takes, and 2.4 does not
    "float(np.array([1.5])), int(np.array([[2]])), math.exp(np.array([0.0]))": (1.5, 2, 1.0),
    "np.sum(i for i in range(4))": 6,
    "np.reshape(np.arange(4), newshape=(2, 2))": np.array([[0, 1], [2, 3]]),
    "np.percentile([1, 2, 4], 50, interpolation='nearest')": 2,
    "np.linalg.linalg.norm([3, 4])": 5.0,
    # where things were
    "np.lib.pad([1], 1)": np.array([0, 1, 0]),
    "np.lib.function_base.average([1, 2])": 1.5,
    "np.core.product([2, 3])": 6,
    "np.core.numeric.asarray([1])": np.array([1]),
}
"""expressions, and what they gave with numpy 1.17 to 1.23"""

IMPORTS = """
from numpy import product, NaN, float_, mat
from numpy.core.fromnumeric import alltrue, sum
from numpy.core.multiarray import array
from numpy.core.numeric import round_
from numpy.core.umath_tests import inner1d
from numpy.lib import function_base, pad
from numpy.lib.arraysetops import in1d
from numpy.lib.function_base import average, msort
from numpy.lib.index_tricks import *
from numpy.testing.utils import assert_allclose
import numpy.lib.shape_base as shape_base
assert product([2, 3]) == 6 and average([1, 3]) == 2 and msort([2, 1])[0] == 1 and alltrue([1])
assert inner1d([1, 2], [3, 4]) == 11 and r_[1, 2].tolist() == [1, 2]
assert shape_base.tile([1], 2).tolist() == pad([1], (0, 1), "edge").tolist() == [1, 1]
imported = True
"""
EVERYTHING = """
def product(rows):
    return "my own"
from numpy import *
def of_my_own(): return product([2, 3])
def of_numpy(): return alltrue([1, NaN]), mat("1 2").shape, cumproduct([2, 3])
"""
HELPERS = """
import io, math, pickle
import numpy as np
kept = np.ones(2)
def value(text): return eval(text)
def is_same(name, now): return vars(np)[name] is eval(now) or repr(vars(np)[name]) == repr(eval(now))
def items(*calls):
    a = np.zeros((2, 3))
    for call in calls: a.itemset(*call)
    return a
def item(one):
    a = np.array(3.0)
    a.itemset(one)
    return a
def own_error(): return np.array([[1, 2], [3]], dtype=float)
def library_error(): return np.vectorize(np.array, otypes=[object])(np.array([None, [[1], [1, 2]]], dtype=object))
def without_name(): return np.no_such_name
def without_method(): return kept.no_such_method()
"""


@pytest.fixture(scope="module")
def student():
    kind = next((name for name in ("bubblewrap", "landlock") if sandbox.check(name).works), None)
    if kind is None:
        pytest.skip("no sandbox works here")
    cells = [(1, HELPERS), (2, IMPORTS), (3, EVERYTHING), (4, "np.array([[1], [2, 3]])")]
    with LoadedNotebook(kind, Limits(), Notebook(cells), None) as student:
        assert not student.load.raised, student.load.raised
        yield student


@pytest.fixture
def call(student):
    with student.case(20) as case:
        yield lambda name, *arguments: case.request("get", name)(*arguments)


def test_every_name_has_a_value_here():
    """So no name is without a test."""
    tried = {
        node.attr
        for text in AS_BEFORE
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert numpy_names.NAMES.keys() <= SAME.keys() | tried


@pytest.mark.parametrize("name", SAME)
def test_a_name_means_what_it_meant(call, name):
    assert call("is_same", name, SAME[name])


@pytest.mark.parametrize("text", AS_BEFORE)
def test_an_expression_gives_what_it_gave(call, text):
    found, expected = call("value", text), AS_BEFORE[text]
    if isinstance(expected, np.ndarray):
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
    else:
        assert found == expected


def test_modules_are_found_where_they_were(student):
    assert "imported" in student.load.names


def test_importing_everything_replaces_nothing(call):
    assert call("of_my_own") == "my own"
    alltrue, shape, cumproduct = call("of_numpy")
    assert (alltrue, shape, cumproduct.tolist()) == (True, (1, 2), [2, 6])


def test_what_was_an_error_is_one(call):
    for name in ("own_error", "library_error"):
        with pytest.raises(ValueError, match="inhomogeneous"):
            call(name)
    with pytest.raises(AttributeError, match="no_such_name"):
        call("without_name")
    with pytest.raises(AttributeError, match="no_such_method"):
        call("without_method")
    with pytest.raises(AttributeError, match="nothing_like_it"):
        call("value", "np.lib.nothing_like_it")


def test_an_uneven_array_is_noted(student):
    assert student.load.stand_ins == ("ragged",)


def test_the_functions_that_are_forgiving_are_numpys_own_otherwise(call):
    assert call(
        "value", "[np.array.__name__, np.array.__module__, pickle.loads(pickle.dumps(np.array)) is np.array]"
    ) == [
        "array",
        "numpy",
        True,
    ]


def test_no_name_that_numpy_has_is_replaced():
    """Whatever numpy has here, the sandbox's has too, and it is the same but for the four that are forgiving."""
    script = """
import numpy as np
before = {name: getattr(np, name) for name in dir(np)}
lib = {name: getattr(np.lib, name) for name in dir(np.lib)}
methods = {kind: dict(vars(kind)) for kind in (np.ndarray, np.generic)}
import older_numpy
older_numpy.put_back()
changed = [name for name, value in before.items() if name != "__all__" and getattr(np, name) is not value]
assert changed == ["array", "asanyarray", "asarray", "fromstring"], changed
assert list(np.__all__) == list(before["__all__"])
assert all(getattr(np.lib, name) is value for name, value in lib.items() if name != "__getattr__")
for kind, members in methods.items():
    changed = {name for name, value in members.items() if vars(kind)[name] is not value}
    assert changed <= {"__bool__", "itemset", "newbyteorder", "ptp"}, changed
"""
    path = f"import sys; sys.path.insert(0, {str(INSIDE)!r})"
    subprocess.run([sys.executable, "-W", "ignore", "-c", f"{path}\n{script}"], check=True)


def test_the_graders_own_numpy_is_as_it_was():
    assert not hasattr(np, "product")
    assert pickle.loads(pickle.dumps(np.array)) is np.array


# ---- the notes


@pytest.mark.parametrize("name", numpy_names.NAMES)
def test_each_name_gets_a_note(name):
    gone = numpy_names.NAMES[name]
    (note,) = older_numpy.notes([f"import numpy as np\nx = np.{name}"])
    assert f"`np.{name}` is gone since numpy {gone.since}" in note
    assert gone.instead in note
    assert older_numpy.notes([f"from numpy import {name} as other", "y = other"]) == [note]


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("X.ptp(axis=0)", "`.ptp()` is gone since numpy 2.0"),
        ("np.ones(2).tostring()", "`.tostring()` is gone since numpy 2.3"),
        ("W.itemset((0, 1), 2)", "`.itemset()`"),
        ("W.newbyteorder('>')", "`.newbyteorder()`"),
        ("np.array(X, copy=False)", "`np.array(..., copy=False)`"),
        ("np.fromstring(data, np.uint8)", "`np.fromstring` takes no bytes"),
        ("np.vstack(f(x) for x in X)", "`np.vstack` takes no generator"),
        ("np.hstack(map(f, X))", "`np.hstack` takes no generator"),
        ("np.lib.pad(X, 1)", "Write `np.pad`"),
        ("np.lib.function_base.average(X)", "`numpy.lib.function_base` is gone"),
        ("from numpy.lib.arraysetops import in1d", "`numpy.lib.arraysetops` is gone"),
        ("%timeit -n 1 np.product(X)\ny = np.product(X)", "`np.product`"),
        ("from numpy import *\ny = product(X)", "`np.product`"),
    ],
)
def test_a_use_of_an_older_numpy_is_noted(code, part):
    (note,) = older_numpy.notes(["import numpy as np", code])
    assert part in note


@pytest.mark.parametrize(
    "code",
    [
        "np.prod(X); np.ptp(X); np.array(X, copy=True); np.vstack([f(x) for x in X])",
        "np.fromstring(text, sep=' '); np.lib.stride_tricks.as_strided(X)",
        "np.dtype('i4').newbyteorder('>'); X.dtype.newbyteorder()",
        "from lxml import etree\netree.tostring(X)",
        "import tensorflow as tf\ntf.cast(X, tf.float); tf.product(X); tf.tostring()",
        "x.product = 3; x.float; float(3); math.pi",
        "from itertools import product\nfrom numpy import *\nproduct(X, X)",
        "from numpy import *\ndef product(X): return X\nproduct(X)",
        "'np.product'  # np.product",
        "np.product(",
        pytest.param("x = " + "(" * 5000 + "np.product" + ")" * 5000, id="deep"),
        pytest.param("np.product" + " " * 300_000, id="long"),
    ],
)
def test_other_code_gets_no_note(code):
    assert older_numpy.notes(["import numpy as np", code]) == []


def test_there_are_not_too_many_notes():
    uses = "\n".join(f"np.{name}" for name in numpy_names.NAMES)
    assert len(older_numpy.notes(["import numpy as np", uses])) == older_numpy.MAX_NOTES


@pytest.mark.parametrize("text", ["np.product(1)\n" * 10_000, "np.product" + "(" * 140_000, ""], ids=len)
def test_a_huge_notebook_is_looked_at_for_seconds_only(text):
    started = time.process_time()
    older_numpy.notes(["from numpy import *", *[text] * 500_000])
    assert time.process_time() - started < 20
