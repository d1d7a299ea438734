"""Platforms whose downloads are collected. Each file that defines a Platform is one; see README.md here."""

from __future__ import annotations

import sys

from coursekit.collect.base import Platform
from coursekit.core import plugins


def platforms() -> dict[str, Platform]:
    """All platforms in this folder, by name."""
    return plugins.find(sys.modules[__name__], Platform)
