"""Everything that the grader can ask the student's process to do with one of its objects.

Both sides have this list: the student's process carries an operation out, the grader goes by what it is.
"""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple


class Operation(NamedTuple):
    do: Callable[..., Any] | None
    """None: the server does it, with more than the object"""
    is_call: bool = False
    """it may change the student's objects, and what was passed to them; any other operation is a reading"""
    each_time: bool = False
    """a reading that is carried out each time, since no two of its answers are the same thing"""
    may_draw: bool = False
    """it may draw random numbers"""
    makes_own: bool = False
    """what it makes of an instance of the assignment's own classes counts as such an instance"""
    restates: bool = False
    """it gives in another form what has been answered before, so that no witness needs to hear of it"""


BINARY = "add sub mul matmul truediv floordiv mod pow and_ or_ xor lshift rshift".split()
IN_PLACE = [f"i{name.strip('_')}" for name in BINARY]
COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
UNARY: dict[str, Callable[..., Any]] = {
    "neg": operator.neg,
    "pos": operator.pos,
    "invert": operator.invert,
    "abs": abs,
    "round": round,
}
ROUNDINGS: dict[str, Callable[..., Any]] = {"trunc": math.trunc, "floor": math.floor, "ceil": math.ceil}
"""unary operations, but of an own instance they make a plain number"""


def _call(**functions: Callable[..., Any]) -> dict[str, Operation]:
    return {name: Operation(do, is_call=True, may_draw=True) for name, do in functions.items()}


def _reading(**functions: Callable[..., Any]) -> dict[str, Operation]:
    return {name: Operation(do) for name, do in functions.items()}


def _restating(**functions: Callable[..., Any] | None) -> dict[str, Operation]:
    return {name: Operation(do, restates=True) for name, do in functions.items()}


def _making(functions: dict[str, Callable[..., Any]]) -> dict[str, Operation]:
    return {name: Operation(do, makes_own=True) for name, do in functions.items()}


def _of_operator(names: list[str]) -> dict[str, Callable[..., Any]]:
    return {name: getattr(operator, name) for name in names}


OPERATIONS: dict[str, Operation] = {
    **_call(
        call=lambda target, args, keywords: target(*args, **keywords),
        setattr=setattr,
        delattr=delattr,
        setitem=operator.setitem,
        delitem=operator.delitem,
        enter=lambda value: value.__enter__(),
        exit=lambda value: value.__exit__(None, None, None),
    ),
    **{
        name: Operation(do, is_call=True, may_draw=True, makes_own=True)
        for name, do in _of_operator(IN_PLACE).items()
    },
    **_reading(
        getattr=getattr,
        getitem=operator.getitem,
        contains=operator.contains,
        read=lambda value, method: getattr(value, method)(),
        len=len,
        iter=iter,
        bool=bool,
        hash=hash,
        str=str,
        repr=repr,
        format=format,
        dir=dir,
        isinstance=isinstance,
        issubclass=issubclass,
        **_of_operator([*COMPARISONS]),
        **ROUNDINGS,
    ),
    **_making(_of_operator(BINARY) | UNARY),
    "next": Operation(next, each_time=True, may_draw=True),
    "reversed": Operation(reversed, each_time=True),
    "copy": Operation(copy.copy, each_time=True, makes_own=True),
    "deepcopy": Operation(copy.deepcopy, each_time=True, makes_own=True),
    **_restating(
        get=None,  # a name of the notebook's
        array=None,
        plain=None,
        float=float,
        int=int,
        index=operator.index,
        complex=complex,
        type=type,
    ),
}
