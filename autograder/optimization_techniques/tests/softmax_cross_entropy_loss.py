"""Test of question softmax_cross_entropy_loss, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "softmax_cross_entropy_loss"
points = 0
all_or_nothing = True


@test_case(hidden=False)
def test_softmax_cross_entropy_loss_public(softmax_cross_entropy_loss):
    np.random.seed(1)
    A, cache, loss = softmax_cross_entropy_loss(np.random.randn(3, 4), np.array([[1, 0, 1, 2]]))
    expected = [
        [0.57495949, 0.38148818, 0.05547572, 0.36516899],
        [0.26917503, 0.07040735, 0.53857622, 0.49875847],
        [0.15586548, 0.54810447, 0.40594805, 0.13607254],
    ]
    np.testing.assert_allclose(A, expected, atol=1e-5, err_msg="A is the softmax of each column")
    np.testing.assert_allclose(cache["A"], expected, atol=1e-5, err_msg='cache["A"] is A')
    assert np.size(loss) == 1, "with labels the loss is a number"
    np.testing.assert_allclose(loss, 1.2223655548779273, atol=1e-5, err_msg="the loss is the mean of -ln A[y]")


@test_case(hidden=True)
def test_softmax_cross_entropy_loss_hidden(softmax_cross_entropy_loss):
    rng = np.random.RandomState(5)
    Z, Y = 2 * rng.randn(5, 3), np.array([[4, 0, 2]])
    A, cache, loss = softmax_cross_entropy_loss(Z.copy(), Y.copy())
    assert np.shape(A) == (5, 3), "A has the shape of Z"
    expected = np.array([[np.exp(Z[k, j]) / sum(np.exp(z) for z in Z[:, j]) for j in range(3)] for k in range(5)])
    np.testing.assert_allclose(
        A, expected, rtol=1e-4, atol=1e-6, err_msg="softmax is over each column: sum over axis 0"
    )
    mean = -sum(np.log(expected[Y[0, j], j]) for j in range(3)) / 3
    assert np.size(loss) == 1, "with labels the loss is a number: return [] only if Y is empty"
    np.testing.assert_allclose(
        loss, mean, rtol=1e-4, err_msg="the loss is the mean over the samples, with the natural logarithm"
    )
    _, _, loss = softmax_cross_entropy_loss(Z[:, :1].copy(), Y[:, :1].copy())
    np.testing.assert_allclose(
        loss, -np.log(expected[4, 0]), rtol=1e-4, err_msg="the loss is wrong for a mini-batch of a single sample"
    )

    large = np.array([[1000.0, -1000.0, 3000.0], [1001.0, -1002.0, 2999.0]])
    A, _, loss = softmax_cross_entropy_loss(large, np.array([[0, 1, 0]]))
    p = 1 / (1 + np.exp(1.0))
    q = 1 / (1 + np.exp(2.0))
    np.testing.assert_allclose(
        A,
        [[p, 1 - q, 1 - p], [1 - p, q, p]],
        atol=1e-4,
        err_msg="large scores overflow: subtract each column's own maximum before exp",
    )
    np.testing.assert_allclose(
        loss,
        -(np.log(p) + np.log(q) + np.log(1 - p)) / 3,
        rtol=1e-3,
        err_msg="the loss is finite for large scores",
    )
    A, cache, loss = softmax_cross_entropy_loss(Z.copy())
    assert np.size(loss) == 0, "without labels the loss is []"
    np.testing.assert_allclose(A, expected, rtol=1e-4, atol=1e-6, err_msg="A does not depend on the labels")
