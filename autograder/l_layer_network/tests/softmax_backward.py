"""Test of question softmax_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "softmax_backward"
points = 4
all_or_nothing = True


@test_case(hidden=False)
def test_softmax_backward_public(softmax_backward):
    p, Y = np.array([[0.25, 0.5], [0.75, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    dZ = softmax_backward(-Y / p, {"Z": np.log(p), "Y": Y})
    np.testing.assert_allclose(dZ, [[-0.75, 0.5], [0.75, -0.5]], atol=1e-5, err_msg="dZ = p - Y, without 1/m")


@test_case(hidden=True)
def test_softmax_backward_hidden(softmax_backward):
    rng = np.random.RandomState(14)
    for n, m in ((3, 5), (10, 2), (2, 1)):
        Z, labels = 2 * rng.randn(n, m), rng.randint(n, size=m)
        Y = np.eye(n)[labels].T
        p = np.exp(Z) / np.exp(Z).sum(axis=0)
        dZ = softmax_backward(-Y / p, {"Z": Z.copy(), "Y": Y.copy()})
        assert np.shape(dZ) == (n, m), "dZ has the shape of Z"

        numerical = np.zeros((n, m))
        for place in np.ndindex(n, m):
            costs = []
            for step in (1e-4, -1e-4):
                moved = Z.copy()
                moved[place] += step
                costs.append(np.sum(np.log(np.sum(np.exp(moved), axis=0)) - moved[labels, np.arange(m)]))
            numerical[place] = (costs[0] - costs[1]) / 2e-4
        np.testing.assert_allclose(
            np.sum(np.asarray(dZ), axis=0),
            np.zeros(m),
            atol=1e-4,
            err_msg="each column of dZ adds up to 0: p and Y both add up to 1",
        )
        np.testing.assert_allclose(
            dZ,
            numerical,
            rtol=1e-3,
            atol=1e-4,
            err_msg="dZ disagrees with finite differences of the cross-entropy: it is softmax(Z) - Y, without 1/m",
        )
