"""Test of question tanh_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "tanh_forward"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_tanh_forward_public(tanh):
    h = tanh().forward(np.array([[-1.0, 0.0], [0.5, 2.0]]))
    np.testing.assert_allclose(
        h, [[-0.76159416, 0], [0.46211716, 0.96402758]], atol=1e-6, err_msg="forward is 2 / (1 + exp(-2u)) - 1"
    )
    h = tanh().forward(np.array([[-1000.0, 1000.0]]))
    np.testing.assert_allclose(h, [[-1, 1]], atol=1e-6, err_msg="for large numbers tanh is -1 or 1, not nan")


@test_case(hidden=True)
def test_tanh_forward_hidden(tanh):
    u = 2 * np.random.RandomState(9).randn(5, 4)
    h = tanh().forward(u.copy())
    assert np.shape(h) == (5, 4), "the result has the shape of X"
    expected = [[2 / (1 + np.exp(-2 * x)) - 1 for x in row] for row in u]
    np.testing.assert_allclose(
        h,
        expected,
        rtol=1e-4,
        atol=1e-6,
        err_msg="forward is 2 / (1 + exp(-2u)) - 1: check the 2 and the sign in the exponent",
    )
    h = tanh().forward(np.array([[-1e5], [-400.0], [400.0], [1e5]]))
    assert np.all(np.isfinite(np.asarray(h, dtype=float))), (
        "for large numbers the result is not finite: do you divide infinity by infinity?"
    )
    np.testing.assert_allclose(
        h, [[-1], [-1], [1], [1]], atol=1e-6, err_msg="for large numbers tanh is -1 or 1, depending on the sign"
    )
