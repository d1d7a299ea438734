"""Values between the grader and the student's process, by value. Both sides run this module.

It imports nothing of coursekit, since a copy of it goes into the sandbox. Whatever it decodes is checked as
if an enemy had sent it: no name, type or attribute in a message is ever looked up.

A message is one frame: two lengths, a msgpack header, and the arrays' bytes. Immutable values stand in the
header as they are. Lists, dicts, sets and arrays are *shared objects*: each crosses once, gets an id, and both
sides keep a twin under it. From then on a message carries the id, and the new contents of every twin that its
side has changed since. So identity, aliasing and changes in place mean on both sides what they mean in one
process. Even ids are given out by the grader, odd ones by the student's process.

Anything else (a function, an instance, an odd cache, a container with item methods of its own) stays in the student's
process and crosses as a *handle*, a number that only that process can resolve.

A message that answers a *reading* (an attribute, an item, a length) changes no twin that the grader has already: what
changed meanwhile on the student's side crosses with the next call's answer, and a reading that changed what the grader
had passed in is an error.
"""

from __future__ import annotations

import datetime
import decimal
import errno
import fractions
import math
import mmap
import os
import random
import re
import socket
import struct
import sys
import time
from collections import OrderedDict

import msgpack
import numpy as np

PREFIX = struct.Struct("<QQ")  # header's bytes, arrays' bytes
MAX_FDS = 32
SHARE_FROM = 1 << 20  # arrays of this many bytes go to the student's process in shared memory
SEAL_SECONDS = 20  # for the kernel to let go of pages that are to be sealed
MAX_DEPTH = 40  # of tuples in tuples
MIN_DESCRIPTION = 16  # bytes of the header that an array's description and size take at least
MAX_INT_DIGITS = 4096
ITEM_BYTES = 64  # that an item of a list or dict takes, about, with its copy as it was sent
MAX_RANGE = 10_000_000
DTYPES = {np.dtype(name).str: np.dtype(name) for name in "? i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 g F D G".split()}
OTHER_DTYPE = re.compile(
    r"<U[1-9]\d{0,3}|\|S[1-9]\d{0,3}|<[mM]8(\[([1-9]\d{0,3})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
"""texts, dates and durations"""
ITEM_METHODS = frozenset(
    """__getitem__ __setitem__ __delitem__ __missing__ __contains__ __iter__ __len__ __reversed__ keys values items get
    pop popitem setdefault update append extend insert remove add discard clear index count""".split()
)
"""what makes a container more than what it holds, when its class has one of its own"""


class WireError(Exception):
    """A message that breaks the protocol, is over a limit, or a value that cannot cross."""


class ChangedByReading(Exception):
    """A reading changed what the grader had passed in."""


# ---- frames


def send(sock, header, blobs=(), fds=(), deadline=None):
    """Send one frame: `header` (what msgpack takes), `blobs` (flat byte arrays) and open file descriptors.

    `deadline` is on time.monotonic's clock; past it TimeoutError. BrokenPipeError when the other side has gone.
    """
    _set_timeout(sock, deadline)
    sizes = [blob.nbytes for blob in blobs]
    packed = msgpack.packb([header, sizes], unicode_errors="surrogatepass")
    prefix = PREFIX.pack(len(packed), sum(sizes)) + packed
    sent = socket.send_fds(sock, [prefix], list(fds)) if fds else 0
    sock.sendall(memoryview(prefix)[sent:])
    for blob in blobs:
        sock.sendall(blob)


def receive(sock, deadline=None, max_header=None, max_blobs=None):
    """Receive one frame as (header, blobs, fds).

    `deadline` is on time.monotonic's clock; past it TimeoutError. EOFError when the other side has gone;
    WireError for a frame over `max_header` or `max_blobs` bytes, or one that is not a frame.
    """
    fds = []
    prefix = bytearray()
    while len(prefix) < PREFIX.size:
        _set_timeout(sock, deadline)
        if deadline is None and not prefix:
            part, fds, _, _ = socket.recv_fds(sock, PREFIX.size, MAX_FDS)
        else:
            part = sock.recv(PREFIX.size - len(prefix))
        if not part:
            raise EOFError("the other side closed the connection")
        prefix += part
    header_size, blobs_size = PREFIX.unpack(prefix)
    if max_header is not None and header_size > max_header:
        raise WireError(f"a message of {header_size:,} bytes is over the limit of {max_header:,}")
    if max_blobs is not None and blobs_size > max_blobs:
        raise WireError(f"arrays of {blobs_size:,} bytes are over the limit of {max_blobs:,}")
    try:
        header, sizes = msgpack.unpackb(
            _receive_exactly(sock, header_size, deadline),
            unicode_errors="surrogatepass",
            strict_map_key=False,
            use_list=True,
            object_pairs_hook=_table,
        )
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"a message that is not one: {type(error).__name__}") from None
    if not (isinstance(sizes, list) and all(type(size) is int and size >= 0 for size in sizes)):
        raise WireError("a message without its arrays' sizes")
    if len(sizes) * MIN_DESCRIPTION > header_size:
        raise WireError("a message of more arrays than it describes")
    if sum(sizes) != blobs_size:
        raise WireError("a message whose arrays' sizes do not add up")
    return header, [_receive_exactly(sock, size, deadline) for size in sizes], fds


