"""Test of question update_parameters_without_momentum, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "update_parameters_without_momentum"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_update_parameters_without_momentum_public(update_parameters_with_momentum_Adam):
    network = {"numLayers": 2, "apply_momentum": False, "bnorm_list": [0, 0], "act1": "relu", "act2": "linear"}
    network["W1"] = np.array([[2.46753646, -1.07650912], [0.451189417, -0.352662967], [2.06773287, -2.91347893]])
    network["W2"] = np.array([[-0.372295319, -0.44346777, 1.30916419], [-1.27004504, -0.199102944, -1.01366359]])
    network.update({"b1": np.zeros((3, 1)), "b2": np.zeros((2, 1))})
    slopes = {
        "dW1": np.array([[0.0409855723, 0.178596981], [-0.189015653, 0.124855138], [1.79670215, -1.18681967]]),
        "db1": np.array([[-0.0775989479], [-0.116364203], [1.10610846]]),
        "dW2": np.array([[-0.101507006, 0.52918273, 3.08799228], [0.101507006, -0.52918273, -3.08799228]]),
        "db2": np.array([[0.106160645], [-0.106160645]]),
    }
    for step in (1, 2):  # two updates with the same gradients
        network = update_parameters_with_momentum_Adam(network, slopes, alpha=1)
    expected = {
        "W1": [[2.38556532, -1.43370309], [0.82922072, -0.60237324], [-1.52567143, -0.53983959]],
        "b1": [[0.1551979], [0.23272841], [-2.21221693]],
        "W2": [[-0.16928131, -1.50183323, -4.86682037], [-1.47305905, 0.85926252, 5.16232096]],
        "b2": [[-0.21232129], [0.21232129]],
    }
    for name in expected:
        np.testing.assert_allclose(
            network[name], expected[name], rtol=1e-4, atol=1e-5, err_msg=name + " is wrong after two updates"
        )


@test_case(hidden=True)
def test_update_parameters_without_momentum_hidden(update_parameters_with_momentum_Adam):
    def drawn(dims, seed):
        rng = np.random.RandomState(seed)
        network, slopes = {"numLayers": len(dims) - 1, "apply_momentum": False}, {}
        for l in range(1, len(dims)):
            network.update({"act" + str(l): "relu", "dropout" + str(l): 0})
            for kind, shape in (("W", (dims[l], dims[l - 1])), ("b", (dims[l], 1))):
                network[kind + str(l)], slopes["d" + kind + str(l)] = rng.randn(*shape), rng.randn(*shape)
        return network, slopes


    network, slopes = drawn([4, 2, 5, 3], 21)
    network["bnorm_list"] = [0, 0, 0]
    given_slopes = {name: slope.copy() for name, slope in slopes.items()}
    actual = update_parameters_with_momentum_Adam(
        {name: np.copy(value) if isinstance(value, np.ndarray) else value for name, value in network.items()},
        given_slopes,
        0.01,
    )
    for l in "123":
        for name in ("W" + l, "b" + l):
            np.testing.assert_allclose(
                actual[name],
                network[name] - 0.01 * slopes["d" + name],
                rtol=1e-4,
                atol=1e-5,
                err_msg="without momentum the step is alpha times the gradient, in every layer, for W and for b",
            )
            np.testing.assert_allclose(
                given_slopes["d" + name],
                slopes["d" + name],
                rtol=1e-6,
                err_msg="the update changed the gradients: do not change them",
            )

    network, slopes = drawn([4, 2, 3], 22)
    network.update({"bnorm_list": [0, 1], "bnorm_beta1": np.array([]), "bnorm_gamma1": np.array([])})
    network.update(
        {"bnorm_beta2": np.array([[1.0], [2.0], [3.0]]), "bnorm_gamma2": np.array([[4.0], [5.0], [6.0]])}
    )
    slopes.update({"dbnorm_beta1": [], "dbnorm_gamma1": []})
    slopes.update(
        {"dbnorm_beta2": np.array([[1.0], [0.0], [-1.0]]), "dbnorm_gamma2": np.array([[2.0], [0.0], [-2.0]])}
    )
    actual = update_parameters_with_momentum_Adam(network, slopes, 0.5)
    np.testing.assert_allclose(
        actual["bnorm_beta2"],
        [[0.5], [2.0], [3.5]],
        atol=1e-5,
        err_msg="keep the given branch: it updates bnorm_beta",
    )
    np.testing.assert_allclose(
        actual["bnorm_gamma2"],
        [[3.0], [5.0], [7.0]],
        atol=1e-5,
        err_msg="keep the given branch: it updates bnorm_gamma",
    )
