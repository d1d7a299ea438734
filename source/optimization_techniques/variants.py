"""Correct solutions in other styles: whoever writes like this must get all 100 points."""

from textwrap import dedent, indent

import nbformat

from coursekit.core import cells
from coursekit.samples import Student

UPDATE = "solution-update_parameters_with_momentum_Adam"

# The branch of the update that the notebook gives.
GIVEN = """
        if parameters["bnorm_list"][l - 1]:
            for bnorm in ("bnorm_beta" + str(l), "bnorm_gamma" + str(l)):
                slope = np.asarray(gradients["d" + bnorm])
                if parameters["apply_momentum"]:
                    parameters["V" + bnorm] = beta * parameters["V" + bnorm] + (1 - beta) * slope
                    parameters["G" + bnorm] = beta2 * parameters["G" + bnorm] + (1 - beta2) * slope**2
                    slope = parameters["V" + bnorm] / np.sqrt(parameters["G" + bnorm] + eps)
                parameters[bnorm] = parameters[bnorm] - alpha * slope
"""


def update(of_one: str) -> dict[str, str]:
    """The update's answer cell, with `of_one` for each name in ("W1", "b1", ...), its gradient called slope."""
    head = f"""
def {UPDATE.removeprefix("solution-")}(parameters, gradients, alpha, beta=0.9, beta2=0.99, eps=1e-8):
    for l in range(1, parameters["numLayers"] + 1):
        for name in ("W" + str(l), "b" + str(l)):
            slope = gradients["d" + name]
"""
    return {
        UPDATE: head + indent(dedent(of_one).strip("\n"), " " * 12) + "\n" + GIVEN + "    return parameters"
    }


def training(step: str, before: str = "") -> dict[str, str]:
    """The training loop's answer cell, in a shorter form, with `step` for each mini-batch X_batch, Y_batch."""
    loop = """
def multi_layer_network(X, Y, net_dims, act_list, drop_prob_list, bnorm_list, num_epochs=3, batch_size=64,
                        learning_rate=0.2, decay_rate=0.01, apply_momentum=True, log=True, log_step=200):
    parameters = initialize_network(net_dims, act_list, drop_prob_list)
    parameters = initialize_velocity(parameters, apply_momentum)
    parameters = initialize_bnorm_params(parameters, bnorm_list, apply_momentum)
    costs, iteration = [], 0
    for epoch in range(num_epochs):
        alpha = learning_rate / (1 + decay_rate * epoch)
        for start in range(0, X.shape[1], batch_size):
            X_batch, Y_batch = X[:, start : start + batch_size], Y[:, start : start + batch_size]
"""
    end = """
            if iteration % log_step == 0:
                costs.append(cost)
                if log:
                    print(epoch, iteration, cost)
            iteration += 1
    return costs, parameters
"""
    return {"solution-multi_layer_network": before + loop + indent(dedent(step).strip("\n"), " " * 12) + end}


def answer_cells(notebook):
    """The cells in which the functions are written."""
    return [cell for cell in notebook.cells if (cells.grade_id(cell) or "").startswith("solution-")]


def position(notebook, name):
    """Where the cell with this grade_id lies."""
    return next(place for place, cell in enumerate(notebook.cells) if cells.grade_id(cell) == name)


