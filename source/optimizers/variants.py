"""Correct solutions in other styles: whoever writes like this must get all 100 points."""

from itertools import product
from textwrap import dedent

import nbformat

from coursekit.core import cells
from coursekit.samples import Student

INITIALIZE = "solution-initialize_dnn_parameters"
RELU = "solution-ReLU"
LAYER = "solution-layer"
PASS = "solution-forward_propagation"
BACK = "solution-back_propagation"
CLASS = "solution-NeuralNetwork"
STEP = "solution-gradient_descent_step"
DESCENT = "solution-GradientDescent"
MOMENTUM = "solution-GradientDescentWithMomentum"
RMSPROP = "solution-RMSProp"
ADAM = "solution-Adam"
COMPARE = "solution-compare_optimizers"


def relu(derivative: str) -> str:
    """The answer cell with relu, whose derivative is the expression given."""
    return f"""
class ReLU:
    def forward(self, x):
        return np.maximum(x, 0)

    def derivative(self, x):
        return {derivative}

    def __call__(self, x):
        return self.forward(x)
"""


def rmsprop(denominator: str) -> str:
    """The answer cell with RMSProp, in which the gradient is divided by the expression given."""
    return f"""
class RMSProp(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.squared_gradients = {{}}

    def step(self):
        for name in self.network.parameters:
            g = self.network.grads["d" + name]
            s = self.beta * self.squared_gradients.get(name, 0) + (1 - self.beta) * g**2
            self.squared_gradients[name] = s
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * g / {denominator}
"""


def adam(denominator: str) -> str:
    """The answer cell with Adam, in which the velocity is divided by the expression given."""
    return f"""
class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        super().__init__(network, learning_rate)
        self.beta1, self.beta2 = beta1, beta2
        self.velocities, self.squared_gradients = {{}}, {{}}

    def step(self):
        for name in self.network.parameters:
            g = self.network.grads["d" + name]
            v = self.beta1 * self.velocities.get(name, 0) + (1 - self.beta1) * g
            s = self.beta2 * self.squared_gradients.get(name, 0) + (1 - self.beta2) * g**2
            self.velocities[name], self.squared_gradients[name] = v, s
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * v / {denominator}
"""


AT_ZERO = {"1": "(x >= 0).astype(float)", "0": "(x > 0).astype(float)"}
EPSILON = {"after": "(np.sqrt(s) + 1e-8)", "under": "np.sqrt(s + 1e-8)", "none": "np.sqrt(s)"}
READINGS = [
    Student(
        f"relu-{at_zero}-rmsprop-{first}-adam-{second}",
        f"relu's slope at 0 is {at_zero}; epsilon: RMSProp {first}, Adam {second} (the root)",
        {RELU: relu(AT_ZERO[at_zero]), RMSPROP: rmsprop(EPSILON[first]), ADAM: adam(EPSILON[second])},
    )
    for at_zero, first, second in product(AT_ZERO, EPSILON, EPSILON)
]

