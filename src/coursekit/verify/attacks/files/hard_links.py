"""A neighbour's notebook and the built tests under names of one's own, as hard links, which no open can tell apart.

Holds: a file with more than one name, of another owner than its folder, is refused; where one may not make such a
folder, the notebook is a link that is not followed.
Unsealed: no, they are opened by whoever collects submissions.
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
