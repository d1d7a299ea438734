"""Test of question initialize_network, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "initialize_network"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_initialize_network_public(initialize_network):
    np.random.seed(1)
    network = initialize_network([3, 4, 1], ["relu", "linear"], [0.3, 0.5])
    expected = [
        [1.87563247, -0.70639546, -0.60988021],
        [-1.23895745, 0.99928666, -2.65758797],
        [2.01473508, -0.87896602, 0.36839462],
        [-0.28794811, 1.68829682, -2.37884559],
    ]
    np.testing.assert_allclose(network["W1"], expected, atol=1e-5, err_msg="W1 is randn(4, 3) * 2 / sqrt(3)")
    np.testing.assert_allclose(network["b1"], np.zeros((4, 1)), err_msg="b1 is zeros (4, 1)")
    np.testing.assert_allclose(network["b2"], np.zeros((1, 1)), err_msg="b2 is zeros (1, 1)")
    assert network["numLayers"] == 2, "numLayers counts the layers that have weights"
    assert network["act1"] == "relu" and network["act2"] == "linear", "act_l is the activation of layer l"
    assert network["dropout1"] == 0.3 and network["dropout2"] == 0.5, (
        "dropout_l is the drop probability of layer l"
    )


@test_case(hidden=True)
def test_initialize_network_hidden(initialize_network):
    dims, acts, drops = [6, 9, 2, 5], ["relu", "linear", "relu"], [0.1, 0.2, 0]
    np.random.seed(12)
    drawn = [np.random.randn(dims[l], dims[l - 1]) for l in (1, 2, 3)]
    np.random.seed(12)
    network = initialize_network(list(dims), list(acts), list(drops))
    assert network["numLayers"] == 3, (
        "numLayers is the number of layers with weights: one less than the length of net_dims"
    )
    for l in (1, 2, 3):
        W, b = network["W" + str(l)], network["b" + str(l)]
        assert np.shape(W) == (dims[l], dims[l - 1]), "W_l is (n_l, n_{l-1})"
        assert np.shape(b) == (dims[l], 1), "b_l is a column, (n_l, 1)"
        np.testing.assert_allclose(b, np.zeros((dims[l], 1)), err_msg="b_l starts at zero")
        np.testing.assert_allclose(
            W,
            drawn[l - 1] * 2 / dims[l - 1] ** 0.5,
            rtol=1e-4,
            atol=1e-6,
            err_msg="W_l is randn(n_l, n_{l-1}) * 2 / sqrt(n_{l-1}), with the number of inputs, layer by layer",
        )
        assert network["act" + str(l)] == acts[l - 1], "act_l is the activation of layer l, l from 1"
        assert network["dropout" + str(l)] == drops[l - 1], (
            "dropout_l is the drop probability of layer l, l from 1"
        )
    network = initialize_network([4, 3], ["linear"], [0])
    assert network["numLayers"] == 1 and np.shape(network["W1"]) == (3, 4), (
        "the parameters are wrong for a network with a single layer"
    )
