"""Test of question linear_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_forward"
points = 0
all_or_nothing = True


@test_case(hidden=False)
def test_linear_forward_public(linear_forward):
    Z, cache = linear_forward(
        np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0, 0.0, -1.0]]), np.array([[0.5]])
    )
    np.testing.assert_allclose(
        Z, [[-3.5, -3.5]], atol=1e-5, err_msg="Z is W times A_prev (matrix product) plus b"
    )
    np.testing.assert_allclose(cache["A"], [[1, 2], [3, 4], [5, 6]], err_msg='cache["A"] is the input A_prev')


@test_case(hidden=True)
def test_linear_forward_hidden(linear_forward):
    rng = np.random.RandomState(14)
    for m in (1, 6):
        A_prev, W, b = rng.randn(3, m), rng.randn(4, 3), rng.randn(4, 1)
        Z, cache = linear_forward(A_prev.copy(), W.copy(), b.copy())
        assert np.shape(Z) == (4, m), "Z is (n_l, m)"
        expected = [[sum(W[i, k] * A_prev[k, j] for k in range(3)) + b[i, 0] for j in range(m)] for i in range(4)]
        np.testing.assert_allclose(
            Z, expected, rtol=1e-4, atol=1e-5, err_msg="Z is W times A_prev plus b, b added to every column"
        )
        np.testing.assert_allclose(
            cache["A"], A_prev, rtol=1e-5, err_msg="the cache keeps A_prev under the key A"
        )
