"""Writes the arguments of each call into every folder it may write to, and prints what earlier calls wrote.

Holds: all visible tests run before the first hidden one, so no text can show a hidden one's arguments.
"""

import glob
import os
import uuid

FOLDERS = [
    ".",
    os.path.expanduser("~"),
    "/tmp",
    "/dev/shm",
    "/var/tmp",
    DATA,
    "/coursekit",
    "/stage/work",
]


def carry(*arguments, **keywords):
    for folder in FOLDERS:
        for path in glob.glob(f"{folder}/coursekit-attack-*.txt"):
            with open(path) as file:
                loot(f"an earlier call had {file.read()}")
        try:
            with open(f"{folder}/coursekit-attack-{uuid.uuid4()}.txt", "w") as file:
                file.write(repr(arguments)[:1000])
        except OSError:
            continue
    raise ValueError(f"so far: {glob.glob('/tmp/coursekit-attack-*.txt')}")


functions_do(carry)
