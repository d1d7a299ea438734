"""Lists, dicts, sets and tuples of named fields: which of them cross, and as which items."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .arrays import plain_array
from .errors import WireError
from .values import is_key

ITEM_METHODS = frozenset(
    """__getitem__ __setitem__ __delitem__ __missing__ __contains__ __iter__ __len__ __reversed__ keys values items get
    pop popitem setdefault update append extend insert remove add discard clear index count""".split()
)
"""a container whose class has one of these of its own is more than its items"""
BUILT_IN = {dict, list, set, tuple, OrderedDict}


class Container(NamedTuple):
    """A kind of container that can change: it crosses as [letter, items]."""

    type: type
    items: Callable[[Any], list]
    fill: Callable[[Any, list], None]
    """put the items into an empty one"""
    hashed: Callable[[list], list]
    """those of the items that are hashed"""


def _pairs(value: dict) -> list[Any]:
    """Keys and values by turns."""
    return [part for pair in value.items() for part in pair]


def _fill_dict(twin: dict, items: list[Any]) -> None:
    if len(items) % 2:
        raise WireError("a dict with a key but no value")
    twin.update(zip(items[::2], items[1::2], strict=True))


CONTAINERS = {
    "d": Container(dict, _pairs, _fill_dict, lambda items: items[::2]),
    "l": Container(list, list, list.extend, lambda items: []),
    "S": Container(set, list, set.update, lambda items: items),
}
ARRAY, TUPLE = "a", "T"
"""the letters of arrays, and of tuples that are more than tuples: they have an identity, but never change"""
LETTERS = {ARRAY, TUPLE, *CONTAINERS}


def letter_of(value: Any) -> str | None:
    """How a shared object crosses: the letter of its kind, or None for any other value.

    type(), not isinstance(): an object may lie about its __class__, not about its type.
    """
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return ARRAY if plain_array(value) is not None else None
    for letter, container in CONTAINERS.items():
        if issubclass(kind, container.type):
            return letter
    return TUPLE if issubclass(kind, tuple) and kind is not tuple and tuple.__len__(value) else None


def is_bare(value: Any) -> bool:
    """Whether a container is nothing but its items: no item methods of its own, and keys that can cross."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return True
    for one in kind.__mro__:
        if one in BUILT_IN:
            break
        if not ITEM_METHODS.isdisjoint(vars(one)):
            return False
    if issubclass(kind, dict):
        return all(is_key(key) for key in dict.keys(value))
    return not issubclass(kind, set) or all(is_key(key) for key in set.__iter__(value))


def items_of(value: Any, letter: str) -> list[Any]:
    return CONTAINERS[letter].items(value) if letter in CONTAINERS else list(value)


def refill(twin: Any, letter: str, items: list[Any], only_keys: bool) -> None:
    """Put those items into a twin, in place of its own; only_keys: what is hashed has to be a key."""
    container = CONTAINERS[letter]
    if only_keys and not all(is_key(item) for item in container.hashed(items)):
        raise WireError("a key that stays in the student's process")
    try:
        twin.clear()
        container.fill(twin, items)
    except TypeError as error:
        raise WireError(f"a key that cannot be hashed: {error}") from None