LISTS = {
    "solution-relu": """
def relu(Z):
    return [np.maximum(Z, 0).tolist(), {"Z": Z}]
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    return np.where(np.array(cache["Z"]) > 0, dA, 0).tolist()
""",
    "solution-softmax_cross_entropy_loss": """
def softmax_cross_entropy_loss(Z, Y=[]):
    Z = np.array(Z)
    Z = Z - Z.max(axis=0)
    logA = Z - np.log(np.exp(Z).sum(axis=0))
    A = np.exp(logA).tolist()
    labels = np.ravel(Y).astype(int).tolist()
    loss = -sum(logA[label][j] for j, label in enumerate(labels)) / len(labels) if labels else []
    return [A, {"A": A}, loss]
""",
    "solution-softmax_cross_entropy_loss_der": """
def softmax_cross_entropy_loss_der(Y, cache):
    labels = np.ravel(Y)
    return [
        [(a - (label == k)) / len(labels) for a, label in zip(row, labels)] for k, row in enumerate(cache["A"])
    ]
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode != "train" and mode != "test":
        raise ValueError(mode)
    if mode == "test" or not drop_prob:
        return [A, (drop_prob, mode, None)]
    keep = 1 - drop_prob
    mask = [[1 / keep if r < keep else 0 for r in row] for row in np.random.rand(*np.shape(A)).tolist()]
    return [np.multiply(A, mask).tolist(), (drop_prob, mode, mask)]
""",
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    if cache[1] not in ["train", "test"]:
        raise ValueError(cache[1])
    return dA_in if cache[2] is None or cache[1] == "test" else np.multiply(dA_in, cache[2]).tolist()
""",
    "solution-batchnorm": """
def batchnorm(A, beta, gamma):
    if len(beta) == 0 or len(gamma) == 0:
        return A, {}
    A = np.array(A)
    centred = A - A.mean(axis=1).reshape(-1, 1)
    root = (np.mean(centred**2, axis=1).reshape(-1, 1) + 1e-5) ** 0.5
    hat = centred / root
    return (gamma * hat + beta).tolist(), {"hat": hat.tolist(), "root": root.tolist(), "gamma": gamma}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if cache == {}:
        return [dA_in, [], []]
    hat, root, gamma = np.array(cache["hat"]), np.array(cache["root"]), np.array(cache["gamma"])
    dA_in = np.array(dA_in)
    dA_out = gamma / root * (
        dA_in - dA_in.mean(axis=1).reshape(-1, 1) - hat * (dA_in * hat).mean(axis=1).reshape(-1, 1)
    )
    return [dA_out.tolist(), [[row.sum()] for row in dA_in], [[row.sum()] for row in dA_in * hat]]
""",
    "solution-initialize_network": """
def initialize_network(net_dims, act_list, drop_prob_list):
    parameters = {"numLayers": len(act_list)}
    for l, (inputs, units) in enumerate(zip(net_dims, net_dims[1:]), start=1):
        parameters[f"W{l}"] = (np.random.randn(units, inputs) * 2 / inputs**0.5).tolist()
        parameters[f"b{l}"] = [[0.0] for _ in range(units)]
        parameters[f"act{l}"], parameters[f"dropout{l}"] = act_list[l - 1], drop_prob_list[l - 1]
    return parameters
""",
    "solution-initialize_velocity": """
def initialize_velocity(parameters, apply_momentum=True):
    parameters["apply_momentum"] = 1 if apply_momentum else 0
    for l in range(1, parameters["numLayers"] + 1):
        for name in [f"W{l}", f"b{l}"] if apply_momentum else []:
            for average in ["Vd", "Gd"]:
                parameters[average + name] = [[0] * len(row) for row in parameters[name]]
    return parameters
""",
    "solution-linear_forward": """
def linear_forward(A_prev, W, b):
    return [(np.dot(W, A_prev) + b).tolist(), {"A": A_prev}]
""",
    "solution-linear_backward": """
def linear_backward(dZ, cache, W, b):
    dZ = np.array(dZ)
    return [(np.transpose(W) @ dZ).tolist(), dZ @ np.transpose(cache["A"]), [[row.sum()] for row in dZ]]
""",
    **update("""
        slope = np.array(slope)
        if parameters["apply_momentum"]:
            V = beta * np.array(parameters["Vd" + name]) + (1 - beta) * slope
            G = beta2 * np.array(parameters["Gd" + name]) + (1 - beta2) * slope * slope
            parameters["Vd" + name], parameters["Gd" + name] = V, G
            slope = V / (G + eps) ** 0.5
        parameters[name] = np.array(parameters[name]) - alpha * slope
    """),
    "solution-classify": """
def classify(X, parameters, mode="test"):
    return [np.argmax(multi_layer_forward(X, parameters, mode)[0], axis=0).tolist()]
""",
}

BY_ENTRY = {
    "solution-relu": """
def relu(Z):
    A = np.array(Z, dtype=float)
    for place in zip(*np.where(A < 0)):
        A[place] = 0
    return A, {"Z": np.array(Z)}
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    dZ = np.zeros(np.shape(dA))
    for place in zip(*np.where(np.asarray(cache["Z"]) > 0)):
        dZ[place] = dA[place]
    return dZ
""",
    "solution-softmax_cross_entropy_loss_der": """
def softmax_cross_entropy_loss_der(Y, cache):
    n, m = np.shape(cache["A"])
    dZ = np.zeros((n, m))
    for j in range(m):
        for k in range(n):
            if k == Y[0, j]:
                dZ[k, j] = (cache["A"][k, j] - 1) / m
            else:
                dZ[k, j] = cache["A"][k, j] / m
    return dZ
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode == "train":
        if drop_prob == 0:
            return A, (drop_prob, mode, None)
        n, m = A.shape
        mask, out = np.zeros((n, m)), np.zeros((n, m))
        for i in range(n):
            for j in range(m):
                if np.random.rand() < 1 - drop_prob:
                    mask[i, j] = 1 / (1 - drop_prob)
                    out[i, j] = A[i, j] / (1 - drop_prob)
        return out, (drop_prob, mode, mask)
    elif mode == "test":
        return A, (drop_prob, mode, None)
    else:
        raise ValueError
""",
    "solution-initialize_network": """
def initialize_network(net_dims, act_list, drop_prob_list):
    parameters = {"numLayers": len(net_dims) - 1}
    for l in range(1, len(net_dims)):
        W = np.zeros((net_dims[l], net_dims[l - 1]))
        for i in range(net_dims[l]):
            for k in range(net_dims[l - 1]):
                W[i, k] = np.random.randn() * 2 / np.sqrt(net_dims[l - 1])
        parameters["W%d" % l] = W
        parameters["b%d" % l] = np.zeros((net_dims[l], 1))
        parameters["act%d" % l] = act_list[l - 1]
        parameters["dropout%d" % l] = drop_prob_list[l - 1]
    return parameters
""",
    **update("""
        # row by row
        for i in range(len(slope)):
            if parameters["apply_momentum"]:
                V, G = parameters["Vd" + name], parameters["Gd" + name]
                V[i] = beta * V[i] + (1 - beta) * slope[i]
                G[i] = beta2 * G[i] + (1 - beta2) * slope[i] ** 2
                parameters[name][i] -= alpha * V[i] / np.sqrt(G[i] + eps)
            else:
                parameters[name][i] -= alpha * slope[i]
    """),
    "solution-classify": """
def classify(X, parameters, mode="test"):
    scores, _ = multi_layer_forward(X, parameters, mode)
    YPred = np.zeros((1, X.shape[1]))
    for j in range(X.shape[1]):
        best = 0
        for k in range(1, len(scores)):
            if scores[k][j] > scores[best][j]:
                best = k
        YPred[0, j] = best
    return YPred
""",
}

EINSUM = {
    "solution-relu": """
def relu(Z):
    Z = np.asarray(Z)
    return np.einsum("...,...->...", Z, Z > 0), {"Z": Z}
""",
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    drop_prob, mode, mask = cache
    if mode == "test":
        return dA_in[:]
    elif mode == "train":
        return dA_in[:] if mask is None else np.einsum("ij,ij->ij", dA_in, mask)
    raise ValueError("mode")
""",
    "solution-batchnorm": """
def batchnorm(A, beta, gamma):
    if not (np.size(beta) and np.size(gamma)):
        return A, {}
    A = np.transpose(A)  # samples as rows, and back at the end: a view that is not contiguous
    centred = A - np.einsum("ji->i", A) / len(A)
    variance = np.einsum("ji,ji->i", centred, centred) / len(A)
    root = np.sqrt(variance + 1e-5)
    Anorm = np.einsum("i,ji->ji", gamma[:, 0] / root, centred) + beta[:, 0]
    return Anorm.T, {"centred": centred, "root": root, "gamma": gamma[:, 0]}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if len(cache) == 0:
        return dA_in, [], []
    centred, root, gamma = cache["centred"], cache["root"], cache["gamma"]
    m = len(centred)
    dhat = np.einsum("i,ij->ij", gamma, dA_in)
    dvariance = np.einsum("ij,ji,i->i", dhat, centred, -0.5 * root**-3)
    dmu = -np.einsum("ij,i->i", dhat, 1 / root)
    dA_out = dhat / root[:, None] + dmu[:, None] / m + 2 / m * np.einsum("i,ji->ij", dvariance, centred)
    dgamma = np.einsum("ij,ji,i->i", dA_in, centred, 1 / root)
    return dA_out, np.einsum("ij->i", dA_in)[:, np.newaxis], dgamma[:, np.newaxis]
""",
    "solution-initialize_velocity": """
def initialize_velocity(parameters, apply_momentum=True):
    new = {"apply_momentum": apply_momentum, **parameters}
    new["apply_momentum"] = apply_momentum
    for l in range(1, parameters["numLayers"] + 1):
        for name in "Wb" if apply_momentum else "":
            shape = np.shape(parameters[f"{name}{l}"])
            # a zero seen everywhere: the update makes new arrays
            new[f"Vd{name}{l}"] = new[f"Gd{name}{l}"] = np.broadcast_to(0.0, shape)
    return new
""",
    "solution-linear_forward": """
def linear_forward(A_prev, W, b):
    return np.einsum("ik,kj->ij", W, A_prev, optimize=True) + b, {"A": A_prev}
""",
    "solution-linear_backward": """
def linear_backward(dZ, cache, W, b):
    return (
        np.einsum("ik,ij->kj", W, dZ, optimize=True),
        np.einsum("ij,kj->ik", dZ, cache["A"], optimize=True),
        np.einsum("ij->i", dZ)[:, None],
    )
""",
}

