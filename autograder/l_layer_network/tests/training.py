"""Test of question training, built by coursekit from the notebook's test cell. Change it there."""

import digits
import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "training"
points = 5
all_or_nothing = True


@test_case(hidden=False)
def test_training_public(L_layer_model, Predict):
    # A shorter training run on 3,000 digits. Grading trains for longer, and requires 80 % on digits that it holds back.
    images, labels, _, _ = digits.get_mnist()
    X, Y = images[:3000].reshape(3000, 784).T / 255, np.eye(10)[labels[:3000]].T
    parameters, costs = L_layer_model(X, Y, [784, 30, 10], 0.1, 300, 64, patience=10000, seed=1, log=False)
    assert costs[-1] < costs[0], "the cost should fall"
    accuracy = float(Predict(X, Y, parameters))
    assert accuracy > 0.6, "after 300 steps more than 60 % of its own digits should be right, not {:.0%}".format(
        accuracy
    )


@test_case(hidden=True)
def test_training_hidden(L_layer_model):
    import functools


    @functools.cache
    def disguised_digits():
        """Digits that no answer changes, so that coursekit prepares them once for a whole class: for training, for testing.

    Images as columns (784, m), rotated as points in 784 dimensions, dimmed and noisy, and one-hot labels, with other
    class names: a network trained elsewhere or a table of answers does not help, and for a network that learns all
    directions are the same."""
        rng = np.random.default_rng(784)
        mixing = np.linalg.qr(rng.standard_normal((784, 784)))[0]
        names = rng.permutation(10)
        train_images, train_labels, test_images, test_labels = digits.get_mnist()
        chosen, kept_back = rng.permutation(60000)[:10000], rng.permutation(10000)[:5000]
        found = []
        for images, labels in (
            (train_images[chosen], train_labels[chosen]),
            (test_images[kept_back], test_labels[kept_back]),
        ):
            X = mixing @ (images.reshape(len(images), 784).T / 255)
            X = X * rng.uniform(0.9, 1, len(images)) + 0.05 * rng.standard_normal(X.shape)
            found += [X, np.eye(10)[names[labels]].T]
        return found


    X, Y, test_X, test_Y = disguised_digits()
    for dims, use_batchnorm in (([784, 20, 7, 5, 10], True), ([784, 30, 10], False)):
        for seed in (1, 2, 3):  # a correct network may fall short at one seed
            parameters, _ = L_layer_model(
                X.copy(),
                Y.copy(),
                dims,
                0.1,
                800,
                64,
                use_batchnorm=use_batchnorm,
                patience=100000,
                seed=seed,
                log=False,
            )
            A = test_X
            for l in range(1, len(dims)):
                Z = np.asarray(parameters["W" + str(l)], float) @ A + np.asarray(parameters["b" + str(l)], float)
                A = np.maximum(Z, 0)
                if use_batchnorm:
                    A = (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + 1e-5)
            right = np.mean(Z.argmax(axis=0) == test_Y.argmax(axis=0))
            if right >= 0.8:
                break
        if use_batchnorm:
            assert right >= 0.8, (
                "with batchnorm fewer than 80 % of new digits are right: see the questions above for the mistake"
            )
        else:
            assert right >= 0.8, (
                "without batchnorm fewer than 80 % of new digits are right: see the questions above for the mistake"
            )
