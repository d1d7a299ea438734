"""Test of question relu_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "relu_backward"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_relu_backward_public(relu):
    u = np.array([[-2.0, 0.0], [0.5, 3.0]])
    module = relu()
    module.forward(u.copy())
    slope = module.backward(u, np.array([[5.0, 6.0], [7.0, -8.0]]))
    np.testing.assert_allclose(
        slope, [[0, 0], [7, -8]], atol=1e-6, err_msg="backward is grad where u > 0, and 0 elsewhere"
    )


@test_case(hidden=True)
def test_relu_backward_hidden(relu):
    rng = np.random.RandomState(12)
    for shape in ((5, 4), (1, 7)):
        u, grad = rng.randn(*shape), rng.randn(*shape)
        module = relu()
        module.forward(u.copy())
        slope = module.backward(u.copy(), grad.copy())
        assert np.shape(slope) == shape, "the result has the shape of X"
        expected = np.zeros(shape)
        for index in np.ndindex(*shape):
            expected[index] = grad[index] if u[index] > 0 else 0.0
        np.testing.assert_allclose(
            slope,
            expected,
            rtol=1e-5,
            atol=1e-7,
            err_msg="grad passes unchanged where X is positive: look at the sign of X, not of grad",
        )
    module = relu()
    module.forward(np.zeros((2, 2)))
    slope = module.backward(np.zeros((2, 2)), np.ones((2, 2)))
    np.testing.assert_allclose(
        slope, np.zeros((2, 2)), atol=1e-7, err_msg="exactly at 0 the derivative is 0: the condition is u > 0"
    )
