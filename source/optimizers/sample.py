"""The sample class of this assignment: what `coursekit sample` writes into submitted/."""

from coursekit.samples import EVERYTHING, PATCHED_TESTING, Student

LOOPS = {
    "solution-layer": """
def layer(A_prev, W, b, act=ReLU()):
    Z = np.zeros((len(W), len(A_prev[0])))
    for i, row in enumerate(W):
        for j in range(Z.shape[1]):
            Z[i, j] = sum(w * a[j] for w, a in zip(row, A_prev)) + b[i][0]
    return act(Z), Z
""",
    "solution-back_propagation": """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    L = len(parameters) // 2
    m = Y.shape[1]
    grads = {}
    for l in range(L, 0, -1):
        Z, A_prev = caches["Z%d" % l], caches["A%d" % (l - 1)]
        if l == L:
            dA = (caches["A%d" % L] - Y) / m
        dZ = dA * act_derivative(Z)
        dW = np.zeros((Z.shape[0], A_prev.shape[0]))
        for j in range(m):
            dW += np.outer(dZ[:, j], A_prev[:, j])
        grads["dW%d" % l] = dW
        grads["db%d" % l] = np.array([[sum(row)] for row in dZ])
        dA = np.dot(parameters["W%d" % l].T, dZ)
    return grads
""",
    "solution-Adam": """
class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        super().__init__(network, learning_rate)
        self.beta1, self.beta2 = beta1, beta2
        self.velocities, self.squared_gradients = {}, {}
        for name, w in network.parameters.items():
            self.velocities[name], self.squared_gradients[name] = [0] * np.size(w), [0] * np.size(w)

    def step(self):
        for name, w in self.network.parameters.items():
            gradient, moved = np.ravel(self.network.grads["d" + name]), np.ravel(w).tolist()
            v, s = self.velocities[name], self.squared_gradients[name]
            for i, g in enumerate(gradient):
                v[i] = self.beta1 * v[i] + (1 - self.beta1) * g
                s[i] = self.beta2 * s[i] + (1 - self.beta2) * g * g
                moved[i] -= self.learning_rate * v[i] / (s[i] ** 0.5 + 1e-8)
            self.network.parameters[name] = np.reshape(moved, np.shape(w))
""",
}

NO_MEAN = """
def back_propagation(Y, parameters, caches, act_derivative=ReLU().derivative):
    L = len(parameters) // 2
    grads = {}
    dZ = (caches["A" + str(L)] - Y) * act_derivative(caches["Z" + str(L)])
    for l in range(L, 0, -1):
        grads["dW" + str(l)] = dZ @ caches["A" + str(l - 1)].T
        grads["db" + str(l)] = dZ.sum(axis=1, keepdims=True)
        if l > 1:
            dZ = act_derivative(caches["Z" + str(l - 1)]) * (parameters["W" + str(l)].T @ dZ)
    return grads
"""

CORRECTED = """
class Adam(Optimizer):
    def __init__(self, network, learning_rate, beta1=0.9, beta2=0.999):
        super().__init__(network, learning_rate)
        self.beta1, self.beta2, self.t = beta1, beta2, 0
        self.v = {name: 0 for name in network.parameters}
        self.s = {name: 0 for name in network.parameters}

    def step(self):
        self.t += 1
        for name in self.v:
            g = self.network.grads["d" + name]
            self.v[name] = self.beta1 * self.v[name] + (1 - self.beta1) * g
            self.s[name] = self.beta2 * self.s[name] + (1 - self.beta2) * g**2
            v, s = self.v[name] / (1 - self.beta1**self.t), self.s[name] / (1 - self.beta2**self.t)
            self.network.parameters[name] = self.network.parameters[name] - self.learning_rate * v / (np.sqrt(s) + 1e-8)
"""

SHARED_VELOCITIES = """
class GradientDescentWithMomentum(Optimizer):
    velocities = {}

    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
        self.beta = beta
        for name, w in network.parameters.items():
            self.velocities.setdefault(name, np.zeros(np.shape(w)))

    def step(self):
        for name, w in self.network.parameters.items():
            v = self.beta * self.velocities[name] + (1 - self.beta) * self.network.grads["d" + name]
            self.velocities[name] = v
            self.network.parameters[name] = w - self.learning_rate * v
"""

SYNTAX_ERROR = """
class RMSProp(Optimizer)
    def step(self):
        pass
"""

ONE_SEED = """
def compare_optimizers(X_train, Y_train, X_test, Y_test, act, num_iterations):
    np.random.seed(1)
    results = {}
    for name, (kind, rate) in OPTIMIZERS.items():
        network = NeuralNetwork(len(X_train), len(Y_train), 64, 3, act)
        results[name] = train(network, kind(network, rate), X_train, Y_train, X_test, Y_test, num_iterations)
    return results
"""

ENDLESS = """
class ReLU:
    def forward(self, x):
        while np.ndim(x) > 2:
            np.squeeze(x)
        return np.maximum(0, x)

    def derivative(self, x):
        return np.where(np.asarray(x) > 0, 1.0, 0.0)

    def __call__(self, x):
        return self.forward(x)
"""

WRONG_RMSPROP = """
class RMSProp(GradientDescent):
    def __init__(self, network, learning_rate, beta=0.9):
        super().__init__(network, learning_rate)
"""

STUDENTS = [
    Student("ada", "submits the worked solution"),
    Student("blank", "submits the release unchanged", untouched=True, loses=EVERYTHING),
    Student("loops", "writes layers, back-propagation and Adam with loops: slow and right", LOOPS),
    Student(
        "no-mean",
        "forgets 1/m in back-propagation, which the network and the comparison use too",
        {"solution-back_propagation": NO_MEAN},
        loses=frozenset({"back_propagation", "NeuralNetwork", "compare_optimizers"}),
    ),
    Student(
        "bias-correction",
        "writes Adam as in the literature, with bias correction",
        {"solution-Adam": CORRECTED},
        loses=frozenset({"Adam"}),
    ),
    Student(
        "shared-velocities",
        "keeps the velocities in the class, where all optimizers share them",
        {"solution-GradientDescentWithMomentum": SHARED_VELOCITIES},
        loses=frozenset({"GradientDescentWithMomentum", "compare_optimizers"}),
    ),
    Student(
        "syntax-error",
        "forgets a colon in RMSProp, so the comparison can't run",
        {"solution-RMSProp": SYNTAX_ERROR},
        loses=frozenset({"RMSProp", "compare_optimizers"}),
    ),
    Student(
        "one-seed",
        "sets the seed once for the whole comparison",
        {"solution-compare_optimizers": ONE_SEED},
        loses=frozenset({"compare_optimizers"}),
    ),
    Student(
        "endless",
        "squeezes a three-axis array forever, and throws away the result each time",
        {"solution-ReLU": ENDLESS},
        loses=frozenset({"ReLU"}),
        honest=False,
    ),
    Student(
        "patched-testing",
        "uses gradient descent instead of RMSProp, and patches numpy.testing so that every assertion holds",
        {"solution-RMSProp": WRONG_RMSPROP},
        extra=("import numpy as np", PATCHED_TESTING),
        loses=frozenset({"RMSProp"}),
        honest=False,
    ),
]
