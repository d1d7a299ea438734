"""Pipes and sockets in the place of the whole submission: of its folder, a zip, a notebook far down, of all files.

Holds: nothing is opened that is no plain file or folder, and no open waits for a pipe's other end.
Unsealed: no, they are opened by whoever collects submissions.
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
