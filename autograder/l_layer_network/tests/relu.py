"""Test of question relu, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "relu"
points = 2
all_or_nothing = True


@test_case(hidden=False)
def test_relu_public(relu):
    A, activation_cache = relu(np.array([[-2.0, -1.0, 0.0], [0.5, 1.0, 2.0]]))
    np.testing.assert_allclose(
        A, [[0, 0, 0], [0.5, 1, 2]], atol=1e-6, err_msg="relu keeps positive scores and sets the rest to 0"
    )
    np.testing.assert_allclose(
        activation_cache["Z"], [[-2, -1, 0], [0.5, 1, 2]], atol=1e-6, err_msg='the cache is {"Z": Z}'
    )


@test_case(hidden=True)
def test_relu_hidden(relu):
    rng = np.random.RandomState(7)
    for Z in (3 * rng.randn(4, 6), np.array([[-1e4, 1e4, -1e-3, 1e-3]])):
        A, activation_cache = relu(Z.copy())
        assert np.shape(A) == Z.shape, "A has the shape of Z"
        np.testing.assert_allclose(
            A,
            [[z if z > 0 else 0 for z in row] for row in Z],
            rtol=1e-5,
            atol=1e-7,
            err_msg="relu leaves positive scores unchanged, also large ones, and sets negative ones to 0",
        )
        np.testing.assert_allclose(
            activation_cache["Z"],
            Z,
            rtol=1e-5,
            atol=1e-7,
            err_msg="the cache holds Z from before relu, negative entries included",
        )