IN_PLACE = {
    "solution-relu": """
def relu(Z):
    A = np.array(Z, copy=True)
    A[A < 0] = 0
    return A, dict(Z=Z)
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    dZ = np.array(dA)
    dZ[np.asarray(cache["Z"]) <= 0] = 0
    return dZ
""",
    "solution-softmax_cross_entropy_loss": """
def softmax_cross_entropy_loss(Z, Y=np.array([])):
    A = np.array(Z, dtype=float)
    A -= A.max(axis=0)
    Y = np.asarray(Y).reshape(-1).astype(int)
    chosen = A[Y, range(len(Y))]
    np.exp(A, out=A)
    sums = A.sum(axis=0)
    A /= sums
    loss = []
    if len(Y) > 0:
        chosen -= np.log(sums)
        loss = -chosen.mean()
    return A, {"A": A}, loss
""",
    "solution-softmax_cross_entropy_loss_der": """
def softmax_cross_entropy_loss_der(Y, cache):
    dZ = cache["A"].copy()
    dZ[Y.flatten(), np.arange(Y.size)] -= 1
    dZ /= Y.size
    return dZ
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode not in {"train", "test"}:
        raise ValueError(f"{mode}?")
    mask, A = None, np.copy(A).astype(float)
    if mode == "train" and drop_prob > 0:
        kept = np.random.rand(*A.shape) < 1 - drop_prob
        scale = 1.0 / (1.0 - drop_prob)
        A[~kept] = 0
        A *= scale
        mask = kept * scale
    return A, (drop_prob, mode, mask)
""",
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    dA_out = np.array(dA_in, float)
    if cache[1] == "train" and cache[0] > 0:
        dA_out *= cache[2]
    elif cache[1] not in ("train", "test"):
        raise ValueError("train or test")
    return dA_out
""",
    "solution-batchnorm": """
def batchnorm(A, beta, gamma):
    if beta.size == 0 or gamma.size == 0:
        return A, {}
    A_hat = np.array(A, dtype=float)
    A_hat -= A_hat.mean(axis=1, keepdims=True)
    root = (A_hat**2).mean(axis=1, keepdims=True)
    root += 1e-5
    np.sqrt(root, out=root)
    A_hat /= root
    out = A_hat * gamma
    out += beta
    return out, {"A_hat": A_hat, "root": root, "gamma": gamma.copy()}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []
    A_hat = cache["A_hat"]
    dA = np.array(dA_in, dtype=float)
    dbeta = dA.sum(axis=1, keepdims=True)
    dgamma = (dA * A_hat).sum(axis=1, keepdims=True)
    dA *= dA.shape[1]
    dA -= dbeta
    dA -= A_hat * dgamma
    dA *= cache["gamma"]
    dA /= cache["root"]
    dA /= dA.shape[1]
    return dA, dbeta, dgamma
""",
    "solution-linear_forward": """
def linear_forward(A_prev, W, b):
    Z = np.empty((W.shape[0], A_prev.shape[1]))
    Z[...] = b
    Z += W @ A_prev
    return Z, {"A": A_prev}
""",
    **update("""
        if not parameters["apply_momentum"]:
            parameters[name] -= alpha * slope
            continue
        V, G = parameters["Vd" + name], parameters["Gd" + name]
        V *= beta
        V += (1 - beta) * slope
        G *= beta2
        G += (1 - beta2) * np.square(slope)
        parameters[name] -= alpha * V / np.sqrt(G + eps)
    """),
}

COPYING = {
    "solution-dropout": """
from copy import deepcopy


def dropout(A, drop_prob, mode="train"):
    A = deepcopy(A)
    if mode == "train" and drop_prob != 0:
        prob_keep = 1 - drop_prob
        mask = (np.random.rand(*A.shape) < prob_keep).astype(np.float64) / prob_keep
        return np.multiply(A, mask), deepcopy((drop_prob, mode, mask))
    if mode == "train" or mode == "test":
        return A, (drop_prob, mode, None)
    raise ValueError("mode must be train or test, is " + str(mode))
""",
    "solution-batchnorm": """
def batchnorm(A, beta, gamma):
    A, beta, gamma = A.copy(), beta.copy(), gamma.copy()
    if len(beta) * len(gamma) == 0:
        return A, {}
    mean, variance = np.average(A, axis=1)[:, None], np.var(A, axis=1)[:, None]
    out = (A - mean) * gamma / np.sqrt(variance + 1e-5) + beta
    return out.copy(), {"A": A, "mean": mean, "variance": variance, "beta": beta, "gamma": gamma}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if cache == {}:
        return dA_in.copy(), [], []
    cache = deepcopy(cache)
    centred, var_eps, m = cache["A"] - cache["mean"], cache["variance"] + 1e-5, dA_in.shape[1]
    dAhat = dA_in * cache["gamma"]
    dvar = np.sum(dAhat * centred * -0.5 * var_eps**-1.5, axis=1, keepdims=True)
    dmu = -np.sum(dAhat / np.sqrt(var_eps), axis=1, keepdims=True)
    dA_out = dAhat / np.sqrt(var_eps) + dmu / m + dvar * 2 * centred / m
    dgamma = np.sum(dA_in * centred / np.sqrt(var_eps), axis=1, keepdims=True)
    return dA_out.copy(), np.sum(dA_in, axis=1, keepdims=True), dgamma
""",
    "solution-initialize_velocity": """
def initialize_velocity(parameters, apply_momentum=True):
    new = deepcopy(parameters)
    new["apply_momentum"] = apply_momentum
    if apply_momentum:
        for name in parameters:
            if name[0] in "Wb" and name[1:].isdigit():
                new["Vd" + name] = np.zeros_like(parameters[name])
                new["Gd" + name] = np.zeros_like(parameters[name])
    return new
""",
    UPDATE: f"""
def {UPDATE.removeprefix("solution-")}(parameters, gradients, alpha, beta=0.9, beta2=0.99, eps=1e-8):
    parameters = deepcopy(parameters)
    for l in range(1, parameters["numLayers"] + 1):
        for name in ["W" + str(l), "b" + str(l)]:
            if parameters["apply_momentum"] == False:
                parameters[name] = parameters[name].copy() - alpha * gradients["d" + name].copy()
            else:
                old = parameters["Vd" + name].copy()
                parameters["Vd" + name] = old + (1 - beta) * (gradients["d" + name] - old)
                old = parameters["Gd" + name].copy()
                parameters["Gd" + name] = old + (1 - beta2) * (gradients["d" + name] ** 2 - old)
                root = np.sqrt(parameters["Gd" + name] + eps)
                parameters[name] = parameters[name] - alpha * parameters["Vd" + name] / root
{GIVEN}    return parameters
""",
}

FLOAT32 = {
    "solution-relu": """
def relu(Z):
    Z = np.asarray(Z, dtype=np.float32)
    return np.maximum(Z, np.float32(0)), {"Z": Z}
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    return np.where(cache["Z"] > 0, dA, 0).astype(np.float32)
""",
    "solution-softmax_cross_entropy_loss": """
def softmax_cross_entropy_loss(Z, Y=np.array([])):
    Z = np.asarray(Z, np.float32)
    Z = Z - Z.max(axis=0)
    lnA = Z - np.log(np.exp(Z).sum(axis=0))
    A = np.exp(lnA)
    if np.size(Y) == 0:
        return A, {"A": A}, []
    return A, {"A": A}, -lnA[np.ravel(Y), np.arange(A.shape[1])].mean()
""",
    "solution-softmax_cross_entropy_loss_der": """
def softmax_cross_entropy_loss_der(Y, cache):
    A = np.asarray(cache["A"], dtype=np.float32)
    return (A - (np.arange(len(A))[:, None] == Y)).astype(np.float32) / np.float32(A.shape[1])
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode not in ["train", "test"]:
        raise ValueError(mode)
    A = np.asarray(A, dtype=np.float32)
    if mode == "test" or drop_prob == 0:
        return A, (drop_prob, mode, None)
    mask = (np.random.rand(*A.shape) < 1 - drop_prob).astype(np.float32) / np.float32(1 - drop_prob)
    return A * mask, (drop_prob, mode, mask)
""",
    "solution-batchnorm": """
def batchnorm(A, beta, gamma):
    if np.size(beta) == 0 or np.size(gamma) == 0:
        return A, {}
    A, beta, gamma = (np.asarray(array, dtype=np.float32) for array in (A, beta, gamma))
    centred, variance = A - A.mean(axis=1, keepdims=True), A.var(axis=1, keepdims=True) + np.float32(1e-5)
    return gamma * centred / np.sqrt(variance) + beta, {"centred": centred, "variance": variance, "gamma": gamma}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []
    dA, m = np.asarray(dA_in, dtype=np.float32), np.shape(dA_in)[1]
    centred, variance, root = cache["centred"], cache["variance"], np.sqrt(cache["variance"])
    dAhat = cache["gamma"] * dA
    # the notebook's three ways as they stand there
    dvariance = np.sum(dAhat * centred * np.float32(-0.5) * variance ** np.float32(-1.5), axis=1, keepdims=True)
    dmu = -np.sum(dAhat / root, axis=1, keepdims=True)
    dA_out = dAhat / root + dmu / np.float32(m) + dvariance * 2 * centred / np.float32(m)
    return dA_out, dA.sum(axis=1, keepdims=True), np.sum(dA * centred / root, axis=1, keepdims=True)
""",
    "solution-initialize_network": """
def initialize_network(net_dims, act_list, drop_prob_list):
    parameters = {"numLayers": len(net_dims) - 1}
    for l in range(1, len(net_dims)):
        W = np.random.randn(net_dims[l], net_dims[l - 1]) * 2 / np.sqrt(net_dims[l - 1])
        parameters["W" + str(l)] = W.astype("float32")
        parameters["b" + str(l)] = np.zeros((net_dims[l], 1), dtype="float32")
        parameters["act" + str(l)] = act_list[l - 1]
        parameters["dropout" + str(l)] = drop_prob_list[l - 1]
    return parameters
""",
    "solution-initialize_velocity": """
def initialize_velocity(parameters, apply_momentum=True):
    parameters["apply_momentum"] = apply_momentum
    for l in range(1, parameters["numLayers"] + 1) if apply_momentum else ():
        for name in ("W" + str(l), "b" + str(l)):
            parameters["Vd" + name] = np.zeros(np.shape(parameters[name]), np.float32)
            parameters["Gd" + name] = np.zeros(np.shape(parameters[name]), np.float32)
    return parameters
""",
    "solution-linear_forward": """
def linear_forward(A_prev, W, b):
    A_prev, W, b = np.float32(A_prev), np.float32(W), np.float32(b)
    return W @ A_prev + b, {"A": A_prev}
""",
    "solution-linear_backward": """
def linear_backward(dZ, cache, W, b):
    dZ = np.float32(dZ)
    return np.float32(W).T @ dZ, dZ @ np.float32(cache["A"]).T, dZ.sum(axis=1, keepdims=True)
""",
    **update("""
        slope = np.float32(slope)
        if parameters["apply_momentum"]:
            V = np.float32(beta * parameters["Vd" + name] + (1 - beta) * slope)
            G = np.float32(beta2 * parameters["Gd" + name] + (1 - beta2) * slope**2)
            parameters["Vd" + name], parameters["Gd" + name] = V, G
            slope = V / np.sqrt(G + np.float32(eps))
        parameters[name] = np.float32(parameters[name] - np.float32(alpha) * slope)
    """),
}

# Batch normalisation from a cache that holds (Ahat, root, gamma); DER makes the derivatives of the three.
DER = """
def derivatives(dA_in, Ahat, root, gamma):
    dbeta, dgamma = (np.sum(x, axis=1, keepdims=True) for x in (dA_in, dA_in * Ahat))
    return gamma / root * (dA_in - (dbeta + Ahat * dgamma) / np.shape(dA_in)[1]), dbeta, dgamma
"""


def batchnorm_with_cache(kept: str, taken: str, before: str = "") -> dict[str, str]:
    """The answers for batch normalisation: `kept` makes the cache, `taken` the derivatives from dA_in, cache."""
    forward = f"""
def batchnorm(A, beta, gamma):
    if np.size(beta) == 0 or np.size(gamma) == 0:
        return A, {{}}
    root = np.sqrt(np.var(A, axis=1, keepdims=True) + 1e-5)
    Ahat = (A - np.mean(A, axis=1, keepdims=True)) / root
    return gamma * Ahat + beta, {kept}
"""
    backward = f"""
def batchnorm_der(dA_in, cache):
    return {taken} if cache else (dA_in, [], [])
"""
    return {"solution-batchnorm": DER + before + forward, "solution-batchnorm_der": backward}


NAMED_TUPLE = {
    "solution-dropout": """
from collections import namedtuple

DropCache = namedtuple("DropCache", "drop_prob mode mask")


def dropout(A, drop_prob, mode="train"):
    cache = DropCache(drop_prob, mode, None)
    if mode == "test" or (mode == "train" and drop_prob == 0):
        return A, cache
    if mode != "train":
        raise ValueError("unknown mode")
    cache = cache._replace(mask=(np.random.rand(*np.shape(A)) < 1 - drop_prob) / (1 - drop_prob))
    return A * cache.mask, cache
""",
    **batchnorm_with_cache(
        "Kept(Ahat, root, gamma)",
        "derivatives(dA_in, cache.Ahat, cache.root, cache.gamma)",
        'from typing import NamedTuple\n\n\nclass Kept(NamedTuple):\n    Ahat: "array"\n    root: "array"\n'
        '    gamma: "array"\n',
    ),
}

NESTED = {
    **batchnorm_with_cache(
        '{"forward": {"Ahat": Ahat, 0: {"root": root}}, ("gamma", 1): [gamma, {"unused": None}]}',
        'derivatives(dA_in, cache["forward"]["Ahat"], cache["forward"][0]["root"], cache["gamma", 1][0])',
    ),
    "solution-linear_forward": """
def linear_forward(A_prev, W, b):
    Z = W @ A_prev + b
    return Z, {"A": A_prev, "more": {"W": W, "b": b, "Z": Z, "shapes": [W.shape, b.shape]}}
""",
    "solution-relu": """
def relu(Z):
    positive = np.asarray(Z) > 0
    return np.where(positive, Z, 0), {"Z": Z, "positive": positive}
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    positive = cache["positive"] if "positive" in cache else np.asarray(cache["Z"]) > 0
    return np.where(positive, dA, 0.0)
""",
}

CLOSURE = {
    **batchnorm_with_cache(
        '{"back": lambda dA: derivatives(dA, Ahat, root, gamma)}',
        'cache["back"](dA_in)',
    ),
    "solution-relu": """
def make_relu():
    calls = 0

    def relu(Z):
        nonlocal calls
        calls += 1
        Z = np.asarray(Z)
        return Z * (Z > 0), {"Z": Z, "calls": calls, "back": lambda dA: dA * (Z > 0)}

    return relu


relu = make_relu()
""",
}

DATACLASS = batchnorm_with_cache(
    '{"kept": Kept(Ahat, root, gamma=gamma)}',
    'cache["kept"].back(dA_in)',
    """
from dataclasses import dataclass, field


@dataclass
class Kept:
    Ahat: np.ndarray
    root: np.ndarray
    gamma: np.ndarray = field(repr=False, default=None)

    def back(self, dA):
        return derivatives(dA, self.Ahat, self.root, self.gamma)
""",
)

INSTANCE = batchnorm_with_cache(
    "Layer(Ahat, root, gamma)",
    "cache.back(dA_in)",
    """
class Layer:
    __slots__ = ("kept",)

    def __init__(self, *kept):
        self.kept = kept

    def back(self, dA):
        return derivatives(dA, *self.kept)
""",
)

ATTRIBUTES = batchnorm_with_cache(
    "Cache(Ahat=Ahat, root=root, gamma=gamma)",
    "derivatives(dA_in, cache.Ahat, cache.root, cache.gamma)",
    """
class Cache(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__
""",
)

UNPACKING = {
    **batchnorm_with_cache("(Ahat, root, gamma)", "derivatives(dA_in, *cache)"),
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    *settings, mask = cache
    p, mode = settings
    options = {"train": 1 if mask is None or not p else mask, "test": 1}
    if mode not in options:
        raise ValueError(*settings)
    return dA_in * options[mode]
""",
    "solution-initialize_velocity": """
def initialize_velocity(parameters, apply_momentum=True):
    shapes = {k: np.shape(v) for k, v in parameters.items() if k[:1] in ("W", "b") and k[1:].isnumeric()}
    velocity = {v + "d" + k: np.zeros(shape) for k, shape in shapes.items() for v in "VG" if apply_momentum}
    return {**parameters, **velocity, **{"apply_momentum": apply_momentum}}
""",
    UPDATE: f"""
def {UPDATE.removeprefix("solution-")}(parameters, gradients, alpha, *args, **kwargs):
    return _update({{**parameters}}, gradients, alpha, *args, **kwargs)


def _update(parameters, gradients, alpha, beta=0.9, beta2=0.99, eps=1e-8):
    def adam(θ, V, G, g):
        V, G = beta * V + (1 - beta) * g, beta2 * G + (1 - beta2) * g**2
        return θ - alpha * V / np.sqrt(G + eps), V, G

    for l in range(1, parameters["numLayers"] + 1):
        for kind in "Wb":
            names = [f"{{kind}}{{l}}", f"Vd{{kind}}{{l}}", f"Gd{{kind}}{{l}}"]
            g = gradients[f"d{{kind}}{{l}}"]
            if parameters["apply_momentum"]:
                parameters.update(zip(names, adam(*map(parameters.get, names), g)))
            else:
                parameters[names[0]] = parameters[names[0]] - alpha * g
{GIVEN}    return parameters
""",
    **training("""
        args = (multi_layer_forward(X_batch, parameters, "train"), Y_batch)
        (AL, caches), _ = args
        *_, cache, cost = softmax_cross_entropy_loss(*(AL, Y_batch))
        back = {"dAL": softmax_cross_entropy_loss_der(Y_batch, cache), "caches": caches}
        gradients = multi_layer_backward(**back, parameters=parameters)
        parameters = update_parameters_with_momentum_Adam(*(parameters, gradients), **{"alpha": alpha})
    """),
}

GENERATORS = {
    "solution-batchnorm": """
def features(A, beta, gamma):
    for row, shift, scale in zip(A, beta, gamma):
        row = np.asarray(row, dtype=float)
        root = (row.var() + 1e-5) ** 0.5
        hat = (row - row.mean()) / root
        yield scale * hat + shift, hat, root, scale


def batchnorm(A, beta, gamma):
    if not len(beta) or not len(gamma):
        return A, {}
    out, *kept = zip(*features(A, beta, gamma))
    return np.array(out), {"rows": lambda: (row for row in zip(*kept))}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []

    def rows():
        for slope, (hat, root, scale) in zip(dA_in, cache["rows"]()):
            yield scale / root * (slope - slope.mean() - hat * (slope * hat).mean()), [slope.sum()], [slope @ hat]

    return tuple(np.array(part) for part in zip(*rows()))
""",
    **training(
        """
        steps = step(X_batch, Y_batch, parameters, alpha)
        cost = next(steps)
        parameters = next(steps)
        """,
        """
def step(X_batch, Y_batch, parameters, alpha):
    AL, caches = multi_layer_forward(X_batch, parameters, "train")
    _, cache, cost = softmax_cross_entropy_loss(AL, Y_batch)
    yield cost
    gradients = multi_layer_backward(softmax_cross_entropy_loss_der(Y_batch, cache), caches, parameters)
    yield update_parameters_with_momentum_Adam(parameters, gradients, alpha)

""",
    ),
}

CLASS = {
    "solution-relu": """
class Relu:
    @staticmethod
    def forward(Z):
        return np.maximum(0, Z), {"Z": np.array(Z)}

    @classmethod
    def backward(cls, dA, cache):
        return np.asarray(dA) * np.sign(cls.forward(cache["Z"])[0])


def relu(Z):
    return Relu.forward(Z)
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    return Relu().backward(dA, cache)
""",
    "solution-dropout": """
class Dropout:
    modes = "train", "test"

    def __init__(self, drop_prob, mode, mask=None):
        if mode not in self.modes:
            raise ValueError(mode)
        self.drop_prob, self.mode, self.mask = drop_prob, mode, mask

    @property
    def active(self):
        return self.mode == "train" and self.drop_prob > 0

    def draw(self, shape):
        if self.active:
            self.mask = (np.random.rand(*shape) < 1 - self.drop_prob) / (1 - self.drop_prob)
        return self

    def __matmul__(self, A):
        return A * self.mask if self.active else A


def dropout(A, drop_prob, mode="train"):
    layer = Dropout(drop_prob, mode).draw(np.shape(A))
    return layer @ A, (layer.drop_prob, layer.mode, layer.mask)
""",
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    return Dropout(*cache) @ dA_in
""",
    **INSTANCE,
    UPDATE: f"""
class Optimizer:
    def __init__(self, momentum, alpha, beta, beta2, eps):
        self.__dict__.update(locals())

    def step(self, parameters, name, slope):
        if self.momentum:
            V = parameters["Vd" + name] = self.beta * parameters["Vd" + name] + (1 - self.beta) * slope
            G = parameters["Gd" + name] = self.beta2 * parameters["Gd" + name] + (1 - self.beta2) * slope**2
            slope = V / np.sqrt(G + self.eps)
        parameters[name] = parameters[name] - self.alpha * slope


def {UPDATE.removeprefix("solution-")}(parameters, gradients, alpha, beta=0.9, beta2=0.99, eps=1e-8):
    optimizer = Optimizer(parameters["apply_momentum"], alpha, beta, beta2, eps)
    for l in range(1, parameters["numLayers"] + 1):
        optimizer.step(parameters, "W" + str(l), gradients["dW" + str(l)])
        optimizer.step(parameters, "b" + str(l), gradients["db" + str(l)])
{GIVEN}    return parameters
""",
    "solution-classify": """
class Network:
    def __init__(self, parameters):
        self.parameters = parameters

    def __call__(self, X, mode):
        return multi_layer_forward(X, self.parameters, mode)[0]


def classify(X, parameters, mode="test"):
    return Network(parameters)(X, mode).argmax(axis=0)[np.newaxis]
""",
}

ASSIGNED = {
    "solution-relu": 'relu = lambda Z: (np.clip(Z, 0, None), {"Z": np.array(Z)})',
    "solution-relu_der": 'relu_der = lambda dA, cache: np.multiply(dA, np.heaviside(cache["Z"], 0))',
    "solution-softmax_cross_entropy_loss_der": """
softmax_cross_entropy_loss_der = lambda Y, cache: (
    (cache["A"] - (np.arange(len(cache["A"])).reshape(-1, 1) == Y)) / np.size(Y)
)
""",
    "solution-dropout_der": """
class Der:
    def __call__(self, dA_in, cache):
        return {"train": lambda: dA_in if cache[2] is None else dA_in * cache[2], "test": lambda: dA_in}[cache[1]]()


class Checked(Der):
    def __call__(self, dA_in, cache):
        try:
            return super().__call__(dA_in, cache)
        except KeyError:
            raise ValueError("no such mode") from None


dropout_der = Checked()
""",
    "solution-linear_forward": 'linear_forward = lambda A_prev, W, b: (np.matmul(W, A_prev) + b, {"A": A_prev})',
    "solution-linear_backward": """
def _linear_backward(ones, dZ, cache, W, b):
    m = np.shape(dZ)[1]
    return np.matmul(W.T, dZ), np.matmul(dZ, cache["A"].T), np.matmul(dZ, ones(m).reshape(m, 1))


from functools import partial

linear_backward = partial(_linear_backward, np.ones)
""",
    "solution-classify": """
def _classify(best, X, parameters, mode):
    return best(multi_layer_forward(X, parameters, mode)[0]).reshape(1, -1)


classify = partial(_classify, partial(np.argmax, axis=0), mode="test")
""",
}

DECORATOR = """
import functools

counts = {}


def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        counts[function.__name__] = counts.get(function.__name__, 0) + 1
        return function(*args, **kwargs)

    return wrapper
"""


def decorate(notebook):
    for cell in answer_cells(notebook):
        cell.source = "@counted\n" + cell.source


KEYWORDS_ONLY = {
    "solution-softmax_cross_entropy_loss": """
def softmax_cross_entropy_loss(Z, Y=np.array([])):
    A = column_softmax(scores=Z)
    return A, {"A": A}, mean_cost(scores=Z, labels=Y) if np.size(Y) else []
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    check_mode(mode=mode)
    mask = draw_mask(shape=np.shape(A), keep=1 - drop_prob) if mode == "train" and drop_prob else None
    return masked(values=A, mask=mask), (drop_prob, mode, mask)
""",
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    check_mode(mode=cache[1])
    return masked(values=dA_in, mask=cache[2] if cache[1] == "train" else None)
""",
    **training("""
        AL, caches = multi_layer_forward(A0=X_batch, parameters=parameters, mode="train")
        _, cache, cost = softmax_cross_entropy_loss(Z=AL, Y=Y_batch)
        dAL = softmax_cross_entropy_loss_der(Y=Y_batch, cache=cache)
        gradients = multi_layer_backward(dAL=dAL, caches=caches, parameters=parameters)
        update_parameters_with_momentum_Adam(parameters=parameters, gradients=gradients, alpha=alpha)
    """),
}

KEYWORD_HELPERS = """
def column_softmax(*, scores):
    powers = np.exp(scores - np.max(scores, axis=0))
    return powers / powers.sum(axis=0)


def mean_cost(*, scores, labels):
    shifted = scores - np.max(scores, axis=0)
    true = np.take_along_axis(shifted, np.asarray(labels).reshape(1, -1), axis=0)
    return np.mean(np.log(np.exp(shifted).sum(axis=0)) - true)


def check_mode(*, mode):
    if mode not in ("train", "test"):
        raise ValueError(mode)


def draw_mask(*, shape, keep):
    return np.where(np.random.rand(*shape) < keep, 1 / keep, 0)


def masked(*, values, mask=None):
    return values if mask is None else values * mask
"""

GLOBALS = {
    "solution-softmax_cross_entropy_loss_der": """
EYE = np.eye(1000)
EPS = np.full((1, 1), 1e-5)
AVERAGES = {}


def softmax_cross_entropy_loss_der(Y, cache):
    n, m = np.shape(cache["A"])
    onehot = EYE[:n, np.ravel(Y)]
    return cache["A"] / m - onehot / m
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode not in np.array(["train", "test"]) or not mode:
        raise ValueError(mode)
    if mode == "test" or np.isclose(drop_prob, 0):
        return A, (drop_prob, mode, None)
    mask = np.less(np.random.random_sample(np.shape(A)), 1 - drop_prob) / np.float64(1 - drop_prob)
    return np.multiply(A, mask), (drop_prob, np.str_(mode), mask)
""",
    "solution-batchnorm": """
def average(A):
    m = np.shape(A)[1]
    if m not in AVERAGES:
        AVERAGES[m] = np.full((m, 1), 1 / m)
    return np.dot(A, AVERAGES[m])


def batchnorm(A, beta, gamma):
    global EPS
    if np.size(beta) == 0 or np.size(gamma) == 0:
        return A, {}
    centred = np.asarray(A, dtype=np.longdouble) - average(A)
    root = np.sqrt(average(centred**2) + EPS)
    return np.float64(gamma * centred / root + beta), {"hat": centred / root, "scale": gamma / root}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, np.array([]), np.array([])
    weighted = dA_in * cache["hat"]
    dA_out = cache["scale"] * (dA_in - average(dA_in) - cache["hat"] * average(weighted))
    return np.float64(dA_out), np.sum(dA_in, axis=1, keepdims=True), np.sum(weighted, axis=1, keepdims=True)
""",
    "solution-initialize_network": """
def initialize_network(net_dims, act_list, drop_prob_list):
    dims, acts, drops = np.array(net_dims), np.array(act_list), np.array(drop_prob_list)
    parameters = {"numLayers": dims.size - np.int64(1)}
    for l in np.arange(1, dims.size):
        parameters[f"W{l}"] = np.random.normal(0, 2 / np.sqrt(dims[l - 1]), (dims[l], dims[l - 1]))
        parameters[f"b{l}"] = np.zeros([dims[l], 1])
        parameters[f"act{l}"], parameters[f"dropout{l}"] = acts[l - 1], drops[l - 1]
    return parameters
""",
    "training-settings": "bnorm_list = np.ones(3, dtype=bool)",
}

STRICT = """
import warnings

import numpy as np

warnings.simplefilter("error")
np.seterr(divide="raise", over="raise", invalid="raise")
np.set_printoptions(precision=3, suppress=True)
"""

LOG_SUM_EXP = {
    "solution-softmax_cross_entropy_loss": """
def logsumexp(Z):
    return np.logaddexp.reduce(Z, axis=0)


def softmax_cross_entropy_loss(Z, Y=np.array([])):
    lnA = Z - logsumexp(Z)
    A = np.exp(lnA)
    labels = np.asarray(Y, dtype=int).squeeze()
    loss = [] if labels.size == 0 else -np.diag(lnA[np.atleast_1d(labels)]).mean()
    return A, {"A": A}, loss
""",
    "solution-classify": """
def classify(X, parameters, mode="test"):
    scores, _ = multi_layer_forward(X, parameters, mode)
    A, _, loss = softmax_cross_entropy_loss(scores)
    assert loss == []
    return np.argsort(A, axis=0)[-1:]
""",
}

WARNS = {
    "solution-softmax_cross_entropy_loss": """
def softmax_cross_entropy_loss(Z, Y=np.array([])):
    Z = Z - np.max(Z, axis=0)
    A = np.exp(Z) / np.sum(np.exp(Z), axis=0)
    lnA = np.where(A > 0, np.log(A), Z - np.log(np.sum(np.exp(Z), axis=0)))  # warns of log(0), which isn't used
    if np.size(Y) == 0:
        return A, {"A": A}, []
    onehot = np.arange(len(A))[:, None] == np.ravel(Y)
    return A, {"A": A}, -np.sum(np.where(onehot, lnA, 0)) / A.shape[1]
""",
    "solution-relu": """
def relu(Z):
    Z = np.asarray(Z)
    return np.where(Z > 0, 1 / (1 / Z), 0), {"Z": Z}  # warns of 1 / 0
""",
    **update("""
        if parameters["apply_momentum"]:
            V = parameters["Vd" + name] = beta * parameters["Vd" + name] + (1 - beta) * slope
            G = parameters["Gd" + name] = beta2 * parameters["Gd" + name] + (1 - beta2) * slope**2
            step = np.where(V == 0, 0, 1 / (np.sqrt(G + eps) / V))  # warns of a division by V = 0
        else:
            import warnings
            warnings.warn("no momentum")
            step = slope
        parameters[name] = parameters[name] - alpha * step
    """),
}

PRINTS = """
    import sys
    print("NAME was called with", list(locals())[:1], "and more", "." * 20)
    print("NAME: so far so good", file=sys.stderr)
"""


def print_everywhere(notebook):
    for cell in answer_cells(notebook):
        prints = PRINTS.replace("NAME", cells.grade_id(cell))
        cell.source = cell.source.replace('\n    """\n', '\n    """' + prints, 1)


MAGIC_CELLS = (
    "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'",
    "%load_ext autoreload\n%autoreload 2\n%precision 3",
    "%pip --version\n!ls -la\nhere = !pwd\nhere?",
    "%%bash\necho hello",
    "%%javascript\nalert(1)",
    "%%writefile notes.txt\nrelu: done",
)


def add_magics(notebook):
    for cell in answer_cells(notebook):
        first = "%%time" if len(cell.source) % 2 else "%%capture output"
        cell.source = f"{first}\n{cell.source}"
    timed = nbformat.v4.new_code_cell("%timeit -n 2 -r 1 relu([-1, 1])\n%time x = relu([-1, 1])\n%who")
    notebook.cells.insert(position(notebook, "solution-relu") + 1, timed)


TYPED = {
    "solution-relu": """
from __future__ import annotations

from typing import Any, Literal

Array = np.ndarray
Cache = dict[str, Any]


def relu(Z: Array | list[float]) -> tuple[Array, Cache]:
    A: Array = np.maximum(np.asarray(Z), 0)
    cache: Cache = {"Z": np.asarray(Z)}
    return A, cache
""",
    "solution-dropout": """
Mode = Literal["train", "test"]


def dropout(A: Array, drop_prob: float, mode: Mode = "train") -> tuple[Array, tuple[float, Mode, Array | None]]:
    match mode:
        case "train" if drop_prob > 0:
            mask: Array | None = (np.random.rand(*A.shape) < (keep := 1 - drop_prob)) / keep
            return A * mask, (drop_prob, mode, mask)
        case "train" | "test":
            return A, (drop_prob, mode, None)
    raise ValueError(f"{mode = }")
""",
    "solution-initialize_velocity": """
def initialize_velocity(parameters: Cache, apply_momentum: bool = True) -> Cache:
    parameters |= {"apply_momentum": apply_momentum}
    for l in range(1, apply_momentum * parameters["numLayers"] + 1):
        parameters |= {
            f"{average}d{name}{l}": np.zeros_like(parameters[f"{name}{l}"], dtype=float)
            for average in "VG"
            for name in "Wb"
        }
    return parameters
""",
    "solution-classify": """
def classify(X: Array, parameters: Cache, mode: Mode = "test") -> Array:
    AL, _ = multi_layer_forward(X, parameters, mode)
    return np.argmax(AL, axis=0, keepdims=True).astype(np.uint8)
""",
    "training-settings": "bnorm_list: tuple[int, ...] = (1, 1, 1)",
}


def reorder(notebook):
    """classify before all that it calls, relu_der before relu, the update below the summary at the end."""
    for name, before in (("solution-classify", "given-pictures"), ("solution-relu_der", "solution-relu")):
        cell = notebook.cells.pop(position(notebook, name))
        notebook.cells.insert(position(notebook, before), cell)
    notebook.cells.append(notebook.cells.pop(position(notebook, UPDATE)))


def make_untidy(notebook):
    for source in (
        "print(undefined)",
        "def broken(:\n    pass",
        "1 / 0",
        "%nosuchmagic",
        "raise SystemExit",
        "relu(",
    ):
        notebook.cells.insert(position(notebook, "solution-batchnorm"), nbformat.v4.new_code_cell(source))
    notebook.cells.insert(
        position(notebook, "dropout"), nbformat.v4.new_markdown_cell("## My notes\n\n$1/m$?")
    )
    notebook.cells.append(nbformat.v4.new_raw_cell("raw"))
    notebook.cells.append(nbformat.v4.new_code_cell(""))
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith("check-")]


