"""Correct solutions in other styles: whoever writes like this must get every point that a test can give."""

import nbformat

from coursekit.core import cells
from coursekit.samples import Student


def answer_cells(notebook):
    """The cells in which the functions are written."""
    return [
        cell
        for cell in notebook.cells
        if cells.is_code(cell) and (cells.grade_id(cell) or "").startswith("solution-")
    ]


def position(notebook, name):
    """Where the cell with this grade_id lies."""
    return next(place for place, cell in enumerate(notebook.cells) if cells.grade_id(cell) == name)


LISTS = {
    "solution-initialize_parameters": """
def initialize_parameters(layer_dims):
    parameters = {}
    for l, (inputs, units) in enumerate(zip(layer_dims, layer_dims[1:]), start=1):
        scale = (2 / inputs) ** 0.5
        parameters[f"W{l}"] = [[scale * w for w in np.random.randn(inputs).tolist()] for _ in range(units)]
        parameters[f"b{l}"] = [[0] for _ in range(units)]
    return parameters
""",
    "solution-linear_forward": """
def linear_forward(A, W, b):
    return [(np.dot(W, A) + b).tolist(), {"A": A, "W": W, "b": b}]
""",
    "solution-softmax": """
def softmax(Z):
    columns = []
    for column in np.transpose(Z).tolist():
        top = max(column)
        powers = [np.exp(z - top) for z in column]
        columns.append([power / sum(powers) for power in powers])
    return [np.transpose(columns).tolist(), {"Z": Z}]
""",
    "solution-relu": """
def relu(Z):
    return [[max(z, 0) for z in row] for row in np.asarray(Z).tolist()], {"Z": Z}
""",
    "solution-apply_batchnorm": """
def apply_batchnorm(A):
    rows = []
    for row in np.asarray(A).tolist():
        mean = sum(row) / len(row)
        root = (sum((a - mean) ** 2 for a in row) / len(row) + 1e-5) ** 0.5
        rows.append([(a - mean) / root for a in row])
    return rows
""",
    "solution-compute_cost": """
def compute_cost(AL, Y):
    labels = np.argmax(Y, axis=0).tolist()
    return sum(-np.log(max(np.asarray(AL)[label, j], 1e-15)) for j, label in enumerate(labels)) / len(labels)
""",
    "solution-Linear_backward": """
def Linear_backward(dZ, cache):
    dZ, m = np.array(dZ), len(dZ[0])
    dA_prev = np.dot(np.transpose(cache["W"]), dZ)
    dW = np.dot(dZ, np.transpose(cache["A"])) / m
    return [dA_prev, dW.tolist(), [[sum(row) / m] for row in dZ.tolist()]]
""",
    "solution-relu_backward": """
def relu_backward(dA, activation_cache):
    return [[s if z > 0 else 0 for s, z in zip(*rows)] for rows in zip(dA, activation_cache["Z"])]
""",
    "solution-softmax_backward": """
def softmax_backward(dA, activation_cache):
    p, _ = softmax(activation_cache["Z"])
    return [[a - y for a, y in zip(*rows)] for rows in zip(p, np.asarray(activation_cache["Y"]).tolist())]
""",
    "solution-Update_parameters": """
def Update_parameters(parameters, grads, learning_rate):
    updated = {}
    for name, value in parameters.items():
        updated[name] = (np.array(value) - learning_rate * np.array(grads["d" + name])).tolist()
    return updated
""",
    "solution-L_layer_model": """
def L_layer_model(X, Y, layers_dims, learning_rate, num_iterations, batch_size, use_batchnorm=False, l2=0.0,
                  patience=100, seed=None, validation_split=0.2, log=True, history=None):
    if seed is not None:
        np.random.seed(seed)
    validation, training = split_off_validation(X.shape[1], validation_split)
    parameters = initialize_parameters(layers_dims)
    costs, best, waited = [], None, 0
    batches = mini_batches(training, batch_size)
    for step in range(num_iterations):
        batch = next(batches)
        AL, caches = L_model_forward(X[:, batch], parameters, use_batchnorm)
        cost = compute_cost(AL, Y[:, batch])
        grads = L_model_backward(AL, Y[:, batch], caches)
        for l in range(1, len(layers_dims)):
            W = np.array(parameters["W%d" % l])
            cost += 0.5 * l2 * (W * W).sum()
            grads["dW%d" % l] = np.array(grads["dW%d" % l]) + l2 * W
        parameters = Update_parameters(parameters, grads, learning_rate)
        if step % 100 == 0:
            costs += [cost]
        if len(validation) and step % 5 == 0:
            accuracy = Predict(X[:, validation], Y[:, validation], parameters, use_batchnorm)
            best, waited = (accuracy, 0) if best is None or accuracy > best else (best, waited + 5)
            if waited >= patience:
                break
    return [parameters, costs]
""",
}

