"""Gradescope: students get the same files, and hand in there."""

from __future__ import annotations

from coursekit.handout.base import Platform, Released


class Gradescope(Platform):
    name = "gradescope"

    def steps(self, released: Released) -> list[str]:
        name = released.assignment.name
        return [
            "Give students this zip (on the course's page): Gradescope itself hands nothing out.",
            f"Run 'coursekit gradescope {name}': it writes gradescope/{name}.zip, for you alone.",
            "In Gradescope: Create Assignment, Programming Assignment; allow groups if there are any.",
            f"Configure Autograder: upload gradescope/{name}.zip, choose the newest Ubuntu, Update Autograder.",
            "Settings, Autograder: the container with the most memory that you may have, and its time limit.",
            "Test Autograder with your own solution, and read that it was graded sealed.",
        ]
