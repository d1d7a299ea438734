"""Test of question softmax, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "softmax"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_softmax_public(softmax):
    A, activation_cache = softmax(np.log(np.array([[1.0, 5.0], [2.0, 5.0], [1.0, 10.0]])))
    np.testing.assert_allclose(
        A, [[0.25, 0.25], [0.5, 0.25], [0.25, 0.5]], atol=1e-5, err_msg="softmax of each column"
    )
    np.testing.assert_allclose(
        activation_cache["Z"],
        np.log([[1.0, 5.0], [2.0, 5.0], [1.0, 10.0]]),
        atol=1e-5,
        err_msg='the cache is {"Z": Z}',
    )
    A = np.asarray(softmax(np.array([[1000.0], [1000.0]]))[0])
    np.testing.assert_allclose(
        A, [[0.5], [0.5]], atol=1e-5, err_msg="large scores: subtract the column's largest one first"
    )


@test_case(hidden=True)
def test_softmax_hidden(softmax):
    rng = np.random.RandomState(6)
    for n, m in ((3, 5), (10, 1), (2, 2), (1, 3), (4, 4)):
        Z = 2 * rng.randn(n, m)
        A, activation_cache = softmax(Z.copy())
        assert np.shape(A) == (n, m), "A has the shape of Z"
        expected = np.array(
            [[np.exp(Z[k, j]) / sum(np.exp(Z[i, j]) for i in range(n)) for j in range(m)] for k in range(n)]
        )
        np.testing.assert_allclose(
            np.sum(np.asarray(A), axis=0), np.ones(m), atol=1e-5, err_msg="each column of A adds up to 1"
        )
        np.testing.assert_allclose(
            A, expected, rtol=1e-3, atol=1e-5, err_msg="A is exp(scores), divided by the sum of its column"
        )
        np.testing.assert_allclose(
            activation_cache["Z"],
            Z,
            rtol=1e-5,
            atol=1e-6,
            err_msg="the cache holds the input Z, unchanged",
        )
    Z = np.array([[800.0, -800.0, 0.0, 3000.0], [801.0, -801.0, -5000.0, -3000.0]])
    low, high = 1 / (1 + np.e), np.e / (1 + np.e)
    A = np.asarray(softmax(Z.copy())[0], float)
    assert np.all(np.isfinite(A)), "large scores must not overflow: subtract the largest score of each column"
    np.testing.assert_allclose(
        A,
        [[low, high, 1, 1], [high, low, 0, 0]],
        atol=1e-4,
        err_msg="columns may differ by thousands: subtract each column's own largest score",
    )
