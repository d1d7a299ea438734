"""For machines without namespaces, such as default containers: Landlock, in the kernel, refuses everything else.

The rest of the machine can be seen but not opened. What Landlock does not cover (sockets, a file's attributes, and
signals before Linux 6.12) is refused by the system call filter.
"""

from __future__ import annotations

import os
from typing import Any

from coursekit.datasets.located import Located
from coursekit.sandbox import mounts, seccomp
from coursekit.sandbox.base import Places, Requirement, Sandbox
from coursekit.sandbox.inside import jail
from coursekit.sandbox.mounts import Access

NEWEST_ABI = 1_000
"""The newest version of Landlock to use. Tests lower it, to imitate an older kernel."""


class Landlock(Sandbox):
    name = "landlock"
    strength = 10
    can_be_warm = True
    remedy = (
        "It needs Linux 5.13 or newer with 'landlock' in /sys/kernel/security/lsm, the library libseccomp, "
        "and a Python and a course in folders that other users may enter."
    )

    def requirements(self) -> list[Requirement]:
        kernel = Requirement(
            "Landlock in the kernel",
            abi() > 0,
            "Use Linux 5.13 or newer, and add landlock to the list lsm= on the kernel's command line.",
        )
        return [kernel, *super().requirements()]

    def landlock(self, places: Places, data: Located | None) -> dict[str, Any]:
        rules = [
            *mounts.programs(),
            mounts.CODE,
            *mounts.DEVICES,
            *mounts.PROC,
            *mounts.dataset(data),
        ]
        writable = [mount.here for mount in rules if mount.access == Access.WRITE]
        return {
            "readable": [mount.here for mount in rules if mount.access == Access.READ],
            "writable": [places.home, *writable],
            "abi": abi(),
        }

    def system_calls(self) -> bytes:
        # If Landlock is too old for it, only the filter can keep signals from a grader of the same user.
        signals_get_out = os.geteuid() != 0 and abi() < jail.SCOPES_FROM_ABI
        return seccomp.compiled(True, signals_get_out)


def abi() -> int:
    """The version of Landlock in use; 0 if there is none."""
    return min(jail.landlock_abi(), NEWEST_ABI)
