"""Test of question batchnorm_der, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "batchnorm_der"
points = 15
all_or_nothing = True


@test_case(hidden=False)
def test_batchnorm_der_public(batchnorm, batchnorm_der):
    A = np.array([[1, 2], [3, 4], [5, 6]])
    _, cache = batchnorm(A, np.array([[1], [2], [3]]), np.array([[4], [5], [6]]))
    dA_out, dbeta, dgamma = batchnorm_der(np.array([[4, 5], [8, 10], [12, 15]]), cache)
    # Terms near 100 almost cancel, so single precision is off by about 1e-5.
    expected = [[-0.00016, 0.00016], [-0.0004, 0.0004], [-0.00072, 0.00072]]
    np.testing.assert_allclose(
        dbeta, [[9.0], [18.0], [27.0]], atol=1e-5, err_msg="dbeta: sum over the mini-batch"
    )
    np.testing.assert_allclose(
        dgamma, [[1.0], [2.0], [3.0]], atol=1e-4, err_msg="dgamma: sum of dA_in times the normalised A"
    )
    np.testing.assert_allclose(
        dA_out,
        expected,
        atol=5e-5,
        err_msg="dA_out: the direct term, plus the terms through the mean and the variance",
    )


@test_case(hidden=True)
def test_batchnorm_der_hidden(batchnorm, batchnorm_der):
    import functools


    @functools.cache
    def batches_with_slopes():
        """beta, gamma, mini-batches (A, a loss's weights, A normalised, the loss's slopes), and two special ones."""

        def normalised(A):
            """A with mean 0 and variance 1 in each row, by the formula."""
            return (A - np.mean(A, axis=1, keepdims=True)) / np.sqrt(np.var(A, axis=1, keepdims=True) + 1e-5)

        def weighted(A, weights):
            """A loss whose derivative with respect to Anorm is `weights`."""
            return np.sum(weights * (gamma * normalised(A) + beta))

        def numerical(A, weights):
            """Central differences for each entry of A, with a step that suits the spread of its feature."""
            result = np.zeros(A.shape)
            for i in range(A.shape[0]):
                h = 0.01 * np.sqrt(np.var(A[i]) + 1e-5)
                for j in range(A.shape[1]):
                    step = np.zeros(A.shape)
                    step[i, j] = h
                    result[i, j] = (weighted(A + step, weights) - weighted(A - step, weights)) / (2 * h)
            return result

        rng = np.random.RandomState(11)
        beta, gamma = np.array([[2.0], [-1.0], [0.5]]), np.array([[0.5], [3.0], [-2.0]])
        usual = [2 * rng.randn(3, 5) + 1, rng.randn(3, 2), rng.randn(3, 8)]
        pairs = [(A, rng.randn(*A.shape)) for A in usual]
        pairs.append((np.array([[3e-3], [2e-3], [5e-3]]) * rng.randn(3, 5), rng.randn(3, 5)))
        batches = [(A, weights, normalised(A), numerical(A, weights)) for A, weights in pairs]
        A, weights = np.abs(rng.randn(3, 6)), rng.randn(3, 6)
        A[1] = 0
        return beta, gamma, batches, (A, weights), rng.randn(3, 1)


    beta, gamma, (*batches, hardly_varies), with_a_zero_row, single = batches_with_slopes()
    for A, weights, Ahat, slopes in batches:
        _, cache = batchnorm(A.copy(), beta.copy(), gamma.copy())
        for again in (False, True):
            dA_out, dbeta, dgamma = batchnorm_der(weights.copy(), cache)
            assert np.shape(dA_out) == A.shape, "dA_out has the shape of dA_in"
            assert np.shape(dbeta) == (3, 1) and np.shape(dgamma) == (3, 1), (
                "dbeta and dgamma are (n, 1): keepdims"
            )
            np.testing.assert_allclose(
                dbeta,
                np.sum(weights, axis=1, keepdims=True),
                rtol=1e-3,
                atol=1e-4,
                err_msg="dbeta is the sum of dA_in over the mini-batch: not its mean, and not times gamma",
            )
            np.testing.assert_allclose(
                dgamma,
                np.sum(weights * Ahat, axis=1, keepdims=True),
                rtol=1e-3,
                atol=1e-3,
                err_msg="dgamma is the sum of dA_in times the normalised A, before gamma and beta",
            )
            np.testing.assert_allclose(
                np.sum(dA_out, axis=1),
                np.zeros(3),
                atol=1e-3,
                err_msg="the rows of dA_out do not add up to 0: look at the term through the mean",
            )
            np.testing.assert_allclose(
                dA_out,
                slopes,
                rtol=1e-2,
                atol=4e-3,
                err_msg="dA_out disagrees with finite differences: check gamma and the term through the variance",
            )

    A, weights, _, slopes = hardly_varies
    _, cache = batchnorm(A.copy(), beta.copy(), gamma.copy())
    np.testing.assert_allclose(
        batchnorm_der(weights.copy(), cache)[0],
        slopes,
        rtol=1e-2,
        atol=1.0,
        err_msg="dA_out is wrong for a feature that hardly varies: epsilon belongs in the derivative's roots too",
    )

    A, weights = with_a_zero_row
    _, cache = batchnorm(A.copy(), beta.copy(), gamma.copy())
    dA_out, dbeta, dgamma = batchnorm_der(weights.copy(), cache)
    np.testing.assert_allclose(
        np.asarray(dA_out)[1],
        3.0 * (weights[1] - np.mean(weights[1])) / np.sqrt(1e-5),
        rtol=1e-3,
        atol=1e-2,
        err_msg="dA_out is wrong for a feature that is 0 in all samples, such as a relu that is always off",
    )
    _, cache = batchnorm(single, beta.copy(), gamma.copy())
    dA_out, dbeta, dgamma = batchnorm_der(weights[:, :1].copy(), cache)
    np.testing.assert_allclose(
        dA_out, np.zeros((3, 1)), atol=1e-2, err_msg="a single sample always becomes beta: its dA_out is 0"
    )
    np.testing.assert_allclose(dbeta, weights[:, :1], rtol=1e-4, err_msg="dbeta is wrong for a single sample")

    dA_out, dbeta, dgamma = batchnorm_der(weights.copy(), {})
    np.testing.assert_allclose(
        dA_out, weights, rtol=1e-5, err_msg="with an empty cache dA_in is returned unchanged"
    )
    assert np.size(dbeta) == 0 and np.size(dgamma) == 0, "with an empty cache dbeta and dgamma are []"
