"""Test of question linear_activation_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "linear_activation_backward"
points = 4
all_or_nothing = True


@test_case(hidden=False)
def test_linear_activation_backward_public(linear_activation_backward):
    linear_cache = {"A": np.array([[1.0, 2.0]]), "W": np.array([[1.0], [-1.0]]), "b": np.zeros((2, 1))}
    cache = {"linear_cache": linear_cache, "activation_cache": {"Z": np.array([[1.0, 2.0], [-1.0, -2.0]])}}
    dA_prev, dW, db = linear_activation_backward(np.array([[1.0, 1.0], [1.0, 1.0]]), cache, "relu")
    np.testing.assert_allclose(dA_prev, [[1, 1]], atol=1e-5, err_msg="dA_prev: only the first unit was on")
    np.testing.assert_allclose(dW, [[1.5], [0]], atol=1e-5, err_msg="dW: only the first unit was on")
    np.testing.assert_allclose(db, [[1], [0]], atol=1e-5, err_msg="db: only the first unit was on")


@test_case(hidden=True)
def test_linear_activation_backward_hidden(linear_activation_backward):
    import functools


    @functools.cache
    def layers_with_slopes():
        """Layers: activation, dA, linear cache, activation cache, and the slopes of a cost for A_prev, W and b."""

        def layer_cost(A_prev, W, b, weights, labels):
            """Summed over the samples: weights times relu, or (with labels) the cross-entropy after softmax."""
            Z = W @ A_prev + b
            if labels is None:
                return np.sum(weights * np.maximum(Z, 0))
            return np.sum(np.log(np.sum(np.exp(Z), axis=0)) - Z[labels, np.arange(len(labels))])

        rng = np.random.RandomState(15)
        layers = []
        for activation, (n_prev, n, m) in (
            ("relu", (3, 4, 5)),
            ("softmax", (4, 3, 6)),
            ("relu", (2, 5, 1)),
            ("softmax", (3, 3, 3)),
        ):
            parts = {"A": rng.randn(n_prev, m), "W": rng.randn(n, n_prev), "b": rng.randn(n, 1)}
            Z = parts["W"] @ parts["A"] + parts["b"]
            weights, labels = rng.randn(n, m), None
            activation_cache = {"Z": Z}
            if activation == "softmax":
                labels = rng.randint(n, size=m)
                activation_cache["Y"] = np.eye(n)[labels].T
                weights = -activation_cache["Y"] / (np.exp(Z) / np.exp(Z).sum(axis=0))
            slopes = {}
            for name, value in parts.items():
                slopes[name] = np.zeros(value.shape)
                for place in np.ndindex(*value.shape):
                    costs = []
                    for step in (1e-5, -1e-5):
                        moved = {key: part.copy() for key, part in parts.items()}
                        moved[name][place] += step
                        costs.append(layer_cost(moved["A"], moved["W"], moved["b"], weights, labels))
                    slopes[name][place] = (costs[0] - costs[1]) / 2e-5 / (1 if name == "A" else m)
            layers.append((activation, weights, parts, activation_cache, slopes))
        return layers


    for activation, dA, linear_cache, activation_cache, slopes in layers_with_slopes():
        cache = {"linear_cache": linear_cache, "activation_cache": activation_cache}
        found = dict(zip("AWb", linear_activation_backward(dA, cache, activation)))
        for name, numerical in slopes.items():
            assert np.shape(found[name]) == numerical.shape, (
                "return dA_prev, dW and db in this order, with the shapes of A, W and b"
            )
            if activation == "relu":
                np.testing.assert_allclose(
                    found[name],
                    numerical,
                    rtol=1e-3,
                    atol=1e-4,
                    err_msg="the derivatives of a relu layer disagree with finite differences",
                )
            else:
                np.testing.assert_allclose(
                    found[name],
                    numerical,
                    rtol=1e-3,
                    atol=1e-4,
                    err_msg="the derivatives of a softmax layer disagree with finite differences",
                )
