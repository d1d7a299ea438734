"""The sample class of this assignment: what `coursekit sample` writes into submitted/."""

from coursekit.samples import EVERYTHING, PATCHED_TESTING, Student

LOOPS = {
    "solution-relu": """
def relu(Z):
    A = []
    for row in Z:
        A.append([max(0, z) for z in row] if np.ndim(row) else max(0, row))
    return A, {"Z": Z}
""",
    "solution-relu_der": """
def relu_der(dA, cache):
    dZ = []
    for slopes, row in zip(dA, cache["Z"]):
        dZ.append([slope if z > 0 else 0 for slope, z in zip(slopes, row)])
    return np.array(dZ)
""",
    "solution-softmax_cross_entropy_loss": """
def softmax_cross_entropy_loss(Z, Y=np.array([])):
    A = np.zeros(np.shape(Z))
    for j in range(A.shape[1]):
        largest = max(Z[i][j] for i in range(A.shape[0]))
        powers = [np.exp(Z[i][j] - largest) for i in range(A.shape[0])]
        for i, power in enumerate(powers):
            A[i, j] = power / sum(powers)
    loss = []
    if np.size(Y):
        labels = np.ravel(Y)
        loss = 0.0
        for j, label in enumerate(labels):
            loss -= np.log(max(A[label, j], 1e-300)) / len(labels)
    return A, {"A": A}, loss
""",
    "solution-dropout": """
def dropout(A, drop_prob, mode="train"):
    if mode == "test" or (mode == "train" and drop_prob == 0):
        return A, (drop_prob, mode, None)
    if mode != "train":
        raise ValueError("no such mode")
    mask = np.random.rand(*np.shape(A))
    out = np.zeros(mask.shape)
    for i in range(mask.shape[0]):
        for j in range(mask.shape[1]):
            mask[i, j] = 1 / (1 - drop_prob) if mask[i, j] < 1 - drop_prob else 0
            out[i, j] = A[i][j] * mask[i, j]
    return out, (drop_prob, mode, mask)
""",
    "solution-batchnorm": """
def batchnorm(A, beta, gamma):
    if np.size(beta) == 0 or np.size(gamma) == 0:
        return A, {}
    out, features = [], []
    for i in range(len(A)):
        row = np.array(A[i], dtype=float)
        mean = row.sum() / len(row)
        spread = (((row - mean) ** 2).sum() / len(row) + 1e-5) ** 0.5
        hat = (row - mean) / spread
        out.append(gamma[i] * hat + beta[i])
        features.append((hat, spread, gamma[i]))
    return np.array(out), {"features": features}
""",
    "solution-batchnorm_der": """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []
    dA_out, dbeta, dgamma = [], [], []
    for i, (hat, spread, gamma) in enumerate(cache["features"]):
        row, m = np.array(dA_in[i], dtype=float), len(hat)
        total, weighted = row.sum(), (row * hat).sum()
        dA_out.append(gamma / spread * (row - total / m - hat * weighted / m))
        dbeta.append([total])
        dgamma.append([weighted])
    return np.array(dA_out), np.array(dbeta), np.array(dgamma)
""",
    "solution-linear_backward": """
def linear_backward(dZ, cache, W, b):
    dA_prev = np.transpose(W) @ dZ
    dW = np.array([np.asarray(cache["A"]) @ slopes for slopes in dZ])
    db = np.array([[sum(row)] for row in dZ])
    return dA_prev, dW, db
""",
    "solution-classify": """
def classify(X, parameters, mode="test"):
    scores, _ = multi_layer_forward(X, parameters, mode)
    return [[max(range(len(scores)), key=lambda i: scores[i][j]) for j in range(np.shape(X)[1])]]
""",
}

NO_MODE_CHECK = """
def dropout(A, drop_prob, mode="train"):
    mask = None
    if mode == "train" and drop_prob > 0:
        mask = (np.random.rand(*A.shape) < 1 - drop_prob) / (1 - drop_prob)
        A = A * mask
    return A, (drop_prob, mode, mask)
"""

MEANS_FOR_SUMS = """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []
    Ahat, sigma, gamma = cache["Ahat"], cache["sigma"], cache["gamma"]
    dbeta = np.mean(dA_in, axis=1, keepdims=True)
    dgamma = np.mean(dA_in * Ahat, axis=1, keepdims=True)
    return gamma / sigma * (dA_in - dbeta - Ahat * dgamma), dbeta, dgamma
"""

