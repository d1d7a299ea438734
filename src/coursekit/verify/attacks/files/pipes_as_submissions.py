"""Pipes and sockets in place of the whole submission: of its folder, a zip, a deeply nested notebook, all files.

Holds: only plain files and folders are opened, and no open waits for a pipe's other end.
Unsealed: no, the person who collects submissions opens them.
"""

import os
import stat


def write(folder, notebook, answers):
    submitted, name = folder.parents[1], f"{folder.name}.ipynb"
    for student, place in {
        "folder": folder.name,
        "zip": f"{folder.name}/all.zip",
        "deep": f"{folder.name}/a/b/c/{name}",
        "ignored": f"{folder.name}/.git",
    }.items():
        path = submitted / f"piped-{student}" / place
        path.parent.mkdir(parents=True)
        os.mkfifo(path)
    (submitted / "socket-folder").mkdir()
    os.mknod(submitted / "socket-folder" / folder.name, stat.S_IFSOCK | 0o666)
    for number in range(900):
        os.mkfifo(folder / f"{number}.py")
