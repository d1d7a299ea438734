"""The kinds of sandbox, and the strongest that works here.

Elsewhere a kind of sandbox is only its name: jobs and results are plain data. This module turns names into objects.
"""

from __future__ import annotations

import coursekit.sandbox
from coursekit.core import plugins
from coursekit.core.errors import CourseError
from coursekit.sandbox import kept_checks
from coursekit.sandbox.base import Check, Sandbox

SANDBOXES: dict[str, Sandbox] = dict(
    sorted(plugins.find(coursekit.sandbox, Sandbox).items(), key=lambda item: -item[1].strength)
)
"""All kinds by name, the strongest first: each is found in a file of its own beside this one."""


def named(name: str) -> Sandbox:
    """The kind of sandbox of this name. Raises CourseError."""
    if name not in SANDBOXES:
        raise CourseError(f"There is no sandbox {name!r}: there are {', '.join(SANDBOXES)}.")
    return SANDBOXES[name]


def sealed() -> list[str]:
    """The names of the kinds that keep the promises of SECURITY.md, the strongest first."""
    return [name for name, sandbox in SANDBOXES.items() if sandbox.sealed]


def check(name: str) -> Check:
    """Whether this kind of sandbox works on this machine, by trying everything that it must refuse."""
    found = named(name).checked
    if not found.works:
        kept_checks.forget(named(name))
    return found


def _known(name: str) -> Check:
    """As check(), which is believed for a while in the same situation."""
    kind = named(name)
    is_new = "checked" not in vars(kind)
    if is_new and (kept := kept_checks.recall(kind)):
        kind.checked, is_new = kept, False
    found = check(name)
    if is_new and found.works and vars(kind).get("checked") is found:
        kept_checks.keep(kind, found)
    return found


def strongest(unsafe: bool = False) -> str:
    """The name of the strongest sandbox that works here; an unsealed one only if `unsafe` allows it.

    Raises CourseError, which says what is missing, if there is none.
    """
    checks = []
    for name in sealed():
        found = _known(name)
        if found.works:
            return found.name
        checks.append(found)
    if unsafe:
        return next(name for name, sandbox in SANDBOXES.items() if not sandbox.sealed)
    reasons = "; ".join(f"{found.name}: {found.missing or 'it allows too much'}" for found in checks)
    raise CourseError(
        f"No sandbox works on this machine, so hidden tests would not be sealed ({reasons}). "
        "Run 'coursekit doctor' for details, or grade with --unsafe, which every result then says."
    )
