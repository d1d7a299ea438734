"""A tiny course, written by code: two questions in pure numpy, so that a build takes seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.core.course import Assignment, Course
from coursekit.grade_class import grade_one
from coursekit.outputs.json_list import entry

SCALE = '''\
def scale(values, factor=2):
    """Every value times `factor`."""
    ### BEGIN SOLUTION
    scaled_values = np.asarray(values) * factor
    return scaled_values
    ### END SOLUTION
'''
SCALE_TEST = '''\
# Try it on one row.
assert list(scale([1, 2])) == [2, 4], "scale([1, 2]) should double every value"
### BEGIN HIDDEN TESTS
from coursekit import snapshot

text = """a
  b"""
assert len(text.splitlines()[1]) == 3, "the test itself lost its indentation"
np.testing.assert_allclose(scale([1.5], 3), [4.5], err_msg="scale ignores its factor")
snapshot.assert_allclose(scale(np.arange(6) / 7, 3), "scale_thirds", err_msg="scale is off for fractions")
### END HIDDEN TESTS
'''
TOTAL = """\
def total(values):
    ### BEGIN SOLUTION
    return sum(scale(values, 1))
    ### END SOLUTION
"""
TOTAL_TEST = """\
assert total([1, 2]) == 3, "total([1, 2]) should be 3"
### BEGIN HIDDEN TESTS
rows = [[1, 2, 3], [4]]
assert [total(row) for row in rows] == [6, 4], "total is wrong for longer lists"
### END HIDDEN TESTS
"""
SHAPES = '''\
# %%
"""Shapes, to be finished."""

import numpy as np


class square:
    """A square. params["side"]: its side, (1, 1)."""

    # %% Task 3: square.__init__
    def __init__(self, side):
        ### BEGIN SOLUTION
        self.params = {"side": np.array([[float(side)]])}
        ### END SOLUTION

    # %% Task 4: square.area
    def area(self, scale=1):
        """The area after every length has grown by `scale`."""
        ### BEGIN SOLUTION
        grown_side = self.params["side"] * scale
        return float(grown_side[0, 0] ** 2)
        ### END SOLUTION
'''
SHAPES_TEST = """\
one_square = square(3)
assert one_square.params["side"][0, 0] == 3, "the side is kept in params"
assert one_square.area() == 9, "the area of a square with side 3"
### BEGIN HIDDEN TESTS
other = square(2)
assert other.area(3) == 36, "area ignores the scale"
other.params["side"] = np.array([[5.0]])
assert other.area() == 25, "area is of the side that is there now"
### END HIDDEN TESTS
"""
EXPLORE = """\
import time

print(f"{time.perf_counter():.3f} s", object())
plt.plot(scale([one, 2, 3]));
"""


def solution(name: str, source: str, task: str | None = None) -> Any:
    cell = _cell(name, source, solution=True)
    if task:
        cell.metadata["coursekit"] = {"task": task}
    return cell


def test(name: str, source: str, points: float = 5) -> Any:
    return _cell(name, source, grade=True, locked=True, points=points)


def given(name: str, source: str) -> Any:
    return _cell(name, source, locked=True)


def manual(name: str, text: str, points: float = 3) -> Any:
    """An answer in words that a person grades."""
    cell = new_markdown_cell(text, id=_cell_id(name, text))
    cell.metadata["nbgrader"] = _meta(name, grade=True, solution=True, points=points)
    return cell


def with_discussion() -> Any:
    """The tiny notebook with a manual answer between its two questions."""
    source = notebook()
    source.cells.insert(5, manual("discussion", "A larger factor makes larger values."))
    return source


def exploring(source: str) -> Any:
    cell = new_code_cell(source, id=_cell_id("explore", source))
    cell.metadata["tags"] = ["skip-execution", "otter_ignore"]
    return cell


def notebook() -> Any:
    """The tiny assignment's source notebook: change its cells to break it."""
    title = new_markdown_cell("# Scaling", id="title")
    return new_notebook(
        cells=[
            title,
            given("imports", "import numpy as np\nimport matplotlib.pyplot as plt\nfrom helper import one"),
            solution("solve_scale", SCALE, task='Task 1: write "scale"'),
            test("scale", SCALE_TEST),
            exploring(EXPLORE),
            solution("solve_total", TOTAL),
            test("total", TOTAL_TEST),
        ],
        metadata={
            "coursekit": {"title": "Tiny", "limits": {"case_seconds": 20}},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        },
    )


def course(root: Path, source: Any = None) -> Assignment:
    """The tiny course below `root`, with `source` or the plain notebook as its assignment ``tiny``."""
    folder = root / "source" / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(source or notebook(), folder / "tiny.ipynb")
    (folder / "helper.py").write_text("one = 1\n")
    (folder / "mistakes.py").write_text("MISTAKES = []\n")
    return Assignment(Course(root), "tiny")


def course_with_answer_file(root: Path, text: str = SHAPES) -> Assignment:
    """The tiny course with a third question, which is answered in ``shapes.py``."""
    source = notebook()
    source.cells += [given("shapes", "from shapes import square"), test("area", SHAPES_TEST)]
    assignment = course(root, source)
    (assignment.source / "shapes.py").write_text(text)
    return assignment


def graded(
    assignment: Assignment, folder: Path, student: str = "someone", built: tuple[Path, Path] | None = None
) -> dict[str, Any]:
    """The result of one submission, as `coursekit grade --json` would write it."""
    return entry(grade_one(assignment, folder, student, built=built))


def cell(source: Any, name: str) -> Any:
    """The cell of `source` with this grade_id."""
    return next(c for c in source.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def _cell(name: str, source: str, **roles: Any) -> Any:
    meta = _meta(name, **roles)
    return new_code_cell(source.rstrip("\n"), id=_cell_id(name, source), metadata={"nbgrader": meta})


def _meta(name: str, **roles: Any) -> dict[str, Any]:
    unset = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"schema_version": 3, "grade_id": name, **unset, **roles}


def _cell_id(name: str, source: str) -> str:
    return f"{name}-{len(source)}"
