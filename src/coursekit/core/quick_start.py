"""Import this before nbformat and otter, to save some seconds of every start.

- An optional check of jsonschema's compiles 38 grammars when it is imported. Nothing here checks such formats, and
  without its library jsonschema leaves the check out.
- The package `otter` imports its whole command line, with nbconvert and pandas. Grading uses its test files alone: the
  rest is imported when something asks for it.

Packages whose modules need these import this in their __init__.
"""

import importlib.util
import sys
from typing import Any

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _import_late(name: str) -> None:
    """Make a package's modules importable without its own __init__.py, which is run as soon as a name of it is used."""
    spec = importlib.util.find_spec(name) if name not in sys.modules else None
    if spec is None or spec.loader is None:
        return
    package, run = importlib.util.module_from_spec(spec), spec.loader.exec_module

    def find(attribute: str) -> Any:
        if "__getattr__" in vars(package):
            del package.__getattr__
            run(package)
        return getattr(package, attribute)

    package.__getattr__ = find  # type: ignore[method-assign]
    sys.modules[name] = package


_import_late("otter")
