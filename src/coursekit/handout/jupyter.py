"""JupyterLab on the student's machine or on a JupyterHub."""

from __future__ import annotations

from coursekit.handout.base import Platform, Released


class Jupyter(Platform):
    name = "jupyter"

    def steps(self, released: Released) -> list[str]:
        return [
            "Put the zip on the course's page (Canvas: Files; Moodle: add a File; a website: link it).",
            "Students unpack it into a folder of its own, and open the notebook in JupyterLab or VS Code.",
            "On a JupyterHub, push the unpacked folder to a Git repository and give students an nbgitpuller link.",
            "The notebook's last cell packs what is to be handed in; make the assignment take a zip.",
        ]
