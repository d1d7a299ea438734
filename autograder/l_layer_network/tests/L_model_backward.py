"""Test of question L_model_backward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "L_model_backward"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_L_model_backward_public(L_model_backward, L_model_forward):
    parameters = {
        "W1": np.array([[1.0], [-1.0]]),
        "b1": np.zeros((2, 1)),
        "W2": np.array([[1.0, 0.0], [0.0, 1.0]]),
        "b2": np.zeros((2, 1)),
    }
    AL, caches = L_model_forward(np.array([[0.0, 2.0]]), parameters, False)
    grads = L_model_backward(AL, np.array([[1.0, 0.0], [0.0, 1.0]]), caches)
    assert {"dA1", "dW1", "db1", "dW2", "db2"} <= set(grads), (
        "grads holds dW and db of each layer, and dA of each hidden layer"
    )
    p = np.exp(2) / (np.exp(2) + 1)
    np.testing.assert_allclose(
        grads["db2"], [[(p - 0.5) / 2], [(0.5 - p) / 2]], atol=1e-5, err_msg="db2: the mean of p - Y"
    )
    np.testing.assert_allclose(grads["dW2"], [[p, 0], [-p, 0]], atol=1e-5, err_msg="dW2: (p - Y) A1^T / m")
    np.testing.assert_allclose(grads["dA1"], [[-0.5, p], [0.5, -p]], atol=1e-5, err_msg="dA1: W2^T (p - Y)")
    np.testing.assert_allclose(
        grads["dW1"], [[p], [0]], atol=1e-5, err_msg="dW1: back through relu, then dZ X^T / m"
    )


@test_case(hidden=True)
def test_L_model_backward_hidden(L_model_backward, L_model_forward):
    import functools


    @functools.cache
    def networks_with_slopes():
        """Networks: X, Y, parameters, use_batchnorm, the cost's slopes for each parameter and for each hidden A."""

        def outputs_from(A, l):
            """The outputs of the layers after layer l, whose output is A; of the last layer, its Z."""
            L, outputs = len(parameters) // 2, []
            for k in range(l + 1, L + 1):
                Z = parameters["W" + str(k)] @ A + parameters["b" + str(k)]
                A = np.maximum(Z, 0)
                if use_batchnorm:
                    A = (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + 1e-5)
                outputs.append(A if k < L else Z)
            return outputs

        def cost_from(A, l):
            """The summed cross-entropy, starting from the output A of layer l."""
            Z = outputs_from(A, l)[-1]
            Z = Z - Z.max(axis=0)
            return np.sum(np.log(np.sum(np.exp(Z), axis=0)) - Z[labels, np.arange(m)])

        def slopes(cost, value, h=1e-6):
            """Central differences of the cost for each entry of value, which the cost reads."""
            numerical = np.zeros(value.shape)
            for place in np.ndindex(*value.shape):
                old = value[place]
                costs = []
                for step in (h, -h):
                    value[place] = old + step
                    costs.append(cost())
                value[place] = old
                numerical[place] = (costs[0] - costs[1]) / (2 * h)
            return numerical

        rng = np.random.RandomState(16)
        networks = []
        for dims, m in (([4, 5, 3], 8), ([3, 2], 5), ([3, 6, 5, 4], 9)):
            parameters = {}
            for l in range(1, len(dims)):
                parameters["W" + str(l)] = rng.randn(dims[l], dims[l - 1])
                parameters["b" + str(l)] = 0.3 * rng.randn(dims[l], 1)
            X, labels = rng.randn(dims[0], m), rng.randint(dims[-1], size=m)
            Y = np.eye(dims[-1])[labels].T
            for use_batchnorm in (False, True):
                for_parameters = {
                    name: slopes(lambda: cost_from(X, 0) / m, value) for name, value in parameters.items()
                }
                hidden = enumerate(outputs_from(X, 0)[:-1], start=1)
                for_outputs = {l: slopes(lambda: cost_from(A, l), A) for l, A in hidden}
                networks.append((X, Y, parameters, use_batchnorm, for_parameters, for_outputs))
        return networks


    for X, Y, parameters, use_batchnorm, for_parameters, for_outputs in networks_with_slopes():
        copies = {name: value.copy() for name, value in parameters.items()}
        AL, caches = L_model_forward(X.copy(), copies, use_batchnorm)
        grads = L_model_backward(AL, Y.copy(), caches)
        for name, numerical in for_parameters.items():
            assert np.shape(grads["d" + name]) == numerical.shape, "dW and db have the shapes of W and b"
            if use_batchnorm:
                np.testing.assert_allclose(
                    grads["d" + name],
                    numerical,
                    rtol=1e-2,
                    atol=1e-3,
                    err_msg="with batchnorm, grads are wrong: go back through it (with the A before it), then through relu",
                )
            else:
                np.testing.assert_allclose(
                    grads["d" + name],
                    numerical,
                    rtol=1e-2,
                    atol=1e-3,
                    err_msg="without batchnorm, grads are wrong: go back layer by layer from the end",
                )
        for l, numerical in for_outputs.items():
            np.testing.assert_allclose(
                grads["dA" + str(l)],
                numerical,
                rtol=1e-2,
                atol=1e-3,
                err_msg="dA of layer l is the derivative with respect to the input of layer l + 1, without 1/m",
            )

    parameters = {"W1": 500 * np.eye(2), "b1": np.zeros((2, 1)), "W2": np.eye(2), "b2": np.zeros((2, 1))}
    AL, caches = L_model_forward(np.array([[2.0], [0.1]]), parameters, False)
    grads = L_model_backward(AL, np.array([[0.0], [1.0]]), caches)
    for name in ("dW1", "db1", "dW2", "db2"):
        assert np.all(np.isfinite(np.asarray(grads[name]))), (
            "a probability of 0 must not make derivatives infinite: dZ is p - Y"
        )