def _table(pairs):
    """A message's table. Of other keys than these many can be made that share a hash, and take hours to enter."""
    if not all(type(key) in (str, int) for key, _ in pairs):
        raise ValueError("a table with keys of another type")
    return dict(pairs)


def _receive_exactly(sock, size, deadline):
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        _set_timeout(sock, deadline)
        count = sock.recv_into(view)
        if not count:
            raise EOFError("the other side closed the connection")
        view = view[count:]
    return buffer


def _set_timeout(sock, deadline):
    if deadline is None:
        sock.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("time is up")
    sock.settimeout(left)


# ---- random state


def random_state():
    """numpy's and random's global state as plain values, or None where another generator was put in."""
    kind, keys, pos, has_gauss, gauss = np.random.get_state()
    version, internal, next_gauss = random.getstate()
    if kind != "MT19937" or version != 3:
        return None
    keys = np.asarray(keys, np.uint32).tobytes()
    return [keys, int(pos), int(has_gauss), float(gauss), struct.pack("<625I", *internal), next_gauss]


def set_random_state(state):
    """Set both global states from what random_state() gave. Raises WireError for anything else."""
    try:
        keys, pos, has_gauss, gauss, internal, next_gauss = state
        ok = (
            _is_twister(keys, 624)
            and type(pos) is int
            and 0 <= pos <= 624
            and has_gauss in (0, 1)
            and _is_normal(gauss)
            and _is_twister(internal, 625)
            and (next_gauss is None or _is_normal(next_gauss))
        )
        if not ok:
            raise ValueError("out of its range")
        random.setstate((3, struct.unpack("<625I", internal), next_gauss))
        np.random.set_state(("MT19937", np.frombuffer(keys, np.uint32), pos, has_gauss, gauss))
    except (ValueError, TypeError) as error:
        raise WireError(f"a random state that is not one: {error}") from None


def _is_twister(words, count):
    """The Mersenne twister's words, which are not all zero: from zeros it draws zeros for ever."""
    return type(words) is bytes and len(words) == count * 4 and any(words[4:2496])


def _is_normal(value):
    return type(value) is float and abs(value) < 10  # false for nan


# ---- values


