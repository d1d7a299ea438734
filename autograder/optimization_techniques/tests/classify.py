"""Test of question classify, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "classify"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_classify_public(classify):
    network = {
        "numLayers": 2,
        "bnorm_list": [0, 0],
        "act1": "relu",
        "act2": "linear",
        "dropout1": 0.5,
        "dropout2": 0,
    }
    network.update({"W1": np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), "b1": np.zeros((3, 1))})
    network.update({"W2": np.eye(3), "b2": np.array([[0.1], [0.0], [0.2]])})
    for l in "12":
        network.update({"bnorm_beta" + l: np.array([]), "bnorm_gamma" + l: np.array([])})
    X = np.array([[2.0, 0.5, -1.0, 0.0], [1.0, 3.0, -2.0, 0.0]])
    YPred = classify(X, network)
    assert np.shape(YPred) == (1, 4), "YPred is (1, m)"
    np.testing.assert_array_equal(
        YPred, [[0, 1, 2, 2]], err_msg="YPred is the row of the largest score in each column"
    )


@test_case(hidden=True)
def test_classify_hidden(classify):
    def prepared(drop_prob, seed):
        rng = np.random.RandomState(seed)
        network = {
            "numLayers": 2,
            "bnorm_list": [0, 0],
            "act1": "relu",
            "act2": "linear",
            "dropout1": drop_prob,
            "dropout2": 0,
        }
        network.update(
            {"W1": rng.randn(6, 3), "b1": rng.randn(6, 1), "W2": rng.randn(4, 6), "b2": rng.randn(4, 1)}
        )
        for l in "12":
            network.update({"bnorm_beta" + l: np.array([]), "bnorm_gamma" + l: np.array([])})
        X = 3 * rng.randn(3, 400)
        scores = network["W2"] @ np.maximum(network["W1"] @ X + network["b1"], 0) + network["b2"]
        first, second = np.sort(scores, axis=0)[:-3:-1]
        clear = first - second > 0.01  # a tie may go either way
        return network, X[:, clear], [max(range(4), key=lambda k: column[k]) for column in scores.T[clear]]


    for seed in (28, 29):
        network, X, expected = prepared(0.8, seed)
        for again in (1, 2):
            np.random.seed(again)
            YPred = classify(X.copy(), dict(network))
            assert np.shape(YPred) == (1, len(expected)), "YPred is (1, m), with one class for each column of X"
            assert np.mean(np.asarray(YPred)[0] == expected) > 0.9, (
                "many classes are wrong: take argmax over axis 0, in test mode, which drops nothing"
            )
            assert np.all(np.asarray(YPred)[0] == expected), (
                "a few classes are wrong: take the class with the largest score"
            )
        YPred = classify(X[:, :1].copy(), dict(network))
        assert np.shape(YPred) == (1, 1) and np.asarray(YPred)[0, 0] == expected[0], (
            "a single sample gives an array of shape (1, 1)"
        )

    network, X, expected = prepared(0.8, 30)
    np.random.seed(31)
    YPred = classify(X.copy(), dict(network), mode="train")
    assert np.any(np.asarray(YPred)[0] != expected), (
        "pass the argument mode on to multi_layer_forward: train drops units"
    )
