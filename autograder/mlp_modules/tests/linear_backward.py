"""Test of question linear_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_backward"
points = 15
all_or_nothing = True


@test_case(hidden=False)
def test_linear_backward_public(linear_layer):
    layer = linear_layer(2, 3)
    layer.params["W"] = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    layer.params["b"] = np.zeros((1, 3))
    layer.forward(np.array([[1.0, 2.0], [3.0, 4.0]]))
    grad_X = layer.backward(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]]))
    np.testing.assert_allclose(
        grad_X, [[-1, 1], [2, 1]], atol=1e-5, err_msg="backward returns grad times W transposed"
    )
    np.testing.assert_allclose(
        layer.gradient["W"], [[1, 6, 2], [2, 8, 2]], atol=1e-5, err_msg="gradient W is X transposed times grad"
    )
    np.testing.assert_allclose(
        layer.gradient["b"],
        [[1, 2, 0]],
        atol=1e-5,
        err_msg="gradient b is the sum of grad over the samples, (1, 3)",
    )


@test_case(hidden=True)
def test_linear_backward_hidden(linear_layer):
    rng = np.random.RandomState(8)


    def numerical(function, array):
        """The derivative of a number with respect to every entry of an array, by central differences."""
        slopes = np.zeros(array.shape)
        for index in np.ndindex(*array.shape):
            step = np.zeros(array.shape)
            step[index] = 1e-4
            slopes[index] = (function(array + step) - function(array - step)) / 2e-4
        return slopes


    for N, D_in, D_out in ((4, 3, 5), (1, 3, 2), (6, 2, 1)):
        layer = linear_layer(D_in, D_out)
        W, b = rng.randn(D_in, D_out), rng.randn(1, D_out)
        layer.params["W"], layer.params["b"] = W.copy(), b.copy()
        for again in (False, True):  # a second call, with other samples, must store its own derivatives
            X, grad = rng.randn(N, D_in), rng.randn(N, D_out)
            layer.forward(X.copy())
            grad_X = layer.backward(X.copy(), grad.copy())
            assert np.shape(layer.gradient["W"]) == (D_in, D_out), (
                "gradient W has the shape of W: is it transposed?"
            )
            assert np.shape(layer.gradient["b"]) == (1, D_out), (
                "gradient b has the shape of b, a row: sum over the samples with keepdims"
            )
            assert np.shape(grad_X) == (N, D_in), "backward returns the derivative with respect to X, with the shape of X"
            np.testing.assert_allclose(
                grad_X,
                numerical(lambda X: np.sum(grad * (X @ W + b)), X),
                rtol=1e-3,
                atol=1e-4,
                err_msg="backward's result disagrees with finite differences: it is grad times W transposed",
            )
            np.testing.assert_allclose(
                layer.gradient["b"],
                numerical(lambda b: np.sum(grad * (X @ W + b)), b),
                rtol=1e-3,
                atol=1e-4,
                err_msg="gradient b is wrong: it is the sum (not the mean) of grad over the samples, for this call only",
            )
            np.testing.assert_allclose(
                layer.gradient["W"],
                numerical(lambda W: np.sum(grad * (X @ W + b)), W),
                rtol=1e-3,
                atol=1e-4,
                err_msg="gradient W is wrong: it is X transposed times grad, for this call only, not divided by N",
            )
        np.testing.assert_allclose(
            layer.params["W"], W, rtol=1e-5, err_msg="backward must not change the parameters"
        )