class Shared:
    """One side's shared objects, and the values that go with them.

    `first_id` is 0 on the grader's side, 1 on the student's. `to_handle(value)` gives the handle's fields for a
    value that cannot cross, or raises WireError; `from_handle(fields)` is its counterpart for what arrives. Arrays
    without an entry arrive as `empty`.
    """

    def __init__(self, first_id, to_handle, from_handle, empty=np.ndarray):
        self._next_id = first_id
        self._peer = 1 - first_id % 2
        self._to_handle = to_handle
        self._from_handle = from_handle
        self._empty = empty
        self._objects = {}  # id -> this side's twin
        self._ids = {}  # Python's id of the twin -> id
        self._known = {}  # id -> the contents that the other side has
        self._bytes = {}  # id -> what this side holds for an object of the other's
        self.held = 0  # their sum
        self._blobs, self._fds, self._queue = [], [], []
        self._pending_tuples = {}

    # -- sending

    def export(self, value, reading=False):
        """Encode `value` and whatever has changed since the last message; for a `reading` nothing may have.

        Returns (encoded value, objects, blobs, fds). The fds are the caller's to close.
        Raises ChangedByReading.
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

    def _check_unchanged(self):
        """Raise ChangedByReading when an object that the other side made is not as it was sent."""
        for key in [key for key in self._objects if key % 2 == self._peer]:
            known = self._known.get(key)
            self._blobs, self._queue = [], []
            if self._changed(key) is not None:
                self._known[key] = known
                raise ChangedByReading
        self._blobs, self._queue = [], []

    def _encode(self, value, depth=0):
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is str:
            return value
        if id(value) in self._ids:
            return ["o", self._ids[id(value)]]
        if kind is int:
            return value if -(2**63) <= value < 2**64 else ["i", _hex(value)]
        if kind is tuple and depth <= MAX_DEPTH:
            return ["t", [self._encode(item, depth + 1) for item in value]]
        if kind is frozenset and depth <= MAX_DEPTH and (self._peer == 1 or _is_key(value)):
            return ["f", [self._encode(item, depth + 1) for item in value]]
        if kind is complex:
            return ["c", value.real, value.imag]
        if kind in (bytes, bytearray):
            return ["b", bytes(value)]
        if kind is slice:
            return ["s", [self._encode(part, depth + 1) for part in (value.start, value.stop, value.step)]]
        if kind is range:
            return ["r", [self._encode(part, depth + 1) for part in (value.start, value.stop, value.step)]]
        if value is Ellipsis:
            return ["e"]
        if issubclass(kind, str):
            return str.__str__(value)
        if issubclass(kind, np.generic) and _is_known_dtype(value.dtype):
            return ["n", value.dtype.str, value.tobytes()]
        if kind in EXACT and type(getattr(value, "tzinfo", None)) in (type(None), datetime.timezone):
            tag, encode, _ = EXACT[kind]
            return [tag, *encode(value)]
        if issubclass(kind, np.dtype) and _is_known_dtype(value):
            return ["y", value.str]
        if _shape_of(value) is not None and (self._peer == 1 or _is_bare(value)):
            return ["o", self._id_of(value)]
        return ["h", self._to_handle(value)]

    def _id_of(self, value):
        key = self._ids.get(id(value))
        if key is None:
            key = self._next_id
            self._next_id += 2
            self._remember(key, value)
            self._queue.append(key)
        return key

    def _remember(self, key, value):
        self._objects[key] = value
        self._ids[id(value)] = key

    def _changed(self, key):
        """The object's definition for a message, or None when the other side has it already."""
        value = self._objects[key]
        shape = _shape_of(value)
        if shape == "a":
            return self._changed_array(key, _plain_array(value))
        if isinstance(value, tuple) and key in self._known:
            return None
        parts = [part for pair in value.items() for part in pair] if shape == "d" else list(value)
        definition = [shape, [self._encode(part) for part in parts]]
        packed = msgpack.packb(definition, unicode_errors="surrogatepass")
        if self._known.get(key) == packed:
            return None
        self._known[key] = packed
        return definition

    def _changed_array(self, key, array):
        # A side that may not write the array cannot have changed it, and the scan of a large one takes time.
        known = self._known.get(key)
        if known is not None and (not array.flags.writeable or _same_bytes(array, known)):
            return None
        fields = ["a", array.dtype.str, list(array.shape), bool(array.flags.writeable)]
        contents = np.ascontiguousarray(array)
        if self._peer == 1 and contents.nbytes >= SHARE_FROM and known is None:
            fd = _sealed_memory(contents)
            self._known[key] = _map(fd, contents.nbytes, writable=False)
            self._fds.append(fd)
            return [*fields, ["fd", len(self._fds) - 1]]
        self._known[key] = _bytes_of(contents).copy()
        self._blobs.append(self._known[key])
        return [*fields, ["blob", len(self._blobs) - 1]]

    # -- receiving

    def accept(self, encoded, objects, blobs, fds=(), reading=False):
        """Decode what export() made on the other side; twins that changed there are changed here, in place.

        Returns the value, and the twins that were here before and have changed. As the answer to a `reading`, objects
        that change a twin are a WireError.
        """
        if not isinstance(objects, dict):
            raise WireError("objects are not a table")
        tuples, containers = {}, []
        here_before = [key for key in objects if key in self._objects]
        if reading and here_before:
            raise WireError("a reading that changes what was there before")
        for key, definition in objects.items():
            shape = self._check_definition(key, definition)
            if shape == "a":
                self._accept_array(key, definition, blobs, fds)
            elif shape == "T":
                tuples[key] = definition[1]
            else:
                if key not in self._objects:
                    self._remember(key, {"l": list, "d": dict, "S": set}[shape]())
                containers.append((key, definition))
        self._pending_tuples = tuples
        for key in list(tuples):
            self._tuple(key)
        for key, (shape, items) in containers:
            self._fill(self._objects[key], shape, [self._decode(item) for item in items], self._peer == 1)
        self._queue = []
        for key, (_, items) in containers:
            self._known.pop(key, None)
            self._changed(key)
            self._hold(key, len(items) * ITEM_BYTES)
        if self._queue:
            raise WireError("an object that was never described")
        return self._decode(encoded), [self._objects[key] for key in here_before]

    def _check_definition(self, key, definition):
        if type(key) is not int or not isinstance(definition, list) or not definition:
            raise WireError("an object's description is broken")
        shape = definition[0]
        if shape not in ("a", "l", "d", "S", "T"):
            raise WireError("an object of no known kind")
        if shape != "a" and not (len(definition) == 2 and isinstance(definition[1], list)):
            raise WireError("an object's description is broken")
        if key in self._objects:
            if shape == "T" or _shape_of(self._objects[key]) != shape:
                raise WireError("an object changed its kind")
        elif key < 0 or key % 2 != self._peer:
            raise WireError("an object with an id that is not the sender's to give")
        return shape

    def _accept_array(self, key, definition, blobs, fds):
        try:
            _, dtype, shape, writeable, (place, index) = definition
            dtype = _known_dtype(dtype)
            ok = type(shape) is list and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)
            source = {"blob": blobs, "fd": fds}[place]
            if (
                not ok
                or type(index) is not int
                or not 0 <= index < len(source)
                or type(writeable) is not bool
            ):
                raise ValueError
            size = dtype.itemsize * math.prod(shape)
        except (ValueError, TypeError, KeyError):
            raise WireError("an array's description is broken") from None
        if place == "fd":
            flat, known = _map(fds[index], size, writable=True), _map(fds[index], size, writable=False)
        else:
            flat = np.frombuffer(blobs[index], np.uint8)
            known = None
        if flat.nbytes != size:
            raise WireError("an array's bytes do not fit its shape")
        try:
            array = _sound(flat, dtype).view(dtype).reshape(shape)
        except (ValueError, OverflowError):  # a length that no array has, beside one of 0
            raise WireError("an array's description is broken") from None
        twin = self._objects.get(key)
        if twin is None:
            array = array if array.size else array.view(self._empty)
            array.flags.writeable = writeable
            self._remember(key, array)
        else:
            target = np.asarray(twin)
            if _plain_array(target).dtype != dtype or list(target.shape) != shape:
                raise WireError("an array changed its shape or type in place")
            if not target.flags.writeable:
                raise WireError("a read-only array was changed")
            target[...] = array
        self._known[key] = flat.copy() if known is None else known
        self._hold(key, 2 * flat.nbytes)

    def _hold(self, key, size):
        if key % 2 == self._peer:
            self.held += size - self._bytes.get(key, 0)
            self._bytes[key] = size

    def _tuple(self, key, depth=0):
        items = self._pending_tuples.pop(key, None)
        if items is not None:
            if depth > MAX_DEPTH or not items:
                raise WireError("a tuple that holds itself, or nothing")
            self._remember(key, tuple(self._decode(item, depth + 1) for item in items))
            self._known[key] = b""  # a tuple does not change
        return self._objects[key]

    @staticmethod
    def _fill(twin, shape, items, first_side):
        try:
            if shape == "d" and len(items) % 2:
                raise WireError("a dict's description is broken")
            keys = items[::2] if shape == "d" else items if shape == "S" else ()
            if first_side and not all(_is_key(key) for key in keys):
                raise WireError("a key that cannot be one: an object that stays inside")
            twin.clear()
            if shape == "l":
                twin.extend(items)
            elif shape == "d":
                twin.update(zip(items[::2], items[1::2], strict=True))
            else:
                twin.update(items)
        except TypeError as error:
            raise WireError(f"a key that cannot be one: {error}") from None

    def _decode(self, encoded, depth=0):
        kind = type(encoded)
        if encoded is None or kind in (bool, float, str, int):
            return encoded
        if kind is not list or not encoded or type(encoded[0]) is not str or depth > MAX_DEPTH + 2:
            raise WireError("a value that is not one")
        tag, fields = encoded[0], encoded[1:]
        try:
            if tag == "o":
                (key,) = fields
                if type(key) is not int:
                    raise WireError("an object's id is not a number")
                if key in self._pending_tuples:
                    return self._tuple(key, depth)
                return self._objects[key]
            if tag == "h":
                (handle,) = fields
                return self._from_handle(handle)
            if tag in ("t", "f") and depth > MAX_DEPTH:
                raise WireError("tuples are nested too deep")
            if tag == "t":
                (items,) = fields
                return tuple([self._decode(item, depth + 1) for item in items])
            if tag == "f":
                (items,) = fields
                items = [self._decode(item, depth + 1) for item in items]
                if self._peer == 1 and not all(_is_key(item) for item in items):
                    raise ValueError
                return frozenset(items)
            if tag == "n":
                name, data = fields
                dtype = _known_dtype(name)
                if type(data) is not bytes or len(data) != dtype.itemsize or not data:
                    raise ValueError
                return _sound(np.frombuffer(data, np.uint8), dtype).view(dtype)[0]
            if tag in BY_TAG:
                return BY_TAG[tag](*fields)
            if tag == "y":
                (name,) = fields
                return _known_dtype(name)
            if tag == "i":
                return _integer(*fields)
            if tag == "c":
                real, imag = fields
                if type(real) is not float or type(imag) is not float:
                    raise ValueError
                return complex(real, imag)
            if tag == "b":
                (data,) = fields
                if type(data) is not bytes:
                    raise ValueError
                return data
            if tag in ("s", "r"):
                (parts,) = fields
                parts = [self._decode(part, depth + 1) for part in parts]
                if len(parts) != 3:
                    raise ValueError
                # a handle would be asked for its number in the middle of a message
                if tag == "r" and ({type(part) for part in parts} != {int} or len(range(*parts)) > MAX_RANGE):
                    raise ValueError
                return slice(*parts) if tag == "s" else range(*parts)
            if tag == "e":
                return Ellipsis
        except (KeyError, ValueError, TypeError, ArithmeticError):
            pass
        raise WireError("a value that is not one")

    def is_peers(self, value):
        """Whether `value` is the twin of an object that the other side made."""
        key = self._ids.get(id(value))
        return key is not None and key % 2 == self._peer

    # -- letting go

    def prune(self):
        """Drop the shared objects that nothing else on this side refers to; returns their ids for the other."""
        gone = []
        for key in list(self._objects):
            # Two references: the table's own, and the argument of getrefcount.
            if sys.getrefcount(self._objects[key]) <= 2:
                gone.append(key)
        self.forget(gone)
        return gone

    def forget(self, keys):
        for key in keys:
            value = self._objects.pop(key, None)
            self._known.pop(key, None)
            self.held -= self._bytes.pop(key, 0)
            self._ids.pop(id(value), None)