LISTS = {
    INITIALIZE: """
def initialize_dnn_parameters(layer_dims):
    parameters = {}
    for l, (inputs, units) in enumerate(zip(layer_dims, layer_dims[1:]), start=1):
        parameters[f"W{l}"] = (np.random.randn(units, inputs) / inputs**0.5).tolist()
        parameters[f"b{l}"] = [[0.0] for _ in range(units)]
    return parameters
""",
    RELU: """
class ReLU:
    def forward(self, x):
        return np.maximum(x, 0).tolist()

    def derivative(self, x):
        return np.where(np.array(x) > 0, 1, 0).tolist()

    def __call__(self, x):
        return self.forward(x)
""",
    LAYER: """
def layer(A_prev, W, b, act=ReLU()):
    Z = (np.dot(W, A_prev) + b).tolist()
    A = act(np.array(Z))
    return [A if isinstance(A, list) else A.tolist(), Z]
""",
    PASS: """
def forward_propagation(X, parameters, act=ReLU()):
    caches = {"A0": np.array(X).tolist()}
    for l in range(1, len(parameters) // 2 + 1):
        A, Z = layer(caches[f"A{l - 1}"], parameters[f"W{l}"], parameters[f"b{l}"], act)
        caches[f"A{l}"] = A
        caches[f"Z{l}"] = Z
    return [caches[f"A{len(parameters) // 2}"], caches]
""",
    BACK: """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    L = len(parameters) // 2
    grads = {}
    dA = (np.array(caches[f"A{L}"]) - np.array(Y)) / len(Y[0])
    for l in reversed(range(1, L + 1)):
        dZ = dA * np.array(act_derivative(np.array(caches[f"Z{l}"])))
        grads[f"dW{l}"] = (dZ @ np.array(caches[f"A{l - 1}"]).T).tolist()
        grads[f"db{l}"] = [[sum(row)] for row in dZ.tolist()]
        dA = np.array(parameters[f"W{l}"]).T @ dZ
    return grads
""",
    STEP: """
def gradient_descent_step(parameters, grads, learning_rate):
    for name in list(parameters):
        moved = np.array(parameters[name]) - learning_rate * np.array(grads["d" + name])
        parameters[name] = moved.tolist()
""",
    MOMENTUM: """
class GradientDescentWithMomentum(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.velocities = {name: (0 * np.array(w)).tolist() for name, w in network.parameters.items()}

    def step(self):
        for name, v in self.velocities.items():
            v = self.beta * np.array(v) + (1 - self.beta) * np.array(self.network.grads["d" + name])
            self.velocities[name] = v.tolist()
            w = np.array(self.network.parameters[name]) - self.learning_rate * v
            self.network.parameters[name] = w.tolist()
""",
    RMSPROP: """
class RMSProp(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.squared_gradients = {name: (0 * np.array(w)).tolist() for name, w in network.parameters.items()}

    def step(self):
        for name, s in self.squared_gradients.items():
            g = np.array(self.network.grads["d" + name])
            s = self.beta * np.array(s) + (1 - self.beta) * g * g
            self.squared_gradients[name] = s.tolist()
            w = np.array(self.network.parameters[name]) - self.learning_rate * g / (s**0.5 + 1e-8)
            self.network.parameters[name] = w.tolist()
""",
    ADAM: """
class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        super().__init__(network, learning_rate)
        self.beta1 = beta1
        self.beta2 = beta2
        self.velocities = {name: (0 * np.array(w)).tolist() for name, w in network.parameters.items()}
        self.squared_gradients = dict(self.velocities)

    def step(self):
        for name in self.velocities:
            g = np.array(self.network.grads["d" + name])
            v = self.beta1 * np.array(self.velocities[name]) + (1 - self.beta1) * g
            s = self.beta2 * np.array(self.squared_gradients[name]) + (1 - self.beta2) * g * g
            self.velocities[name], self.squared_gradients[name] = v.tolist(), s.tolist()
            w = np.array(self.network.parameters[name]) - self.learning_rate * v / (s**0.5 + 1e-8)
            self.network.parameters[name] = w.tolist()
""",
    COMPARE: """
def compare_optimizers(X_train, Y_train, X_test, Y_test, act, num_iterations):
    results = {}
    for name in OPTIMIZERS:
        np.random.seed(1)
        network = NeuralNetwork(len(X_train), len(Y_train), 64, 3, act=act)
        optimizer = OPTIMIZERS[name][0](network, OPTIMIZERS[name][1])
        pair = train(network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations)
        results[name] = [losses.tolist() for losses in pair]
    return results
""",
}

