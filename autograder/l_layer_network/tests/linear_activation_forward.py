"""Test of question linear_activation_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_activation_forward"
points = 4
all_or_nothing = True


@test_case(hidden=False)
def test_linear_activation_forward_public(linear_activation_forward):
    A_prev, W, B = np.array([[1.0, -2.0]]), np.array([[1.0], [-1.0]]), np.array([[0.5], [0.0]])
    A, cache = linear_activation_forward(A_prev, W, B, "relu")
    np.testing.assert_allclose(A, [[1.5, 0], [0, 2]], atol=1e-5, err_msg="relu of W A_prev + B")
    np.testing.assert_allclose(
        cache["activation_cache"]["Z"],
        [[1.5, -1.5], [-1, 2]],
        atol=1e-5,
        err_msg="the activation's cache holds Z",
    )
    np.testing.assert_allclose(cache["linear_cache"]["W"], W, atol=1e-6, err_msg="the linear cache holds W")
    A, cache = linear_activation_forward(A_prev, W, B, "softmax")
    np.testing.assert_allclose(
        np.sum(np.asarray(A), axis=0), [1, 1], atol=1e-5, err_msg="softmax: columns that add up to 1"
    )


@test_case(hidden=True)
def test_linear_activation_forward_hidden(linear_activation_forward):
    rng = np.random.RandomState(8)
    for n_prev, n, m in ((3, 4, 5), (2, 6, 1)):
        A_prev, W, B = rng.randn(n_prev, m), rng.randn(n, n_prev), rng.randn(n, 1)
        Z = W @ A_prev + B
        powers = np.exp(Z)
        for activation, expected in (("relu", np.where(Z > 0, Z, 0)), ("softmax", powers / powers.sum(axis=0))):
            A, cache = linear_activation_forward(A_prev.copy(), W.copy(), B.copy(), activation)
            assert np.shape(A) == (n, m), "A has a row for each unit and a column for each sample"
            np.testing.assert_allclose(
                A, expected, rtol=1e-3, atol=1e-5, err_msg="A is the requested activation of W A_prev + B"
            )
            for name, value in (("A", A_prev), ("W", W), ("b", B)):
                np.testing.assert_allclose(
                    cache["linear_cache"][name],
                    value,
                    rtol=1e-5,
                    atol=1e-6,
                    err_msg="the linear cache inside the cache is that of linear_forward: A, W and b",
                )
            np.testing.assert_allclose(
                cache["activation_cache"]["Z"],
                Z,
                rtol=1e-4,
                atol=1e-5,
                err_msg="the activation cache inside the cache is that of the activation: Z",
            )
    for wrong in ("sigmoid", "Relu", "", "soft"):
        try:
            linear_activation_forward(np.ones((2, 1)), np.ones((1, 2)), np.ones((1, 1)), wrong)
        except ValueError:
            pass
        else:
            raise AssertionError("any activation other than relu or softmax raises a ValueError")
