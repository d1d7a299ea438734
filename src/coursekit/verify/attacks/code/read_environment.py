"""Prints the environment: its own, and that of every process it can see.

Holds: the process starts with an environment made for it, and sees no process of the grader.
"""

import glob
import os


def look(*arguments, **keywords):
    for name, value in os.environ.items():
        loot(f"{name}={value}")
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                loot(f"{path}: {file.read()!r}")
        except PermissionError as error:
            print(error)
    for name in ("OTTER_LOG", "NBGRADER_COURSE", "GRADESCOPE_TOKEN", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY"):
        if name in os.environ:
            loot(f"a secret: {name}={os.environ[name]}")


functions_do(look)