def _shape_of(value):
    """How a shared object crosses: a(rray), l(ist), d(ict), S(et), T(uple subclass); None for anything else.

    type(), not isinstance(): an object may lie about its __class__, not about its type.
    """
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return "a" if _plain_array(value) is not None else None
    if issubclass(kind, dict):
        return "d"
    if issubclass(kind, list):
        return "l"
    if issubclass(kind, set):
        return "S"
    if issubclass(kind, tuple) and kind is not tuple and tuple.__len__(value):
        return "T"
    return None


def _is_bare(value):
    """Whether a container is no more than what it holds: no item method of its own, and keys that can cross."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return True
    for one in kind.__mro__:
        if one in BUILT_IN_CONTAINERS:
            break
        if not ITEM_METHODS.isdisjoint(vars(one)):
            return False
    if issubclass(kind, dict):
        return all(_is_key(key) for key in dict.keys(value))
    return not issubclass(kind, set) or all(_is_key(key) for key in set.__iter__(value))


def _is_key(value, depth=0):
    """Whether a key's hash and equality are the same on both sides."""
    kind = type(value)
    if kind in (tuple, frozenset) and depth <= MAX_DEPTH:
        return all(_is_key(item, depth + 1) for item in value)
    return kind in PLAIN_KEYS or kind in EXACT or issubclass(kind, (str, np.generic))


