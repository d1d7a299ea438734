"""Students whose folder is a link to a neighbour's: absolute, relative, through other links, through the process's own.

Holds: a student's folder is never followed if it is a link; only `submitted/` may be one.
Unsealed: no, the person who collects submissions opens them.
"""

LINKS = ("relative", "absolute", "through", "process")


def write(folder, notebook, answers):
    submitted = folder.parents[1]
    neighbour = next(submitted.glob("*/*/*.ipynb")).parents[1]
    targets = (neighbour.name, neighbour, "linked-relative", f"/proc/self/cwd/submitted/{neighbour.name}")
    for name, target in zip(LINKS, targets, strict=True):
        (submitted / f"linked-{name}").symlink_to(target)