BY_ENTRY = {
    INITIALIZE: """
def initialize_dnn_parameters(layer_dims):
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = np.empty((layer_dims[l], layer_dims[l - 1]))
        for i in range(layer_dims[l]):
            for k in range(layer_dims[l - 1]):
                W[i, k] = np.random.randn() / np.sqrt(layer_dims[l - 1])
        parameters["W%d" % l] = W
        parameters["b%d" % l] = np.zeros((layer_dims[l], 1))
    return parameters
""",
    RELU: """
class ReLU:
    def forward(self, x):
        out = np.zeros(np.shape(x))
        for place in np.ndindex(*out.shape):
            if x[place] > 0:
                out[place] = x[place]
        return out

    def derivative(self, x):
        out = np.zeros(np.shape(x))
        for place in np.ndindex(*out.shape):
            if x[place] > 0:
                out[place] = 1
        return out

    __call__ = forward
""",
    LAYER: """
def layer(A_prev, W, b, act=ReLU()):
    Z = np.zeros((len(W), len(A_prev[0])))
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            for k in range(len(A_prev)):
                Z[i, j] += W[i][k] * A_prev[k][j]
            Z[i, j] += b[i][0]
    return act.forward(Z), Z
""",
    BACK: """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    L = len(parameters) // 2
    grads, m = {}, Y.shape[1]
    for l in range(1, L + 1):
        grads["dW" + str(l)] = np.zeros(parameters["W" + str(l)].shape)
        grads["db" + str(l)] = np.zeros(parameters["b" + str(l)].shape)
    for j in range(m):
        # one sample at a time
        dA = (caches["A" + str(L)][:, [j]] - Y[:, [j]]) / m
        for l in range(L, 0, -1):
            dZ = dA * act_derivative(caches["Z" + str(l)][:, [j]])
            for i in range(len(dZ)):
                grads["db" + str(l)][i, 0] += dZ[i, 0]
                for k in range(len(caches["A" + str(l - 1)])):
                    grads["dW" + str(l)][i, k] += dZ[i, 0] * caches["A" + str(l - 1)][k, j]
            dA = parameters["W" + str(l)].T.dot(dZ)
    return grads
""",
    STEP: """
def gradient_descent_step(parameters, grads, learning_rate):
    for l in range(1, len(parameters) // 2 + 1):
        for kind in ["W", "b"]:
            array = parameters[kind + str(l)]
            for i in range(len(array)):
                for k in range(len(array[i])):
                    array[i][k] -= learning_rate * grads["d" + kind + str(l)][i][k]
""",
    ADAM: """
class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        super().__init__(network, learning_rate)
        self.betas = beta1, beta2
        self.state = {}

    def step(self):
        for name, w in self.network.parameters.items():
            for place in np.ndindex(*w.shape):
                g = self.network.grads["d" + name][place]
                v, s = self.state.get((name, place), (0, 0))
                v = self.betas[0] * v + (1 - self.betas[0]) * g
                s = self.betas[1] * s + (1 - self.betas[1]) * g * g
                self.state[name, place] = v, s
                w[place] -= self.learning_rate * v / ((s + 1e-8) ** 0.5)
""",
}

FLOAT32 = {
    INITIALIZE: """
def initialize_dnn_parameters(layer_dims):
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = np.random.randn(layer_dims[l], layer_dims[l - 1]) / np.sqrt(layer_dims[l - 1])
        parameters["W" + str(l)] = W.astype(np.float32)
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1), dtype=np.float32)
    return parameters
""",
    RELU: """
class ReLU:
    def forward(self, x):
        return np.maximum(np.float32(0), np.asarray(x, dtype=np.float32))

    def derivative(self, x):
        return (np.asarray(x) > 0).astype(np.float32)

    def __call__(self, x):
        return self.forward(x)
""",
    LAYER: """
def layer(A_prev, W, b, act=ReLU()):
    A_prev, W, b = (np.asarray(array, dtype=np.float32) for array in (A_prev, W, b))
    Z = W @ A_prev + b
    return act(Z), Z
""",
    BACK: """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    caches = {name: np.asarray(array, dtype=np.float32) for name, array in caches.items()}
    L = len(parameters) // 2
    grads = {}
    dA = (caches["A" + str(L)] - np.asarray(Y, dtype=np.float32)) / np.float32(Y.shape[1])
    for l in range(L, 0, -1):
        dZ = dA * act_derivative(caches["Z" + str(l)]).astype(np.float32)
        grads["dW" + str(l)] = dZ @ caches["A" + str(l - 1)].T
        grads["db" + str(l)] = dZ.sum(axis=1, keepdims=True)
        dA = np.asarray(parameters["W" + str(l)], dtype=np.float32).T @ dZ
    return grads
""",
    STEP: """
def gradient_descent_step(parameters, grads, learning_rate):
    for name, value in parameters.items():
        g = np.asarray(grads["d" + name], dtype=np.float32)
        new = np.asarray(value, dtype=np.float32) - np.float32(learning_rate) * g
        parameters[name] = new
""",
    RMSPROP: rmsprop("np.sqrt(s + 1e-8)").replace(
        'g = self.network.grads["d" + name]',
        'g = np.asarray(self.network.grads["d" + name], dtype=np.float32)',
    ),
    ADAM: adam("(np.sqrt(s) + 1e-8)").replace(
        'g = self.network.grads["d" + name]',
        'g = np.asarray(self.network.grads["d" + name], dtype=np.float32)',
    ),
}

