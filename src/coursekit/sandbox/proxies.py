"""What a test holds in place of something that stays in the student's process.

Four rules make a handle as trustworthy as a value that crossed:

- *A reading is remembered.* Between two calls an object is what it was when it was first read (see sandbox.fork).
- *It is one value.* A container, a number or an array of the student's own kind is taken as the plain value that it
  stands for, once: its length, items, loops, texts and arrays are made of that. Of other objects, answers that
  contradict each other end the test case.
- *A comparison with a value of the test's own is made here*, of the plain value. Where a handle stands for none, it is
  refused, with what to write instead: no `__eq__` of a student's ever answers for it.
- *What an object is by itself is the student's to say*: its text, its truth, its hash, its documentation, and what an
  operator makes of two of their objects. That comes back as a plain value or as another handle.

Arithmetic with a value of the test's own would show that value to the student's code, which could then answer whatever
the test wants to hear. So it is carried out inside only for instances of the classes that the assignment itself defines
(*own*: made by calling one), since their operators are what is tested. It has to make another object, of which no plain
value is taken. Of anything else than an own instance the plain value is taken before.
"""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.core.errors import CaseEnded

if TYPE_CHECKING:
    from coursekit.sandbox.fork import Fork

NOTHING = "there is nothing in what your code returned, where the test looks for something"
"""what a student is told, of a hidden test too"""
KINDS = {kind.__name__: kind for kind in (dict, list, tuple, set, frozenset, int, float, complex, bytes)}
"""the built-in types of which an object that stays inside may be a subclass"""
MAPPINGS = ("dict", "mapping")
ITERATOR = "iterator"

OURS = frozenset("__array__ __array_function__ __array_ufunc__ __copy__ __deepcopy__".split())
NOT_THERE = frozenset(
    """__array_interface__ __array_struct__ __array_priority__ __array_finalize__ __array_prepare__ __array_wrap__
    __array_namespace__ __dlpack__ __dlpack_device__ __buffer__ __reduce__ __reduce_ex__ __getstate__""".split()
)
"""by these numpy, copy and pickle would take the object without asking for its plain value"""


@dataclass(frozen=True)
class Behind:
    """What a handle stands for: an object of that number in that case, of a type called `name`.

    kind: one of KINDS, "iterator", "array" (it can be made one), "mapping" (it has keys and items), or empty.
    """

    case: Fork
    number: int
    name: str
    kind: str
    is_class: bool


