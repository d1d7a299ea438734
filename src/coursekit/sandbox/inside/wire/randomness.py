"""The global random state, which both sides share: numpy's and the random module's."""

from __future__ import annotations

import random
import struct
from typing import Any

import numpy as np

from .errors import WireError


def random_state() -> list[Any] | None:
    """Both global states as plain values, or None where another generator was put in."""
    kind, keys, pos, has_gauss, gauss = np.random.get_state()
    version, internal, next_gauss = random.getstate()
    if kind != "MT19937" or version != 3:
        return None
    keys = np.asarray(keys, np.uint32).tobytes()
    return [keys, int(pos), int(has_gauss), float(gauss), struct.pack("<625I", *internal), next_gauss]


def set_random_state(state: Any) -> None:
    """Set both global states to what random_state() gave. Raises WireError for anything else."""
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
        np.random.set_state(("MT19937", np.frombuffer(keys, np.uint32), pos, has_gauss, gauss))
    except (ValueError, TypeError) as error:
        raise WireError(f"a malformed random state: {error}") from None


def _is_twister(words: Any, count: int) -> bool:
    """The Mersenne twister's words, which are not all zero: from zeros it draws zeros forever."""
    return type(words) is bytes and len(words) == count * 4 and any(words[4:2496])


def _is_normal(value: Any) -> bool:
    return type(value) is float and abs(value) < 10  # false for nan
