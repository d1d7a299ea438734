"""Test of question training, built by coursekit from the notebook's test cell. Change it there."""

import digits
import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "training"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_training_public(SETTINGS, main):
    # The settings, and a short training run on 2,000 digits. Grading trains on 20,000, and requires 95 %.
    given_settings = {
        "random_seed": 42,
        "num_epoch": 10,
        "minibatch_size": 32,
        "learning_rate": 0.05,
        "alpha": 0.9,
        "lambda": 1e-4,
        "dropout_rate": 0.25,
        "num_L1": 128,
    }
    for name, value in given_settings.items():
        assert name in SETTINGS and SETTINGS[name] == value, (
            f"SETTINGS was changed: {name}. The hyper-parameters are fixed, since a better loss with other settings earns nothing."
        )
    images, labels, _, _ = digits.get_mnist()
    X, Y = images[:3000].reshape(3000, 784) / 255, labels[:3000].reshape(3000, 1).astype(int)
    tried = dict(
        given_settings, data_dir=None, num_epoch=2, log=False, check=(X[:2000], Y[:2000], X[2000:], Y[2000:])
    )
    _, validation, _ = main(tried)
    assert max(validation["accuracy"]) > 0.7, "even a short training run gets more than 70 % of other digits right"


@test_case(hidden=True)
def test_training_hidden(SETTINGS, main):
    import functools

    given_settings = {
        "random_seed": 42,
        "num_epoch": 10,
        "minibatch_size": 32,
        "learning_rate": 0.05,
        "alpha": 0.9,
        "lambda": 1e-4,
        "dropout_rate": 0.25,
        "num_L1": 128,
    }
    for name, value in given_settings.items():
        assert name in SETTINGS and SETTINGS[name] == value, (
            "SETTINGS was changed: the hyper-parameters are fixed, since a better loss with other settings earns nothing"
        )


    @functools.cache
    def disguised_digits():
        """Digits that no answer changes, so that coursekit prepares them once for a whole class: for training, for testing.

    Images as rows (m, 784), rotated as points in 784 dimensions, dimmed and noisy, and labels (m, 1), with other class
    names: a network trained elsewhere or a table of answers does not help, and for a network that learns all
    directions are the same."""
        rng = np.random.default_rng(787)
        mixing = np.linalg.qr(rng.standard_normal((784, 784)))[0].astype(np.float32)
        names = rng.permutation(10)
        images, labels, new_images, new_labels = digits.get_mnist()
        chosen = rng.permutation(len(images))[:25000]
        found = []
        for some, its in ((images[chosen], labels[chosen]), (new_images, new_labels)):
            X = some.reshape(len(some), 784).astype(np.float32) / 255 @ mixing
            X = X * rng.uniform(0.9, 1, (len(some), 1)) + 0.05 * rng.standard_normal(X.shape, dtype=np.float32)
            found += [X, names[its].reshape(len(some), 1)]
        return found


    X, Y, new_X, new_Y = disguised_digits()
    check = (X[:20000], Y[:20000], X[20000:], Y[20000:])
    _, _, model = main(dict(given_settings, data_dir=None, log=False, check=check))

    W1, b1, W2, b2 = [
        np.array(model[name].params[key], dtype=float) for name in ("L1", "L2") for key in ("W", "b")
    ]
    assert W1.shape == (784, 128) and W2.shape == (128, 10), (
        "the network's size does not match num_L1: the hyper-parameters are fixed, and main must use the ones in its argument"
    )
    hidden = np.maximum(np.tanh(new_X @ W1 + b1), 0)
    accuracy = np.mean(np.argmax(hidden @ W2 + b2, axis=1) == new_Y[:, 0])
    assert accuracy > 0.5, "the network hardly learns: see the questions above for the part that is wrong"
    assert accuracy >= 0.95, "with the given settings, the network gets less than 95 % of new digits right"