BY_UNIT = {
    "solution-linear_forward": """
def linear_forward(A, W, b):
    Z = np.empty((W.shape[0], A.shape[1]))
    for unit in range(W.shape[0]):
        Z[unit] = b[unit, 0]
        Z[unit] += W[unit].dot(A)
    return Z, dict(A=A, W=W, b=b)
""",
    "solution-softmax": """
def softmax(Z):
    A = Z.copy()
    top = A[0].copy()
    for row in A:
        top[row > top] = row[row > top]
    total = 0
    for k in range(len(A)):
        A[k] = np.exp(A[k] - top)
        total = total + A[k]
    for k in range(len(A)):
        A[k] /= total
    return A, {"Z": Z}
""",
    "solution-relu": """
def relu(Z):
    A = Z.copy()
    A[A < 0] = 0
    return A, {"Z": Z}
""",
    "solution-Linear_backward": """
def Linear_backward(dZ, cache):
    A, W, m = cache["A"], cache["W"], dZ.shape[1]
    dA_prev, dW, db = np.zeros(A.shape), np.zeros(W.shape), np.zeros((len(W), 1))
    for unit in range(len(W)):
        dA_prev += W[unit][:, None] * dZ[unit]
        dW[unit] = A.dot(dZ[unit]) / m
        db[unit] = dZ[unit].mean()
    return dA_prev, dW, db
""",
    "solution-Predict": """
def Predict(X, Y, parameters, use_batchnorm=False):
    AL, _ = L_model_forward(X, parameters, use_batchnorm)
    right = 0
    for j in range(X.shape[1]):
        right += int(Y[np.argmax(AL[:, j]), j] == 1)
    return right / X.shape[1]
""",
}

EINSUM = {
    "solution-linear_forward": """
def linear_forward(A, W, b):
    return np.einsum("ik,kj->ij", W, A) + np.broadcast_to(b, (len(b), A.shape[1])), {"A": A, "W": W, "b": b}
""",
    "solution-apply_batchnorm": """
def apply_batchnorm(A):
    centred = (A.T - A.mean(1)).T
    variance = np.einsum("ij,ij->i", centred, centred) / A.shape[1]
    return np.einsum("ij,i->ij", centred, (variance + 1e-5) ** -0.5)
""",
    "solution-compute_cost": """
def compute_cost(AL, Y):
    return -np.log(np.einsum("kj,kj->j", AL, Y) + 1e-10).mean()
""",
    "solution-Linear_backward": """
def Linear_backward(dZ, cache):
    m = dZ.shape[1]
    return (
        np.einsum("ij,ik->kj", dZ, cache["W"]),
        np.einsum("ij,kj->ik", dZ, cache["A"]) / m,
        np.einsum("ij->i", dZ)[:, np.newaxis] / m,
    )
""",
}

FLOAT32 = {
    "solution-initialize_parameters": """
def initialize_parameters(layer_dims):
    parameters = {}
    for l in range(1, len(layer_dims)):
        scale = np.float32(np.sqrt(2.0 / layer_dims[l - 1]))
        W = np.random.standard_normal((layer_dims[l], layer_dims[l - 1])).astype("float32")
        parameters["W" + str(l)], parameters["b" + str(l)] = W * scale, np.zeros((layer_dims[l], 1), "f4")
    return parameters
""",
    "solution-linear_forward": """
def linear_forward(A, W, b):
    A, W, b = (np.asarray(value, np.float32) for value in (A, W, b))
    return W @ A + b, {"A": A, "W": W, "b": b}
""",
    "solution-softmax": """
def softmax(Z):
    Z = np.asarray(Z, np.float32)
    powers = np.exp(Z - Z.max(axis=0))
    return powers / powers.sum(axis=0), {"Z": Z}
""",
    "solution-apply_batchnorm": """
def apply_batchnorm(A):
    A = np.asarray(A, np.float32)
    return (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + np.float32(1e-5))
""",
    "solution-compute_cost": """
def compute_cost(AL, Y):
    return np.float32(-np.sum(np.asarray(Y, np.float32) * np.log(np.asarray(AL, np.float32) + np.float32(1e-7)))
                      / np.shape(Y)[1])
""",
    "solution-Update_parameters": """
def Update_parameters(parameters, grads, learning_rate):
    return {
        name: (value - learning_rate * np.asarray(grads["d" + name])).astype(np.float32)
        for name, value in parameters.items()
    }
""",
}

