"""What older versions of numpy had under these names, and what is written instead.

Both sides have this list: the sandbox puts the names back, the grader tells the student which of them are used.
"""

from __future__ import annotations

from typing import NamedTuple


class Gone(NamedTuple):
    since: str
    """the first version of numpy without it"""
    instead: str
    """what is written now; empty for what only prints, and does nothing here"""


EXCEPTIONS = (
    "AxisError ComplexWarning ModuleDeprecationWarning RankWarning TooHardError VisibleDeprecationWarning"
)
_BY_VERSION = {
    "1.18": {"rank": "np.ndim"},
    "1.23": {"alen": "len", "asscalar": "a.item()"},
    "1.24": {
        **{name: name for name in ("complex", "float", "int", "object", "str")},
        **{name: f"import {name}" for name in ("os", "sys", "warnings")},
        "typeDict": "np.sctypeDict",
        "unicode": "str",
    },
    "2.0": {
        **{name: f"np.exceptions.{name}" for name in EXCEPTIONS.split()},
        "DataSource": "np.lib.npyio.DataSource",
        "Inf": "np.inf",
        "Infinity": "np.inf",
        "NAN": "np.nan",
        "NINF": "-np.inf",
        "NZERO": "-0.0",
        "NaN": "np.nan",
        "PINF": "np.inf",
        "PZERO": "0.0",
        "add_docstring": "np.lib.add_docstring",
        "add_newdoc": "np.lib.add_newdoc",
        "alltrue": "np.all",
        "asfarray": "np.asarray(a, dtype=float)",
        "bool8": "np.bool_",
        "byte_bounds": "np.lib.array_utils.byte_bounds",
        "bytes0": "np.bytes_",
        "cast": "np.asarray(a, dtype)",
        "cfloat": "np.complex128",
        "clongfloat": "np.clongdouble",
        "compare_chararrays": "np.char.compare_chararrays",
        "complex_": "np.complex128",
        "cumproduct": "np.cumprod",
        "deprecate": "warnings.warn",
        "deprecate_with_doc": "warnings.warn",
        "disp": "print",
        "fastCopyAndTranspose": "a.T.copy()",
        "find_common_type": "np.result_type",
        "float_": "np.float64",
        "format_parser": "np.rec.format_parser",
        "get_array_wrap": "a.__array_wrap__",
        "infty": "np.inf",
        "int0": "np.intp",
        "issctype": "issubclass(rep, np.generic)",
        "issubclass_": "issubclass",
        "issubsctype": "np.issubdtype",
        "longcomplex": "np.clongdouble",
        "longfloat": "np.longdouble",
        "lookfor": "",
        "mat": "np.asmatrix",
        "math": "import math",
        "maximum_sctype": "a type of numpy's",
        "msort": "np.sort(a, axis=0)",
        "nbytes": "np.dtype(...).itemsize",
        "obj2sctype": "np.dtype(obj).type",
        "object0": "np.object_",
        "product": "np.prod",
        "recfromcsv": "np.genfromtxt",
        "recfromtxt": "np.genfromtxt",
        "round_": "np.round",
        "safe_eval": "ast.literal_eval",
        "sctype2char": "np.dtype(obj).char",
        "sctypes": "np.sctypeDict",
        "set_string_function": "",
        "singlecomplex": "np.complex64",
        "sometrue": "np.any",
        "source": "",
        "str0": "np.str_",
        "string_": "np.bytes_",
        "tracemalloc_domain": "np.lib.tracemalloc_domain",
        "uint0": "np.uintp",
        "unicode_": "np.str_",
        "void0": "np.void",
        "who": "",
    },
    "2.4": {"in1d": "np.isin", "trapz": "np.trapezoid"},
}
NAMES = {name: Gone(since, now) for since, names in _BY_VERSION.items() for name, now in names.items()}
"""names of numpy itself"""

METHODS = {
    "itemset": Gone("2.0", "a[index] = value"),
    "newbyteorder": Gone("2.0", "a.view(a.dtype.newbyteorder())"),
    "ptp": Gone("2.0", "np.ptp(a)"),
    "tostring": Gone("2.3", "a.tobytes()"),
}
"""methods of arrays"""

MODULES_OF_LIB = frozenset(
    """arraypad arraysetops arrayterator function_base histograms index_tricks nanfunctions polynomial shape_base
    twodim_base type_check ufunclike utils""".split()
)
"""modules of numpy.lib, whose functions are taken from numpy itself now"""

NOT_EXPORTED = frozenset("complex float int object os str sys typeDict unicode warnings".split())
"""what `from numpy import *` did not bring along"""
