"""Test of question linear_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_forward"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_linear_forward_public(linear_layer):
    layer = linear_layer(2, 3)
    layer.params["W"] = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    layer.params["b"] = np.array([[0.5, 0.0, 1.0]])
    Y = layer.forward(np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_allclose(
        Y, [[1.5, 2, 1], [3.5, 4, 3]], atol=1e-5, err_msg="forward is X W (matrix product) + b"
    )


@test_case(hidden=True)
def test_linear_forward_hidden(linear_layer):
    rng = np.random.RandomState(7)
    for N, D_in, D_out in ((4, 3, 5), (1, 3, 2), (6, 1, 1)):
        X, W, b = rng.randn(N, D_in), rng.randn(D_in, D_out), rng.randn(1, D_out)
        layer = linear_layer(D_in, D_out)
        layer.params["W"], layer.params["b"] = W.copy(), b.copy()
        Y = layer.forward(X.copy())
        assert np.shape(Y) == (N, D_out), (
            "the output has a row for each sample and a column for each output feature"
        )
        expected = [
            [sum(X[i, k] * W[k, j] for k in range(D_in)) + b[0, j] for j in range(D_out)] for i in range(N)
        ]
        np.testing.assert_allclose(
            Y, expected, rtol=1e-4, atol=1e-5, err_msg="forward is X W + b, with the current params"
        )
        np.testing.assert_allclose(
            layer.params["b"], b, rtol=1e-5, err_msg="forward must not change the parameters"
        )
