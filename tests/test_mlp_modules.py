"""The assignment itself: the reference against an independent network, how it is handed in, the sample class."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest

from coursekit.core import cells
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference
from coursekit.datasets import loading
from coursekit.executors import executor
from coursekit.grade_class import jobs_of
from coursekit.grading.autograder import Selection, read_autograder, without_slow_questions
from coursekit.layouts.base import Collected
from coursekit.outputs.json_list import entry
from coursekit.samples.students import read_class
from coursekit.sandbox import choose as sandbox
from coursekit.verify.grading import grade_students

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("mlp_modules")
FILE = "neural_networks.py"
POINTS = {
    "update": 10, "update_momentum": 10, "linear_init": 5, "linear_forward": 5, "linear_backward": 15,
    "tanh_forward": 5, "tanh_backward": 5, "relu_forward": 5, "relu_backward": 5, "dropout_backward": 15,
    "main": 10, "training": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def digits():
    try:
        return loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def solved():
    """The worked file's names."""
    sys.path.insert(0, str(ASSIGNMENT.solution))
    try:
        yield runpy.run_path(str(ASSIGNMENT.solution / FILE))
    finally:
        sys.path.pop(0)
        sys.modules.pop("utils", None)
        sys.modules.pop("digits", None)


def code(folder):
    """The code cells of the notebook in `folder`."""
    return [c for c in nbformat.read(folder / ASSIGNMENT.notebook_name, 4).cells if cells.is_code(c)]


def test_the_questions_are_the_specifications():
    manifest = json.loads((ASSIGNMENT.autograder / "assignment.json").read_text())
    assert {question["name"]: question["points"] for question in manifest["questions"]} == POINTS
    assert sum(POINTS.values()) == 100
    assert manifest["answer_files"] == [FILE]
    assert manifest["files"] == ["digits.py", "hand_in.py", "utils.py"]


def test_the_release_asks_for_every_task_and_can_be_read_by_python_3_8():
    text = (ASSIGNMENT.release / FILE).read_text()
    stubs = re.findall(r'NotImplementedError\("Task (\d+): ([^"]+)"\)', text)
    assert [int(number) for number, _ in stubs] == [*range(1, 11), 10]
    assert "SOLUTION" not in text
    assert "HIDDEN" not in (ASSIGNMENT.release / ASSIGNMENT.notebook_name).read_text()
    plain = [c.source for c in code(ASSIGNMENT.release) if "%load_ext" not in c.source]
    for source in [*plain, *(path.read_text() for path in ASSIGNMENT.release.glob("*.py"))]:
        ast.parse(source, feature_version=(3, 8))