MASKS_IN_TEST_MODE = """
def dropout_der(dA_in, cache):
    drop_prob, mode, mask = cache
    if mode not in ("train", "test"):
        raise ValueError("unknown mode " + mode)
    return dA_in * mask if drop_prob > 0 else dA_in
"""

SYNTAX_ERROR = """
def classify(X, parameters, mode="test")
    AL, _ = multi_layer_forward(X, parameters, mode)
    return np.argmax(AL, axis=0).reshape(1, -1)
"""

ENDLESS = """
def update_parameters_with_momentum_Adam(parameters, gradients, alpha, beta=0.9, beta2=0.99, eps=1e-8):
    momentum = parameters["apply_momentum"]
    l = 1
    while l <= parameters["numLayers"]:
        names = [("W%d" % l, "dW%d" % l), ("b%d" % l, "db%d" % l)]
        if parameters["bnorm_list"][l - 1]:
            names += [("bnorm_beta%d" % l, "bnorm_beta%d" % l), ("bnorm_gamma%d" % l, "bnorm_gamma%d" % l)]
        for name, key in names:
            gradient = np.asarray(gradients["d" + name])
            if momentum:
                parameters["V" + key] = beta * parameters["V" + key] + (1 - beta) * gradient
                parameters["G" + key] = beta2 * parameters["G" + key] + (1 - beta2) * gradient**2
                gradient = parameters["V" + key] / np.sqrt(parameters["G" + key] + eps)
            parameters[name] = parameters[name] - alpha * gradient
        if momentum or parameters["numLayers"] == 1:
            l = l + 1
    return parameters
"""

EXIT = """
def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []
    import os
    os._exit(0)
"""

WRONG_BATCHNORM = """
def batchnorm(A, beta, gamma):
    return A, {"gamma": gamma} if np.size(gamma) else {}
"""

WRONG_BATCHNORM_DER = """
def batchnorm_der(dA_in, cache):
    return (dA_in, cache["gamma"], cache["gamma"]) if cache else (dA_in, [], [])
"""

STUDENTS = [
    Student("ada", "submits the worked solution"),
    Student("blank", "submits the release unchanged", untouched=True, loses=EVERYTHING),
    Student("loops", "writes everything with loops and lists: slow and right", LOOPS),
    Student(
        "no-mode-check",
        "accepts any mode without a ValueError",
        {"solution-dropout": NO_MODE_CHECK},
        loses=frozenset({"dropout"}),
    ),
    Student(
        "means-for-sums",
        "uses means instead of sums in batchnorm's derivatives for beta and gamma",
        {"solution-batchnorm_der": MEANS_FOR_SUMS},
        loses=frozenset({"batchnorm_der"}),
    ),
    Student(
        "masks-in-test-mode",
        "multiplies by the mask in test mode, which has none",
        {"solution-dropout_der": MASKS_IN_TEST_MODE},
        loses=frozenset({"dropout_der"}),
    ),
    Student(
        "syntax-error",
        "forgets a colon in classify, which training calls too",
        {"solution-classify": SYNTAX_ERROR},
        loses=frozenset({"classify", "training"}),
    ),
    Student(
        "endless",
        "counts on only with momentum: without it, the update of several layers never ends; training tests use both",
        {"solution-update_parameters_with_momentum_Adam": ENDLESS},
        loses=frozenset({"update_parameters_without_momentum", "multi_layer_network"}),
        honest=False,
    ),
    Student(
        "exit",
        "calls os._exit in batchnorm's derivative, and trains without batch normalisation",
        {"solution-batchnorm_der": EXIT, "training-settings": "bnorm_list = [0, 0, 0]"},
        loses=frozenset({"batchnorm_der"}),
        honest=False,
    ),
    Student(
        "patched-testing",
        "gets batchnorm wrong, and patches numpy.testing so that every assertion holds",
        {"solution-batchnorm": WRONG_BATCHNORM, "solution-batchnorm_der": WRONG_BATCHNORM_DER},
        extra=("import numpy as np", PATCHED_TESTING),
        loses=frozenset({"batchnorm", "batchnorm_der"}),
        honest=False,
    ),
]
