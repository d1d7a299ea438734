"""A zip with the notebook three times under one name: one to be checked, another to be graded.

Holds: a name that occurs twice is refused, even if it is spelled differently.
Unsealed: no, otter and nbgrader take a notebook.
"""

import warnings
import zipfile

import nbformat


def write(folder, notebook, answers):
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "twice.zip", "w") as archive:
        warnings.simplefilter("ignore")
        for name in (f"{folder.name}.ipynb", f"./{folder.name}.ipynb", f"{folder.name}.ipynb"):
            archive.writestr(name, nbformat.writes(notebook))
