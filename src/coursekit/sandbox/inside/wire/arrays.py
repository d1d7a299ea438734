"""Arrays as bytes: which types of elements cross, and large arrays in shared memory."""

from __future__ import annotations

import ctypes
import errno
import math
import mmap
import os
import re
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

_memcmp = ctypes.CDLL(None).memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
SMALL = 1 << 10
"""bytes up to which two copies are compared faster"""
SHARE_FROM = 1 << 20  # arrays of this many bytes go to the student's process in shared memory
SEAL_SECONDS = 20  # for the kernel to let go of pages that are to be sealed
MAX_DIMENSIONS = 32
DTYPES = {np.dtype(name).str: np.dtype(name) for name in "? i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 g F D G".split()}
OTHER_DTYPE = re.compile(
    r"<U[1-9]\d{0,3}|\|S[1-9]\d{0,3}|<[mM]8(\[([1-9]\d{0,3})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
"""texts, dates and durations"""


def is_known_dtype(dtype: np.dtype) -> bool:
    return dtype.str in DTYPES or OTHER_DTYPE.fullmatch(dtype.str) is not None


def known_dtype(name: Any) -> np.dtype:
    """Raises KeyError or TypeError for a name that is not on the list."""
    if type(name) is str and OTHER_DTYPE.fullmatch(name):
        return np.dtype(name)
    return DTYPES[name]


def plain_array(value: Any) -> np.ndarray | None:
    """The array as a base array of a type that can cross, or None. An array of objects becomes one of numbers."""
    array = np.asarray(value)
    if is_known_dtype(array.dtype):
        return array
    native = array.dtype.newbyteorder("=")
    try:
        if native.str in DTYPES:
            return array.astype(native)
        return array.astype(float) if array.dtype == object else None
    except (TypeError, ValueError):
        return None


def from_bytes(flat: np.ndarray, dtype: np.dtype, shape: list[int]) -> np.ndarray:
    """An array of `flat` bytes. ValueError or OverflowError for bytes or a shape that no such array has.

    numpy trusts that a truth value's byte is 0 or 1: with any other byte, sums and comparisons disagree.
    """
    if dtype.kind == "b" and flat.size and flat.max() > 1:
        flat = (flat != 0).view(np.uint8)
    if dtype.kind == "U" and flat.size and flat.view(np.uint32).max() > sys.maxunicode:
        raise ValueError("a character that does not exist")
    return flat.view(dtype).reshape(shape)


def read_description(
    description: list[Any], sources: dict[str, Sequence[Any]]
) -> tuple[np.dtype, list[int], int, bool, Any]:
    """An array's type, shape, size in bytes, whether it is writeable, and the one of `sources` that holds its bytes.

    Raises ValueError, TypeError or KeyError where the description is malformed.
    """
    _, name, shape, writeable, (place, index) = description
    dtype, source = known_dtype(name), sources[place]
    sound = (
        type(shape) is list
        and len(shape) <= MAX_DIMENSIONS
        and all(type(length) is int and length >= 0 for length in shape)
        and type(writeable) is bool
        and type(index) is int
        and 0 <= index < len(source)
    )
    if not sound:
        raise ValueError
    return dtype, shape, dtype.itemsize * math.prod(shape), writeable, source[index]


def bytes_of(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def same_bytes(array: np.ndarray, known: np.ndarray) -> bool:
    if not array.flags.c_contiguous:
        array = np.ascontiguousarray(array)
    flat = array.reshape(-1).view(np.uint8)
    if flat.nbytes != known.nbytes:
        return False
    if flat.nbytes < SMALL:
        return flat.tobytes() == known.tobytes()
    return not _memcmp(
        flat.ctypes.data, known.ctypes.data, flat.nbytes
    )  # numpy would make an array of truth values


def sealed_memory(array: np.ndarray) -> int:
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


def mapped(fd: int, size: int, writable: bool) -> np.ndarray:
    """The memory file as bytes; a writable mapping is private, so that writes stay in this process."""
    prot = mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)
    return np.frombuffer(mmap.mmap(fd, size, flags=mmap.MAP_PRIVATE, prot=prot), np.uint8)
