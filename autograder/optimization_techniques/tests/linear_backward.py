"""Test of question linear_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_backward"
points = 0
all_or_nothing = True


@test_case(hidden=False)
def test_linear_backward_public(linear_backward):
    dA_prev, dW, db = linear_backward(
        np.array([[1.0, -2.0]]),
        {"A": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])},
        np.array([[1.0, 0.0, -1.0]]),
        np.array([[0.5]]),
    )
    np.testing.assert_allclose(
        dA_prev, [[1, -2], [0, 0], [-1, 2]], atol=1e-5, err_msg="dA_prev is W transposed times dZ"
    )
    np.testing.assert_allclose(dW, [[-3, -5, -7]], atol=1e-5, err_msg="dW is dZ times A transposed")
    np.testing.assert_allclose(db, [[-1]], atol=1e-5, err_msg="db is the sum of each row of dZ")


@test_case(hidden=True)
def test_linear_backward_hidden(linear_backward):
    rng = np.random.RandomState(15)
    for m in (1, 6):
        dZ, A, W, b = rng.randn(4, m), rng.randn(3, m), rng.randn(4, 3), rng.randn(4, 1)
        dA_prev, dW, db = linear_backward(dZ.copy(), {"A": A.copy()}, W.copy(), b.copy())
        assert np.shape(dA_prev) == (3, m), "dA_prev has the shape of A_prev"
        assert np.shape(dW) == (4, 3), "dW has the shape of W: is it transposed?"
        assert np.shape(db) == (4, 1), "db has the shape of b: sum with keepdims"
        np.testing.assert_allclose(
            dA_prev,
            [[sum(W[i, k] * dZ[i, j] for i in range(4)) for j in range(m)] for k in range(3)],
            rtol=1e-4,
            atol=1e-5,
            err_msg="dA_prev is W transposed times dZ",
        )
        np.testing.assert_allclose(
            dW,
            [[sum(dZ[i, j] * A[k, j] for j in range(m)) for k in range(3)] for i in range(4)],
            rtol=1e-4,
            atol=1e-5,
            err_msg="dW is dZ times A transposed, without another 1/m",
        )
        np.testing.assert_allclose(
            db,
            [[sum(dZ[i])] for i in range(4)],
            rtol=1e-4,
            atol=1e-5,
            err_msg="db is the sum of each row of dZ, not the mean",
        )
