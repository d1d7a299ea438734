"""Test of question compute_cost, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "compute_cost"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_compute_cost_public(compute_cost):
    AL, Y = np.array([[0.5, 0.25], [0.5, 0.75]]), np.array([[1.0, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(
        compute_cost(AL, Y),
        (np.log(2) + np.log(4)) / 2,
        atol=1e-4,
        err_msg="the mean of -ln(probability of the true class)",
    )
    assert np.asarray(compute_cost(AL, Y)).size == 1, "the cost is one number"
    assert np.isfinite(float(compute_cost(np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])))), (
        "the cost must be finite if the probability is 0"
    )


@test_case(hidden=True)
def test_compute_cost_hidden(compute_cost):
    rng = np.random.RandomState(11)
    for classes, m in ((3, 5), (10, 1), (2, 30)):
        Z = rng.randn(classes, m)
        AL = np.exp(Z) / np.exp(Z).sum(axis=0)
        labels = rng.randint(classes, size=m)
        Y = np.eye(classes)[labels].T
        cost = compute_cost(AL.copy(), Y.copy())
        assert np.asarray(cost).size == 1, "the cost is one number, not one for each sample"
        expected = -sum(np.log(AL[labels[j], j]) for j in range(m)) / m
        np.testing.assert_allclose(
            float(cost),
            expected,
            rtol=1e-4,
            atol=1e-4,
            err_msg="the cost is the mean over the samples of -ln(probability of the true class)",
        )
        doubled = compute_cost(np.hstack([AL, AL]), np.hstack([Y, Y]))
        np.testing.assert_allclose(
            float(doubled), expected, rtol=1e-4, atol=1e-4, err_msg="every sample twice: a mean does not change"
        )
    sure = float(compute_cost(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])))
    assert np.isfinite(sure), "0 times ln 0 is not a number (nan): keep the logarithm finite for wrong classes too"
    assert abs(sure) < 1e-3, "the cost of a network that is sure and right is 0"
    wrong = float(compute_cost(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])))
    assert np.isfinite(wrong), "a probability of 0 for the true class gives a large but finite cost"
    assert wrong > 5, "a network that is sure and wrong has a large cost"
