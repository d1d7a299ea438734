"""What numpy had when a student learned it, put back: names, methods of arrays, modules, and calls that fail now.

Only what is missing is added, and only a call that has failed is tried as an older numpy would have carried it out: a
notebook that runs with this numpy runs as before.
"""

import ast
import builtins
import contextlib
import ctypes
import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import operator
import os
import sys
import warnings

import numpy as np
import stand_ins
from numpy_names import MODULES_OF_LIB, NAMES, NOT_EXPORTED

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
PACKAGES = os.path.dirname(os.path.dirname(os.path.abspath(np.__file__))) + os.sep


def put_back():
    """Give this process's numpy what it no longer has."""
    missing = {name: value for name, value in values().items() if name not in vars(np)}
    exported = {name: value for name, value in missing.items() if name not in NOT_EXPORTED}
    vars(np).update(missing)
    np.__all__ = Exported(np.__all__, exported)
    for name in ("", ".fromnumeric", ".multiarray", ".numeric", ".numerictypes", ".umath"):
        module = sys.modules.get(f"numpy._core{name}")
        for one, value in exported.items() if module else ():
            vars(module).setdefault(one, value)
    np.lib.__getattr__ = with_the_rest_of_numpy(np.lib.__getattr__)
    sys.meta_path.append(Moved())
    add_methods(np.ndarray, [itemset, newbyteorder, ptp, tostring])
    add_methods(np.generic, [newbyteorder, ptp, tostring])
    let_empty_arrays_be_false()
    take_iterators()
    for name in ("array", "asarray", "asanyarray", "fromstring"):
        setattr(np, name, forgiving(getattr(np, name)))


# ---- names


def values():
    """Each name that there was, and what it stands for; without those that this numpy has no more trace of."""
    found = dict(OTHERS)
    for module, names in STILL_INSIDE.items():
        there = vars(sys.modules[module]) if module in sys.modules else {}
        found |= {name: there.get(name) for name in names.split()}
    for name, gone in NAMES.items():
        if name not in found:
            with contextlib.suppress(AttributeError):
                found[name] = now_called(gone.instead) if gone.instead else nothing
    return {name: value for name, value in found.items() if value is not None}


def now_called(path):
    """The object of a dotted path, which begins with np or with a name that is built in."""
    if path.startswith("import "):
        return importlib.import_module(path.removeprefix("import "))
    first, *rest = path.split(".")
    return functools.reduce(getattr, rest, np if first == "np" else getattr(builtins, first))


def nothing(*arguments, **keywords):
    """Stands in for what only prints."""


def alen(a):
    return len(np.atleast_1d(a))


def asfarray(a, dtype=np.float64):
    return np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64)


def asscalar(a):
    return a.item()


def disp(mesg, device=None, linefeed=True):
    print(mesg, file=device or sys.stdout, end="\n" if linefeed else "", flush=True)


def fast_copy_and_transpose(a):
    return np.asarray(a).T.copy()


def find_common_type(array_types, scalar_types):
    """The type of a result of arrays and scalars: a scalar counts only if it is of a higher kind than all arrays."""
    kinds = "buifcmMO"
    arrays, scalars = list(map(np.dtype, array_types)), list(map(np.dtype, scalar_types))
    if not arrays or not scalars:
        found = arrays or scalars
        return np.result_type(*found) if found else None
    array, scalar = np.result_type(*arrays), np.result_type(*scalars)
    if array.kind not in kinds or scalar.kind not in kinds:
        return None
    return np.promote_types(array, scalar) if kinds.index(scalar.kind) > kinds.index(array.kind) else array


def format_parser(*arguments, **keywords):
    return np.rec.format_parser(*arguments, **keywords)  # which would take a millisecond to import


def in1d(ar1, ar2, assume_unique=False, invert=False, **keywords):
    return np.isin(np.ravel(ar1), ar2, assume_unique, invert, **keywords)


def msort(a):
    a = np.array(a, subok=True)
    a.sort(0)
    return a


