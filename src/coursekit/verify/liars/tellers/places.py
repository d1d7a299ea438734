"""Put a liar in place of functions and methods of a notebook."""

import contextlib
import copy
import functools
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from . import values
from .call import LIARS, Asking, Call, Memory

_signatures: dict[str, list[str]] = {}


class Lied(Exception):
    """An answer differed from the solution's."""


def become(namespace: dict, places: list[str], liar: str, seen: dict | None = None, watched: list[str] = ()):
    """Let `liar` answer in all `places`: a function's name, a class's, or a method's as "Class.method".

    seen: the signatures() of the visible test, for liars who remember it. watched: places in which an
    answer that differs from the solution's raises Lied, so that a test that passes all the same was never lied to.
    """
    for place in places:
        name, _, method = place.partition(".")
        memory = Memory(frozenset((seen or {}).get(place, ())))
        tell = _recorder(place) if liar == "recorder" else LIARS[liar].tell
        tell = _watching(tell) if place in watched else tell
        original = namespace[name]
        if method:
            setattr(original, method, _in_place_of(getattr(original, method), tell, memory, method))
            continue
        lying = _in_place_of(original, tell, memory)
        for names in (namespace, vars(sys.modules.get(original.__module__, object))):
            if names.get(name) is original:
                names[name] = lying


def signatures() -> dict[str, list[str]]:
    """The signatures of the calls of each place that the liar "recorder" has answered."""
    return _signatures


def _in_place_of(honest: Callable, tell: Callable, memory: Memory, method: str = "") -> Callable:
    @functools.wraps(honest, updated=())
    def lying(*args, **keywords):
        if Asking.now:
            return honest(*args, **keywords)
        answer = tell(Call(honest, args, keywords, bool(method), memory))
        return None if method == "__init__" else answer

    return lying


def _recorder(place: str) -> Callable:
    kept = _signatures.setdefault(place, [])

    def tell(call: Call) -> Any:
        kept.extend(values.signature(call.everything, values_too) for values_too in (False, True))
        return call.right()

    return tell


def _watching(tell: Callable) -> Callable:
    def watching(call: Call) -> Any:
        state = np.random.get_state(), random.getstate()
        twins, truths = [copy.deepcopy(call), copy.deepcopy(call)], []
        with contextlib.suppress(Exception):
            truths = [twin.right() for twin in twins]
        np.random.set_state(state[0])
        random.setstate(state[1])
        answer = tell(call)
        if not truths:
            raise Lied
        # Where the solution draws at random, what could have been drawn is true too.
        is_random = not values.same(*truths) or not values.same(*(twin.everything for twin in twins))
        close = values.as_if_drawn if is_random else values.equal
        left = values.same(call.everything, twins[0].everything, close)
        if not (left and _is_true(answer, truths[0], close)):
            raise Lied
        return answer

    return watching


def _is_true(answer: Any, truth: Any, close: values.Close) -> bool:
    """Whether an answer is the solution's, or one part of a tuple is.

    To be wrong in the other parts, such as a cache whose form is open, is a mistake. A liar is wrong in all. Where the
    solution returns nothing, what is returned is open.
    """
    if type(truth) is tuple and type(answer) is tuple and len(truth) == len(answer):
        return any(
            values.same(*parts, close) for parts in zip(answer, truth, strict=True) if parts[1] is not None
        )
    return truth is None or values.same(answer, truth, close)
