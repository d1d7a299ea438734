"""Outputs: what is made of a class's results. Each file is one kind."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.outputs.base import Output


def outputs() -> dict[str, Output]:
    """All outputs of this folder."""
    return plugins.find(sys.modules[__name__], Output)
