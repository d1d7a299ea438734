"""Test of question multi_layer_network, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "multi_layer_network"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_multi_layer_network_public(multi_layer_network):
    np.random.seed(1)
    A0 = np.random.randn(3, 6)
    Y = np.array([[1, 0, 2, 0, 1, 2]])
    costs, network = multi_layer_network(
        A0,
        Y,
        [3, 6, 3],
        ["relu", "linear"],
        [0.3, 0],
        [0, 0],
        num_epochs=1,
        batch_size=2,
        learning_rate=0.1,
        decay_rate=1,
        apply_momentum=True,
        log=False,
        log_step=1,
    )
    expected = [0.8291501476754569, 3.1183677832322285, 4.988510889921268]
    assert len(costs) == 3, "6 samples in mini-batches of 2: three iterations, three costs"
    np.testing.assert_allclose(
        costs,
        expected,
        rtol=1e-3,
        err_msg="the costs of the three mini-batches are wrong (with dropout 0.3 and Adam: do their tests pass?)",
    )


@test_case(hidden=True)
def test_multi_layer_network_hidden(multi_layer_backward, multi_layer_forward, multi_layer_network, softmax_cross_entropy_loss, softmax_cross_entropy_loss_der):
    import functools


    @functools.cache
    def trained_by_hand():
        """Samples, the loss's slopes for some parameters, what seed 24 draws, and training runs from seeds 25 to 27."""

        def started(draws):
            """The initial weights that come from these draws, and zero biases."""
            weights = [draws.randn(dims[l + 1], dims[l]) * 2 / np.sqrt(dims[l]) for l in range(2)]
            return [weights[0], np.zeros((dims[1], 1)), weights[1], np.zeros((dims[2], 1))]

        def loss_of(theta, X, Y):
            W1, b1, W2, b2 = theta
            Z = W2 @ np.maximum(W1 @ X + b1, 0) + b2
            Z = Z - np.max(Z, axis=0)
            log_sum = np.log(np.sum(np.exp(Z), axis=0))
            return np.mean([log_sum[j] - Z[y, j] for j, y in enumerate(Y[0])])

        def slopes_of(theta, X, Y):
            """The derivative with respect to every entry of theta, by central differences."""
            slopes = []
            for array in theta:
                slope = np.zeros(array.shape)
                for index in np.ndindex(*array.shape):
                    kept = array[index]
                    array[index] = kept + 1e-6
                    above = loss_of(theta, X, Y)
                    array[index] = kept - 1e-6
                    slope[index] = (above - loss_of(theta, X, Y)) / 2e-6
                    array[index] = kept
                slopes.append(slope)
            return slopes

        def descended(seed, rates, batch):
            """Plain gradient descent, one epoch for each rate: all costs, and the final theta."""
            costs, theta = [], started(np.random.RandomState(seed))
            for rate in rates:
                for start in range(0, X.shape[1], batch):
                    part = X[:, start : start + batch], Y[:, start : start + batch]
                    costs.append(loss_of(theta, *part))
                    theta = [array - rate * slope for array, slope in zip(theta, slopes_of(theta, *part))]
            return costs, theta

        rng, dims = np.random.RandomState(23), [3, 5, 4]
        X, Y = rng.randn(3, 7), np.array([[0, 3, 1, 2, 2, 0, 3]])
        theta = [rng.randn(5, 3), rng.randn(5, 1), rng.randn(4, 5), rng.randn(4, 1)]
        draws = np.random.RandomState(24)
        initial = started(draws)[::2] + [draws.randn(n, 1) for n in (5, 5, 4, 4)]
        runs = descended(25, [0.1], 7), descended(26, [0.1], 3), descended(27, [0.1, 0.1 / 2, 0.1 / 3], 3)
        return X, Y, theta, slopes_of(theta, X, Y), initial, runs


    dims, acts = [3, 5, 4], ["relu", "linear"]
    X, Y, theta, slopes, initial, runs = trained_by_hand()

    network = {"numLayers": 2, "bnorm_list": [0, 0], "apply_momentum": False}
    for l in (1, 2):
        network.update({"W" + str(l): theta[2 * l - 2].copy(), "b" + str(l): theta[2 * l - 1].copy()})
        network.update({"act" + str(l): acts[l - 1], "dropout" + str(l): 0})
        network.update({"bnorm_beta" + str(l): np.array([]), "bnorm_gamma" + str(l): np.array([])})
    AL, caches = multi_layer_forward(X.copy(), network, "train")
    _, cache, _ = softmax_cross_entropy_loss(AL, Y.copy())
    gradients = multi_layer_backward(softmax_cross_entropy_loss_der(Y.copy(), cache), caches, network)
    for name, slope in zip(("dW1", "db1", "dW2", "db2"), slopes):
        np.testing.assert_allclose(
            gradients[name],
            slope,
            rtol=1e-3,
            atol=1e-4,
            err_msg="the whole network's gradient disagrees with finite differences: see the 0-point tests",
        )

    np.random.seed(24)
    costs, network = multi_layer_network(X.copy(), Y.copy(), dims, acts, [0, 0], [1, 1], num_epochs=0, log=False)
    for name, value in zip(
        ("W1", "W2", "bnorm_beta1", "bnorm_gamma1", "bnorm_beta2", "bnorm_gamma2"), initial
    ):
        np.testing.assert_allclose(
            network[name],
            value,
            rtol=1e-4,
            atol=1e-5,
            err_msg="initialise the network, then the velocities, then batch normalisation, each once",
        )

    settings = {"learning_rate": 0.1, "apply_momentum": False, "log": False}
    np.random.seed(25)
    X_given = X.copy()
    costs, network = multi_layer_network(
        X_given,
        Y.copy(),
        dims,
        acts,
        [0, 0],
        [0, 0],
        num_epochs=1,
        batch_size=7,
        decay_rate=0,
        log_step=1,
        **settings,
    )
    expected, theta = runs[0]
    assert len(costs) == 1, "one epoch of one mini-batch keeps one cost"
    np.testing.assert_allclose(costs, expected, rtol=1e-3, err_msg="the cost of the first mini-batch is wrong")
    for name, value in zip(("W1", "b1", "W2", "b2"), theta):
        np.testing.assert_allclose(
            network[name],
            value,
            rtol=1e-3,
            atol=1e-4,
            err_msg="after a single step without momentum the parameters are wrong",
        )
    np.testing.assert_allclose(X_given, X, rtol=1e-6, err_msg="training changed X")

    np.random.seed(26)
    costs, network = multi_layer_network(
        X.copy(),
        Y.copy(),
        dims,
        acts,
        [0, 0],
        [0, 0],
        num_epochs=1,
        batch_size=3,
        decay_rate=0,
        log_step=1,
        **settings,
    )
    expected, _ = runs[1]
    assert len(costs) == 3, "7 samples in mini-batches of 3: the last one has a single sample, and it counts too"
    np.testing.assert_allclose(
        costs,
        expected,
        rtol=1e-3,
        err_msg="take the mini-batches in order, and update after each one with its own gradient",
    )
    np.random.seed(27)
    costs, network = multi_layer_network(
        X.copy(),
        Y.copy(),
        dims,
        acts,
        [0, 0],
        [0, 0],
        num_epochs=3,
        batch_size=3,
        decay_rate=1,
        log_step=2,
        **settings,
    )
    expected, theta = runs[2]
    assert len(costs) == 5, "of nine iterations, log_step 2 keeps the costs of 0, 2, 4, 6 and 8"
    np.testing.assert_allclose(
        costs,
        expected[::2],
        rtol=1e-3,
        err_msg="the costs are wrong: alpha is learning_rate / (1 + decay_rate * epoch), epoch from 0",
    )
    for name, value in zip(("W1", "b1", "W2", "b2"), theta):
        np.testing.assert_allclose(
            network[name],
            value,
            rtol=1e-3,
            atol=1e-3,
            err_msg="after three epochs the parameters are wrong: check alpha and the update",
        )
