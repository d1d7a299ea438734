"""Links at every depth of a folder: to a neighbour's folder, its notebook, the course, themselves, and to nothing.

Holds: each name is opened relative to the open folder, never through a link, and the link is reported.
Unsealed: no, the person who collects submissions opens them.
"""

import nbformat


def write(folder, notebook, answers):
    submitted = folder.parents[1]
    neighbour = next(submitted.glob("*/*/*.ipynb"))
    for student, name, target in (
        ("folder", folder.name, neighbour.parent),
        ("deep", f"a/b/c/{folder.name}", neighbour.parent),
        ("notebook", f"a/{folder.name}.ipynb", neighbour),
        ("relative", f"{folder.name}.ipynb", f"../../{neighbour.relative_to(submitted)}"),
        ("course", "data", submitted.parent / "autograder"),
        ("itself", "again", "again"),
        ("dangling", "gone", "nowhere"),
    ):
        other = submitted / f"below-{student}" / folder.name
        (other / name).parent.mkdir(parents=True)
        (other / name).symlink_to(target)
        if student in ("course", "itself", "dangling"):
            (other / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook))