def test_the_release_needs_numpy_and_matplotlib_alone():
    known = {"digits", "utils", "neural_networks", "numpy", "matplotlib", "torch", *sys.stdlib_module_names}
    known |= {"hand_in", "IPython", "google"}  # it asks Jupyter and Colab, where they are
    texts = [c.source for c in code(ASSIGNMENT.release) if "%load_ext" not in c.source]
    for text in [*texts, *(path.read_text() for path in ASSIGNMENT.release.glob("*.py"))]:
        for node in ast.walk(ast.parse(text)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= known


# The reference


def loss(theta, X, Y, mask=1.0):
    W1, b1, W2, b2 = theta
    scores = np.maximum(np.tanh(X @ W1 + b1), 0) * mask @ W2 + b2
    return np.mean([np.log(np.sum(np.exp(row))) - row[y] for row, y in zip(scores, Y[:, 0], strict=True)])


def slopes(theta, *samples):
    found = [np.zeros(array.shape) for array in theta]
    for array, slope in zip(theta, found, strict=True):
        for index in np.ndindex(*array.shape):
            kept = array[index]
            array[index] = kept + 1e-5
            above = loss(theta, *samples)
            array[index] = kept - 1e-5
            slope[index] = (above - loss(theta, *samples)) / 2e-5
            array[index] = kept
    return found


def parameters(model):
    return [model[name].params[key].copy() for name in ("L1", "L2") for key in ("W", "b")]


@pytest.mark.parametrize("_lambda", [0, 0.2])
@pytest.mark.parametrize("alpha", [0, 0.7])
def test_the_reference_descends_the_whole_networks_gradient(solved, alpha, _lambda):
    rng = np.random.RandomState(1)
    X, Y = rng.randn(6, 3), np.array([[0], [1], [2], [2], [1], [0]])
    settings = dict(
        solved["SETTINGS"], alpha=alpha, dropout_rate=0, num_epoch=0, num_L1=4, minibatch_size=2, log=False
    ) | {"lambda": _lambda, "check": (X, Y, X, Y)}
    theta = parameters(solved["main"](settings)[2])
    trained = parameters(solved["main"](settings | {"num_epoch": 1})[2])
    velocities = [np.zeros(array.shape) for array in theta]
    for part in np.random.RandomState(settings["random_seed"]).permutation(6).reshape(3, 2):
        for place, slope in enumerate(slopes(theta, X[part], Y[part])):
            step = -settings["learning_rate"] * (slope + _lambda * theta[place])
            velocities[place] = alpha * velocities[place] + step
            theta[place] = theta[place] + velocities[place]
    for actual, expected in zip(trained, theta, strict=True):
        np.testing.assert_allclose(actual, expected, atol=1e-8)


def test_the_best_validation_model_is_returned(solved):
    rng = np.random.RandomState(2)
    X, Y = rng.randn(40, 5), rng.randint(0, 3, (40, 1))
    settings = dict(solved["SETTINGS"], check=(X[:20], Y[:20], X[20:], Y[20:]), num_epoch=30, log=False)
    _, validation, model = solved["main"](settings)
    evaluate, split = solved["evaluate"], solved["DataSplit"]
    assert evaluate(model, split(X[20:], Y[20:]))[0] == max(validation["accuracy"])


def test_an_unknown_optimization_is_refused(solved):
    with pytest.raises(ValueError, match="newton"):
        solved["main"](solved["SETTINGS"], optimization_type="newton")


# The student's path


def test_a_saved_change_counts_without_a_restart(tmp_path):
    from jupyter_client.manager import start_new_kernel

    folder = shutil.copytree(ASSIGNMENT.release, tmp_path / "work")
    by_id = {c.id: c.source for c in code(folder)}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    said = []

    def run(source):
        def hook(message):
            content = message["content"]
            said.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

        said.clear()
        reply = client.execute_interactive(source, timeout=60, output_hook=hook)
        return reply["content"]["status"], "".join(said)

    try:
        for name in ("read-again", "setup"):
            assert run(by_id[name])[0] == "ok"
        status, text = run(by_id["try-relu"])
        assert status == "error" and "Task 7: relu.forward" in text
        (folder / FILE).write_text((ASSIGNMENT.solution / FILE).read_text())
        assert run(by_id["try-relu"]) == ("ok", "[[0.  0.  0.5 3. ]]\n[[0. 0. 7. 8.]]\n")
        (folder / FILE).write_text((folder / FILE).read_text().replace("class relu:", "class relu"))
        assert "SyntaxError" in run(by_id["try-relu"])[1]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_the_files_alone_with_the_notebook_and_in_a_zip_are_graded_the_same(digits, tmp_path):
    both = shutil.copytree(ASSIGNMENT.solution, tmp_path / "both")
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in (FILE, "utils.py"):
        shutil.copy(both / name, alone)
    with zipfile.ZipFile(tmp_path / "zipped.zip", "w") as archive:
        for name in (FILE, "utils.py", ASSIGNMENT.notebook_name):
            archive.write(both / name, f"hand in/{name}")
    autograder = read_autograder(ASSIGNMENT.autograder, ASSIGNMENT.release)
    selection = Selection.of(without_slow_questions(autograder))
    paths = [both, alone, tmp_path / "zipped.zip", alone / FILE]
    submissions = [Collected(Reference(f"{n}"), path) for n, path in enumerate(paths)]
    jobs = jobs_of(ASSIGNMENT, submissions, sandbox.strongest(), selection=selection)
    results = {result.student: result for result in executor(workers=2).run(jobs)}
    assert [results[f"{n}"].score for n in range(4)] == [90] * 4
    assert [results[f"{n}"].notes for n in range(4)] == [()] * 4


def test_changed_hyper_parameters_are_refused_with_a_sentence(digits):
    [student] = [one for one in read_class(ASSIGNMENT) if one.name == "more-epochs"]
    result = grade_students(ASSIGNMENT, [student])["more-epochs"]
    training = entry(result)["tests"][-1]
    assert "SETTINGS was changed: num_epoch. The hyper-parameters are fixed" in training["output"]
