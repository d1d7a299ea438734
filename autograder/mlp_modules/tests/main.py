"""Test of question main, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "main"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_main_public(main):
    X = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [2.5, 0.0], [-2.5, 0.0], [0.0, 2.5]])
    Y = np.array([[0], [1], [2], [0], [1], [2]])
    tried = {
        "data_dir": None,
        "random_seed": 1,
        "num_epoch": 40,
        "minibatch_size": 2,
        "learning_rate": 0.1,
        "alpha": 0.5,
        "lambda": 0.001,
        "dropout_rate": 0.1,
        "num_L1": 12,
        "check": (X, Y, X, Y),
        "log": False,
    }
    toy_train, toy_validation, toy_model = main(tried)
    assert len(toy_train["loss"]) == 40 and len(toy_validation["accuracy"]) == 40, (
        "the histories have an entry for every epoch"
    )
    assert np.shape(toy_model["L1"].params["W"]) == (2, 12), "the first layer has num_L1 units"
    assert toy_train["loss"][-1] < 0.2 * toy_train["loss"][0], (
        "the loss must fall in forty epochs: is something missing in the forward or the backward pass?"
    )
    assert toy_validation["accuracy"][-1] == 1, "the network must learn six samples in forty epochs"


@test_case(hidden=True)
def test_main_hidden(main):
    def slopes_of(theta, X, Y, mask):
        """The loss's derivative with respect to each array of theta, by the chain rule, from the softmax back to X."""
        W1, b1, W2, b2 = theta
        bent = np.tanh(X @ W1 + b1)
        units = np.maximum(bent, 0) * mask
        scores = units @ W2 + b2
        powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        d_scores = (powers / np.sum(powers, axis=1, keepdims=True) - np.eye(3)[Y[:, 0]]) / len(Y)
        d_linear = d_scores @ W2.T * mask * (bent > 0) * (1 - bent**2)
        slopes = [X.T @ d_linear, np.sum(d_linear, axis=0), units.T @ d_scores, np.sum(d_scores, axis=0)]
        return [slope.reshape(array.shape) for slope, array in zip(slopes, theta)]


    def parameters(model):
        return [np.array(model[name].params[key], dtype=float) for name in ("L1", "L2") for key in ("W", "b")]


    rng = np.random.RandomState(18)
    X, Y = 2 * rng.randn(7, 4), np.array([[0], [2], [1], [2], [0], [1], [2]])
    settings = {
        "data_dir": None,
        "random_seed": 19,
        "num_epoch": 1,
        "minibatch_size": 7,
        "learning_rate": 0.5,
        "alpha": 0,
        "lambda": 0,
        "dropout_rate": 0,
        "num_L1": 6,
        "check": (X, Y, X, Y),
        "log": False,
    }
    order = np.random.RandomState(19).permutation(7)  # like utils.DataSplit
    _, _, model = main(dict(settings, num_epoch=0))
    start = parameters(model)
    assert start[0].shape == (4, 6) and start[2].shape == (6, 3), (
        "the hidden layer has num_L1 units, and there is a score for each class"
    )
    first_slopes = slopes_of(start, X, Y, np.ones((7, 6)))  # without dropout
    assert np.max(np.abs(first_slopes[0])) > 1e-4 and np.max(np.abs(first_slopes[2])) > 1e-4, (
        "the network cannot learn from its initial parameters: keep the given lines that create the layers"
    )

    _, _, model = main(dict(settings))
    for before, after, slope in zip(start, parameters(model), first_slopes):
        np.testing.assert_allclose(
            (before - after) / 0.5,
            slope,
            rtol=1e-3,
            atol=1e-4,
            err_msg="after one step, the network's gradient is wrong: does each backward get the X of its own forward?",
        )

    _, _, model = main(dict(settings, **{"lambda": 0.3}))
    for before, after, slope in zip(start, parameters(model), first_slopes):
        np.testing.assert_allclose(
            (before - after) / 0.5,
            slope + 0.3 * before,
            rtol=1e-3,
            atol=1e-4,
            err_msg="with lambda the step is wrong: do you use main_params unchanged?",
        )

    _, _, model = main(dict(settings, dropout_rate=0.5))
    mask = model["drop1"].mask
    assert mask is not None, "dropout drew no mask: in training, call its forward with is_train True"
    mask = np.array(mask, dtype=float)
    assert mask.shape == (7, 6), "dropout works on the hidden units, after relu: its mask has a column for each unit"
    for before, after, slope in zip(start, parameters(model), slopes_of(start, X[order], Y[order], mask)):
        np.testing.assert_allclose(
            (before - after) / 0.5,
            slope,
            rtol=1e-3,
            atol=1e-4,
            err_msg="with dropout, the network's gradient is wrong: is dropout in the forward and the backward pass?",
        )

    _, _, model = main(dict(settings, minibatch_size=3, learning_rate=0.2, alpha=0.8, **{"lambda": 0.1}))
    theta, velocities = start, [np.zeros(array.shape) for array in start]
    for first in (0, 3, 6):  # the last mini-batch holds a single sample
        part = order[first : first + 3]
        slopes = slopes_of(theta, X[part], Y[part], np.ones((len(part), 6)))
        velocities = [0.8 * v - 0.2 * (slope + 0.1 * array) for v, slope, array in zip(velocities, slopes, theta)]
        theta = [array + v for array, v in zip(theta, velocities)]
    for actual, expected in zip(parameters(model), theta):
        np.testing.assert_allclose(
            actual,
            expected,
            rtol=1e-3,
            atol=1e-3,
            err_msg="after three steps with momentum the parameters are wrong: take one step for each mini-batch",
        )
