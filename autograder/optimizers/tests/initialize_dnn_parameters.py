"""Test of question initialize_dnn_parameters, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "initialize_dnn_parameters"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_initialize_dnn_parameters_public(initialize_dnn_parameters):
    state = np.random.get_state()
    np.random.seed(1)
    found = initialize_dnn_parameters([5, 4, 3])
    np.random.set_state(state)
    W1 = [
        [0.72642933, -0.27358579, -0.23620559, -0.47984616, 0.38702206],
        [-1.0292794, 0.78030354, -0.34042208, 0.14267862, -0.11152182],
        [0.65387455, -0.92132293, -0.14418936, -0.17175433, 0.50703711],
        [-0.49188633, -0.07711224, -0.39259022, 0.01887856, 0.26064289],
    ]
    W2 = [
        [-0.55030959, 0.57236185, 0.45079536, 0.25124717],
        [0.45042797, -0.34186393, -0.06144511, -0.46788472],
        [-0.13394404, 0.26517773, -0.34583038, -0.19837676],
    ]
    np.testing.assert_allclose(found["W1"], W1, atol=1e-5, err_msg="W1 is randn(4, 5) times 1 / sqrt(5)")
    np.testing.assert_allclose(
        found["W2"], W2, atol=1e-5, err_msg="W2 is randn(3, 4) times 1 / sqrt(4), drawn after W1"
    )
    for name, units in (("b1", 4), ("b2", 3)):
        np.testing.assert_allclose(
            found[name], np.zeros((units, 1)), err_msg=name + " is a column of zeros"
        )


@test_case(hidden=True)
def test_initialize_dnn_parameters_hidden(initialize_dnn_parameters):
    state = np.random.get_state()
    for layer_dims in ([3, 1], [7, 2, 9, 4], [2, 2, 2, 2, 1]):
        L = len(layer_dims) - 1
        np.random.seed(21)
        drawn = [np.random.randn(layer_dims[l], layer_dims[l - 1]) for l in range(1, L + 1)]
        np.random.seed(21)
        found = initialize_dnn_parameters(list(layer_dims))
        assert sorted(found) == sorted(kind + str(l) for kind in "Wb" for l in range(1, L + 1)), (
            "the keys are W and b with the layer's number, from 1 to L, and nothing else"
        )
        for l in range(1, L + 1):
            W, b = found["W" + str(l)], found["b" + str(l)]
            assert np.shape(W) == (layer_dims[l], layer_dims[l - 1]), (
                "W_l is (n_l, n_{l-1}): a row for each unit"
            )
            assert np.shape(b) == (layer_dims[l], 1), "b_l is a column, (n_l, 1)"
            np.testing.assert_allclose(b, np.zeros((layer_dims[l], 1)), err_msg="b_l starts at zero")
            np.testing.assert_allclose(
                W,
                drawn[l - 1] / layer_dims[l - 1] ** 0.5,
                rtol=1e-4,
                atol=1e-6,
                err_msg="W_l is randn times the standard deviation, 1 / sqrt(number of inputs)",
            )
    np.random.set_state(state)
