"""Test of question GradientDescent, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "GradientDescent"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_GradientDescent_public(GradientDescent, Toy):
    toy = Toy({"W1": np.array([[1.0, 2.0]]), "b1": np.array([[0.0]])})
    optimizer = GradientDescent(toy, 0.1)
    assert optimizer.learning_rate == 0.1, "the base class stores the learning rate"
    toy.grads = {"dW1": np.array([[10.0, -10.0]]), "db1": np.array([[1.0]])}
    optimizer.step()
    np.testing.assert_allclose(
        toy.parameters["W1"], [[0.0, 3.0]], atol=1e-6, err_msg="step moves the network's weights"
    )
    np.testing.assert_allclose(
        toy.parameters["b1"], [[-0.1]], atol=1e-6, err_msg="step moves the network's biases"
    )


@test_case(hidden=True)
def test_GradientDescent_hidden(GradientDescent, Toy):
    rng = np.random.RandomState(29)
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (2, 3), "b2": (2, 1)}
    expected = {name: rng.randn(*shape) for name, shape in shapes.items()}
    toy = Toy({name: value.copy() for name, value in expected.items()})
    bystander = Toy({name: value.copy() for name, value in expected.items()})
    untouched = {name: value.copy() for name, value in expected.items()}
    optimizer = GradientDescent(toy, 0.5)
    GradientDescent(bystander, 3.0)
    for learning_rate in (0.5, 0.5, 0.01):
        if learning_rate != 0.5:
            optimizer.learning_rate = learning_rate
        slopes = {"d" + name: rng.randn(*shape) for name, shape in shapes.items()}
        toy.grads = {name: value.copy() for name, value in slopes.items()}
        optimizer.step()
        for name in shapes:
            expected[name] = expected[name] - learning_rate * slopes["d" + name]
            np.testing.assert_allclose(
                toy.parameters[name],
                expected[name],
                rtol=1e-4,
                atol=1e-5,
                err_msg="each step is a gradient descent step, with the current gradients and the current learning rate",
            )
            np.testing.assert_allclose(
                bystander.parameters[name],
                untouched[name],
                err_msg="an optimizer must move only its own network",
            )
            np.testing.assert_allclose(
                toy.grads["d" + name],
                slopes["d" + name],
                err_msg="a step must not change the network's grads",
            )
