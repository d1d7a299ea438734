"""An exception in a student's code: as their process reports it, and as a test sees it."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursekit.sandbox.inside import wire

MAX_TEXT = 4000

BUILT_IN = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}

EXCEPTIONS: dict[str, Callable[[str], Exception]] = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and not issubclass(kind, (UnicodeError, StopIteration, StopAsyncIteration))
}
"""The types that a student's exception may get here. SystemExit and KeyboardInterrupt would end the grader's test."""


@dataclass(frozen=True)
class Raised:
    """An exception in the student's code, as their process reports it: none of it can be trusted."""

    type: str
    """the nearest built-in type's name"""
    name: str
    """its own type's name"""
    message: str
    frames: tuple[tuple[str, int, str, str], ...] = ()
    """file, line from 1, function, the line's text; outermost first"""


def read_raised(fields: Any) -> Raised:
    """Read a student's exception from a message. Raises WireError if it is malformed."""
    if not isinstance(fields, dict):
        raise wire.WireError("a malformed exception")
    texts = [fields.get("type"), fields.get("name"), fields.get("message")]
    frames = fields.get("frames")
    if not all(type(text) is str for text in texts) or not isinstance(frames, list) or len(frames) > 100:
        raise wire.WireError("a malformed exception")
    for frame in frames:
        if not isinstance(frame, list) or [type(part) for part in frame] != [str, int, str, str]:
            raise wire.WireError("an exception with a malformed traceback")
    kind, name, message = (str(text) for text in texts)
    short = [(file[:200], line % 2**31, function[:100], text[:200]) for file, line, function, text in frames]
    return Raised(kind if kind in BUILT_IN else "RuntimeError", name[:100], message[:MAX_TEXT], tuple(short))


def to_exception(raised: Raised) -> Exception:
    """The built-in exception of the same type; its attribute `raised` has the student's own message."""
    try:
        error = EXCEPTIONS[raised.type](raised.message)
    except (KeyError, TypeError):
        error = RuntimeError(f"{raised.name}: {raised.message}")
    error.raised = raised  # type: ignore[attr-defined]
    return error