def _plain_array(value):
    """The array as a base array of a type that can cross, or None; objects cross as the numbers they are."""
    array = np.asarray(value)
    if _is_known_dtype(array.dtype):
        return array
    native = array.dtype.newbyteorder("=")
    try:
        if native.str in DTYPES:
            return array.astype(native)
        return array.astype(float) if array.dtype == object else None
    except (TypeError, ValueError):
        return None


def _is_known_dtype(dtype):
    return dtype.str in DTYPES or OTHER_DTYPE.fullmatch(dtype.str) is not None


def _known_dtype(name):
    if type(name) is str and OTHER_DTYPE.fullmatch(name):
        return np.dtype(name)
    return DTYPES[name]


def _sound(flat, dtype):
    """`flat`, with bytes that are elements of that type. ValueError for characters that do not exist.

    numpy trusts that a truth value's byte is 0 or 1: of any other, sums and comparisons tell different things.
    """
    if dtype.kind == "b" and flat.size and flat.max() > 1:
        return (flat != 0).view(np.uint8)
    if dtype.kind == "U" and flat.size and flat.view(np.uint32).max() > sys.maxunicode:
        raise ValueError("a character that does not exist")
    return flat


# ---- values of one exact type that cross as their parts


def _whole(value, low, high):
    if type(value) is not int or not low <= value <= high:
        raise ValueError
    return value


