"""Test of question tanh_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "tanh_backward"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_tanh_backward_public(tanh):
    u = np.array([[-1.0, 0.0], [0.5, 2.0]])
    module = tanh()
    module.forward(u.copy())
    slope = module.backward(u, np.array([[1.0, 2.0], [10.0, -1.0]]))
    np.testing.assert_allclose(
        slope,
        [[0.41997434, 2], [7.86447733, -0.07065082]],
        atol=1e-5,
        err_msg="backward is grad times 1 - h squared, with h = tanh of X",
    )


@test_case(hidden=True)
def test_tanh_backward_hidden(tanh):
    rng = np.random.RandomState(10)
    for shape in ((5, 3), (1, 4)):
        u, grad = 1.5 * rng.randn(*shape), rng.randn(*shape)
        module = tanh()
        module.forward(u.copy())
        slope = module.backward(u.copy(), grad.copy())
        assert np.shape(slope) == shape, "the result has the shape of X"
        expected = grad * (np.tanh(u + 1e-4) - np.tanh(u - 1e-4)) / 2e-4
        np.testing.assert_allclose(
            slope,
            expected,
            rtol=1e-3,
            atol=1e-4,
            err_msg="backward disagrees with finite differences: it is grad times 1 - tanh(X) squared",
        )
    module = tanh()
    module.forward(np.array([[-900.0, 900.0]]))
    slope = module.backward(np.array([[-900.0, 900.0]]), np.array([[1.0, 1.0]]))
    np.testing.assert_allclose(
        slope, [[0, 0]], atol=1e-5, err_msg="for large numbers tanh is flat: its derivative is 0 there, not nan"
    )
