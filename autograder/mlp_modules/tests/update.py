"""Test of question update, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "update"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_update_public(miniBatchStochasticGradientDescent, scale_shift, square):
    model = {"S1": scale_shift(2), "act": square(), "S2": scale_shift(1)}
    model["S1"].params["s"] = np.array([[5.0, -5.0]])
    model["S1"].gradient["s"] = np.array([[10.0, -20.0]])
    model["S1"].gradient["c"] = np.array([[1.0, 2.0]])
    model["S2"].gradient["s"] = np.array([[-4.0]])
    model = miniBatchStochasticGradientDescent(model, None, 0, 0, 0.1)
    np.testing.assert_allclose(
        model["S1"].params["s"],
        [[4, -3]],
        atol=1e-5,
        err_msg="without lambda and alpha the step is -eta times the gradient",
    )
    np.testing.assert_allclose(
        model["S1"].params["c"], [[-0.1, -0.2]], atol=1e-5, err_msg="every parameter of a module is updated"
    )
    np.testing.assert_allclose(model["S2"].params["s"], [[1.4]], atol=1e-5, err_msg="every module is updated")
    model["S1"].gradient["s"] = np.zeros((1, 2))
    model = miniBatchStochasticGradientDescent(model, None, 0.5, 0, 0.1)
    np.testing.assert_allclose(
        model["S1"].params["s"],
        [[3.8, -2.85]],
        atol=1e-5,
        err_msg="with lambda, add lambda times the parameter to the gradient",
    )


@test_case(hidden=True)
def test_update_hidden(miniBatchStochasticGradientDescent, scale_shift, square):
    rng = np.random.RandomState(2)
    for _lambda, rate in ((0, 0.3), (0.25, 0.3), (2.0, 0.01)):
        model = {"first": scale_shift(3), "act": square(), "second": scale_shift(4), "third": scale_shift(1)}
        before, slopes = {}, {}
        for name, D in (("first", 3), ("second", 4), ("third", 1)):
            for key in ("s", "c"):
                before[name, key], slopes[name, key] = rng.randn(1, D), rng.randn(1, D)
                model[name].params[key] = before[name, key].copy()
                model[name].gradient[key] = slopes[name, key].copy()
        after = miniBatchStochasticGradientDescent(dict(model), None, _lambda, 0, rate)
        assert after is not None and set(after) == set(model), (
            "the function must return model, with all of its modules"
        )
        for name, key in before:
            step = np.asarray(after[name].params[key], dtype=float) - before[name, key]
            assert np.shape(step) == before[name, key].shape, "a parameter keeps its shape"
            assert np.any(np.abs(step) > 1e-9), (
                "a parameter is left out: update every parameter of every module"
            )
            if _lambda == 0:
                np.testing.assert_allclose(
                    step,
                    -rate * slopes[name, key],
                    rtol=1e-4,
                    atol=1e-6,
                    err_msg="without lambda the step is -eta times the gradient, once",
                )
            np.testing.assert_allclose(
                step,
                -rate * (slopes[name, key] + _lambda * before[name, key]),
                rtol=1e-4,
                atol=1e-6,
                err_msg="add lambda times the parameter to the gradient, for every parameter, before the step",
            )

    model = {"only": scale_shift(2)}
    model["only"].params["s"] = np.array([[1.0, 2.0]])
    for step in range(3):
        model["only"].gradient["s"] = np.array([[1.0, -1.0]])
        model["only"].gradient["c"] = np.zeros((1, 2))
        model = miniBatchStochasticGradientDescent(model, None, 0, 0, 0.5)
    np.testing.assert_allclose(
        model["only"].params["s"],
        [[-0.5, 3.5]],
        rtol=1e-4,
        err_msg="without momentum, three steps with the same gradient go three times as far as one step",
    )
