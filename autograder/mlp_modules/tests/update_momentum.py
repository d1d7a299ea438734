"""Test of question update_momentum, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "update_momentum"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_update_momentum_public(miniBatchStochasticGradientDescent, scale_shift):
    model = {"S1": scale_shift(2)}
    model["S1"].gradient["s"] = np.array([[10.0, -10.0]])
    momentum = {"S1_s": np.zeros((1, 2)), "S1_c": np.zeros((1, 2))}
    model = miniBatchStochasticGradientDescent(model, momentum, 0, 0.5, 0.1)
    np.testing.assert_allclose(
        model["S1"].params["s"],
        [[0, 2]],
        atol=1e-5,
        err_msg="from a velocity of 0, the first step is -eta times the gradient",
    )
    model["S1"].gradient["s"] = np.zeros((1, 2))
    model = miniBatchStochasticGradientDescent(model, momentum, 0, 0.5, 0.1)
    np.testing.assert_allclose(
        model["S1"].params["s"],
        [[-0.5, 2.5]],
        atol=1e-5,
        err_msg="with a gradient of 0 the velocity becomes alpha times the old one",
    )
    np.testing.assert_allclose(
        momentum["S1_s"], [[-0.5, 0.5]], atol=1e-5, err_msg='the velocity is stored in momentum["S1_s"]'
    )
    model = miniBatchStochasticGradientDescent(model, momentum, 2, 0.5, 0.1)
    np.testing.assert_allclose(
        model["S1"].params["s"],
        [[-0.65, 2.25]],
        atol=1e-5,
        err_msg="with momentum, too, add lambda times the parameter to the gradient",
    )


@test_case(hidden=True)
def test_update_momentum_hidden(miniBatchStochasticGradientDescent, scale_shift, square):
    rng = np.random.RandomState(3)
    for _lambda, _alpha, rate in ((0, 0.9, 0.1), (0.5, 0.9, 0.1), (0.5, 0.2, 0.7)):
        model = {"first": scale_shift(3), "act": square(), "second": scale_shift(2)}
        parameters, velocities = {}, {}
        for name, D in (("first", 3), ("second", 2)):
            for key in ("s", "c"):
                parameters[name, key], velocities[name, key] = rng.randn(1, D), 0.1 * rng.randn(1, D)
                model[name].params[key] = parameters[name, key].copy()
        momentum = {name + "_" + key: velocity.copy() for (name, key), velocity in velocities.items()}
        for step in (1, 2, 3):
            for name, key in parameters:
                slope = rng.randn(*parameters[name, key].shape)
                model[name].gradient[key] = slope.copy()
                g = slope + _lambda * parameters[name, key]
                velocities[name, key] = _alpha * velocities[name, key] - rate * g
                parameters[name, key] = parameters[name, key] + velocities[name, key]
            model = miniBatchStochasticGradientDescent(model, momentum, _lambda, _alpha, rate)
            assert model is not None and set(model) == {"first", "act", "second"}, (
                "the function must return model, with all of its modules"
            )
            for name, key in parameters:
                assert np.shape(momentum[name + "_" + key]) == np.shape(parameters[name, key]), (
                    "a velocity keeps the shape of its parameter"
                )
                np.testing.assert_allclose(
                    momentum[name + "_" + key],
                    velocities[name, key],
                    rtol=1e-4,
                    atol=1e-6,
                    err_msg="each velocity in momentum becomes alpha * v - eta * g, with g = gradient + lambda * parameter",
                )
                np.testing.assert_allclose(
                    model[name].params[key],
                    parameters[name, key],
                    rtol=1e-4,
                    atol=1e-6,
                    err_msg="update the velocity first; then the parameter moves by its own new velocity",
                )