EINSUM = {
    LAYER: """
def layer(A_prev, W, b, act=ReLU()):
    Z = np.einsum("ik,kj->ij", W, A_prev) + b
    return act(Z), Z
""",
    BACK: """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    L = len(parameters) // 2
    dZ = np.einsum("ij,ij->ij", caches[f"A{L}"] - Y, act_derivative(caches[f"Z{L}"])) / Y.shape[1]
    grads = {}
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = np.einsum("ij,kj->ik", dZ, caches[f"A{l - 1}"])
        grads[f"db{l}"] = np.einsum("ij->i", dZ)[:, None]
        if l - 1:
            dZ = np.einsum("kj,ik,ij->kj", act_derivative(caches[f"Z{l - 1}"]), parameters[f"W{l}"], dZ)
    return grads
""",
}

IN_PLACE = {
    STEP: """
def gradient_descent_step(parameters, grads, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * grads["d" + name]
    return parameters
""",
    MOMENTUM: """
class GradientDescentWithMomentum(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.velocities = {"d" + name: np.zeros_like(w) for name, w in network.parameters.items()}

    def step(self):
        for name, v in self.velocities.items():
            v *= self.beta
            v += (1 - self.beta) * self.network.grads[name]
        gradient_descent_step(self.network.parameters, self.velocities, self.learning_rate)
""",
    RMSPROP: """
class RMSProp(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.squared_gradients = {name: np.zeros_like(w) for name, w in network.parameters.items()}

    def step(self):
        for name, w in self.network.parameters.items():
            g, s = self.network.grads["d" + name], self.squared_gradients[name]
            s *= self.beta
            s += (1 - self.beta) * np.square(g)
            w -= self.learning_rate * g / np.sqrt(s + 1e-8)
""",
    ADAM: """
class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        Optimizer.__init__(self, network, learning_rate)
        self.beta1, self.beta2 = beta1, beta2
        self.velocities = {name: np.zeros_like(w) for name, w in network.parameters.items()}
        self.squared_gradients = {name: np.zeros_like(w) for name, w in network.parameters.items()}

    def step(self):
        for name, w in self.network.parameters.items():
            g, v, s = self.network.grads["d" + name], self.velocities[name], self.squared_gradients[name]
            v += (1 - self.beta1) * (g - v)
            s += (1 - self.beta2) * (g * g - s)
            w -= self.learning_rate * v / np.sqrt(s + 1e-8)
""",
}

ON_EACH_OTHER = {
    MOMENTUM: """
class GradientDescentWithMomentum(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.velocities = {}

    def average(self):
        for name, g in self.network.grads.items():
            old = self.velocities.get(name, np.zeros_like(g))
            self.velocities[name] = self.beta * old + (1 - self.beta) * g

    def step(self):
        self.average()
        gradient_descent_step(self.network.parameters, self.velocities, self.learning_rate)
""",
    RMSPROP: """
class RMSProp(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        self.squared_gradients = {}

    def average_squares(self, beta):
        for name, g in self.network.grads.items():
            old = self.squared_gradients.get(name, np.zeros_like(g))
            self.squared_gradients[name] = beta * old + (1 - beta) * g**2

    def scaled(self, arrays):
        return {name: a / (np.sqrt(self.squared_gradients[name]) + 1e-8) for name, a in arrays.items()}

    def step(self):
        self.average_squares(self.beta)
        gradient_descent_step(self.network.parameters, self.scaled(self.network.grads), self.learning_rate)
""",
    ADAM: """
class Adam(GradientDescentWithMomentum, RMSProp):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        Optimizer.__init__(self, network, learning_rate)
        self.beta, self.beta2 = beta1, beta2
        self.velocities, self.squared_gradients = {}, {}

    def step(self):
        self.average()
        self.average_squares(self.beta2)
        gradient_descent_step(self.network.parameters, self.scaled(self.velocities), self.learning_rate)
""",
}

