"""Test of question relu_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "relu_backward"
points = 3
all_or_nothing = True


@test_case(hidden=False)
def test_relu_backward_public(relu_backward):
    dZ = relu_backward(np.array([[1.0, 2.0], [-3.0, 4.0]]), {"Z": np.array([[0.5, -0.5], [2.0, -9.0]])})
    np.testing.assert_allclose(dZ, [[1, 0], [-3, 0]], atol=1e-6, err_msg="dZ is dA where Z > 0, and 0 elsewhere")


@test_case(hidden=True)
def test_relu_backward_hidden(relu_backward):
    rng = np.random.RandomState(13)
    for shape in ((4, 6), (1, 9), (7, 1)):
        Z, dA = rng.randn(*shape), 10 * rng.randn(*shape)
        Z[np.abs(Z) < 0.01] = 0.3
        kept, given = Z.copy(), dA.copy()
        dZ = relu_backward(dA, {"Z": Z})
        assert np.shape(dZ) == shape, "dZ has the shape of dA"
        expected = [[slope if z > 0 else 0 for slope, z in zip(*rows)] for rows in zip(given, kept)]
        np.testing.assert_allclose(
            dZ,
            expected,
            rtol=1e-5,
            atol=1e-6,
            err_msg="dZ is dA, negative derivatives included, where Z from the forward pass was positive, and 0 elsewhere",
        )
        np.testing.assert_allclose(
            dA, given, err_msg="relu_backward changed its argument dA: work on a copy"
        )
