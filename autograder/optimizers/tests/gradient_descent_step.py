"""Test of question gradient_descent_step, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "gradient_descent_step"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_gradient_descent_step_public(gradient_descent_step):
    tried = {
        "W1": np.array([[1.0, 2.0]]),
        "b1": np.array([[-1.0]]),
        "W2": np.array([[3.0]]),
        "b2": np.array([[0.0]]),
    }
    slopes = {
        "dW1": np.array([[10.0, 0.0]]),
        "db1": np.array([[-5.0]]),
        "dW2": np.array([[1.0]]),
        "db2": np.array([[2.0]]),
    }
    gradient_descent_step(tried, slopes, 0.1)
    for name, expected in (("W1", [[0.0, 2.0]]), ("b1", [[-0.5]]), ("W2", [[2.9]]), ("b2", [[-0.2]])):
        np.testing.assert_allclose(
            tried[name],
            expected,
            atol=1e-6,
            err_msg=name + " must move by learning_rate times its gradient, downhill",
        )


@test_case(hidden=True)
def test_gradient_descent_step_hidden(gradient_descent_step):
    rng = np.random.RandomState(28)
    shapes = {"W1": (4, 3), "b1": (4, 1), "W2": (2, 4), "b2": (2, 1), "W3": (1, 2), "b3": (1, 1)}
    for names in (("W1", "b1"), tuple(shapes)):
        expected = {name: rng.randn(*shapes[name]) for name in names}
        tried = {name: value.copy() for name, value in expected.items()}
        for learning_rate in (0.3, 0.01, 2.0):
            slopes = {"d" + name: rng.randn(*shapes[name]) for name in names}
            before = {name: value.copy() for name, value in slopes.items()}
            gradient_descent_step(tried, slopes, learning_rate)
            assert sorted(tried) == sorted(names), "the parameters keep their names, and there are no new ones"
            for name in names:
                expected[name] = expected[name] - learning_rate * before["d" + name]
                assert np.shape(tried[name]) == shapes[name], "every parameter keeps its shape"
                np.testing.assert_allclose(
                    tried[name],
                    expected[name],
                    rtol=1e-4,
                    atol=1e-5,
                    err_msg="every parameter, in every layer, moves by minus learning_rate times its own gradient",
                )
                np.testing.assert_allclose(
                    slopes["d" + name], before["d" + name], err_msg="the gradients must not change"
                )
