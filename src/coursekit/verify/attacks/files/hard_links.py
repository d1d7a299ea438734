"""A neighbour's notebook and the built tests as hard links under the student's own names, which open like any file.

Holds: a file with more than one name and another owner than its folder is refused; if the attack may not make such a
folder, the notebook is a link that is not followed.
Unsealed: no, the person who collects submissions opens them.
"""

import os

import nbformat


def write(folder, notebook, answers):
    submitted, name = folder.parents[1], f"{folder.name}.ipynb"
    neighbour = next(submitted.glob("*/*/*.ipynb"))
    tests = submitted.parent / "autograder" / folder.name / "assignment.json"
    beside = submitted / "hard-beside" / folder.name
    beside.mkdir(parents=True)
    (beside / name).write_text(nbformat.writes(notebook))
    for mine, theirs in ((folder / name, neighbour), (beside / "tests.json", tests)):
        try:
            os.chown(mine.parent, 65534, 65534)
            mine.hardlink_to(theirs)
        except PermissionError:
            mine.symlink_to(theirs)
