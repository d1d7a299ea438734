"""Writes numpy.py, coursekit.py, otter.py, wire.py, the given modules and others beside the notebook while it loads.

Holds: the grader's import path has no student folder, and its process starts outside of them.
"""

import os
import sys

CODE = """
open("/tmp/coursekit-loot", "a").write("a shadowing module was imported by " + str(__import__("sys").argv))
def __getattr__(name):
    return lambda *arguments, **keywords: [0]
"""
NAMES = "numpy coursekit otter wire server jail msgpack psutil random traceback json dill nbformat".split()
NAMES += GIVEN

for name in NAMES:
    for folder in (".", "tests", sys.path[0]):
        if folder not in (".", "tests") and not os.path.isdir(folder):
            continue
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, f"{name}.py"), "w") as file:
                file.write(CODE)
            os.makedirs(os.path.join(folder, name), exist_ok=True)
            with open(os.path.join(folder, name, "__init__.py"), "w") as file:
                file.write(CODE)
        except OSError as error:
            print(error)
sys.path.insert(0, os.getcwd())
for name in NAMES:
    sys.modules.pop(name, None)
functions_do(lambda *arguments, **keywords: __import__("numpy").zeros(1))
