"""Patches every module that a given function may call: those beside the notebook, docx, zipfile, pathlib.

Holds: a given function that needs nothing from the student runs where none of their code has run.
"""

import glob
import sys
import types


def lie(*arguments, **keywords):
    return [0.0]


NAMES = "docx docx.api zipfile pathlib json io math random copy operator"
for name in [*(path[:-3] for path in glob.glob("*.py")), *NAMES.split()]:
    try:
        module = __import__(name, fromlist=["x"])
    except Exception:  # a module that this assignment does not have
        module = sys.modules[name] = types.ModuleType(name)
    for key, value in list(vars(module).items()):
        if isinstance(value, types.FunctionType | types.BuiltinFunctionType) and not key.startswith("__"):
            try:
                setattr(module, key, lie)
            except (AttributeError, TypeError):
                continue
    module.__getattr__ = lambda name: lie
    module.Document = lie

functions_do(lie)
