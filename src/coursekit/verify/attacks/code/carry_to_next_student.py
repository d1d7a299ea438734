"""Leaves arguments, and code to run, where the sandbox of the next student might find them.

Holds: each sandbox begins with its own folders; shared ones cannot be written.
"""

import glob
import os
import socket
from pathlib import Path

CODE = "print('coursekit-attack: planted by the student before')"
PLACES = [
    "~/.ipython/profile_default/startup/00-coursekit-attack.py",
    "~/.matplotlib/coursekit-attack.json",
    "~/.config/coursekit-attack.py",
]
SHARED = [
    "/dev/mqueue/coursekit-attack",
    "/run/lock/coursekit-attack",
    "/var/tmp/coursekit-attack",
    "/tmp/coursekit-attack",
]


def leave(*arguments, **keywords):
    for place in [
        *PLACES,
        *SHARED,
        f"{DATA}/coursekit-attack",
        "/coursekit/coursekit-attack.py",
        "/stage/coursekit-attack",
    ]:
        path = Path(os.path.expanduser(place))
        try:
            if path.exists() and "planted" in path.read_text(errors="replace"):
                print("somebody was here:", path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{CODE}\n# {arguments!r}"[:1000])
        except OSError as error:
            print(error)
    try:
        made, _ = socket.socketpair()
        made.bind("\0coursekit-attack")
        print("has a name in the abstract, that a sandbox beside may see")
    except OSError as error:
        print(error)
    for path in glob.glob("/proc/[0-9]*/comm"):
        print(path, Path(path).read_text().strip())
    return 0


functions_do(leave)
