"""Proxies: a test has one in place of each object that stays in the student's process.

Four rules make a proxy as trustworthy as a value that was copied:

- *A reading is remembered.* Between two calls an object stays as it was when it was first read (see sandbox.readings).
- *It is one value.* A container, number or array of a student's own class counts as the plain value that it represents,
  read once: its length, items, loops, texts and arrays are taken from that. If the answers of any other object
  contradict each other, the test case ends.
- *A comparison with one of the test's own values is made here*, with the plain value. If a proxy has none, the
  comparison is refused, with a hint about what to write instead: a student's `__eq__` never decides it.
- *An object may answer for itself* only about its text, its truth, its hash, its documentation, and the result of an
  operator on two of the student's objects. The answer comes back as a plain value or as another proxy.

Arithmetic with one of the test's own values would show that value to the student's code, which could then give the
answer that the test expects. So it is carried out inside only for *own* instances: those that a test made by calling a
class that the assignment defines, since their operators are being tested (see sandbox.ownership). The result has to be
another object, and its plain value is never taken. For anything else the plain value is taken first.
"""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from coursekit.core.errors import CaseEnded
from coursekit.sandbox.inside.operations import BINARY, COMPARISONS, ROUNDINGS, UNARY

if TYPE_CHECKING:
    from coursekit.sandbox.fork import Fork

_Kind = TypeVar("_Kind")

NOTHING = (
    "your code returned something empty (such as [], {} or an array of size 0) where the test needs values"
)
"""the feedback for a student, also for a hidden test"""
KINDS = {kind.__name__: kind for kind in (dict, list, tuple, set, frozenset, int, float, complex, bytes)}
"""the built-in types of which instances of subclasses may stay inside"""
MAPPINGS = ("dict", "mapping")
ITERATOR = "iterator"

OURS = frozenset("__array__ __array_function__ __array_ufunc__ __copy__ __deepcopy__".split())
NOT_THERE = frozenset(
    """__array_interface__ __array_struct__ __array_priority__ __array_finalize__ __array_prepare__ __array_wrap__
    __array_namespace__ __dlpack__ __dlpack_device__ __buffer__ __reduce__ __reduce_ex__ __getstate__""".split()
)
"""through these, numpy, copy and pickle would use the object without asking for its plain value"""


@dataclass(frozen=True)
class Target:
    """The object behind a proxy: its number in its test case, its type's name, and its kind.

    kind: one of KINDS, "iterator", "array" (it can be converted to one), "mapping" (it has keys and items), "value"
    (another kind of number, or a date), or empty.
    """

    case: Fork
    number: int
    name: str
    kind: str
    is_class: bool