IN_PLACE = {
    "solution-relu_backward": """
def relu_backward(dA, activation_cache):
    dZ = np.array(dA, copy=True)
    dZ[activation_cache["Z"] <= 0] = 0
    return dZ
""",
    "solution-softmax_backward": """
def softmax_backward(dA, activation_cache):
    dZ = softmax(activation_cache["Z"])[0]
    labels = activation_cache["Y"].argmax(axis=0)
    dZ[labels, np.arange(dZ.shape[1])] -= 1
    return dZ
""",
    "solution-Update_parameters": """
def Update_parameters(parameters, grads, learning_rate):
    for l in range(1, len(parameters) // 2 + 1):
        parameters["W" + str(l)] -= learning_rate * grads["dW" + str(l)]
        parameters["b" + str(l)] -= learning_rate * grads["db" + str(l)]
    return parameters
""",
}

TUPLES = {
    "solution-L_model_forward": """
from collections import namedtuple

Layer = namedtuple("Layer", "cache before")


def L_model_forward(X, parameters, use_batchnorm):
    names = sorted((name for name in parameters if name[0] == "W"), key=lambda name: int(name[1:]))
    *hidden, last = [name[1:] for name in names]
    A, layers = X, ()
    for l in hidden:
        A, cache = linear_activation_forward(A, parameters["W" + l], parameters["b" + l], "relu")
        layers += (Layer(cache, A if use_batchnorm else None),)
        A = apply_batchnorm(A) if use_batchnorm else A
    A, cache = linear_activation_forward(A, parameters["W" + last], parameters["b" + last], "softmax")
    return A, (*layers, Layer(cache, None))
""",
    "solution-L_model_backward": """
def L_model_backward(AL, Y, caches):
    *hidden, (cache, _) = caches
    cache["activation_cache"]["Y"] = Y
    grads, l = {}, len(caches)
    dA, grads[f"dW{l}"], grads[f"db{l}"] = linear_activation_backward(-Y / np.maximum(AL, 1e-8), cache, "softmax")
    while hidden:
        (cache, before), l = hidden.pop(), l - 1
        grads[f"dA{l}"] = dA
        dA = dA if before is None else batchnorm_backward(dA, before)
        dA, grads[f"dW{l}"], grads[f"db{l}"] = linear_activation_backward(dA, cache, "relu")
    grads["dA0"] = dA
    return grads
""",
}

TAPE = {
    "solution-L_model_forward": """
def L_model_forward(X, parameters, use_batchnorm):
    L, A, tape = len(parameters) // 2, X, []
    for l in range(1, L + 1):
        A, cache = linear_activation_forward(
            A, parameters["W" + str(l)], parameters["b" + str(l)], ("relu", "softmax")[l == L]
        )
        before = A
        if use_batchnorm and l < L:
            A = apply_batchnorm(before)

        def back(dA, Y, grads, l=l, cache=cache, before=before):
            if l < L:
                grads["dA" + str(l)] = dA
                if use_batchnorm:
                    dA = batchnorm_backward(dA, before)
            else:
                cache["activation_cache"]["Y"] = Y
            dA, grads["dW" + str(l)], grads["db" + str(l)] = linear_activation_backward(
                dA, cache, "relu" if l < L else "softmax"
            )
            return dA

        tape.append(back)
    return A, tape
""",
    "solution-L_model_backward": """
def L_model_backward(AL, Y, caches):
    grads, dA = {}, None
    for back in reversed(caches):
        dA = back(dA, Y, grads)
    return grads
""",
}

