"""Correct solutions in other styles: whoever writes like this must get all 100 points."""

import re
from pathlib import Path
from textwrap import dedent, indent

from coursekit.samples import Student

FILE = "neural_networks.py"
SOURCE = Path(__file__).with_name(FILE).read_text()
REGION = re.compile(r"( *)### BEGIN SOLUTION\n(.*?)### END SOLUTION\n", re.S)


def written(before="", after="", **bodies):
    """The student's files, with other bodies for some tasks: task1 … task9, forward and backward (of main)."""
    names = iter([*(f"task{number}" for number in range(1, 10)), "forward", "backward"])

    def body(match):
        text = bodies.pop(next(names), None)
        return match[2].rstrip(" ") if text is None else indent(dedent(text).strip("\n") + "\n", match[1])

    text = REGION.sub(body, SOURCE)
    assert not bodies, bodies
    head, first, rest = text.partition("# %% Task 1:")
    return {FILE: head + before + first + rest + after}


LISTS = written(
    task1="""
        for name in list(model):
            if not hasattr(model[name], "params"):
                continue
            for key in list(model[name].params):
                old, slope = np.array(model[name].params[key]), np.array(model[name].gradient[key])
                new, speed = [], []
                last = np.array(momentum[name + "_" + key]) if _alpha > 0 else None
                for row in range(len(old)):
                    g = slope[row] + _lambda * old[row]
                    if _alpha > 0:
                        speed.append(_alpha * last[row] - _learning_rate * g)
                    else:
                        speed.append(-_learning_rate * g)
                    new.append(old[row] + speed[row])
                model[name].params[key] = new
                if _alpha > 0:
                    momentum[name + "_" + key] = speed
        return model
    """,
    task2="""
        W, b = np.random.normal(0, 0.1, (input_D, output_D)), np.random.normal(0, 0.1, (1, output_D))
        self.params = {"W": W.tolist(), "b": b.tolist()}
        self.gradient = {"W": [[0.0] * output_D for _ in range(input_D)], "b": [[0.0] * output_D]}
    """,
    task3="""
        W, b = np.array(self.params["W"]), np.array(self.params["b"])[0]
        return [np.dot(row, W) + b for row in np.asarray(X)]
    """,
    task4="""
        X, grad, W = np.asarray(X), np.asarray(grad), np.array(self.params["W"])
        self.gradient["W"] = list(X.T @ grad)
        self.gradient["b"] = [sum(grad[1:], grad[0])]
        return [W @ row for row in grad]
    """,
    task5="return [np.tanh(row) for row in X]",
    task6="return [g * (1 - np.tanh(row) ** 2) for row, g in zip(X, grad)]",
    task7="return [np.maximum(row, 0) for row in X]",
    task8="return [np.where(np.asarray(row) > 0, g, 0) for row, g in zip(X, grad)]",
    task9="return [g * m for g, m in zip(grad, self.mask)]",
)
EINSUM = written(
    task3='return np.einsum("nd,de->ne", X, self.params["W"]) + self.params["b"]',
    task4="""
        self.gradient["W"] = np.einsum("nd,ne->de", X, grad)
        self.gradient["b"] = np.einsum("ne->e", grad)[None, :]
        return np.einsum("ne,de->nd", grad, self.params["W"])
    """,
    task6='return np.einsum("ij,ij->ij", grad, 1 - np.square(np.tanh(X)))',
)
IN_PLACE = written(
    task1="""
        for name, module in model.items():
            if hasattr(module, "params"):
                for key, _ in module.params.items():
                    g = module.gradient[key]
                    g += _lambda * module.params[key]
                    if _alpha <= 0:
                        module.params[key] -= _learning_rate * g
                    else:
                        momentum[name + "_" + key] *= _alpha
                        momentum[name + "_" + key] -= _learning_rate * g
                        module.params[key] += momentum[name + "_" + key]
        return model
    """,
    task4="""
        np.matmul(X.T, grad, out=self.gradient["W"])
        grad.sum(axis=0, keepdims=True, out=self.gradient["b"])
        return grad @ self.params["W"].T
    """,
    task6="""
        h = np.tanh(X)
        h *= -h
        h += 1
        h *= grad
        return h
    """,
)
FLOAT32 = written(
    task2="""
        self.params = {}
        self.params["W"] = np.random.normal(0, 0.1, (input_D, output_D)).astype(np.float32)
        self.params["b"] = np.random.normal(0, 0.1, (1, output_D)).astype(np.float32)
        self.gradient = {"W": np.zeros((input_D, output_D), np.float32), "b": np.zeros((1, output_D), np.float32)}
    """,
    task3="""
        X = np.asarray(X, np.float32)
        return X @ self.params["W"].astype(np.float32) + self.params["b"].astype(np.float32)
    """,
    task4="""
        X, grad = np.asarray(X, np.float32), np.asarray(grad, np.float32)
        self.gradient = {"W": X.T @ grad, "b": grad.sum(0, keepdims=True)}
        return grad @ self.params["W"].T.astype(np.float32)
    """,
    task5="return np.tanh(np.asarray(X, np.float32))",
    task6="return np.asarray(grad, np.float32) * (1 - self.forward(X) ** 2)",
    task7="return np.maximum(np.asarray(X, np.float32), np.float32(0))",
    task9="return np.asarray(grad, np.float32) * self.mask.astype(np.float32)",
)
REMEMBERS = written(
    task5="""
        self.seen, self.h = X, np.tanh(X)
        return self.h
    """,
    task6="""
        if getattr(self, "seen", None) is not X:
            self.forward(X)
        return grad * (1 - self.h * self.h)
    """,
    task7="""
        self.on = np.asarray(X) > 0
        return np.where(self.on, X, 0)
    """,
    task8="return np.where(np.asarray(X) > 0, grad, 0)",
    forward="""
        kept = [x]
        for name in ("L1", "tanh1", "relu1"):
            kept.append(model[name].forward(kept[-1]))
        kept.append(model["drop1"].forward(kept[-1], is_train=True))
        a2 = model["L2"].forward(kept[-1])
    """,
    backward="""
        slope = grad_a2
        for name in ("L2", "drop1", "relu1", "tanh1", "L1"):
            slope = model[name].backward(kept.pop(), slope)
    """,
)
FORMULAS = written(
    task5="""
        X = np.asarray(X, dtype=float)
        return 2 / (1 + np.exp(np.minimum(-2 * X, 700))) - 1
    """,
    task6="return grad / np.cosh(np.clip(X, -300, 300)) ** 2",
    task7="return (np.abs(X) + X) / 2",
    task8="return np.multiply(grad, np.heaviside(X, 0))",
    task9="return np.where(self.mask > 0, grad / (1 - self.r), 0) if self.r else grad",
)
HELPERS = written(
    before='''
class Module:
    """Whatever is called like a function goes forward."""

    def __call__(self, X):
        return self.forward(X)


def each_parameter(model):
    for name, module in model.items():
        for key in getattr(module, "params", ()):
            yield module, key, name + "_" + key


TWO = 2


''',
    task1="""
        for module, key, label in each_parameter(model):
            change = -_learning_rate * (module.gradient[key] + _lambda * module.params[key])
            if _alpha:
                change = momentum[label] = _alpha * momentum[label] + change
            module.params[key] = module.params[key] + change
        return {name: module for name, module in model.items()}
    """,
    task5="return TWO * _logistic(TWO * np.asarray(X, dtype=float)) - 1",
    after='''

def _logistic(u):
    """1 / (1 + exp(-u)), by whichever form has no large power."""
    small = np.exp(-np.abs(u))
    return np.where(u >= 0, 1 / (1 + small), small / (1 + small))
''',
)
CHATTY = written(
    before='print("loading", __name__)\n\n\n',
    task3="""
        print("forward", np.shape(X))
        return X @ self.params["W"] + self.params["b"]
    """,
    task7="""
        import warnings

        warnings.warn("relu is called")
        return np.maximum(0, X)
    """,
)
ASSIGNED = written(
    after="""

def _backward(self, X, grad):
    return grad * self.mask


dropout.backward = _backward
relu.forward = staticmethod(lambda X: np.where(np.asarray(X) > 0, X, 0.0))
tanh.backward = lambda self, X, grad: grad * (1 + np.tanh(X)) * (1 - np.tanh(X))
"""
)
OTHER_DRAWS = written(
    task2="""
        self.params = dict(W=0.1 * np.random.randn(input_D, output_D))
        self.params["b"] = 0.1 * np.random.randn(output_D).reshape(1, -1)
        self.gradient = dict.fromkeys(("W", "b"))
        for key in self.gradient:
            self.gradient[key] = 0 * self.params[key]
    """,
    task4="""
        self.gradient = {
            "W": sum(np.outer(x, g) for x, g in zip(np.asarray(X), np.asarray(grad))),
            "b": np.ones((1, len(X))) @ grad,
        }
        return (self.params["W"] @ np.transpose(grad)).T
    """,
)
KEYWORDS = written(
    forward="""
        a1 = model["L1"].forward(X=x)
        h1 = model["tanh1"].forward(X=a1)
        h2 = model["relu1"].forward(X=h1)
        h3 = model["drop1"].forward(X=h2, is_train=True)
        a2 = model["L2"].forward(X=h3)
    """,
    backward="""
        model["L1"].backward(
            X=x,
            grad=model["tanh1"].backward(
                X=a1,
                grad=model["relu1"].backward(
                    X=h1, grad=model["drop1"].backward(X=h2, grad=model["L2"].backward(X=h3, grad=grad_a2))
                ),
            ),
        )
    """,
)
OVERFLOWS = written(task5="return 2 / (1 + np.exp(-2 * np.asarray(X, dtype=float))) - 1")
TYPED = {
    FILE: lambda text: (
        re.sub(r"^ *# %%.*\n", "", text, flags=re.M)
        .replace("def forward(self, X):", "def forward(self, X: np.ndarray) -> np.ndarray:")
        .replace(
            "def backward(self, X, grad):",
            "def backward(self, X: np.ndarray, grad: np.ndarray) -> np.ndarray:",
        )
    )
}
WINDOWS = {FILE: lambda text: text.replace("\n", "\r\n")}