class Handle:
    __slots__ = ("__behind", "__weakref__")

    def __init__(self, found: Behind):
        object.__setattr__(self, "_Handle__behind", found)

    def __getattribute__(self, name: str) -> Any:
        if name in OURS:
            return object.__getattribute__(self, name)
        if name in NOT_THERE:
            raise AttributeError(name)
        if name == "__class__":
            return _class(self)
        mine = one_value(self)
        if type(mine) not in HANDLES and name in _READ_ONLY[type(mine)]:
            if name in _LISTINGS:
                behind(self).case.note_listing(self, mine)
            return getattr(mine, name)
        found = ask(self, "getattr", name)
        if name in _LISTINGS and type(found) in HANDLES:
            return lambda *args: behind(self).case.listing(self, name) if not args else found(*args)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        ask(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        ask(self, "delattr", name)

    def __getitem__(self, key: Any) -> Any:
        mine = one_value(self)
        if type(mine) in HANDLES or (type(mine) is dict and not _holds(mine, key)):
            return ask(self, "getitem", key)
        return mine[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        ask(self, "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        ask(self, "delitem", key)

    def __contains__(self, key: Any) -> bool:
        mine, case = one_value(self), behind(self).case
        if type(mine) is dict:
            return _holds(mine, key) or ask(self, "contains", key) is True
        if type(mine) in (set, frozenset):
            return _holds(mine, key)
        if case.is_own(self):
            return ask(self, "contains", key) is True
        return any(item is key or bool(np.all(item == key)) for item in self)

    def __len__(self) -> int:
        mine = one_value(self)
        if type(mine) not in HANDLES:
            return len(mine)
        return _of_type(ask(self, "len"), int, "len() of a {} is not a whole number", self)

    def __bool__(self) -> bool:
        if behind(self).case.has_seen(self):
            plain(self)  # ends the test case
        return _of_type(ask(self, "bool"), bool, "a {} is neither true nor false", self)

    def __hash__(self) -> int:
        return _of_type(ask(self, "hash"), int, "the hash of a {} is not a whole number", self)

    def __float__(self) -> float:
        mine = _number(self)
        if type(mine) not in HANDLES:
            return float(mine)
        return _of_type(ask(self, "float"), float, "a {} is not a number", self)

    def __int__(self) -> int:
        mine = _number(self)
        if type(mine) not in HANDLES:
            return int(mine)
        return _of_type(ask(self, "int"), int, "a {} is not a number", self)

    def __index__(self) -> int:
        mine = _number(self)
        if type(mine) not in HANDLES:
            return operator.index(mine)
        return _of_type(ask(self, "index"), int, "a {} is not a number", self)

    def __complex__(self) -> complex:
        mine = _number(self)
        if type(mine) not in HANDLES:
            return complex(mine)
        return _of_type(ask(self, "complex"), complex, "a {} is not a number", self)

    def __str__(self) -> str:
        mine = one_value(self)
        if type(mine) in _NUMBERS:
            return str(mine)
        return _of_type(ask(self, "str"), str, "the text of a {} is not a str", self)

    def __repr__(self) -> str:
        mine = one_value(self)
        if type(mine) in _NUMBERS:
            return repr(mine)
        return _of_type(ask(self, "repr"), str, "the text of a {} is not a str", self)

    def __format__(self, spec: str) -> str:
        mine = one_value(self)
        if type(mine) in _NUMBERS:
            return format(mine, spec)
        return _of_type(ask(self, "format", spec), str, "the text of a {} is not a str", self)

    def __dir__(self) -> list[str]:
        return _of_type(ask(self, "dir"), list, "dir() of a {} is not a list", self)

    def __iter__(self) -> Iterator[Any]:
        mine = one_value(self)
        if type(mine) in HANDLES:
            return behind(self).case.iterate(self)
        behind(self).case.note_listing(self, mine)
        return iter(mine)

    def __reversed__(self) -> Iterator[Any]:
        return iter(ask(self, "reversed"))

    def __next__(self) -> Any:
        return ask(self, "next")

    def __enter__(self) -> Any:
        return ask(self, "enter")

    def __exit__(self, *_: object) -> None:
        ask(self, "exit")

    def __copy__(self) -> Any:
        return ask(self, "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return ask(self, "deepcopy")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        found = plain(self)
        array = np.asarray(ask(self, "array") if type(found) in HANDLES else found)
        if array.dtype == object:
            raise TypeError(f"a {behind(self).name} is not an array")
        return array if dtype is None else array.astype(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        name = _OPERATORS_OF_NUMPY.get(ufunc.__name__)
        own = any(type(one) in HANDLES and behind(one).case.is_own(one) for one in inputs)
        if own and name and method == "__call__" and len(inputs) == 2:
            return _by_their_operator(name, *inputs)
        return getattr(ufunc, method)(*map(value, inputs), **keywords)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return function(*values(args), **values(keywords))


class CallableHandle(Handle):
    __slots__ = ()

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return ask(self, "call", args, keywords)

    def __instancecheck__(self, one: Any) -> bool:
        return type(one) in HANDLES and behind(self).case.request("isinstance", one, self) is True

    def __subclasscheck__(self, one: Any) -> bool:
        return type(one) in HANDLES and behind(self).case.request("issubclass", one, self) is True


class GivenFunction(CallableHandle):
    """A given function: the student's own one, and `clean`, the same in a process where no student's code has run.

    It is called there, except with an object that stays in the student's process.
    """

    __slots__ = ("__clean",)

    def __init__(self, students: CallableHandle, clean: CallableHandle):
        super().__init__(behind(students))
        object.__setattr__(self, "_GivenFunction__clean", clean)

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        if _holds_handle([args, keywords], behind(self).case):
            return super().__call__(*args, **keywords)
        return object.__getattribute__(self, "_GivenFunction__clean")(*args, **keywords)


HANDLES = (Handle, CallableHandle, GivenFunction)


def _holds_handle(value: Any, case: Fork) -> bool:
    if type(value) in (list, tuple):
        return any(_holds_handle(item, case) for item in value)
    if type(value) is dict:
        return any(_holds_handle(item, case) for item in value.values())
    return type(value) in HANDLES and behind(value).case is case


def behind(handle: Handle) -> Behind:
    return object.__getattribute__(handle, "_Handle__behind")


def ask(handle: Handle, op: str, *args: Any) -> Any:
    """Have the student's process do that with the object behind the handle."""
    return behind(handle).case.request(op, handle, *args)


def plain(one: Any) -> Any:
    """The value behind a handle, where it has a form that can cross; anything else as it is."""
    if type(one) not in HANDLES:
        return one
    if behind(one).case.has_seen(one):
        raise refused(one, "it was made with a value of the test's own, which the student's code has seen")
    found = ask(one, "plain")
    return one if type(found) in HANDLES else found


def one_value(handle: Handle) -> Any:
    """The plain value that all readings of a container, number or array of the student's own kind are made of; the
    handle itself where there is none, or where it is an instance of the assignment's own classes."""
    found = behind(handle)
    if found.kind in ("", ITERATOR) or found.is_class or found.case.is_own(handle):
        return handle
    return plain(handle)


def _number(handle: Handle) -> Any:
    """The plain value for float() and the like. Ends the test case where the student's code has seen the test's."""
    if behind(handle).case.has_seen(handle):
        plain(handle)  # ends the test case
    return one_value(handle)


def _holds(mine: Any, key: Any) -> bool:
    try:
        return key in mine
    except TypeError:  # what can't be hashed is in no dict
        return False


def _by_their_operator(name: str, *pair: Any) -> Any:
    """What their operator makes of two of their objects, or of an own instance and a value of the test's own: of that
    another object of theirs."""
    mine = next(one for one in pair if type(one) in HANDLES)
    found = behind(mine).case.request(name, *pair)
    if all(type(one) in HANDLES for one in pair):
        return found
    if type(found) not in HANDLES:
        raise refused(mine, f"its {name.strip('_')} gives a plain value for one of the test's own")
    behind(mine).case.note_seen(found)
    return found


def value(one: Any) -> Any:
    """The plain value behind a handle. Ends the test case where there is none."""
    found = plain(one)
    if type(found) in HANDLES:
        raise refused(found, f"a {behind(found).name} was given where a number or an array is needed")
    return found


def values(many: Any) -> Any:
    """The same of all handles in lists, tuples and dicts."""
    if type(many) in (list, tuple):
        return type(many)(map(values, many))
    if type(many) is dict:
        return {key: values(item) for key, item in many.items()}
    return value(many)


def refused(handle: Handle, why: str) -> CaseEnded:
    """What ends a test case in which a student's object would decide by itself."""
    name = behind(handle).name
    return CaseEnded(
        "form",
        f"{why}, and a {name} stays in the student's process: take its plain value (np.asarray, float, str, list), "
        "read an attribute or an item of it, or compare it with another object of the student's",
    )


class Nothing(np.ndarray):
    """An empty array that a student's code returned. It can't be compared, subtracted or summed up to a verdict."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        bare = [one.view(np.ndarray) if type(one) is Nothing else value(one) for one in inputs]
        others = any(np.size(one) for one in bare)
        if ufunc in _TELLING and (others or method != "__call__"):
            err_msg = NOTHING  # where a hidden test's message is looked for
            raise AssertionError(err_msg)
        found = getattr(ufunc, method)(*bare, **keywords)
        nothing = ufunc not in _TELLING and type(found) is np.ndarray and not found.size
        return found.view(Nothing) if nothing else found


_TELLING = frozenset(
    {
        *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
        *(np.subtract, np.logical_and, np.logical_or),
    }
)


def is_instance(one: Any, kinds: Any) -> bool:
    """What a test's isinstance() is of a handle: decided for built-in types, the student's for classes of theirs."""
    if type(one) not in HANDLES or type(kinds) is tuple:
        kinds = type if kinds is type_of else kinds
        return (
            any(is_instance(one, kind) for kind in kinds) if type(kinds) is tuple else isinstance(one, kinds)
        )
    if type(kinds) in HANDLES:
        return isinstance(one, kinds)
    if kinds is object:
        return True
    if kinds is type_of:
        return behind(one).is_class
    if kinds in (*KINDS.values(), str, bool, type(None), range, slice, bytearray):
        return issubclass(KINDS.get(behind(one).kind, object), kinds)
    raise _unknown_class(one, f"isinstance(…, {getattr(kinds, '__name__', kinds)})")


def is_subclass(one: Any, kinds: Any) -> bool:
    if type(one) not in HANDLES or type(kinds) is tuple:
        return (
            any(is_subclass(one, kind) for kind in kinds) if type(kinds) is tuple else issubclass(one, kinds)
        )
    if type(kinds) in HANDLES:
        return issubclass(one, kinds)
    raise _unknown_class(one, f"issubclass(…, {getattr(kinds, '__name__', kinds)})")


def type_of(one: Any, *more: Any) -> Any:
    """What a test's type() is: of a handle, a handle of its class."""
    return ask(one, "type") if type(one) in HANDLES and not more else type(one, *more)


def _class(handle: Handle) -> type:
    kind = KINDS.get(behind(handle).kind)
    if kind is None:
        raise _unknown_class(handle, "isinstance()")
    return kind


def _unknown_class(handle: Handle, what: str) -> CaseEnded:
    return CaseEnded(
        "form",
        f"{what} can't be decided of a {behind(handle).name}, which stays in the student's process: compare "
        "type(x).__name__ with a text, give a class of the student's, or have a read-only cell define a function, "
        "such as is_series(x), that says so",
    )


def _of_type(found: Any, kind: type, why: str, handle: Handle) -> Any:
    if type(found) is not kind:
        raise TypeError(why.format(behind(handle).name))
    return found


def _compare(name: str) -> Callable[[Any, Any], Any]:
    operation = getattr(operator, name)

    def method(self: Handle, other: Any) -> Any:
        if type(other) in HANDLES:
            return behind(self).case.request(name, self, other)
        mine = plain(self)
        if type(mine) not in HANDLES:
            return operation(mine, other)
        if other is None and name in ("eq", "ne"):
            return name == "ne"
        raise refused(self, f"a test's own value is compared with it by {_SIGNS[name]}")

    return method


def _calculate(name: str, reflected: bool = False) -> Callable[[Any, Any], Any]:
    operation = getattr(operator, name)

    def method(self: Handle, other: Any) -> Any:
        pair = (other, self) if reflected else (self, other)
        case = behind(self).case
        if type(other) in HANDLES or case.is_own(self):
            return _by_their_operator(name, *pair)
        if type(plain(self)) in HANDLES:
            raise refused(
                self, f"{name.strip('_')} would show a value of the test's own to the student's code"
            )
        return operation(*map(plain, pair))

    return method


def _in_place(name: str) -> Callable[[Any, Any], Any]:
    def method(self: Handle, other: Any) -> Any:
        own = behind(self).case.is_own(self)
        return _by_their_operator(f"i{name}", self, other) if own else NotImplemented

    return method


def _alone(name: str) -> Callable[..., Any]:
    operation = {
        "neg": operator.neg,
        "pos": operator.pos,
        "invert": operator.invert,
        "abs": abs,
        "round": round,
    }
    operation |= {"trunc": math.trunc, "floor": math.floor, "ceil": math.ceil}

    def method(self: Handle, *more: Any) -> Any:
        mine = self if behind(self).case.is_own(self) else plain(self)
        found = ask(self, name, *more) if type(mine) in HANDLES else operation[name](mine, *more)
        if behind(self).case.has_seen(self):
            if type(found) not in HANDLES:
                plain(self)  # ends the test case
            behind(self).case.note_seen(found)
        return found

    return method


_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_BINARY = "add sub mul matmul truediv floordiv mod pow and_ or_ xor lshift rshift".split()
_OPERATORS_OF_NUMPY = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "matmul": "matmul",
    "divide": "truediv",
    "floor_divide": "floordiv",
    "remainder": "mod",
    "power": "pow",
}
for _name in _SIGNS:
    setattr(Handle, f"__{_name}__", _compare(_name))
for _name in _BINARY:
    _plain_name = _name.strip("_")
    setattr(Handle, f"__{_plain_name}__", _calculate(_name))
    setattr(Handle, f"__r{_plain_name}__", _calculate(_name, reflected=True))
    setattr(Handle, f"__i{_plain_name}__", _in_place(_plain_name))
for _name in "neg pos abs invert round trunc floor ceil".split():
    setattr(Handle, f"__{_name}__", _alone(_name))


_LISTINGS = ("keys", "values", "items")
"""Methods that only list, whatever the class: they are readings, not calls."""
_NUMBERS = (int, float, complex)
_CHANGE_ARRAYS = "fill sort resize itemset put setfield setflags partition byteswap".split()
_READ_ONLY: dict[type, frozenset[str]] = defaultdict(
    frozenset,
    {
        dict: frozenset("keys values items get copy".split()),
        list: frozenset("count index copy".split()),
        tuple: frozenset("count index".split()),
        set: frozenset("copy issubset issuperset isdisjoint union intersection difference".split()),
        frozenset: frozenset("copy issubset issuperset isdisjoint union intersection difference".split()),
        np.ndarray: frozenset(name for name in dir(np.ndarray) if name[0] != "_") - frozenset(_CHANGE_ARRAYS),
    },
)
"""What is made of the plain value in place of the student's own method."""


def make_handle(case: Fork, number: int, can_be_called: bool, name: str, kind: str, is_class: bool) -> Handle:
    return (CallableHandle if can_be_called else Handle)(Behind(case, number, name, kind, is_class))
