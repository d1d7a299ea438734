"""What a test holds in place of something that stays in the student's process.

A handle's operations are carried out there, and only values come back. It never lets the student's code answer
for a comparison or a truth value: those are made here, of the value that it stands for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from coursekit.sealed.session import Case


class Handle:
    """A stand-in for an object in the student's process: read it, index it, pass it back, take it as an array.

    Arithmetic and comparisons convert it to a value first. Attributes are those of the object behind it.
    """

    # Names with two underscores, so that none hides an attribute of the student's.
    __slots__ = ("__case", "__name", "__number", "__weakref__")

    def __init__(self, case: Case, number: int, name: str):
        object.__setattr__(self, "_Handle__case", case)
        object.__setattr__(self, "_Handle__number", number)
        object.__setattr__(self, "_Handle__name", name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__name__":
            raise AttributeError(name)
        return self.__case.request("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__case.request("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self.__case.request("delattr", self, name)

    def __getitem__(self, key: Any) -> Any:
        return self.__case.request("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.__case.request("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self.__case.request("delitem", self, key)

    def __contains__(self, key: Any) -> bool:
        return self.__case.request("contains", self, key) is True

    def __len__(self) -> int:
        return self.__as_number("len", int)

    def __float__(self) -> float:
        return self.__as_number("float", float)

    def __int__(self) -> int:
        return self.__as_number("int", int)

    def __index__(self) -> int:
        return self.__as_number("index", int)

    def __next__(self) -> Any:
        return self.__case.request("next", self)

    def __bool__(self) -> bool:
        value = plain(self)
        return isinstance(value, Handle) or bool(value)

    def __iter__(self) -> Iterator[Any]:
        iterator = self.__case.request("iter", self)
        while True:
            try:
                yield self.__case.request("next", iterator)
            except StopIteration:
                return

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.__case.request("array", self)
        if type(array) is not np.ndarray:
            raise TypeError(f"a {self.__name} is not an array")
        return array if dtype is None else array.astype(dtype)

    def __hash__(self) -> int:
        return hash((id(self.__case), self.__number))

    def __repr__(self) -> str:
        return f"<the student's {self.__name}>"

    def __as_number(self, op: str, kind: type) -> Any:
        value = self.__case.request(op, self)
        if type(value) is not kind:
            raise TypeError(f"a {self.__name} is not a number")
        return value


def plain(value: Any) -> Any:
    """The value behind a handle, where it has a form that can cross; anything else as it is."""
    if not isinstance(value, Handle):
        return value
    case, _ = case_and_number(value)
    found = case.request("plain", value)
    return value if isinstance(found, Handle) else found


def _on_values(name: str, reflected: bool = False) -> Callable[[Any, Any], Any]:
    operation = getattr(operator, name)

    def method(self: Handle, other: Any) -> Any:
        mine, theirs = plain(self), plain(other)
        if isinstance(mine, Handle):
            return NotImplemented
        return operation(theirs, mine) if reflected else operation(mine, theirs)

    return method


for _name in ("lt", "le", "eq", "ne", "gt", "ge"):
    setattr(Handle, f"__{_name}__", _on_values(_name))
for _name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow"):
    setattr(Handle, f"__{_name}__", _on_values(_name))
    setattr(Handle, f"__r{_name}__", _on_values(_name, reflected=True))


class CallableHandle(Handle):
    """A stand-in for a function or a class of the student's."""

    __slots__ = ()

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        case, _ = case_and_number(self)
        return case.request("call", self, args, keywords)


def make_handle(case: Case, number: int, can_be_called: bool, name: str) -> Handle:
    return (CallableHandle if can_be_called else Handle)(case, number, name)


def case_and_number(handle: Handle) -> tuple[Case, int]:
    return object.__getattribute__(handle, "_Handle__case"), object.__getattribute__(
        handle, "_Handle__number"
    )
