"""Test of question NeuralNetwork, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "NeuralNetwork"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_NeuralNetwork_public(NeuralNetwork, Sigmoid):
    state = np.random.get_state()
    np.random.seed(1)
    np.random.randn(42)  # the numbers that the notebook's stream drew for tasks 1 and 2
    X, Y = np.random.randn(5, 5), np.random.randn(3, 5)
    network = NeuralNetwork(5, 3, 4, depth=3, act=Sigmoid())
    np.random.set_state(state)
    assert list(network.layer_dims) == [5, 4, 4, 3], "layer_dims is [n_x] + [n_h] * (depth - 1) + [n_y]"
    W1_row = [0.08343279, 0.18338067, 0.08868233, 0.05322228, -0.29992929]
    np.testing.assert_allclose(
        np.asarray(network.parameters["W1"])[0],
        W1_row,
        atol=1e-5,
        err_msg="draw a new network's parameters once, with task 1",
    )
    assert callable(network), "give the class a method __call__, so that network(X) works"
    A = network(X.copy())
    expected = [
        [0.5594009, 0.56163771, 0.56270777, 0.55963543, 0.56721295],
        [0.65571946, 0.64975006, 0.64269171, 0.64587559, 0.62735589],
        [0.60243733, 0.5987133, 0.59506056, 0.59312079, 0.58729086],
    ]
    np.testing.assert_allclose(
        A, expected, atol=1e-5, err_msg="network(X) is the forward pass, with the network's own activation"
    )
    np.testing.assert_allclose(
        network.caches["A3"], expected, atol=1e-5, err_msg="forward stores its caches in self.caches"
    )
    network.backward(Y.copy())
    dW3 = [
        [0.06034881, 0.053968, 0.05274028, 0.03386175],
        [0.09777237, 0.09016585, 0.08312728, 0.0634621],
        [0.03890758, 0.03489111, 0.03297021, 0.02320944],
    ]
    np.testing.assert_allclose(
        network.grads["dW3"], dW3, atol=1e-5, err_msg="backward stores its derivatives in self.grads"
    )
    np.testing.assert_allclose(
        network.grads["db3"],
        [[0.1204913], [0.19279404], [0.07642293]],
        atol=1e-5,
        err_msg="db3 is the sum of dZ3 over the samples",
    )


@test_case(hidden=True)
def test_NeuralNetwork_hidden(NeuralNetwork, ReLU, Sigmoid):
    def check_pass(network, kind, dims, X, Y):
        """Compare a forward and a backward pass with the formulas, for the network's own parameters."""
        parameters = {name: np.array(value, dtype=float) for name, value in network.parameters.items()}
        A, caches, L = X, {"A0": X}, len(dims) - 1
        for l in range(1, L + 1):
            Z = np.dot(parameters["W" + str(l)], A) + parameters["b" + str(l)]
            A = np.maximum(Z, 0) if kind == "relu" else 1 / (1 + np.exp(-Z))
            caches["Z" + str(l)], caches["A" + str(l)] = Z, A
        found = network.forward(X.copy())
        np.testing.assert_allclose(
            found,
            A,
            rtol=1e-4,
            atol=1e-5,
            err_msg="forward sends X through the network's own parameters, with its own activation",
        )
        network.backward(Y.copy())
        dA = (A - Y) / Y.shape[1]
        for l in range(L, 0, -1):
            Z, A = caches["Z" + str(l)], caches["A" + str(l)]
            dZ = dA * (Z > 0) if kind == "relu" else dA * A * (1 - A)
            np.testing.assert_allclose(
                network.grads["dW" + str(l)],
                np.dot(dZ, caches["A" + str(l - 1)].T),
                rtol=1e-4,
                atol=1e-6,
                err_msg="grads are wrong: do you use the network's act and the caches of the last forward?",
            )
            np.testing.assert_allclose(
                network.grads["db" + str(l)],
                np.sum(dZ, axis=1, keepdims=True),
                rtol=1e-4,
                atol=1e-6,
                err_msg="a db in grads is wrong",
            )
            dA = np.dot(parameters["W" + str(l)].T, dZ)


    state = np.random.get_state()
    rng = np.random.RandomState(29)
    for kind, n_x, n_y, n_h, depth in (
        ("sigmoid", 4, 2, 3, 2),
        ("relu", 6, 2, 14, 4),
        ("sigmoid", 3, 2, 7, 1),
        ("relu", 5, 1, 9, 2),
    ):
        dims = [n_x] + [n_h] * (depth - 1) + [n_y]
        np.random.seed(27)
        drawn = [np.random.randn(dims[l], dims[l - 1]) / dims[l - 1] ** 0.5 for l in range(1, depth + 1)]
        drawn_again = [
            np.random.randn(dims[l], dims[l - 1]) / dims[l - 1] ** 0.5 for l in range(1, depth + 1)
        ]
        np.random.seed(27)
        network = (
            NeuralNetwork(n_x, n_y, n_h, depth)
            if kind == "relu"
            else NeuralNetwork(n_x, n_y, n_h, depth, Sigmoid())
        )
        assert list(network.layer_dims) == dims, (
            "depth counts the layers with weights, so layer_dims has depth + 1 entries"
        )
        for l in range(1, depth + 1):
            np.testing.assert_allclose(
                network.parameters["W" + str(l)],
                drawn[l - 1],
                rtol=1e-4,
                atol=1e-6,
                err_msg="a new network draws its parameters, once",
            )
        for m in (4, 1):
            check_pass(network, kind, dims, rng.randn(n_x, m), rng.randn(n_y, m))
        network.initialize()
        for l in range(1, depth + 1):
            np.testing.assert_allclose(
                network.parameters["W" + str(l)],
                drawn_again[l - 1],
                rtol=1e-4,
                atol=1e-6,
                err_msg="initialize draws all parameters again",
            )
        check_pass(network, kind, dims, rng.randn(n_x, 3), rng.randn(n_y, 3))

    one, other = NeuralNetwork(3, 2, 4, 2, Sigmoid()), NeuralNetwork(3, 2, 4, 2, ReLU())
    np.random.set_state(state)
    X, Y = rng.randn(3, 6), rng.randn(2, 6)
    before = np.array(one.parameters["W1"], dtype=float)
    assert not np.allclose(before, other.parameters["W1"]), "two networks must not share their parameters"
    first = one.forward(X.copy())
    other.forward(2 * X)
    np.testing.assert_allclose(
        one.caches["A0"], X, rtol=1e-5, err_msg="two networks must not share their caches"
    )
    assert callable(one), "give the class a method __call__"
    np.testing.assert_allclose(
        one(X.copy()), first, rtol=1e-5, err_msg="network(X) returns what network.forward(X) returns"
    )
    for network in (one, other):
        answer = np.array(network.forward(X.copy()), dtype=float)
        network.backward(Y.copy())
        slopes = {name: np.array(network.grads[name], dtype=float) for name in ("dW1", "db1", "dW2", "db2")}
        for _ in range(2):
            np.testing.assert_allclose(
                network(X.copy()), answer, rtol=1e-5, err_msg="network(X) returns what network.forward(X) returns, each time"
            )
            network.backward(Y.copy())
            for name, slope in slopes.items():
                np.testing.assert_allclose(
                    network.grads[name],
                    slope,
                    rtol=1e-5,
                    atol=1e-8,
                    err_msg="after network(X), backward gives different grads than after network.forward(X)",
                )
    np.testing.assert_allclose(
        one.parameters["W1"],
        before,
        rtol=1e-6,
        err_msg="forward and backward must not change the parameters: that is the optimizer's job",
    )
