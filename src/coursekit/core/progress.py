"""Callbacks by which long work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""called with a few words as each step begins"""

Counted = Callable[[int, int], None]
"""called with (done, total) as items are done"""
