"""The assignment itself: published values, the sample class, training."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from coursekit.core import cells
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("optimization_techniques")
POINTS = {
    "relu": 0, "relu_der": 0, "softmax_cross_entropy_loss": 0, "softmax_cross_entropy_loss_der": 0, "dropout": 10,
    "dropout_der": 10, "batchnorm": 15, "batchnorm_der": 15, "initialize_network": 5, "initialize_velocity": 5,
    "linear_forward": 0, "linear_backward": 0, "update_parameters_with_momentum": 10,
    "update_parameters_without_momentum": 5, "multi_layer_network": 10, "classify": 5, "training": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def digits():
    try:
        return loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def solved():
    """The solution's functions: its graded cells, run as plain Python."""
    notebook = nbformat.read(ASSIGNMENT.solution / ASSIGNMENT.notebook_name, 4)
    source = [
        c.source
        for c in notebook.cells
        if cells.is_code(c) and not cells.is_test(c) and not cells.is_skipped(c)
    ]
    namespace = {"__name__": "notebook"}
    import matplotlib

    matplotlib.use("agg")
    sys.path.insert(0, str(ASSIGNMENT.solution))
    try:
        for cell in source:
            exec(compile(cell, "notebook", "exec"), namespace)
    finally:
        sys.path.pop(0)
    return namespace


def close(actual, expected, decimals):
    np.testing.assert_allclose(np.asarray(actual, float), expected, rtol=0, atol=1.5 * 10.0**-decimals)


Y3 = np.array([[1, 0, 1, 2]])
SOFTMAX = [
    [0.57495949, 0.38148818, 0.05547572, 0.36516899],
    [0.26917503, 0.07040735, 0.53857622, 0.49875847],
    [0.15586548, 0.54810447, 0.40594805, 0.13607254],
]


def test_published_activations_and_loss(solved):
    A, cache = solved["relu"]([-2, -1, 0, 1, 2])
    np.testing.assert_array_equal(A, [0, 0, 0, 1, 2])
    np.testing.assert_array_equal(cache["Z"], [-2, -1, 0, 1, 2])
    dZ = solved["relu_der"](np.array([[0, 2], [1, 1]]), {"Z": np.array([[-1, 2], [1, -2]])})
    np.testing.assert_array_equal(dZ, [[0, 2], [1, 0]])
    np.random.seed(1)
    A, cache, loss = solved["softmax_cross_entropy_loss"](np.random.randn(3, 4), Y3)
    close(loss, 1.2223655548779273, 5)
    close(A, SOFTMAX, 5)
    expected = [
        [0.14373987, -0.15462795, 0.01386893, 0.09129225],
        [-0.18270624, 0.01760184, -0.11535594, 0.12468962],
        [0.03896637, 0.13702612, 0.10148701, -0.21598186],
    ]
    close(solved["softmax_cross_entropy_loss_der"](Y3, {"A": np.array(SOFTMAX)}), expected, 5)


def test_published_dropout(solved):
    np.random.seed(1)
    x = np.random.rand(3, 4)
    A, (drop_prob, mode, mask) = solved["dropout"](x, 0.3, "train")
    expected = [
        [0.595745721, 0.0, 0.000163392596, 0.431903675],
        [0.209651273, 0.131912278, 0.266086016, 0.493658181],
        [0.0, 0.0, 0.598849306, 0.978885001],
    ]
    close(A, expected, 5)
    close(mask, (np.array(expected) > 0) * 1.42857143, 5)
    assert (drop_prob, mode) == (0.3, "train")
    A, cache = solved["dropout"](x, 0.3, "test")
    np.testing.assert_array_equal(A, x)
    assert cache[1] == "test"
    A, cache = solved["dropout"](x, 0, "train")
    np.testing.assert_array_equal(A, x)
    assert cache == (0, "train", None)

    np.random.seed(1)
    dA = np.random.rand(4, 2)
    mask = np.full((4, 2), 1.42857143)
    mask[2, 1] = 0
    passed = [
        [0.417022005, 0.720324493],
        [0.000114374817, 0.302332573],
        [0.146755891, 0.0923385948],
        [0.186260211, 0.345560727],
    ]
    dropped = [
        [0.595745721, 1.02903499],
        [0.000163392596, 0.431903675],
        [0.209651273, 0.0],
        [0.266086016, 0.493658181],
    ]
    close(solved["dropout_der"](dA, (0.3, "test", None)), passed, 6)
    close(solved["dropout_der"](dA, (0.3, "train", mask)), dropped, 6)


