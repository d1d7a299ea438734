"""Exports to learning platforms: each module with a subclass of Export writes what one platform takes in."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.exports.base import Export


def exports() -> dict[str, Export]:
    """All exports in this folder, by platform."""
    return plugins.find(sys.modules[__name__], Export)
