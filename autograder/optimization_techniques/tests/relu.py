"""Test of question relu, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "relu"
points = 0
all_or_nothing = True


@test_case(hidden=False)
def test_relu_public(relu):
    A, cache = relu([-2, -1, 0, 1, 2])
    np.testing.assert_allclose(A, [0, 0, 0, 1, 2], err_msg="relu keeps positive numbers and sets the rest to 0")
    np.testing.assert_allclose(cache["Z"], [-2, -1, 0, 1, 2], err_msg='cache["Z"] is the input Z')


@test_case(hidden=True)
def test_relu_hidden(relu):
    Z = np.random.RandomState(3).randn(5, 3)
    A, cache = relu(Z.copy())
    assert np.shape(A) == (5, 3), "A has the shape of Z"
    np.testing.assert_allclose(
        A, [[max(0.0, z) for z in row] for row in Z], rtol=1e-5, err_msg="relu is max(0, Z), element-wise"
    )
    np.testing.assert_allclose(
        cache["Z"], Z, rtol=1e-5, err_msg="the cache keeps Z from before the rectification, not A"
    )
    A, _ = relu(np.array([[-1e6], [1e6]]))
    np.testing.assert_allclose(
        A, [[0], [1e6]], rtol=1e-5, err_msg="relu must also work for large numbers and a single sample"
    )
