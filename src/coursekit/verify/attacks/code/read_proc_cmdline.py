"""Reads the command lines of all processes, and opens every path that they name.

Holds: its own process namespace (or Landlock); the paths that bwrap's command line names are not mounted there.
"""

import glob
import itertools
import os
import re
import sys
from pathlib import Path


def readable(path):
    if os.path.isdir(path):
        for folder, _, files in itertools.islice(os.walk(path), 50):
            yield from (os.path.join(folder, name) for name in files)
    elif os.path.isfile(path):
        yield path


def look(*arguments, **keywords):
    system = ("/usr", "/lib", "/bin", "/proc", "/dev", "/sys", "/coursekit", "/data")
    own = (os.getcwd(), sys.prefix, sys.base_prefix)
    for process in glob.glob("/proc/[0-9]*/cmdline"):
        with open(process, "rb") as file:
            line = file.read().replace(b"\0", b" ").decode(errors="replace")
        loot(f"{process}: {line}")
        for path in re.findall(r"/[\w./+-]+", line):
            for name in [path, os.path.dirname(path), f"/proc/1/root{path}"]:
                if name == "/" or name.removeprefix("/proc/1/root").startswith((*system, *own)):
                    continue
                for file in readable(name):
                    if file.endswith((".py", ".json", ".ipynb")) and "site-packages" not in file:
                        loot(f"{file}: {Path(file).read_text(errors='replace')[:3000]}")


functions_do(look)
