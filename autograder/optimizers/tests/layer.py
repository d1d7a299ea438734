"""Test of question layer, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "layer"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_layer_public(Sigmoid, layer):
    A_prev = np.array([[1.0, 2.0], [3.0, 4.0]])
    W = np.array([[1.0, -1.0], [0.5, 2.0], [-1.0, 0.0]])
    b = np.array([[0.5], [-7.0], [2.0]])
    A, Z = layer(A_prev.copy(), W.copy(), b.copy())
    linear = [[-1.5, -1.5], [-0.5, 2.0], [1.0, 0.0]]
    np.testing.assert_allclose(
        Z, linear, atol=1e-5, err_msg="Z, the second result, is W times A_prev (matrix product) plus b"
    )
    np.testing.assert_allclose(
        A, np.maximum(linear, 0), atol=1e-5, err_msg="A, the first result, is relu of Z by default"
    )
    A, Z = layer(A_prev.copy(), W.copy(), b.copy(), act=Sigmoid())
    np.testing.assert_allclose(
        A,
        1 / (1 + np.exp(-np.array(linear))),
        atol=1e-5,
        err_msg="A is act(Z), with the given act",
    )


@test_case(hidden=True)
def test_layer_hidden(Sigmoid, layer):
    rng = np.random.RandomState(23)
    for n_prev, n, m in ((5, 4, 6), (3, 1, 4), (1, 6, 2), (4, 3, 1)):
        A_prev, W, b = rng.randn(n_prev, m), rng.randn(n, n_prev), rng.randn(n, 1)
        inputs = [A_prev, W, b]
        before = [one.copy() for one in inputs]
        expected = [
            [sum(W[i, k] * A_prev[k, j] for k in range(n_prev)) + b[i, 0] for j in range(m)]
            for i in range(n)
        ]
        for name, results in (("relu", layer(A_prev, W, b)), ("sigmoid", layer(A_prev, W, b, Sigmoid()))):
            assert len(results) == 2, "layer returns A and Z"
            A, Z = results
            assert np.shape(Z) == (n, m) and np.shape(A) == (n, m), (
                "A and Z are (n_l, m), also for a single sample or unit"
            )
            np.testing.assert_allclose(
                Z,
                expected,
                rtol=1e-4,
                atol=1e-5,
                err_msg="Z is W times A_prev plus b, before the activation, and comes second",
            )
            activated = np.maximum(expected, 0) if name == "relu" else 1 / (1 + np.exp(-np.array(expected)))
            np.testing.assert_allclose(
                A,
                activated,
                rtol=1e-4,
                atol=1e-5,
                err_msg="A is the activation of Z: the given act, or relu by default",
            )
        for one, copy in zip(inputs, before):
            np.testing.assert_allclose(one, copy, err_msg="layer must not change its arguments")
