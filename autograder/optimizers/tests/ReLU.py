"""Test of question ReLU, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "ReLU"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_ReLU_public(ReLU):
    x = np.array([-0.6871727, -0.84520564, -0.67124613, -0.0126646, -1.11731035])
    x = np.hstack([x, [0.2344157, 1.65980218, 0.74204416, -0.19183555, -0.88762896]])
    relu = ReLU()
    expected = [0, 0, 0, 0, 0, 0.2344157, 1.65980218, 0.74204416, 0, 0]
    slopes = [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]
    np.testing.assert_allclose(
        relu.forward(x.copy()), expected, atol=1e-6, err_msg="forward is max(0, x), element-wise"
    )
    np.testing.assert_allclose(
        relu.derivative(x.copy()), slopes, err_msg="derivative is 1 where x > 0 and 0 where x < 0"
    )
    assert callable(relu), "give the class a method __call__, so that relu(x) works"
    np.testing.assert_allclose(relu(x.copy()), expected, atol=1e-6, err_msg="relu(x) is relu.forward(x)")


@test_case(hidden=True)
def test_ReLU_hidden(ReLU):
    rng = np.random.RandomState(22)
    relu = ReLU()
    assert callable(relu), "give the class a method __call__, so that relu(x) works"
    for x in (5 * rng.randn(3, 4), rng.randn(1, 1), 100 * rng.randn(2, 3, 2), rng.randn(7)):
        before = x.copy()
        value, called, slope = relu.forward(x), relu(x), relu.derivative(x)
        np.testing.assert_allclose(x, before, err_msg="x itself must not change: return a new array")
        assert np.shape(value) == x.shape and np.shape(called) == x.shape, (
            "forward and __call__ keep the shape of x"
        )
        assert np.shape(slope) == x.shape, "derivative keeps the shape of x"
        np.testing.assert_allclose(
            value,
            (before + np.abs(before)) / 2,
            rtol=1e-5,
            atol=1e-6,
            err_msg="forward keeps positive numbers and sets the rest to 0",
        )
        np.testing.assert_allclose(
            called, value, rtol=1e-6, err_msg="relu(x) is the same as relu.forward(x)"
        )
        np.testing.assert_allclose(
            np.asarray(slope, dtype=float),
            (np.sign(before) + 1) / 2,
            err_msg="the slope is 1 where x is positive and 0 where it is negative, however large x is",
        )
    at_zero = np.asarray(relu.derivative(np.zeros((2, 1))), dtype=float)
    assert at_zero.shape == (2, 1), "derivative keeps the shape of x"
    assert np.all((at_zero >= 0) & (at_zero <= 1)), "at 0 the slope must be 1 or 0"
    np.testing.assert_allclose(relu(np.zeros((2, 1))), np.zeros((2, 1)), err_msg="forward is 0 at 0")