CLASSES = {
    "solution-L_model_forward": """
class Dense:
    def __init__(self, W, b, last, normalise):
        self.W, self.b, self.last, self.normalise = W, b, last, normalise and not last

    def __call__(self, A):
        self.A = A
        self.out, self.cache = linear_activation_forward(A, self.W, self.b, "softmax" if self.last else "relu")
        return apply_batchnorm(self.out) if self.normalise else self.out

    def back(self, dA):
        if self.normalise:
            dA = batchnorm_backward(dA, self.out)
        return linear_activation_backward(dA, self.cache, "softmax" if self.last else "relu")


def L_model_forward(X, parameters, use_batchnorm):
    L = len(parameters) // 2
    layers = {l: Dense(parameters[f"W{l}"], parameters[f"b{l}"], l == L, use_batchnorm) for l in range(1, L + 1)}
    A = X
    for layer in layers.values():
        A = layer(A)
    return A, layers
""",
    "solution-L_model_backward": """
def L_model_backward(AL, Y, caches):
    L = len(caches)
    caches[L].cache["activation_cache"]["Y"] = Y
    grads = {f"dA{L}": None}
    for l in range(L, 0, -1):
        grads[f"dA{l - 1}"], grads[f"dW{l}"], grads[f"db{l}"] = caches[l].back(grads[f"dA{l}"])
    del grads[f"dA{L}"]
    return grads
""",
}

JACOBIAN = {
    "solution-softmax_backward": """
def softmax_backward(dA, activation_cache):
    p = softmax(activation_cache["Z"])[0]
    if dA is None:
        return p - activation_cache["Y"]
    return p * (dA - np.sum(p * dA, axis=0, keepdims=True))
""",
    "solution-L_model_backward": """
def L_model_backward(AL, Y, caches):
    grads, L = {}, len(caches)
    dA = np.where(Y > 0, -1 / np.maximum(AL, 1e-100), 0)
    for l in reversed(range(1, L + 1)):
        cache = caches[l - 1]
        if l == L:
            cache = {**cache, "activation_cache": {**cache["activation_cache"], "Y": Y}}
        else:
            grads[f"dA{l}"] = dA
            if "before_batchnorm" in cache:
                dA = batchnorm_backward(dA, cache["before_batchnorm"])
        dA, grads[f"dW{l}"], grads[f"db{l}"] = linear_activation_backward(dA, cache, "softmax" if l == L else "relu")
    return grads
""",
}

RECURSIVE = {
    "solution-initialize_parameters": """
def initialize_parameters(layer_dims):
    if len(layer_dims) < 2:
        return {}
    *before, inputs, units = layer_dims
    l = str(len(before) + 1)
    W = np.random.normal(0, np.sqrt(2 / inputs), (units, inputs))
    return {**initialize_parameters([*before, inputs]), "W" + l: W, "b" + l: np.zeros([units, 1])}
""",
    "solution-L_model_forward": """
def L_model_forward(X, parameters, use_batchnorm, l=1):
    W, b = parameters["W" + str(l)], parameters["b" + str(l)]
    if "W" + str(l + 1) not in parameters:
        AL, cache = linear_activation_forward(X, W, b, "softmax")
        return AL, [cache]
    A, cache = linear_activation_forward(X, W, b, "relu")
    if use_batchnorm:
        cache["before_batchnorm"], A = A, apply_batchnorm(A)
    AL, rest = L_model_forward(A, parameters, use_batchnorm, l + 1)
    return AL, [cache, *rest]
""",
    "solution-L_model_backward": """
def L_model_backward(AL, Y, caches):
    def back(l):
        cache = caches[l - 1]
        if l == len(caches):
            cache["activation_cache"]["Y"] = np.array(Y)
            found = linear_activation_backward(None, cache, "softmax")
        else:
            dA = grads["dA" + str(l)] = back(l + 1)
            if "before_batchnorm" in cache:
                dA = batchnorm_backward(dA, cache["before_batchnorm"])
            found = linear_activation_backward(dA, cache, "relu")
        grads["dW" + str(l)], grads["db" + str(l)] = found[1:]
        return found[0]

    grads = {}
    back(1)
    return grads
""",
}

