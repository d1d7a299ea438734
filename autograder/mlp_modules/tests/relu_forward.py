"""Test of question relu_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "relu_forward"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_relu_forward_public(relu):
    h = relu().forward(np.array([[-2.0, 0.0], [0.5, 3.0]]))
    np.testing.assert_allclose(h, [[0, 0], [0.5, 3]], atol=1e-6, err_msg="forward is max(0, u), element-wise")


@test_case(hidden=True)
def test_relu_forward_hidden(relu):
    u = 3 * np.random.RandomState(11).randn(6, 5)
    argument = u.copy()
    h = relu().forward(argument)
    assert np.shape(h) == (6, 5), "the result has the shape of X"
    np.testing.assert_allclose(
        h,
        [[max(0.0, x) for x in row] for row in u],
        rtol=1e-5,
        atol=1e-7,
        err_msg="forward keeps positive numbers, however large, and sets the rest to 0",
    )
    np.testing.assert_allclose(
        argument,
        u,
        rtol=1e-6,
        err_msg="forward changed its argument, which backward still needs: make a new array",
    )
    np.testing.assert_allclose(
        relu().forward(np.array([[-1e6, 1e6]])),
        [[0, 1e6]],
        rtol=1e-5,
        err_msg="forward does not change large positive numbers",
    )
