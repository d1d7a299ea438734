"""Find a package's plugins: a new output, layout or executor is one new file in its folder, and no other change."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

Base = TypeVar("Base")


def find(package: ModuleType, base: type[Base]) -> dict[str, Base]:
    """An instance of each subclass of `base` that the package's modules define, by `name`, in alphabetical order.

    base: its subclasses have a `name`, and their constructors need no arguments.
    """
    found: dict[str, Base] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for one in list(vars(module).values()):
            if isinstance(one, type) and issubclass(one, base) and one.__module__ == module.__name__:
                name = getattr(one, "name", "")
                if name:
                    found[name] = one()
    return dict(sorted(found.items()))
