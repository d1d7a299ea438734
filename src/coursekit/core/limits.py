"""The limits under which one submission is graded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from coursekit.core.errors import CourseError


@dataclass(frozen=True)
class Limits:
    """What a submission may use. A notebook asks for more under ``metadata.coursekit.limits``."""

    load_seconds: float = 120
    """wall-clock seconds for running the notebook's own cells"""

    case_seconds: float = 30
    """wall-clock seconds for one test case"""

    memory_mib: int = 4096
    """address space of one process, in MiB"""

    output_mib: int = 1
    """how much a submission may print before the rest is dropped, in MiB"""

    processes: int = 64
    """processes and threads of the submission at one time"""

    def merged(self, changes: Mapping[str, Any]) -> Limits:
        """These limits with `changes` (limit's name: number) applied.

        Raises CourseError for an unknown name, for a value that is not a positive finite number, and for
        a fraction where a whole number is needed.
        """
        if not isinstance(changes, Mapping):
            raise CourseError(f"limits must be a mapping of names to numbers, not {changes!r}.")
        whole = {field.name for field in fields(self) if field.type == "int"}
        known = [field.name for field in fields(self)]
        for name, value in changes.items():
            if name not in known:
                raise CourseError(f"There is no limit {name!r}: there are {', '.join(known)}.")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise CourseError(f"The limit {name} must be a number, not {value!r}.")
            if not (math.isfinite(value) and value > 0):
                raise CourseError(f"The limit {name} must be positive and finite, not {value!r}.")
            if name in whole and value != int(value):
                raise CourseError(f"The limit {name} must be a whole number, not {value!r}.")
        return replace(self, **{name: int(v) if name in whole else v for name, v in changes.items()})

    def as_dict(self) -> dict[str, float]:
        """All five limits by name, as ``assignment.json`` holds them."""
        return asdict(self)
