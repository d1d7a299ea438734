"""Test of question initialize_velocity, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "initialize_velocity"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_initialize_velocity_public(initialize_velocity):
    network = {"numLayers": 2, "act1": "relu", "act2": "linear", "dropout1": 0.3, "dropout2": 0}
    network.update({"W1": np.ones((4, 3)), "b1": np.ones((4, 1)), "W2": np.ones((1, 4)), "b2": np.ones((1, 1))})
    network = initialize_velocity(network, True)
    assert bool(network["apply_momentum"]), "apply_momentum is stored in the parameters"
    for name, shape in (("dW1", (4, 3)), ("db1", (4, 1)), ("dW2", (1, 4)), ("db2", (1, 1))):
        for average in ("V", "G"):
            kept = network[average + name]
            assert np.shape(kept) == shape, average + name + " has the shape of its parameter"
            np.testing.assert_allclose(kept, np.zeros(shape), err_msg=average + name + " starts at zero")


@test_case(hidden=True)
def test_initialize_velocity_hidden(initialize_velocity):
    rng = np.random.RandomState(13)
    dims = [5, 2, 7, 3]
    for apply_momentum in (True, False):
        network = {"numLayers": 3}
        for l in (1, 2, 3):
            network.update({"W" + str(l): rng.randn(dims[l], dims[l - 1]), "b" + str(l): rng.randn(dims[l], 1)})
            network.update({"act" + str(l): "relu", "dropout" + str(l): 0.1})
        before = {name: np.copy(value) for name, value in network.items()}
        network = initialize_velocity(network, apply_momentum)
        assert bool(network["apply_momentum"]) == apply_momentum, (
            "apply_momentum is stored, whether true or false"
        )
        for l in (1, 2, 3):
            for name in ("W" + str(l), "b" + str(l)):
                np.testing.assert_allclose(
                    network[name], before[name], rtol=1e-5, err_msg="weights and biases must not change"
                )
                if apply_momentum:
                    for average in ("Vd", "Gd"):
                        assert average + name in network, (
                            "every layer needs V and G, for W and for b, including the last layer"
                        )
                        assert np.shape(network[average + name]) == before[name].shape, (
                            "V and G have the shape of their W or b"
                        )
                        np.testing.assert_allclose(
                            network[average + name], np.zeros(before[name].shape), err_msg="V and G start at zero"
                        )
        assert network["numLayers"] == 3 and network["act2"] == "relu", (
            "all entries that were in the parameters must stay"
        )
    network = {"numLayers": 1, "W1": np.ones((2, 2)), "b1": np.zeros((2, 1)), "act1": "linear", "dropout1": 0}
    network = initialize_velocity(network)
    assert bool(network["apply_momentum"]) and "VdW1" in network, "the default is apply_momentum=True"