OWN_LOOP = {
    "solution-L_layer_model": """
def L_layer_model(X, Y, layers_dims, learning_rate, num_iterations, batch_size, use_batchnorm=False, l2=0.0,
                  patience=100, seed=None, validation_split=0.2, log=True, history=None):
    # Initialises first, shuffles by itself, keeps the best parameters, and looks at the validation set often.
    import copy

    if seed is not None:
        np.random.seed(seed)
    parameters = initialize_parameters(layers_dims)
    m = X.shape[1]
    held_out = int(m * validation_split)
    shuffled = np.random.permutation(m)
    validation, training = shuffled[m - held_out :], shuffled[: m - held_out]
    best = (-1.0, 0, parameters)
    costs, step, place = [], 0, len(training)
    while step < num_iterations:
        if place >= len(training):
            np.random.shuffle(training)
            place = 0
        columns = training[place : place + batch_size]
        place += batch_size
        AL, caches = L_model_forward(X[:, columns], parameters, use_batchnorm)
        if step % 100 == 0:
            penalty = sum(np.sum(np.square(value)) for name, value in parameters.items() if name.startswith("W"))
            costs.append(compute_cost(AL, Y[:, columns]) + l2 * penalty / 2)
            if log:
                print("cost after step", step, costs[-1])
        grads = L_model_backward(AL, Y[:, columns], caches)
        shrunk = {}
        for name, value in parameters.items():
            shrunk[name] = value * (1 - learning_rate * l2) if name.startswith("W") else value
        parameters = Update_parameters(shrunk, grads, learning_rate)
        if held_out and step % 4 == 0:
            accuracy = Predict(X[:, validation], Y[:, validation], parameters, use_batchnorm)
            if accuracy > best[0]:
                best = (accuracy, step, copy.deepcopy(parameters))
            if step - best[1] >= patience:
                break
        step += 1
    if history is not None:
        history["iterations"], history["epochs"] = step, step * batch_size / len(training)
        history["validation"], history["training"] = validation, training
    return (best[2] if held_out else parameters), costs
""",
}

LOG_SPACE = {
    "solution-softmax": """
def softmax(Z):
    log_sums = np.logaddexp.reduce(Z, axis=0)
    return np.exp(Z - log_sums), {"Z": Z}
""",
    "solution-relu": """
def relu(Z):
    return Z * np.heaviside(Z, 0), {"Z": Z}
""",
    "solution-relu_backward": """
def relu_backward(dA, activation_cache):
    return np.where(np.signbit(-activation_cache["Z"]), dA, 0.0)
""",
    "solution-compute_cost": """
def compute_cost(AL, Y):
    with np.errstate(divide="ignore"):
        logs = np.nan_to_num(np.log(AL), neginf=-100.0)
    return np.mean(-logs[Y.astype(bool)])
""",
}

ASSIGNED = {
    "solution-relu": "relu = lambda Z: (np.clip(Z, 0, None), {'Z': Z})",
    "solution-relu_backward": """
from operator import mul

relu_backward = lambda dA, activation_cache: mul(np.greater(activation_cache["Z"], 0), dA)
""",
    "solution-linear_forward": """
class _Linear:
    calls = 0

    def __call__(self, A, W, b):
        self.calls += 1
        return np.matmul(W, A) + b, {"A": A, "W": W, "b": b}


linear_forward = _Linear()
""",
    "solution-linear_activation_backward": """
_BACKWARD = {"relu": relu_backward, "softmax": lambda dA, cache: softmax_backward(dA, cache)}


def linear_activation_backward(dA, cache, activation):
    return Linear_backward(_BACKWARD[activation](dA, cache["activation_cache"]), cache["linear_cache"])
""",
    "solution-linear_activation_forward": """
from functools import partial


def _layer(activations, A_prev, W, B, activation):
    try:
        squash = activations[activation]
    except KeyError:
        raise ValueError(activation) from None
    Z, linear_cache = linear_forward(A_prev, W, B)
    A, activation_cache = squash(Z)
    return A, dict(linear_cache=linear_cache, activation_cache=activation_cache)


linear_activation_forward = partial(_layer, {"relu": relu, "softmax": softmax})
""",
}

TYPED = {
    "solution-initialize_parameters": """
from typing import Dict, Sequence


def initialize_parameters(layer_dims: Sequence[int]) -> Dict[str, np.ndarray]:
    parameters: Dict[str, np.ndarray] = {}
    for l in range(1, (L := len(layer_dims) - 1) + 1):
        assert l <= L
        parameters |= {
            f"W{l}": np.random.randn(layer_dims[l], n := layer_dims[l - 1]) * (2 / n) ** 0.5,
            f"b{l}": np.zeros((layer_dims[l], 1)),
        }
    return parameters
""",
    "solution-linear_activation_forward": """
def linear_activation_forward(A_prev: np.ndarray, W: np.ndarray, B: np.ndarray, activation: str):
    Z, linear_cache = linear_forward(A_prev, W, B)
    match activation:
        case "relu":
            A, activation_cache = relu(Z)
        case "softmax":
            A, activation_cache = softmax(Z)
        case _:
            raise ValueError(f"no activation is called {activation!r}")
    return A, {"linear_cache": linear_cache, "activation_cache": activation_cache}
""",
}

