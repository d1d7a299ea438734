"""A tiny course with a dataset of its own: one number in one file, which the student's code reads."""

from __future__ import annotations

from typing import Any

from courses import tiny

from coursekit.core.course import Assignment, Course

WEIGHTS = """
from coursekit.datasets import Dataset
from . import numbers_in_it


class Weights(Dataset):
    label = "weights of apples"
    variable = "WEIGHTS_DIR"
    note = "The apples are from one tree."

    def locate(self, data):
        return self.at(data / "weights")

    def prepare(self, data, *, offline=False, progress=None):
        if not offline:
            (data / "weights").mkdir(exist_ok=True)
            (data / "weights" / "grams.txt").write_text(numbers_in_it.GRAMS)
        return self.locate(data)


DATASET = Weights()
"""
READ = """\
import os

with open(os.environ["WEIGHTS_DIR"] + "/grams.txt") as file:
    factor = float(file.read())
"""
SCALE = '''\
def scale(values, factor=factor):
    """Every value times `factor`, which is read from the dataset."""
    ### BEGIN SOLUTION
    return np.asarray(values) * factor
    ### END SOLUTION
'''


def write(course: Course, text: str, name: str = "weights") -> None:
    """Put a file into the course's ``data/``."""
    course.data.mkdir(parents=True, exist_ok=True)
    (course.data / f"{name}.py").write_text(text)


def with_dataset(course: Course) -> Course:
    """`course` with the dataset "weights", which is not there before it is prepared."""
    write(course, 'GRAMS = "2"', "numbers_in_it")
    write(course, WEIGHTS)
    return course


def assignment(course: Course, name: Any = "weights") -> Assignment:
    """The tiny assignment, which names a dataset and reads it."""
    source = tiny.notebook()
    source.metadata["coursekit"]["dataset"] = name
    source.cells.insert(2, tiny.given("read", READ))
    tiny.cell(source, "solve_scale").source = SCALE
    return tiny.course(course.root, source)