def _zone(value):
    """The distance from UTC in seconds, or None; only fixed ones cross."""
    return None if value.tzinfo is None else int(value.utcoffset().total_seconds())


def _timezone(seconds):
    if seconds is None:
        return None
    return datetime.timezone(datetime.timedelta(seconds=_whole(seconds, -86399, 86399)))


def _clock(value):
    return [value.hour, value.minute, value.second, value.microsecond, value.fold, _zone(value)]


def _time_parts(hour, minute, second, microsecond, fold, zone):
    numbers = [_whole(n, 0, 999_999) for n in (hour, minute, second, microsecond)]
    return numbers, {"tzinfo": _timezone(zone), "fold": _whole(fold, 0, 1)}


def _datetime(day, *clock):
    numbers, keywords = _time_parts(*clock)
    date = datetime.date.fromordinal(_whole(day, 1, datetime.date.max.toordinal()))
    return datetime.datetime(date.year, date.month, date.day, *numbers, **keywords)


def _time(*clock):
    numbers, keywords = _time_parts(*clock)
    return datetime.time(*numbers, **keywords)


def _decimal(text):
    if type(text) is not str or len(text) > MAX_INT_DIGITS or not text.isascii():
        raise ValueError
    return decimal.Decimal(text)


def _integer(digits):
    if type(digits) is not str or len(digits) > MAX_INT_DIGITS:
        raise ValueError
    return int(digits, 16)


