"""No sandbox: a plain process with the grader's rights, for --unsafe. Every result says so."""

from __future__ import annotations

from coursekit.core.limits import Limits
from coursekit.sandbox.base import Requirement, Sandbox


class Unsealed(Sandbox):
    name = "none"
    strength = 0
    sealed = False
    remedy = "It works everywhere, and protects nothing."

    def requirements(self) -> list[Requirement]:
        return []

    def system_calls(self) -> None:
        return None

    def user(self) -> None:
        return None

    def rlimits(self, limits: Limits) -> dict[str, int]:
        return {}
