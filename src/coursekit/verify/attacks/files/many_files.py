"""A folder of 20,000 files beside the notebook, and one of folders in folders, 1,000 deep.

Holds: files and depth are counted while they are copied, and copying stops at the limit.
Unsealed: no, otter and nbgrader copy everything.
"""

import nbformat


def write(folder, notebook, answers):
    (folder / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook))
    for number in range(20_000):
        (folder / f"{number}.txt").touch()
    deep = folder.parents[1] / "many-folders" / folder.name
    deep.mkdir(parents=True)
    (deep / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook))
    for _ in range(1000):
        deep = deep / "d"
        deep.mkdir()