EXACT = {
    datetime.date: (
        "date",
        lambda value: [value.toordinal()],
        lambda day: datetime.date.fromordinal(_whole(day, 1, datetime.date.max.toordinal())),
    ),
    datetime.datetime: ("datetime", lambda value: [value.toordinal(), *_clock(value)], _datetime),
    datetime.time: ("time", _clock, _time),
    datetime.timedelta: (
        "timedelta",
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda days, seconds, micro: datetime.timedelta(
            _whole(days, -999_999_999, 999_999_999), _whole(seconds, 0, 86399), _whole(micro, 0, 999_999)
        ),
    ),
    decimal.Decimal: ("decimal", lambda value: [str(value)], _decimal),
    fractions.Fraction: (
        "fraction",
        lambda value: [_hex(value.numerator), _hex(value.denominator)],
        lambda top, bottom: fractions.Fraction(_integer(top), _integer(bottom)),
    ),
}
"""exact type: tag, its parts, and back from parts that may be anything"""
BY_TAG = {tag: decode for tag, _, decode in EXACT.values()}
PLAIN_KEYS = {type(None), bool, int, float, complex, str, bytes, range, type(Ellipsis)}
BUILT_IN_CONTAINERS = {dict, list, set, tuple, OrderedDict}


def _hex(value):
    digits = hex(value)
    if len(digits) > MAX_INT_DIGITS:
        raise WireError("an integer is too long to be passed")
    return digits


def _bytes_of(array):
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _same_bytes(array, known):
    if not array.flags.c_contiguous:
        array = np.ascontiguousarray(array)
    flat = array.reshape(-1).view(np.uint8)
    if flat.nbytes != known.nbytes:
        return False
    if flat.nbytes % 8 == 0:
        flat, known = flat.view(np.uint64), known.view(np.uint64)
    return np.array_equal(flat, known)


def _sealed_memory(array):
    """A memory file with the array's bytes that nobody can change any more.

    Raises OSError when there is no memory for it.
    """
    import fcntl

    fd = os.memfd_create("array", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(array.reshape(-1).view(np.uint8))
    while view:
        view = view[os.write(fd, view[: 1 << 28]) :]
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    deadline = time.monotonic() + SEAL_SECONDS
    while True:
        try:
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
            return fd
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > deadline:
                os.close(fd)
                raise
        time.sleep(0.05)  # the kernel is moving pages of it


def _map(fd, size, writable):
    """The memory file as bytes; a writable mapping is private, so that writes stay in this process."""
    prot = mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)
    return np.frombuffer(mmap.mmap(fd, size, flags=mmap.MAP_PRIVATE, prot=prot), np.uint8)
