# %%
"""A neural network of modules: you write your code in this file. `mlp_modules.ipynb` guides you through it.

Replace every line that raises NotImplementedError. A comment that begins with %% names the next task.
Rows are samples: X is (N, D), N samples of D numbers each.
"""

import time

import numpy as np
from utils import (
    DataSplit,
    add_momentum,
    copy_parameters,
    data_loader_mnist,
    evaluate,
    report,
    set_parameters,
    softmax_cross_entropy,
)


# %% Task 1: miniBatchStochasticGradientDescent
def miniBatchStochasticGradientDescent(model, momentum, _lambda, _alpha, _learning_rate):
    """One step of gradient descent for every parameter of every module that has parameters.

    model: modules by name.  Those with parameters have two dictionaries with the same keys: params and gradient.
    momentum: velocities by "<module>_<parameter>", such as "L1_W", with the parameters' shapes; update it here.
    If _alpha is 0, it is not used, and may be None.
    _lambda: L2 regularisation.  _alpha: momentum, 0 (none) or more, below 1.  _learning_rate: the step size.
    Returns model, with new params.
    """
    for name, module in model.items():
        for key in getattr(module, "params", {}):
            g = module.gradient[key] + _lambda * module.params[key]
            if _alpha > 0:
                velocity = _alpha * momentum[name + "_" + key] - _learning_rate * g
                momentum[name + "_" + key] = velocity
                module.params[key] = module.params[key] + velocity
            else:
                module.params[key] = module.params[key] - _learning_rate * g
    return model


# %%
class linear_layer:
    """X W + b, with params["W"] (D_in, D_out) and params["b"] (1, D_out)."""

    # %% Task 2: linear_layer.__init__
    def __init__(self, input_D, output_D):
        """Draw the parameters.

        input_D, output_D: the number of input and output features of a sample.
        params["W"]: (input_D, output_D) and params["b"]: (1, output_D), in this order, from
        np.random.normal(0, 0.1, …).  gradient["W"], gradient["b"]: zeros with the same shapes.
        """
        self.params = {
            "W": np.random.normal(0, 0.1, (input_D, output_D)),
            "b": np.random.normal(0, 0.1, (1, output_D)),
        }
        self.gradient = {key: np.zeros(np.shape(value)) for key, value in self.params.items()}

    # %% Task 3: linear_layer.forward
    def forward(self, X):
        """X: (N, D_in).  Returns X W + b, (N, D_out)."""
        return np.dot(X, self.params["W"]) + self.params["b"]

    # %% Task 4: linear_layer.backward
    def backward(self, X, grad):
        """Store the derivatives with respect to W and b in gradient["W"] and gradient["b"].

        X: (N, D_in), forward's input.  grad: (N, D_out), the derivative of the loss with respect to its output.
        Returns the derivative of the loss with respect to X, (N, D_in).
        """
        self.gradient["W"] = np.dot(np.transpose(X), grad)
        self.gradient["b"] = np.sum(grad, axis=0, keepdims=True)
        return np.dot(grad, np.transpose(self.params["W"]))


# %%
class tanh:
    """2 / (1 + exp(−2u)) − 1 for every entry u. No parameters."""

    # %% Task 5: tanh.forward
    def forward(self, X):
        """X: any shape.  Returns tanh of every entry, finite even for very large entries."""
        return np.tanh(X)

    # %% Task 6: tanh.backward
    def backward(self, X, grad):
        """X: forward's input.  grad: the derivative of the loss with respect to its output, with the same shape.

        Returns the derivative of the loss with respect to X.
        """
        return grad * (1 - np.tanh(X) ** 2)


# %%
class relu:
    """max(0, u) for every entry u. No parameters."""

    # %% Task 7: relu.forward
    def forward(self, X):
        """X: any shape.  Returns max(0, u) for every entry u."""
        return np.maximum(X, 0)

    # %% Task 8: relu.backward
    def backward(self, X, grad):
        """X: forward's input.  grad: the derivative of the loss with respect to its output, with the same shape.

        Returns the derivative of the loss with respect to X: grad where u > 0, else 0.
        """
        return grad * (np.asarray(X) > 0)


