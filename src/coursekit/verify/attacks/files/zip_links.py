"""A zip of links: the notebook is a neighbour's, the files beside it are /etc/passwd and the course's own.

Holds: a zip entry that is neither a file nor a folder is refused before anything is unpacked.
Unsealed: no, otter and nbgrader take a notebook.
"""

import stat
import zipfile


def write(folder, notebook, answers):
    neighbour = next(folder.parents[1].glob("*/*/*.ipynb"))
    links = {
        f"{folder.name}.ipynb": str(neighbour),
        "passwd": "/etc/passwd",
        "course": str(folder.parents[2]),
        "above": "../../..",
    }
    with zipfile.ZipFile(folder / "links.zip", "w") as archive:
        for name, target in links.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