def as_on_windows(notebook):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


PLOTS = {
    "solution-relu": """
def relu(Z):
    import numpy
    from numpy import maximum as biggest

    return biggest(numpy.array(Z), 0), {"Z": numpy.array(Z)}


import matplotlib.pyplot as plt

x = np.linspace(-3, 3)
plt.plot(x, relu(x)[0])
plt.title("relu")
plt.show()
plt.figure()
""",
    "solution-dropout_der": """
def dropout_der(dA_in, cache):
    from numpy import multiply

    if cache[1] not in ("train", "test"):
        from builtins import ValueError as Wrong

        raise Wrong
    return dA_in if cache[1] == "test" or cache[0] == 0 else multiply(dA_in, cache[2])


fig, ax = plt.subplots()
ax.imshow(np.random.rand(20, 20))
fig.savefig("mask.png")
display(fig)
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    import math
    import operator as op
    from functools import reduce

    if not cache:
        return dA_in, [], []
    total = lambda A: reduce(op.add, np.transpose(A)).reshape(-1, 1)
    root, m = np.vectorize(math.sqrt)(cache["sigma"] ** 2), len(dA_in[0])
    dbeta, dgamma = total(dA_in), total(dA_in * cache["Ahat"])
    return cache["gamma"] / (m * root) * (m * dA_in - dbeta - cache["Ahat"] * dgamma), dbeta, dgamma
""",
}

