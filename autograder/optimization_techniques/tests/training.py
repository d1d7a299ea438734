"""Test of question training, built by coursekit from the notebook's test cell. Change it there."""

import digits
import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "training"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_training_public(bnorm_list, classify, multi_layer_network):
    # A short training run on 6,000 samples. Grading trains on all samples and requires 95 %.
    flags = [int(flag) for flag in np.ravel(bnorm_list)]
    assert flags in ([1, 1, 1], [0, 0, 0]), "bnorm_list is [1, 1, 1] or [0, 0, 0]"
    images, labels, _, _ = digits.get_mnist()
    X, Y = images[:6000].reshape(6000, 784).T / 127.5 - 1, labels[:6000].reshape(1, 6000).astype(int)
    np.random.seed(1)
    _, network = multi_layer_network(
        X,
        Y,
        [784, 100, 100, 10],
        ["relu", "relu", "linear"],
        [0, 0, 0],
        flags,
        num_epochs=3,
        batch_size=64,
        learning_rate=3e-3,
        decay_rate=0.1,
        apply_momentum=True,
        log=False,
    )
    YPred = classify(X, network)
    assert np.shape(YPred) == (1, 6000), "classify returns (1, m)"
    assert np.mean(np.asarray(YPred) == Y) > 0.8, (
        "even a short training run gets more than 80 % of its own samples right"
    )


@test_case(hidden=True)
def test_training_hidden(bnorm_list, classify, multi_layer_network):
    import functools


    @functools.cache
    def disguised_digits():
        """Digits that no answer changes, so that coursekit prepares them once for a whole class: for training, for testing.

    Images as columns (784, m) and labels (1, m), in another order, rotated as points in 784 dimensions, dimmed and
    noisy, with other class names: a network trained elsewhere or a table of answers does not help, and for a network
    that learns all directions are the same."""
        rng = np.random.default_rng(784)
        mixing = np.linalg.qr(rng.standard_normal((784, 784)))[0].astype(np.float32)
        names = rng.permutation(10)
        train_images, train_labels, test_images, test_labels = digits.get_mnist()
        found = []
        for images, labels in ((test_images, test_labels), (train_images, train_labels)):
            order = rng.permutation(len(images))
            X = mixing @ (images.reshape(len(images), 784)[order].T.astype(np.float32) / 127.5 - 1)
            X = X * rng.uniform(0.9, 1, size=len(images)) + 0.1 * rng.standard_normal(X.shape, dtype=np.float32)
            found += [X, names[labels[order]].reshape(1, len(labels))]
        return found


    def trained(X, Y, epochs=3):
        return multi_layer_network(
            X,
            Y.copy(),
            [784, 100, 100, 10],
            ["relu", "relu", "linear"],
            [0, 0, 0],
            flags,
            num_epochs=epochs,
            batch_size=64,
            learning_rate=1e-3,
            decay_rate=0.1,
            apply_momentum=True,
            log=False,
        )[1]


    def accuracy(X, Y, network):
        """The share of correct classes, 10,000 samples at a time."""
        right = 0
        for start in range(0, X.shape[1], 10000):
            part = Y[:, start : start + 10000]
            YPred = np.asarray(classify(X[:, start : start + 10000], network))
            assert YPred.shape == part.shape, "classify returns (1, m), one class for each sample"
            assert np.all((YPred >= 0) & (YPred <= 9) & (YPred == np.round(YPred))), (
                "classes are integers from 0 to 9"
            )
            right += np.sum(YPred == part)
        return right / X.shape[1]


    flags = [int(flag) for flag in np.ravel(bnorm_list)]
    assert flags in ([1, 1, 1], [0, 0, 0]), "bnorm_list is three ones or three zeros"
    test_X, test_Y, train_X, train_Y = disguised_digits()
    accuracy(test_X, test_Y, trained(test_X[:, :128], test_Y[:, :128], 1))  # errors are raised at once

    for seed in (14, 8, 1):  # without batch normalisation a correct network may just miss 95 % at one seed
        np.random.seed(seed)
        network = trained(train_X, train_Y)
        on_train, on_test = accuracy(train_X, train_Y, network), accuracy(test_X, test_Y, network)
        if min(on_train, on_test) >= 0.95 or min(on_train, on_test) < 0.9:
            break
    assert on_train > 0.5, "the network hardly learns: see the questions above for the part that is wrong"
    assert on_train >= 0.95, "on the training set, less than 95 % of the classes are correct"
    assert on_test >= 0.95, "on the test set, less than 95 % of the classes are correct"
