"""Test of question L_model_forward, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "L_model_forward"
points = 7
all_or_nothing = True


@test_case(hidden=False)
def test_L_model_forward_public(L_model_forward):
    parameters = {"W1": np.array([[1.0, 0.0], [0.0, 1.0]]), "b1": np.zeros((2, 1))}
    parameters.update({"W2": np.array([[1.0, 0.0], [0.0, 1.0]]), "b2": np.log(np.array([[1.0], [3.0]]))})
    X = np.array([[2.0, -1.0, 0.0], [2.0, -4.0, 0.0]])
    AL, caches = L_model_forward(X, parameters, False)
    np.testing.assert_allclose(AL, [[0.25] * 3, [0.75] * 3], atol=1e-5, err_msg="linear, relu, linear, softmax")
    AL, caches = L_model_forward(X, parameters, True)
    np.testing.assert_allclose(
        AL, [[0.25] * 3, [0.75] * 3], atol=1e-5, err_msg="with batchnorm: here both units are the same"
    )


@test_case(hidden=True)
def test_L_model_forward_hidden(L_model_forward):
    def oracle(X, parameters, use_batchnorm):
        L = len(parameters) // 2
        A = X
        for l in range(1, L + 1):
            Z = parameters["W" + str(l)] @ A + parameters["b" + str(l)]
            if l == L:
                powers = np.exp(Z - Z.max(axis=0))
                return powers / powers.sum(axis=0)
            A = np.maximum(Z, 0)
            if use_batchnorm:
                A = (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + 1e-5)


    rng = np.random.RandomState(10)
    for dims in ([4, 6, 3], [5, 3], [3, 4, 5, 4, 2], [2, 3, 3, 3, 3, 3, 4]):
        parameters = {}
        for l in range(1, len(dims)):
            parameters["W" + str(l)] = rng.randn(dims[l], dims[l - 1])
            parameters["b" + str(l)] = rng.randn(dims[l], 1)
        X = rng.randn(dims[0], 7)
        for use_batchnorm in (False, True):
            copies = {name: value.copy() for name, value in parameters.items()}
            AL, _ = L_model_forward(X.copy(), copies, use_batchnorm)
            assert np.shape(AL) == (dims[-1], 7), "AL has a row for each class and a column for each sample"
            np.testing.assert_allclose(
                np.sum(np.asarray(AL), axis=0),
                np.ones(7),
                atol=1e-4,
                err_msg="AL's columns add up to 1: the last layer has softmax, and is not normalised",
            )
            if use_batchnorm:
                np.testing.assert_allclose(
                    AL,
                    oracle(X, parameters, True),
                    rtol=1e-3,
                    atol=1e-4,
                    err_msg="AL is wrong with batchnorm: normalise after each hidden relu, before the next linear step",
                )
            else:
                np.testing.assert_allclose(
                    AL,
                    oracle(X, parameters, False),
                    rtol=1e-3,
                    atol=1e-4,
                    err_msg="AL is wrong without batchnorm: use relu in all layers except the last, which has softmax",
                )
            for name, value in parameters.items():
                np.testing.assert_allclose(
                    copies[name], value, rtol=1e-6, err_msg="the forward pass changed the parameters"
                )