MODULE = """
import numpy as np


def softmax(Z):
    E = np.exp(Z - np.amax(Z, 0))
    return E / E.sum(0), {"Z": Z}


def apply_batchnorm(A):
    return (A - np.mean(A, 1)[:, None]) / (np.std(A, 1)[:, None] ** 2 + 1e-5) ** 0.5
"""

OWN_MODULE = {
    "solution-softmax": "from my_layers import softmax",
    "solution-apply_batchnorm": "import my_layers\n\napply_batchnorm = my_layers.apply_batchnorm",
}

DECORATOR = """
import functools


def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **keywords):
        wrapper.calls += 1
        return function(*args, **keywords)

    wrapper.calls = 0
    return wrapper
"""


def decorate(notebook):
    for cell in answer_cells(notebook):
        cell.source = cell.source.replace("def ", "@counted\ndef ", 1)


def print_everywhere(notebook):
    for cell in answer_cells(notebook):
        head, doc, body = cell.source.split('"""', 2)
        told = "\n    import sys\n    print('called')\n    print('called', file=sys.stderr)"
        cell.source = f'{head}"""{doc}"""{told}{body}'


def reorder(notebook):
    """Predict before all that it calls, relu_backward before relu, the update behind the last cell."""
    for name, before in (
        ("solution-Predict", "given-pictures"),
        ("solution-relu_backward", "solution-relu"),
    ):
        cell = notebook.cells.pop(position(notebook, name))
        notebook.cells.insert(position(notebook, before), cell)
    notebook.cells.append(notebook.cells.pop(position(notebook, "solution-Update_parameters")))


def make_untidy(notebook):
    broken = (
        "print(undefined)",
        "def broken(:\n    pass",
        "1 / 0",
        "%nosuchmagic",
        "raise SystemExit",
        "relu(",
    )
    for source in broken:
        place = position(notebook, "solution-apply_batchnorm")
        notebook.cells.insert(place, nbformat.v4.new_code_cell(source))
    notebook.cells.insert(position(notebook, "softmax"), nbformat.v4.new_markdown_cell("## My notes"))
    notebook.cells.append(nbformat.v4.new_raw_cell("raw"))
    notebook.cells.append(nbformat.v4.new_code_cell(""))
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith("check-")]


def as_on_windows(notebook):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def add_magics(notebook):
    for name in ("solution-relu", "solution-Predict"):
        cell = notebook.cells[position(notebook, name)]
        cell.source = f"%matplotlib inline\n{cell.source}\n\n!true"


VARIANTS = [
    Student(
        "lists", "returns lists, all but the largest, and counts its patience in a way of its own", LISTS
    ),
    Student("by-unit", "loops over units and samples", BY_UNIT),
    Student("einsum", "einsum for all, and a small number in place of a limit", EINSUM),
    Student("float32", "calculates and returns float32 throughout", FLOAT32),
    Student("in-place", "works in copies; the update changes the parameters in place", IN_PLACE),
    Student("named-tuples", "tuples of named tuples for caches, and dA0 in grads too", TUPLES),
    Student("tape", "caches are functions that go the way back", TAPE),
    Student("classes", "layers are objects, and caches a dict of them", CLASSES),
    Student("jacobian", "multiplies the cost's derivative by softmax's own", JACOBIAN),
    Student("recursive", "recursion in place of loops, and another draw of the weights", RECURSIVE),
    Student(
        "own-loop", "a training loop from nothing, with weight decay and the best parameters kept", OWN_LOOP
    ),
    Student("log-space", "logaddexp, heaviside, signbit", LOG_SPACE),
    Student("assigned", "functions by lambda and partial, and an object that can be called", ASSIGNED),
    Student("typed", "type hints, match, the walrus", TYPED),
    Student(
        "own-module",
        "functions from a module beside the notebook",
        OWN_MODULE,
        files={"my_layers.py": MODULE},
    ),
    Student(
        "decorated", "a decorator that counts calls on every function", extra=(DECORATOR,), edit=decorate
    ),
    Student("prints", "prints in every function, to both streams", edit=print_everywhere),
    Student("magics", "magics in and around the answer cells", edit=add_magics),
    Student("reordered", "moved answer cells up and down", edit=reorder),
    Student("untidy", "cells that raise errors, notes between, and no check cells", edit=make_untidy),
    Student(
        "windows",
        "CRLF line ends and a name of their own",
        edit=as_on_windows,
        filename="Aufgabe 1 (1).ipynb",
    ),
]
