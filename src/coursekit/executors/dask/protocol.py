"""What client, worker and grader have to agree on."""

from __future__ import annotations

import functools
import pickle
import platform
from importlib.metadata import version
from typing import Any

_PACKAGES = ("coursekit", "numpy", "otter-grader", "ipython", "matplotlib")
"""those whose versions can change grades, besides Python's"""


class Refused(Exception):
    """A worker that would grade otherwise than the others."""


class Carried:
    """Bytes that Dask carries beside its messages: it neither copies them into one nor looks through them."""

    def __init__(self, data: bytes | memoryview) -> None:
        self.data = data

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Carried, (pickle.PickleBuffer(self.data),)


@functools.cache
def versions() -> str:
    """What of this installation can change grades, in one line."""
    python = ".".join(platform.python_version_tuple()[:2])
    return ", ".join([f"Python {python}", *(f"{name} {version(name)}" for name in _PACKAGES)])
