"""Shared objects: each side's twins of them, and the messages that keep the twins equal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgpack
import numpy as np

from .arrays import (
    SHARE_FROM,
    bytes_of,
    from_bytes,
    mapped,
    plain_array,
    read_description,
    same_bytes,
    sealed_memory,
)
from .containers import ARRAY, CONTAINERS, LETTERS, TUPLE, is_bare, items_of, letter_of, refill
from .errors import ChangedByReading, WireError
from .values import BY_TAG, MAX_DEPTH, Form, form_of, is_key

ITEM_BYTES = 64  # roughly what an item of a list or dict takes, with its copy as it was sent


class Shared:
    """One side's shared objects, and the values that go with them.

    `first_id` is 0 on the grader's side, 1 on the student's. `to_handle(value)` gives the handle's fields for a
    value that cannot cross, or raises WireError; `from_handle(fields)` is its counterpart for what arrives. Arrays
    without an entry arrive as `empty`.
    """

    def __init__(
        self,
        first_id: int,
        to_handle: Callable[[Any], Any],
        from_handle: Callable[[Any], Any],
        empty: type[np.ndarray] = np.ndarray,
    ) -> None:
        self._next_id = first_id
        self._peer = 1 - first_id % 2  # the other side's ids, modulo 2
        self._on_graders_side = first_id % 2 == 0
        self._to_handle = to_handle
        self._from_handle = from_handle
        self._empty = empty
        self._objects: dict[int, Any] = {}  # id -> this side's twin
        self._ids: dict[int, int] = {}  # Python's id of the twin -> id
        self._known: dict[int, Any] = {}  # id -> the contents that the other side has
        self._bytes: dict[int, int] = {}  # id -> what this side holds for an object that the other side made
        self.held = 0  # their sum
        self._blobs: list[np.ndarray] = []
        self._fds: list[int] = []
        self._queue: list[int] = []  # ids given out in this message, to be described in it
        self._pending_tuples: dict[int, list[Any]] = {}

    # -- sending

    def export(
        self, value: Any, reading: bool = False
    ) -> tuple[Any, dict[int, Any], list[np.ndarray], list[int]]:
        """Encode `value` and whatever has changed since the last message; for a `reading` nothing may have.

        Returns (encoded value, objects, blobs, fds). The caller closes the fds. Raises ChangedByReading.
        """
        self._blobs, self._fds, self._queue = [], [], []
        seen = [] if reading else list(self._objects)
        if reading:
            self._check_unchanged()
        encoded = self._encode(value)
        changed = {}
        for key in seen:
            definition = self._changed(key)
            if definition is not None:
                changed[key] = definition
        while self._queue:
            key = self._queue.pop()
            changed[key] = self._changed(key)
        return encoded, changed, self._blobs, self._fds

    def _check_unchanged(self) -> None:
        """Raise ChangedByReading when an object that the other side made is not as it was sent."""
        for key in [key for key in self._objects if key % 2 == self._peer]:
            known = self._known.get(key)
            self._blobs, self._queue = [], []
            if self._changed(key) is not None:
                self._known[key] = known
                raise ChangedByReading
        self._blobs, self._queue = [], []

    def _encode(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if value is None or kind is float or kind is str or kind is bool:
            return value
        if kind is int and -(2**63) <= value < 2**64:
            return value
        key = self._ids.get(id(value))
        if key is not None:
            return ["o", key]
        if issubclass(kind, str):
            return str.__str__(value)
        form = form_of(value)
        if form is not None:
            if not form.nested:
                return [form.tag, *form.parts(value)]
            if depth <= MAX_DEPTH and (self._on_graders_side or not form.hashed or is_key(value)):
                return [form.tag, [self._encode(part, depth + 1) for part in form.parts(value)]]
        if letter_of(value) is not None and (self._on_graders_side or is_bare(value)):
            return ["o", self._id_of(value)]
        return ["h", self._to_handle(value)]

    def _id_of(self, value: Any) -> int:
        """The id of a shared object that has none yet."""
        key = self._next_id
        self._next_id += 2
        self._remember(key, value)
        self._queue.append(key)
        return key

    def _remember(self, key: int, value: Any) -> None:
        self._objects[key] = value
        self._ids[id(value)] = key

    def _changed(self, key: int) -> list[Any] | None:
        """The object's definition for a message, or None when the other side has it already."""
        value = self._objects[key]
        letter = letter_of(value)
        if letter == ARRAY:
            return self._changed_array(key, plain_array(value))
        if isinstance(value, tuple) and key in self._known:
            return None
        definition = [letter, [self._encode(item) for item in items_of(value, letter)]]
        packed = msgpack.packb(definition, unicode_errors="surrogatepass")
        if self._known.get(key) == packed:
            return None
        self._known[key] = packed
        return definition

    def _changed_array(self, key: int, array: np.ndarray) -> list[Any] | None:
        # A side that may not write the array cannot have changed it, and scanning a large one takes time.
        known = self._known.get(key)
        if known is not None and (not array.flags.writeable or same_bytes(array, known)):
            return None
        fields = [ARRAY, array.dtype.str, list(array.shape), bool(array.flags.writeable)]
        contents = np.ascontiguousarray(array)
        if self._on_graders_side and contents.nbytes >= SHARE_FROM and known is None:
            fd = sealed_memory(contents)
            self._known[key] = mapped(fd, contents.nbytes, writable=False)
            self._fds.append(fd)
            return [*fields, ["fd", len(self._fds) - 1]]
        self._known[key] = bytes_of(contents).copy()
        self._blobs.append(self._known[key])
        return [*fields, ["blob", len(self._blobs) - 1]]

    # -- receiving

    def accept(
        self,
        encoded: Any,
        objects: Any,
        blobs: Sequence[Any],
        fds: Sequence[int] = (),
        reading: bool = False,
    ) -> tuple[Any, list[Any]]:
        """Decode what export() made on the other side; twins that changed there are changed here, in place.

        Returns the value, and the twins that were here before and have changed. As the answer to a `reading`,
        objects that change a twin are a WireError.
        """
        if not isinstance(objects, dict):
            raise WireError("objects are not a table")
        here_before = [key for key in objects if key in self._objects]
        if reading and here_before:
            raise WireError("a reading that changes what was there before")
        # Every twin exists before the first is filled, since any may hold any other.
        tuples: dict[int, list[Any]] = {}
        containers: list[tuple[int, list[Any]]] = []
        for key, definition in objects.items():
            letter = self._check_definition(key, definition)
            if letter == ARRAY:
                self._accept_array(key, definition, {"blob": blobs, "fd": fds})
            elif letter == TUPLE:
                tuples[key] = definition[1]
            else:
                if key not in self._objects:
                    self._remember(key, CONTAINERS[letter].type())
                containers.append((key, definition))
        self._pending_tuples = tuples
        for key in list(tuples):
            self._tuple(key)
        for key, (letter, items) in containers:
            refill(
                self._objects[key],
                letter,
                [self._decode(item) for item in items],
                only_keys=self._on_graders_side,
            )
        self._queue = []
        for key, (_, items) in containers:
            self._known.pop(key, None)
            self._changed(key)  # notes what the other side has
            self._hold(key, len(items) * ITEM_BYTES)
        if self._queue:
            raise WireError("an object that was never described")
        return self._decode(encoded), [self._objects[key] for key in here_before]

    def _check_definition(self, key: Any, definition: Any) -> str:
        """The letter of a described object."""
        if type(key) is not int or not isinstance(definition, list) or not definition:
            raise WireError("a malformed description of an object")
        letter = definition[0]
        if type(letter) is not str or letter not in LETTERS:
            raise WireError("an object of an unknown kind")
        if letter != ARRAY and not (len(definition) == 2 and isinstance(definition[1], list)):
            raise WireError("a malformed description of an object")
        if key in self._objects:
            if letter == TUPLE or letter_of(self._objects[key]) != letter:
                raise WireError("an object that has become one of another kind")
        elif key < 0 or key % 2 != self._peer:
            raise WireError("an object with an id that only the other side may give")
        return letter

    def _accept_array(self, key: int, description: list[Any], sources: dict[str, Sequence[Any]]) -> None:
        try:
            dtype, shape, size, writeable, source = read_description(description, sources)
        except (ValueError, TypeError, KeyError):
            raise WireError("a malformed description of an array") from None
        if description[-1][0] == "fd":
            flat, known = mapped(source, size, writable=True), mapped(source, size, writable=False)
        else:
            flat, known = np.frombuffer(source, np.uint8), None
        if flat.nbytes != size:
            raise WireError("an array whose bytes do not fit its shape")
        try:
            array = from_bytes(flat, dtype, shape)
        except (ValueError, OverflowError):  # a length that no array has, beside one of 0
            raise WireError("a malformed description of an array") from None
        twin = self._objects.get(key)
        if twin is None:
            array = array if array.size else array.view(self._empty)
            array.flags.writeable = writeable
            self._remember(key, array)
        else:
            _overwrite(twin, array)
        self._known[key] = flat.copy() if known is None else known
        self._hold(key, 2 * flat.nbytes)

    def _hold(self, key: int, size: int) -> None:
        if key % 2 == self._peer:
            self.held += size - self._bytes.get(key, 0)
            self._bytes[key] = size

    def _tuple(self, key: int, depth: int = 0) -> Any:
        items = self._pending_tuples.pop(key, None)
        if items is not None:
            if depth > MAX_DEPTH or not items:
                raise WireError("a tuple that holds itself, or nothing")
            self._remember(key, tuple(self._decode(item, depth + 1) for item in items))
            self._known[key] = b""  # a tuple does not change
        return self._objects[key]

    def _decode(self, encoded: Any, depth: int = 0) -> Any:
        kind = type(encoded)
        if encoded is None or kind is float or kind is str or kind is int or kind is bool:
            return encoded
        if kind is not list or not encoded or type(encoded[0]) is not str:
            raise WireError("a malformed value")
        tag, *parts = encoded
        try:
            if tag == "o":
                return self._twin(*parts, depth=depth)
            if tag == "h":
                (fields,) = parts
                return self._from_handle(fields)
            form = BY_TAG[tag]
            if form.nested:
                (items,) = parts
                return form.make(self._decode_items(form, items, depth))
            return form.make(*parts)
        except (KeyError, ValueError, TypeError, ArithmeticError):
            raise WireError("a malformed value") from None

    def _decode_items(self, form: Form, items: Any, depth: int) -> list[Any]:
        if type(items) is not list:
            raise WireError("a malformed value")
        if depth > MAX_DEPTH:
            raise WireError("tuples that are nested too deep")
        items = [self._decode(item, depth + 1) for item in items]
        if form.hashed and self._on_graders_side and not all(is_key(item) for item in items):
            raise WireError("a key that stays in the student's process")
        return items

    def _twin(self, key: Any, depth: int) -> Any:
        if type(key) is not int:
            raise WireError("an object whose id is not a number")
        return self._tuple(key, depth) if key in self._pending_tuples else self._objects[key]

    def is_peers(self, value: Any) -> bool:
        """Whether `value` is the twin of an object that the other side made."""
        key = self._ids.get(id(value))
        return key is not None and key % 2 == self._peer

    # -- letting go

    def prune(self) -> list[int]:
        """Drop the shared objects that nothing else on this side refers to; returns their ids for the other."""
        gone = []
        for key in list(self._objects):
            # Two references: the table's own, and the argument of getrefcount.
            if sys.getrefcount(self._objects[key]) <= 2:
                gone.append(key)
        self.forget(gone)
        return gone

    def forget(self, keys: Iterable[int]) -> None:
        for key in keys:
            value = self._objects.pop(key, None)
            self._known.pop(key, None)
            self.held -= self._bytes.pop(key, 0)
            self._ids.pop(id(value), None)


def _overwrite(twin: Any, array: np.ndarray) -> None:
    target = np.asarray(twin)
    if plain_array(target).dtype != array.dtype or target.shape != array.shape:
        raise WireError("an array that has changed its shape or type in place")
    if not target.flags.writeable:
        raise WireError("a read-only array that has changed")
    target[...] = array
