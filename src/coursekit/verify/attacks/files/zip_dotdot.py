"""A zip whose entries climb out with '..': over a neighbour's notebook, the hidden tests and the results.

Holds: a name with '..' is refused, whatever slashes it is written with.
Unsealed: no, otter and nbgrader take a notebook.
"""

import zipfile

import nbformat


def write(folder, notebook, answers):
    text, name = nbformat.writes(notebook), folder.name
    neighbour = next(folder.parents[1].glob("*/*/*.ipynb")).relative_to(folder.parents[1])
    with zipfile.ZipFile(folder / "climbs.zip", "w") as archive:
        archive.writestr(f"{name}.ipynb", text)
        for up in ("../", "../../", "../../../", "a/../../../", "..\\..\\"):
            archive.writestr(f"{up}{neighbour}", text)
            archive.writestr(f"{up}autograder/{name}/tests/coursekit-attack.py", "")
            archive.writestr(f"{up}coursekit-attack", "")
