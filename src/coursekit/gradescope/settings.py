"""What packing.py tells container.py, in the zip's ``settings.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursekit.core.errors import CourseError
from coursekit.datasets.located import Located

FILE_NAME = "settings.json"


@dataclass(frozen=True)
class Settings:
    """assignment: its name. unsealed: grade even where no sandbox works. tries_a_day: how many submissions of a day are
    graded; 0 is any number. memory_mib: what grading needs: in a smaller container nothing is graded, rather than that
    right work loses points. data: the dataset's texts, which are Located's fields without the folder.
    """

    assignment: str
    unsealed: bool = False
    tries_a_day: int = 0
    memory_mib: int = 0
    data: dict[str, str] | None = None

    def located(self, folder: Path) -> Located | None:
        """The dataset as it is in `folder`."""
        return Located(folder, **self.data) if self.data else None

    def dumps(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Settings:
        """The settings in the folder of an unpacked zip. Raises CourseError."""
        try:
            found: dict[str, Any] = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
            return cls(**found)
        except (OSError, ValueError, TypeError) as error:
            raise CourseError(f"{folder / FILE_NAME} is damaged: make the zip again ({error}).") from error