MODULE = """
import numpy as np


def relu(Z):
    Z = np.asarray(Z)
    return (Z + np.abs(Z)) / 2, {"Z": Z}


def relu_der(dA, cache):
    return dA * (1 + np.sign(cache["Z"]) > 1)


def keep(A, drop_prob):
    R = np.random.rand(*A.shape)
    return (R < 1 - drop_prob) / (1 - drop_prob)
"""

OWN_MODULE = {
    "solution-relu": "from my_layers import relu",
    "solution-relu_der": "import my_layers\n\nrelu_der = my_layers.relu_der",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode == "train":
        mask = my_layers.keep(A, drop_prob) if drop_prob else None
        return (A * mask if drop_prob else A), (drop_prob, mode, mask)
    if mode == "test":
        return A, (drop_prob, mode, None)
    raise ValueError
""",
}

RECURSIVE = {
    "solution-relu": """
def relu(Z):
    return positive_part(np.asarray(Z)), {"Z": np.asarray(Z)}


def positive_part(Z):
    if len(Z) <= 8:
        return np.maximum(Z, 0)
    return np.concatenate([positive_part(Z[: len(Z) // 2]), positive_part(Z[len(Z) // 2 :])])
""",
    "solution-softmax_cross_entropy_loss": """
def log_sum(rows):
    half = len(rows) // 2
    return np.logaddexp(log_sum(rows[:half]), log_sum(rows[half:])) if half else rows[0]


def softmax_cross_entropy_loss(Z, Y=np.array([])):
    if np.size(Y):
        A, cache, _ = softmax_cross_entropy_loss(Z)
        true = [Z[y][j] for j, y in enumerate(np.ravel(Y))]
        return A, cache, float(np.mean(log_sum(Z) - true))
    A = np.exp(Z - log_sum(Z))
    return A, {"A": A}, []
""",
    "solution-initialize_network": """
def initialize_network(net_dims, act_list, drop_prob_list):
    if len(net_dims) == 1:
        return {"numLayers": 0}
    parameters = initialize_network(net_dims[:-1], act_list[:-1], drop_prob_list[:-1])
    parameters["numLayers"] += 1
    l = str(parameters["numLayers"])
    parameters["W" + l] = np.random.randn(net_dims[-1], net_dims[-2]) * 2 / np.sqrt(net_dims[-2])
    parameters["b" + l] = np.zeros((net_dims[-1], 1))
    return {**parameters, "act" + l: act_list[-1], "dropout" + l: drop_prob_list[-1]}
""",
    "solution-classify": """
def classify(X, parameters, mode="test"):
    if X.shape[1] > 4000:  # batch normalisation looks at the samples at hand: several thousand are enough
        half = X.shape[1] // 2
        return np.hstack([classify(X[:, :half], parameters, mode), classify(X[:, half:], parameters, mode)])
    return np.array([multi_layer_forward(X, parameters, mode)[0].argmax(0)])
""",
}


def at_the_end(code):
    """Adds a cell of their own behind all others."""
    return lambda notebook: notebook.cells.append(nbformat.v4.new_code_cell(code, id="mine"))


OWN_DICT = """
class Network(dict):
    '''A network whose items are attributes, and which counts what was put into it.'''

    def __init__(self, items):
        self.__dict__["puts"] = 0
        for name in items:
            self[name] = items[name]

    def __getitem__(self, name):
        if name not in self:
            raise KeyError(name)
        return self.__dict__[name]

    def __setitem__(self, name, value):
        self.__dict__[name] = value
        self.__dict__["puts"] += 1

    def __contains__(self, name):
        return name != "puts" and name in self.__dict__

    def __iter__(self):
        return (name for name in list(self.__dict__) if name != "puts")

    def __len__(self):
        return len(self.__dict__) - 1

    def keys(self):
        return list(self)

    def items(self):
        return [(name, self[name]) for name in self]

    def values(self):
        return [self[name] for name in self]


plain_network = initialize_network


def initialize_network(net_dims, act_list, drop_prob_list):
    return Network(plain_network(net_dims, act_list, drop_prob_list))
"""
POOL = """
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(2)
assert list(pool.map(abs, [1, -2])) == [1, 2]
relu_in_one_thread, dropout_in_one_thread = relu, dropout


def relu(Z):
    return pool.submit(relu_in_one_thread, Z).result()


def dropout(*arguments, **keywords):
    return pool.submit(dropout_in_one_thread, *arguments, **keywords).result()
"""

VARIANTS = [
    Student("lists", "returns lists, all but the large ones", LISTS),
    Student("by-entry", "loops over entries and rows, and draws the random numbers one by one", BY_ENTRY),
    Student("einsum", "einsum for all, transposed views, and zeros that may not be written", EINSUM),
    Student("in-place", "makes copies and works in them; the update changes V, G and W in place", IN_PLACE),
    Student("copying", "copies all arguments and results, and the whole network at each update", COPYING),
    Student("float32", "calculates and returns float32 throughout", FLOAT32),
    Student("named-tuples", "named tuples for caches", NAMED_TUPLE),
    Student("nested-dicts", "dicts in dicts for caches, with keys of several types", NESTED),
    Student("closures", "caches hold functions; relu comes from a function that counts its calls", CLOSURE),
    Student("dataclass", "the cache holds a dataclass, which makes the derivatives", DATACLASS),
    Student("attribute-dict", "the cache is a dict of their own with attributes", ATTRIBUTES),
    Student(
        "unpacking", "tuples for caches, stars everywhere, and an update that makes a new dict", UNPACKING
    ),
    Student("generators", "the rows come from generators, the training step too", GENERATORS),
    Student("classes", "classes do all; the functions only call them", CLASS),
    Student("assigned", "functions by lambda and partial, and an object that can be called", ASSIGNED),
    Student(
        "decorated", "a decorator that counts calls on every function", extra=(DECORATOR,), edit=decorate
    ),
    Student(
        "keyword-only", "helpers on top that take keywords only", KEYWORDS_ONLY, extra=(KEYWORD_HELPERS,)
    ),
    Student(
        "globals", "global helper arrays, numpy scalars, long doubles, other names of the draws", GLOBALS
    ),
    Student("strict", "makes all warnings errors, and uses logaddexp", LOG_SUM_EXP, extra=(STRICT,)),
    Student("warnings", "numpy warns of values that np.where then drops", WARNS),
    Student("prints", "prints in every function, to both streams", edit=print_everywhere),
    Student("magics", "magics in and around the answer cells", extra=MAGIC_CELLS, edit=add_magics),
    Student("typed", "type hints, match, the walrus", TYPED),
    Student("reordered", "moved answer cells up and down", edit=reorder),
    Student("untidy", "cells that raise errors, notes between, and no check cells", edit=make_untidy),
    Student(
        "windows",
        "CRLF line ends and a name of their own",
        edit=as_on_windows,
        filename="Aufgabe 4 (1).ipynb",
    ),
    Student("own-dict", "the network is a dict with item methods of its own", edit=at_the_end(OWN_DICT)),
    Student(
        "pool", "a pool of threads, used while the notebook is loaded, does relu and dropout", extra=(POOL,)
    ),
    Student("plots", "imports inside functions, plots in answer cells", PLOTS),
    Student(
        "own-module",
        "functions from a module beside the notebook",
        OWN_MODULE,
        files={"my_layers.py": MODULE},
    ),
    Student("without-batchnorm", "trains without", {"training-settings": "bnorm_list = [0, 0, 0]"}),
    Student("recursive", "recursion in place of loops", RECURSIVE),
]
