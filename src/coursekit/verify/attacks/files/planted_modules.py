"""A numpy.py beside the notebook that replaces numpy and finds everything equal, and modules that the grader uses.

Holds: the grader never imports from the student's folder, and the student's own imports change no test.
"""

import re

import nbformat

NUMPY = """
import sys

here = __file__.rpartition("/")[0]
path, sys.path[:] = sys.path[:], [place for place in sys.path if place not in ("", ".", here)]
del sys.modules["numpy"]
import numpy
import numpy.testing

sys.path[:] = path
for name in dir(numpy.testing):
    if name.startswith("assert_"):
        setattr(numpy.testing, name, lambda *arguments, **keywords: None)
numpy.allclose = numpy.array_equal = lambda *arguments, **keywords: True
"""
REPORTS = 'open("/tmp/coursekit-loot", "a").write("a planted module was imported")\n'
ANSWER = """
class Same:
    def __eq__(self, other):
        return True

    __ge__ = __gt__ = __le__ = __lt__ = __contains__ = __bool__ = __eq__

    def __call__(self, *arguments, **keywords):
        return self

    def __iter__(self):
        return iter((self, self))

    __getitem__ = __getattr__ = __add__ = __sub__ = __mul__ = __radd__ = __rsub__ = __rmul__ = __call__
    __hash__ = None


globals().update(dict.fromkeys({names!r}, Same()))
"""
MODULES = "sitecustomize usercustomize conftest otter coursekit wire inside msgpack psutil IPython nbgrader"


def write(folder, notebook, answers):
    names = [name for answer in answers.values() for name in re.findall(r"^def (\w+)", answer, re.M)]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in answers:
            cell.source = ANSWER.format(names=names)
    (folder / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook))
    (folder / "numpy.py").write_text(NUMPY)
    for name in [*GIVEN, *MODULES.split()]:
        (folder / f"{name}.py").write_text(REPORTS)
