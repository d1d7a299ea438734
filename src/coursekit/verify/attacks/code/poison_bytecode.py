"""Looks for a way to put bytecode of its own beside the cached modules of numpy.testing, otter and coursekit.

Holds: Python and the packages are mounted read-only, and belong to another user.
"""

import importlib.util
import marshal
import os
import sys
from pathlib import Path

import numpy.testing

CODE = compile("open('/tmp/coursekit-loot', 'a').write('bytecode ran')", "quiet", "exec")
open_to_all = set()
for module in [numpy.testing, *list(sys.modules.values())]:
    origin = getattr(module, "__file__", None) or ""
    if origin.endswith(".py"):
        cached = Path(importlib.util.cache_from_source(origin))
        mine = cached.with_name(f"coursekit-attack-{cached.name}")
        try:
            # Whoever may write a file beside it may put it in the module's place. Here that is enough to know.
            mine.write_bytes(cached.read_bytes()[:16] + marshal.dumps(CODE))
            mine.unlink()
            open_to_all.add(str(cached.parent))
        except OSError:
            pass
        open_to_all |= {path for path in (origin, str(cached)) if os.access(path, os.W_OK)}


def tell(*arguments, **keywords):
    outside = [name for name in open_to_all if not name.startswith(str(Path.home()))]
    if outside:
        loot(f"could write {outside}")


functions_do(tell)
