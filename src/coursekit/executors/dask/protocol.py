"""What client, worker and grader have to agree on."""

from __future__ import annotations

import functools
import platform
from importlib.metadata import version

_PACKAGES = ("coursekit", "numpy", "otter-grader", "ipython", "matplotlib")
"""those whose versions can change grades, besides Python's"""


class Refused(Exception):
    """A worker that would grade otherwise than the others."""


@functools.cache
def versions() -> str:
    """What of this installation can change grades, in one line."""
    python = ".".join(platform.python_version_tuple()[:2])
    return ", ".join([f"Python {python}", *(f"{name} {version(name)}" for name in _PACKAGES)])
