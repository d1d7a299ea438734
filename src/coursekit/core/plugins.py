"""Find what a package offers: a new output, layout or executor is one new file in its folder, and no other change."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

Base = TypeVar("Base")


def find(package: ModuleType, base: type[Base]) -> dict[str, Base]:
    """An instance of each subclass of `base` that the package's modules define, by its `name`, in that order.

    base: its subclasses are made without arguments, and have a `name`.
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
