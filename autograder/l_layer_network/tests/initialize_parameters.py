"""Test of question initialize_parameters, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "initialize_parameters"
points = 4
all_or_nothing = True


@test_case(hidden=False)
def test_initialize_parameters_public(initialize_parameters):
    parameters = initialize_parameters([300, 200, 7])
    assert set(parameters) == {"W1", "b1", "W2", "b2"}, "two layers have four parameters: W1, b1, W2, b2"
    for name, shape in (("W1", (200, 300)), ("b1", (200, 1)), ("W2", (7, 200)), ("b2", (7, 1))):
        assert np.shape(parameters[name]) == shape, "{} should have the shape {}".format(name, shape)
    assert not np.any(np.asarray(parameters["b1"])), "biases start at 0"
    spread = np.std(np.asarray(parameters["W1"]))
    assert abs(spread - np.sqrt(2 / 300)) < 0.005, (
        "W1 should be randn times sqrt(2 / n_0), where n_0 is the number of input features"
    )


@test_case(hidden=True)
def test_initialize_parameters_hidden(initialize_parameters):
    for dims in ([50, 400, 30, 60], [1000, 3], [64, 100, 100, 100, 100, 5]):
        parameters = initialize_parameters(list(dims))
        names = {kind + str(l) for kind in "Wb" for l in range(1, len(dims))}
        assert set(parameters) == names, "there are W and b for each layer from 1 to L, and nothing else"
        for l in range(1, len(dims)):
            W, b = np.asarray(parameters["W" + str(l)], float), np.asarray(parameters["b" + str(l)], float)
            assert W.shape == (dims[l], dims[l - 1]), "W has a row for each unit and a column for each input"
            assert b.shape == (dims[l], 1), "b is a column with one entry for each unit"
            assert not b.any(), "the biases start at 0"
            scaled = W / np.sqrt(2 / dims[l - 1])
            assert abs(np.std(scaled) - 1) < 0.12, "the scale is sqrt(2 / n), where n is the number of inputs of that layer"
            assert abs(np.mean(scaled)) < 0.15, "the mean of the weights is near 0"
            beyond = np.mean(np.abs(scaled) > 2)
            assert W.size < 1000 or 0.02 < beyond < 0.08, (
                "the weights come from the normal distribution: randn, not rand"
            )
    first, second = initialize_parameters([5, 4]), initialize_parameters([5, 4])
    assert not np.allclose(first["W1"], second["W1"]), "each call must draw new numbers: don't set the seed here"
    np.random.seed(3)
    first = np.array(initialize_parameters([6, 5, 4])["W2"], float)
    np.random.seed(3)
    again = np.array(initialize_parameters([6, 5, 4])["W2"], float)
    assert np.array_equal(first, again) or not np.allclose(first, first[0]), "the rows of W are all the same"
