"""Test of question back_propagation, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "back_propagation"
points = 20
all_or_nothing = True


@test_case(hidden=False)
def test_back_propagation_public(back_propagation):
    # A network of 5, 4 and 3 units with relu: its caches are computed here, with the formulas of tasks 3 and 4.
    rng = np.random.RandomState(1)
    tried = {
        "W1": rng.randn(4, 5) / np.sqrt(5),
        "b1": np.zeros((4, 1)),
        "W2": rng.randn(3, 4) / 2,
        "b2": np.zeros((3, 1)),
    }
    rng.randn(10)
    X, Y = rng.randn(5, 5), rng.randn(3, 5)
    caches = {"A0": X, "Z1": np.dot(tried["W1"], X)}
    caches["A1"] = np.maximum(caches["Z1"], 0)
    caches["Z2"] = np.dot(tried["W2"], caches["A1"])
    caches["A2"] = np.maximum(caches["Z2"], 0)
    grads = back_propagation(Y.copy(), tried, caches)
    dW1 = [
        [-0.07100506, -0.00504114, 0.01465629, -0.0119815, 0.01250615],
        [-0.1535268, 0.2243261, 0.06768908, 0.00272228, 0.07802137],
        [0.02370006, -0.02516877, 0.05958518, 0.09359966, 0.0813598],
        [-0.06098153, 0.1461884, -0.00877939, 0.06790589, 0.06303178],
    ]
    dW2 = [
        [0.0, 0.60078972, 0.11186381, 0.11598846],
        [-0.0956278, 0.0, -0.07880995, 0.0],
        [0.0, -0.15898858, 0.0, -0.05413308],
    ]
    db1 = [[-0.04195389], [0.41779308], [0.07912688], [0.21442471]]
    db2 = [[0.93844522], [-0.09314229], [-0.09856997]]
    np.testing.assert_allclose(
        grads["db2"], db2, atol=1e-5, err_msg="db2 is the sum of dZ2 over the samples, as a column"
    )
    np.testing.assert_allclose(grads["dW2"], dW2, atol=1e-5, err_msg="dW2 is dZ2 times A1 transposed")
    np.testing.assert_allclose(
        grads["db1"], db1, atol=1e-5, err_msg="db1: is dZ1 the slope at Z1 times (W2 transposed times dZ2)?"
    )
    np.testing.assert_allclose(grads["dW1"], dW1, atol=1e-5, err_msg="dW1 is dZ1 times A0 transposed")


@test_case(hidden=True)
def test_back_propagation_hidden(Sigmoid, back_propagation):
    import functools


    @functools.cache
    def networks_with_slopes():
        """Networks: activation, layer sizes, Y, parameters, caches, and the slopes of the loss for each parameter."""

        def value(kind, x):
            return np.maximum(x, 0) if kind == "relu" else 1 / (1 + np.exp(-x))

        def through(kind, X, tried):
            """The caches of a forward pass."""
            caches = {"A0": X}
            for l in range(1, len(tried) // 2 + 1):
                caches["Z" + str(l)] = (
                    np.dot(tried["W" + str(l)], caches["A" + str(l - 1)]) + tried["b" + str(l)]
                )
                caches["A" + str(l)] = value(kind, caches["Z" + str(l)])
            return caches

        def differences(kind, X, Y, tried, name, h=1e-6):
            """Central differences of the loss with respect to each entry of one parameter."""
            found = np.zeros(tried[name].shape)
            for place in np.ndindex(*found.shape):
                losses = []
                for step in (h, -h):
                    moved = dict(tried, **{name: tried[name].copy()})
                    moved[name][place] += step
                    last = through(kind, X, moved)["A" + str(len(tried) // 2)]
                    losses.append(np.sum((last - Y) ** 2) / (2 * Y.shape[1]))
                found[place] = (losses[0] - losses[1]) / (2 * h)
            return found

        rng = np.random.RandomState(28)
        networks = []
        for kind, dims, m in (
            ("sigmoid", [3, 4, 2], 5),
            ("relu", [3, 4, 2], 5),
            ("sigmoid", [4, 2], 3),
            ("relu", [3, 5, 4, 5, 2], 4),
            ("sigmoid", [2, 3, 3, 1], 1),
        ):
            tried = {}
            for l in range(1, len(dims)):
                tried["W" + str(l)], tried["b" + str(l)] = (
                    rng.randn(dims[l], dims[l - 1]),
                    rng.randn(dims[l], 1),
                )
            X, Y = rng.randn(dims[0], m), rng.randn(dims[-1], m)
            slopes = {name: differences(kind, X, Y, tried, name) for name in tried}
            networks.append((kind, dims, Y, tried, through(kind, X, tried), slopes))
        return networks


    for kind, dims, Y, tried, caches, slopes in networks_with_slopes():
        L = len(dims) - 1
        given = [Y, *tried.values(), *caches.values()]
        before = [array.copy() for array in given]
        if kind == "relu":
            grads = back_propagation(Y, tried, caches)
        else:
            grads = back_propagation(Y, tried, caches, Sigmoid().derivative)
        for array, copy in zip(given, before):
            np.testing.assert_allclose(
                array,
                copy,
                err_msg="back_propagation must not change Y, the parameters or the caches",
            )
        for l in range(L, 0, -1):
            assert "dW" + str(l) in grads and "db" + str(l) in grads, (
                "every layer needs its dW and db, including the first one"
            )
            assert np.shape(grads["dW" + str(l)]) == (dims[l], dims[l - 1]), "dW_l has the shape of W_l"
            assert np.shape(grads["db" + str(l)]) == (dims[l], 1), (
                "db_l has the shape of b_l, a column: keepdims"
            )
            by_b, by_W = slopes["b" + str(l)], slopes["W" + str(l)]
            if l == L:
                np.testing.assert_allclose(
                    grads["db" + str(l)],
                    by_b,
                    rtol=1e-4,
                    atol=1e-5,
                    err_msg="the last layer's db is wrong: check 1/m, A - Y, the slope (at Z, of the given act), the sum",
                )
                np.testing.assert_allclose(
                    grads["dW" + str(l)],
                    by_W,
                    rtol=1e-4,
                    atol=1e-5,
                    err_msg="the last layer's dW is wrong, but its db is right",
                )
            np.testing.assert_allclose(
                grads["db" + str(l)],
                by_b,
                rtol=1e-4,
                atol=1e-5,
                err_msg="a db before the last layer is wrong: how does dZ get from a layer to the layer before?",
            )
            np.testing.assert_allclose(
                grads["dW" + str(l)],
                by_W,
                rtol=1e-4,
                atol=1e-5,
                err_msg="a dW before the last layer is wrong, but its db is right",
            )
