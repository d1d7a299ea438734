"""Given: helper functions for `neural_networks.py`. Do not change this file; grading uses the original.

Rows are samples: X is (N, D), labels are (N, 1). Needs numpy, and digits.py in the same folder for the digits.
"""

from pathlib import Path

import numpy as np


class softmax_cross_entropy:
    """The mean cross-entropy of the softmax of scores. The last module of a network; it has no parameters."""

    def forward(self, X, Y):
        """The loss, a number.

        X: (N, D), a row of D scores for each sample.  Y: (N, 1), labels 0 … D − 1.
        """
        log_probabilities = self._log_softmax(X)
        return -np.mean(log_probabilities[np.arange(len(log_probabilities)), np.ravel(Y)])

    def backward(self, X, Y):
        """The derivative of the loss with respect to X, (N, D): (softmax(X) − onehot(Y)) / N."""
        grad = np.exp(self._log_softmax(X))
        grad[np.arange(len(grad)), np.ravel(Y)] -= 1
        return grad / len(grad)

    @staticmethod
    def _log_softmax(X):
        X = np.asarray(X, dtype=float)
        X = X - np.max(X, axis=1, keepdims=True)  # the largest score is 0: no overflow
        return X - np.log(np.sum(np.exp(X), axis=1, keepdims=True))


def add_momentum(model):
    """A velocity of zeros for every parameter of a model, by "<module>_<parameter>": "L1_W", "L1_b", …"""
    return {
        name + "_" + key: np.zeros(np.shape(value))
        for name, module in model.items()
        for key, value in getattr(module, "params", {}).items()
    }


class DataSplit:
    """Samples with their labels, in mini-batches."""

    def __init__(self, X, Y):
        """X: (N, D).  Y: (N, 1), integers."""
        self.X = np.asarray(X, dtype=float)
        self.Y = np.asarray(Y).reshape(-1, 1).astype(int)
        self.N, self.D = self.X.shape

    def get_example(self, indices):
        """The samples of a mini-batch, (n, D), and their labels, (n, 1). indices: n row numbers."""
        return self.X[indices], self.Y[indices]

    def minibatches(self, size, seed):
        """The row numbers of one epoch's mini-batches, a list of arrays: all samples once, in a random order (from
        `seed`), `size` at a time. The last mini-batch may be smaller."""
        order = np.random.RandomState(seed).permutation(self.N)
        return [order[start : start + size] for start in range(0, self.N, size)]


def predict_label(scores):
    """The class with the highest score in each row. scores: (N, D). Returns (N, 1)."""
    return np.argmax(scores, axis=1).reshape(-1, 1)


def scores_of(model, X):
    """A network's scores (N, classes) for samples X (N, D). Nothing is dropped."""
    for name in model:
        if name != "loss":
            X = model[name].forward(X, False) if name.startswith("drop") else model[name].forward(X)
    return X


def evaluate(model, data):
    """The accuracy (a share from 0 to 1) and the mean loss of a network on a DataSplit."""
    scores = scores_of(model, data.X)
    return float(np.mean(predict_label(scores) == data.Y)), float(model["loss"].forward(scores, data.Y))


def report(train, validation, epoch, num_epoch, seconds):
    """Print the last entries of both histories, and about how long the remaining epochs will take."""
    parts = [f"epoch {epoch:2d} of {num_epoch}"]
    for name, history in (("train", train), ("validation", validation)):
        accuracy, loss = history["accuracy"][-1], history["loss"][-1]
        parts.append(f"{name} {100 * accuracy:.2f} %, loss {loss:.4f}")
    left = seconds / epoch * (num_epoch - epoch)
    print("; ".join([*parts, f"{seconds:.1f} s, about {left:.1f} s to go"]))


def copy_parameters(model):
    """Copies of all parameters of a model, by module and name."""
    return {
        name: {key: np.array(value) for key, value in module.params.items()}
        for name, module in model.items()
        if hasattr(module, "params")
    }


def set_parameters(model, parameters):
    """Put the result of `copy_parameters` back into the model."""
    for name, values in parameters.items():
        for key, value in values.items():
            model[name].params[key] = value


def data_loader_mnist(data_dir=None, n_train=20000, n_valid=5000):
    """The first `n_train` of MNIST's training digits, and the last `n_valid` of them for validation.

    data_dir: the folder with MNIST's four archives; None: wherever digits.py finds them.
    Returns Xtrain (n_train, 784), Ytrain (n_train, 1), Xvalid (n_valid, 784), Yvalid (n_valid, 1); pixels from 0
    (paper) to 1 (ink).
    """
    import digits

    if data_dir is not None:
        missing = [name for name in digits.FILES if not (Path(data_dir) / name).is_file()]
        if missing:
            raise FileNotFoundError(f"{Path(data_dir).resolve()} has no {missing[0]}")
        images, labels = (
            digits.read_idx(Path(data_dir) / name, digits.SHAPES[name]) for name in list(digits.FILES)[:2]
        )
    else:
        images, labels, _, _ = digits.get_mnist()
    X, Y = images.reshape(-1, 784) / 255, labels.reshape(-1, 1).astype(int)
    return X[:n_train], Y[:n_train], X[-n_valid:], Y[-n_valid:]
