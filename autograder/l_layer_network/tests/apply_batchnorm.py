"""Test of question apply_batchnorm, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "apply_batchnorm"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_apply_batchnorm_public(apply_batchnorm):
    normalised = np.asarray(apply_batchnorm(np.array([[1.0, 2.0, 3.0], [10.0, 10.0, 40.0]])))
    np.testing.assert_allclose(normalised.mean(axis=1), [0, 0], atol=1e-5, err_msg="each row has mean 0")
    np.testing.assert_allclose(
        normalised.std(axis=1), [1, 1], atol=1e-4, err_msg="each row has spread 1 (population variance: divide by m)"
    )
    np.testing.assert_allclose(
        apply_batchnorm(np.array([[7.0, 7.0]])), [[0, 0]], atol=1e-4, err_msg="a constant row becomes 0"
    )


@test_case(hidden=True)
def test_apply_batchnorm_hidden(apply_batchnorm):
    rng = np.random.RandomState(9)
    for A in (
        5 + 3 * rng.randn(4, 7),
        np.maximum(rng.randn(3, 2), 0),
        np.array([[1e-2], [1e-2]]) * rng.randn(2, 6),
        rng.rand(6, 6),
    ):
        expected = []
        for row in A:
            mean = sum(row) / len(row)
            variance = sum((a - mean) ** 2 for a in row) / len(row)
            expected.append([(a - mean) / (variance + 1e-5) ** 0.5 for a in row])
        normalised = apply_batchnorm(A.copy())
        assert np.shape(normalised) == A.shape, "the result has the shape of A"
        np.testing.assert_allclose(
            np.sum(np.asarray(normalised), axis=1),
            np.zeros(len(A)),
            atol=1e-3,
            err_msg="each unit's mean over the samples is 0: take the mean along the row",
        )
        np.testing.assert_allclose(
            normalised,
            expected,
            rtol=1e-3,
            atol=1e-4,
            err_msg="divide each row by the root of (population variance + epsilon), with epsilon inside the root",
        )
    np.testing.assert_allclose(
        apply_batchnorm(rng.randn(3, 1)),
        np.zeros((3, 1)),
        atol=1e-4,
        err_msg="a single sample is its own mean: it becomes 0",
    )
    A = np.zeros((2, 4))
    A[1] = [1, 2, 3, 4]
    assert np.all(np.isfinite(np.asarray(apply_batchnorm(A)))), (
        "a unit that is 0 for all samples must not lead to a division by 0"
    )
