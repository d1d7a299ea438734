"""Test of question Predict, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "Predict"
points = 3
all_or_nothing = True


@test_case(hidden=False)
def test_Predict_public(Predict):
    identity = {"W1": np.eye(3), "b1": np.zeros((3, 1))}
    X, Y = np.array([[1.0, 0.0, 0.0, 5.0], [0.0, 1.0, 4.0, 0.0], [0.0, 0.0, 3.0, 0.0]]), np.eye(3)[[0, 1, 2, 0]].T
    accuracy = Predict(X, Y, identity)
    assert np.asarray(accuracy).size == 1, "the accuracy is one number"
    np.testing.assert_allclose(
        accuracy, 0.75, atol=1e-6, err_msg="three of four samples are right: return 0.75, a share, not a percentage"
    )


@test_case(hidden=True)
def test_Predict_hidden(Predict):
    rng = np.random.RandomState(18)
    for dims, m in (([4, 6, 3], 40), ([5, 10], 21), ([3, 4, 4, 2], 33)):
        parameters = {}
        for l in range(1, len(dims)):
            parameters["W" + str(l)] = rng.randn(dims[l], dims[l - 1])
            parameters["b" + str(l)] = 0.1 * rng.randn(dims[l], 1)
        X, labels = rng.randn(dims[0], m), rng.randint(dims[-1], size=m)
        for use_batchnorm in (False, True):
            A = X
            for l in range(1, len(dims)):
                Z = parameters["W" + str(l)] @ A + parameters["b" + str(l)]
                A = np.maximum(Z, 0)
                if use_batchnorm:
                    A = (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + 1e-5)
            right = np.mean(Z.argmax(axis=0) == labels)
            copies = {name: value.copy() for name, value in parameters.items()}
            Y = np.eye(dims[-1])[labels].T
            accuracy = (
                Predict(X.copy(), Y, copies, use_batchnorm=True)
                if use_batchnorm
                else Predict(X.copy(), Y, copies)
            )
            np.testing.assert_allclose(
                float(accuracy),
                right,
                atol=1e-4,
                err_msg="the accuracy is the share of columns in which AL and Y are largest in the same row, with batchnorm if requested",
            )
