"""Test of question linear_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_forward"
points = 3
all_or_nothing = True


@test_case(hidden=False)
def test_linear_forward_public(linear_forward):
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])
    b = np.array([[0.0], [10.0], [0.5]])
    Z, linear_cache = linear_forward(A, W, b)
    np.testing.assert_allclose(
        Z, [[1, 2], [13, 14], [-1.5, -1.5]], atol=1e-5, err_msg="Z is W times A, plus b in each column"
    )
    assert set(linear_cache) == {"A", "W", "b"}, 'the cache is {"A": A, "W": W, "b": b}'
    np.testing.assert_allclose(linear_cache["A"], A, atol=1e-6, err_msg='cache["A"] is the input A')


@test_case(hidden=True)
def test_linear_forward_hidden(linear_forward):
    rng = np.random.RandomState(5)
    for n_prev, n, m in ((3, 4, 5), (6, 1, 1), (1, 5, 4), (4, 4, 4)):
        A, W, b = rng.randn(n_prev, m), rng.randn(n, n_prev), rng.randn(n, 1)
        Z, linear_cache = linear_forward(A.copy(), W.copy(), b.copy())
        assert np.shape(Z) == (n, m), "Z has a row for each unit and a column for each sample"
        expected = [[sum(W[i, k] * A[k, j] for k in range(n_prev)) + b[i, 0] for j in range(m)] for i in range(n)]
        np.testing.assert_allclose(Z, expected, rtol=1e-4, atol=1e-5, err_msg="Z is not W A + b for different shapes")
        for name, value in (("A", A), ("W", W), ("b", b)):
            np.testing.assert_allclose(
                np.asarray(linear_cache[name]),
                value,
                rtol=1e-5,
                atol=1e-6,
                err_msg="the linear cache holds the arguments A, W and b, unchanged",
            )
