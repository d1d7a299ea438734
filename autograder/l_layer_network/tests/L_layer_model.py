"""Test of question L_layer_model, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "L_layer_model"
points = 8
all_or_nothing = True


@test_case(hidden=False)
def test_L_layer_model_public(L_layer_model):
    # Inputs of 0 contain no information, so the first cost is ln(5), that of guessing among five classes.
    parameters, costs = L_layer_model(
        np.zeros((4, 10)),
        np.eye(5)[[0, 1, 2, 3, 4] * 2].T,
        [4, 3, 5],
        0.1,
        201,
        10,
        validation_split=0,
        log=False,
    )
    assert len(costs) == 3, "there is a cost for steps 0, 100 and 200"
    np.testing.assert_allclose(
        costs[0], np.log(5), atol=1e-4, err_msg="the first cost is that of the untrained network"
    )
    assert set(parameters) == {"W1", "b1", "W2", "b2"}, "the trained parameters have the same names"


@test_case(hidden=True)
def test_L_layer_model_hidden(L_layer_model):
    def probabilities(X, parameters, use_batchnorm, sizes):
        """The network's probabilities, calculated here."""
        A = X
        for l in range(1, len(sizes)):
            assert np.shape(parameters["W" + str(l)]) == (sizes[l], sizes[l - 1]), (
                "the trained network has a layer for each size, with a row for each of its units"
            )
            Z = np.asarray(parameters["W" + str(l)], float) @ A + np.asarray(parameters["b" + str(l)], float)
            A = np.maximum(Z, 0)
            if use_batchnorm:
                A = (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + 1e-5)
        powers = np.exp(Z - Z.max(axis=0))
        return powers / powers.sum(axis=0)


    def clouds(m):
        labels = rng.randint(3, size=m)
        X = np.array([[0.0, 3.0, -3.0], [3.0, -2.0, -2.0]])[:, labels] + 0.7 * rng.randn(2, m)
        return X, np.eye(3)[labels].T


    rng = np.random.RandomState(19)
    _, costs = L_layer_model(
        np.zeros((3, 8)), np.eye(4)[[0, 1, 2, 3] * 2].T, [3, 4], 0.1, 200, 4, validation_split=0, log=False
    )
    assert len(costs) == 2, "200 steps are numbered 0 to 199: keep the costs of steps 0 and 100"
    np.testing.assert_allclose(
        costs[0], np.log(4), atol=1e-3, err_msg="the cost of step 0 is taken before the first update"
    )

    X, Y = clouds(200)
    for use_batchnorm in (False, True):
        parameters, costs = L_layer_model(
            X.copy(),
            Y.copy(),
            [2, 12, 3],
            0.2,
            301,
            20,
            use_batchnorm=use_batchnorm,
            patience=10000,
            seed=2,
            log=False,
        )
        assert len(costs) == 4, "with a large patience training goes on to the last step"
        assert np.all(np.isfinite(np.asarray(costs, float))), "costs are finite numbers"
        right = np.mean(probabilities(X, parameters, use_batchnorm, [2, 12, 3]).argmax(axis=0) == Y.argmax(axis=0))
        if use_batchnorm:
            assert right > 0.9, (
                "with batchnorm the network hardly separates three clouds of points: do you pass on use_batchnorm?"
            )
        else:
            assert right > 0.9, (
                "after 300 steps the network hardly separates three clouds of points: check forward, backward, update"
            )
        assert costs[-1] < costs[0], "the cost does not fall"

    # In 300 steps a network learns from such a weak input only if batchnorm makes it strong.
    X, Y = clouds(200)
    _, costs = L_layer_model(
        0.01 * X, Y.copy(), [2, 12, 3], 0.2, 301, 20, use_batchnorm=True, patience=10000, seed=2, log=False
    )
    assert costs[-1] < 0.4, (
        "with use_batchnorm the network should also learn from weak inputs: does the training step use it?"
    )

    # One layer with L2 has one best solution. Gradient descent reaches it from every start.
    X, Y = clouds(60)
    parameters, costs = L_layer_model(
        X.copy(), Y.copy(), [2, 3], 0.3, 401, 60, l2=0.1, validation_split=0, log=False
    )
    W, p = np.asarray(parameters["W1"], float), probabilities(X, parameters, False, [2, 3])
    np.testing.assert_allclose(
        np.mean(p - Y, axis=1),
        np.zeros(3),
        atol=5e-3,
        err_msg="with l2 the biases are wrong: L2 is for weights only",
    )
    np.testing.assert_allclose(
        (p - Y) @ X.T / 60 + 0.1 * W,
        np.zeros((3, 2)),
        atol=5e-3,
        err_msg="with l2 the weights are wrong: add l2 times W to dW, without another factor",
    )
    np.testing.assert_allclose(
        float(costs[-1]),
        -np.mean(np.log(np.sum(p * Y, axis=0))) + 0.05 * np.sum(W**2),
        atol=5e-3,
        err_msg="with l2 the cost is wrong: its second part is l2 / 2 times the sum of all squared weights",
    )
    parameters, _ = L_layer_model(X.copy(), Y.copy(), [2, 3], 0.3, 401, 60, validation_split=0, log=False)
    without = np.linalg.norm(np.asarray(parameters["W1"], float))
    assert without > 1.5 * np.linalg.norm(W), (
        "without l2 the weights should grow larger: do you add L2 even when l2 is 0?"
    )

    X, Y = clouds(100)
    _, costs = L_layer_model(X.copy(), Y.copy(), [2, 4, 3], 0.0, 1000, 10, log=False)
    assert 2 <= len(costs) <= 3, "nothing can improve with a learning rate of 0: stop after 100 steps, not before"
    _, costs = L_layer_model(X.copy(), Y.copy(), [2, 4, 3], 0.0, 1000, 10, patience=300, log=False)
    assert 4 <= len(costs) <= 5, "patience is the number of steps to wait without an improvement"
    X, labels = rng.randn(20, 1000), np.arange(1000) % 10
    X += np.repeat(1.5 * rng.randn(20, 10), 100, axis=1)[:, 100 * labels + np.arange(1000) // 10]
    _, costs = L_layer_model(X, np.eye(10)[labels].T, [20, 10], 0.003, 301, 20, patience=80, log=False)
    assert len(costs) == 4, "as long as the accuracy improves, training goes on: count from the last improvement"

    X, Y = clouds(50)
    runs = [
        L_layer_model(X.copy(), Y.copy(), [2, 5, 3], 0.1, 101, 10, seed=seed, log=False)[1] for seed in (3, 3, 4)
    ]
    np.testing.assert_allclose(runs[0], runs[1], rtol=1e-4, err_msg="the same seed gives the same training")
    assert not np.allclose(runs[0][0], runs[2][0]), (
        "a different seed gives a different training: don't set your own seed"
    )
