"""Pipes, sockets, devices and links where a notebook or a folder is expected: reading them never ends, or leaks.

Holds: only plain files are opened, without following links and without waiting; everything else is refused.
Unsealed: no, the person who collects submissions opens them.
"""

import os
import stat

import nbformat


def write(folder, notebook, answers):
    name, submitted = f"{folder.name}.ipynb", folder.parents[1]
    neighbour = next(submitted.glob("*/*/*.ipynb"))
    (folder / name).symlink_to(neighbour)
    for student, make in {
        "pipe": lambda path: os.mkfifo(path / name),
        "socket": lambda path: os.mknod(path / name, stat.S_IFSOCK | 0o666),
        "device": lambda path: device(path / name),
        "pipe-beside": lambda path: os.mkfifo(path / f"{[*GIVEN, 'helper'][0]}.py"),
        "link-beside": lambda path: (path / "passwd").symlink_to("/etc/passwd"),
        "folder-beside": lambda path: (path / "course").symlink_to(submitted.parent),
        "circle": lambda path: (path / "circle").symlink_to(path),
    }.items():
        other = submitted / f"special-{student}" / folder.name
        other.mkdir(parents=True)
        make(other)
        if "beside" in student or student == "circle":
            (other / name).write_text(nbformat.writes(notebook))
    (submitted / "special-link").mkdir()
    (submitted / "special-link" / folder.name).symlink_to(neighbour.parent)


def device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        os.mkfifo(path)
