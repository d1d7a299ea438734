"""Walking through what functions take and give: numbers, arrays, texts, containers of them, objects."""

import copy
import hashlib
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

DEPTH = 6
NUMBERS = "biufc"
"""the kinds of numpy's types that are numbers or truth values"""
CODE = (type, types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.ModuleType)


def is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float, complex, np.generic))


def is_object(value: Any) -> bool:
    """Whether it is an instance with attributes, for example of one of the notebook's classes."""
    return hasattr(value, "__dict__") and not isinstance(value, (*CODE, np.ndarray, dict, list, tuple, set))


def with_leaves(value: Any, leaf: Callable[[np.ndarray], Any], depth: int = DEPTH) -> Any:
    """A copy of `value` with leaf(x) in place of each array or number x; the containers keep their types."""
    if isinstance(value, np.ndarray):
        return leaf(np.array(value)) if value.dtype.kind in NUMBERS else value
    if is_number(value):
        new = leaf(np.asarray(value))
        return new.item() if isinstance(new, np.ndarray) and new.ndim == 0 else new
    return with_parts(value, lambda part: with_leaves(part, leaf, depth - 1), depth)


def zeros(value: Any) -> Any:
    """A copy of `value` with zeros in place of all its numbers."""
    return with_leaves(value, lambda x: np.zeros(x.shape))


def nans(value: Any) -> Any:
    """A copy of `value` with not-a-numbers in place of all its numbers."""
    return with_leaves(value, lambda x: np.full(x.shape, np.nan))


def with_parts(value: Any, change: Callable[[Any], Any], depth: int = DEPTH) -> Any:
    """A copy of a container or an object with change(part) in place of each part; anything else as it is."""
    if depth == 0:
        return value
    if isinstance(value, (list, tuple)):
        parts = [change(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, dict):
        return {key: change(part) for key, part in value.items()}
    if is_object(value):
        twin = copy.copy(value)
        vars(twin).update({name: change(part) for name, part in vars(value).items()})
        return twin
    return value


def arrays(value: Any, depth: int = DEPTH) -> Iterator[np.ndarray]:
    """All arrays in `value`."""
    if isinstance(value, np.ndarray):
        yield value
    elif depth:
        for _, part in _parts(value):
            yield from arrays(part, depth - 1)


def _parts(value: Any) -> list[tuple[Any, Any]]:
    """The (key, part) pairs of a container or an object."""
    if isinstance(value, (list, tuple)):
        return list(enumerate(value))
    if isinstance(value, dict):
        return list(value.items())
    return list(vars(value).items()) if is_object(value) else []


@dataclass
class Slot:
    """A place that holds a value: an entry, an item or an attribute of `holder`; of a bare argument the array itself.

    copied: what an array held.
    """

    holder: Any
    key: Any
    value: Any
    copied: Any

    def put(self, value: Any) -> None:
        """Replace the value; an array's own numbers too, where they fit, since others may hold it."""
        array = self.value
        if isinstance(array, np.ndarray) and array.flags.writeable and np.shape(value) == array.shape:
            array[...] = np.asarray(value).astype(array.dtype)
        elif isinstance(self.holder, (dict, list)):
            self.holder[self.key] = value
        elif is_object(self.holder):
            setattr(self.holder, self.key, value)


def slots(things: list) -> dict[tuple[int, Any], Slot]:
    """All places that can be reached from `things`, which must be kept alive."""
    found: dict[tuple[int, Any], Slot] = {}

    def walk(value: Any, depth: int) -> None:
        for key, part in _parts(value):
            if (id(value), key) not in found:
                is_array = isinstance(part, np.ndarray)
                found[id(value), key] = Slot(value, key, part, part.copy() if is_array else None)
                if depth:
                    walk(part, depth - 1)

    walk(things, DEPTH)
    return {(key if slot.holder is not things else (0, key[1])): slot for key, slot in found.items()}


def changed(before: dict[tuple[int, Any], Slot], things: list) -> list[Slot]:
    """The places whose value has changed; if a container is new, the container itself."""
    new, whole = [], set()
    for key, slot in slots(things).items():
        old = before.get(key)
        if id(slot.holder) in whole:
            whole.add(id(slot.value))
        elif old is None or old.value is not slot.value:
            new.append(slot)
            whole.add(id(slot.value))
        elif isinstance(slot.value, np.ndarray) and not same(old.copied, slot.value):
            new.append(slot)
    return new


Close = Callable[[np.ndarray, np.ndarray], bool]
"""Whether two arrays with the same shape mean the same."""


def equal(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays contain the same numbers, except for rounding."""
    return bool(np.allclose(one, other, rtol=1e-7, atol=1e-12, equal_nan=True))


def as_if_drawn(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether `one` could be drawn from the same distribution as `other`: mean and spread are about the same."""
    if one.size < 2:
        return equal(one, other)
    off, spread = abs(np.mean(one) - np.mean(other)), np.std(other)
    return equal(one, other) or bool(
        off <= 5 * spread / np.sqrt(one.size) and spread / 2 < np.std(one) < 2 * spread
    )


def same(one: Any, other: Any, close: Close = equal) -> bool:
    """Whether two answers mean the same. An object of another class than the solution's never does."""
    if type(one) in (np.ndarray, list, tuple) and type(other) in (np.ndarray, list, tuple):
        return _same_sequences(one, other, close)
    if type(one) is np.ndarray or type(other) is np.ndarray:
        one, other = (x[()] if type(x) is np.ndarray and x.ndim == 0 else x for x in (one, other))
    if _is_plain_number(one) and _is_plain_number(other):
        return close(np.asarray(one), np.asarray(other))
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(part, other[key], close) for key, part in one.items())
    if isinstance(one, types.MethodType):
        return one.__func__ is other.__func__ and same(one.__self__, other.__self__, close)
    if isinstance(one, CODE) or not is_object(one):
        return one is other or bool(one == other)
    return same(vars(one), vars(other), close)


def _is_plain_number(value: Any) -> bool:
    return type(value) in (bool, int, float, complex) or (
        isinstance(value, np.generic) and type(value).__module__ == "numpy"
    )


def _same_sequences(one: Any, other: Any, close: Close) -> bool:
    if type(one) is np.ndarray and type(other) is np.ndarray:
        if one.shape != other.shape:
            return False
        if one.dtype.kind in NUMBERS and other.dtype.kind in NUMBERS:
            return close(one, other)
    if 0 in (np.ndim(x) if type(x) is np.ndarray else 1 for x in (one, other)):
        return False
    return len(one) == len(other) and all(same(*parts, close) for parts in zip(one, other, strict=True))


def signature(value: Any, values_too: bool) -> str:
    """A short text for the shapes in `value`, or for the values too."""
    described = repr(_described(value, values_too, DEPTH))
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def _described(value: Any, values_too: bool, depth: int) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes() if values_too else None
    if is_number(value):
        return "number", complex(value) if values_too else None
    if value is None or isinstance(value, str):
        return value
    parts = [(key, _described(part, values_too, depth - 1)) for key, part in _parts(value) if depth]
    return type(value).__name__, parts
