"""A zip whose notebook is a pipe that nobody writes to, beside devices: reading them never ends.

Holds: a zip entry that is neither a file nor a folder is refused before anything is unpacked.
Unsealed: no, otter and nbgrader take a notebook.
"""

import stat
import zipfile


def write(folder, notebook, answers):
    kinds = {
        f"{folder.name}.ipynb": stat.S_IFIFO,
        "zero.py": stat.S_IFCHR,
        "disk": stat.S_IFBLK,
        "s": stat.S_IFSOCK,
    }
    with zipfile.ZipFile(folder / "devices.zip", "w") as archive:
        for name, kind in kinds.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, (kind | 0o666) << 16
            archive.writestr(entry, "")
