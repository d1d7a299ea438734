"""Layouts: where submissions lie. Each file is one way."""

from __future__ import annotations

import sys

from coursekit.collect.base import Layout
from coursekit.core import plugins


def layouts() -> dict[str, Layout]:
    """All layouts of this folder that can be chosen by name."""
    return plugins.find(sys.modules[__name__], Layout)
