"""Outputs: files made from a class's results. Each module defines one kind."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.outputs.base import Output


def outputs() -> dict[str, Output]:
    """All outputs in this folder."""
    return plugins.find(sys.modules[__name__], Output)
