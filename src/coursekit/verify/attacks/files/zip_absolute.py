"""A zip with absolute names: into the course, the temporary folder, shared memory, a drive.

Holds: an absolute name is refused.
Unsealed: no, otter and nbgrader take a notebook.
"""

import zipfile

import nbformat


def write(folder, notebook, answers):
    places = [folder.parents[2], "/tmp", "/var/tmp", "/dev/shm", "~", "C:", "//server/share"]
    with zipfile.ZipFile(folder / "absolute.zip", "w") as archive:
        archive.writestr(f"{folder.name}.ipynb", nbformat.writes(notebook))
        for place in places:
            archive.writestr(f"{place}/coursekit-attack", "was here")
            archive.writestr(f"{place}\\coursekit-attack".replace("/", "\\"), "was here")
