"""Test of question linear_init, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_init"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_linear_init_public(linear_layer):
    np.random.seed(1)
    layer = linear_layer(3, 2)
    expected = [[0.16243454, -0.06117564], [-0.05281718, -0.10729686], [0.08654076, -0.23015387]]
    np.testing.assert_allclose(
        layer.params["W"], expected, atol=1e-6, err_msg="W is np.random.normal(0, 0.1, (3, 2)), drawn first"
    )
    np.testing.assert_allclose(
        layer.params["b"],
        [[0.17448118, -0.07612069]],
        atol=1e-6,
        err_msg="b is np.random.normal(0, 0.1, (1, 2)), drawn second",
    )
    np.testing.assert_allclose(
        layer.gradient["W"], np.zeros((3, 2)), err_msg="gradient W starts as zeros, with W's shape"
    )
    np.testing.assert_allclose(
        layer.gradient["b"], np.zeros((1, 2)), err_msg="gradient b starts as zeros, with b's shape"
    )


@test_case(hidden=True)
def test_linear_init_hidden(linear_layer):
    for seed, D_in, D_out in ((4, 5, 7), (5, 1, 3), (6, 40, 30)):
        np.random.seed(seed)
        W, b = np.random.normal(0, 0.1, (D_in, D_out)), np.random.normal(0, 0.1, (1, D_out))
        np.random.seed(seed)
        layer = linear_layer(D_in, D_out)
        assert np.shape(layer.params["W"]) == (D_in, D_out), (
            "W has a row for each input feature and a column for each output feature"
        )
        assert np.shape(layer.params["b"]) == (1, D_out), (
            "b is a row with an entry for each output feature"
        )
        np.testing.assert_allclose(
            layer.params["W"],
            W,
            rtol=1e-4,
            atol=1e-6,
            err_msg="draw W with np.random.normal, mean 0 and spread 0.1, before b",
        )
        np.testing.assert_allclose(
            layer.params["b"], b, rtol=1e-4, atol=1e-6, err_msg="draw b after W, with the same spread"
        )
        for key in ("W", "b"):
            assert np.shape(layer.gradient[key]) == np.shape(layer.params[key]), (
                "a gradient has the shape of its parameter"
            )
            np.testing.assert_allclose(
                layer.gradient[key], np.zeros(np.shape(layer.params[key])), err_msg="the gradients start as zeros"
            )
    one, other = linear_layer(2, 2), linear_layer(2, 2)
    other.params["W"] = np.zeros((2, 2))
    assert np.any(np.asarray(one.params["W"]) != 0), (
        "two layers share their parameters: each needs its own dictionaries"
    )
