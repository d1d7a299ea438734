"""Layouts: where submissions are found. Each file defines one."""

from __future__ import annotations

import sys

from coursekit.core import plugins
from coursekit.layouts.base import Layout


def layouts() -> dict[str, Layout]:
    """All layouts in this folder that can be chosen by name."""
    return plugins.find(sys.modules[__name__], Layout)
