"""Parse Python, also while another thread does."""

from __future__ import annotations

import ast

TRIES = 5


def parse(text: str) -> ast.Module:
    """As ast.parse(). With two threads that parse at once, CPython 3.11 can raise SystemError (its issue 106905)."""
    for _ in range(TRIES):
        try:
            return ast.parse(text)
        except SystemError:
            continue
    return ast.parse(text)