class ByType(dict):
    """For each type of numpy's, by any name of it, what `make` gives for it."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, key):
        return self.make(np.dtype(key))


OTHERS = {
    "NINF": -np.inf,
    "NZERO": -0.0,
    "PZERO": 0.0,
    "alen": alen,
    "asfarray": asfarray,
    "asscalar": asscalar,
    "cast": ByType(lambda dtype: lambda x: np.asarray(x).astype(dtype)),
    "disp": disp,
    "fastCopyAndTranspose": fast_copy_and_transpose,
    "find_common_type": find_common_type,
    "format_parser": format_parser,
    "in1d": in1d,
    "msort": msort,
    "nbytes": ByType(lambda dtype: dtype.itemsize),
    "safe_eval": ast.literal_eval,
}
"""what is not the same as one that there is now"""
STILL_INSIDE = {
    "numpy._core.multiarray": "compare_chararrays",
    "numpy._core.numerictypes": "issctype issubclass_ issubsctype maximum_sctype obj2sctype sctype2char sctypes",
    "numpy.lib._npyio_impl": "recfromcsv recfromtxt",
    "numpy.lib._shape_base_impl": "get_array_wrap",
    "numpy.lib._utils_impl": "deprecate deprecate_with_doc",
}
"""modules, and what is still in them"""


class Exported(list):
    """numpy's __all__. Whoever imports * finds the older names too, where nothing else has the name.

    They become built-in names then. To import them as well could replace a name of the student's own.
    """

    def __init__(self, names, older):
        super().__init__(names)
        self._older = older

    def __getitem__(self, index):
        for name, value in self._older.items():
            vars(builtins).setdefault(name, value)
        self._older = {}
        return super().__getitem__(index)


# ---- modules


def with_the_rest_of_numpy(getattr_of_lib):
    """numpy.lib had most of numpy's functions, and modules that are called otherwise now."""

    def find(name):
        if name in vars(np) and not name.startswith("_"):
            return vars(np)[name]
        if new_place(f"numpy.lib.{name}"):
            return importlib.import_module(f"numpy.lib.{name}")
        return getattr_of_lib(name)

    return find


def new_place(name):
    """What a module of numpy's is called now; None if there is none."""
    package, _, last = name.rpartition(".")
    if package == "numpy.lib" and last in MODULES_OF_LIB:
        return f"numpy.lib._{last}_impl"
    if package == "numpy.core" and importlib.util.find_spec(f"numpy._core.{last}"):
        return f"numpy._core.{last}"
    return RENAMED.get(name)


RENAMED = {"numpy.core.umath_tests": "numpy._core._umath_tests", "numpy.testing.utils": "numpy.testing"}


class Moved(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module of numpy's where it was: asked after all others."""

    def find_spec(self, fullname, path=None, target=None):
        found = fullname.startswith("numpy.") and new_place(fullname)
        return importlib.machinery.ModuleSpec(fullname, self) if found else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        there = importlib.import_module(new_place(module.__name__))

        def find(name):
            if hasattr(there, name) or name.startswith("__"):
                return getattr(there, name)
            return getattr(np, name)

        module.__getattr__ = find
        module.__all__ = getattr(there, "__all__", [one for one in vars(there) if not one.startswith("_")])


# ---- methods of arrays


def add_methods(kind, methods):
    """Give numpy's own class these methods, where it has none that works.

    Classes that are written in C take no new attributes: they go into the class's dictionary itself, and Python is told
    that the class has changed.
    """
    example = np.float64(0) if kind is np.generic else np.zeros(1)
    members = gc.get_referents(vars(kind))[0]
    if type(members) is dict:
        missing = {one.__name__: one for one in methods if not hasattr(example, one.__name__)}
        members.update(missing)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


class Truth:
    """A class with a truth value of its own: the slot of its type calls the method `__bool__`, whoever's it is."""

    def __bool__(self):
        return True


AS_NUMBER, TO_BOOL = object.__basicsize__ + 80, 72
"""where a type's struct has the address of its numeric slots, and these the slot for its truth value, in bytes"""


def let_empty_arrays_be_false():
    """Let an empty array's truth value be False, as it was up to numpy 2.1.

    The slot of numpy's class gets the address that classes written in Python have there, and its method is replaced.
    """
    usual = np.ndarray.__bool__
    try:
        usual(np.zeros(0))
        return
    except ValueError:
        pass
    ours, theirs = map(slot_for_bool, (Truth, np.ndarray))
    members = gc.get_referents(vars(np.ndarray))[0]
    if type(members) is not dict or ctypes.sizeof(ctypes.c_void_p) != 8:
        return

    def __bool__(self):
        return self.size != 0 and usual(self)

    members["__bool__"] = __bool__
    theirs.value = ours.value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(np.ndarray))