GENERATORS = {
    MOMENTUM: """
def averages(beta):
    v = yield
    v = (1 - beta) * v
    while True:
        g = yield v
        v = beta * v + (1 - beta) * g


class GradientDescentWithMomentum(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.velocities = {name: averages(beta) for name in network.parameters}
        for average in self.velocities.values():
            next(average)

    def step(self):
        for name, average in self.velocities.items():
            v = average.send(self.network.grads["d" + name])
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * v
""",
    RMSPROP: """
class RMSProp(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        history = []

        def root(name):
            return sum((1 - beta) * beta**age * g[name] ** 2 for age, g in enumerate(reversed(history))) ** 0.5

        def step():
            history.append({name: np.array(g) for name, g in network.grads.items()})
            for name, w in network.parameters.items():
                network.parameters[name] = w - self.learning_rate * history[-1]["d" + name] / (root("d" + name) + 1e-8)

        self.step = step
""",
    ADAM: """
from dataclasses import dataclass
from typing import Any


@dataclass
class Moments:
    v: Any = 0.0
    s: Any = 0.0


class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        super().__init__(network, learning_rate)
        self.beta1, self.beta2 = beta1, beta2
        self.moments = {name: Moments() for name in network.parameters}

    def step(self):
        for name, moments in self.moments.items():
            g = self.network.grads["d" + name]
            moments.v = self.beta1 * moments.v + (1 - self.beta1) * g
            moments.s = self.beta2 * moments.s + (1 - self.beta2) * g**2
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * moments.v / np.sqrt(
                moments.s + 1e-8
            )
""",
}

OWN_NETWORK = {
    CLASS: """
class NeuralNetwork:
    def __init__(self, n_x, n_y, n_h, depth, act=ReLU()):
        self.act, self.depth = act, depth
        self.layer_dims = (n_x, *[n_h for _ in range(depth - 1)], n_y)
        self.initialize()

    def initialize(self):
        self.parameters = {}
        for l in range(1, self.depth + 1):
            n, inputs = self.layer_dims[l], self.layer_dims[l - 1]
            self.parameters["W" + str(l)] = np.random.randn(n, inputs) * inputs**-0.5
            self.parameters["b" + str(l)] = np.zeros((n, 1))

    def forward(self, X):
        self.caches = {"A0": np.array(X)}
        for l in range(1, self.depth + 1):
            Z = self.parameters["W" + str(l)] @ self.caches["A" + str(l - 1)] + self.parameters["b" + str(l)]
            self.caches["Z" + str(l)] = Z
            self.caches["A" + str(l)] = self.act.forward(Z)
        return self.caches["A" + str(self.depth)]

    def backward(self, Y):
        self.grads = {}
        d = (self.caches["A" + str(self.depth)] - Y) / Y.shape[1]
        for l in range(self.depth, 0, -1):
            d = d * self.act.derivative(self.caches["Z" + str(l)])
            self.grads["dZ" + str(l)] = d
            self.grads["dW" + str(l)] = d @ self.caches["A" + str(l - 1)].T
            self.grads["db" + str(l)] = d.sum(1, keepdims=True)
            d = self.parameters["W" + str(l)].T @ d
        return self.grads

    __call__ = forward
""",
}

