"""Compare with the array that the instructor's solution returned, instead of writing it into the test.

In a hidden region: ``from coursekit import snapshot``, then
``snapshot.assert_allclose(out, "name", err_msg="…")``.
The build records the arrays and writes them into the otter test files, which therefore do not need coursekit; under
``nbgrader autograde`` this module finds them in the course's ``autograder`` folder.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.core.errors import CourseError

FILE_NAME = "snapshots.json"

_recording: dict[str, dict[str, Any]] | None = None


def assert_allclose(actual: Any, name: str, rtol: float = 1e-7, atol: float = 0, err_msg: str = "") -> None:
    """Assert that `actual` has the shape and the values of snapshot `name`, to ``atol + rtol * |recorded|``.

    Raises AssertionError with `err_msg` and nothing else: a student may read it.
    """
    if _recording is not None:
        _record(_recording, name, actual)
        return
    compare(_find(name), actual, rtol, atol, err_msg)


def assert_equal(actual: Any, name: str, err_msg: str = "") -> None:
    """Assert that `actual` has exactly the shape and values of snapshot `name`."""
    assert_allclose(actual, name, rtol=0, atol=0, err_msg=err_msg)


def compare(recorded: dict, actual: object, rtol: float, atol: float, err_msg: str) -> None:
    """Raise AssertionError(err_msg) unless `actual` equals the recorded array within the tolerances.

    Self-contained, since its text is written into the otter test files too.
    """
    import numpy

    expected = numpy.array(recorded["values"], recorded["dtype"]).reshape(recorded["shape"])
    try:
        given = numpy.asarray(actual)
        same = given.shape == expected.shape and numpy.allclose(given, expected, rtol, atol, equal_nan=True)
    except (TypeError, ValueError):
        same = False
    if not same:
        raise AssertionError(err_msg)


def start_recording() -> None:
    """From now on, the assertions record the arrays that they get."""
    global _recording
    _recording = {}


def finish_recording(path: str) -> None:
    """Write the recorded arrays to `path`, and compare again from now on."""
    global _recording
    Path(path).write_text(dumps(_recording or {}), encoding="utf-8")
    _recording = None


def dumps(snapshots: dict[str, dict[str, Any]]) -> str:
    """Snapshots as JSON, one array a line, sorted by name. Floats read back exactly."""
    lines = [f"{json.dumps(name)}: {json.dumps(snapshots[name])}" for name in sorted(snapshots)]
    return "{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n"


def keep_close(recorded: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """`recorded`, with each array taken from `stored` if the two differ by rounding only.

    Another machine's linear algebra rounds differently; that alone is not a reason for new files.
    """
    return {
        name: stored[name] if name in stored and _is_close(array, stored[name]) else array
        for name, array in recorded.items()
    }


def _is_close(array: dict[str, Any], stored: dict[str, Any]) -> bool:
    if (array["dtype"], array["shape"]) != (stored["dtype"], stored["shape"]):
        return False
    values = np.asarray(stored["values"], stored["dtype"])
    tolerance = 1e-5 if values.dtype.kind == "f" and values.dtype.itemsize < 8 else 1e-9
    scale = float(np.max(np.abs(values[np.isfinite(values)]), initial=0)) if values.dtype.kind == "f" else 0
    return np.allclose(array["values"], values, rtol=tolerance, atol=tolerance * scale, equal_nan=True)


def _record(recording: dict[str, dict[str, Any]], name: str, actual: Any) -> None:
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
        raise CourseError(
            f"A snapshot's name may contain letters, digits, '_', '.' and '-': {name!r} does not fit."
        )
    array = np.asarray(actual)
    if array.dtype.kind not in "biuf":
        raise CourseError(
            f"The snapshot {name!r} would hold {array.dtype} values: only numbers are recorded."
        )
    new = {"dtype": array.dtype.name, "shape": list(array.shape), "values": array.ravel().tolist()}
    if name in recording and json.dumps(recording[name]) != json.dumps(new):
        raise CourseError(
            f"The snapshot {name!r} was different the second time: set the seed in the test, before the "
            "call, and give every snapshot its own name."
        )
    recording[name] = new


def _find(name: str) -> dict[str, Any]:
    """The stored snapshot `name` of the assignment that the current folder belongs to."""
    here = Path.cwd()
    for folder in [here, *here.parents]:
        built = folder / "autograder"
        own = built / here.name / FILE_NAME
        paths = [own] if own.is_file() else sorted(built.glob(f"*/{FILE_NAME}"))
        for path in paths:
            stored: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            if name in stored:
                return stored[name]
    raise CourseError(f"No snapshot {name!r} in the course's autograder folder: run 'coursekit build' first.")
