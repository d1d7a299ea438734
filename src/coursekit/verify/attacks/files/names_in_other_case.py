"""Students with the neighbour's name in another case, and with the names of files that grading writes.

Holds: case distinguishes students, and files named after a student have an ending that no other file there has.
Unsealed: no, otter names nobody, and nbgrader takes all folders.
"""

OURS = (
    "log", "log.txt", "by_hand", "by_hand.csv", "gradebook", "gradebook.csv", "index", "index.html", "history", "...",
    ".json", ".hidden", ".part", ".names-", "-", "--regrade", "~", "CON", "NUL.json", "submitted", "\u017fubmitted",
)  # fmt: skip


def write(folder, notebook, answers):
    """They hand in nothing, so that whatever they earn is the neighbour's."""
    name = next(folder.parents[1].glob("*/*/*.ipynb")).parents[1].name
    for twin in (name.upper(), name.title(), name.swapcase().replace("N", "n"), *OURS):
        (folder.parents[1] / twin / folder.name).mkdir(parents=True, exist_ok=True)
