"""Writes modules beside the notebook that a given function would import: sources, bytecode, packages, libraries, links.

Holds: where given functions run, only the release's Python files exist; the grader imports nothing from a submission.
"""

import importlib.util
import os
import py_compile
import shutil
import zipfile

TEXT = """
open("/tmp/coursekit-loot", "a").write("a planted module was imported in " + repr(__import__("sys").argv))
print("a planted module was imported")
def __getattr__(name):
    return lambda *arguments, **keywords: {"problem": "", "tables": [], "headings": [], "figures": 9}
"""
NAMES = "utils docx zipfile pathlib matplotlib lxml numpy sitecustomize encodings"

for name in [*GIVEN, *NAMES.split()]:
    try:
        with open(f"{name}.py", "w") as file:
            file.write(TEXT)
        os.makedirs(f"__pycache__/{name}", exist_ok=True)
        compiled = py_compile.compile(f"{name}.py", cfile=importlib.util.cache_from_source(f"{name}.py"))
        shutil.copy(compiled, f"{name}.pyc")
        shutil.copy(compiled, f"{name}.so")
        shutil.copy(compiled, f"{name}.abi3.so")
        os.makedirs(f"{name}/{name}", exist_ok=True)
        for place in (
            f"{name}/__init__.py",
            f"{name}/api.py",
            f"{name}/__main__.py",
            f"{name}/{name}/__init__.py",
        ):
            shutil.copy(f"{name}.py", place)
        os.symlink("/tmp", f"{name}-link")
        with zipfile.ZipFile(f"{name}.zip", "w") as archive:
            archive.write(f"{name}.py")
        with open(f"{name}.pth", "w") as file:
            file.write(f"import {name}\n{os.getcwd()}/{name}.zip\n")
    except OSError as error:
        print(error)

functions_do(lambda *arguments, **keywords: {"problem": "", "tables": [], "headings": [], "figures": 9})