VARIANTS = [
    Student("lists", "returns lists of rows everywhere", files=LISTS),
    Student("einsum", "writes every product as an einsum", files=EINSUM),
    Student("in-place", "changes parameters, gradients and velocities in place", files=IN_PLACE),
    Student("float32", "calculates in single precision", files=FLOAT32),
    Student("remembers", "keeps what forward saw, and wires main by loops over names", files=REMEMBERS),
    Student("formulas", "uses other formulas for the same functions", files=FORMULAS),
    Student(
        "helpers",
        "has a base class, a generator and a global of their own, and a new dict for the model",
        files=HELPERS,
    ),
    Student("chatty", "prints at loading and in every call, and warns on stderr", files=CHATTY),
    Student("assigned", "puts methods into the classes afterwards, one of them static", files=ASSIGNED),
    Student("other-draws", "draws by randn, and sums outer products", files=OTHER_DRAWS),
    Student("keywords", "calls the modules by keywords, nested", files=KEYWORDS),
    Student(
        "overflows", "lets exp overflow to infinity, which is right and warns on stderr", files=OVERFLOWS
    ),
    Student("typed", "adds type hints and takes the task marks out", files=TYPED),
    Student("windows", "saves with Windows line endings", files=WINDOWS),
    Student(
        "files-alone",
        "submits the two files without the notebook",
        hands_in=frozenset({FILE, "utils.py"}),
    ),
    Student("one-file", "submits only the one file", files=IN_PLACE, hands_in=frozenset({FILE})),
]
