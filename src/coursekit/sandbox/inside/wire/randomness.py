"""The global random state, which both sides share: numpy's and the random module's."""

from __future__ import annotations

import ctypes
import random
import struct
from typing import Any

import numpy as np

from .errors import WireError

TWISTER_BYTES = 624 * 4 + 4


def random_state(last: list[Any] | None = None) -> list[Any] | None:
    """Both global states as plain values, or None where another generator was put in; `last` if they are as they were.

    To ask is cheap where nothing has changed, as in most cases: numpy takes its time to make a state. What it can't see
    is that np.random.set_state() puts in a state whose words are the same, and only adds a normal number that waits.
    """
    if last is not None and _is_still(last):
        return last
    if not _is_numpys_own():
        return None
    _, keys, pos, has_gauss, gauss = np.random.get_state()
    version, internal, next_gauss = random.getstate()
    if version != 3:
        return None
    keys = np.asarray(keys, np.uint32).tobytes()
    found = [keys, int(pos), int(has_gauss), float(gauss), struct.pack("<625I", *internal), next_gauss]
    return last if found == last else found


def _is_numpys_own() -> bool:
    """Whether numpy's global generator is of the kind that it always was: a notebook can put in another."""
    return type(np.random.get_bit_generator()) is np.random.MT19937


def _is_still(state: list[Any]) -> bool:
    """Whether both states are this one, as far as can be told cheaply: not where a normal number waits in numpy's."""
    keys, pos, has_gauss, _, internal, next_gauss = state
    if has_gauss or _words() != keys + struct.pack("=i", pos):
        return False
    _, now, gauss = random.getstate()
    return struct.pack("<625I", *now) == internal and gauss == next_gauss


def _words() -> bytes:
    """The words of numpy's twister, and its place in them, as they are in memory; empty where that can't be told."""
    if _ADDRESS and np.random.get_bit_generator() is _GENERATOR:
        return ctypes.string_at(_ADDRESS, TWISTER_BYTES)
    return b""


def _address(generator: Any) -> int:
    """Where in memory the words of a twister are, and its place after them; 0 if this numpy keeps them elsewhere."""
    if type(generator) is not np.random.MT19937:
        return 0
    address, state = generator.ctypes.state_address, generator.state["state"]
    words = state["key"].tobytes() + struct.pack("=i", state["pos"])
    return address if ctypes.string_at(address, TWISTER_BYTES) == words else 0


_GENERATOR = np.random.get_bit_generator()
_ADDRESS = _address(_GENERATOR)


def set_random_state(state: Any) -> None:
    """Set both global states to what random_state() gave, as far as they can be. Raises WireError for anything else."""
    try:
        keys, pos, has_gauss, gauss, internal, next_gauss = state
        sound = (
            _is_twister(keys, 624)
            and type(pos) is int
            and 0 <= pos <= 624
            and has_gauss in (0, 1)
            and _is_normal(gauss)
            and _is_twister(internal, 625)
            and (next_gauss is None or _is_normal(next_gauss))
        )
        if not sound:
            raise ValueError("out of range")
        random.setstate((3, struct.unpack("<625I", internal), next_gauss))
        if _is_numpys_own():
            np.random.set_state(("MT19937", np.frombuffer(keys, np.uint32), pos, has_gauss, gauss))
    except (ValueError, TypeError) as error:
        raise WireError(f"a malformed random state: {error}") from None


def _is_twister(words: Any, count: int) -> bool:
    """The Mersenne twister's words, which are not all zero: from zeros it draws zeros forever."""
    return type(words) is bytes and len(words) == count * 4 and any(words[4:2496])


def _is_normal(value: Any) -> bool:
    return type(value) is float and abs(value) < 10  # false for nan
