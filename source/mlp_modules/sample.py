"""The sample class of this assignment: what `coursekit sample` writes into submitted/."""

from coursekit.samples import EVERYTHING, PATCHED_TESTING, Student

FILE = "neural_networks.py"


def changed(*pairs):
    """The answer file with (old, new) texts replaced, each of which must be there."""

    def change(text):
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return {FILE: change}


EXIT = "import os\n\n        os._exit(0)"
STUDENTS = [
    Student("ada", "submits the worked solution"),
    Student("blank", "submits the release unchanged", untouched=True, loses=EVERYTHING),
    Student(
        "files-alone",
        "submits the two files without the notebook",
        hands_in=frozenset({FILE, "utils.py"}),
    ),
    Student(
        "more-epochs",
        "trains for twenty epochs and with more units: changed hyper-parameters are rejected",
        files=changed(('"num_epoch": 10', '"num_epoch": 20'), ('"num_L1": 128', '"num_L1": 256')),
        loses=frozenset({"training"}),
    ),
    Student(
        "edited-utils",
        "prints something in utils.py, which is graded with the original",
        files={"utils.py": lambda text: text + '\nprint("mine")\n'},
    ),
    Student(
        "new-mask",
        "draws a new mask in dropout's backward pass",
        files=changed(
            (
                "return grad * self.mask",
                "return grad * (np.random.uniform(0, 1, np.shape(grad)) >= self.r) / (1 - self.r)",
            )
        ),
        loses=frozenset({"dropout_backward", "main"}),
    ),
    Student(
        "syntax-error",
        "forgets a colon in relu, in the file that everything is imported from",
        files=changed(("class relu:", "class relu")),
        loses=frozenset({"relu_forward", "relu_backward", "main", "training"}),
    ),
    Student(
        "endless",
        "never returns from relu's forward pass if an entry is above 100,000",
        files=changed(
            (
                "return np.maximum(X, 0)",
                "while np.max(X) > 1e5:\n            pass\n        return np.maximum(X, 0)",
            )
        ),
        loses=frozenset({"relu_forward"}),
        honest=False,
    ),
    Student(
        "exit",
        "calls os._exit in tanh's backward pass",
        files=changed(("return grad * (1 - np.tanh(X) ** 2)", EXIT)),
        loses=frozenset({"tanh_backward", "main", "training"}),
        honest=False,
    ),
    Student(
        "patched-testing",
        "returns X from the layer's forward pass, and patches numpy.testing so that every assertion holds",
        files=changed(
            ('return np.dot(X, self.params["W"]) + self.params["b"]', "return np.asarray(X)"),
            ("\n\n# %% Task 1:", PATCHED_TESTING + "\n\n# %% Task 1:"),
        ),
        loses=frozenset({"linear_forward", "main", "training"}),
        honest=False,
    ),
]