def test_published_batchnorm(solved):
    A, beta, gamma = np.array([[1, 2], [3, 4], [5, 6]]), np.array([[1, 2, 3]]).T, np.array([[4, 5, 6]]).T
    Anorm, cache = solved["batchnorm"](A, beta, gamma)
    close(Anorm, [[-2.99992, 4.99992], [-2.9999, 6.9999], [-2.99988, 8.99988]], 5)
    dA_out, dbeta, dgamma = solved["batchnorm_der"](np.array([[4, 5], [8, 10], [12, 15]]), cache)
    close(dA_out, [[-0.00016, 0.00016], [-0.0004, 0.0004], [-0.00072, 0.00072]], 5)
    close(dbeta, [[9.0], [18.0], [27.0]], 5)
    close(dgamma, [[1.0], [2.0], [3.0]], 4)


def test_published_initialisation(solved):
    np.random.seed(1)
    parameters = solved["initialize_network"]([3, 4, 1], ["relu", "linear"], [0.3, 0.5])
    W1 = [
        [1.87563247, -0.70639546, -0.60988021],
        [-1.23895745, 0.99928666, -2.65758797],
        [2.01473508, -0.87896602, 0.36839462],
        [-0.28794811, 1.68829682, -2.37884559],
    ]
    close(parameters["W1"], W1, 6)
    for name, n in (("b1", 4), ("b2", 1)):
        np.testing.assert_array_equal(parameters[name], np.zeros((n, 1)))


def two_updates(solved, A0, Y, net_dims, momentum):
    parameters = solved["initialize_network"](net_dims, ["relu", "linear"], [0.3, 0])
    parameters = solved["initialize_velocity"](parameters, momentum)
    parameters = solved["initialize_bnorm_params"](parameters, [0, 0], momentum)
    AL, caches = solved["multi_layer_forward"](A0, parameters, "train")
    _, cache, _ = solved["softmax_cross_entropy_loss"](AL, Y)
    dZ = solved["softmax_cross_entropy_loss_der"](Y, cache)
    gradients = solved["multi_layer_backward"](dZ, caches, parameters)
    for _ in range(2):
        parameters = solved["update_parameters_with_momentum_Adam"](parameters, gradients, alpha=1)
    return parameters


ADAM = {
    "W1": [[-2.7191573, -2.79033829, 3.6559832], [1.07680635, 2.14776979, 1.3330437],
           [-2.29708863, -1.67003859, -3.38885276], [3.66847147, -1.30571348, -1.76653199]],
    "b1": [[2.34687006], [-2.3468659], [-2.34495502], [-2.34646538]],
    "W2": [[3.247725, 1.66314062, -2.46646577, 1.41104969], [-2.61475713, -1.81651301, 1.65191479, -2.74357265]],
    "b2": [[2.34685986], [-2.34685986]],
    "VdW1": [[0.04959329, 0.08954598, -0.02339858], [-0.03635384, -0.13950981, -0.01346142],
             [0.00538899, 0.00279682, 0.00033368], [-0.01183912, 0.01798966, 0.01645148]],
    "Vdb1": [[-0.08461959], [0.06005603], [0.0039684], [0.00860207]],
    "GdW1": [[0.0013557879, 0.00442016104, 0.000301803982], [0.000728528402, 0.0107289049, 9.98913468e-05],
             [1.60088503e-05, 4.31196318e-06, 6.13777575e-08], [7.72653956e-05, 0.000178398694, 0.000149195616]],
    "Gdb1": [[0.00394718747], [0.00198819556], [8.68115211e-06], [4.07898679e-05]],
    "VdW2": [[-0.07598473, -0.07214759, 0.00302548, -0.02342229], [0.07598473, 0.07214759, -0.00302548, 0.02342229]],
    "Vdb2": [[-0.0457975], [0.0457975]],
    "GdW2": [[0.00318272027, 0.00286938965, 5.04586721e-06, 0.000302415905]] * 2,
    "Gdb2": [[0.00115619], [0.00115619]],
}  # fmt: skip
DESCENT = {
    "W1": [[2.38556532, -1.43370309], [0.82922072, -0.60237324], [-1.52567143, -0.53983959]],
    "b1": [[0.1551979], [0.23272841], [-2.21221693]],
    "W2": [[-0.16928131, -1.50183323, -4.86682037], [-1.47305905, 0.85926252, 5.16232096]],
    "b2": [[-0.21232129], [0.21232129]],
}