PROPERTIES = {
    CLASS: """
class NeuralNetwork(object):
    __slots__ = ("_dims", "_act", "_parameters", "_caches", "_grads")

    def __init__(self, n_x, n_y, n_h, depth, act=ReLU()):
        self._dims = np.array([n_x] + [n_h] * (depth - 1) + [n_y])
        self._act = act
        self._caches = self._grads = None
        self.initialize()

    layer_dims = property(lambda self: self._dims.tolist())
    parameters = property(lambda self: self._parameters)
    caches = property(lambda self: self._caches)
    grads = property(lambda self: self._grads)

    def initialize(self):
        self._parameters = initialize_dnn_parameters(self._dims)
        return self

    def forward(self, X):
        A, self._caches = forward_propagation(X, self._parameters, act=self._act)
        return A

    def backward(self, Y):
        self._grads = back_propagation(Y, self._parameters, self._caches, act_derivative=self._act.derivative)

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)
""",
}

RECURSION = {
    PASS: """
from collections import OrderedDict


def forward_propagation(X, parameters, act=ReLU()):
    def up_to(l):
        if l == 0:
            return X, OrderedDict(A0=X)
        below, caches = up_to(l - 1)
        A, Z = layer(below, parameters["W%d" % l], parameters["b%d" % l], act=act)
        caches.update({"Z%d" % l: Z, "A%d" % l: A})
        return A, caches

    return up_to(len(parameters) // 2)
""",
    BACK: """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    L = len(parameters) // 2

    def dZ(l):
        if l == L:
            return (caches["A%d" % L] - Y) * act_derivative(caches["Z%d" % L]) / np.size(Y, 1)
        return act_derivative(caches["Z%d" % l]) * (parameters["W%d" % (l + 1)].T @ dZ(l + 1))

    weights = {"dW%d" % l: dZ(l) @ caches["A%d" % (l - 1)].T for l in range(1, L + 1)}
    biases = {"db%d" % l: dZ(l) @ np.ones((np.size(Y, 1), 1)) for l in range(1, L + 1)}
    return {**weights, **biases}
""",
}

BOOLEAN = {
    RELU: """
class ReLU:
    def __call__(self, x):
        return (x > 0) * x

    def forward(self, x):
        return self(x)

    def derivative(self, x):
        return x > 0
""",
}

STATIC = {
    RELU: """
class ReLU:
    forward = staticmethod(lambda x: np.clip(x, 0, None))
    derivative = staticmethod(lambda x: np.heaviside(x, 0.5))
    __call__ = lambda self, x: ReLU.forward(x)
""",
}

HINTS = {
    INITIALIZE: """
from typing import Dict, Sequence


def initialize_dnn_parameters(layer_dims: Sequence[int]) -> Dict[str, np.ndarray]:
    parameters: Dict[str, np.ndarray] = {}
    for l in range(1, len(layer_dims)):
        stdv: float = layer_dims[l - 1] ** -0.5
        parameters["W" + str(l)] = stdv * np.random.randn(layer_dims[l], layer_dims[l - 1])
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters
""",
    STEP: """
def gradient_descent_step(parameters: dict, grads: dict, learning_rate: float) -> None:
    parameters.update({k: w - learning_rate * grads[f"d{k}"] for k, w in parameters.items()})
""",
    DESCENT: """
class GradientDescent(Optimizer):
    def __init__(self, network: "NeuralNetwork", learning_rate: float) -> None:
        Optimizer.__init__(self, network=network, learning_rate=learning_rate)

    def step(self) -> None:
        gradient_descent_step(parameters=self.network.parameters, grads=self.network.grads,
                              learning_rate=self.learning_rate)
""",
}

MODULE = """
import numpy as np


class Average:
    def __init__(self, beta):
        self.beta, self.value = beta, 0

    def update(self, new):
        self.value = self.beta * self.value + (1 - self.beta) * new
        return self.value
"""
FROM_MODULE = {
    MOMENTUM: """
from averages import Average


class GradientDescentWithMomentum(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.velocities = {name: Average(beta) for name in network.parameters}

    def step(self):
        for name, average in self.velocities.items():
            step = average.update(self.network.grads["d" + name])
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * step
""",
    RMSPROP: """
class RMSProp(Optimizer):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.squared_gradients = {name: Average(beta) for name in network.parameters}

    def step(self):
        for name, average in self.squared_gradients.items():
            g = self.network.grads["d" + name]
            step = g / (average.update(np.square(g)) ** 0.5 + 1e-8)
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * step
""",
}