def slot_for_bool(kind):
    slots = ctypes.c_void_p.from_address(id(kind) + AS_NUMBER).value
    return ctypes.c_void_p.from_address(slots + TO_BOOL)


def itemset(self, *arguments):
    """Set one item: itemset(value), itemset(number, value), itemset(i, j, value) or itemset((i, j), value)."""
    *index, value = arguments
    if not index:
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        index = [0]
    if len(index) == 1 and not isinstance(index[0], tuple):
        number = operator.index(index[0])
        index = [np.unravel_index(number + self.size if number < 0 else number, self.shape)]
    self[index[0] if len(index) == 1 else tuple(index)] = value


def newbyteorder(self, new_order="S"):
    return self.view(self.dtype.newbyteorder(new_order))


def ptp(self, axis=None, out=None, keepdims=False):
    # not np.ptp, which calls this
    most, least = (find(self, axis, keepdims=keepdims) for find in (np.amax, np.amin))
    return np.subtract(most, least, out=out)


def tostring(self, order="C"):
    return self.tobytes(order)


# ---- calls


def take_iterators():
    """np.stack, np.vstack and their like take a generator, a map or a zip for a list."""
    for name in ("numpy._core.shape_base", "numpy.lib._shape_base_impl"):
        module = sys.modules.get(name)
        check = getattr(module, "_arrays_for_stack_dispatcher", None)
        if check is not None:
            module._arrays_for_stack_dispatcher = passing_iterators(check)


def passing_iterators(check):
    return lambda arrays: () if hasattr(arrays, "__next__") else check(arrays)


def forgiving(function):
    """The function, but a call that fails in the student's code is tried as an older numpy would carry it out."""

    @functools.wraps(function)
    def call(*arguments, **keywords):
        try:
            return function(*arguments, **keywords)
        except ValueError as error:
            if sys._getframe(1).f_code.co_filename.startswith((PACKAGES, HERE)):
                raise
            done, result = as_before(function, error, arguments, keywords)
            if not done:
                raise
            return result

    return call


def as_before(function, error, arguments, keywords):
    """Whether an older numpy would have carried out this call, and its result."""
    if function.__name__ == "fromstring":
        return binary_from(*arguments, **keywords)
    if keywords.get("copy", True) is False:
        keywords = keywords | {"copy": None}
        try:
            return True, function(*arguments, **keywords)
        except ValueError as again:
            error = again
    if "inhomogeneous shape" in str(error) and len(arguments) == 1 and keywords.get("dtype") is None:
        with contextlib.suppress(ValueError):
            result = function(*arguments, **{**keywords, "dtype": object})
            stand_ins.note("ragged")
            warnings.warn(
                "An array of sequences of different lengths is an array of objects. Write dtype=object.",
                np.exceptions.VisibleDeprecationWarning,
                stacklevel=3,
            )
            return True, result
    return False, None


def binary_from(string, dtype=float, count=-1, *, sep="", like=None):
    """What np.fromstring made of bytes."""
    if sep or like is not None or not string:
        return False, None
    return True, np.frombuffer(string.encode() if isinstance(string, str) else string, dtype, count).copy()