def test_published_updates(solved):
    np.random.seed(1)
    parameters = two_updates(solved, np.random.randn(3, 4), np.array([[1, 0, 0, 1]]), [3, 4, 2], True)
    for name, expected in ADAM.items():
        close(parameters[name], expected, 6)
    np.random.seed(1)
    parameters = two_updates(solved, np.random.randn(2, 3), np.array([[1, 0, 0]]), [2, 3, 2], False)
    for name, expected in DESCENT.items():
        close(parameters[name], expected, 6)


def test_published_costs(solved):
    np.random.seed(1)
    costs, _ = solved["multi_layer_network"](
        np.random.randn(3, 6), np.array([[1, 0, 2, 0, 1, 2]]), [3, 6, 3], ["relu", "linear"], [0.3, 0], [0, 0],
        num_epochs=1, batch_size=2, learning_rate=0.1, decay_rate=1, apply_momentum=True, log=False, log_step=1,
    )  # fmt: skip
    close(costs, [0.8291501476754569, 3.1183677832322285, 4.988510889921268], 6)


TRAININGS = {
    "exploration": ([784, 100, 100, 64, 10], {"learning_rate": 1e-2, "decay_rate": 1}, 3.19439, 96.89, 96.1),
    "graded": ([784, 100, 100, 10], {"learning_rate": 1e-3, "decay_rate": 0.1}, None, 97.142, 96.64),
}


@pytest.mark.parametrize("name", TRAININGS)
def test_published_training(solved, digits, name, monkeypatch):
    if digits.label != "MNIST":
        pytest.skip("the published accuracies are MNIST's: set MNIST_DIR")
    monkeypatch.setenv(digits.variable, str(digits.folder))
    sets = solved["digits"].get_mnist()
    trX, tsX = (images.reshape(len(images), 784).T / 127.5 - 1 for images in sets[::2])
    trY, tsY = (labels.reshape(1, -1).astype(int) for labels in sets[1::2])
    dims, settings, first_cost, on_train, on_test = TRAININGS[name]
    layers = len(dims) - 1
    np.random.seed(1)
    costs, parameters = solved["multi_layer_network"](
        trX, trY, dims, ["relu"] * (layers - 1) + ["linear"], [0] * layers, [1] * layers,
        num_epochs=3, batch_size=64, apply_momentum=True, log=False, **settings,
    )  # fmt: skip
    if first_cost:
        close(costs[0], first_cost, 5)
    for X, Y, published in ((trX, trY, on_train), (tsX, tsY, on_test)):
        assert abs(100 * np.mean(solved["classify"](X, parameters) == Y) - published) < 0.5


def test_the_questions_are_the_specifications():
    manifest = json.loads((ASSIGNMENT.autograder / "assignment.json").read_text())
    assert {question["name"]: question["points"] for question in manifest["questions"]} == POINTS
    assert sum(POINTS.values()) == 100
    assert len(POINTS) == 17


def test_the_release_asks_for_every_task_and_shows_no_hidden_test():
    text = (ASSIGNMENT.release / ASSIGNMENT.notebook_name).read_text()
    assert "HIDDEN" not in text
    assert "BEGIN SOLUTION" not in text
    stubs = re.findall(r'NotImplementedError\(\\"([^"]+)\\"\)', text)
    assert len(stubs) == 15
    # Python 3.8 can read it.
    for cell in nbformat.reads(text, 4).cells:
        if cells.is_code(cell):
            ast.parse(cell.source, feature_version=(3, 8))