CHATTY = {
    RELU: """
import sys


class ReLU:
    def forward(self, x):
        print("relu of", np.shape(x))
        return np.where(x > 0, x, np.log(np.exp(0 * np.asarray(x))))

    def derivative(self, x):
        print("slope of", np.shape(x), file=sys.stderr)
        with_warnings = np.array([1.0]) / np.array([0.0])
        return np.where(x > 0, 1, 0)

    def __call__(self, x):
        return self.forward(x)
""",
    COMPARE: """
%%time
def compare_optimizers(X_train, Y_train, X_test, Y_test, act, num_iterations):
    print("this may take a while")
    def one(kind, rate):
        np.random.seed(1)
        network = NeuralNetwork(X_train.shape[0], Y_train.shape[0], 64, 3, act)
        return train(network, kind(network, rate), X_train, Y_train, X_test, Y_test, num_iterations, print_cost=True)
    return {name: one(*setting) for name, setting in OPTIMIZERS.items()}
""",
}


def with_helpers(notebook):
    """Helper functions in a cell of their own, used by an answer."""
    place = next(n for n, cell in enumerate(notebook.cells) if cells.grade_id(cell) == BACK)
    helpers = dedent("""
        def number(kind, l):
            return "{}{}".format(kind, l)


        class Products:
            @staticmethod
            def times(one, other):
                return one.dot(other)
    """)
    notebook.cells.insert(place, nbformat.v4.new_code_cell(helpers, id="helpers"))
    notebook.cells.insert(place, nbformat.v4.new_markdown_cell("My helpers.", id="about-helpers"))


HELPED = {
    BACK: """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    grads, l = {}, len(parameters) // 2
    d = (caches[number("A", l)] - Y) / Y.shape[-1]
    while l > 0:
        d = d * act_derivative(caches[number("Z", l)])
        grads[number("dW", l)] = Products.times(d, caches[number("A", l - 1)].T)
        grads[number("db", l)] = d.sum(axis=1).reshape(-1, 1)
        d = Products.times(parameters[number("W", l)].T, d)
        l -= 1
    return grads
""",
}


def without_checks(notebook):
    """Only the cells that are needed, without metadata but for the grade_ids."""
    notebook.cells = [
        cell for cell in notebook.cells if cells.is_code(cell) and not cell.id.startswith(("check-", "show-"))
    ]


VARIANTS = [
    *READINGS,
    Student("lists", "returns lists wherever there are arrays", LISTS),
    Student("by-entry", "loops over every entry, updates arrays in place", BY_ENTRY),
    Student("float32", "calculates in single precision", FLOAT32),
    Student("einsum", "writes all products by einsum", EINSUM),
    Student("in-place", "changes all arrays in place", IN_PLACE),
    Student("on-each-other", "inherits Adam from the other two", ON_EACH_OTHER),
    Student("generators", "keeps state in generators, closures and dataclasses", GENERATORS),
    Student("own-network", "a network that calls none of the functions, with more in grads", OWN_NETWORK),
    Student("properties", "a network with slots and read-only properties", PROPERTIES),
    Student("recursion", "goes forward and backward by recursion", RECURSION),
    Student("boolean", "a derivative of truth values", BOOLEAN),
    Student("static", "static lambdas; relu's slope at 0 is a half", STATIC),
    Student("type-hints", "annotates everything, passes by keyword", HINTS),
    Student(
        "own-module",
        "has a module of their own beside the notebook",
        FROM_MODULE,
        files={"averages.py": MODULE},
    ),
    Student("chatty", "prints everywhere, warns on stderr, uses magics", CHATTY),
    Student("helpers", "has helper functions in extra cells", HELPED, edit=with_helpers),
    Student("bare", "deleted all checks and pictures", edit=without_checks),
    Student("renamed", "handed in the notebook under another name", filename="my homework (final).ipynb"),
]