class Proxy:
    __slots__ = ("__target", "__weakref__")

    def __init__(self, target: Target):
        object.__setattr__(self, "_Proxy__target", target)

    def __getattribute__(self, name: str) -> Any:
        if name in OURS:
            return object.__getattribute__(self, name)
        if name in NOT_THERE:
            raise AttributeError(name)
        if name == "__class__":
            return _class(self)
        mine = one_value(self)
        if type(mine) not in PROXIES and name in _READ_ONLY[type(mine)]:
            if name in _LISTINGS:
                target_of(self).case.note_listing(self, mine)
            return getattr(mine, name)
        found = ask(self, "getattr", name)
        if name in _LISTINGS and type(found) in PROXIES:
            return lambda *args: target_of(self).case.listing(self, name) if not args else found(*args)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        ask(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        ask(self, "delattr", name)

    def __getitem__(self, key: Any) -> Any:
        mine = one_value(self)
        if type(mine) in PROXIES or (type(mine) is dict and not _holds(mine, key)):
            return ask(self, "getitem", key)
        return mine[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        ask(self, "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        ask(self, "delitem", key)

    def __contains__(self, key: Any) -> bool:
        mine = one_value(self)
        if type(mine) is dict:
            return _holds(mine, key) or ask(self, "contains", key) is True
        if type(mine) in (set, frozenset):
            return _holds(mine, key)
        if _is_own(self):
            return ask(self, "contains", key) is True
        return any(item is key or bool(np.all(item == key)) for item in self)

    def __len__(self) -> int:
        mine = one_value(self)
        if type(mine) not in PROXIES:
            return len(mine)
        return _of_type(ask(self, "len"), int, "len() of a {} is not a whole number", self)

    def __bool__(self) -> bool:
        if _has_seen(self):
            plain(self)  # ends the test case
        return _of_type(ask(self, "bool"), bool, "a {} is neither true nor false", self)

    def __hash__(self) -> int:
        return _of_type(ask(self, "hash"), int, "the hash of a {} is not a whole number", self)

    def __dir__(self) -> list[str]:
        return _of_type(ask(self, "dir"), list, "dir() of a {} is not a list", self)

    def __iter__(self) -> Iterator[Any]:
        mine = one_value(self)
        if type(mine) in PROXIES:
            return target_of(self).case.iterate(self)
        target_of(self).case.note_listing(self, mine)
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
        array = np.asarray(ask(self, "array") if type(found) in PROXIES else found)
        if array.dtype == object:
            raise TypeError(f"a {target_of(self).name} is not an array")
        return array if dtype is None else array.astype(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        name = _OPERATORS_OF_NUMPY.get(ufunc.__name__)
        own = any(type(one) in PROXIES and _is_own(one) for one in inputs)
        if own and name and method == "__call__" and len(inputs) == 2:
            return _by_their_operator(name, *inputs)
        return getattr(ufunc, method)(*map(value, inputs), **keywords)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return function(*values(args), **values(keywords))


class CallableProxy(Proxy):
    __slots__ = ()

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return ask(self, "call", args, keywords)

    def __instancecheck__(self, one: Any) -> bool:
        return type(one) in PROXIES and target_of(self).case.request("isinstance", one, self) is True

    def __subclasscheck__(self, one: Any) -> bool:
        return type(one) in PROXIES and target_of(self).case.request("issubclass", one, self) is True


class GivenFunction(CallableProxy):
    """A given function in the student's process, and `clean`: the same function where no student's code has run.

    Calls go to `clean`, except those that pass an object that stays in the student's process.
    """

    __slots__ = ("__clean",)

    def __init__(self, students: CallableProxy, clean: CallableProxy):
        super().__init__(target_of(students))
        object.__setattr__(self, "_GivenFunction__clean", clean)

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        if _holds_proxy([args, keywords], target_of(self).case):
            return super().__call__(*args, **keywords)
        return object.__getattribute__(self, "_GivenFunction__clean")(*args, **keywords)


PROXIES = (Proxy, CallableProxy, GivenFunction)


def _holds_proxy(value: Any, case: Fork) -> bool:
    if type(value) in (list, tuple):
        return any(_holds_proxy(item, case) for item in value)
    if type(value) is dict:
        return any(_holds_proxy(item, case) for item in value.values())
    return type(value) in PROXIES and target_of(value).case is case


def target_of(proxy: Proxy) -> Target:
    target: Target = object.__getattribute__(proxy, "_Proxy__target")
    return target


def _is_own(proxy: Proxy) -> bool:
    return target_of(proxy).case.ownership.is_own(proxy)


def _has_seen(proxy: Proxy) -> bool:
    return target_of(proxy).case.ownership.has_seen(proxy)


def ask(proxy: Proxy, op: str, *args: Any) -> Any:
    """Have the student's process do `op` with the object behind the proxy."""
    return target_of(proxy).case.request(op, proxy, *args)


def plain(one: Any) -> Any:
    """The plain value behind a proxy, if it has one; anything else as it is."""
    if type(one) not in PROXIES:
        return one
    if _has_seen(one):
        raise refused(one, "your {} was made with one of the test's values, so your code knows that value")
    found = ask(one, "plain")
    return one if type(found) in PROXIES else found


def one_value(proxy: Proxy) -> Any:
    """The plain value from which all readings of a container, number or array of a student's own class are taken.

    The proxy itself if there is none, or if it is an instance of one of the assignment's own classes.
    """
    target = target_of(proxy)
    if target.kind in ("", ITERATOR) or target.is_class or _is_own(proxy):
        return proxy
    return plain(proxy)


def _number(proxy: Proxy) -> Any:
    """The plain value for float() and the like. Ends the test case if the object was made with a value of the test."""
    if _has_seen(proxy):
        plain(proxy)  # ends the test case
    return one_value(proxy)


def _holds(mine: Any, key: Any) -> bool:
    try:
        return key in mine
    except TypeError:  # a key that can't be hashed is not in any dict
        return False


def _by_their_operator(name: str, *pair: Any) -> Any:
    """The result of a student's operator, for two of their objects or for an own instance and a value of the test's.

    In the second case it has to be another of their objects.
    """
    mine = next(one for one in pair if type(one) in PROXIES)
    found = target_of(mine).case.request(name, *pair)
    if all(type(one) in PROXIES for one in pair):
        return found
    if type(found) not in PROXIES:
        called = f"{name.strip('_')!r} of your {target_of(mine).name}"
        raise CaseEnded("form", f"the operator {called} has to return an object, not a plain value")
    target_of(mine).case.ownership.note_seen(found)
    return found


def value(one: Any) -> Any:
    """The plain value behind a proxy. Ends the test case if there is none."""
    found = plain(one)
    if type(found) in PROXIES:
        raise refused(found, "your code returned a {} where a number or an array is needed")
    return found


def values(many: Any) -> Any:
    """The same for all proxies in lists, tuples and dicts."""
    if type(many) in (list, tuple):
        return type(many)(map(values, many))
    if type(many) is dict:
        return {key: values(item) for key, item in many.items()}
    return value(many)


def refused(proxy: Proxy, why: str) -> CaseEnded:
    """The end of a test case in which a student's object would decide the result itself. why: {} is its class."""
    name = target_of(proxy).name
    return CaseEnded(
        "form",
        f"{why.format(name)}. Return a number, a list or an array here. (For the author of the test: the object "
        "stays in the student's process. Take its plain value with np.asarray, float, str or list, read an attribute "
        "or an item of it, or compare it with another of the student's objects)",
    )


class Nothing(np.ndarray):
    """An empty array that a student's code returned. It can't be compared or subtracted."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        bare = [one.view(np.ndarray) if type(one) is Nothing else value(one) for one in inputs]
        others = any(np.size(one) for one in bare)
        # numpy.testing looks for infinite values before it compares two arrays.
        looks = ufunc is np.equal and any(isinstance(one, float) and math.isinf(one) for one in bare)
        if ufunc in _TELLING and (others or method != "__call__") and not looks:
            err_msg = NOTHING  # messages.py looks for this name
            raise AssertionError(err_msg)
        found = getattr(ufunc, method)(*bare, **keywords)
        nothing = (ufunc not in _TELLING or looks) and type(found) is np.ndarray and not found.size
        return found.view(Nothing) if nothing else found


_TELLING = frozenset(
    {
        *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
        *(np.subtract, np.logical_and, np.logical_or),
    }
)


def is_instance(one: Any, kinds: Any) -> bool:
    """A test's isinstance(): decided here for built-in types, by the student's process for its own classes."""
    if type(one) not in PROXIES or type(kinds) is tuple:
        kinds = type if kinds is type_of else kinds
        return (
            any(is_instance(one, kind) for kind in kinds) if type(kinds) is tuple else isinstance(one, kinds)
        )
    if type(kinds) in PROXIES:
        return isinstance(one, kinds)
    if kinds is object:
        return True
    if kinds is type_of:
        return target_of(one).is_class
    if kinds in (*KINDS.values(), str, bool, type(None), range, slice, bytearray):
        return issubclass(KINDS.get(target_of(one).kind, object), kinds)
    raise _unknown_class(one, f"isinstance(…, {getattr(kinds, '__name__', kinds)})")


def is_subclass(one: Any, kinds: Any) -> bool:
    """A test's issubclass(): decided by the student's process."""
    if type(one) not in PROXIES or type(kinds) is tuple:
        return (
            any(is_subclass(one, kind) for kind in kinds) if type(kinds) is tuple else issubclass(one, kinds)
        )
    if type(kinds) in PROXIES:
        return issubclass(one, kinds)
    raise _unknown_class(one, f"issubclass(…, {getattr(kinds, '__name__', kinds)})")


def type_of(one: Any, *more: Any) -> Any:
    """A test's type(): for a proxy, a proxy of its class."""
    return ask(one, "type") if type(one) in PROXIES and not more else type(one, *more)


def _class(proxy: Proxy) -> type:
    kind = KINDS.get(target_of(proxy).kind)
    if kind is None:
        raise _unknown_class(proxy, "isinstance()")
    return kind


def _unknown_class(proxy: Proxy, what: str) -> CaseEnded:
    return CaseEnded(
        "form",
        f"{what} can't be decided for the {target_of(proxy).name} that your code returned. Return a number, a list or "
        "an array here. (For the author of the test: the object stays in the student's process. Compare "
        "type(x).__name__ with a string, use one of the student's classes, or have a read-only cell define a function "
        "that decides, such as is_series(x))",
    )


def _of_type(found: Any, kind: type[_Kind], why: str, proxy: Proxy) -> _Kind:
    if type(found) is not kind:
        raise TypeError(why.format(target_of(proxy).name))
    return found


def _as_number(name: str, convert: Callable[[Any], Any], kind: type) -> Callable[[Proxy], Any]:
    def method(self: Proxy) -> Any:
        mine = _number(self)
        if type(mine) not in PROXIES:
            return convert(mine)
        return _of_type(ask(self, name), kind, "a {} is not a number", self)

    return method


def _as_text(name: str, convert: Callable[..., str]) -> Callable[..., str]:
    def method(self: Proxy, *spec: str) -> Any:
        mine = one_value(self)
        if type(mine) in _NUMBERS:
            return convert(mine, *spec)
        return _of_type(ask(self, name, *spec), str, "the text of a {} is not a str", self)

    return method


def _compare(name: str) -> Callable[[Proxy, Any], Any]:
    operation = getattr(operator, name)

    def method(self: Proxy, other: Any) -> Any:
        if type(other) in PROXIES:
            return target_of(self).case.request(name, self, other)
        mine = plain(self)
        if type(mine) not in PROXIES:
            return operation(mine, other)
        if other is None and name in ("eq", "ne"):
            return name == "ne"
        raise refused(self, f"the test compares your {{}} with a value using {COMPARISONS[name]}")

    return method


def _calculate(name: str, reflected: bool = False) -> Callable[[Proxy, Any], Any]:
    operation = getattr(operator, name)

    def method(self: Proxy, other: Any) -> Any:
        pair = (other, self) if reflected else (self, other)
        if type(other) in PROXIES or _is_own(self):
            return _by_their_operator(name, *pair)
        if type(plain(self)) in PROXIES:
            raise refused(
                self, f"the operator {name.strip('_')!r} would show one of the test's values to your {{}}"
            )
        return operation(*map(plain, pair))

    return method


def _in_place(name: str) -> Callable[[Proxy, Any], Any]:
    def method(self: Proxy, other: Any) -> Any:
        return _by_their_operator(f"i{name}", self, other) if _is_own(self) else NotImplemented

    return method


def _alone(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Proxy, *more: Any) -> Any:
        mine = self if _is_own(self) else plain(self)
        found = ask(self, name, *more) if type(mine) in PROXIES else operation(mine, *more)
        if _has_seen(self):
            if type(found) not in PROXIES:
                plain(self)  # ends the test case
            target_of(self).case.ownership.note_seen(found)
        return found

    return method


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
_CONVERSIONS: dict[str, tuple[Callable[[Any], Any], type]] = {
    "float": (float, float),
    "int": (int, int),
    "index": (operator.index, int),
    "complex": (complex, complex),
}
_TEXTS: dict[str, Callable[..., str]] = {"str": str, "repr": repr, "format": format}


def _add_special_methods() -> None:
    for name, (convert, kind) in _CONVERSIONS.items():
        setattr(Proxy, f"__{name}__", _as_number(name, convert, kind))
    for name, text in _TEXTS.items():
        setattr(Proxy, f"__{name}__", _as_text(name, text))
    for name in COMPARISONS:
        setattr(Proxy, f"__{name}__", _compare(name))
    for name in BINARY:
        bare = name.strip("_")
        setattr(Proxy, f"__{bare}__", _calculate(name))
        setattr(Proxy, f"__r{bare}__", _calculate(name, reflected=True))
        setattr(Proxy, f"__i{bare}__", _in_place(bare))
    for name, operation in (UNARY | ROUNDINGS).items():
        setattr(Proxy, f"__{name}__", _alone(name, operation))


_add_special_methods()


_LISTINGS = ("keys", "values", "items")
"""methods that only list, in any class: they count as readings, not as calls"""
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
"""by type of the plain value: methods that are called on it, not on the student's object"""


def make_proxy(case: Fork, number: int, can_be_called: bool, name: str, kind: str, is_class: bool) -> Proxy:
    return (CallableProxy if can_be_called else Proxy)(Target(case, number, name, kind, is_class))
