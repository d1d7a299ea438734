"""zyLabs' Jupyter labs: everything in one folder, the dataset too, since a lab may have no network."""

from __future__ import annotations

from coursekit.core.errors import CourseError
from coursekit.handout.base import Platform, Released, dataset_files


class ZyLabs(Platform):
    name = "zylabs"

    def files(self, released: Released) -> dict[str, bytes]:
        data = dataset_files(released)
        if both := sorted(data.keys() & released.files.keys()):
            raise CourseError(
                f"The dataset and the release both have a file {both[0]!r}: rename the released one."
            )
        return {**released.files, **data}

    def steps(self, released: Released) -> list[str]:
        return [
            "Unpack the zip. Make a new Jupyter lab in zyLabs.",
            f"Upload {released.assignment.notebook_name} as the lab's notebook.",
            "Upload all other files, the data archives too, to the same folder, as files that come with the lab.",
            "Open the lab as a student, and run its cells up to the first task: they must find the data.",
            "zyLabs shows students the visible tests; for sealed grades, download the hand-ins: coursekit collect.",
        ]
