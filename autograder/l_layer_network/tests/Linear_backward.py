"""Test of question Linear_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "Linear_backward"
points = 6
all_or_nothing = True


@test_case(hidden=False)
def test_Linear_backward_public(Linear_backward):
    cache = {"A": np.array([[1.0, 2.0], [3.0, 4.0]]), "W": np.array([[1.0, -1.0]]), "b": np.array([[0.0]])}
    dA_prev, dW, db = Linear_backward(np.array([[1.0, 3.0]]), cache)
    np.testing.assert_allclose(dA_prev, [[1, 3], [-1, -3]], atol=1e-5, err_msg="dA_prev = W^T dZ, without 1/m")
    np.testing.assert_allclose(dW, [[3.5, 7.5]], atol=1e-5, err_msg="dW = dZ A^T / m")
    np.testing.assert_allclose(db, [[2.0]], atol=1e-5, err_msg="db = the mean of dZ over the samples")


@test_case(hidden=True)
def test_Linear_backward_hidden(Linear_backward):
    rng = np.random.RandomState(12)
    for n_prev, n, m in ((3, 2, 5), (4, 4, 4), (2, 5, 1), (1, 3, 6)):
        A, W, b, weights = rng.randn(n_prev, m), rng.randn(n, n_prev), rng.randn(n, 1), rng.randn(n, m)
        numerical = {}
        for name, value, per_sample in (("A", A, 1), ("W", W, m), ("b", b, m)):
            slope = np.zeros(value.shape)
            for place in np.ndindex(*value.shape):
                sums = []
                for step in (1e-3, -1e-3):
                    moved = value.copy()
                    moved[place] += step
                    parts = {"A": A, "W": W, "b": b, name: moved}
                    sums.append(np.sum(weights * (parts["W"] @ parts["A"] + parts["b"])))
                slope[place] = (sums[0] - sums[1]) / 2e-3 / per_sample
            numerical[name] = slope
        dA_prev, dW, db = Linear_backward(weights.copy(), {"A": A.copy(), "W": W.copy(), "b": b.copy()})
        assert np.shape(dA_prev) == A.shape, "dA_prev has the shape of A"
        assert np.shape(dW) == W.shape, "dW has the shape of W"
        assert np.shape(db) == b.shape, "db has the shape of b, a column: keepdims"
        np.testing.assert_allclose(
            dA_prev,
            numerical["A"],
            rtol=1e-3,
            atol=1e-4,
            err_msg="dA_prev disagrees with finite differences: it is W transposed times dZ, without 1/m",
        )
        np.testing.assert_allclose(
            dW,
            numerical["W"],
            rtol=1e-3,
            atol=1e-4,
            err_msg="dW disagrees with finite differences: it is dZ times A transposed, divided by m",
        )
        np.testing.assert_allclose(
            db,
            numerical["b"],
            rtol=1e-3,
            atol=1e-4,
            err_msg="db disagrees with finite differences: it is the sum of dZ over the samples, divided by m",
        )
