"""Test of question relu_der, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "relu_der"
points = 0
all_or_nothing = True


@test_case(hidden=False)
def test_relu_der_public(relu_der):
    dZ = relu_der(np.array([[0, 2], [1, 1]]), {"Z": np.array([[-1, 2], [1, -2]])})
    np.testing.assert_allclose(dZ, [[0, 2], [1, 0]], err_msg="dZ is dA where Z > 0, and 0 elsewhere")


@test_case(hidden=True)
def test_relu_der_hidden(relu_der):
    rng = np.random.RandomState(4)
    Z, dA = rng.randn(3, 5), rng.randn(3, 5)
    dZ = relu_der(dA.copy(), {"Z": Z.copy()})
    assert np.shape(dZ) == (3, 5), "dZ has the shape of dA"
    expected = [[dA[i, j] if Z[i, j] > 0 else 0.0 for j in range(5)] for i in range(3)]
    np.testing.assert_allclose(
        dZ, expected, rtol=1e-5, err_msg="dZ depends on the sign of Z (from the cache), not on the sign of dA"
    )
    np.testing.assert_allclose(
        relu_der(np.array([[3.0, -2.0]]), {"Z": np.zeros((1, 2))}),
        np.zeros((1, 2)),
        atol=1e-7,
        err_msg="where Z is exactly 0, dZ is 0: the condition is Z > 0",
    )
