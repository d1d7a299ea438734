"""Outputs of a class's results. A module with a subclass of Output writes files; the others are called by commands."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.outputs.base import Output


def outputs() -> dict[str, Output]:
    """All outputs in this folder."""
    return plugins.find(sys.modules[__name__], Output)
