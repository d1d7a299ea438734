"""The sample class of this assignment: what `coursekit sample` writes into submitted/."""

from coursekit.samples import EVERYTHING, PATCHED_TESTING, Student

LOOPS = {
    "solution-linear_forward": """
def linear_forward(A, W, b):
    Z = np.zeros((len(W), A.shape[1]))
    for i in range(len(W)):
        Z[i] = np.dot(W[i], A) + b[i]
    return Z, {"A": A, "W": W, "b": b}
""",
    "solution-relu": """
def relu(Z):
    A = []
    for row in Z:
        A.append([max(0, z) for z in row])
    return A, {"Z": Z}
""",
    "solution-compute_cost": """
def compute_cost(AL, Y):
    cost, m = 0.0, Y.shape[1]
    for j in range(m):
        for k in range(Y.shape[0]):
            if Y[k][j] == 1:
                cost -= np.log(max(AL[k][j], 1e-20)) / m
    return cost
""",
    "solution-Predict": """
def Predict(X, Y, parameters, use_batchnorm=False):
    AL, _ = L_model_forward(X, parameters, use_batchnorm)
    right = 0
    for j in range(X.shape[1]):
        if Y[np.argmax(AL[:, j])][j] == 1:
            right += 1
    return right / X.shape[1]
""",
    "solution-linear_activation_forward": """
def linear_activation_forward(A_prev, W, B, activation):
    Z, linear_cache = linear_forward(np.array(A_prev), W, B)
    if activation == "relu":
        A, activation_cache = relu(Z)
    elif activation == "softmax":
        A, activation_cache = softmax(Z)
    else:
        raise ValueError("unknown activation")
    return np.array(A), {"linear_cache": linear_cache, "activation_cache": activation_cache}
""",
}

NO_VALUE_ERROR = """
def linear_activation_forward(A_prev, W, B, activation):
    Z, linear_cache = linear_forward(A_prev, W, B)
    A, activation_cache = softmax(Z) if activation == "softmax" else relu(Z)
    return A, {"linear_cache": linear_cache, "activation_cache": activation_cache}
"""

NOT_BACK_THROUGH_BATCHNORM = """
def L_model_backward(AL, Y, caches):
    grads, L = {}, len(caches)
    caches[-1]["activation_cache"]["Y"] = Y
    dA, grads["dW" + str(L)], grads["db" + str(L)] = linear_activation_backward(None, caches[-1], "softmax")
    for l in range(L - 1, 0, -1):
        grads["dA" + str(l)] = dA
        dA, grads["dW" + str(l)], grads["db" + str(l)] = linear_activation_backward(dA, caches[l - 1], "relu")
    return grads
"""

FORGOTTEN_MEAN = """
def Linear_backward(dZ, cache):
    return cache["W"].T @ dZ, dZ @ cache["A"].T, np.sum(dZ, axis=1, keepdims=True)
"""

SYNTAX_ERROR = """
def Predict(X, Y, parameters, use_batchnorm=False)
    AL, _ = L_model_forward(X, parameters, use_batchnorm)
    return np.mean(np.argmax(AL, axis=0) == np.argmax(Y, axis=0))
"""

ENDLESS = """
def linear_activation_forward(A_prev, W, B, activation):
    Z, linear_cache = linear_forward(A_prev, W, B)
    while activation not in ("relu", "softmax"):
        print("please choose relu or softmax")
    A, activation_cache = softmax(Z) if activation == "softmax" else relu(Z)
    return A, {"linear_cache": linear_cache, "activation_cache": activation_cache}
"""


NO_LABELS = """
def softmax_backward(dA, activation_cache):
    return softmax(activation_cache["Z"])[0]
"""

AFTER_LINEAR = frozenset({"linear_activation_backward", "L_model_backward", "L_layer_model", "training"})

STUDENTS = [
    Student("ada", "submits the worked solution and its report"),
    Student("blank", "submits the release unchanged", untouched=True, loses=EVERYTHING),
    Student("loops", "writes with loops and lists: slow and right", LOOPS),
    Student(
        "damaged-report",
        "submits a text file called report.docx",
        files={"report.docx": "My report.\n"},
        loses=frozenset({"report"}),
    ),
    Student(
        "no-value-error",
        "treats any activation other than softmax as relu",
        {"solution-linear_activation_forward": NO_VALUE_ERROR},
        loses=frozenset({"linear_activation_forward"}),
    ),
    Student(
        "not-back-through-batchnorm",
        "forgets batch normalisation in the backward pass; training still works",
        {"solution-L_model_backward": NOT_BACK_THROUGH_BATCHNORM},
        loses=frozenset({"L_model_backward"}),
    ),
    Student(
        "forgotten-mean",
        "forgets the 1/m, so steps are too long by a factor of the batch size",
        {"solution-Linear_backward": FORGOTTEN_MEAN},
        loses=AFTER_LINEAR | {"Linear_backward"},
    ),
    Student(
        "syntax-error",
        "forgets a colon in Predict, which training calls too",
        {"solution-Predict": SYNTAX_ERROR},
        loses=frozenset({"Predict", "L_layer_model", "training"}),
    ),
    Student(
        "endless",
        "loops forever where it should raise an error",
        {"solution-linear_activation_forward": ENDLESS},
        loses=frozenset({"linear_activation_forward"}),
        honest=False,
    ),
    Student(
        "patched-testing",
        "gets softmax's derivative wrong, and patches numpy.testing so that every assertion holds",
        {"solution-softmax_backward": NO_LABELS},
        extra=("import numpy as np", PATCHED_TESTING),
        loses=AFTER_LINEAR | {"softmax_backward"},
        honest=False,
    ),
]
