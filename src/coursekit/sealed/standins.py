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

    __slots__ = ("_case", "_name", "_number")

    def __init__(self, case: Case, number: int, name: str):
        object.__setattr__(self, "_case", case)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._case.request("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._case.request("setattr", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._case.request("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._case.request("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._case.request("delitem", self, key)

    def __contains__(self, key: Any) -> bool:
        return self._case.request("contains", self, key) is True

    def __len__(self) -> int:
        return self._number_of("len", int)

    def __float__(self) -> float:
        return self._number_of("float", float)

    def __int__(self) -> int:
        return self._number_of("int", int)

    def __index__(self) -> int:
        return self._number_of("index", int)

    def __bool__(self) -> bool:
        return bool(self._plain())

    def __iter__(self) -> Iterator[Any]:
        iterator = self._case.request("iter", self)
        while True:
            try:
                yield self._case.request("next", iterator)
            except StopIteration:
                return

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self._case.request("array", self)
        if type(array) is not np.ndarray:
            raise TypeError(f"a {self._name} is not an array")
        return array if dtype is None else array.astype(dtype)

    def __hash__(self) -> int:
        return hash((id(self._case), self._number))

    def __repr__(self) -> str:
        return f"<the student's {self._name}>"

    def _number_of(self, op: str, kind: type) -> Any:
        value = self._case.request(op, self)
        if type(value) is not kind:
            raise TypeError(f"a {self._name} is not a number")
        return value

    def _plain(self) -> Any:
        """The value behind it, where that has a form that can cross; otherwise the handle itself."""
        value = self._case.request("plain", self)
        return self if isinstance(value, Handle) else value


def _on_values(name: str, reflected: bool = False) -> Callable[[Any, Any], Any]:
    operation = getattr(operator, name)

    def method(self: Handle, other: Any) -> Any:
        mine, theirs = self._plain(), other._plain() if isinstance(other, Handle) else other
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
        return self._case.request("call", self, args, keywords)


def make_handle(case: Case, number: int, can_be_called: bool, name: str) -> Handle:
    return (CallableHandle if can_be_called else Handle)(case, number, name)


def case_and_number(handle: Handle) -> tuple[Case, int]:
    return object.__getattribute__(handle, "_case"), object.__getattribute__(handle, "_number")
