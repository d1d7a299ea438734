"""Test of question batchnorm, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "batchnorm"
points = 15
all_or_nothing = True


@test_case(hidden=False)
def test_batchnorm_public(batchnorm):
    A = np.array([[1, 2], [3, 4], [5, 6]])
    Anorm, cache = batchnorm(A, np.array([[1], [2], [3]]), np.array([[4], [5], [6]]))
    expected = [[-2.99992, 4.99992], [-2.9999, 6.9999], [-2.99988, 8.99988]]
    np.testing.assert_allclose(
        Anorm, expected, atol=1.5e-5, err_msg="gamma * (A - mu) / sqrt(variance + 1e-5) + beta"
    )


@test_case(hidden=True)
def test_batchnorm_hidden(batchnorm):
    def normalised(A, beta, gamma):
        m = A.shape[1]
        result = np.zeros(A.shape)
        for i in range(A.shape[0]):
            mu = sum(A[i]) / m
            variance = sum((a - mu) ** 2 for a in A[i]) / m
            for j in range(m):
                result[i, j] = gamma[i, 0] * (A[i, j] - mu) / (variance + 1e-5) ** 0.5 + beta[i, 0]
        return result


    rng = np.random.RandomState(10)
    beta, gamma = np.array([[2.0], [-1.0], [0.5], [3.0]]), np.array([[0.5], [3.0], [-2.0], [1.0]])
    A = 3 * rng.randn(4, 60) + np.array([[5.0], [0.0], [-4.0], [1.0]])
    Anorm, _ = batchnorm(A.copy(), beta.copy(), gamma.copy())
    assert np.shape(Anorm) == (4, 60), "Anorm has the shape of A"
    np.testing.assert_allclose(
        np.mean(Anorm, axis=1),
        beta[:, 0],
        atol=1e-3,
        err_msg="a feature's mean over the mini-batch must be beta: did you use axis 1? are beta and gamma swapped?",
    )
    np.testing.assert_allclose(
        np.std(Anorm, axis=1),
        abs(gamma[:, 0]),
        rtol=2e-2,
        err_msg="the spread of each feature over the mini-batch must be gamma",
    )

    A = 2 * rng.randn(4, 3)
    Anorm, _ = batchnorm(A.copy(), beta.copy(), gamma.copy())
    np.testing.assert_allclose(
        Anorm,
        normalised(A, beta, gamma),
        rtol=1e-4,
        atol=1e-4,
        err_msg="the variance is that of the mini-batch itself: divide by m, not by m - 1",
    )
    A = np.array([[3e-3], [1e-3], [1e-2], [1.0]]) * rng.randn(4, 8)
    Anorm, _ = batchnorm(A.copy(), beta.copy(), gamma.copy())
    np.testing.assert_allclose(
        Anorm,
        normalised(A, beta, gamma),
        rtol=1e-3,
        atol=1e-3,
        err_msg="a feature that hardly varies is wrong: epsilon, 1e-5, goes inside the root",
    )
    A = np.abs(rng.randn(4, 6))
    A[1] = 0
    Anorm, _ = batchnorm(A.copy(), beta.copy(), gamma.copy())
    np.testing.assert_allclose(
        Anorm,
        normalised(A, beta, gamma),
        rtol=1e-4,
        atol=1e-4,
        err_msg="a feature that is 0 in all samples becomes beta",
    )
    Anorm, _ = batchnorm(rng.randn(4, 1), beta.copy(), gamma.copy())
    assert np.shape(Anorm) == (4, 1), "Anorm has the shape of A, also for a single sample"
    np.testing.assert_allclose(Anorm, beta, atol=1e-5, err_msg="a single sample is its own mean: it becomes beta")

    A = rng.randn(4, 3)
    for empty_or_not in ((np.array([]), np.array([])), (np.array([]), gamma), (beta, np.array([]))):
        Anorm, cache = batchnorm(A.copy(), *empty_or_not)
        np.testing.assert_allclose(
            Anorm, A, rtol=1e-5, err_msg="if beta or gamma is empty, A is returned unchanged"
        )
        assert cache == {}, "if beta or gamma is empty, the cache is {}"