# %% Given: dropout, forward
class dropout:
    """Inverted dropout with rate r: each entry is dropped with probability r, the others are divided by 1 − r."""

    def __init__(self, r):
        """r: the rate, 0 <= r < 1."""
        self.r = r
        self.mask = None

    def forward(self, X, is_train):
        """X: any shape.  is_train: whether to drop anything.

        In training, returns X times a newly drawn self.mask; else X unchanged.
        """
        if not is_train:
            return X
        p = np.random.uniform(0.0, 1.0, np.shape(X))
        self.mask = (p >= self.r) / (1 - self.r)
        return X * self.mask

    # %% Task 9: dropout.backward
    def backward(self, X, grad):
        """X: forward's input in training.  grad: the derivative of the loss with respect to its output.

        Returns the derivative of the loss with respect to X, with the same shape.
        """
        return grad * self.mask


# %% Task 10: main
def main(main_params, optimization_type="minibatch_sgd"):
    """Train the network linear(1) → tanh → relu → dropout → linear(2) → softmax, cross-entropy.

    main_params: a dictionary such as SETTINGS below.
    optimization_type: "minibatch_sgd"; anything else raises a ValueError.
    Prints the accuracy and the loss after every epoch, if main_params["log"] is true.
    Returns train and validation, each {"accuracy": […], "loss": […]} with an entry for every epoch, and the model
    (its modules by name) with the parameters of the epoch with the best validation accuracy.
    """
    if optimization_type != "minibatch_sgd":
        raise ValueError(f"there is no optimization_type {optimization_type!r}")
    np.random.seed(main_params["random_seed"])
    if main_params["check"] is None:
        Xtrain, Ytrain, Xvalid, Yvalid = data_loader_mnist(main_params["data_dir"])
    else:
        Xtrain, Ytrain, Xvalid, Yvalid = main_params["check"]
    train_set, valid_set = DataSplit(Xtrain, Ytrain), DataSplit(Xvalid, Yvalid)

    model = {}
    model["L1"] = linear_layer(train_set.D, main_params["num_L1"])
    model["tanh1"] = tanh()
    model["relu1"] = relu()
    model["drop1"] = dropout(main_params["dropout_rate"])
    model["L2"] = linear_layer(main_params["num_L1"], int(np.max(train_set.Y)) + 1)
    model["loss"] = softmax_cross_entropy()

    momentum = add_momentum(model) if main_params["alpha"] > 0 else None
    train, validation = {"accuracy": [], "loss": []}, {"accuracy": [], "loss": []}
    best, began = copy_parameters(model), time.time()
    for epoch in range(main_params["num_epoch"]):
        seed = main_params["random_seed"] + epoch
        for indices in train_set.minibatches(main_params["minibatch_size"], seed):
            x, y = train_set.get_example(indices)

            # Forward, in training: from x, (n, D), to the scores a2, (n, classes). Five calls.
            a1 = model["L1"].forward(x)
            h1 = model["tanh1"].forward(a1)
            h2 = model["relu1"].forward(h1)
            h3 = model["drop1"].forward(h2, True)
            a2 = model["L2"].forward(h3)

            grad_a2 = model["loss"].backward(a2, y)

            # Backward: the same five modules in reverse, starting from grad_a2. Each gets its forward's X.
            grad_h3 = model["L2"].backward(h3, grad_a2)
            grad_h2 = model["drop1"].backward(h2, grad_h3)
            grad_h1 = model["relu1"].backward(h1, grad_h2)
            grad_a1 = model["tanh1"].backward(a1, grad_h1)
            model["L1"].backward(x, grad_a1)

            model = miniBatchStochasticGradientDescent(
                model, momentum, main_params["lambda"], main_params["alpha"], main_params["learning_rate"]
            )

        for history, data in ((train, train_set), (validation, valid_set)):
            accuracy, loss = evaluate(model, data)
            history["accuracy"].append(accuracy)
            history["loss"].append(loss)
        if validation["accuracy"][-1] == max(validation["accuracy"]):
            best = copy_parameters(model)
        if main_params["log"]:
            report(train, validation, epoch + 1, main_params["num_epoch"], time.time() - began)
    set_parameters(model, best)
    return train, validation, model


# %% Given: the hyper-parameters. Do not change them.
SETTINGS = {
    "data_dir": None,  # the folder with MNIST; None: wherever digits.py finds it
    "random_seed": 42,
    "num_epoch": 10,
    "minibatch_size": 32,
    "learning_rate": 0.05,
    "alpha": 0.9,  # momentum
    "lambda": 1e-4,  # L2 regularisation
    "dropout_rate": 0.25,
    "num_L1": 128,  # hidden units
    "check": None,  # (Xtrain, Ytrain, Xvalid, Yvalid) to train on instead of MNIST
    "log": True,  # whether to print
}

if __name__ == "__main__":
    main(SETTINGS)
