"""Test of question compare_optimizers, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "compare_optimizers"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_compare_optimizers_public(OPTIMIZERS, Sigmoid, compare_optimizers):
    rng = np.random.RandomState(5)
    X_train, X_test = rng.rand(3, 12), rng.rand(3, 7)
    Y_train, Y_test = X_train[:1] * X_train[1:2], X_test[:1] * X_test[1:2]
    state = np.random.get_state()
    results = compare_optimizers(X_train, Y_train, X_test, Y_test, Sigmoid(), 3)
    np.random.set_state(state)
    assert sorted(results) == sorted(OPTIMIZERS), "the keys are those of OPTIMIZERS"
    starts = []
    for name in OPTIMIZERS:
        assert len(results[name]) == 2, "each optimizer's result is the pair (train_losses, test_losses)"
        train_losses, test_losses = results[name]
        assert np.shape(train_losses) == np.shape(test_losses) == (3,), "one loss for each iteration"
        starts.append([np.ravel(train_losses)[0], np.ravel(test_losses)[0]])
    np.testing.assert_allclose(
        starts,
        [starts[0]] * 4,
        rtol=1e-5,
        err_msg="all start from the same network: set the seed and create a new network for each optimizer",
    )


@test_case(hidden=True)
def test_compare_optimizers_hidden(NeuralNetwork, OPTIMIZERS, Sigmoid, compare_optimizers):
    def losses_by_hand(parameters, X_train, Y_train, X_test, Y_test, rate, num_iterations):
        """Gradient descent on a network of sigmoids, written out: train losses, test losses."""
        L = len(parameters) // 2
        found = [], []
        for _ in range(num_iterations):
            for X, Y, losses in ((X_test, Y_test, found[1]), (X_train, Y_train, found[0])):
                A = [X]
                for l in range(1, L + 1):
                    A.append(
                        1
                        / (
                            1
                            + np.exp(-(np.dot(parameters["W" + str(l)], A[-1]) + parameters["b" + str(l)]))
                        )
                    )
                losses.append(np.sum((A[-1] - Y) ** 2) / (2 * Y.shape[1]))
            dA = (A[-1] - Y_train) / Y_train.shape[1]
            for l in range(L, 0, -1):
                dZ = dA * A[l] * (1 - A[l])
                dA = np.dot(parameters["W" + str(l)].T, dZ)
                parameters["W" + str(l)] = parameters["W" + str(l)] - rate * np.dot(dZ, A[l - 1].T)
                parameters["b" + str(l)] = parameters["b" + str(l)] - rate * np.sum(
                    dZ, axis=1, keepdims=True
                )
        return found


    def losses_by_parts(kind, rate, X_train, Y_train, X_test, Y_test, num_iterations):
        """The same with the notebook's own network and optimizer: only their use in the comparison is tested."""
        np.random.seed(1)
        network = NeuralNetwork(X_train.shape[0], Y_train.shape[0], 64, 3, Sigmoid())
        optimizer = kind(network, rate)
        found = [], []
        for _ in range(num_iterations):
            for X, Y, losses in ((X_test, Y_test, found[1]), (X_train, Y_train, found[0])):
                losses.append(np.sum((np.asarray(network(X.copy())) - Y) ** 2) / (2 * Y.shape[1]))
            network.backward(Y_train.copy())
            optimizer.step()
        return found


    state = np.random.get_state()
    rng = np.random.RandomState(33)
    for n_x, n_y, m, m_test, num_iterations in ((5, 1, 9, 6, 6), (4, 2, 8, 3, 2)):
        X_train, X_test = rng.rand(n_x, m), rng.rand(n_x, m_test)
        Y_train, Y_test = rng.rand(n_y, m), rng.rand(n_y, m_test)
        np.random.seed(34)
        arrays = [array.copy() for array in (X_train, Y_train, X_test, Y_test)]
        results = compare_optimizers(*arrays, Sigmoid(), num_iterations)
        assert sorted(results) == ["Adam", "GradientDescent", "GradientDescentWithMomentum", "RMSProp"], (
            "the keys are those of OPTIMIZERS"
        )
        for name, (kind, rate) in OPTIMIZERS.items():
            assert len(results[name]) == 2, (
                "each optimizer's result is the pair (train_losses, test_losses)"
            )
            train_losses, test_losses = losses_by_parts(
                kind, rate, X_train, Y_train, X_test, Y_test, num_iterations
            )
            assert np.shape(results[name][0]) == (num_iterations,), (
                "there is one training loss for each iteration"
            )
            assert np.shape(results[name][1]) == (num_iterations,), (
                "there is one test loss for each iteration"
            )
            np.testing.assert_allclose(
                results[name][0][:1],
                train_losses[:1],
                rtol=1e-4,
                err_msg="the first loss is wrong: seed 1 before each network, 64 units, 3 layers; training losses first",
            )
            np.testing.assert_allclose(
                results[name][1][:1],
                test_losses[:1],
                rtol=1e-4,
                err_msg="the second array of a pair holds the losses on the test set",
            )
            np.testing.assert_allclose(
                results[name][0],
                train_losses,
                rtol=1e-4,
                err_msg="a run's training losses are wrong: use its optimizer, its learning rate and the default betas",
            )
            np.testing.assert_allclose(
                results[name][1],
                test_losses,
                rtol=1e-4,
                err_msg="the test losses of a run are wrong after its first step",
            )
        np.random.seed(1)
        dims, parameters = [n_x, 64, 64, n_y], {}
        for l in (1, 2, 3):
            parameters["W" + str(l)] = np.random.randn(dims[l], dims[l - 1]) / dims[l - 1] ** 0.5
            parameters["b" + str(l)] = np.zeros((dims[l], 1))
        by_hand = losses_by_hand(parameters, X_train, Y_train, X_test, Y_test, 0.1, num_iterations)
        np.testing.assert_allclose(
            results["GradientDescent"][0],
            by_hand[0],
            rtol=2e-4,
            err_msg="gradient descent's training losses are wrong: does your network pass its test?",
        )
        np.testing.assert_allclose(
            results["GradientDescent"][1],
            by_hand[1],
            rtol=2e-4,
            err_msg="gradient descent's test losses are wrong: does your network pass its test?",
        )
    np.random.set_state(state)
