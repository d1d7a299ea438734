"""Test of question softmax_cross_entropy_loss_der, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "softmax_cross_entropy_loss_der"
points = 0
all_or_nothing = True


@test_case(hidden=False)
def test_softmax_cross_entropy_loss_der_public(softmax_cross_entropy_loss_der):
    A = np.array(
        [
            [0.57495949, 0.38148818, 0.05547572, 0.36516899],
            [0.26917503, 0.07040735, 0.53857622, 0.49875847],
            [0.15586548, 0.54810447, 0.40594805, 0.13607254],
        ]
    )
    dZ = softmax_cross_entropy_loss_der(np.array([[1, 0, 1, 2]]), {"A": A})
    expected = [
        [0.14373987, -0.15462795, 0.01386893, 0.09129225],
        [-0.18270624, 0.01760184, -0.11535594, 0.12468962],
        [0.03896637, 0.13702612, 0.10148701, -0.21598186],
    ]
    np.testing.assert_allclose(dZ, expected, atol=1e-5, err_msg="dZ is (A - onehot(Y)) / m")


@test_case(hidden=True)
def test_softmax_cross_entropy_loss_der_hidden(softmax_cross_entropy_loss_der):
    def probabilities(Z):
        return np.exp(Z) / np.sum(np.exp(Z), axis=0, keepdims=True)


    def mean_loss(Z, Y):
        return -np.mean([np.log(probabilities(Z)[y, j]) for j, y in enumerate(Y[0])])


    Z, Y = np.random.RandomState(6).randn(5, 3), np.array([[4, 1, 1]])
    cache = {"A": probabilities(Z)}
    dZ = softmax_cross_entropy_loss_der(Y.copy(), cache)
    assert np.shape(dZ) == (5, 3), "dZ has the shape of A"
    np.testing.assert_allclose(
        np.sum(dZ, axis=0),
        np.zeros(3),
        atol=1e-5,
        err_msg="each column of dZ adds up to 0: is the one-hot transposed?",
    )
    numerical = np.zeros((5, 3))
    for i in range(5):
        for j in range(3):
            step = np.zeros((5, 3))
            step[i, j] = 1e-5
            numerical[i, j] = (mean_loss(Z + step, Y) - mean_loss(Z - step, Y)) / 2e-5
    np.testing.assert_allclose(
        dZ,
        numerical,
        atol=1e-5,
        err_msg="dZ is not the loss's derivative: (A - onehot) / m, with m samples (columns)",
    )
    np.testing.assert_allclose(
        softmax_cross_entropy_loss_der(Y.copy(), cache),
        numerical,
        atol=1e-5,
        err_msg="the second call gives a different result: do not change the cache's A",
    )
