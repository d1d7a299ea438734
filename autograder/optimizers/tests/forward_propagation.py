"""Test of question forward_propagation, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "forward_propagation"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_forward_propagation_public(forward_propagation):
    tried = {"W1": np.array([[1.0, -1.0], [2.0, 0.5]]), "b1": np.array([[0.5], [-1.0]])}
    tried.update({"W2": np.array([[1.0, -2.0]]), "b2": np.array([[3.0]])})
    A, caches = forward_propagation(np.array([[1.0, 0.0, -2.0], [2.0, -1.0, 0.0]]), tried)
    np.testing.assert_allclose(caches["A0"], [[1, 0, -2], [2, -1, 0]], err_msg='caches["A0"] is X')
    np.testing.assert_allclose(
        caches["Z1"], [[-0.5, 1.5, -1.5], [2, -1.5, -5]], atol=1e-5, err_msg="Z1 is W1 X + b1"
    )
    np.testing.assert_allclose(
        caches["A1"], [[0, 1.5, 0], [2, 0, 0]], atol=1e-5, err_msg="A1 is relu of Z1"
    )
    np.testing.assert_allclose(caches["Z2"], [[-1, 4.5, 3]], atol=1e-5, err_msg="Z2 is W2 A1 + b2")
    np.testing.assert_allclose(
        A, [[0, 4.5, 3]], atol=1e-5, err_msg="apply the activation in the last layer too"
    )
    np.testing.assert_allclose(caches["A2"], A, atol=1e-5, err_msg='the result is caches["A2"]')


@test_case(hidden=True)
def test_forward_propagation_hidden(Sigmoid, forward_propagation):
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))


    def relu(x):
        return np.maximum(x, 0)


    rng = np.random.RandomState(24)
    for dims, m in (([3, 4, 2], 5), ([2, 3], 4), ([4, 5, 3, 6, 1], 3), ([3, 2, 2], 1)):
        tried = {}
        for l in range(1, len(dims)):
            tried["W" + str(l)], tried["b" + str(l)] = (
                rng.randn(dims[l], dims[l - 1]),
                rng.randn(dims[l], 1),
            )
        before = {name: value.copy() for name, value in tried.items()}
        X = rng.randn(dims[0], m)
        X_before = X.copy()
        for phi, results in (
            (relu, forward_propagation(X, tried)),
            (sigmoid, forward_propagation(X, tried, Sigmoid())),
        ):
            A, caches = results
            expected = X_before
            np.testing.assert_allclose(
                caches["A0"],
                expected,
                rtol=1e-5,
                err_msg="store the samples themselves in caches, as A0",
            )
            for l in range(1, len(dims)):
                assert "Z" + str(l) in caches and "A" + str(l) in caches, (
                    "caches needs Z and A of every layer, including the last one"
                )
                Z = np.dot(before["W" + str(l)], expected) + before["b" + str(l)]
                expected = phi(Z)
                np.testing.assert_allclose(
                    caches["Z" + str(l)],
                    Z,
                    rtol=1e-4,
                    atol=1e-5,
                    err_msg="Z_l is W_l times the A of the layer before, plus b_l",
                )
                np.testing.assert_allclose(
                    caches["A" + str(l)],
                    expected,
                    rtol=1e-4,
                    atol=1e-5,
                    err_msg="A_l is act(Z_l), the same act in every layer",
                )
            assert np.shape(A) == (dims[-1], m), "the result is the last layer's A, (n_L, m)"
            np.testing.assert_allclose(
                A,
                expected,
                rtol=1e-4,
                atol=1e-5,
                err_msg="the result is act(Z_L), for any number of layers",
            )
        np.testing.assert_allclose(X, X_before, err_msg="forward_propagation must not change X")
        assert sorted(tried) == sorted(before), "forward_propagation must not change the parameters"
        for name in before:
            np.testing.assert_allclose(
                tried[name],
                before[name],
                err_msg="forward_propagation must not change the parameters",
            )
