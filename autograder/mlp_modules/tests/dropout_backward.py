"""Test of question dropout_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "dropout_backward"
points = 15
all_or_nothing = True


@test_case(hidden=False)
def test_dropout_backward_public(dropout):
    np.random.seed(1)
    module = dropout(0.3)
    X = np.ones((2, 4))
    Y = np.asarray(module.forward(X, True))
    grad = np.array([[1.0, 2.0, 3.0, 4.0], [-1.0, -2.0, -3.0, -4.0]])
    slope = np.asarray(module.backward(X, grad))
    assert np.shape(slope) == (2, 4), "the derivative has the shape of X"
    np.testing.assert_allclose(
        slope[Y == 0], 0, atol=1e-7, err_msg="where forward dropped an entry, the derivative is 0"
    )
    np.testing.assert_allclose(
        slope[Y != 0], grad[Y != 0] / 0.7, atol=1e-5, err_msg="where an entry was kept, the derivative is grad / (1 - r)"
    )


@test_case(hidden=True)
def test_dropout_backward_hidden(dropout):
    rng = np.random.RandomState(13)
    for seed, shape, r in ((14, (3, 5), 0.5), (15, (6, 1), 0.2), (16, (20, 30), 0.95), (17, (4, 4), 0.0)):
        X, grad = rng.randn(*shape), rng.randn(*shape)
        module = dropout(r)
        np.random.seed(seed)
        mask = (np.random.uniform(0, 1, shape) >= r) / (1 - r)
        np.random.seed(seed)
        np.testing.assert_allclose(
            module.forward(X.copy(), True),
            X * mask,
            rtol=1e-4,
            atol=1e-6,
            err_msg="do not change the given dropout.forward",
        )
        for again in (False, True):
            slope = np.asarray(module.backward(X.copy(), grad.copy()), dtype=float)
            assert slope.shape == shape, "the derivative has the shape of X"
            np.testing.assert_allclose(
                np.where(mask == 0, slope, 0),
                np.zeros(shape),
                atol=1e-7,
                err_msg="where forward dropped an entry, the derivative is 0: use the same mask, not a new one",
            )
            np.testing.assert_allclose(
                slope,
                grad * mask,
                rtol=1e-4,
                atol=1e-6,
                err_msg="grad times the mask of the forward pass, once: the mask already holds the division",
            )
        module.forward(np.ones((2, 2)), False)
        np.testing.assert_allclose(
            module.backward(X.copy(), grad.copy()),
            grad * mask,
            rtol=1e-4,
            atol=1e-6,
            err_msg="use the mask of the last forward pass in training",
        )

    module = dropout(0.5)
    module.forward(np.ones((2, 3)), True)
    module.mask = np.array([[2.0, 0.0, 2.0], [0.0, 0.0, 2.0]])
    np.testing.assert_allclose(
        module.backward(np.zeros((2, 3)), np.ones((2, 3))),
        [[2, 0, 2], [0, 0, 2]],
        rtol=1e-4,
        err_msg="the derivative depends only on grad and the mask, not on X",
    )
